//! A small, stateful stand-in for demarche.numerique.gouv.fr (« Démarche numérique », formerly « demarches-simplifiees.fr »):
//! the same GraphQL API over HTTP, the same refusals, its own clock and faults. It is meant for the tests of a client.
//!
//! ```
//! use simulator::{DEMARCHE, Fault, On, Scenario, Simulator, TOKEN};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # rustls::crypto::ring::default_provider().install_default().map_err(|_| "two providers")?;
//! let any_port = "127.0.0.1:0".parse()?;
//! let world = Scenario::named("petit", 0, 0).ok_or("no such scenario")?.world();
//! let simulator = Simulator::start(any_port, any_port, world).await?;
//!
//! let query = format!("{{ demarche(number: {DEMARCHE}) {{ dossiers {{ nodes {{ number state }} }} }} }}");
//! let post = async || {
//!     let request = reqwest::Client::new().post(simulator.endpoint()).bearer_auth(TOKEN);
//!     request.json(&serde_json::json!({ "query": query })).send().await
//! };
//! let body: serde_json::Value = post().await?.json().await?;
//! let nodes = &body["data"]["demarche"]["dossiers"]["nodes"];
//! assert_eq!(nodes[0], serde_json::json!({ "number": 4242, "state": "en_construction" }));
//!
//! // The next query meets a fault; the one after it does not.
//! simulator.with_world(|world| world.inject(On::Query, Fault::Maintenance, 1));
//! assert_eq!(post().await?.status(), 503);
//! assert_eq!(post().await?.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! It shares no code with any client, not even a constant: a test whose two sides share a mistake passes. It opens two local
//! ports and nothing else; all the organisations in it are invented. The README says how to run it as a program.
//!
//! Where to look next: [`World`] is the state and what people do to it (`edits`, `states`, `jobs`); `reading`, `showing` and
//! `connections` answer queries, `mutations` and `annotating` write; `engine` and `execute` are GraphQL itself; `http` and
//! `refusals` are the transport; `exports` is what an instructeur downloads as a spreadsheet. [`Fault`] lists what can go wrong and [`Switch`] names it; [`Scenario`] lists the prepared
//! worlds; [`Serving`] puts one behind two addresses with a clock that moves. « §1.3 » in a comment is a section of the fact
//! sheet of the platform's API from which this was written.
//!
//! What is simulated, point by point of that sheet's checklist:
//!
//! | point | where |
//! |---|---|
//! | 1 one address, one kind of body | `http` |
//! | 2 tokens, scopes and the six refusals | `refusals`, `showing` |
//! | 3 429, 503, 502, 504, 500, 301, each at will | `faults`, `refusals` |
//! | 4 real GraphQL over either edition; depth, complexity | `engine`, `editions`, `weights` |
//! | 5 a root field that fails empties the data | `execute` |
//! | 6 timeouts: partial data, the code on the first error only | `execute` ([`Fault::Timeout`]) |
//! | 7 cursors by microsecond and number | `connections`, `streams` |
//! | 8 dossiers that move while they are listed, late commits | `connections`, `jobs` ([`World::commit_later`]) |
//! | 9 seconds in Paris, large integers as text | `dates`, `showing` |
//! | 10 what changes a date and what does not | `edits`, `annotating`, `jobs` |
//! | 11 three dates of modification | `edits`, `annotating` |
//! | 12 three ways of leaving, and coming back | `edits` ([`Deletion`]), `jobs` |
//! | 13 incomplete companies, dossiers that cannot be produced | `showing`, `execute` ([`Fault::InvalidNull`]) |
//! | 14 files on another host, for an hour, scanned later | `hosting`, `files`, `attachments` |
//! | 15 conditions, rows, French `stringValue`, types added later | `fields`, `wording` ([`Fault::Rewrite`]) |
//! | 16 revisions and silent rebases | `revisions` |
//! | 17 messages of all kinds | `messaging`, `states` |
//! | 18 automatic transitions | `automatic` |
//! | 19 order of the checks, apostrophes as upstream | `mutations`, `annotating` |
//! | 20 states, misleading sentences | `deciding`, `states` |
//! | 21 messages sent twice, answers lost after the work | `messaging`, `damage` |
//! | 22 corrections, either edition | `messaging` |
//! | 23 annotations in bulk, partial success, useless writes counted | `annotating` ([`Counters`]) |
//! | 24 uploads in two steps | `uploads`, `hosting` |
//! | 25 attestation and mails after the decision | `jobs`, `deciding` |
//! | 26 an instructeur outside the group | `mutations` |
//! | 27 labels | `labelling` |
//! | 28 English when asked for | `refusals` |
//! | 29 webhooks: **left out**: a client must be right without them | |
//! | 30 a clock moved by hand, which dates each answer; ids that repeat | `world`, `http` |

mod annotating;
mod attachments;
mod automatic;
mod cells;
mod connections;
mod damage;
mod dates;
mod deciding;
mod dossier;
mod editions;
mod edits;
mod engine;
mod execute;
mod exports;
mod faults;
mod fields;
mod files;
mod form;
mod hosting;
mod http;
mod ids;
mod jobs;
mod labelling;
mod messaging;
mod mutations;
mod node;
mod opinions;
mod parsed;
mod reading;
mod refusals;
mod revisions;
mod scenarios;
mod serving;
mod showing;
mod states;
mod stored;
mod streams;
mod switch;
#[cfg(test)]
mod tests;
mod types;
mod uploads;
mod variables;
mod weights;
mod wire;
mod wording;
mod world;

pub use automatic::Silence;
pub use dossier::{
    Avis, Cell, Correction, Demandeur, Dossier, Fields, Message, Row, State, Traitement, Value,
};
pub use edits::{Deletion, Deposit};
pub use exports::{ExportFormat, ExportShape};
pub use faults::{Fault, On};
pub use files::File;
pub use form::{Condition, Descriptor, Form, Kind, Side};
pub use opinions::Label;
pub use scenarios::{Act, Caption, Scenario};
pub use serving::{Options, Serving, StartError};
pub use switch::{FAULTS, Named, Switch, SwitchError, Turn};
pub use world::{
    Counters, DEMARCHE, Edition, GROUP, Group, INSTRUCTEUR_EMAIL, Instructeur, Mail, TOKEN, Token, Tombstone,
    World,
};

use http::Shared;
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The two servers, of the API and of files; dropping it stops them.
pub struct Simulator {
    world: Shared,
    api: SocketAddr,
    files: SocketAddr,
    _stop: [oneshot::Sender<()>; 2],
}

impl Simulator {
    /// Listens on both addresses (port 0 picks a free one): the API on the first, the files on the second, another host.
    pub async fn start(
        listen: SocketAddr,
        files: SocketAddr,
        mut world: World,
    ) -> std::io::Result<Simulator> {
        let api_listener = TcpListener::bind(listen).await?;
        let files_listener = TcpListener::bind(files).await?;
        let (api, files) = (api_listener.local_addr()?, files_listener.local_addr()?);
        world.files = format!("http://{files}");
        let world = Arc::new(Mutex::new(world));
        let (stop_api, api_stopped) = oneshot::channel();
        let (stop_files, files_stopped) = oneshot::channel();
        let service = http::api(Arc::clone(&world)).into_make_service_with_connect_info::<wire::Peer>();
        let server =
            axum::serve(wire::Wire(api_listener), service).with_graceful_shutdown(ended(api_stopped));
        tokio::spawn(server.into_future());
        let service = hosting::router(Arc::clone(&world)).into_make_service_with_connect_info::<wire::Peer>();
        let server =
            axum::serve(wire::Wire(files_listener), service).with_graceful_shutdown(ended(files_stopped));
        tokio::spawn(server.into_future());
        Ok(Simulator { world, api, files, _stop: [stop_api, stop_files] })
    }

    /// The address that a client posts its GraphQL to.
    pub fn endpoint(&self) -> String {
        format!("http://{}/api/v2/graphql", self.api)
    }

    /// The host of files, which signed addresses point to.
    pub fn files(&self) -> String {
        format!("http://{}", self.files)
    }

    /// The state, locked. Both servers wait while it is held: never hold it across an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        http::lock(&self.world)
    }

    /// Runs `act` on the state, locked meanwhile.
    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world())
    }
}

/// Ends when the sender is dropped.
async fn ended(stopped: oneshot::Receiver<()>) {
    let _dropped = stopped.await;
}

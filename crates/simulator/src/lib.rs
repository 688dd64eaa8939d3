//! A small, stateful stand-in for Démarche numérique: the same GraphQL over HTTP, the same refusals, its own clock and faults.
//!
//! It shares nothing with the rest of the product, not even a constant: an oracle that shares code with what it judges proves
//! nothing. It may open two local ports and nothing else; all the organisations in it are invented.
//!
//! Where to look next: [`World`] is the state and what people do to it (`edits`, `states`, `jobs`); `reading`, `showing` and
//! `connections` answer queries, `mutations` and `annotating` write; `engine` and `execute` are GraphQL itself, `http`,
//! `refusals` and `faults` what happens around it. [`Scenario`] tells stories in this world. The numbers « §1.3 » in comments
//! are those of the fact sheet of the platform's API.
//!
//! What makes it faithful, point by point of that sheet's checklist:
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
//! | 10 what moves a date and what does not | `edits`, `annotating`, `jobs` |
//! | 11 three dates of modification | `edits`, `annotating` |
//! | 12 three ways of leaving, and coming back | `edits` ([`Deletion`]), `jobs` |
//! | 13 incomplete companies, dossiers that cannot be produced | `showing`, `execute` ([`Fault::InvalidNull`]) |
//! | 14 files on another host, for an hour, scanned later | `hosting`, `files`, `attachments` |
//! | 15 conditions, rows, French `stringValue`, types of tomorrow | `fields`, `wording` ([`Fault::Rewrite`]) |
//! | 16 revisions and silent rebases | `revisions` |
//! | 17 messages of all kinds | `messaging`, `states` |
//! | 18 transitions without anybody | `automatic` |
//! | 19 order of the checks, apostrophes as upstream | `mutations`, `annotating` |
//! | 20 states, misleading sentences | `deciding`, `states` |
//! | 21 messages sent twice, answers lost after the work | `messaging`, `damage` |
//! | 22 corrections, either edition | `messaging` |
//! | 23 annotations in bulk, partial success, values written in vain counted | `annotating` ([`Counters`]) |
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
mod reading;
mod refusals;
mod revisions;
mod scenarios;
mod showing;
mod states;
mod stored;
mod streams;
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
pub use faults::{Fault, On};
pub use files::File;
pub use form::{Condition, Descriptor, Form, Kind, Side};
pub use opinions::Label;
pub use scenarios::{Act, Caption, Scenario};
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

/// The two servers; dropping it stops them.
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

    pub fn endpoint(&self) -> String {
        format!("http://{}/api/v2/graphql", self.api)
    }

    pub fn files(&self) -> String {
        format!("http://{}", self.files)
    }

    /// Not to be held across an await: the servers wait for it.
    pub fn world(&self) -> MutexGuard<'_, World> {
        http::lock(&self.world)
    }

    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world())
    }
}

/// Ends when the sender is dropped.
async fn ended(stopped: oneshot::Receiver<()>) {
    let _dropped = stopped.await;
}

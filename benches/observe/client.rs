//! The process that is measured: the daemon's own reading, and a minimal one to compare it with.

use std::sync::atomic::Ordering;

use label::Choices;
use secrecy::SecretString;
use serde_json::{Value as Json, json};
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::daemon::progress::Progress;
use vigie::daemon::quiet::Quiet;
use vigie::daemon::source::Source;
use vigie::daemon::{Acting, Daemon};
use vigie::dn::{Dn, Endpoint, Scope};
use vigie::store::Store;

use super::cost::Began;
use super::platform::{QUERY, variables};

/// Passes without change in one measure: a single one is shorter than the unit of the kernel's clock.
const QUIET_PASSES: u32 = 200;

/// The environment variable that names the store; a file of SQLite otherwise.
pub const STORE: &str = "VIGIE_BENCH_STORE";

/// Fetches and parses every page, one after the other, and stores nothing.
pub fn bare(url: &str, expected: usize) {
    runtime().block_on(async {
        tls();
        let client = reqwest::Client::new();
        let began = Began::now();
        let (mut after, mut requests, mut dossiers) = (Json::Null, 0, 0);
        loop {
            let body =
                json!({ "query": QUERY, "operationName": "ObserveDemarche", "variables": variables(&after) });
            let answer = client.post(url).json(&body).send().await.unwrap().bytes().await.unwrap();
            let page: Json = serde_json::from_slice(&answer).unwrap();
            let list = &page["data"]["perimetre"]["dossiers"];
            requests += 1;
            dossiers += list["nodes"].as_array().unwrap().len();
            if list["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = list["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(dossiers, expected);
        began.tell(1, requests);
    });
}

/// A first reading into a store on a disk, at the rate of requests that the shipped configuration sets.
pub fn fill(url: &str, expected: usize) {
    runtime().block_on(async {
        tls();
        let folder = tempfile::tempdir().unwrap();
        let pace = vigie::config::DnSettings::default().requests_per_minute.try_into().unwrap();
        let daemon = daemon(unpaced(url).with_pace(pace), &folder).await;
        let began = Began::now();
        let report = daemon.observe().await.unwrap();
        assert!(report.changed >= expected && report.failures.is_empty(), "{report:?}");
        began.tell(1, requests(&daemon));
    });
}

/// Passes over a store that holds all, while nothing changes.
pub fn quiet(url: &str) {
    runtime().block_on(async {
        tls();
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(unpaced(url), &folder).await;
        daemon.observe().await.unwrap();
        daemon.observe().await.unwrap();
        let (began, before) = (Began::now(), requests(&daemon));
        for _ in 0..QUIET_PASSES {
            assert_eq!(daemon.observe().await.unwrap().changed, 0);
        }
        began.tell(QUIET_PASSES, requests(&daemon) - before);
    });
}

/// The same with one dossier that moved each time.
pub fn changed(url: &str) {
    runtime().block_on(async {
        tls();
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(unpaced(url), &folder).await;
        daemon.observe().await.unwrap();
        let client = reqwest::Client::new();
        let touch = url.replace("/api/v2/graphql", "/touch");
        let (began, before) = (Began::now(), requests(&daemon));
        for _ in 0..QUIET_PASSES {
            client.post(&touch).send().await.unwrap();
            assert_eq!(daemon.observe().await.unwrap().changed, 1);
        }
        began.tell(QUIET_PASSES, requests(&daemon) - before);
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

fn tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn requests(daemon: &Daemon) -> u64 {
    daemon.sources[0].dn.counters().requests.load(Ordering::Relaxed)
}

/// Without the rate: hundreds of passes that follow each other at once are no use that it is made for.
fn unpaced(url: &str) -> Endpoint {
    Endpoint::new(url, SecretString::from("jeton".to_owned())).unwrap()
}

/// A daemon as `vigie run` makes it.
async fn daemon(endpoint: Endpoint, folder: &tempfile::TempDir) -> Daemon {
    let scope = Scope { demarche: Some(1), groupe: None };
    let map = toml::from_str(include_str!("../../config/form.toml")).unwrap();
    let file = || format!("sqlite:{}", folder.path().join("vigie.db").display());
    let store = Store::open(&std::env::var(STORE).unwrap_or_else(|_| file())).await.unwrap();
    Daemon {
        exports: None,
        stop: tokio_util::sync::CancellationToken::new(),
        sources: vec![Source::new(Dn::new(endpoint, scope, None), map)],
        book: CaseBook::new(&store, Clock::System, Choices::default(), Vec::new()),
        store,
        mailer: None,
        hooks: Vec::new(),
        acting: Acting {
            annotations: false,
            messages: false,
            returned: None,
            mails_per_day: 5,
            known_days: 7,
            quiet: Quiet::never(),
            mail: false,
            dry_run: true,
            since: None,
            token_ends: Vec::new(),
            organisme: Vec::new(),
            desks: Vec::new(),
            ditp: Vec::new(),
        },
        replica: Default::default(),
        activity: Default::default(),
        progress: Progress::default(),
        terms: Default::default(),
        reading: None,
    }
}

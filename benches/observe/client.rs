//! The process that is measured: the daemon's own reading, and a minimal one to compare it with.

use std::sync::atomic::Ordering;

use label::Choices;
use secrecy::SecretString;
use serde_json::{Value as Json, json};
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::daemon::progress::Progress;
use vigie::daemon::source::Source;
use vigie::daemon::{Acting, Daemon};
use vigie::dn::{Dn, Endpoint, Scope};
use vigie::store::Store;

use crate::cost::Began;
use crate::pages::{QUERY, variables};

/// Passes without change in one measure: a single one is shorter than the unit of the kernel's clock.
const QUIET_PASSES: u32 = 200;

/// Fetches and parses every page, one after the other, and stores nothing.
pub fn bare(url: &str) {
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
        assert!(dossiers >= 5_000, "{dossiers}");
        began.tell(1, requests);
    });
}

/// A first reading into a store on a disk.
pub fn fill(url: &str) {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(url, &folder).await;
        let began = Began::now();
        let report = daemon.observe().await.unwrap();
        assert!(report.changed >= 5_000 && report.failures.is_empty(), "{report:?}");
        began.tell(1, requests(&daemon));
    });
}

/// Passes over a store that holds all, while nothing changes.
pub fn quiet(url: &str) {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(url, &folder).await;
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
        let folder = tempfile::tempdir().unwrap();
        let daemon = daemon(url, &folder).await;
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

/// A daemon as `vigie run` makes it, at the rate of requests that the shipped configuration sets.
async fn daemon(url: &str, folder: &tempfile::TempDir) -> Daemon {
    tls();
    let endpoint = Endpoint::new(url, SecretString::from("jeton".to_owned())).unwrap();
    let pace = vigie::config::DnSettings::default().requests_per_minute;
    let endpoint = endpoint.with_pace(pace.try_into().unwrap());
    let scope = Scope { demarche: Some(1), groupe: None };
    let map = toml::from_str(include_str!("../../config/form.toml")).unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("vigie.db").display())).await.unwrap();
    Daemon {
        stop: tokio_util::sync::CancellationToken::new(),
        sources: vec![Source::new(Dn::new(endpoint, scope, None), map)],
        book: CaseBook::new(&store, Clock::System, Choices::default(), Vec::new()),
        store,
        mailer: None,
        hooks: Vec::new(),
        acting: Acting {
            annotations: false,
            messages: false,
            mails_per_day: 5,
            mail: false,
            dry_run: true,
            since: None,
            token_ends: Vec::new(),
            organisme: Vec::new(),
            ditp: Vec::new(),
        },
        progress: Progress::default(),
        terms: Default::default(),
        reading: None,
    }
}

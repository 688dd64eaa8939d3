//! The platform calls: the next pass comes within seconds, whatever the call says; nobody without the secret wakes anything.

use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::cli::{said, vigie};
use crate::running::{Running, log, platform, until};

async fn call(address: &str, body: &'static str) -> StatusCode {
    let client = vigie::tls::client_builder().build().unwrap();
    let request = client.post(address).header("content-type", "application/x-www-form-urlencoded");
    request.body(body).send().await.unwrap().status()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_the_platform_brings_the_next_pass_forward() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let listen = format!("127.0.0.1:{}", free_port());
    let variables = [
        ("VIGIE_SCHEDULE__POLL", "0 0 0 1 1 *"),
        ("VIGIE_DN__CALLBACK", "true"),
        ("VIGIE_WEB__LISTEN", &*listen),
    ];
    let path = folder.path().to_owned();
    let given = variables.map(|(name, value)| (name, value.to_owned()));
    let printed = tokio::task::spawn_blocking(move || {
        let given = given.each_ref().map(|(name, value)| (*name, value.as_str()));
        vigie(&path, &["callback", "new"], &given)
    });
    let printed = said(&printed.await.unwrap());
    let address = printed.lines().next().unwrap().to_owned();
    assert!(address.starts_with(&format!("http://{listen}/rappel/")) && !printed.contains('!'), "{printed}");
    let mut running = Running::start(folder.path(), &[], &variables);
    until("a first pass and silence", || log(&folder).contains("pass done") || running.has_ended()).await;
    assert!(!running.has_ended(), "{}", log(&folder));
    let quiet = simulator.world().counters().requests;

    assert_eq!(
        call(&format!("http://{listen}/rappel/autre"), "dossier_id=4242").await,
        StatusCode::NOT_FOUND
    );
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(simulator.world().counters().requests, quiet, "a wrong secret wakes nothing");

    let began = Instant::now();
    for body in ["procedure_id=12345&dossier_id=4242&state=accepte", "\u{0}{[<", "", "dossier_id=-1"] {
        assert_eq!(call(&address, body).await, StatusCode::NO_CONTENT, "{body}");
    }
    until("the pass that it brought forward", || simulator.world().counters().requests > quiet).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(7)).await;
    let woken = simulator.world().counters().requests - quiet;
    assert!(woken <= 4, "{woken} requests for four calls at once");
    assert!(!log(&folder).contains(address.rsplit('/').next().unwrap()), "the secret is in no log");
    running.signal("TERM");
    assert_eq!(running.ended(Duration::from_secs(15)).await.0.code(), Some(0));
}

//! Failures of the platform and of the network: a pass goes on, or reports them clearly.

use std::time::Duration;

use jiff::SignedDuration;
use simulator::{Fault, On};

use crate::bench::{Bench, demarche};

#[tokio::test]
async fn passing_faults_are_waited_out() {
    for fault in [
        Fault::InternalError,
        Fault::BadGateway,
        Fault::GatewayTimeout,
        Fault::Maintenance,
        Fault::Cut,
        Fault::Slow(Duration::from_millis(30)),
    ] {
        let bench = Bench::after("petit", 0).await;
        let said = format!("{fault:?}");
        bench.simulator.world().inject(On::Query, fault, 2);
        let report = bench.pass().await;
        assert_eq!((report.changed, report.failures), (3, Vec::new()), "{said}");
    }
}

#[tokio::test]
async fn a_platform_that_stays_unwell_keeps_the_cursor_and_the_next_pass_recovers() {
    let bench = Bench::after("lot", 45).await;
    bench.pass().await;
    bench.simulator.world().annotate(4250, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
    bench.simulator.world().inject(On::Any, Fault::InternalError, 50);
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("500") && error.contains("exception"), "{error}");
    bench.simulator.world().clear_faults();
    assert_eq!(bench.pass().await.changed, 1);
}

#[tokio::test]
async fn a_quota_is_obeyed_as_told() {
    let bench = Bench::after("petit", 0).await;
    // The simulated minute ends within seconds of the clock that both share.
    bench.set_now("2027-06-01T10:00:59Z".parse().unwrap());
    bench.simulator.world().inject(On::Query, Fault::RateLimited, 1);
    let started = std::time::Instant::now();
    assert_eq!(bench.pass().await.changed, 3);
    assert!(started.elapsed() >= Duration::from_millis(900), "it waited for the end of the minute");
}

/// The quota is the token's: what the platform tells one request holds for the others.
#[tokio::test]
async fn a_quota_that_is_used_up_holds_back_the_other_requests() {
    let bench = Bench::after("petit", 0).await;
    bench.set_now("2027-06-01T10:00:58Z".parse().unwrap());
    let token = secrecy::SecretString::from(simulator::TOKEN.to_owned());
    let endpoint = vigie::dn::Endpoint::new(&bench.simulator.endpoint(), token).unwrap();
    let dn = vigie::dn::Dn::new(endpoint.with_pace(360.try_into().unwrap()), demarche(), None);
    let clock = &bench.daemon.book.clock;
    bench.simulator.world().inject(On::Query, Fault::RateLimited, 1);
    let other = async {
        while bench.requests().0 == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // By now its 429 was read, and two seconds of the minute are left.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let began = std::time::Instant::now();
        dn.dossier(1, clock).await.unwrap();
        began.elapsed()
    };
    let (first, waited) = tokio::join!(dn.dossier(1, clock), other);
    first.unwrap();
    assert!(waited >= Duration::from_secs(1), "{waited:?}");
}

#[tokio::test]
async fn a_page_too_slow_is_asked_for_in_smaller_ones() {
    let bench = Bench::after("lot", 45).await;
    bench.simulator.world().inject(On::Query, Fault::Timeout, 3);
    let report = bench.pass().await;
    assert_eq!(report.changed, 45);
}

#[tokio::test]
async fn a_lost_answer_to_a_write_is_no_second_write() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().inject(On::Mutation, Fault::LostResponse, 1);
    let report = bench.pass().await;
    assert_eq!((report.annotated, report.failures), (3, Vec::new()));
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests(), (1, 0));
}

/// It may have been done: until the dossier could be read, nothing is written in it again.
#[tokio::test]
async fn a_lost_answer_whose_dossier_cannot_be_read_is_no_second_write_either() {
    let mut bench = Bench::after("petit", 0).await;
    // No mail, hence no line of the journal to write.
    bench.daemon.acting.mail = false;
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench.simulator.world().reset_counters();
    bench.simulator.world().inject(On::Mutation, Fault::LostResponse, 1);
    let damaged = Fault::Rewrite { from: "\"usager\"".to_owned(), to: "\"personne\"".to_owned() };
    bench.simulator.world().inject(On::Query, damaged, 1);
    let report = bench.daemon.deliver_annotations().await.unwrap();
    assert_eq!((report.annotated, bench.requests()), (2, (4, 3)), "{report:?}");
    assert_eq!(report.failures.len(), 1, "it is said: {:?}", report.failures);
    let now = bench.daemon.book.clock.now();
    bench.set_now(now.checked_add(jiff::SignedDuration::from_mins(15)).unwrap());
    let report = bench.pass().await;
    assert_eq!((report.failures, bench.requests().1), (Vec::new(), 3), "all of it stood there");
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests(), (1, 0));
}

#[tokio::test]
async fn a_poison_dossier_stops_nobody_else() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().dossiers.get_mut(&4243).unwrap().poisoned = true;
    let report = bench.pass().await;
    assert_eq!(report.changed, 2);
    assert!(
        report.failures.iter().any(|line| line.starts_with("dossier 4243: cannot be read")),
        "{:?}",
        report.failures
    );
    assert_eq!(bench.annotation(4242, "[auto] État"), "Déposé");
    assert_eq!(bench.daemon.store.dossiers().set_aside().await.unwrap()[0].0, 4243);
    // Once repaired and changed, it is read like the others.
    {
        let mut world = bench.simulator.world();
        world.dossiers.get_mut(&4243).unwrap().poisoned = false;
        world.annotate(4243, "Contrat de prestations signé", false);
    }
    assert_eq!(bench.pass().await.changed, 1);
    assert!(bench.daemon.store.dossiers().set_aside().await.unwrap().is_empty());
}

#[tokio::test]
async fn types_of_tomorrow_are_tolerated() {
    for (from, to) in [("\"TextChamp\"", "\"HologramChamp\""), ("\"en_construction\"", "\"en_orbite\"")] {
        let bench = Bench::after("petit", 0).await;
        bench.simulator.world().inject(
            On::Query,
            Fault::Rewrite { from: from.to_owned(), to: to.to_owned() },
            1,
        );
        let report = bench.pass().await;
        // Read again after our own writes, the dossier is as usual: that is a change too.
        assert!(report.changed >= 3 && report.failures.is_empty(), "{to}: {report:?}");
    }
}

#[tokio::test]
async fn a_dossier_of_an_unexpected_shape_costs_that_dossier() {
    let bench = Bench::after("petit", 0).await;
    let fault = Fault::Rewrite {
        from: "\"number\":4243,\"state\"".to_owned(),
        to: "\"number\":\"x\",\"state\"".to_owned(),
    };
    bench.simulator.world().inject(On::Query, fault, 1);
    let report = bench.pass().await;
    assert_eq!(report.changed, 2);
    assert!(
        report.failures[0].contains("4243") && report.failures[0].contains("number"),
        "{:?}",
        report.failures
    );
}

#[tokio::test]
async fn foreign_or_cut_json_is_no_success() {
    for (from, to) in [("{\"data\"", "<html>"), ("\"pageInfo\"", "\"pageInf")] {
        let bench = Bench::after("petit", 0).await;
        bench.simulator.world().inject(
            On::Query,
            Fault::Rewrite { from: from.to_owned(), to: to.to_owned() },
            50,
        );
        assert!(bench.try_pass().await.is_err());
        bench.simulator.world().clear_faults();
        assert_eq!(bench.pass().await.changed, 3);
    }
}

#[tokio::test]
async fn an_expired_token_stops_loudly_with_the_remedy_and_recovers() {
    let bench = Bench::after("petit", 0).await;
    let good = bench.simulator.world().tokens[0].clone();
    bench.simulator.world().tokens[0].expires = Some(jiff::civil::date(2020, 1, 1));
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("401") && error.contains("Remedy: make a new token"), "{error}");
    assert!(!error.contains(simulator::TOKEN));
    bench.simulator.world().tokens[0] = good;
    assert_eq!(bench.pass().await.changed, 3);
}

#[tokio::test]
async fn a_read_only_token_reads_and_says_that_it_cannot_write() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().tokens[0].write = false;
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("write access"), "{error}");
    bench.simulator.world().tokens[0].write = true;
    // The refused task waits a minute before it is tried again.
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(10)).unwrap();
    bench.set_now(later);
    assert_eq!(bench.pass().await.annotated, 3);
}

#[tokio::test]
async fn a_moved_platform_is_not_followed() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().inject(On::Any, Fault::Moved, 50);
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("dn.endpoint"), "{error}");
}

#[tokio::test]
async fn an_instructeur_outside_the_group_is_a_failure_that_is_said() {
    let bench = Bench::after("petit", 0).await;
    for group in &mut bench.simulator.world().groups {
        group.instructeurs.retain(|member| member.email != simulator::INSTRUCTEUR_EMAIL);
    }
    let report = bench.pass().await;
    assert_eq!((report.annotated, report.failures.len()), (0, 3));
    assert!(report.failures[0].contains("dn.instructeur"), "{:?}", report.failures);
}

#[tokio::test]
async fn what_the_platform_refuses_is_said_once_and_the_rest_is_written() {
    use simulator::State;
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    {
        // The form loses an option within the hour: the answer to the write does not even name the field.
        let mut world = bench.simulator.world();
        let state = world.form.annotations.iter_mut().find(|field| field.label == "[auto] État").unwrap();
        state.options.retain(|option| option != "À compléter");
        world.set_state(4242, State::EnInstruction, None);
    }
    let report = bench.pass().await;
    let refused: Vec<&String> =
        report.failures.iter().filter(|line| line.contains("auto_etat refused")).collect();
    assert_eq!(refused.len(), 1, "{:?}", report.failures);
    assert_eq!(bench.annotation(4242, "[auto] État"), "Déposé");
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests().1, 0, "a refused value is not tried again");
}

/// What is sent to the platform, byte for byte.
#[tokio::test]
async fn a_request_is_a_free_query_with_a_bearer_token_and_speaks_no_english() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    crate::bench::tls();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v2/graphql", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 65_536];
        let mut request = String::new();
        while !request.contains("withForm\":") {
            let read = socket.read(&mut buffer).await.unwrap();
            request.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        socket.write_all(b"HTTP/1.1 401 x\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        request
    });
    let endpoint = vigie::dn::Endpoint::new(&url, secrecy::SecretString::from("jeton".to_owned())).unwrap();
    let dn = vigie::dn::Dn::new(endpoint, crate::bench::demarche(), None);
    let since = jiff::Timestamp::UNIX_EPOCH;
    let streams = vigie::dn::Streams::All { recents: None };
    let ask = vigie::dn::Ask { streams, cursors: Default::default(), since, size: 500, form_of: Some(1) };
    let clock = vigie::clock::Clock::manual(since);
    assert!(dn.observe(&ask, &clock).await.is_err());
    let request = served.await.unwrap();
    let head = request.to_lowercase();
    assert!(
        head.starts_with("post /api/v2/graphql http/1.1") && head.contains("authorization: bearer jeton"),
        "{head}"
    );
    assert!(!head.contains("accept-language") && !head.contains("queryid"), "{head}");
    assert!(request.contains("\"first\":100"), "pages are capped as the platform caps them");
}

#[tokio::test]
async fn a_dossier_that_can_no_longer_be_written_stops_nobody_else() {
    use simulator::Deletion;
    let bench = Bench::after("lot", 10).await;
    // Read, then hidden by expiry before it is written: such a dossier leaves no tombstone for two weeks.
    bench.daemon.observe().await.unwrap();
    bench.simulator.world().delete(4244, Deletion::Expired);
    let report = bench.pass().await;
    assert_eq!(report.annotated, 9, "{:?}", report.failures);
    assert!(
        report.failures.iter().any(|line| line.contains("4244") && line.contains("not written")),
        "{:?}",
        report.failures
    );
    bench.simulator.world().annotate(4250, "[auto] Palier calculé", "x");
    assert_eq!(bench.pass().await.annotated, 1, "the others go on being written");
}

#[tokio::test]
async fn dossiers_that_the_platform_had_no_time_for_are_not_bad_ones() {
    let bench = Bench::after("lot", 12).await;
    let timeout = r#"{"data":{"perimetre":{"dossiers":{"pageInfo":{"hasNextPage":false,"endCursor":"x"},"edges":[],"nodes":[null]},"pendingDeletedDossiers":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]},"deletedDossiers":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]}}},"errors":[{"message":"Timeout on Dossier.champs","path":["perimetre","dossiers","nodes",0,"champs"],"extensions":{"code":"timeout"}}]}"#;
    let (url, served) = canned(vec![timeout.to_owned()]).await;
    let endpoint = vigie::dn::Endpoint::new(&url, secrecy::SecretString::from("jeton".to_owned())).unwrap();
    let dn = vigie::dn::Dn::new(endpoint, crate::bench::demarche(), None);
    let since = jiff::Timestamp::UNIX_EPOCH;
    let streams = vigie::dn::Streams::All { recents: None };
    let ask = vigie::dn::Ask { streams, cursors: Default::default(), since, size: 30, form_of: None };
    let error = dn.observe(&ask, &bench.daemon.book.clock).await.err().unwrap();
    assert!(matches!(error, vigie::dn::Error::Later { trouble: vigie::dn::Trouble::Slow, .. }), "{error}");
    served.abort();
}

#[tokio::test]
async fn an_error_with_nulls_where_others_write_nothing_keeps_its_meaning() {
    crate::bench::tls();
    let body = r#"{"data":null,"errors":[{"message":"Demarche not found","path":null,"extensions":null}]}"#;
    let (url, served) = canned(vec![body.to_owned(); 4]).await;
    let endpoint = vigie::dn::Endpoint::new(&url, secrecy::SecretString::from("jeton".to_owned())).unwrap();
    let dn = vigie::dn::Dn::new(endpoint, crate::bench::demarche(), None);
    let since = jiff::Timestamp::UNIX_EPOCH;
    let streams = vigie::dn::Streams::All { recents: None };
    let ask = vigie::dn::Ask { streams, cursors: Default::default(), since, size: 30, form_of: None };
    let error = dn.observe(&ask, &vigie::clock::Clock::manual(since)).await.err().unwrap();
    assert!(error.to_string().contains("Demarche not found"), "{error}");
    served.abort();
}

/// A server that gives these answers, one a request.
async fn canned(bodies: Vec<String>) -> (String, tokio::task::JoinHandle<()>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v2/graphql", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        for body in bodies {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            let mut request = String::new();
            while !request.contains("withForm\":") {
                let read = socket.read(&mut buffer).await.unwrap();
                request.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            socket.write_all(head.as_bytes()).await.unwrap();
            socket.write_all(body.as_bytes()).await.unwrap();
        }
    });
    (url, served)
}

//! What a server may reply, at each command: nothing is lost, nothing leaves twice, and no address is blamed for what is
//! said of us.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use vigie::mail::Mailer;

use crate::bench::Bench;
use crate::mail_server::{MailServer, Stage, Tls, Trouble};
use crate::web::Pages;

/// Of each class of RFC 3463, for good and for now, and without a class.
const REPLIES: [&str; 22] = [
    "421 4.3.2 closing",
    "450 4.2.0 greylisted",
    "451 4.7.1 too many messages this hour",
    "452 4.2.2 mailbox full",
    "452 4.5.3 too many recipients",
    "501 5.1.3 bad address",
    "530 5.7.0 authentication required",
    "550 no such user here",
    "550 5.1.0 address rejected",
    "550 5.1.1 user unknown",
    "550 5.2.1 mailbox disabled",
    "552 5.2.2 mailbox full",
    "552 exceeded",
    "552 5.3.4 message too big",
    "550 5.4.5 daily quota exceeded",
    "554 5.6.0 malformed",
    "550 5.7.1 block list",
    "553 5.7.1 sender address rejected",
    "550 5.7.26 SPF",
    "550 5.7.60 not allowed to send as this sender",
    "554 transaction failed",
    "571 blocked",
];

/// The replies that name a mailbox, after the command that names it or a later one.
fn names_the_address(stage: Stage, said: &str) -> bool {
    matches!(stage, Stage::Rcpt | Stage::Data | Stage::End)
        && (said.contains("5.1.1 ") || said.contains("5.1.3 "))
}

async fn bench(server: &MailServer) -> Bench {
    bench_over(server, "sqlite::memory:").await
}

async fn bench_over(server: &MailServer, store: &str) -> Bench {
    let mut bench = Bench::stored("petit", 0, store).await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    bench.daemon.mailer = Some(Mailer::new(&url, "Label SP+ <label@organisme.example>", None).unwrap());
    bench
}

fn later(bench: &Bench, hours: i64) {
    bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(hours)).unwrap());
}

/// Message-ID with its address: a mail to two readers is two messages.
fn arrived(server: &MailServer) -> Vec<(String, String)> {
    let received = server.received.lock().unwrap();
    let header = |mail: &String, name: &str| {
        mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
    };
    received.iter().map(|mail| (header(mail, "Message-ID: "), header(mail, "To: "))).collect()
}

/// Every mail that was put, and what became of it; what tells the body of the refusals is left out.
async fn states(bench: &Bench) -> Vec<(String, String)> {
    let mails = bench.daemon.store.ledger().latest_mails(999).await.unwrap().into_iter();
    mails.filter(|mail| !mail.key.starts_with("serveur/")).map(|mail| (mail.key, mail.state)).collect()
}

/// Each reply at one command during one pass; then the server is well again.
async fn for_one_pass(stage: Stage) {
    for said in REPLIES {
        let server = MailServer::start(Tls::None, "").await;
        let bench = bench(&server).await;
        server.says_for_now(stage, said);
        bench.pass().await;
        assert_eq!(arrived(&server), [], "{stage:?} {said}");
        let backlog = bench.daemon.store.outbox().backlog().await.unwrap();
        assert!(backlog.0 > 1 && backlog.1 == 0, "given up: {stage:?} {said} {backlog:?}");
        let put = states(&bench).await;
        let told = put.iter().any(|(key, _)| key.contains("/N-adresse/"));
        assert_eq!(told, names_the_address(stage, said), "{stage:?} {said}: {put:?}");
        server.mend();
        later(&bench, 2);
        bench.pass().await;
        bench.pass().await;
        let lost: Vec<_> = states(&bench).await.into_iter().filter(|(_, state)| state != "done").collect();
        assert_eq!(lost, [], "{stage:?} {said}");
        let arrived = arrived(&server);
        let distinct: BTreeSet<&(String, String)> = arrived.iter().collect();
        assert!(arrived.len() >= put.len() - 1, "{stage:?} {said}: {arrived:?} of {put:?}");
        assert_eq!(distinct.len(), arrived.len(), "twice: {stage:?} {said}: {arrived:?}");
    }
}

#[tokio::test]
async fn nothing_is_lost_by_a_reply_to_the_connection() {
    for_one_pass(Stage::Greeting).await;
}

#[tokio::test]
async fn nothing_is_lost_by_a_reply_to_our_sender() {
    for_one_pass(Stage::Mail).await;
}

#[tokio::test]
async fn nothing_is_lost_by_a_reply_to_the_recipient() {
    for_one_pass(Stage::Rcpt).await;
}

#[tokio::test]
async fn nothing_is_lost_by_a_reply_to_data() {
    for_one_pass(Stage::Data).await;
}

#[tokio::test]
async fn nothing_is_lost_by_a_reply_to_the_message() {
    for_one_pass(Stage::End).await;
}

/// A relay that refuses our sender for a week: the page says so, and the mails leave when somebody has corrected it.
#[tokio::test]
async fn a_relay_that_refuses_us_is_told_and_loses_nothing_however_long() {
    let server = MailServer::start(Tls::None, "").await;
    let bench = bench(&server).await;
    let pages = Pages::over(&bench, None).await;
    let metrics = pages.get("/metrics").await.1;
    for series in ["vigie_mails_refused{about=\"us\"} 0", "vigie_mails_given_up{role=\"ditp\"} 0"] {
        assert!(metrics.contains(series), "{series} before anything happened: {metrics}");
    }
    server.says_for_now(Stage::Mail, "553 5.7.1 sender address rejected");
    for _ in 0..7 {
        let tried = server.heard("MAIL").0;
        let report = bench.pass().await;
        assert!(report.failures.iter().any(|line| line.contains("refuses what we send")), "{report:?}");
        assert!(server.heard("MAIL").0 <= tried + 2, "asked once a pass, not for each mail");
        later(&bench, 24);
    }
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 0);
    let health = pages.get("/sante").await.1;
    assert!(
        health.contains("refuse notre envoi") && health.contains("SMTP 553 5.7.1 to MAIL FROM"),
        "{health}"
    );
    assert!(!pages.get("/metrics").await.1.contains("vigie_mails_refused{about=\"us\"} 0"));
    server.mend();
    bench.pass().await;
    assert!(arrived(&server).len() > 1);
    assert!(!pages.get("/sante").await.1.contains("refuse notre envoi"));
}

/// What is written is refused on two days: given up, counted, shown, and sent again by one command.
#[tokio::test]
async fn a_message_that_is_refused_on_two_days_is_given_up_and_can_be_sent_again() {
    given_up_and_sent_again("sqlite::memory:").await;
}

#[tokio::test]
async fn a_message_that_is_refused_on_two_days_is_given_up_and_can_be_sent_again_on_postgresql() {
    let Some(base) = crate::store::postgres().await else { return };
    an_address_recovers(&base.url).await;
    base.drop().await;
    let Some(base) = crate::store::postgres().await else { return };
    given_up_and_sent_again(&base.url).await;
    base.drop().await;
}

async fn an_address_recovers(store: &str) {
    let server = MailServer::start(Tls::None, "").await;
    let bench = bench_over(&server, store).await;
    server.says_for_now(Stage::Rcpt, "550 5.1.1 unknown");
    bench.pass().await;
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 0);
    server.mend();
    later(&bench, 2);
    bench.pass().await;
    bench.pass().await;
    let lost: Vec<_> = states(&bench).await.into_iter().filter(|(_, state)| state != "done").collect();
    assert_eq!(lost, []);
}

async fn given_up_and_sent_again(store: &str) {
    let server = MailServer::start(Tls::None, "").await;
    let bench = bench_over(&server, store).await;
    server.says_for_now(Stage::End, "552 5.3.4 message too big");
    bench.pass().await;
    let put: BTreeSet<String> = states(&bench).await.into_iter().map(|(key, _)| key).collect();
    later(&bench, 24);
    bench.pass().await;
    let (waiting, given_up) = bench.daemon.store.outbox().backlog().await.unwrap();
    assert!(given_up >= 1, "{waiting} {given_up}");
    let pages = Pages::over(&bench, None).await;
    let health = pages.get("/sante").await.1;
    assert!(health.contains("vigie mail retry"), "{health}");
    let metrics = pages.get("/metrics").await.1;
    assert!(
        metrics.lines().any(|line| { line.starts_with("vigie_mails_given_up{") && !line.ends_with(" 0") }),
        "{metrics}"
    );
    server.mend();
    let (ledger, now) = (bench.daemon.store.ledger(), bench.daemon.book.clock.now());
    let epoch = jiff::Timestamp::UNIX_EPOCH;
    let tomorrow = now.checked_add(SignedDuration::from_hours(24)).unwrap();
    assert_eq!(ledger.retry(None, tomorrow, &[], now).await.unwrap(), 0, "none was given up since");
    assert_eq!(ledger.retry(Some("central"), epoch, &[], now).await.unwrap(), 0, "none of them");
    assert!(ledger.retry(None, epoch, &[], now).await.unwrap() >= 1);
    later(&bench, 2);
    bench.pass().await;
    let states = states(&bench).await;
    assert!(states.iter().all(|(_, state)| state == "done" || state == "cancelled"), "{states:?}");
    let sent = states.iter().filter(|(key, state)| put.contains(key) && state == "done").count();
    assert!(sent >= 1, "{states:?}");
}

/// A server that ends each connection after one mail, serves one at a time, and puts off every first try.
#[tokio::test]
async fn a_server_with_caps_is_followed() {
    let server = MailServer::start(Tls::None, "").await;
    let mut bench = Bench::after("lot", 20).await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    bench.daemon.mailer = Some(Mailer::new(&url, "label@organisme.example", None).unwrap());
    server.worn_after.store(1, Ordering::SeqCst);
    server.most.store(1, Ordering::SeqCst);
    for _ in 0..5 {
        server.will(Stage::Rcpt, Trouble::Say("450 4.7.1 greylisted"));
    }
    // A connection that it has not done with yet counts: the rest then waits for the next pass.
    for _ in 0..4 {
        bench.pass().await;
        later(&bench, 1);
    }
    let waits = |(key, state): &(String, String)| state != "done" && !key.ends_with("/organisme");
    let waiting: Vec<_> = states(&bench).await.into_iter().filter(waits).collect();
    assert_eq!(waiting, [], "the body's wait for its digest, no other");
    let arrived = arrived(&server);
    let distinct: BTreeSet<&(String, String)> = arrived.iter().collect();
    assert!(arrived.len() > 10 && distinct.len() == arrived.len(), "{}", arrived.len());
}

/// One connection carries many mails, and no other command than those of mails goes over it.
#[tokio::test]
async fn connections_are_kept_and_few() {
    let server = MailServer::start(Tls::None, "").await;
    let mut bench = Bench::after("lot", 20).await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    bench.daemon.mailer = Some(Mailer::new(&url, "label@organisme.example", None).unwrap());
    let report = bench.pass().await;
    assert!(report.mailed > 10, "{report:?}");
    assert!(server.heard("EHLO").0 <= 2 * 4, "{} connections", server.heard("EHLO").0);
    assert_eq!((server.heard("NOOP").0, server.heard("RSET").0), (0, 0));
    assert_eq!(server.heard("QUIT").0, server.heard("EHLO").0, "each is ended politely");
}

/// `vigie check` and `vigie mail test`, as an operator runs them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_is_told_by_the_commands_what_the_server_refuses() {
    let simulator = crate::running::platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let server = MailServer::start(Tls::None, "").await;
    let smtp = format!("smtp://127.0.0.1:{}", server.port);
    let vigie = async |arguments: &'static [&'static str]| {
        let (folder, smtp) = (folder.path().to_owned(), smtp.clone());
        let variables = move || crate::cli::vigie(&folder, arguments, &[("VIGIE_MAIL__SMTP", &smtp)]);
        let output = tokio::task::spawn_blocking(variables).await.unwrap();
        (output.status.code(), crate::cli::said(&output))
    };
    let (code, said) = vigie(&["check", "--mail"]).await;
    assert!(code == Some(0) && said.contains("l…@organisme.example : accepté"), "{said}");
    assert_eq!((server.heard("RCPT").0, server.heard("DATA").0), (2, 0));
    server.says_for_now(Stage::Rcpt, "550 5.1.1 unknown");
    let (code, said) = vigie(&["check", "--mail"]).await;
    assert!(code == Some(1) && said.contains("d…@example.gouv.fr : refusé (SMTP 550 5.1.1"), "{said}");
    server.says_for_now(Stage::Mail, "550 5.7.60 not allowed to send as this sender");
    let (code, said) = vigie(&["check"]).await;
    assert!(code == Some(1) && said.contains("le serveur refuse notre envoi (SMTP 550 5.7.60"), "{said}");
    let (code, said) = vigie(&["mail", "test", "essai@service.example"]).await;
    assert!(code == Some(1) && said.contains("le serveur refuse notre envoi"), "{said}");
    server.mend();
    let (code, said) = vigie(&["mail", "test", "essai@service.example"]).await;
    assert!(code == Some(0) && said.contains("e…@service.example : le serveur a pris le courriel"), "{said}");
    assert_eq!(arrived(&server).len(), 1);
    let (code, said) = vigie(&["mail", "retry", "--role", "ditp", "--since", "2027-01-01"]).await;
    assert!(code == Some(0) && said.contains("Aucun courriel abandonné"), "{said}");
    let (code, _) = vigie(&["mail", "retry", "--role", "maire"]).await;
    assert_eq!(code, Some(2));
}

//! Corrections whose delivery is given up: known as such, and told once their reader can be reached, never twice.

use jiff::civil::date;
use simulator::Value;

use crate::bench::Bench;
use crate::corrections::declare_void;
use crate::smtp::{Server, bench as mail_bench};
use crate::web::Pages;
use crate::webhooks::{Receiver, Reply, bench, decide, wait};

async fn days(bench: &Bench, days: usize) {
    for _ in 0..days {
        wait(bench, 24);
        bench.pass().await;
    }
}

/// What waits and what was given up.
async fn backlog(bench: &Bench) -> (i64, i64) {
    bench.daemon.store.outbox().backlog().await.unwrap()
}

/// Something happens to another dossier today: its notice and its mails have nothing to do with the correction.
fn elsewhere(bench: &Bench, decision: &'static str, tier: &'static str) {
    let today = bench.daemon.book.today();
    let row: Vec<(&'static str, Value)> = vec![
        ("Décision", decision.into()),
        ("Palier décidé", tier.into()),
        ("Date de la décision", today.into()),
        ("Date de notification", today.into()),
    ];
    bench.simulator.world().add_row(4243, "Historique des décisions", row);
}

/// A suspension was told, is taken back, and the receiver fails for days.
async fn given_up(receiver: &Receiver) -> Bench {
    let events = ["label.attribue", "label.palier_superieur", "label.suspendu", "label.corrige"];
    let bench = bench(receiver.hook(&events)).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    receiver.will([Reply::Status(503); 10]);
    days(&bench, 11).await;
    assert_eq!(receiver.calls().len(), 11, "one notice, and ten tries of its correction");
    assert_eq!(backlog(&bench).await.1, 1);
    bench
}

#[tokio::test]
async fn a_corrective_notice_given_up_is_told_once_when_its_receiver_answers_again() {
    let receiver = Receiver::start().await;
    let bench = given_up(&receiver).await;
    let pages = Pages::over(&bench, None).await;
    assert!(pages.get("/sante").await.1.contains("answer 503"), "the health page says so");
    days(&bench, 3).await;
    assert_eq!(receiver.calls().len(), 11, "nothing shows that it works");
    elsewhere(&bench, "Labellisé", "Bronze");
    days(&bench, 4).await;
    assert_eq!(receiver.kinds()[11..], ["label.attribue", "label.corrige"]);
    let ids: Vec<_> = receiver.calls().iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert_eq!(ids[12], ids[1], "the same thing has the same identity: the receiver may have it");
    assert_eq!(backlog(&bench).await, (0, 0));
    assert!(!pages.get("/sante").await.1.contains("answer 503"));
    elsewhere(&bench, "Palier supérieur", "Argent");
    days(&bench, 3).await;
    assert_eq!(receiver.kinds()[13..], ["label.palier_superieur"], "once");
}

#[tokio::test]
async fn a_corrective_notice_given_up_is_not_told_once_it_is_no_longer_true() {
    let receiver = Receiver::start().await;
    let bench = given_up(&receiver).await;
    // What the receiver believes is true again.
    bench.simulator.with_world(|world| {
        let label = "Historique des décisions";
        let stable = world.form.find(simulator::Side::Annotations, label).unwrap().stable_id;
        world.dossiers.get_mut(&4244).unwrap().annotations.rows.get_mut(&stable).unwrap().pop();
        world.annotate(4244, "Contrat de prestations signé", false);
    });
    elsewhere(&bench, "Labellisé", "Bronze");
    days(&bench, 4).await;
    assert_eq!(receiver.kinds()[11..], ["label.attribue"]);
}

#[tokio::test]
async fn a_receiver_that_may_be_called_again_is_told_the_correction_that_it_did_not_take() {
    let receiver = Receiver::start().await;
    let mut bench = bench(receiver.hook(&[])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    receiver.will([Reply::Status(410)]);
    days(&bench, 3).await;
    assert_eq!(receiver.kinds(), ["label.suspendu", "label.corrige"], "it is not called again");
    bench.daemon.hooks = vec![receiver.hook_with("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", &[])];
    days(&bench, 3).await;
    assert_eq!(receiver.kinds()[2..], ["label.corrige"]);
    assert_eq!(backlog(&bench).await, (0, 0));
}

/// How many corrective mails to DITP the server took: the service gets one of its own.
fn corrected(server: &Server) -> usize {
    server.ids().iter().filter(|id| id.contains("N-corrige-") && id.contains("ditp")).count()
}

fn knows_no_ditp(server: &Server) {
    server.unknown.lock().unwrap().push("ditp@".to_owned());
}

#[tokio::test]
async fn a_corrective_mail_given_up_is_sent_once_when_another_reached_its_reader() {
    let server = Server::start().await;
    let bench = mail_bench(&server).await;
    bench.pass().await;
    bench.set_now("2027-06-20T08:00:00Z".parse().unwrap());
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    knows_no_ditp(&server);
    bench.pass().await;
    // Believed on another day only.
    wait(&bench, 24);
    let report = bench.pass().await;
    server.unknown.lock().unwrap().clear();
    assert!(report.failures.iter().any(|line| line.contains("given up")), "{:?}", report.failures);
    let pages = Pages::over(&bench, None).await;
    assert!(pages.get("/sante").await.1.contains("refused for good"), "the health page says so");
    days(&bench, 3).await;
    assert_eq!((corrected(&server), backlog(&bench).await.1), (0, 1), "nothing reached DITP since");
    elsewhere(&bench, "Labellisé", "Bronze");
    days(&bench, 4).await;
    assert_eq!((corrected(&server), backlog(&bench).await), (1, (0, 0)));
    elsewhere(&bench, "Palier supérieur", "Argent");
    days(&bench, 4).await;
    assert_eq!(corrected(&server), 1);
}

#[tokio::test]
async fn a_corrective_mail_given_up_is_sent_once_to_another_address() {
    let server = Server::start().await;
    let mut bench = mail_bench(&server).await;
    bench.pass().await;
    bench.set_now("2027-06-20T08:00:00Z".parse().unwrap());
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    knows_no_ditp(&server);
    for _ in 0..2 {
        bench.pass().await;
        wait(&bench, 24);
    }
    server.unknown.lock().unwrap().clear();
    assert_eq!((corrected(&server), backlog(&bench).await.1), (0, 1));
    bench.daemon.acting.ditp = vec!["nouvelle@ditp.example.gouv.fr".to_owned()];
    days(&bench, 3).await;
    assert_eq!((corrected(&server), backlog(&bench).await), (1, (0, 0)));
}

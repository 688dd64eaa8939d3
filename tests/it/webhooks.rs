//! Webhooks to a real receiver that fails, is slow, redirects, refuses, then accepts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use simulator::Value;
use vigie::hooks::Hook;
use vigie::store::outbox::{NewTask, TaskKind};

use crate::bench::Bench;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

#[derive(Clone, Copy)]
pub enum Reply {
    Status(u16),
    /// Longer than the sender waits.
    Slow,
    /// To another path of the same receiver.
    Elsewhere,
}

#[derive(Clone, Default)]
pub struct Receiver {
    port: u16,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    calls: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver { port: listener.local_addr().unwrap().port(), ..Receiver::default() };
        let router = Router::new().route("/{*path}", post(receive).get(receive)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn hook(&self, events: &[&str]) -> Hook {
        self.hook_with(SECRET, events)
    }

    pub fn hook_with(&self, secret: &str, events: &[&str]) -> Hook {
        crate::bench::tls();
        let url = format!("http://127.0.0.1:{}/avis?jeton=tres-secret", self.port);
        let events: Vec<String> = events.iter().map(|event| (*event).to_owned()).collect();
        Hook::new(1, &url, secret, &events).unwrap().with_timeout(Duration::from_millis(300))
    }

    pub fn will(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().unwrap().extend(replies);
    }

    pub fn calls(&self) -> Vec<(HeaderMap, String)> {
        self.calls.lock().unwrap().clone()
    }

    pub fn kinds(&self) -> Vec<String> {
        let kind = |body: String| {
            serde_json::from_str::<serde_json::Value>(&body).unwrap()["type"].as_str().unwrap().to_owned()
        };
        self.calls().into_iter().map(|(_, body)| kind(body)).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    receiver.calls.lock().unwrap().push((headers, body));
    let reply = receiver.replies.lock().unwrap().pop_front().unwrap_or(Reply::Status(204));
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Slow => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            StatusCode::OK.into_response()
        }
        Reply::Elsewhere => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/ailleurs")]).into_response()
        }
    }
}

/// The receiver was added some days before the events.
pub async fn bench(hook: Hook) -> Bench {
    told(Bench::after("petit", 0).await, hook).await
}

/// A bench with this receiver, after a first pass.
pub async fn told(mut bench: Bench, hook: Hook) -> Bench {
    bench.daemon.hooks = vec![hook];
    bench.pass().await;
    bench.set_now("2027-06-20T08:00:00Z".parse().unwrap());
    bench
}

/// One more receiver, as the configuration would number it.
pub fn add(bench: &mut Bench, mut hook: Hook) {
    hook.rank = bench.daemon.hooks.len() + 1;
    bench.daemon.hooks.push(hook);
}

pub fn decide(bench: &Bench, decision: &'static str, day: Date) {
    let row: Vec<(&'static str, Value)> = vec![
        ("Décision", decision.into()),
        ("Date de la décision", day.into()),
        ("Date de notification", day.into()),
        ("Date d'effet", day.into()),
    ];
    bench.simulator.world().add_row(4244, "Historique des décisions", row);
}

pub fn wait(bench: &Bench, hours: i64) {
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(hours)).unwrap();
    bench.set_now(later);
}

async fn journal(bench: &Bench) -> String {
    let lines = bench.daemon.store.journal().entries(None, 500).await.unwrap();
    lines.into_iter().map(|line| format!("{} {}\n", line.kind, line.detail)).collect()
}

#[tokio::test]
async fn a_notice_is_signed_tried_again_and_told_once() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    assert!(receiver.calls().is_empty(), "awarded before the receiver was added");
    receiver.will([Reply::Status(500), Reply::Slow, Reply::Elsewhere]);
    decide(&bench, "Suspension", date(2027, 6, 20));
    for part in ["answer 500", "no answer in time", "redirection"] {
        let report = bench.pass().await;
        assert!(report.failures.iter().any(|line| line.contains(part)), "{part}: {:?}", report.failures);
        assert!(!format!("{:?}", report.failures).contains("secret"), "{:?}", report.failures);
        wait(&bench, 3);
    }
    assert_eq!(bench.pass().await.notified, 1);
    wait(&bench, 48);
    assert_eq!(bench.pass().await.notified, 0);

    let calls = receiver.calls();
    assert_eq!(calls.len(), 4, "the redirection was not followed, and nothing came after the acceptance");
    let other = standardwebhooks::Webhook::new(SECRET).unwrap();
    for (headers, body) in &calls {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(
            (header("webhook-id"), body),
            (calls[0].0["webhook-id"].to_str().unwrap().to_owned(), &calls[0].1)
        );
        let at: i64 = header("webhook-timestamp").parse().unwrap();
        assert_eq!(
            header("webhook-signature"),
            other.sign(&header("webhook-id"), at, body.as_bytes()).unwrap()
        );
    }
    assert_ne!(calls[0].0["webhook-timestamp"], calls[3].0["webhook-timestamp"], "signed anew");

    let body: serde_json::Value = serde_json::from_str(&calls[3].1).unwrap();
    assert_eq!(
        (&body["type"], &body["timestamp"]),
        (&"label.suspendu".into(), &"2027-06-20T08:00:00Z".into())
    );
    let data = &body["data"];
    for (name, value) in [
        ("nom", "Agence du logement de Grandvent"),
        ("siret", "99900703200017"),
        ("organisme", "Boréal Certification"),
        ("palier", "bronze"),
        ("statut", "suspendu"),
        ("date_effet", "2027-06-20"),
        ("date_fin", "2030-05-31"),
    ] {
        assert_eq!(data[name], value, "{data}");
    }
    assert!(!calls[3].1.contains('@'), "no address of anybody");
    let journal = journal(&bench).await;
    assert!(journal.contains("webhook Destinataire n° 1 : label.suspendu"), "{journal}");
    assert!(!journal.contains("jeton") && !journal.contains("127.0.0.1"), "{journal}");
}

#[tokio::test]
async fn a_receiver_hears_what_it_asked_for_and_the_expiry_of_a_label() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&["label.suspension_levee", "label.expire"])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    assert!(receiver.calls().is_empty());
    wait(&bench, 24);
    decide(&bench, "Levée de suspension", date(2027, 6, 21));
    bench.pass().await;
    assert_eq!(receiver.kinds(), ["label.suspension_levee"]);
    bench.set_now("2030-05-31T08:00:00Z".parse().unwrap());
    bench.pass().await;
    assert_eq!(receiver.kinds().len(), 1, "valid that day still");
    bench.set_now("2030-06-01T08:00:00Z".parse().unwrap());
    bench.pass().await;
    bench.pass().await;
    assert_eq!(receiver.kinds()[1..], ["label.expire"]);
}

#[tokio::test]
async fn a_receiver_that_asks_not_to_be_called_is_not_until_its_secret_changes() {
    let receiver = Receiver::start().await;
    let mut bench = bench(receiver.hook(&[])).await;
    receiver.will([Reply::Status(410)]);
    decide(&bench, "Suspension", date(2027, 6, 20));
    let report = bench.pass().await;
    assert!(report.failures.iter().any(|line| line.contains("410")), "{:?}", report.failures);
    wait(&bench, 24);
    decide(&bench, "Levée de suspension", date(2027, 6, 21));
    bench.pass().await;
    assert_eq!(receiver.kinds(), ["label.suspendu"], "called once");
    assert!(journal(&bench).await.contains("webhook abandonné Destinataire n° 1"));
    bench.daemon.hooks = vec![receiver.hook_with("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", &[])];
    wait(&bench, 24);
    decide(&bench, "Retrait", date(2027, 6, 22));
    bench.pass().await;
    assert_eq!(receiver.kinds(), ["label.suspendu", "label.retire"]);
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_given_up_after_days_and_mails_go_on() {
    let gone = Hook::new(1, "http://127.0.0.1:9/", SECRET, &[]);
    crate::bench::tls();
    let bench = bench(gone.unwrap()).await;
    let mails = bench.mails().len();
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    assert!(bench.mails().len() > mails, "people are told");
    let mut days = 0;
    while bench.daemon.store.outbox().backlog().await.unwrap().1 == 0 {
        wait(&bench, 12);
        bench.pass().await;
        days += 1;
        assert!(days < 20, "never given up");
    }
    assert!(days > 5, "given up after {days} half days");
}

#[tokio::test]
async fn a_decision_taken_back_before_it_was_told_is_not_told() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    receiver.will([Reply::Status(503)]);
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    let label = "Historique des décisions";
    bench.simulator.with_world(|world| {
        let stable = world.form.find(simulator::Side::Annotations, label).unwrap().stable_id;
        world.dossiers.get_mut(&4244).unwrap().annotations.rows.get_mut(&stable).unwrap().pop();
        world.annotate(4244, "Contrat de prestations signé", false);
    });
    wait(&bench, 3);
    assert_eq!(bench.pass().await.notified, 0);
    assert_eq!(receiver.calls().len(), 1);
    assert!(journal(&bench).await.contains("webhook annulé"));
}

#[tokio::test]
async fn a_dry_run_tells_nobody() {
    let receiver = Receiver::start().await;
    let mut bench = bench(receiver.hook(&[])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.daemon.acting.dry_run = true;
    let report = bench.pass().await;
    let told = |action: &&label::outgoing::Action| matches!(action, label::outgoing::Action::Notify(_));
    assert_eq!(report.would_do.iter().filter(told).count(), 1);
    assert!(receiver.calls().is_empty());
}

#[tokio::test]
async fn the_month_that_is_over_is_told_once_and_to_those_who_were_there() {
    let receiver = Receiver::start().await;
    let mut bench = bench(receiver.hook(&["mois.bilan"])).await;
    // DITP has no address: the receivers are sent their notices all the same.
    bench.daemon.acting.ditp.clear();
    bench.set_now("2027-07-01T08:00:00Z".parse().unwrap());
    bench.pass().await;
    bench.pass().await;
    let calls = receiver.calls();
    let [(_, body)] = calls.as_slice() else { panic!("one notice, not {}", calls.len()) };
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((body["type"].as_str(), body["data"]["mois"].as_str()), (Some("mois.bilan"), Some("2027-06")));
    assert_eq!(body["data"]["par_palier"]["bronze"], 1);
    // A receiver added in August gets no notice about July, and gets the one about August like the first.
    let late = Receiver::start().await;
    bench.set_now("2027-08-02T08:00:00Z".parse().unwrap());
    add(&mut bench, late.hook(&["mois.bilan"]));
    bench.pass().await;
    assert_eq!((receiver.calls().len(), late.calls().len()), (2, 0));
    bench.set_now("2027-09-01T08:00:00Z".parse().unwrap());
    bench.pass().await;
    assert_eq!((receiver.calls().len(), late.calls().len()), (3, 1));
}

/// What was suspended, lifted and raised in the month is under its own word, with its day and the service.
#[tokio::test]
async fn the_month_tells_what_was_lifted_and_raised() {
    let receiver = Receiver::start().await;
    let bench =
        bench(receiver.hook(&["mois.bilan", "label.palier_superieur", "label.suspension_levee"])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    decide(&bench, "Levée de suspension", date(2027, 6, 22));
    let raised: Vec<(&'static str, Value)> = vec![
        ("Décision", "Palier supérieur".into()),
        ("Palier décidé", "Argent".into()),
        ("Date de la décision", date(2027, 6, 24).into()),
        ("Date de notification", date(2027, 6, 24).into()),
    ];
    bench.simulator.world().add_row(4244, "Historique des décisions", raised);
    bench.set_now("2027-06-25T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let mut kinds = receiver.kinds();
    kinds.sort();
    assert_eq!(kinds, ["label.palier_superieur", "label.suspension_levee"]);
    bench.set_now("2027-07-01T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let (_, body) = receiver.calls().pop().unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["type"], "mois.bilan");
    let one = |list: &str| {
        let all = body["data"][list].as_array().unwrap();
        assert_eq!(all.len(), 1, "{list}: {body}");
        let name = all[0]["service"].as_str().unwrap();
        assert!(name.starts_with("Agence du logement de Grandvent — "), "{name}");
        all[0]["date"].as_str().unwrap().to_owned()
    };
    assert_eq!(one("suspensions"), "2027-06-20");
    assert_eq!(one("levees"), "2027-06-22");
    assert_eq!(one("paliers_superieurs"), "2027-06-24");
    assert_eq!((&body["data"]["par_palier"]["argent"], &body["data"]["suspendus"]), (&1.into(), &0.into()));
}

#[tokio::test]
async fn a_receiver_added_later_is_told_what_follows_and_not_the_past() {
    let (first, late) = (Receiver::start().await, Receiver::start().await);
    let mut bench = bench(first.hook(&[])).await;
    // For a long time: only the day on which a receiver was added keeps earlier events back.
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    assert_eq!(first.kinds(), ["label.suspendu"], "nothing of the award, which is older");
    wait(&bench, 24);
    add(&mut bench, late.hook(&[]));
    bench.pass().await;
    assert_eq!((first.calls().len(), late.calls().len()), (1, 0));
    wait(&bench, 24);
    decide(&bench, "Levée de suspension", date(2027, 6, 22));
    bench.pass().await;
    assert_eq!(first.kinds(), ["label.suspendu", "label.suspension_levee"]);
    assert_eq!(late.kinds(), ["label.suspension_levee"]);
}

/// A suspension that DITP, the service and a receiver were told of, and that never existed: each is corrected once.
#[tokio::test]
async fn a_decision_declared_void_after_it_was_told_is_corrected_once_for_each_reader() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    assert_eq!(receiver.kinds(), ["label.suspendu"]);
    wait(&bench, 24);
    let void: Vec<(&'static str, Value)> = vec![
        ("Décision", "Décision annulée (n'a jamais existé)".into()),
        ("Date de la décision", date(2027, 6, 20).into()),
    ];
    bench.simulator.world().add_row(4244, "Historique des décisions", void);
    for _ in 0..4 {
        bench.pass().await;
        wait(&bench, 24);
    }
    assert_eq!(receiver.kinds(), ["label.suspendu", "label.corrige"]);
    let body: serde_json::Value = serde_json::from_str(&receiver.calls()[1].1).unwrap();
    let corrected = serde_json::json!({
        "decision": "suspension", "annulee": true, "palier": null, "date_effet": null,
        "date_annoncee": "2027-06-20"
    });
    assert_eq!(body["data"]["corrige"], serde_json::json!([corrected]));
    assert_ne!(body["data"]["statut"], "suspendu");
    let subjects = bench.subjects();
    let corrected: Vec<&String> =
        subjects.iter().filter(|subject| subject.contains("rectification")).collect();
    assert_eq!(
        corrected,
        [
            "[SP+] Agence du logement de Grandvent : rectification de la décision (suspension)",
            "[SP+ DITP] Agence du logement de Grandvent : rectification de la décision (suspension)"
        ],
        "{subjects:?}"
    );
    let standing = bench.daemon.book.review_of(4244).await.unwrap().unwrap().1;
    assert!(standing.standing().unwrap().suspension.is_none());

    // Another one is announced as usual; the same one, under its own day, as a correction.
    decide(&bench, "Suspension", date(2027, 6, 22));
    for _ in 0..3 {
        bench.pass().await;
        wait(&bench, 24);
    }
    assert_eq!(receiver.kinds()[2..], ["label.suspendu"]);
}

#[tokio::test]
async fn a_notice_whose_key_is_of_another_version_is_given_up_and_the_others_are_told() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    let store = &bench.daemon.store;
    let (now, hook) = (bench.daemon.book.clock.now(), &bench.daemon.hooks[0]);
    let key = format!("webhook/{}/4244/label.vendu/2027-06-20", hook.id);
    let task =
        NewTask { key: &key, kind: TaskKind::Webhook, dossier: 4244, role: None, rule: None, payload: "{}" };
    assert!(store.outbox().put_once(&task, now).await.unwrap());
    decide(&bench, "Suspension", date(2027, 6, 20));
    let report = bench.pass().await;
    assert_eq!((report.notified, receiver.kinds()), (1, vec!["label.suspendu".to_owned()]));
    let why = "its key is not one of this version: it cannot be told";
    assert!(report.failures.iter().any(|line| line.contains(why)), "{:?}", report.failures);
    let given_up = store.health().waiting("given_up", 10).await.unwrap();
    assert_eq!((given_up.len(), given_up[0].last_error.as_deref()), (1, Some(why)));
    assert!(journal(&bench).await.contains(&format!("webhook abandonné Destinataire n° 1 : {why}")));
    assert_eq!(bench.pass().await.failures, Vec::<String>::new(), "said once");
}

/// `vigie webhook test`, as an operator runs it: a signature that somebody else's library accepts, and the answers said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_is_signed_and_its_answer_is_said() {
    let simulator = crate::running::platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let receiver = Receiver::start().await;
    let vigie = async |arguments: &'static [&'static str], with: bool| {
        let (folder, url) =
            (folder.path().to_owned(), format!("http://127.0.0.1:{}/avis?jeton=tres-secret", receiver.port));
        let run = move || {
            let variables = [("VIGIE_WEBHOOKS__0__URL", url.as_str()), ("VIGIE_WEBHOOKS__0__SECRET", SECRET)];
            crate::cli::vigie(&folder, arguments, if with { &variables } else { &[] })
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        (output.status.code(), crate::cli::said(&output))
    };
    let (code, said) = vigie(&["webhook", "test"], false).await;
    assert!(code == Some(2) && said.contains("no receiver"), "{said}");
    let (code, said) = vigie(&["webhook", "test"], true).await;
    assert!(code == Some(0) && said.contains("Destinataire 1 : essai reçu"), "{said}");
    let calls = receiver.calls();
    let [(headers, body)] = calls.as_slice() else { panic!("{calls:?}") };
    standardwebhooks::Webhook::new(SECRET).unwrap().verify(body.as_bytes(), headers).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["type"], "vigie.essai");
    let samples = body["data"]["exemples"].as_array().unwrap();
    let kinds: Vec<&str> = samples.iter().map(|sample| sample["type"].as_str().unwrap()).collect();
    assert_eq!((kinds.len(), kinds[0], kinds[7]), (8, "label.attribue", "mois.bilan"), "what it is told of");
    assert!(samples.iter().all(|sample| sample["data"].is_object()), "{samples:?}");
    receiver.will([Reply::Status(500)]);
    let (code, said) = vigie(&["webhook", "test", "1"], true).await;
    assert!(code == Some(1) && said.contains("! Destinataire 1 : essai non reçu (answer 500)"), "{said}");
    assert!(!said.contains("tres-secret"), "{said}");
    let (code, said) = vigie(&["webhook", "test", "2"], true).await;
    assert!(code == Some(2) && said.contains("from 1 to 1"), "{said}");
    let (code, said) = vigie(&["webhook", "retry"], true).await;
    assert!(code == Some(0) && said.contains("aucun avis abandonné"), "{said}");
}

#[tokio::test]
async fn a_notice_that_was_given_up_is_sent_again_as_it_was() {
    let receiver = Receiver::start().await;
    let hook = receiver.hook(&["label.suspendu"]);
    let bench = bench(hook.clone()).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    receiver.will(std::iter::repeat_n(500, 20).map(Reply::Status));
    for _ in 0..12 {
        bench.pass().await;
        wait(&bench, 25);
    }
    let tried = receiver.calls();
    assert!(tried.len() >= 9, "{}", tried.len());
    assert!(journal(&bench).await.contains("abandonné"), "{}", journal(&bench).await);
    receiver.replies.lock().unwrap().clear();
    bench.pass().await;
    assert_eq!(receiver.calls().len(), tried.len(), "given up is not tried again");
    let now = bench.daemon.book.clock.now();
    let tomorrow = now.checked_add(SignedDuration::from_hours(24)).unwrap();
    assert_eq!(bench.daemon.notices_again(&hook, tomorrow, now).await.unwrap(), 0, "none since tomorrow");
    assert_eq!(bench.daemon.notices_again(&hook, jiff::Timestamp::UNIX_EPOCH, now).await.unwrap(), 1);
    let report = bench.daemon.deliver_hooks().await.unwrap();
    assert_eq!((report.notified, report.failures.len()), (1, 0), "{report:?}");
    let calls = receiver.calls();
    let (last, first) = (calls.last().unwrap(), calls.first().unwrap());
    assert_eq!((&last.0["webhook-id"], &last.1), (&first.0["webhook-id"], &first.1));
    bench.pass().await;
    assert_eq!(receiver.calls().len(), calls.len(), "and once");
}

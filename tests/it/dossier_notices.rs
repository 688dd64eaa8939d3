//! Webhooks about what goes on in dossiers, to receivers that ask for them by name.

use jiff::civil::date;
use simulator::Deposit;

use crate::bench::Bench;
use crate::store::postgres;
use crate::webhooks::{Receiver, Reply, add, bench, decide, told, wait};

fn bodies(receiver: &Receiver) -> Vec<serde_json::Value> {
    receiver.calls().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
}

fn ids(body: &serde_json::Value) -> Vec<String> {
    let found = body["data"]["constats"].as_array().unwrap();
    found.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// Takes the last row of the table of decisions away.
fn take_back(bench: &Bench) {
    let label = "Historique des décisions";
    bench.simulator.with_world(|world| {
        let stable = world.form.find(simulator::Side::Annotations, label).unwrap().stable_id;
        world.dossiers.get_mut(&4244).unwrap().annotations.rows.get_mut(&stable).unwrap().pop();
        world.annotate(4244, "Contrat de prestations signé", false);
    });
}

#[tokio::test]
async fn a_doubtful_decision_is_told_once_and_so_is_that_it_no_longer_is() {
    a_doubt_is_told_once("sqlite::memory:").await;
}

#[tokio::test]
async fn a_doubtful_decision_is_told_once_on_postgres() {
    let Some(base) = postgres().await else { return };
    a_doubt_is_told_once(&base.url).await;
    base.drop().await;
}

async fn a_doubt_is_told_once(url: &str) {
    let receiver = Receiver::start().await;
    let hook = receiver.hook(&["decision.douteuse", "decision.doute_leve"]);
    let bench = told(Bench::stored("petit", 0, url).await, hook).await;
    assert!(receiver.calls().is_empty(), "what was found before the receiver was added");
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    receiver.will([Reply::Status(500)]);
    bench.pass().await;
    wait(&bench, 3);
    bench.pass().await;
    wait(&bench, 24);
    bench.pass().await;
    let told = bodies(&receiver);
    assert_eq!(receiver.kinds(), ["decision.douteuse"; 2], "the second is the first one again");
    assert_eq!(told[0], told[1]);
    assert_eq!(
        (&told[0]["data"]["dossier"], &told[0]["data"]["organisme"]),
        (&4244.into(), &"Boréal Certification".into())
    );
    assert_eq!(ids(&told[0]).len(), 1, "{}", told[0]);
    assert!(told[0]["data"]["constats"][0].get("texte").is_none(), "a sentence may quote a name");

    take_back(&bench);
    for _ in 0..3 {
        bench.pass().await;
        wait(&bench, 24);
    }
    let told = bodies(&receiver);
    assert_eq!(receiver.kinds()[2..], ["decision.doute_leve"]);
    assert_eq!(ids(&told[2]), ids(&told[0]));

    // The same doubt again is a new event.
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    bench.pass().await;
    assert_eq!(receiver.kinds()[3..], ["decision.douteuse"]);
}

#[tokio::test]
async fn a_doubt_that_went_before_it_was_told_is_not_told() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&["decision.douteuse", "decision.doute_leve"])).await;
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    receiver.will([Reply::Status(503)]);
    bench.pass().await;
    take_back(&bench);
    wait(&bench, 3);
    bench.pass().await;
    wait(&bench, 24);
    assert_eq!(bench.pass().await.notified, 0);
    assert_eq!(receiver.calls().len(), 1);
}

#[tokio::test]
async fn the_findings_of_a_new_dossier_are_told_together_and_later_ones_alone() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&["constats.nouveaux"])).await;
    let number =
        bench.simulator.world().deposit(Deposit::new("99900703200025", "Guichet neuf", "a@b.example"));
    bench.pass().await;
    let told = bodies(&receiver);
    let [first] = told.as_slice() else { panic!("one notice, not {}: {told:?}", told.len()) };
    assert_eq!((&first["type"], &first["data"]["dossier"]), (&"constats.nouveaux".into(), &number.into()));
    let known = ids(first);
    assert!(known.len() > 2, "{first}");
    assert_eq!(first["data"]["ouverts"], known.len());
    let allowed = ["id", "regle", "section", "niveau", "qui", "champ"];
    let fields = first["data"]["constats"][0].as_object().unwrap();
    assert!(fields.keys().all(|field| allowed.contains(&field.as_str())), "no text: {first}");

    wait(&bench, 24);
    // A visit whose last day is before the first.
    bench.simulator.world().annotate(number, "Premier jour de visite", date(2027, 9, 10));
    bench.simulator.world().annotate(number, "Dernier jour de visite", date(2027, 9, 6));
    for _ in 0..3 {
        bench.pass().await;
        wait(&bench, 24);
    }
    let of_it: Vec<_> =
        bodies(&receiver).into_iter().filter(|one| one["data"]["dossier"] == number).collect();
    assert!(of_it.len() >= 2, "{of_it:?}");
    let mut all: Vec<String> = of_it.iter().flat_map(ids).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "nothing twice: {of_it:?}");
}

#[tokio::test]
async fn a_receiver_that_names_no_event_is_not_told_what_goes_on_in_dossiers() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    bench.simulator.world().deposit(Deposit::new("99900703200025", "Guichet neuf", "a@b.example"));
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    bench.pass().await;
    assert!(receiver.kinds().iter().all(|kind| kind.starts_with("label.")), "{:?}", receiver.kinds());
}

#[tokio::test]
async fn a_body_is_told_of_its_own_dossiers_alone() {
    let (own, other) = (Receiver::start().await, Receiver::start().await);
    let events = ["constats.nouveaux", "decision.douteuse", "echeance.atteinte"];
    let mut bench = bench(own.hook(&events).about(Some("Boréal Certification"))).await;
    add(&mut bench, other.hook(&events).about(Some("Certif Nord")));
    bench.pass().await;
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    bench.pass().await;
    assert_eq!(own.kinds(), ["decision.douteuse"]);
    assert!(other.calls().is_empty(), "{:?}", other.kinds());
}

#[tokio::test]
async fn a_deadline_is_told_on_its_last_day_and_not_before_or_again() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&["echeance.atteinte"])).await;
    let number = 4243;
    bench.simulator.world().annotate(number, "Premier jour de visite", date(2027, 9, 6));
    bench.pass().await;
    let review = bench.daemon.book.review_of(i64::from(number)).await.unwrap().unwrap().1;
    let hard = |due: &&label::judge::agenda::Due| {
        due.is_open() && !due.obligation.is_soft() && due.deadline.extended > review.today
    };
    let due = review.agenda.iter().find(hard).expect("a deadline ahead").clone();
    let day = due.deadline.extended;
    let at = |day: jiff::civil::Date| format!("{day}T09:00:00Z").parse().unwrap();
    bench.set_now(at(day.yesterday().unwrap()));
    bench.pass().await;
    let told = |receiver: &Receiver| {
        let of_it = |body: &serde_json::Value| {
            body["data"]["code"] == due.obligation.code() && body["data"]["dossier"] == number
        };
        bodies(receiver).into_iter().filter(of_it).collect::<Vec<_>>()
    };
    assert!(told(&receiver).is_empty(), "the day before");
    for _ in 0..3 {
        bench.set_now(at(day));
        bench.pass().await;
    }
    bench.set_now(at(day.tomorrow().unwrap()));
    bench.pass().await;
    let told = told(&receiver);
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (&one["data"]["jour_ouvre"], &one["data"]["en_retard"]),
        (&day.to_string().into(), &false.into())
    );
}

#[tokio::test]
async fn that_reading_stopped_and_that_it_goes_on_is_told_once() {
    let (receiver, late) = (Receiver::start().await, Receiver::start().await);
    let mut bench = bench(receiver.hook(&["lecture.arretee", "lecture.reprise"])).await;
    bench.pass().await;
    let expire = |expired: bool| {
        bench.simulator.world().tokens[0].expires = expired.then(|| date(2020, 1, 1));
    };
    expire(true);
    for _ in 0..3 {
        assert!(bench.try_pass().await.is_err());
        wait(&bench, 12);
    }
    assert_eq!(receiver.kinds(), ["lecture.arretee"]);
    let body = bodies(&receiver).remove(0);
    assert_eq!(
        (&body["data"]["section"], &body["data"]["motif"]),
        (&"demarche/12345".into(), &"refusee".into())
    );
    assert!(!receiver.calls()[0].1.contains("127.0.0.1"), "no address");
    bench.simulator.world().tokens[0].expires = None;
    add(&mut bench, late.hook(&["lecture.arretee", "lecture.reprise"]));
    for _ in 0..3 {
        bench.pass().await;
        wait(&bench, 12);
    }
    assert_eq!(receiver.kinds(), ["lecture.arretee", "lecture.reprise"]);
    assert!(late.calls().is_empty(), "it was not told of the stop: {:?}", late.kinds());
}

/// Dates that contradict each other say nothing of a decision.
#[tokio::test]
async fn dates_in_the_wrong_order_are_findings_and_no_doubt() {
    let (doubts, findings) = (Receiver::start().await, Receiver::start().await);
    let mut bench = bench(doubts.hook(&["decision.douteuse"])).await;
    add(&mut bench, findings.hook(&["constats.nouveaux"]));
    bench.pass().await;
    bench.simulator.world().annotate(4244, "Plan d'actions demandé le", date(2027, 6, 18));
    bench.simulator.world().annotate(4244, "Plan d'actions reçu le", date(2027, 6, 14));
    bench.pass().await;
    assert!(doubts.calls().is_empty(), "{:?}", doubts.kinds());
    let told = bodies(&findings);
    let reversed = |body: &serde_json::Value| {
        let found = body["data"]["constats"].as_array().unwrap();
        found.iter().any(|one| one["regle"] == "R-3.9.1-i")
    };
    assert!(told.iter().any(reversed), "{told:?}");
}

/// Killed between the notices of a judgement and that judgement: it is judged again from what was found before it.
async fn a_judgement_that_was_lost_tells_nothing_twice(url: &str) {
    let receiver = Receiver::start().await;
    let hook = receiver.hook(&["constats.nouveaux", "decision.douteuse", "echeance.atteinte"]);
    let bench = told(Bench::stored("petit", 0, url).await, hook).await;
    let store = &bench.daemon.store;
    let earlier = store.found().found_in(&[4244]).await.unwrap();
    decide(&bench, "Levée de suspension", date(2027, 6, 20));
    bench.pass().await;
    let told = bodies(&receiver);
    assert_eq!(receiver.kinds(), ["decision.douteuse"]);
    let after = store.found().found_in(&[4244]).await.unwrap();
    assert_ne!(earlier, after);

    let row = &earlier[&4244];
    let found = serde_json::to_string(&row.found).unwrap();
    let lost = format!(
        "update found set changes = {}, found = '{}' where dossier = 4244;
        update cases set found = '[]', judged_on = '2027-06-19', next_look = '' where case_id = 4244;
        update dossiers set dirty = true, revision = revision + 1 where number = 4244;",
        row.changes,
        found.replace('\'', "''")
    );
    let lost = sqlx::AssertSqlSafe(lost);
    if url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(url).await.unwrap();
        sqlx::raw_sql(lost).execute(&pool).await.unwrap();
    } else {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        sqlx::raw_sql(lost).execute(&pool).await.unwrap();
        pool.close().await;
    }
    bench.pass().await;
    assert_eq!(store.found().found_in(&[4244]).await.unwrap(), after, "judged again");
    wait(&bench, 1);
    bench.pass().await;
    assert_eq!(bodies(&receiver), told);
}

#[tokio::test]
async fn a_judgement_that_was_lost_tells_nothing_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notices.db");
    a_judgement_that_was_lost_tells_nothing_twice(&format!("sqlite:{}", file.display())).await;
}

#[tokio::test]
async fn a_judgement_that_was_lost_tells_nothing_twice_on_postgres() {
    let Some(base) = postgres().await else { return };
    a_judgement_that_was_lost_tells_nothing_twice(&base.url).await;
    base.drop().await;
}

/// A body hears that reading stopped when its dossiers are read there.
#[tokio::test]
async fn a_body_is_told_of_the_reading_of_its_own_dossiers_alone() {
    let (own, other) = (Receiver::start().await, Receiver::start().await);
    let events = ["lecture.arretee", "lecture.reprise"];
    let mut bench = bench(own.hook(&events).about(Some("Boréal Certification"))).await;
    add(&mut bench, other.hook(&events).about(Some("Certif Nord")));
    bench.pass().await;
    bench.simulator.world().tokens[0].expires = Some(date(2020, 1, 1));
    assert!(bench.try_pass().await.is_err());
    wait(&bench, 12);
    assert!(bench.try_pass().await.is_err());
    bench.simulator.world().tokens[0].expires = None;
    for _ in 0..2 {
        wait(&bench, 12);
        bench.pass().await;
    }
    assert_eq!(own.kinds(), events);
    assert!(other.calls().is_empty(), "{:?}", other.kinds());
}

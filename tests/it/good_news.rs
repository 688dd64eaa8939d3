//! Good news to a service, over a store that an earlier version judged: what it kept to itself is not told years later.

use jiff::ToSpan;
use jiff::civil::date;
use simulator::{Simulator, World};

use crate::bench::{Bench, FORM, demarche};
use crate::lives::{Application, INDEPENDENT, decide};

fn told(bench: &Bench) -> Vec<String> {
    let keys = bench.mails().into_iter().map(|kept| kept.mail.key);
    keys.filter(|key| key.ends_with("/candidat") && (key.contains("N-confirme") || key.contains("N-levee")))
        .collect()
}

#[tokio::test]
async fn only_what_is_decided_from_the_first_pass_of_this_version_on_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
    let start: jiff::Timestamp = "2027-06-01T08:00:00Z".parse().unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, World::new(start)).await.unwrap();
    let mut bench = Bench::over(simulator, &url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    let number = {
        let mut world = bench.simulator.world();
        let application = Application {
            name: "Guichet de Valdorée",
            siret: "99900629900013",
            email: "valdoree@example.fr",
            demande: "Première demande",
            service: INDEPENDENT,
            previous: None,
            diagnosis: date(2026, 12, 1),
            surveys: date(2026, 12, 1),
        };
        let number = application.deposit(&mut world);
        decide(&mut world, number, "Labellisé", Some("Bronze"), date(2027, 6, 1));
        decide(&mut world, number, "Suspension", None, date(2027, 6, 1));
        decide(&mut world, number, "Levée de suspension", None, date(2027, 6, 1));
        number
    };
    bench.pass().await;
    assert_eq!(told(&bench), [format!("{number}/N-levee/2027-06-01/avis/candidat")], "a new store tells it");

    // As an earlier version left it.
    crate::upgrades::sql(&url, "delete from settings where name = 'good_news'; delete from outbox where key like '%N-levee%candidat'").await;
    bench.set_now(start.checked_add(48.hours()).unwrap());
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    bench.pass().await;
    assert_eq!(told(&bench).len(), 1, "not told late");
    decide(&mut bench.simulator.world(), number, "Confirmé", None, date(2027, 6, 3));
    bench.pass().await;
    assert_eq!(told(&bench)[1..], [format!("{number}/N-confirme/2027-06-03/avis/candidat")]);
}

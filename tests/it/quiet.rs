//! Mails to services over a public holiday and a weekend: they wait for a working day, save what would come too late.

use jiff::Timestamp;
use jiff::civil::date;
use simulator::{Simulator, World};
use vigie::config::QuietSettings;
use vigie::daemon::quiet::Quiet;

use crate::bench::{Bench, FORM, demarche};
use crate::lives::{Application, INDEPENDENT, audit, report};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn application(name: &'static str, siret: &'static str, email: &'static str) -> Application {
    Application {
        name,
        siret,
        email,
        demande: "Première demande",
        service: INDEPENDENT,
        previous: None,
        diagnosis: date(2027, 5, 3),
        surveys: date(2027, 5, 28),
    }
}

/// Keys of the mails to services, with the days and hours in Paris at which they left.
fn to_services(bench: &Bench) -> Vec<(String, String)> {
    let mails = bench.mails().into_iter().filter(|kept| kept.mail.key.ends_with("/candidat"));
    let paris = |at: Timestamp| bench.daemon.book.clock.in_paris(at).strftime("%d/%m %H:%M").to_string();
    mails.map(|kept| (kept.mail.key.clone(), paris(kept.at))).collect()
}

#[tokio::test]
async fn mails_to_services_wait_for_a_working_day_unless_they_would_come_too_late() {
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, World::new(at("2027-07-07T08:00:00Z"))).await.unwrap();
    let mut bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    bench.daemon.acting.quiet = Quiet::new(&QuietSettings::default()).unwrap();
    let number = {
        let mut world = bench.simulator.world();
        let number = application("Guichet de Valdorée", "99900629900013", "valdoree@service.example")
            .deposit(&mut world);
        audit(&mut world, number, date(2027, 7, 1));
        report(&mut world, number, date(2027, 7, 7));
        number
    };
    bench.pass().await;
    let (observations, of) = (format!("{number}/O-09/2027-07-17"), |stage: &str| {
        format!("{number}/O-09/2027-07-17/{stage}/candidat")
    });
    assert_eq!(to_services(&bench), [(of("reception"), "07/07 10:00".to_owned())]);

    // 14 July, then the night after it: three days before the end of the observations.
    for now in ["2027-07-14T08:00:00Z", "2027-07-14T20:00:00Z", "2027-07-15T04:10:00Z"] {
        bench.set_now(at(now));
        bench.pass().await;
        assert_eq!(to_services(&bench).len(), 1, "{now}: a holiday");
    }
    bench.set_now(at("2027-07-15T06:00:00Z"));
    bench.pass().await;
    assert_eq!(to_services(&bench)[1..], [(of("J-3"), "15/07 08:00".to_owned())]);

    // Saturday is the last day for observations: that leaves; the timetable of another service waits for Monday.
    let other = {
        let mut world = bench.simulator.world();
        world.set_now(at("2027-07-17T04:10:00Z"));
        let other = application("Agence des Trois-Rivières", "99900700200019", "rivieres@service.example")
            .deposit(&mut world);
        audit(&mut world, other, date(2027, 9, 6));
        other
    };
    for now in
        ["2027-07-17T04:10:00Z", "2027-07-17T09:00:00Z", "2027-07-18T09:00:00Z", "2027-07-19T05:59:00Z"]
    {
        bench.set_now(at(now));
        bench.pass().await;
        assert_eq!(to_services(&bench)[2..], [(of("J"), "17/07 06:10".to_owned())], "{now}");
    }
    bench.set_now(at("2027-07-19T06:00:00Z"));
    let passed = bench.pass().await;
    assert!(passed.failures.is_empty(), "{:?}", passed.failures);
    let timetable = format!("{other}/N-retroplanning/2027-09-06/avis/candidat");
    let last: Vec<_> = to_services(&bench).split_off(3);
    assert!(last.contains(&(timetable, "19/07 08:00".to_owned())), "{last:?}");
    assert!(last.iter().all(|(key, at)| !key.contains(&observations) && at == "19/07 08:00"), "{last:?}");
    let said = bench.mails();
    let subjects: Vec<&str> = said
        .iter()
        .filter(|kept| kept.mail.key.contains(&observations))
        .map(|kept| kept.mail.letter.subject.as_str())
        .collect();
    assert!(subjects[1].ends_with("(2e rappel)") && subjects[2].ends_with("(3e rappel)"), "{subjects:?}");
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (0, 0), "nothing waits any more");
}

//! Nothing is missed, nothing is read twice: whatever happens while the list is read, the store ends equal to the platform.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, ToSpan};
use label::case::facts::Facts;
use label::wording::journal::EntryKind;
use simulator::{Fault, File, On};
use vigie::store::asks::AskReason;

use crate::bench::{Bench, FORM, demarche};

/// What the store holds of each dossier that is still on the platform.
pub async fn held(bench: &Bench) -> BTreeMap<i64, Facts> {
    let numbers: Vec<i64> =
        bench.simulator.world().dossiers.keys().map(|number| i64::from(*number)).collect();
    let mut held = BTreeMap::new();
    for number in numbers {
        if let Some(facts) =
            bench.daemon.store.dossiers().facts(number).await.unwrap().filter(|facts| !facts.gone)
        {
            held.insert(number, facts);
        }
    }
    held
}

/// What a daemon with an empty store reads in one pass.
pub async fn truth(bench: Bench) -> BTreeMap<i64, Facts> {
    bench.simulator.world().clear_faults();
    let fresh = Bench::over(bench.simulator, "sqlite::memory:", FORM, demarche()).await;
    fresh.daemon.observe().await.unwrap();
    held(&fresh).await
}

pub fn later(bench: &Bench, minutes: i64) {
    let now = bench.daemon.book.clock.now().checked_add(minutes.minutes()).unwrap();
    bench.set_now(now);
}

#[tokio::test]
async fn a_large_first_reading_goes_on_in_slices_and_misses_nothing() {
    let bench = Bench::after("lot", 700).await;
    let report = bench.daemon.observe().await.unwrap();
    assert_eq!((report.changed, report.failures), (700, Vec::new()));
    let journal = bench.daemon.store.journal().entries(None, 2000).await.unwrap();
    let read = journal.iter().filter(|line| line.is(EntryKind::Read)).count();
    assert_eq!(read, 700, "no dossier is another reader's too");
    assert_eq!(held(&bench).await.len(), 700);
    bench.simulator.world().reset_counters();
    let again = bench.daemon.observe().await.unwrap();
    assert_eq!((again.changed, bench.requests()), (0, (1, 0)), "a quiet pass costs one request");
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn a_first_reading_that_was_killed_resumes() {
    // On a file: a database in memory would be lost with the connection of the reading that is killed.
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("vigie.db").display());
    let bench = Bench::after("lot", 700).await;
    let bench = Bench::over(bench.simulator, &store, FORM, demarche()).await;
    bench.simulator.world().reset_counters();
    bench.simulator.world().inject(On::Query, Fault::Slow(Duration::from_millis(15)), 1000);
    let middle = async {
        while bench.simulator.world().counters().requests < 6 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    // The future is dropped at whatever point it is, as when the process is killed.
    tokio::select! {
        read = bench.daemon.observe() => panic!("it was to be killed in the middle: {read:?}"),
        () = middle => {}
    }
    let before: Vec<i64> = held(&bench).await.into_keys().collect();
    assert!((30..700).contains(&before.len()), "{} dossiers were read", before.len());
    bench.simulator.world().clear_faults();
    bench.simulator.world().reset_counters();
    bench.daemon.observe().await.unwrap();
    assert_eq!(held(&bench).await.len(), 700);
    // The journal has a line for each reading of a dossier as new: what was saved before the kill is not read as new
    // again.
    for number in before {
        let lines = bench.daemon.store.journal().entries(Some(number), 100).await.unwrap();
        let read = lines.iter().filter(|line| line.is(EntryKind::Read)).count();
        assert_eq!(read, 1, "dossier {number} was saved, and is not read as new");
    }
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn dossiers_that_move_while_they_are_read_are_met() {
    let bench = Bench::after("lot", 400).await;
    bench.simulator.world().inject(On::Query, Fault::Slow(Duration::from_millis(5)), 1000);
    let touch = async {
        for number in (4242..4600).step_by(7) {
            tokio::time::sleep(Duration::from_millis(3)).await;
            let mut world = bench.simulator.world();
            let now = world.now();
            world.set_now(now.checked_add(1.second()).unwrap());
            world.annotate(number, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
        }
    };
    let (read, ()) = tokio::join!(bench.daemon.observe(), touch);
    read.unwrap();
    bench.daemon.book.clock.set(bench.simulator.world().now());
    bench.daemon.observe().await.unwrap();
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn what_is_committed_late_is_met_behind_the_cursor() {
    let bench = Bench::after("lot", 40).await;
    bench.daemon.observe().await.unwrap();
    later(&bench, 30);
    // Begun now, visible in ten minutes with the date of now; another change is read in between.
    bench.simulator.world().commit_later(SignedDuration::from_mins(10), |world| {
        world.annotate(4250, "Premier jour de visite", jiff::civil::date(2027, 11, 3));
    });
    later(&bench, 2);
    bench.simulator.world().annotate(4251, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 1);
    later(&bench, 9);
    let report = bench.daemon.observe().await.unwrap();
    assert_eq!(report.changed, 1, "the late one");
    bench.simulator.world().reset_counters();
    bench.daemon.observe().await.unwrap();
    assert_eq!(bench.requests(), (1, 0), "it is not asked for again");
    assert_eq!(held(&bench).await, truth(bench).await);
}

/// A dossier that was read late hides none that is committed later still: its new position with its old date would.
#[tokio::test]
async fn what_was_met_late_hides_nothing_that_comes_later_still() {
    let bench = Bench::after("lot", 40).await;
    let visit = |number: u32, day: i8, delay: i64| {
        bench.simulator.world().commit_later(SignedDuration::from_mins(delay), |world| {
            world.annotate(number, "Premier jour de visite", jiff::civil::date(2027, 11, day));
        });
    };
    later(&bench, 30);
    visit(4250, 2, 0);
    bench.daemon.observe().await.unwrap();
    later(&bench, 30);
    visit(4251, 2, 0);
    bench.daemon.observe().await.unwrap();
    // Dated in this order, visible in the other order.
    visit(4252, 3, 10);
    later(&bench, 2);
    visit(4250, 4, 5);
    later(&bench, 4);
    visit(4253, 2, 0);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 1);
    later(&bench, 2);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 1, "4250, behind the cursor");
    later(&bench, 3);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 1, "4252, behind 4250");
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn a_file_that_the_antivirus_takes_is_unknown_and_not_forgotten() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    later(&bench, 60);
    let scanned = bench.daemon.book.clock.now().checked_add(3.minutes()).unwrap();
    let file =
        File::new("formation.pdf", "application/pdf", b"%PDF-1.4 x".to_vec()).scanned_at(scanned, true);
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", file.into())]);
    bench.pass().await;
    let asked =
        |minutes| bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(minutes)).unwrap();
    let due = bench.daemon.store.asks().due_asks("demarche/12345", asked(6), 9).await.unwrap();
    assert_eq!(due.iter().map(|ask| (ask.number, ask.why)).collect::<Vec<_>>(), [(4242, AskReason::Scan)]);
    // No date changes when the antivirus has finished.
    later(&bench, 10);
    assert_eq!(bench.pass().await.changed, 1);
    let said = bench.annotation(4242, "[auto] Contrôle des pièces et enquêtes");
    assert!(said.contains("antivirus"), "{said}");
    assert!(bench.daemon.store.asks().due_asks("demarche/12345", asked(9000), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_poison_dossier_is_asked_for_again_by_itself() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().dossiers.get_mut(&4243).unwrap().poisoned = true;
    assert_eq!(bench.pass().await.changed, 2);
    bench.simulator.world().dossiers.get_mut(&4243).unwrap().poisoned = false;
    assert_eq!(bench.pass().await.changed, 0, "not before its turn");
    later(&bench, 11);
    assert_eq!(bench.pass().await.changed, 1);
    assert!(bench.daemon.store.dossiers().set_aside().await.unwrap().is_empty());
}

#[tokio::test]
async fn one_forgotten_on_purpose_is_read_and_judged_again() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let now = bench.daemon.book.clock.now();
    assert!(bench.daemon.store.asks().forget(4242, now).await.unwrap());
    let report = bench.pass().await;
    assert_eq!((report.changed, report.mailed), (1, 0), "known again, and nobody is told twice");
}

/// An annotation of ours that a person changes is written again once, with one journal line.
#[tokio::test]
async fn what_a_person_changes_in_our_annotations_is_rewritten_once() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let reprises = async || {
        let journal = bench.daemon.store.journal().entries(None, 500).await.unwrap();
        journal.into_iter().filter(|entry| entry.is(EntryKind::AnnotationRestored)).count()
    };
    assert_eq!(reprises().await, 0, "a first writing is no rewriting");
    let right = bench.annotation(4242, "[auto] État");
    bench.simulator.world().annotate(4242, "[auto] État", "Actif");
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!((bench.annotation(4242, "[auto] État"), bench.requests().1), (right, 1));
    bench.pass().await;
    assert_eq!((reprises().await, bench.requests().1), (1, 1));
}

/// However often somebody changes it: it is written again each time, and said once a day.
#[tokio::test]
async fn a_person_who_insists_is_rewritten_each_time_and_told_of_once_a_day() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let right = bench.annotation(4242, "[auto] État");
    let said = async |word: &str| {
        let journal = bench.daemon.store.journal().entries(Some(4242), 500).await.unwrap();
        journal.iter().filter(|entry| entry.detail.contains(word)).count()
    };
    for minute in 1..=7 {
        let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(2);
        bench.set_now(now);
        bench.simulator.world().annotate(4242, "[auto] État", "Actif");
        bench.pass().await;
        assert_eq!(bench.annotation(4242, "[auto] État"), right, "change {minute}");
    }
    assert_eq!((said("changée à la main").await, said("ne tient pas").await), (1, 0));
    let now = bench.daemon.book.clock.now() + SignedDuration::from_hours(24);
    bench.set_now(now);
    bench.simulator.world().annotate(4242, "[auto] État", "Actif");
    bench.pass().await;
    assert_ne!(bench.annotation(4242, "[auto] État"), "Actif");
    assert_eq!(said("changée à la main").await, 2, "and on the next day once more");
}

/// A platform that answers that it has written, and does not keep it.
#[tokio::test]
async fn a_value_that_the_platform_does_not_keep_is_given_up_after_three_times() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let said = async |word: &str| {
        let journal = bench.daemon.store.journal().entries(Some(4242), 500).await.unwrap();
        journal.iter().filter(|entry| entry.detail.contains(word)).count()
    };
    for _ in 0..4 {
        let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(2);
        bench.set_now(now);
        bench.simulator.world().replace_annotation(4242, "[auto] État", "Actif");
        bench.pass().await;
    }
    assert_eq!(bench.annotation(4242, "[auto] État"), "Actif", "it is left alone");
    let told = (said("n’a pas gardé").await, said("ne tient pas").await, said("à la main").await);
    assert_eq!(told, (1, 1, 0));
}

/// Each fault at two of the four requests of a whole reading (`matrix` has them at all of a larger one): at worst a
/// pass stops and reports it, and after the next one the store is equal to the platform.
#[tokio::test]
async fn any_fault_at_any_request_leaves_nothing_out() {
    let expected = truth(Bench::after("lot", 95).await).await;
    let cut_json = Fault::Rewrite { from: "\"pageInfo\"".to_owned(), to: "\"page".to_owned() };
    let foreign = Fault::Rewrite { from: "{\"data\"".to_owned(), to: "{\"autre\"".to_owned() };
    let faults = [
        Fault::Maintenance,
        Fault::BadGateway,
        Fault::GatewayTimeout,
        Fault::InternalError,
        Fault::Moved,
        Fault::Timeout,
        Fault::Cut,
        Fault::LostResponse,
        cut_json,
        foreign,
    ];
    for (rank, fault) in faults.into_iter().enumerate() {
        for position in [[1, 3], [2, 4]][rank % 2] {
            let bench = Bench::after("lot", 95).await;
            {
                // The requests before it go through unharmed.
                let mut world = bench.simulator.world();
                if position > 1 {
                    world.inject(On::Query, Fault::Slow(Duration::ZERO), position - 1);
                }
                world.inject(On::Query, fault.clone(), 1);
            }
            let first = bench.daemon.observe().await;
            let said = format!("{fault:?} at {position}: {first:?}");
            match (&fault, &first) {
                (Fault::Moved, outcome) => assert!(outcome.is_err(), "{said}"),
                (_, outcome) => {
                    assert!(outcome.as_ref().is_ok_and(|report| report.failures.is_empty()), "{said}")
                }
            }
            let second = bench.daemon.observe().await.unwrap();
            let changed = first.map_or(0, |report| report.changed) + second.changed;
            assert!(changed <= 95, "{said}: nothing counts as new twice");
            assert_eq!(held(&bench).await, expected, "{said}");
        }
    }
}

/// A section taken out of the configuration: nobody is written to about its dossiers any more.
#[tokio::test]
async fn a_section_that_is_gone_is_left_alone() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench.daemon.sources.clear();
    let report = bench.pass().await;
    assert_eq!((report.mailed, report.annotated, report.judged), (0, 0, 0));
    assert!(bench.mails().is_empty());
}

/// `dn.groupe` in the place of `dn.demarche`: the same dossiers, which the new section looks after from then on.
#[tokio::test]
async fn a_section_named_otherwise_takes_its_dossiers_along() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("vigie.db").display());
    let bench = Bench::after("petit", 0).await;
    let bench = Bench::over(bench.simulator, &store, FORM, demarche()).await;
    bench.pass().await;
    let group = vigie::dn::Scope { demarche: None, groupe: Some(i64::from(simulator::GROUP)) };
    let bench = Bench::over(bench.simulator, &store, FORM, group).await;
    let report = bench.pass().await;
    assert_eq!((report.changed, report.annotated), (3, 0), "{report:?}");
    let right = bench.annotation(4242, "[auto] État");
    bench.simulator.world().annotate(4242, "[auto] État", "Actif");
    assert_eq!(bench.pass().await.annotated, 1);
    assert_eq!(bench.annotation(4242, "[auto] État"), right);
}

/// Two sections, each with its own map of the form: one pass reads both, one failing section stops only itself.
#[tokio::test]
async fn several_sections_are_read_in_one_pass() {
    let other = Bench::after("lot", 12).await;
    let mut bench = Bench::after("petit", 0).await;
    other.simulator.world().annotate(4250, "[auto] État", "Actif");
    let endpoint = vigie::dn::Endpoint::new(
        &other.simulator.endpoint(),
        secrecy::SecretString::from(simulator::TOKEN.to_owned()),
    );
    let endpoint = endpoint.unwrap().with_patience(Duration::from_millis(1));
    let group = vigie::dn::Scope { demarche: None, groupe: Some(i64::from(simulator::GROUP)) };
    let dn = vigie::dn::Dn::new(endpoint, group, Some(simulator::INSTRUCTEUR_EMAIL.to_owned()));
    bench.daemon.sources.push(vigie::daemon::source::Source::new(dn, toml::from_str(FORM).unwrap()));
    let both = bench.daemon.observe().await.unwrap();
    // Three numbers exist on both platforms, and are read in each.
    assert_eq!(both.observed, 15, "{both:?}");
    other.simulator.world().inject(On::Query, Fault::Moved, 9);
    bench.simulator.world().annotate(4242, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
    let error = bench.daemon.observe().await.unwrap_err().to_string();
    assert!(error.contains("dn.endpoint"), "{error}");
    let facts = bench.daemon.store.dossiers().facts(4242).await.unwrap().unwrap();
    assert_eq!(facts.date(label::case::keys::Key::AuditDebut), Some(jiff::civil::date(2027, 11, 2)));
}

/// The attestation of a dossier is waited for on the day of the decision and three more; a decision of a day to come is
/// not taken yet.
#[tokio::test]
async fn an_attestation_is_waited_for_after_a_recent_decision_only() {
    for (days, waited) in [(-4, false), (-3, true), (0, true), (1, false), (400, false)] {
        let bench = Bench::after("petit", 0).await;
        bench.simulator.with_world(|world| {
            let decided = world.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
            world.annotate(4244, "Contrat de prestations signé", false);
            let dossier = world.dossiers.get_mut(&4244).unwrap();
            (dossier.processed_at, dossier.attestation_at) = (Some(decided), None);
        });
        bench.daemon.observe().await.unwrap();
        let asked = bench.daemon.store.asks().is_asked(4244, AskReason::Attestation).await.unwrap();
        assert_eq!(asked, waited, "{days} days");
    }
}

/// A pass that writes reads back what it wrote: a dossier is counted once all the same, a first reading in slices too.
#[tokio::test]
async fn each_dossier_is_counted_once_in_a_pass() {
    for dossiers in [12, 120] {
        let bench = Bench::after("lot", dossiers).await;
        let report = bench.pass().await;
        let there = bench.simulator.world().dossiers.len();
        assert!(report.annotated > 6, "{report:?}");
        assert_eq!((report.observed, report.changed), (there, there));
    }
}

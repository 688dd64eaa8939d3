//! What is found about a follow-up: which audit is not known, which plan is owed, which marks are enough, and what an
//! extension may rest on.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::tiers::Tier;
use label::judge::finding::What;
use label::judge::follow_up::note::FollowUpNote;
use label::judge::{Review, review};
use label::life::State;

use crate::cases::{case_of, day, frame, row};
use crate::follow_ups::next;
use crate::life::{awarded, choice, sound};

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn notes(review: Review) -> Vec<FollowUpNote> {
    let found = review.findings.into_iter().filter_map(|finding| match finding.what {
        What::FollowUp(note) => Some(note),
        _ => None,
    });
    found.collect()
}

fn first() -> Facts {
    sound(vec![awarded("argent")])
}

/// R-3.9.1-b: the day of the audit is asked for where the decision is written, unless the dossier is that of the audit,
/// whose missing day has a finding of its own.
#[test]
fn the_audit_of_a_follow_up_is_asked_for_once_and_where_the_form_has_its_days() {
    let asked = |dossiers: &[Facts], without: Option<Key>| {
        let mut frame = frame();
        for form in frame.forms.values_mut() {
            form.usable.retain(|key| Some(*key) != without);
        }
        let found = review(&case_of(dossiers), day(700), &frame).findings;
        let rules = found.iter().filter(|one| ["R-3.9.1-b", "R-2.1-a"].contains(&one.rule));
        rules.map(|one| one.rule).collect::<Vec<_>>()
    };
    let written = [sound(vec![awarded("argent"), row("confirme", 640)])];
    assert_eq!(asked(&written, None), ["R-3.9.1-b"]);
    assert_eq!(asked(&written, Some(Key::AuditDebut)), [""; 0]);
    let mut own = next(2, "suivi", 600, vec![row("confirme", 640)], &[]);
    own.values.retain(|key, _| ![Key::AuditDebut, Key::AuditFin].contains(key));
    assert_eq!(asked(&[first(), own], None), ["R-2.1-a"]);
}

/// §3.9.1, with the score of the Or criteria, which Or alone asks for, not known.
#[test]
fn a_mark_that_is_not_known_holds_back_an_outcome_that_it_could_change() {
    let reached = |held: &str, users: &str| {
        let mut follow_up = next(2, "suivi", 600, vec![], &[(Key::NoteUsagers, users)]);
        let engagements = Key::ALL.iter().filter(|key| key.name().starts_with("score_e"));
        let high =
            engagements.chain([&Key::NoteAgents]).map(|key| (*key, Value::Mark("85".parse().unwrap())));
        follow_up.values.extend(high);
        follow_up.values.remove(&Key::ScoreOr);
        let notes = notes(judged(&[sound(vec![awarded(held)]), follow_up], 660)).into_iter();
        let mut proposed = notes.filter_map(|note| match note {
            FollowUpNote::Proposed(proposed) => Some(proposed.reached),
            _ => None,
        });
        proposed.next()
    };
    let (bronze, argent) = (Some(Some(Tier::Bronze)), Some(Some(Tier::Argent)));
    // The users' mark alone keeps it below: 80 are asked for Argent, 90 for Or.
    assert_eq!(["bronze", "argent", "or"].map(|held| reached(held, "79")), [bronze; 3]);
    assert_eq!(["bronze", "argent", "or"].map(|held| reached(held, "89")), [argent; 3]);
    // Or is still possible.
    assert_eq!(["bronze", "argent", "or"].map(|held| reached(held, "90")), [None; 3]);
}

/// R-3.9.1-j, R-3.9.2-j
#[test]
fn a_plan_is_owed_when_it_was_asked_for_after_the_last_follow_up_that_was_decided() {
    let owed = |asked: i64, more: &[(Key, i64)], service: &str| {
        let mut dossiers = [first(), next(2, "suivi", 600, vec![row("confirme", 640)], &[])];
        let dates = [(Key::PlanActionsDemandeLe, asked)].into_iter().chain(more.iter().copied());
        dossiers[1].values.extend(dates.map(|(key, on)| (key, Value::Date(day(on)))));
        for dossier in &mut dossiers {
            dossier.values.insert(Key::TypeService, choice(service));
        }
        let mut found = notes(judged(&dossiers, 720)).into_iter().filter_map(|note| match note {
            FollowUpNote::SuspensionPossible { asked, received, .. } => Some((asked, received)),
            _ => None,
        });
        found.next()
    };
    let local = "local_independant";
    assert_eq!([639, 640, 641].map(|asked| owed(asked, &[], local)), [None, None, Some((day(641), None))]);
    // A central's plan is validated: until then it was received, on a day that has come.
    let central = |received: i64| owed(650, &[(Key::PlanActionsRecuLe, received)], "central");
    assert_eq!(
        [719, 720, 721].map(central),
        [Some((day(650), Some(day(719)))), Some((day(650), Some(day(720)))), Some((day(650), None))]
    );
}

/// « Labellisé » on a follow-up settles it as a confirmation does; on an extension it is no follow-up (§5.2).
#[test]
fn an_award_after_a_follow_up_settles_the_plan_that_was_asked_for() {
    let plan = |demande: &str, decision: &str| {
        let rows = vec![awarded("argent"), row("plan_actions", 300)];
        let dossiers = [sound(rows), next(2, demande, 380, vec![row(decision, 400)], &[])];
        judged(&dossiers, 410).label.unwrap().plan_asked
    };
    let asked = Some(day(300));
    assert_eq!(
        [plan("suivi", "labellise"), plan("suivi", "confirme"), plan("suivi", "levee")],
        [None, None, asked]
    );
    assert_eq!([plan("extension", "labellise"), plan("extension", "confirme")], [asked; 2]);
}

#[test]
fn the_follow_ups_of_a_label_are_those_visited_while_it_holds() {
    let audits = |audit: i64, more: Vec<Row>| {
        let rows = [awarded("argent")].into_iter().chain(more).collect();
        let label = judged(&[sound(rows), next(2, "suivi", audit, vec![], &[])], 1300).label.unwrap();
        label.follow_ups.iter().filter_map(|one| one.audit).collect::<Vec<_>>()
    };
    let end = judged(&[first()], 200).label.unwrap().ends;
    let end = i64::from((end - day(0)).get_days());
    assert_eq!([99, 100, end, end + 1].map(|on| audits(on, vec![]).len()), [0, 1, 1, 0]);
    // Withdrawn on the day 702: the day before is its last.
    let withdrawn = || vec![row("retrait", 700)];
    assert_eq!([701, 702].map(|on| audits(on, withdrawn()).len()), [1, 0]);
}

/// The windows of a central: 16/02 to 16/06/2028 (days 408 to 529), 16/02 to 16/06/2029 (days 774 to 894).
#[test]
fn a_visit_is_planned_in_the_window_of_its_day() {
    let planned = |rows: Vec<Row>, follow_up: Option<Facts>| {
        let mut dossiers: Vec<Facts> = [sound(rows)].into_iter().chain(follow_up).collect();
        for dossier in &mut dossiers {
            dossier.values.insert(Key::TypeService, choice("central"));
        }
        let label = judged(&dossiers, 450).label.unwrap();
        [0, 1].map(|window| label.is_planned(window))
    };
    let visit = |on: i64| Some(next(2, "suivi", on, vec![], &[]));
    let award = || vec![awarded("argent")];
    assert_eq!(planned(award(), None), [false; 2]);
    assert_eq!([planned(award(), visit(500)), planned(award(), visit(800))], [[true, false], [false, true]]);
    // Decided, and nobody says when the visit was.
    assert_eq!(planned(vec![awarded("argent"), row("confirme", 430)], None), [false; 2]);
}

/// R-5.2-a: at a follow-up, in its window or not, or at the renewal; that of an earlier period is not judged.
#[test]
fn an_extension_is_audited_at_an_occasion_of_its_own_label() {
    let another_time = |audit: i64, others: &[Facts], on: i64| {
        let extension = Facts { number: 5, ..next(5, "extension", audit, vec![], &[]) };
        let dossiers: Vec<Facts> =
            [first()].into_iter().chain(others.iter().cloned()).chain([extension]).collect();
        let found = judged(&dossiers, on).findings;
        let sentences = found.iter().map(label::wording::finding);
        sentences.filter(|said| said.contains("R-5.2-a") && said.contains("hors d’un suivi")).count()
    };
    // The window is from the day 590 to the day 712.
    assert_eq!([589, 590, 712, 713].map(|audit| another_time(audit, &[], 750)), [1, 0, 0, 1]);
    let follow_up = |audit: i64| [next(2, "suivi", audit, vec![], &[])];
    assert_eq!([400, 401].map(|audit| another_time(400, &follow_up(audit), 750)), [0, 1]);
    let mut award = row("labellise", 1000);
    award.insert(Key::PalierDecide, choice("argent"));
    let renewal = [next(2, "renouvellement", 950, vec![award], &[])];
    let label = judged(&[first(), renewal[0].clone()], 1300).label.unwrap();
    let obtained = i64::from((label.obtained - day(0)).get_days());
    assert_eq!(
        [300, obtained - 1, obtained, obtained + 1].map(|audit| another_time(
            audit,
            &renewal,
            obtained + 100
        )),
        [0, 0, 1, 1]
    );
    assert_ne!(judged(&[first()], 750).state, State::Expire);
}

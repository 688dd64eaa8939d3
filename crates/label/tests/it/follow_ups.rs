//! The follow-ups of a label (§3.9): each audit settles the window that its day falls in and no other, its marks propose
//! an outcome, and what is missed or set aside is said.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::choices::Choices;
use label::judge::agenda::Status;
use label::judge::finding::{Level, What};
use label::judge::{Review, review};
use label::life::Life;
use label::wording;
use proptest::prelude::*;

use crate::cases::{case_of, day, frame, row};
use crate::life::{choice, sound};

/// Awarded on the day 100, notified on the day 102. The window of a local is from the day 590 to the day 712.
fn awarded(tier: &str) -> Row {
    let mut row = row("labellise", 100);
    row.insert(Key::PalierDecide, choice(tier));
    row
}

/// A dossier that follows the first, visited on one day, with the marks of the first and these changes.
pub fn next(number: i64, demande: &str, audit: i64, rows: Vec<Row>, changes: &[(Key, &str)]) -> Facts {
    let mut facts = sound(rows);
    facts.number = number;
    facts.deposited = day(audit - 60);
    let days = [
        (Key::AuditDebut, audit),
        (Key::AuditFin, audit),
        (Key::PlanTransmisLe, audit - 20),
        (Key::RapportTransmisLe, audit + 10),
        (Key::ObservationsLe, audit + 12),
    ];
    facts.values.extend(days.map(|(key, on)| (key, Value::Date(day(on)))));
    facts.values.extend([(Key::TypeDemande, choice(demande)), (Key::DossierPrecedent, Value::Link(1))]);
    facts.values.extend(changes.iter().map(|(key, mark)| (*key, Value::Mark(mark.parse().unwrap()))));
    facts
}

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn central(dossiers: &mut [Facts]) {
    for facts in dossiers {
        facts.values.insert(Key::TypeService, choice("central"));
    }
}

/// The statuses of the follow-up windows, in order.
fn statuses(review: &Review) -> Vec<Status> {
    let windows = review.agenda.iter().filter(|due| due.window.is_some());
    windows.map(|due| due.status).collect()
}

/// « R-3.9.1-l Niveau : sentence » of each finding about follow-ups.
fn said(review: &Review) -> Vec<String> {
    let about = review.findings.iter().filter(|finding| matches!(finding.what, What::FollowUp(_)));
    about.map(wording::finding).collect()
}

fn says(review: &Review, rule: &str, words: &str) -> bool {
    said(review).iter().any(|sentence| sentence.contains(&format!("({rule})")) && sentence.contains(words))
}

/// R-3.9.1-b, R-3.9.1-l
#[test]
fn an_audit_outside_its_window_is_told_and_is_not_done() {
    let with = |audit: i64| {
        let follow_up = next(2, "suivi", audit, vec![row("confirme", audit + 20)], &[]);
        judged(&[sound(vec![awarded("argent")]), follow_up], 760)
    };
    let of = |audit: i64| {
        let review = with(audit);
        (statuses(&review), says(&review, "R-3.9.1-l", "hors de sa fenêtre (du 16/08/2028 au 16/12/2028)"))
    };
    assert_eq!([590, 712].map(of), [(vec![Status::Done], false), (vec![Status::Done], false)]);
    assert_eq!([589, 713].map(of), [(vec![Status::Late], true), (vec![Status::Late], true)]);
    assert!(!says(&with(713), "R-3.9.1-l", "close sans audit"), "said once");
}

#[test]
fn an_audit_that_took_place_waits_for_its_decision_and_is_not_late() {
    let dossiers = [sound(vec![awarded("argent")]), next(2, "suivi", 700, vec![], &[])];
    assert_eq!(statuses(&judged(&dossiers, 699)), [Status::Upcoming]);
    assert_eq!(statuses(&judged(&dossiers, 800)), [Status::Done]);
    let mut closed = dossiers.clone();
    closed[1].state = label::case::facts::PlatformState::SansSuite;
    assert_eq!(statuses(&judged(&closed, 800)), [Status::Late]);
}

/// The windows of a central: 16/02 to 16/06/2028 (days 408 to 529), 16/02 to 16/06/2029 (days 774 to 894).
#[test]
fn a_missed_first_follow_up_is_not_repaired_by_the_second() {
    let mut dossiers =
        [sound(vec![awarded("argent")]), next(2, "suivi", 800, vec![row("confirme", 830)], &[])];
    central(&mut dossiers);
    let review = judged(&dossiers, 900);
    assert_eq!(statuses(&review), [Status::Late, Status::Done]);
    assert!(says(&review, "R-3.9.1-l", "Fenêtre de suivi du 16/02/2028 au 16/06/2028 close sans audit"));
    let label = review.label.unwrap();
    assert_eq!([label.is_settled(0), label.is_settled(1)], [false, true]);
    let before = judged(&dossiers, 600).label.unwrap();
    assert_eq!(before.next_window(day(529)).map(|(rank, _)| rank), Some(0));
    assert_eq!(before.next_window(day(530)).map(|(rank, _)| rank), Some(1));
}

#[test]
fn the_state_of_an_open_window_ends_with_the_window() {
    let state = |on: i64| judged(&[sound(vec![awarded("argent")])], on).state.key();
    assert_eq!(
        [589, 590, 712, 713].map(state),
        ["suivi_a_preparer", "suivi_ouvert", "suivi_ouvert", "actif"]
    );
}

/// R-5.3.2-a: proposed, never decided.
#[test]
fn a_missed_window_asks_whose_fault_it_is() {
    let with = |fault: Option<bool>| {
        let mut first = sound(vec![awarded("argent")]);
        first.values.extend(fault.map(|fault| (Key::FauteDuService, Value::Flag(fault))));
        judged(&[first], 713)
    };
    assert!(says(&with(None), "R-3.9.1-l", "indiquez si c’est du fait du service"));
    let at_fault = with(Some(true));
    assert!(says(&at_fault, "R-5.3.2-a", "cause de retrait, à proposer ; la décision vous appartient"));
    assert_eq!(at_fault.label.unwrap().withdrawn, None);
    assert!(says(&with(Some(false)), "R-3.9.1-l", "sans que ce soit du fait du service"));
    assert_eq!(said(&judged(&[sound(vec![awarded("argent")])], 712)), Vec::<String>::new());
}

/// §5.2
#[test]
fn an_extension_is_no_follow_up_and_needs_its_own_audit() {
    let extension = |audit: Option<i64>, decision: &str| {
        let mut facts = next(2, "extension", audit.unwrap_or(600), vec![row(decision, 650)], &[]);
        if audit.is_none() {
            facts.values.remove(&Key::AuditDebut);
            facts.values.remove(&Key::AuditFin);
        }
        judged(&[sound(vec![awarded("argent")]), facts], 730)
    };
    for decision in ["labellise", "confirme"] {
        let inside = extension(Some(600), decision);
        assert_eq!(statuses(&inside), [Status::Late], "{decision}");
        assert!(!said(&inside).iter().any(|sentence| sentence.contains("§ 5.2 ")), "{:?}", said(&inside));
        let unaudited = extension(None, decision);
        let of = |sentence: &String| sentence.contains("sans audit du périmètre ajouté");
        assert_eq!(unaudited.findings.iter().map(wording::finding).filter(of).count(), 1, "{decision}");
        let outside = extension(Some(400), decision).findings;
        let outside: Vec<String> =
            outside.iter().filter(|found| found.rule == "R-5.2-a").map(wording::finding).collect();
        assert!(outside.len() == 1, "said once: {outside:?}");
        assert!(outside[0].contains("hors d’un suivi (du 16/08/2028 au 16/12/2028)"), "{outside:?}");
    }
}

/// R-5.2-c
#[test]
fn an_extension_moves_the_end_only_when_another_one_is_printed() {
    let end = |printed: Option<i64>| {
        let mut facts = next(2, "extension", 600, vec![row("labellise", 650)], &[]);
        facts.values.extend(printed.map(|on| (Key::FinValiditeOc, Value::Date(day(on)))));
        judged(&[sound(vec![awarded("argent")]), facts], 700).label.unwrap().ends
    };
    let alone = judged(&[sound(vec![awarded("argent")])], 700).label.unwrap().ends;
    assert_eq!((end(None), end(Some(1500)), end(Some(640))), (alone, day(1500), alone));
}

/// R-3.9.1-g, R-3.9.1-h, R-3.9.1-i, F-16. The marks of the first audit give Argent.
#[test]
fn the_marks_of_a_follow_up_propose_its_outcome() {
    let or =
        [Key::ScoreE1, Key::ScoreE2, Key::ScoreE3, Key::ScoreE4, Key::ScoreE5, Key::ScoreE6, Key::ScoreE7];
    let mut high: Vec<(Key, &str)> = or.map(|key| (key, "80")).to_vec();
    high.extend([Key::ScoreE8, Key::ScoreOr, Key::NoteAgents].map(|key| (key, "80")));
    high.push((Key::NoteUsagers, "90"));
    let of = |changes: &[(Key, &str)], rows: Vec<Row>| {
        let review = judged(&[sound(vec![awarded("argent")]), next(2, "suivi", 600, rows, changes)], 660);
        let mut found = review.findings.iter().filter(|finding| matches!(finding.what, What::FollowUp(_)));
        let found = found.next().map(|finding| (finding.level, wording::findings::what(&finding.what)));
        found.unwrap()
    };
    let same: &[(Key, &str)] = &[];
    let bronze: &[(Key, &str)] = &[(Key::NoteUsagers, "79.99")];
    let none: &[(Key, &str)] = &[(Key::NoteAgents, "49")];
    let undecided = |changes: &[(Key, &str)]| of(changes, vec![]);
    let starts = "Suivi : les notes donnent";
    let yours = "proposé ; la décision vous appartient";
    for (changes, level, text) in [
        (
            same,
            Level::Ok,
            format!("{starts} Argent, le palier détenu est Argent : maintien du label {yours}"),
        ),
        (
            &high,
            Level::ToCheck,
            format!("{starts} Or, le palier détenu est Argent : passage au palier Or {yours}"),
        ),
        (
            bronze,
            Level::ToCheck,
            format!("{starts} Bronze, le palier détenu est Argent : plan d’actions (F-16) {yours}"),
        ),
        (
            none,
            Level::ToCheck,
            format!("{starts} aucun palier, le palier détenu est Argent : plan d’actions (F-16) {yours}"),
        ),
    ] {
        assert_eq!(undecided(changes), (level, text));
    }
    let level = |changes: &[(Key, &str)], rows: Vec<Row>| of(changes, rows).0;
    assert_eq!(level(same, vec![row("confirme", 640)]), Level::Ok);
    assert_eq!(level(bronze, vec![row("plan_actions", 640)]), Level::Ok);
    assert_eq!(level(bronze, vec![row("plan_actions", 630), row("confirme", 655)]), Level::Ok);
    let (level, text) = of(bronze, vec![row("confirme", 640)]);
    assert!(
        level == Level::ToCheck
            && text.contains("plan d’actions (F-16) attendu, et décision « confirmation du label »"),
        "{text}"
    );
    let (level, text) = of(&high, vec![row("confirme", 640)]);
    assert!(level == Level::ToCheck && text.contains("passage au palier Or attendu"), "{text}");
}

#[test]
fn no_outcome_is_proposed_while_a_missing_mark_could_change_it() {
    let mut follow_up = next(2, "suivi", 600, vec![], &[]);
    follow_up.values.remove(&Key::ScoreE3);
    let with = |facts: &Facts| said(&judged(&[sound(vec![awarded("argent")]), facts.clone()], 660));
    assert_eq!(with(&follow_up), Vec::<String>::new());
    follow_up.values.insert(Key::NoteUsagers, Value::Mark("60".parse().unwrap()));
    assert_eq!(with(&follow_up).len(), 1, "below Bronze whatever the missing mark");
}

/// F-36
#[test]
fn an_outcome_that_rests_on_an_invalid_survey_is_under_reserve() {
    let mut follow_up = next(2, "suivi", 600, vec![row("confirme", 640)], &[]);
    follow_up.values.insert(Key::UsagersRecevables, Value::Count(49));
    let review = judged(&[sound(vec![awarded("argent")]), follow_up], 660);
    assert!(
        says(&review, "R-3.9.1-g", "sous réserve : enquête usagers non valable (F-36)"),
        "{:?}",
        said(&review)
    );
}

/// R-3.9.1-j, R-3.9.2-j: asked for on the day 640, due on the day 670.
#[test]
fn a_plan_that_does_not_come_makes_a_suspension_possible() {
    let with = |service: &str, days: &[(Key, i64)], on: i64| {
        let mut dossiers =
            [sound(vec![awarded("argent")]), next(2, "suivi", 600, vec![row("plan_actions", 640)], &[])];
        dossiers[1].values.extend(days.iter().map(|(key, on)| (*key, Value::Date(day(*on)))));
        if service == "central" {
            central(&mut dossiers);
        }
        judged(&dossiers, on)
    };
    let possible = |service: &str, rule: &str, days: &[(Key, i64)], on: i64| {
        says(&with(service, days, on), rule, "la décision vous appartient")
    };
    let (received, validated) = ((Key::PlanActionsRecuLe, 660), (Key::PlanValideLe, 680));
    let local = |days: &[(Key, i64)], on: i64| possible("local_independant", "R-3.9.1-j", days, on);
    assert_eq!([local(&[], 672), local(&[], 676), local(&[received], 676)], [false, true, false]);
    let central = |days: &[(Key, i64)], on: i64| possible("central", "R-3.9.2-j", days, on);
    assert_eq!([central(&[], 676), central(&[received], 676)], [true, true]);
    assert_eq!([central(&[received, validated], 679), central(&[received, validated], 680)], [true, false]);
}

/// L1774: between the initial audit and the follow-up.
#[test]
fn the_surveys_of_a_follow_up_are_counted_from_the_initial_audit() {
    let level = |closed: i64, between: bool| {
        let mut follow_up = next(3, "suivi", 640, vec![], &[]);
        follow_up.values.insert(Key::EnqueteUsagersCloture, Value::Date(day(closed)));
        let mut dossiers = vec![sound(vec![awarded("argent")]), follow_up];
        dossiers.extend(between.then(|| next(2, "extension", 400, vec![], &[])));
        let review = judged(&dossiers, 650);
        let mut found = review.findings.iter().filter(|f| f.dossier == 3 && f.rule == "R-3.4-a");
        found.next().unwrap().level
    };
    assert_eq!([level(300, false), level(300, true)], [Level::Ok; 2]);
    assert_eq!([level(51, false), level(52, false), level(641, false)], [Level::Ko, Level::Ok, Level::Ko]);
}

#[test]
fn a_follow_up_decided_in_another_dossier_is_that_of_the_audit_before_it() {
    let first = sound(vec![awarded("argent"), row("confirme", 640)]);
    let with = |audits: &[i64]| {
        let mut dossiers = vec![first.clone()];
        dossiers
            .extend(audits.iter().zip(2..).map(|(audit, number)| next(number, "suivi", *audit, vec![], &[])));
        judged(&dossiers, 660)
    };
    assert_eq!(with(&[600]).label.unwrap().follow_ups[0].decided.map(|(_, on)| on), Some(day(640)));
    let alone = with(&[]);
    assert!(says(
        &alone,
        "R-3.9.1-b",
        "sans jour d’audit connu : il est rangé dans la fenêtre du 16/08/2028"
    ));
    assert!(alone.label.unwrap().is_settled(0));
    assert_eq!(with(&[650]).label.unwrap().follow_ups.len(), 2, "an audit after the decision is another one");
}

/// The daily digest of the certification body holds the outcome that the marks give.
#[test]
fn the_reminder_of_a_decision_says_what_the_marks_propose() {
    use label::plan::Known;
    use label::plan::mails::wanted_mails;
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), day(0));
    let subject = |changes: &[(Key, &str)], rows: Vec<Row>| {
        let dossiers = [sound(vec![awarded("argent")]), next(2, "suivi", 600, rows, changes)];
        let mails = wanted_mails(&judged(&dossiers, 645), &case_of(&dossiers), &frame(), &known);
        let of = mails.iter().find(|mail| mail.key.to_string().starts_with("2/O-10/"));
        of.map(|mail| mail.letter.subject.clone())
    };
    let ends = |words: &str, changes: &[(Key, &str)]| {
        let subject = subject(changes, vec![]).unwrap();
        assert!(subject.ends_with(&format!(", d’après les notes : {words}")), "{subject}");
    };
    ends("maintien du label", &[]);
    ends("plan d’actions (F-16)", &[(Key::NoteUsagers, "79")]);
    assert_eq!(subject(&[], vec![row("confirme", 640)]), None);
}

proptest! {
    #![proptest_config(crate::cases_tried(200))]

    /// A decided follow-up settles the window of its audit day, and no other, whatever the day of its decision.
    #[test]
    fn a_follow_up_settles_its_own_window(audits in prop::collection::vec((120_i64..1190, 1_i64..200), 0..3)) {
        let mut dossiers = vec![sound(vec![awarded("argent")])];
        for ((audit, wait), number) in audits.iter().zip(2..) {
            let decided = (audit + wait).min(1190);
            dossiers.push(next(number, "suivi", *audit, vec![row("confirme", decided)], &[]));
        }
        central(&mut dossiers);
        let label = judged(&dossiers, 1194).label.unwrap();
        prop_assert_eq!(label.windows.len(), 2);
        for (rank, window) in label.windows.iter().enumerate() {
            let inside = audits.iter().any(|(audit, _)| window.contains(day(*audit)));
            prop_assert_eq!((rank, label.is_settled(rank)), (rank, inside));
        }
        let life = Life::of(&case_of(&dossiers), day(1194), &Choices::default());
        prop_assert_eq!(life.periods[0].followed.len(), audits.len());
        prop_assert_eq!(label.follow_ups.len(), audits.len());
    }
}

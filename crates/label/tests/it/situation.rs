//! The simulator for candidates gives what the worked cases of the catalogue give, and the dates of real dossiers.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use label::case::facts::Value;
use label::case::keys::Key;
use label::guide::choices::Choices;
use label::judge::agenda::Obligation;
use label::judge::finding::{Level, What};
use label::situation::{Outlook, Phase, Situation, outlook};
use label::{Fraction, Tier};

const TODAY: Date = date(2027, 1, 4);

fn look(situation: &Situation) -> Outlook {
    outlook(situation, TODAY, &Choices::default(), &[]).unwrap()
}

fn local(values: Vec<(Key, Value)>) -> Situation {
    let mut values: BTreeMap<Key, Value> = values.into_iter().collect();
    values.entry(Key::TypeService).or_insert(Value::Choice("local_independant".to_owned()));
    Situation { values, ..Situation::default() }
}

fn marks(of: [i64; 11]) -> Vec<(Key, Value)> {
    let keys = Key::ENGAGEMENTS.into_iter().chain([Key::ScoreOr, Key::NoteAgents, Key::NoteUsagers]);
    keys.zip(of).map(|(key, mark)| (key, Value::Mark(Fraction::from(mark)))).collect()
}

fn central(locals: i64, labelled: [u64; 3], refused: u64, points: (i64, i64)) -> Situation {
    let counts = [
        (Key::NLocaux, locals),
        (Key::AutodiagnosticsFournis, locals),
        (Key::PointsValides, points.0),
        (Key::PointsTotal, points.1),
    ];
    let mut values: BTreeMap<Key, Value> =
        counts.into_iter().map(|(key, count)| (key, Value::Count(count))).collect();
    values.insert(Key::TypeService, Value::Choice("central".to_owned()));
    Situation { values, labelled, refused }
}

#[test]
fn the_tier_is_the_one_that_the_thresholds_give() {
    // Bronze 50 (users 70), Argent 65 (users 80), Or 80 (users 90, and the Or criteria).
    for (of, tier) in [
        ([50, 50, 50, 50, 50, 50, 50, 50, 0, 50, 70], Some(Tier::Bronze)),
        ([50, 50, 50, 50, 50, 50, 50, 50, 0, 50, 69], None),
        ([65, 65, 65, 65, 65, 65, 65, 65, 0, 65, 80], Some(Tier::Argent)),
        ([65, 65, 65, 64, 65, 65, 65, 65, 99, 65, 80], Some(Tier::Bronze)),
        ([80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 90], Some(Tier::Or)),
        ([80, 80, 80, 80, 80, 80, 80, 80, 79, 80, 90], Some(Tier::Argent)),
    ] {
        assert_eq!(look(&local(marks(of))).tier(), tier, "{of:?}");
    }
    let none = look(&local(Vec::new()));
    assert_eq!((none.tier(), none.calendar.len(), none.findings().count()), (None, 0, 0));
}

#[test]
fn the_surveys_of_the_worked_cases_are_valid_or_lack_as_many_answers() {
    // EX-03 to EX-06: concerned and invited, admissible, required, valid.
    for (agents, admissible, required, valid) in [
        (49, 24, 25, false),
        (49, 25, 25, true),
        (50, 29, 30, false),
        (300, 89, 90, false),
        (301, 49, 50, false),
        (301, 50, 50, true),
    ] {
        let counts = [
            (Key::AgentsConcernes, agents),
            (Key::AgentsSollicites, agents),
            (Key::AgentsRecevables, admissible),
        ];
        let found = look(&local(counts.map(|(key, count)| (key, Value::Count(count))).to_vec()));
        let survey = found.findings().find_map(|finding| match &finding.what {
            What::StaffSurvey { required, .. } => Some((*required, finding.level == Level::Ok)),
            _ => None,
        });
        assert_eq!(survey, Some((required, valid)), "{admissible} of {agents}");
        assert_eq!(found.findings().count(), 1, "and nothing else is asked");
    }
}

#[test]
fn the_networks_of_the_worked_cases_give_their_tiers() {
    // EX-14 to EX-17.
    for (situation, tier) in [
        (central(101, [4, 4, 0], 3, (30, 36)), None),
        (central(100, [3, 3, 2], 2, (27, 36)), Some(Tier::Argent)),
        (central(64, [4, 4, 0], 0, (75, 100)), Some(Tier::Bronze)),
        (central(30, [0, 5, 0], 1, (29, 39)), None),
    ] {
        let found = look(&situation);
        assert_eq!(found.tier(), tier, "{situation:?}");
        assert!(found.board.is_none());
        let doubted = found.findings().any(|finding| finding.level >= Level::ToCheck);
        assert!(doubted || tier.is_some(), "why there is no tier is said: {situation:?}");
    }
}

#[test]
fn the_calendar_goes_back_to_the_surveys_and_on_to_the_end_of_the_label() {
    let mut values = marks([65, 65, 65, 65, 65, 65, 65, 65, 0, 65, 80]);
    values.push((Key::AuditDebut, Value::Date(date(2027, 6, 21))));
    values.push((Key::EnqueteUsagersCloture, Value::Date(date(2026, 11, 1))));
    let found = look(&local(values));
    let day = |phase, obligation| {
        let one = found.calendar.iter().find(|one| one.phase == phase && one.due.obligation == obligation);
        one.map(|one| one.due.deadline.nominal)
    };
    // Two months and one month before; ten working days before (14 June is a Monday, no holiday between).
    assert_eq!(day(Phase::Audit, Obligation::Launch), Some(date(2027, 4, 21)));
    assert_eq!(day(Phase::Audit, Obligation::Deposit), Some(date(2027, 5, 21)));
    assert_eq!(day(Phase::Audit, Obligation::Plan), Some(date(2027, 6, 7)));
    // Three weeks after; then fifteen days to answer.
    assert_eq!(day(Phase::Audit, Obligation::Report), Some(date(2027, 7, 12)));
    assert!(day(Phase::Decision, Obligation::Observations) > Some(date(2027, 7, 12)));
    let decided = day(Phase::Decision, Obligation::Decide).unwrap();
    let ends = day(Phase::Label, Obligation::End).unwrap();
    assert_eq!((ends.year() - decided.year(), found.supposed), (3, None));
    assert!(
        found
            .calendar
            .iter()
            .any(|one| one.due.obligation == Obligation::FollowUp && one.due.window.is_some())
    );
    assert!(found.calendar.is_sorted_by_key(|one| one.due.deadline.nominal));
    let stale = found.findings().any(|finding| {
        matches!(finding.what, What::Survey { key: Key::EnqueteUsagersCloture, .. })
            && finding.level == Level::Ko
    });
    assert!(stale, "closed more than six months before the audit");
}

#[test]
fn without_a_tier_the_calendar_says_that_it_supposes_one() {
    let found = look(&local(vec![(Key::AuditDebut, Value::Date(date(2027, 6, 21)))]));
    assert_eq!((found.tier(), found.supposed), (None, Some(Tier::Bronze)));
    assert!(found.calendar.iter().any(|one| one.due.obligation == Obligation::End));
    // Absurd numbers cost nothing but their own answer.
    let huge = look(&central(i64::MAX, [u64::MAX, 5_000, 1], u64::MAX, (i64::MAX, 1)));
    assert!(huge.case.locals.len() <= 5_000);
}

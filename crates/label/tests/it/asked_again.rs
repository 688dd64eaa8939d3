//! What is asked for in the life of a label, on each side of the day that settles it: action plans, renewals.

use jiff::civil::Date;
use label::case::facts::{Facts, PlatformState, Row, Value};
use label::case::keys::Key;
use label::guide::decision::may_reapply_from;
use label::judge::review;
use label::life::{Label, State};

use crate::cases::{case_of, day, frame, row};
use crate::documents::local;
use crate::life::{awarded, choice, sound};

fn label(dossiers: &[Facts], on: i64) -> Label {
    review(&case_of(dossiers), day(on), &frame()).label.unwrap()
}

/// A label of the day 100, with these dates in single fields and these decisions.
fn plan(dates: &[(Key, i64)], decisions: &[(&str, i64)]) -> Option<Date> {
    let rows = decisions.iter().map(|(decision, on)| row(decision, *on));
    let mut dossier = sound([awarded("argent")].into_iter().chain(rows).collect());
    dossier.values.extend(dates.iter().map(|(key, on)| (*key, Value::Date(day(*on)))));
    label(&[dossier], 500).plan_asked
}

#[test]
fn a_plan_is_asked_for_since_the_award() {
    let asked = |on: i64| plan(&[(Key::PlanActionsDemandeLe, on)], &[]);
    assert_eq!([99, 100].map(asked), [None, Some(day(100))]);
}

/// R-3.9.1-i: the follow-up that is decided closes what was asked for until then.
#[test]
fn a_plan_asked_for_after_the_decision_on_the_follow_up_is_still_owed() {
    let asked = |on: i64| plan(&[(Key::PlanActionsDemandeLe, on)], &[("confirme", 300)]);
    assert_eq!([299, 300, 301].map(asked), [None, None, Some(day(301))]);
}

#[test]
fn a_plan_received_before_it_was_asked_for_is_another_one() {
    let owed =
        |received: i64| plan(&[(Key::PlanActionsDemandeLe, 300), (Key::PlanActionsRecuLe, received)], &[]);
    assert_eq!([299, 300, 301].map(owed), [Some(day(300)), None, None]);
}

/// A later dossier of the service.
fn later(number: i64, demande: &str, deposited: Date, state: PlatformState, rows: Vec<Row>) -> Facts {
    let values = vec![
        (Key::TypeDemande, choice(demande)),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    Facts { number, deposited, state, ..local(0, values) }
}

#[test]
fn a_renewal_that_was_closed_or_that_disappeared_is_asked_for_no_more() {
    let renewing = |state, gone| {
        let renewal = Facts { gone, ..later(2, "renouvellement", day(800), state, vec![]) };
        label(&[sound(vec![awarded("argent")]), renewal], 900).renewing
    };
    assert!(renewing(PlatformState::EnInstruction, false));
    for state in [PlatformState::Refuse, PlatformState::SansSuite] {
        assert!(!renewing(state, false), "{state:?}");
    }
    assert!(!renewing(PlatformState::EnInstruction, true));
}

/// R-3.8.1-g is about the request that was refused: a renewal, deposited since the label was obtained.
#[test]
fn only_the_refusal_of_a_renewal_sets_the_day_of_the_next_one() {
    let refused = |on| vec![row("rejete", on)];
    let again = |more: Vec<Facts>| {
        let dossiers: Vec<Facts> = [sound(vec![awarded("argent")])].into_iter().chain(more).collect();
        label(&dossiers, 900).reapply_from
    };
    let open = PlatformState::EnInstruction;
    let renewal = |deposited, rows| later(2, "renouvellement", deposited, open, rows);
    let from = Some(may_reapply_from(day(852), &frame().choices));
    assert_eq!(again(vec![renewal(day(800), refused(850))]), from);
    assert_eq!(again(vec![later(2, "suivi", day(800), open, refused(850))]), None);
    let obtained = label(&[sound(vec![awarded("argent")])], 200).obtained;
    assert_eq!(again(vec![renewal(obtained, refused(850))]), None, "not deposited since");
    // A renewal that nobody decided, beside a follow-up that was refused.
    let closed = later(2, "renouvellement", day(800), PlatformState::SansSuite, vec![]);
    assert_eq!(again(vec![closed, later(3, "suivi", day(810), open, refused(850))]), None);
}

#[test]
fn the_report_is_awaited_from_the_day_after_the_last_visit() {
    let state = |on: i64| review(&case_of(&[local(0, vec![])]), day(on), &frame()).state;
    let visit = State::AuditEnCours;
    assert_eq!([50, 51, 52].map(state), [visit, visit, State::RapportAttendu]);
}

//! The end of a label, by a withdrawal, by an expiry, by a renewal that is refused or not decided in time: what is still
//! owed, and who is told what on which day.

use jiff::civil::Date;
use label::case::facts::{Facts, PlatformState, Row, Value};
use label::case::keys::Key;
use label::judge::agenda::{Due, Obligation, Role, StageName, Status};
use label::judge::{Review, review};
use label::life::State;

use crate::cases::{case_of, day, facts, frame, row};
use crate::life::{awarded, choice, sound};

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

/// The days of the dues of one obligation.
fn days(review: &Review, obligation: Obligation) -> Vec<Date> {
    let of = review.agenda.iter().filter(|due| due.obligation == obligation);
    of.map(|due| due.deadline.nominal).collect()
}

/// Awarded on the day 100 and self-assessed on the day −60: the years end on the days 305, 671 and 1036.
fn labelled(more: Vec<Row>) -> Facts {
    let mut facts = sound([vec![awarded("argent")], more].concat());
    facts.values.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    facts
}

fn withdrawn(decided: i64, effective: i64) -> Row {
    let mut row = row("retrait", decided);
    row.insert(Key::EffetLe, Value::Date(day(effective)));
    row
}

/// §5.3.2: what falls on the day of effect or later is not owed from the day on which the withdrawal is known.
#[test]
fn an_announced_withdrawal_stops_at_once_what_comes_after_it() {
    let years = |effective: i64, on: i64| {
        let review = judged(&[labelled(vec![withdrawn(320, effective)])], on);
        (days(&review, Obligation::SelfAssessment), review.label.unwrap().withdrawn)
    };
    let all = vec![day(305), day(671), day(1036)];
    // Written on the day 320, when the second and the third year are still to come.
    assert_eq!(years(400, 319), (all.clone(), None));
    assert_eq!(years(400, 320), (vec![day(305)], Some(day(400))));
    // The day of effect is no day of the label any more; the day before is its last one.
    assert_eq!(years(671, 330).0, vec![day(305)]);
    assert_eq!(years(672, 330).0, vec![day(305), day(671)]);
    // Nothing is left once it took effect, and the mark has its two months.
    let after = judged(&[labelled(vec![withdrawn(320, 400)])], 400);
    assert_eq!(days(&after, Obligation::SelfAssessment), []);
    assert_eq!(due(&after, Obligation::MarkStops).unwrap().deadline.nominal, after.label.unwrap().mark_stops);
}

/// The follow-up opens on 6 June 2028 and closes on 6 October 2028 (days 519 to 641).
#[test]
fn a_window_that_closes_after_an_announced_withdrawal_is_not_opened() {
    let of = |effective: i64, on: i64| {
        let review = judged(&[labelled(vec![withdrawn(500, effective)])], on);
        (days(&review, Obligation::FollowUp).len(), review.state)
    };
    let closes = judged(&[labelled(vec![])], 560).label.unwrap().windows[0].closes;
    let closes: i64 = (closes - day(0)).get_days().into();
    assert_eq!(of(closes, 560), (0, State::Actif));
    assert_eq!(of(closes + 1, 560), (1, State::SuiviOuvert));
}

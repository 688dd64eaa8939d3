//! What a decision changed of the label: which period it is about, and whether it raised the tier.

use jiff::ToSpan;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Decision};
use label::judge::{Review, review};

use crate::cases::{case_of, day, frame, row};
use crate::documents::local;
use crate::life::{awarded, choice, sound};

fn judged(dossiers: &[Facts], on: i64) -> (Case, Review) {
    let case = case_of(dossiers);
    let review = review(&case, day(on), &frame());
    (case, review)
}

fn later(demande: &str, deposited: i64, rows: Vec<Row>) -> Facts {
    let values = vec![
        (Key::TypeDemande, choice(demande)),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    Facts { number: 2, deposited: day(deposited), ..local(0, values) }
}

fn tier(mut row: Row, tier: &str) -> Row {
    row.insert(Key::PalierDecide, choice(tier));
    row
}

#[test]
fn an_award_after_a_follow_up_raises_the_tier_or_confirms_it() {
    let change = |to: &str| {
        let first = sound(vec![awarded("argent")]);
        let (case, review) =
            judged(&[first, later("suivi", 500, vec![tier(row("labellise", 600), to)])], 610);
        let event = review.decisions().last().unwrap();
        review
            .decided(event, &case)
            .map(|decided| (decided.change.key(), decided.tier.map(|tier| tier.key())))
    };
    assert_eq!(change("or"), Some(("palier_superieur", Some("or"))));
    assert_eq!(change("argent"), Some(("confirmation", Some("argent"))));
}

#[test]
fn a_decision_is_about_the_period_that_runs_on_its_day() {
    let first = sound(vec![awarded("argent"), row("confirme", 600)]);
    let renewal = later("renouvellement", 1000, vec![tier(row("labellise", 1100), "or")]);
    let (case, review) = judged(&[first, renewal], 1300);
    let starts = |decision: Decision| {
        let event = review.decisions().rfind(|event| event.decision == decision).unwrap();
        let decided = review.decided(event, &case).unwrap();
        (decided.change.key(), decided.period.starts, decided.holds)
    };
    let [old, new] = [&review.periods[0], &review.periods[1]].map(|period| period.starts);
    assert!(old < new);
    assert_eq!(starts(Decision::Confirme), ("confirmation", old, false));
    assert_eq!(starts(Decision::Labellise), ("renouvellement", new, true));
}

/// R-5.3.2-i
#[test]
fn a_withdrawal_follows_an_expiry_from_the_day_after_the_last_valid_one() {
    let label = judged(&[sound(vec![awarded("argent")])], 200).1.label.unwrap();
    let last = i64::from((label.ends - day(0)).get_days());
    let follows = |offset: i64| {
        let on = label.ends.checked_add(offset.days()).unwrap();
        let withdrawn = Row::from([
            (Key::Decision, choice("retrait")),
            (Key::DecisionLe, Value::Date(on)),
            (Key::NotificationLe, Value::Date(on)),
        ]);
        let (case, review) = judged(&[sound(vec![awarded("argent"), withdrawn])], last + 30);
        let event = review.decisions().last().unwrap();
        let decided = review.decided(event, &case).unwrap();
        (decided.change.key(), decided.follows_an_expiry())
    };
    assert_eq!([0, 1].map(follows), [("retrait", false), ("retrait", true)]);
}

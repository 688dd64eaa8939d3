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

/// Whether a decision still holds on the day `on`: the last one of its kind, or the first.
fn holds(dossiers: &[Facts], decision: Decision, first: bool, on: i64) -> bool {
    let (case, review) = judged(dossiers, on);
    let mut of_it = review.decisions().filter(|event| event.decision == decision);
    let event = if first { of_it.next() } else { of_it.next_back() };
    review.decided(event.unwrap(), &case).unwrap().holds
}

fn with_effect(mut row: Row, on: i64) -> Row {
    row.insert(Key::EffetLe, Value::Date(day(on)));
    row
}

/// A follow-up or an extension without the label that it follows opens a period all the same.
#[test]
fn what_opens_a_period_is_an_award_whatever_was_asked_for() {
    for demande in ["suivi", "extension", "initial"] {
        let (case, review) = judged(&[later(demande, 0, vec![tier(row("labellise", 100), "argent")])], 200);
        let event = review.decisions().next().unwrap();
        let change = review.decided(event, &case).map(|decided| decided.change.key());
        assert_eq!(change, Some("attribution"), "{demande}");
    }
}

/// F-42: granted early, it begins when the running period ends.
#[test]
fn a_renewal_holds_before_it_begins_unless_the_label_is_withdrawn_and_then_while_nothing_touches_it() {
    let renewal = later("renouvellement", 1000 - 50, vec![tier(row("labellise", 1000), "argent")]);
    let dossiers = |more: Vec<Row>| {
        let rows = [awarded("argent")].into_iter().chain(more).collect();
        [sound(rows), renewal.clone()]
    };
    let (_, review) = judged(&dossiers(vec![]), 1010);
    let starts = i64::from((review.periods[1].starts - day(0)).get_days());
    let renewed = |more: Vec<Row>, on: i64| holds(&dossiers(more), Decision::Labellise, false, on);
    assert!([1010, starts - 1, starts, starts + 10].iter().all(|on| renewed(vec![], *on)));
    // The running period is suspended: the next one is still to begin.
    assert!(renewed(vec![row("suspension", 1050)], 1060));
    let withdrawn = || vec![with_effect(row("retrait", 1050), 1100)];
    assert_eq!([1049, 1060, 1110].map(|on| renewed(withdrawn(), on)), [true, false, false]);
    // Suspended from its first day on.
    let suspended = || vec![row("suspension", starts - 2)];
    let days = [starts - 1, starts, starts + 10];
    assert_eq!(days.map(|on| renewed(suspended(), on)), [true, false, false]);
}

/// It takes effect on the day 402.
#[test]
fn a_lifting_holds_until_the_label_is_suspended_again_or_withdrawn() {
    let lifted = |more: Vec<Row>, on: i64| {
        let rows = [awarded("argent"), row("suspension", 300), row("levee", 400)];
        holds(&[sound(rows.into_iter().chain(more).collect())], Decision::Levee, false, on)
    };
    assert_eq!([401, 402, 460].map(|on| lifted(vec![], on)), [true; 3]);
    let again = || vec![row("suspension", 450)];
    assert_eq!([449, 460].map(|on| lifted(again(), on)), [true, false]);
    // Written before it takes effect, with an effect after it.
    let withdrawn = || vec![with_effect(row("retrait", 399), 500)];
    assert_eq!([401, 402, 403].map(|on| lifted(withdrawn(), on)), [true, false, false]);
}

#[test]
fn a_suspension_holds_until_it_is_lifted_or_its_period_is_over() {
    let suspended = |dossiers: &[Facts], on: i64| holds(dossiers, Decision::Suspension, false, on);
    let lifted = [sound(vec![awarded("argent"), row("suspension", 300), row("levee", 400)])];
    assert_eq!([310, 401, 402, 500].map(|on| suspended(&lifted, on)), [true, true, false, false]);
    let renewal = later("renouvellement", 950, vec![tier(row("labellise", 1000), "argent")]);
    let renewed = [sound(vec![awarded("argent"), row("suspension", 1150)]), renewal];
    let starts = judged(&renewed, 1160).1.periods[1].starts;
    let starts = i64::from((starts - day(0)).get_days());
    assert_eq!([starts - 1, starts, starts + 10].map(|on| suspended(&renewed, on)), [true, false, false]);
}

#[test]
fn of_two_withdrawals_the_one_that_ended_the_label_holds() {
    let again = |second: i64| {
        let dossiers = [sound(vec![awarded("argent"), row("retrait", 300), row("retrait", second)])];
        [true, false].map(|first| holds(&dossiers, Decision::Retrait, first, second + 10))
    };
    // Also one that is notified after the last valid day.
    assert_eq!([400, 1800].map(again), [[true, false]; 2]);
}

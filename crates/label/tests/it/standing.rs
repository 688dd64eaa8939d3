//! The standing of a label on a day: the same whether it is asked on that day or years later.

use jiff::civil::Date;
use label::guide::choices::Choices;
use label::guide::tiers::Tier;
use label::judge::review;
use label::life::entry::{Outcome, RefusalReason};
use label::life::{LabelStatus, Life, Standing, State, Suspension};
use proptest::prelude::*;

use crate::cases::{case_of, day, frame, row};
use crate::life::{awarded, sound};
use crate::life_properties::any_history;

fn status_on(life: &Life, on: i64) -> Option<(LabelStatus, Date)> {
    life.standing(day(on)).map(|standing| (standing.status, standing.since))
}

fn corrected(life: &Life) -> bool {
    life.entries.iter().any(|entry| {
        matches!(
            entry.outcome,
            Outcome::Refused(RefusalReason::Corrected { .. } | RefusalReason::RefusalCorrected { .. })
        )
    })
}

#[test]
fn each_status_has_its_first_day() {
    let rows = vec![awarded("argent"), row("suspension", 200), row("levee", 260), row("retrait", 400)];
    let life = Life::of(&case_of(&[sound(rows)]), day(2000), &Choices::default());
    assert_eq!(status_on(&life, 99), None);
    assert_eq!(
        status_on(&life, 201),
        Some((LabelStatus::Active, day(100))),
        "suspended from its notification"
    );
    assert_eq!(status_on(&life, 202), Some((LabelStatus::Suspended, day(202))));
    assert_eq!(
        status_on(&life, 262),
        Some((LabelStatus::Active, day(262))),
        "free on the day of the lifting"
    );
    assert_eq!(status_on(&life, 402), Some((LabelStatus::Withdrawn, day(402))));
    let days: Vec<Date> = life.standings().into_iter().map(|(from, _)| from).collect();
    assert_eq!(days, [100, 200, 202, 262, 400, 402].map(day), "a decision is known before it takes effect");
    let before: Standing = life.standing(day(399)).unwrap();
    assert_eq!(before.withdrawn, None, "nobody knew of the withdrawal on its eve");
    assert_eq!(before.tier, Some(Tier::Argent));
}

/// A decision that was written after the day from which it counts: it changes days that were over.
fn in_arrears(life: &Life) -> bool {
    life.decisions().any(|event| event.decided.or(event.notified) > event.effective.or(event.on()))
}

proptest! {
    #![proptest_config(crate::cases_tried(300))]

    /// What was true on a day does not depend on when it is asked, unless a decision was corrected, took effect in arrears,
    /// or does not count any more since another one came before its effect.
    #[test]
    fn a_day_over_keeps_its_standing(dossiers in any_history(), today in 0_i64..2500, back in 0_i64..1200) {
        let case = case_of(&dossiers);
        let life = Life::of(&case, day(today), &Choices::default());
        let on = day(today - back);
        let then = Life::of(&case, on, &Choices::default());
        let counts_still = then.decisions().all(|event| life.decisions().any(|now| now == event));
        prop_assume!(!corrected(&life) && !in_arrears(&life) && counts_still);
        prop_assert_eq!(life.standing(on), then.standing(on));
    }

    /// The steps give the same as the standing of each day, before, on and after today.
    #[test]
    fn the_steps_are_the_days(dossiers in any_history(), today in 0_i64..2500) {
        let life = Life::of(&case_of(&dossiers), day(today), &Choices::default());
        let steps = life.standings();
        for on in (0..2600).map(day) {
            let step = steps.iter().rev().find(|(from, _)| *from <= on).map(|(_, standing)| standing.clone());
            prop_assert_eq!(step, life.standing(on), "{}", on);
        }
    }

    /// The state, the label and the standing of a judgement say the same of its day.
    #[test]
    fn a_judgement_says_one_thing(dossiers in any_history(), today in 0_i64..2500) {
        let review = review(&case_of(&dossiers), day(today), &frame());
        let standing = review.standing();
        prop_assert_eq!(standing.is_some(), review.label.is_some());
        let (Some(standing), Some(label)) = (standing, &review.label) else { return Ok(()) };
        prop_assert_eq!((standing.tier, standing.ends, standing.withdrawn), (label.tier, label.ends, label.withdrawn));
        prop_assert_eq!(&standing.suspension, &label.suspension);
        prop_assert_eq!(standing.status == LabelStatus::Suspended, review.state == State::Suspendu);
        prop_assert_eq!(standing.status == LabelStatus::Withdrawn, review.state == State::Retire);
    }
}

#[test]
fn the_last_day_of_a_label_is_one_on_which_it_holds() {
    let (starts, ends) = (day(0), day(1000));
    let label = Standing {
        status: LabelStatus::Active,
        since: starts,
        tier: None,
        decided: None,
        notified: None,
        starts,
        ends,
        suspension: None,
        withdrawn: None,
        renewed_from: None,
    };
    let suspension = Some(Suspension { since: day(10), limit: day(375), lift_by: None, cause: None });
    let suspended = Standing { status: LabelStatus::Suspended, suspension, ..label.clone() };
    let to_withdraw = Standing { withdrawn: Some(day(50)), ..suspended.clone() };
    let withdrawn = Standing { status: LabelStatus::Withdrawn, ..to_withdraw.clone() };
    let expired = Standing { status: LabelStatus::Expired, ..suspended.clone() };
    for (standing, last) in
        [(label, ends), (suspended, day(375)), (to_withdraw, day(49)), (withdrawn, day(49)), (expired, ends)]
    {
        assert_eq!(standing.last_day_if_nothing_is_done(), last, "{:?}", standing.status);
    }
}

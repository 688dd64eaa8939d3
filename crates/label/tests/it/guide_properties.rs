//! Properties that hold for every input, by generation.

use jiff::Span;
use jiff::civil::{Date, Weekday, date};
use label::conformance::{CaseResult, run, table};
use label::guide::calendar::{Calendar, Zone, add_days, add_months};
use label::guide::central::{CentralFile, TierCounts, central_label, majority};
use label::guide::choices::{CentralMajority, Choices};
use label::guide::draw::{draw, sample};
use label::guide::sample::{pools, sample_size};
use label::guide::score::{Fraction, ceil_share};
use label::guide::supplements::supplements;
use label::guide::surveys::{
    AnswerCounts, StaffClass, UserAnswers, staff_answers_required, staff_survey, user_marks, user_survey,
};
use label::guide::tiers::{Criterion, LocalMarks, Tier, local_tier};
use label::guide::{Verdict, follow_up::Window};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A mark around the thresholds, in hundredths.
fn mark() -> impl Strategy<Value = Fraction> {
    let near =
        prop::sample::select(vec![50_i64, 65, 70, 80, 90]).prop_flat_map(|at| at * 100 - 1..=at * 100 + 1);
    prop_oneof![near, 0_i64..=10_000].prop_map(|hundredths| Fraction::from(hundredths) / Fraction::from(100))
}

fn marks() -> impl Strategy<Value = LocalMarks> {
    let one = || prop::option::weighted(0.9, mark());
    (prop::array::uniform8(one()), one(), one(), one()).prop_map(
        |(engagements, or_criteria, staff, users)| LocalMarks { engagements, or_criteria, staff, users },
    )
}

fn slot(marks: &mut LocalMarks, which: usize) -> &mut Option<Fraction> {
    match which {
        0..8 => &mut marks.engagements[which],
        8 => &mut marks.or_criteria,
        9 => &mut marks.staff,
        _ => &mut marks.users,
    }
}

/// A day within the years that the program is used in; more often than not the end of a month.
fn day() -> impl Strategy<Value = Date> {
    let any = (2020_i16..=2060, 1_i8..=12, 1_i8..=31);
    prop_oneof![any.clone(), any.prop_map(|(year, month, _)| (year, month, 31))]
        .prop_map(|(year, month, day)| date(year, month, day.min(date(year, month, 1).days_in_month())))
}

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(Zone::ALL.map(|(zone, _)| zone).to_vec())
}

fn labelled() -> impl Strategy<Value = TierCounts> {
    let count = || prop_oneof![0_u64..=6, 0_u64..=300, Just(u64::MAX)];
    (count(), count(), count()).prop_map(|(bronze, argent, or)| TierCounts { bronze, argent, or, untold: 0 })
}

proptest! {
    #[test]
    fn raising_a_mark_never_lowers_the_tier(before in marks(), which in 0_usize..11, higher in mark()) {
        let mut after = before.clone();
        let raised = slot(&mut after, which);
        *raised = raised.take().max(Some(higher));
        prop_assert!(local_tier(&after).tier >= local_tier(&before).tier);
    }

    #[test]
    fn the_tier_is_the_lowest_of_the_components(marks in marks()) {
        let components = Criterion::all().map(|criterion| match marks.get(criterion) {
            Some(mark) => criterion.tier(mark),
            None if criterion == Criterion::OrCriteria => Some(Tier::Argent),
            None => None,
        });
        prop_assert_eq!(local_tier(&marks).tier, components.min().unwrap());
    }

    #[test]
    fn what_limits_is_what_the_next_tier_asks_and_the_mark_misses(marks in marks()) {
        let result = local_tier(&marks);
        let next = result.tier.map_or(Some(Tier::Bronze), Tier::next);
        prop_assert_eq!(next.is_none(), result.limiting.is_empty() && result.missing.is_empty());
        for limiting in result.limiting {
            prop_assert_eq!(limiting.criterion.threshold(next.unwrap()), Some(limiting.required));
            prop_assert!(limiting.mark < Fraction::from(limiting.required));
        }
    }

    #[test]
    fn what_a_staff_survey_needs_is_exactly_what_makes_it_valid(
        staff in 1_i64..=1000, left_out in 0_i64..=20, answers in 0_i64..=1000,
    ) {
        let invited = (staff - left_out).max(1);
        let valid = staff_survey(staff, invited, answers) == Verdict::Met;
        prop_assert_eq!(valid, answers >= staff_answers_required(staff, invited));
    }

    #[test]
    fn inside_a_class_more_staff_never_asks_for_fewer_answers(staff in 1_i64..=2000) {
        if StaffClass::of(staff) == StaffClass::of(staff + 1) {
            let (fewer, more) = (staff_answers_required(staff, staff), staff_answers_required(staff + 1, staff + 1));
            prop_assert!(fewer <= more && more <= fewer + 1);
        }
    }

    #[test]
    fn one_answer_more_never_spoils_a_users_survey(invited in 0_i64..=3000, answers in 0_i64..=200) {
        if user_survey(invited, answers) == Verdict::Met {
            prop_assert_eq!(user_survey(invited, answers + 1), Verdict::Met);
            prop_assert!(answers >= 50 && 20 * answers >= invited && invited > 0);
        }
    }

    #[test]
    fn a_survey_mark_stands_between_the_extremes_and_rises_with_an_answer(
        counts in prop::collection::vec(prop::array::uniform4(0_i64..=9), 15), which in 0_usize..15, worse in 0_usize..3,
    ) {
        let mut all: Vec<AnswerCounts> =
            counts.into_iter().map(|scored| AnswerCounts { scored, not_concerned: 1 }).collect();
        let mark = |all: &[AnswerCounts]| {
            let (mut rest, mut answers) = (all, UserAnswers::default());
            for (slot, size) in answers.engagements.iter_mut().zip([2, 2, 2, 2, 2, 1, 2, 1]) {
                *slot = rest[..size].to_vec();
                rest = &rest[size..];
            }
            answers.satisfaction = rest.to_vec();
            user_marks(&answers, &Choices::default()).global
        };
        let before = mark(&all);
        if let Some(before) = &before {
            prop_assert!(*before >= Fraction::from(0) && *before <= Fraction::from(100));
        }
        if all[which].scored[worse] > 0 {
            all[which].scored[worse] -= 1;
            all[which].scored[worse + 1] += 1;
            prop_assert!(mark(&all) >= before);
        }
    }

    #[test]
    fn three_quarters_rounded_up_is_the_least_that_suffices(audited in 0_u64..=100_000) {
        let required = ceil_share(3, 4, audited);
        prop_assert!(4 * required >= 3 * audited);
        prop_assert!(required == 0 || 4 * (required - 1) < 3 * audited);
    }

    #[test]
    fn the_sample_is_the_least_whose_square_reaches_the_locals(locals in 0_u64..=10_000_000_000) {
        let size = sample_size(locals);
        prop_assert!(size * size >= locals && (size == 0 || (size - 1) * (size - 1) < locals));
    }

    #[test]
    fn a_year_never_offers_more_than_the_one_before(locals in 0_u64..=400, years in 0_usize..=6) {
        let pools = pools(locals, years, &Choices::default());
        prop_assert_eq!(pools.available.len(), years);
        prop_assert!(pools.available.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert!(pools.drawn.iter().sum::<u64>() <= locals);
        prop_assert_eq!(pools.exhausted, pools.drawn.iter().any(|drawn| *drawn < pools.sample));
    }

    #[test]
    fn the_supplements_are_the_least_that_suffice(audited in 0_u64..=500, labelled in 0_u64..=500) {
        let found = supplements(audited, labelled, &Choices::default());
        let enough = |more: u64| labelled + more >= ceil_share(3, 4, audited + more);
        let least = (0..).find(|more| enough(*more)).unwrap();
        prop_assert_eq!(found.of_all_audited, least);
        prop_assert_eq!(found.of_the_sample, found.required.saturating_sub(labelled));
        prop_assert!(found.of_all_audited >= found.of_the_sample);
    }

    #[test]
    fn the_majority_is_total(labelled in labelled()) {
        let found = majority(&labelled, &Choices::default());
        prop_assert_eq!(found.is_some(), labelled.total() > 0);
        if let Some(found) = found {
            prop_assert!(labelled.in_tier(found.plurality) == Tier::ALL.map(|t| labelled.in_tier(t)).into_iter().max().unwrap());
            let plurality = Choices { majority: CentralMajority::Plurality, ..Choices::default() };
            prop_assert_eq!(majority(&labelled, &plurality).unwrap().tier, found.plurality);
        }
    }

    #[test]
    fn the_majority_is_the_median_local_from_below(bronze in 0_u64..=8, argent in 0_u64..=8, or in 0_u64..=8) {
        let mut locals = [(Tier::Bronze, bronze), (Tier::Argent, argent), (Tier::Or, or)]
            .into_iter().flat_map(|(tier, count)| std::iter::repeat_n(tier, usize::try_from(count).unwrap()));
        let total = usize::try_from(bronze + argent + or).unwrap();
        let median = locals.nth(total.saturating_sub(1) / 2);
        let found = majority(&TierCounts { bronze, argent, or, untold: 0 }, &Choices::default());
        prop_assert_eq!(found.map(|found| found.cumulative), median);
    }

    #[test]
    fn a_better_local_never_harms_its_central(
        locals in 1_u64..=100, audited in 1_u64..=12, labelled in prop::array::uniform3(0_u64..=5), points in 0_u64..=40,
    ) {
        let [bronze, argent, or] = labelled;
        let file = |bronze, argent, or, points_validated| CentralFile {
            locals, audited, labelled: TierCounts { bronze, argent, or, untold: 0 },
            points: Some((points_validated, 40)), self_assessments: Some(locals),
        };
        let tier = |file: &CentralFile| central_label(file, &Choices::default()).majority.map(|majority| majority.tier);
        let before = tier(&file(bronze, argent, or, points));
        prop_assert!(tier(&file(bronze, argent, or, points + 1)) >= before);
        if bronze > 0 {
            prop_assert!(tier(&file(bronze - 1, argent + 1, or, points)) >= before);
            prop_assert!(tier(&file(bronze - 1, argent, or + 1, points)) >= before);
        }
    }

    #[test]
    fn months_agree_with_a_count_of_months_since_year_zero(day in day(), months in -60_i32..=60) {
        let index = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months;
        let (year, month) = (i16::try_from(index.div_euclid(12)).unwrap(), i8::try_from(index.rem_euclid(12) + 1).unwrap());
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        prop_assert_eq!(add_months(day, months), date(year, month, day.day().min(last)));
    }

    #[test]
    fn a_window_holds_its_theoretical_date_and_opens_four_months(day in day(), months in 0_i32..=36) {
        let window = Window::after(day, months);
        prop_assert!(window.contains(window.theory));
        prop_assert!(!window.contains(add_days(window.opens, -1)) && !window.contains(add_days(window.closes, 1)));
        let length = (window.closes - window.opens).get_days();
        prop_assert!((118..=124).contains(&length), "{}", length);
    }

    #[test]
    fn working_days_agree_with_a_naive_count(
        event in day(), count in 0_u32..=30, zone in zone(), extra in prop::collection::vec(day(), 0..4),
    ) {
        let calendar = Calendar { zone, extra };
        let reached = calendar.working_days_before(event, count);
        let works = |day: &Date| {
            !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !calendar.is_holiday(*day)
        };
        let between = reached.series(Span::new().days(1)).take_while(|day| *day < event).filter(works).count();
        prop_assert_eq!(between, usize::try_from(count).unwrap());
        prop_assert!(count == 0 || works(&reached));
    }

    #[test]
    fn an_extended_deadline_is_the_next_working_day(nominal in day(), zone in zone()) {
        let calendar = Calendar::of(zone);
        let due = calendar.deadline(nominal);
        prop_assert!(calendar.is_working(due.extended) && due.extended >= nominal);
        let skipped = nominal.series(Span::new().days(1)).take_while(|day| *day < due.extended);
        prop_assert!(skipped.into_iter().all(|day| !calendar.is_working(day)));
        prop_assert!((due.extended - nominal).get_days() <= 5);
    }

    #[test]
    fn a_fraction_is_displayed_cut_and_read_back(numerator in -1_000_000_i64..=1_000_000, denominator in 1_i64..=10_000) {
        let exact = Fraction::new(numerator, denominator).unwrap();
        prop_assert_eq!(exact.to_string().parse::<Fraction>().unwrap(), exact.clone());
        let cut: Fraction = exact.truncated(2).parse().unwrap();
        let lost = if exact.is_negative() { cut - exact } else { exact - cut };
        prop_assert!(!lost.is_negative() && lost < Fraction::new(1, 100).unwrap());
    }

    #[test]
    fn a_draw_is_a_permutation_that_ignores_the_order_given(
        seed in ".{0,20}", ids in prop::collection::btree_set("[a-z0-9é]{1,6}", 0..40).prop_map(Vec::from_iter), turn in 0_usize..40,
    ) {
        let drawn = draw(&seed, &ids);
        let mut sorted = drawn.clone();
        sorted.sort();
        prop_assert_eq!(&sorted, &ids);
        let mut turned = ids.clone();
        turned.rotate_left(turn.min(ids.len()));
        turned.extend(ids.first().cloned());
        prop_assert_eq!(draw(&seed, &turned), drawn.clone());
        prop_assert_eq!(sample(&seed, &ids, turn), drawn[..turn.min(drawn.len())].to_vec());
    }
}

/// Any JSON value, nested and with unusual content.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::sample::select(vec![
            "9999-12-31",
            "2028-02-29",
            "-1",
            "1/0",
            "0.75",
            "bronze",
            "metropole",
            "2026-12-14T23:30:00Z"
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z0-9]{0,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const EXAMPLES: &str = include_str!("../../../../tests/catalogue/examples.json");

/// The worked cases of every kind, for the tests that damage their input.
fn cases() -> Vec<Value> {
    let parsed: Value = serde_json::from_str(EXAMPLES).expect("the catalogue is JSON");
    parsed["cases"].as_array().cloned().expect("the catalogue has cases")
}

/// Replaces the `at`-th value inside `value`, counted in depth.
fn spoil(value: &mut Value, at: &mut usize, by: &Value) {
    if *at == 0 {
        *value = by.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, at, by)),
        Value::Object(map) => map.values_mut().for_each(|item| spoil(item, at, by)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_worked_cases_panic(text in ".{0,200}") {
        drop(run(&text, &Choices::default()));
    }

    #[test]
    fn no_json_makes_the_worked_cases_panic(cases in prop::collection::vec(any_json(), 0..4)) {
        let outcomes = run(&json!({ "cases": cases }).to_string(), &Choices::default()).unwrap();
        prop_assert_eq!(outcomes.len(), cases.len());
        prop_assert!(table::text(&outcomes).lines().all(|line| line.chars().count() <= 100));
    }

    #[test]
    fn a_spoilt_case_never_panics(which in 0_usize..30, at in 0_usize..60, by in any_json()) {
        let cases = cases();
        if let Some(mut case) = cases.get(which).cloned() {
            spoil(&mut case["input"], &mut at.clone(), &by);
            let outcomes = run(&json!({ "cases": [case] }).to_string(), &Choices::default()).unwrap();
            if let CaseResult::Error(sentence) = &outcomes[0].result {
                prop_assert!(sentence.contains("champ « input"), "{}", sentence);
            }
        }
    }

    #[test]
    fn a_spoilt_expectation_is_seen(which in 0_usize..30, at in 0_usize..20) {
        let cases = cases();
        if let Some(mut case) = cases.get(which).cloned() {
            let before = case["expected"].clone();
            spoil(&mut case["expected"], &mut at.clone(), &json!("never expected"));
            let result = run(&json!({ "cases": [case] }).to_string(), &Choices::default()).unwrap().remove(0).result;
            prop_assert_eq!(result == CaseResult::Pass, before == case["expected"]);
        }
    }
}

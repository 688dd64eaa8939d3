//! The next day on which a case is judged: the days that a judgement holds, and none that is past.

use jiff::civil::Date;
use label::case::facts::{Facts, PlatformState};
use label::judge::{Review, review};
use label::plan::{LONGEST_DAYS, days_in, next_look, next_look_once_over};

use crate::cases::{case_of, day, facts, frame};
use crate::documents::local;

fn judged(dossier: Facts, on: i64) -> Review {
    review(&case_of(&[dossier]), day(on), &frame())
}

#[test]
fn the_days_of_a_text_are_found_in_order_and_each_once() {
    let days = |text: &str| days_in(text.as_bytes()).collect::<Vec<Date>>();
    let text =
        r#"{"b":"2027-01-06","a":["2027-01-05",7],"c":"2027-01-06","d":"2027/01/07","e":"2027-13-01"}"#;
    assert_eq!(days(text), [day(1), day(2)]);
    let none = [r#""2027-01-05T08""#, r#""2027-1-005""#, r#""20270-1-05""#, "2027-01-05x", r#""2027-01 05""#];
    for text in none {
        assert_eq!(days(text), [], "{text}");
    }
}

/// Long before its deposit nothing of the case is near.
#[test]
fn a_case_is_judged_again_on_a_day_that_comes_the_day_after_and_four_days_after() {
    const TODAY: i64 = -200;
    let review = judged(local(0, vec![]), TODAY);
    let next = |offset: i64| {
        let next = next_look(&review, [day(TODAY + offset)]);
        (next - day(TODAY)).get_days()
    };
    assert_eq!(LONGEST_DAYS, 14);
    assert_eq!([20, 14, 13, 5, 1].map(next), [14, 14, 13, 5, 1]);
    assert_eq!([0, -1, -3, -4, -30].map(next), [1, 3, 1, 14, 14]);
}

/// O-37: reminders sixty and fifteen days before the platform deletes the dossier.
#[test]
fn a_case_that_is_over_is_judged_again_when_its_dossier_is_about_to_be_deleted() {
    let closed = || Facts {
        state: PlatformState::SansSuite,
        decided: Some(day(20)),
        expires: Some(day(200)),
        ..facts(1, 0, vec![])
    };
    let next = |on: i64| next_look_once_over(&judged(closed(), on));
    assert_eq!([139, 140, 184, 185].map(next), [day(140), day(185), day(185), day(201)]);
    assert_eq!([200, 201].map(next), [day(201), Date::MAX]);
}

//! What one deadline says of itself: whether it is open, until when it matters, and whether it was done too late.

use jiff::civil::Date;
use label::guide::calendar::Deadline;
use label::judge::agenda::{Due, Obligation, Status};

use crate::cases::day;

/// A Saturday that the Monday after it extends, with reminders up to the day 60.
fn due(obligation: Obligation, status: Status, done_on: Option<Date>) -> Due {
    Due {
        obligation,
        dossier: 1,
        deadline: Deadline { nominal: day(5), extended: day(7) },
        window: None,
        zone: None,
        occurrence: 0,
        horizon: day(60),
        status,
        settled: None,
        done_on,
        stages: Vec::new(),
    }
}

#[test]
fn a_deadline_is_open_until_it_is_done_or_passed() {
    let all = [Status::Upcoming, Status::Late, Status::Passed, Status::Done];
    let open = all.map(|status| due(Obligation::Report, status, None).is_open());
    assert_eq!(open, [true, true, false, false]);
}

#[test]
fn it_is_over_after_its_extended_day_and_an_invitation_or_an_advice_after_its_last_reminder() {
    let ends = |obligation| due(obligation, Status::Upcoming, None).ends();
    assert_eq!(ends(Obligation::Report), day(7));
    assert_eq!([ends(Obligation::Renewal), ends(Obligation::FollowUpSurveys)], [day(60); 2]);
}

#[test]
fn its_reader_can_act_until_its_day_unless_it_only_opens_something_or_is_no_rule_of_the_guide() {
    let last = |obligation| due(obligation, Status::Upcoming, None).last_day();
    assert_eq!([last(Obligation::Report), last(Obligation::Renewal)], [Some(day(5)), Some(day(60))]);
    let opening =
        [Obligation::Reapply, Obligation::NewCampaign, Obligation::Prepare, Obligation::PrepareCentral];
    for obligation in opening {
        assert!(due(obligation, Status::Upcoming, None).only_opens(), "{obligation:?}");
        assert_eq!(last(obligation), None, "{obligation:?}");
    }
    // F-20: the guide gives no delay for the decision.
    assert!(!due(Obligation::Decide, Status::Upcoming, None).only_opens());
    assert_eq!(last(Obligation::Decide), None);
}

#[test]
fn what_is_done_on_the_extended_day_is_in_time() {
    let late = |status, on: i64| due(Obligation::Report, status, Some(day(on))).is_done_late();
    assert_eq!([5, 7, 8].map(|on| late(Status::Done, on)), [false, false, true]);
    assert!(!late(Status::Passed, 8) && !due(Obligation::Report, Status::Done, None).is_done_late());
}

//! A central service and its nine local ones: three audited each year before the central itself.

use super::super::form::{FIRST, FOLLOW_UP};
use super::Story;
use super::round::{BRONZE, Marks, Round, SILVER};
use super::services::{ARCHIPEL, BRANCHES};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

pub(super) const CENTRAL_DOSSIER: u32 = 6001;

pub(super) fn tell(story: &mut Story) {
    let firsts = [date(2027, 9, 6), date(2028, 10, 2), date(2029, 10, 1)];
    for (year, monday) in firsts.into_iter().enumerate() {
        for place in 0..3 {
            let rank = year * 3 + place;
            let weeks = i64::try_from(place).unwrap_or(0);
            if let Some(round) = branch(rank, monday.saturating_add(weeks.weeks())) {
                story.play(&round);
            }
        }
    }
    story.play(&central(CENTRAL_DOSSIER, FIRST, None, date(2027, 11, 15), ("Labellisé", Some("Argent"))));
    story.play(&central(
        6002,
        FOLLOW_UP,
        Some(CENTRAL_DOSSIER),
        date(2029, 1, 15),
        ("Confirmé", Some("Argent")),
    ));
    story.play(&central(6003, FOLLOW_UP, Some(6002), date(2030, 1, 14), ("Confirmé", Some("Argent"))));
}

/// Two in three reach Argent, the third Bronze: the majority of each year holds Argent.
fn branch(rank: usize, monday: Date) -> Option<Round> {
    let (marks, tier): (Marks, _) = if rank % 3 == 2 { (BRONZE, "Bronze") } else { (SILVER, "Argent") };
    Some(Round {
        number: 6101 + u32::try_from(rank).ok()?,
        service: BRANCHES.get(rank)?,
        kind: FIRST,
        previous: None,
        diagnosis: monday.saturating_sub(14.weeks()),
        surveys: (monday.saturating_sub(10.weeks()), monday.saturating_sub(9.weeks())),
        deposit: monday.saturating_sub(7.weeks()),
        audit: (monday, monday.saturating_add(1.days())),
        plan: monday.saturating_sub(3.weeks()),
        report: monday.saturating_add(17.days()),
        decision: monday.saturating_add(5.weeks()),
        marks,
        outcome: ("Labellisé", Some(tier)),
    })
}

fn central(
    number: u32,
    kind: &'static str,
    previous: Option<u32>,
    monday: Date,
    outcome: (&'static str, Option<&'static str>),
) -> Round {
    Round {
        number,
        service: &ARCHIPEL,
        kind,
        previous,
        diagnosis: monday.saturating_sub(20.weeks()),
        surveys: (monday.saturating_sub(10.weeks()), monday.saturating_sub(9.weeks())),
        deposit: monday.saturating_sub(8.weeks()),
        audit: (monday, monday.saturating_add(1.days())),
        plan: monday.saturating_sub(4.weeks()),
        report: monday.saturating_add(18.days()),
        decision: monday.saturating_add(8.weeks()),
        marks: SILVER,
        outcome,
    }
}

//! R-X-1…R-X-6, R-X-10 — civil dates in Paris, months *de quantième à quantième*, working days by holiday zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

pub use super::holidays::Zone;

/// Compiled in, so that a deadline does not depend on the machine's zone files.
static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// R-X-1 — *date civile*: the day in Paris of an instant of the platform.
#[must_use]
pub fn paris_date(instant: Timestamp) -> Date {
    PARIS.to_datetime(instant).date()
}

/// Which days count as *ouvrés*: the zone's holidays, and days that the operator added (Mayotte's moving feasts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Whose public holidays count.
    pub zone: Zone,
    /// Days that the operator added, in any order: not worked, whatever the zone says.
    pub extra: Vec<Date>,
}

impl Calendar {
    /// The calendar of `zone`, without added days.
    #[must_use]
    pub fn of(zone: Zone) -> Calendar {
        Calendar { zone, extra: Vec::new() }
    }

    /// True on a public holiday of the zone, weekend or not, and on an added day.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        self.zone.is_holiday(day) || self.extra.contains(&day)
    }

    /// R-X-4 — *jour ouvré*: Monday to Friday, save holidays.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.is_holiday(day)
    }

    /// R-X-5 — *délai à rebours*: the `count`-th working day before `day`, which does not count itself.
    ///
    /// The day found is the last good one and is never rolled forward; the *variante franche* asks for one day more.
    #[must_use]
    pub fn working_days_before(&self, day: Date, count: u32) -> Date {
        let mut reached = day;
        for _ in 0..count {
            reached = self.last_working(add_days(reached, -1));
        }
        reached
    }

    /// The last working day on or before `day`.
    #[must_use]
    pub fn last_working(&self, day: Date) -> Date {
        self.walk(day, -1)
    }

    /// R-X-6 — *échéance prorogée*: the first working day on or after `day`.
    #[must_use]
    pub fn next_working(&self, day: Date) -> Date {
        self.walk(day, 1)
    }

    /// A forward deadline: the date itself, and the next working day when the date is not one.
    #[must_use]
    pub fn deadline(&self, nominal: Date) -> Deadline {
        Deadline { nominal, extended: self.next_working(nominal) }
    }

    /// The first working day from `from` in steps of `step` days. The number of steps is bounded, so that it also ends
    /// when the operator declares every day as not worked.
    fn walk(&self, from: Date, step: i32) -> Date {
        let mut day = from;
        for _ in 0..400 {
            if self.is_working(day) {
                return day;
            }
            day = add_days(day, step);
        }
        from
    }
}

/// *Échéance* (shown) and *échéance prorogée*: late only after the second (R-X-6). Both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deadline {
    /// The day that is shown.
    pub nominal: Date,
    /// The last good day: `nominal`, or the first working day after it when the delay runs forward and ends on a day off.
    pub extended: Date,
}

impl Deadline {
    /// A deadline that is not extended on a day off: backward ones (R-X-5) and ends of validity.
    #[must_use]
    pub fn fixed(day: Date) -> Deadline {
        Deadline { nominal: day, extended: day }
    }

    /// R-X-10 — *fin du délai à 24 heures*: late from the first moment of the day after, in Paris, and not before.
    #[must_use]
    pub fn is_late(self, today: Date) -> bool {
        today > self.extended
    }
}

/// R-X-3 — *mois, de quantième à quantième*: from the original date: no such day gives the month's last.
#[must_use]
pub fn add_months(day: Date, months: i32) -> Date {
    saturating(day, months.months())
}

/// R-X-2 — *jours calendaires*: the starting day does not count.
#[must_use]
pub fn add_days(day: Date, days: i32) -> Date {
    saturating(day, days.days())
}

/// Adds with saturation at the limits of the calendar (years −9999 and 9999). A date typed with a wrong century is
/// reported by other rules.
fn saturating(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-X-3
    #[test]
    fn months_are_counted_from_the_original_date() {
        assert_eq!(add_months(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(add_months(date(2026, 1, 31), 2), date(2026, 3, 31));
        assert_eq!(add_months(date(2027, 3, 31), -1), date(2027, 2, 28));
    }

    /// R-X-1
    #[test]
    fn an_instant_becomes_a_date_in_paris_once() {
        let paris = |text: &str| paris_date(text.parse().unwrap());
        assert_eq!(paris("2027-10-31T22:30:00Z"), date(2027, 10, 31));
        assert_eq!(paris("2026-12-14T23:30:00Z"), date(2026, 12, 15));
        assert_eq!(paris("2027-06-30T22:30:00Z"), date(2027, 7, 1));
    }

    /// R-X-4, R-X-5
    #[test]
    fn ten_working_days_before_a_visit() {
        let limit = |day, zone| Calendar::of(zone).working_days_before(day, 10);
        assert_eq!(limit(date(2027, 5, 24), Zone::Metropole), date(2027, 5, 7));
        assert_eq!(limit(date(2027, 4, 6), Zone::AlsaceMoselle), date(2027, 3, 19));
        assert_eq!(limit(date(2027, 4, 6), Zone::Metropole), date(2027, 3, 22));
    }

    /// R-X-2, R-X-6, R-X-10
    #[test]
    fn twenty_one_days_end_on_ascension_day() {
        let due = Calendar::default().deadline(add_days(date(2027, 4, 15), 21));
        assert_eq!(due, Deadline { nominal: date(2027, 5, 6), extended: date(2027, 5, 7) });
        assert!(!due.is_late(date(2027, 5, 7)) && due.is_late(date(2027, 5, 8)));
    }

    #[test]
    fn a_calendar_without_any_working_day_still_answers() {
        let extra = (0..800).map(|n| add_days(date(2026, 1, 1), n)).collect();
        let closed = Calendar { extra, ..Calendar::default() };
        assert_eq!(closed.next_working(date(2026, 1, 5)), date(2026, 1, 5));
    }
}

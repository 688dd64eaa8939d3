//! R-X-1…R-X-6, R-X-10 — civil dates in Paris, months *de quantième à quantième*, working days by holiday zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Compiled in, so that a deadline does not depend on the machine's zone files.
static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// R-X-1 — the civil date in Paris of an instant of the platform.
#[must_use]
pub fn paris_date(instant: Timestamp) -> Date {
    PARIS.to_datetime(instant).date()
}

/// Which public holidays apply, beside the eleven national ones (code du travail L3133-1, L3134-13, L3422-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    #[default]
    Metropole,
    AlsaceMoselle,
    Guadeloupe,
    Martinique,
    Guyane,
    LaReunion,
    Mayotte,
    SaintBarthelemy,
    SaintMartin,
}

impl Zone {
    /// All nine, with the word that forms and configuration use.
    pub const ALL: [(Zone, &'static str); 9] = [
        (Zone::Metropole, "metropole"),
        (Zone::AlsaceMoselle, "alsace-moselle"),
        (Zone::Guadeloupe, "guadeloupe"),
        (Zone::Martinique, "martinique"),
        (Zone::Guyane, "guyane"),
        (Zone::LaReunion, "la-reunion"),
        (Zone::Mayotte, "mayotte"),
        (Zone::SaintBarthelemy, "saint-barthelemy"),
        (Zone::SaintMartin, "saint-martin"),
    ];

    #[must_use]
    pub fn from_key(key: &str) -> Option<Zone> {
        Zone::ALL.iter().find(|(_, name)| *name == key).map(|(zone, _)| *zone)
    }

    /// F-29 — the zone of a département's number, for a dossier that does not state one.
    #[must_use]
    pub fn of_departement(code: &str) -> Zone {
        match code.trim() {
            "57" | "67" | "68" => Zone::AlsaceMoselle,
            "971" => Zone::Guadeloupe,
            "972" => Zone::Martinique,
            "973" => Zone::Guyane,
            "974" => Zone::LaReunion,
            "976" => Zone::Mayotte,
            "977" => Zone::SaintBarthelemy,
            "978" => Zone::SaintMartin,
            _ => Zone::Metropole,
        }
    }

    fn own_holiday(self) -> Option<(i8, i8)> {
        match self {
            Zone::Metropole | Zone::AlsaceMoselle => None,
            Zone::Mayotte => Some((4, 27)),
            Zone::Martinique => Some((5, 22)),
            Zone::Guadeloupe => Some((5, 27)),
            // The code says 27 May, circulars and the prefecture 28: rules.md A.X takes 28.
            Zone::SaintMartin => Some((5, 28)),
            Zone::Guyane => Some((6, 10)),
            Zone::SaintBarthelemy => Some((10, 9)),
            Zone::LaReunion => Some((12, 20)),
        }
    }
}

/// Easter Sunday of the Gregorian calendar (Meeus's form of the computus), for years 1583 and later.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// Which days count as *ouvrés*: the zone's holidays, and days that the operator added (Mayotte's moving feasts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub zone: Zone,
    pub extra: Vec<Date>,
}

impl Calendar {
    #[must_use]
    pub fn of(zone: Zone) -> Calendar {
        Calendar { zone, extra: Vec::new() }
    }

    /// True on a public holiday of the zone, weekend or not.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        const FIXED: [(i8, i8); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        let monthday = (day.month(), day.day());
        let from_easter = easter(day.year()).map(|e| (day - e).get_days());
        FIXED.contains(&monthday)
            || matches!(from_easter, Some(1 | 39 | 50))
            || self.zone.own_holiday() == Some(monthday)
            || (self.zone == Zone::AlsaceMoselle && (from_easter == Some(-2) || monthday == (12, 26)))
            || self.extra.contains(&day)
    }

    /// R-X-4 — *jour ouvré*: Monday to Friday, save holidays.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.is_holiday(day)
    }

    /// R-X-5 — the `count`-th working day before `day`, which does not count itself.
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

    /// R-X-6 — the first working day on or after `day`.
    #[must_use]
    pub fn next_working(&self, day: Date) -> Date {
        self.walk(day, 1)
    }

    /// A forward deadline: the date itself, and where it lands when that is not a working day.
    #[must_use]
    pub fn deadline(&self, nominal: Date) -> Deadline {
        Deadline { nominal, extended: self.next_working(nominal) }
    }

    /// Bounded, so that extra days covering the whole calendar cannot hang a judgement.
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

/// R-X-6 — *échéance* (shown) and *échéance prorogée*: late only after the second. Both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deadline {
    pub nominal: Date,
    pub extended: Date,
}

impl Deadline {
    /// A deadline that no weekend moves: backward ones (R-X-5) and ends of validity.
    #[must_use]
    pub fn fixed(day: Date) -> Deadline {
        Deadline { nominal: day, extended: day }
    }
}

/// R-X-3 — months *de quantième à quantième*, from the original date: no such day gives the month's last.
#[must_use]
pub fn add_months(day: Date, months: i32) -> Date {
    saturating(day, months.months())
}

/// R-X-2 — calendar days; the starting day does not count.
#[must_use]
pub fn add_days(day: Date, days: i32) -> Date {
    saturating(day, days.days())
}

/// The ends of the calendar (years −9999 and 9999) hold: a date typed with a wrong century is a finding elsewhere.
fn saturating(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_are_counted_from_the_original_date() {
        assert_eq!(add_months(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(add_months(date(2026, 1, 31), 2), date(2026, 3, 31));
        assert_eq!(add_months(date(2027, 3, 31), -1), date(2027, 2, 28));
    }

    #[test]
    fn an_instant_becomes_a_date_in_paris_once() {
        let paris = |text: &str| paris_date(text.parse().unwrap());
        assert_eq!(paris("2027-10-31T22:30:00Z"), date(2027, 10, 31));
        assert_eq!(paris("2026-12-14T23:30:00Z"), date(2026, 12, 15));
        assert_eq!(paris("2027-06-30T22:30:00Z"), date(2027, 7, 1));
    }

    #[test]
    fn easter_and_its_mondays() {
        let days: Vec<_> = (2024..=2027).filter_map(easter).collect();
        assert_eq!(days, [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)]);
        assert_eq!(easter(2038), Some(date(2038, 4, 25)));
        let metropole = Calendar::default();
        assert!(metropole.is_holiday(date(2027, 5, 6)) && metropole.is_holiday(date(2027, 5, 17)));
    }

    #[test]
    fn ten_working_days_before_a_visit() {
        let limit = |day, zone| Calendar::of(zone).working_days_before(day, 10);
        assert_eq!(limit(date(2027, 5, 24), Zone::Metropole), date(2027, 5, 7));
        assert_eq!(limit(date(2027, 4, 6), Zone::AlsaceMoselle), date(2027, 3, 19));
        assert_eq!(limit(date(2027, 4, 6), Zone::Metropole), date(2027, 3, 22));
    }

    #[test]
    fn a_calendar_without_any_working_day_still_answers() {
        let extra = (0..800).map(|n| add_days(date(2026, 1, 1), n)).collect();
        let closed = Calendar { extra, ..Calendar::default() };
        assert_eq!(closed.next_working(date(2026, 1, 5)), date(2026, 1, 5));
    }
}

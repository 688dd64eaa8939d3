//! R-X-4 — *jours fériés* of the nine zones (code du travail L3133-1, L3134-13, L3422-2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::choices::{Choices, HolidaysOf};

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

    /// The zone of a département's number, for a dossier that does not state one (F-29).
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
            // The code du travail has 27 May, circulars and the prefecture 28 May: rules.md A.X uses the 28th.
            Zone::SaintMartin => Some((5, 28)),
            Zone::Guyane => Some((6, 10)),
            Zone::SaintBarthelemy => Some((10, 9)),
            Zone::LaReunion => Some((12, 20)),
        }
    }
}

impl Zone {
    /// True on a public holiday of the zone: the eleven of the whole country, and its own.
    #[must_use]
    pub fn is_holiday(self, day: Date) -> bool {
        const FIXED: [(i8, i8); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        let monthday = (day.month(), day.day());
        let from_easter = easter(day.year()).map(|e| (day - e).get_days());
        FIXED.contains(&monthday)
            || matches!(from_easter, Some(1 | 39 | 50))
            || self.own_holiday() == Some(monthday)
            || (self == Zone::AlsaceMoselle && (from_easter == Some(-2) || monthday == (12, 26)))
    }

    /// F-29 — whose holidays count: those of the audited site, when it is known, or those of the whole country.
    #[must_use]
    pub fn in_force(site: Option<Zone>, choices: &Choices) -> Zone {
        match choices.holidays_of {
            HolidaysOf::Site => site.unwrap_or_default(),
            HolidaysOf::Metropole => Zone::Metropole,
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn easter_and_its_mondays() {
        let days: Vec<_> = (2024..=2027).filter_map(easter).collect();
        assert_eq!(days, [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)]);
        assert_eq!(easter(2038), Some(date(2038, 4, 25)));
        assert!(
            [(5, 6), (5, 17)].iter().all(|(month, day)| Zone::Metropole.is_holiday(date(2027, *month, *day)))
        );
    }

    /// Easter by a second algorithm: the epact, and the Sunday that follows the fourteenth day of the paschal moon.
    fn easter_by_the_moon(year: i16) -> Date {
        let golden = year % 19 + 1;
        let century = year / 100 + 1;
        let (solar, lunar) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
        let mut epact = (11 * golden + 20 + lunar - solar).rem_euclid(30);
        if (epact == 25 && golden > 11) || epact == 24 {
            epact += 1;
        }
        let moon = if epact < 24 { 44 - epact } else { 74 - epact };
        let fourteenth = crate::guide::calendar::add_days(date(year, 3, 1), i32::from(moon) - 1);
        let to_sunday = 7 - i32::from(fourteenth.weekday().to_sunday_zero_offset());
        crate::guide::calendar::add_days(fourteenth, to_sunday)
    }

    #[test]
    fn easter_agrees_with_the_moon() {
        for year in 1583..=4000 {
            assert_eq!(easter(year), Some(easter_by_the_moon(year)), "{year}");
        }
    }

    #[test]
    fn each_zone_has_its_days_from_2020_to_2060() {
        for (zone, name) in Zone::ALL {
            for year in 2020..=2060 {
                let days =
                    date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
                let count = days.filter(|day| zone.is_holiday(*day)).count();
                let (moved, own) = match zone {
                    Zone::Metropole => (0, 0),
                    Zone::AlsaceMoselle => (0, 2),
                    _ => (usize::from(zone.own_holiday().is_some_and(|d| moving(year).contains(&d))), 1),
                };
                let clash = moving(year).iter().filter(|d| [(5, 1), (5, 8)].contains(*d)).count();
                assert_eq!(count, 11 + own - moved - clash, "{name} {year}");
            }
        }
    }

    /// Ascension and Whit Monday may fall on a day that is a holiday anyway.
    fn moving(year: i16) -> [(i8, i8); 2] {
        let easter = easter_by_the_moon(year);
        [39, 50].map(|n| crate::guide::calendar::add_days(easter, n)).map(|d| (d.month(), d.day()))
    }

    #[test]
    fn the_days_that_are_holidays_in_one_zone_only() {
        let own = [
            ("alsace-moselle", vec![(3, 26), (12, 26)]),
            ("guadeloupe", vec![(5, 27)]),
            ("martinique", vec![(5, 22)]),
            ("guyane", vec![(6, 10)]),
            ("la-reunion", vec![(12, 20)]),
            ("mayotte", vec![(4, 27)]),
            ("saint-barthelemy", vec![(10, 9)]),
            ("saint-martin", vec![(5, 28)]),
        ];
        for (name, days) in own {
            let zone = Zone::from_key(name).unwrap();
            let year =
                date(2027, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == 2027);
            let only = year.filter(|day| zone.is_holiday(*day) && !Zone::Metropole.is_holiday(*day));
            assert_eq!(only.map(|day| (day.month(), day.day())).collect::<Vec<_>>(), days, "{name}");
        }
    }

    #[test]
    fn the_zone_is_that_of_the_site_unless_chosen_otherwise() {
        let site = Some(Zone::of_departement("67"));
        assert_eq!(Zone::in_force(site, &Choices::default()), Zone::AlsaceMoselle);
        assert_eq!(Zone::in_force(None, &Choices::default()), Zone::Metropole);
        let paris = Choices { holidays_of: HolidaysOf::Metropole, ..Choices::default() };
        assert_eq!(Zone::in_force(site, &paris), Zone::Metropole);
    }
}

//! R-X-4 — *jours fériés* of each zone (code du travail L3133-1, L3134-13, L3422-2), and of the collectivities that set
//! their own.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::choices::{Choices, HolidaysOf};

/// Which public holidays apply, beside the eleven national ones (code du travail L3133-1, L3134-13, L3422-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// The eleven national ones alone.
    #[default]
    Metropole,
    /// Bas-Rhin, Haut-Rhin and Moselle: Good Friday and 26 December too.
    AlsaceMoselle,
    /// 27 May too.
    Guadeloupe,
    /// 22 May too.
    Martinique,
    /// 10 June too.
    Guyane,
    /// 20 December too.
    LaReunion,
    /// 27 April too; its moving feasts are not computed (see [`Calendar::extra`](super::calendar::Calendar::extra)).
    Mayotte,
    /// 9 October too.
    SaintBarthelemy,
    /// 28 May too, as circulars and the prefecture say; the code du travail has 27 May.
    SaintMartin,
    /// The eleven national ones alone.
    SaintPierreEtMiquelon,
    /// 28 April, 29 June and 29 July too.
    WallisEtFutuna,
    /// Good Friday and 5 March too, and 29 June until 2024, 20 November from 2025 on.
    PolynesieFrancaise,
    /// 24 September too.
    NouvelleCaledonie,
}

impl Zone {
    /// All of them, with the word that forms and configuration use.
    pub const ALL: [(Zone, &'static str); 13] = [
        (Zone::Metropole, "metropole"),
        (Zone::AlsaceMoselle, "alsace-moselle"),
        (Zone::Guadeloupe, "guadeloupe"),
        (Zone::Martinique, "martinique"),
        (Zone::Guyane, "guyane"),
        (Zone::LaReunion, "la-reunion"),
        (Zone::Mayotte, "mayotte"),
        (Zone::SaintBarthelemy, "saint-barthelemy"),
        (Zone::SaintMartin, "saint-martin"),
        (Zone::SaintPierreEtMiquelon, "saint-pierre-et-miquelon"),
        (Zone::WallisEtFutuna, "wallis-et-futuna"),
        (Zone::PolynesieFrancaise, "polynesie-francaise"),
        (Zone::NouvelleCaledonie, "nouvelle-caledonie"),
    ];

    /// The zone of a word of forms and configuration; `None` for any other word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Zone> {
        Zone::ALL.iter().find(|(_, name)| *name == key).map(|(zone, _)| *zone)
    }

    /// The word that forms and configuration use.
    #[must_use]
    pub fn key(self) -> &'static str {
        Zone::ALL.iter().find(|(zone, _)| *zone == self).map_or("", |(_, key)| key)
    }

    /// The zone of a département's code.
    pub(super) fn of_code(code: &str) -> Zone {
        match code {
            "57" | "67" | "68" => Zone::AlsaceMoselle,
            "971" => Zone::Guadeloupe,
            "972" => Zone::Martinique,
            "973" => Zone::Guyane,
            "974" => Zone::LaReunion,
            "975" => Zone::SaintPierreEtMiquelon,
            "976" => Zone::Mayotte,
            "977" => Zone::SaintBarthelemy,
            "978" => Zone::SaintMartin,
            "986" => Zone::WallisEtFutuna,
            "987" => Zone::PolynesieFrancaise,
            "988" => Zone::NouvelleCaledonie,
            _ => Zone::Metropole,
        }
    }

    /// The zone's own days, beside the eleven of the whole country: the abolition of slavery (L3422-2), or what a
    /// collectivity set for itself.
    fn own_holidays(self, year: i16) -> &'static [(i8, i8)] {
        match self {
            Zone::Metropole | Zone::SaintPierreEtMiquelon => &[],
            Zone::AlsaceMoselle => &[(12, 26)],
            Zone::Mayotte => &[(4, 27)],
            Zone::Martinique => &[(5, 22)],
            Zone::Guadeloupe => &[(5, 27)],
            // The code du travail has 27 May, circulars and the prefecture 28 May: rules.md A.X uses the 28th.
            Zone::SaintMartin => &[(5, 28)],
            Zone::Guyane => &[(6, 10)],
            Zone::SaintBarthelemy => &[(10, 9)],
            Zone::LaReunion => &[(12, 20)],
            // Saint Pierre Chanel, Saints Pierre et Paul, fête du Territoire.
            Zone::WallisEtFutuna => &[(4, 28), (6, 29), (7, 29)],
            // Arrivée de l'Évangile; Matari'i i ni'a took the place of the fête de l'Autonomie in 2025 (loi du pays adopted
            // on 6 May 2025).
            Zone::PolynesieFrancaise if year < 2025 => &[(3, 5), (6, 29)],
            Zone::PolynesieFrancaise => &[(3, 5), (11, 20)],
            // Fête de la citoyenneté.
            Zone::NouvelleCaledonie => &[(9, 24)],
        }
    }

    /// Whether its assembly sets its public holidays, in a labour code of its own: L3133-1 does not apply there. The list
    /// above is the one in use, and may change without a national text.
    #[must_use]
    pub fn sets_its_own(self) -> bool {
        matches!(self, Zone::WallisEtFutuna | Zone::PolynesieFrancaise | Zone::NouvelleCaledonie)
    }

    /// Good Friday is a public holiday there.
    fn keeps_good_friday(self) -> bool {
        matches!(self, Zone::AlsaceMoselle | Zone::PolynesieFrancaise)
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
            || self.own_holidays(day.year()).contains(&monthday)
            || (self.keeps_good_friday() && from_easter == Some(-2))
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
                let fixed = zone.own_holidays(year);
                let moved = fixed.iter().filter(|day| moving(year).contains(*day)).count();
                let own = fixed.len() + usize::from(zone.keeps_good_friday());
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
            ("saint-pierre-et-miquelon", vec![]),
            ("wallis-et-futuna", vec![(4, 28), (6, 29), (7, 29)]),
            ("polynesie-francaise", vec![(3, 5), (3, 26), (11, 20)]),
            ("nouvelle-caledonie", vec![(9, 24)]),
        ];
        for (name, days) in own {
            let zone = Zone::from_key(name).unwrap();
            let year =
                date(2027, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == 2027);
            let only = year.filter(|day| zone.is_holiday(*day) && !Zone::Metropole.is_holiday(*day));
            assert_eq!(only.map(|day| (day.month(), day.day())).collect::<Vec<_>>(), days, "{name}");
        }
    }

    /// The fête de l'Autonomie gave way to Matari'i i ni'a.
    #[test]
    fn polynesia_changed_one_of_its_days_in_2025() {
        let zone = Zone::PolynesieFrancaise;
        let days = [(2024, 6, 29), (2024, 11, 20), (2025, 6, 29), (2025, 11, 20)];
        assert_eq!(days.map(|(y, m, d)| zone.is_holiday(date(y, m, d))), [true, false, false, true]);
        let own: Vec<&str> =
            Zone::ALL.iter().filter(|(zone, _)| zone.sets_its_own()).map(|(_, key)| *key).collect();
        assert_eq!(own, ["wallis-et-futuna", "polynesie-francaise", "nouvelle-caledonie"]);
    }

    #[test]
    fn the_zone_is_that_of_the_site_unless_chosen_otherwise() {
        let site = Some(Zone::of_code("67"));
        assert_eq!(Zone::in_force(site, &Choices::default()), Zone::AlsaceMoselle);
        assert_eq!(Zone::in_force(None, &Choices::default()), Zone::Metropole);
        let paris = Choices { holidays_of: HolidaysOf::Metropole, ..Choices::default() };
        assert_eq!(Zone::in_force(site, &paris), Zone::Metropole);
    }
}

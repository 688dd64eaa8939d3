//! §3.7.1, 3.7.2 — *grille d'audit*: from the control points to the scores.

use super::choices::{Choices, EngagementScore};
use super::score::Fraction;

/// A control point of a local service that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LocalPoint {
    /// Marked 0.
    Zero,
    /// Marked 0.25.
    Quarter,
    /// Marked 0.75.
    ThreeQuarters,
    /// Marked 1.
    One,
}

impl LocalPoint {
    /// The four values, lowest first.
    pub const ALL: [LocalPoint; 4] =
        [LocalPoint::Zero, LocalPoint::Quarter, LocalPoint::ThreeQuarters, LocalPoint::One];

    /// R-3.7.1-d — *cotation d'un point de contrôle*: 0, 0.25, 0.75 or 1, and nothing between.
    #[must_use]
    pub fn from_value(value: &Fraction) -> Option<LocalPoint> {
        LocalPoint::ALL.into_iter().find(|point| point.value() == *value)
    }

    /// Its value, out of 1.
    #[must_use]
    pub fn value(self) -> Fraction {
        let quarters = match self {
            LocalPoint::Zero => 0,
            LocalPoint::Quarter => 1,
            LocalPoint::ThreeQuarters => 3,
            LocalPoint::One => 4,
        };
        Fraction::from(quarters) / Fraction::from(4)
    }
}

/// F-01 — *score* of an engagement, or of the Or criteria: mean out of 100 of the applicable points of each site.
///
/// A point that does not apply is `None`; `None` when none applies.
#[must_use]
pub fn score(sites: &[Vec<Option<LocalPoint>>], choices: &Choices) -> Option<Fraction> {
    let applicable = |points: &[Option<LocalPoint>]| -> Vec<Fraction> {
        points.iter().flatten().map(|point| point.value()).collect()
    };
    let mean = match choices.engagement_score {
        EngagementScore::AllSites => Fraction::mean(&applicable(&sites.concat())),
        EngagementScore::PerSite => {
            let by_site: Vec<Fraction> =
                sites.iter().filter_map(|points| Fraction::mean(&applicable(points))).collect();
            Fraction::mean(&by_site)
        }
    }?;
    Some(mean * Fraction::from(100))
}

/// R-3.7.2-c — *point de contrôle d'un service central*: yes (1) or no (0), and nothing between.
#[must_use]
pub fn central_point(value: &Fraction) -> Option<bool> {
    [false, true].into_iter().find(|met| Fraction::from(i64::from(*met)) == *value)
}

/// Points validated and points checked in a central's grid; a point that does not apply is `None`.
#[must_use]
pub fn central_points(points: &[Option<bool>]) -> (u64, u64) {
    points.iter().flatten().fold((0, 0), |(valid, total), met| (valid + u64::from(*met), total + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[&str]) -> Vec<Option<LocalPoint>> {
        values.iter().map(|text| LocalPoint::from_value(&text.parse().unwrap())).collect()
    }

    /// R-3.7.1-d
    #[test]
    fn a_local_point_takes_four_values() {
        assert_eq!(
            points(&["0", "0,25", "0.75", "1.00", "0.5", "2"]),
            [LocalPoint::ALL.map(Some).to_vec(), vec![None, None]].concat()
        );
    }

    #[test]
    fn the_score_is_the_mean_of_the_points_that_apply() {
        let choices = Choices::default();
        let one_site = points(&["0.75", "0.75", "0.75", "0.75", "1"]);
        assert_eq!(score(std::slice::from_ref(&one_site), &choices), Some(Fraction::from(80)));
        let two_sites = [one_site, vec![Some(LocalPoint::Zero), None]];
        assert_eq!(score(&two_sites, &choices), Fraction::new(400, 6));
        let per_site = Choices { engagement_score: EngagementScore::PerSite, ..choices };
        assert_eq!(score(&two_sites, &per_site), Some(Fraction::from(40)));
        assert_eq!(score(&[vec![None]], &choices), None);
    }

    /// R-3.7.2-c
    #[test]
    fn a_central_point_is_met_or_not() {
        let read = |text: &str| central_point(&text.parse().unwrap());
        assert_eq!([read("0"), read("1"), read("0.75")], [Some(false), Some(true), None]);
        assert_eq!(central_points(&[Some(true), Some(false), None, Some(true)]), (2, 3));
    }
}

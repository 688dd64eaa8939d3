//! §2.2.1 — *paliers*: bronze, argent, or.

use serde::{Deserialize, Serialize};

use super::score::{Bound, Fraction};

/// *Palier* of the label, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The lowest (R-2.2.1-a).
    Bronze,
    /// The middle one (R-2.2.1-b).
    Argent,
    /// The highest (R-2.2.1-c).
    Or,
}

impl Tier {
    /// The three, lowest first.
    pub const ALL: [Tier; 3] = [Tier::Bronze, Tier::Argent, Tier::Or];

    /// The guide's word in lower case: « bronze », « argent » or « or ».
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Tier::Bronze => "bronze",
            Tier::Argent => "argent",
            Tier::Or => "or",
        }
    }

    /// The tier of that word, in lower case; `None` for any other word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.key() == key)
    }

    /// The tier above; `None` above Or.
    #[must_use]
    pub fn next(self) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| *tier > self)
    }
}

/// What is measured for a local service; order is that of the guide and of every display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Criterion {
    /// One of the eight *engagements*, numbered from 1.
    Engagement(u8),
    /// The score of the Or criteria at the audit; asked for Or alone (R-2.2.1-c).
    OrCriteria,
    /// The mark of the staff survey (R-3.4.2-e).
    StaffSurvey,
    /// The mark of the users' survey (R-3.4.1-j).
    UserSurvey,
}

impl Criterion {
    /// The eleven criteria, in the guide's order.
    pub fn all() -> impl Iterator<Item = Criterion> {
        (1..=8).map(Criterion::Engagement).chain([
            Criterion::OrCriteria,
            Criterion::StaffSurvey,
            Criterion::UserSurvey,
        ])
    }

    /// The mark out of 100 that `tier` asks, inclusive; `None`: not asked (R-2.2.1-a, b, c).
    #[must_use]
    pub fn threshold(self, tier: Tier) -> Option<i64> {
        match tier {
            Tier::Bronze => bronze_asks(self),
            Tier::Argent => argent_asks(self),
            Tier::Or => Some(or_asks(self)),
        }
    }

    /// *Palier de la composante*: the highest tier that this mark alone allows.
    #[must_use]
    pub fn tier(self, mark: &Fraction) -> Option<Tier> {
        let allows = |tier: &Tier| self.threshold(*tier).is_none_or(|asked| reaches(mark, asked));
        Tier::ALL.into_iter().take_while(allows).last()
    }
}

/// R-2.2.1-a — *palier Bronze*: 50 for each engagement and the staff, 70 for the users.
#[must_use]
pub fn bronze_asks(criterion: Criterion) -> Option<i64> {
    match criterion {
        Criterion::Engagement(_) | Criterion::StaffSurvey => Some(50),
        Criterion::OrCriteria => None,
        Criterion::UserSurvey => Some(70),
    }
}

/// R-2.2.1-b — *palier Argent*: 65 for each engagement and the staff, 80 for the users.
#[must_use]
pub fn argent_asks(criterion: Criterion) -> Option<i64> {
    match criterion {
        Criterion::Engagement(_) | Criterion::StaffSurvey => Some(65),
        Criterion::OrCriteria => None,
        Criterion::UserSurvey => Some(80),
    }
}

/// R-2.2.1-c — *palier Or*: 80 for each engagement, the Or criteria and the staff, 90 for the users.
#[must_use]
pub fn or_asks(criterion: Criterion) -> i64 {
    match criterion {
        Criterion::Engagement(_) | Criterion::OrCriteria | Criterion::StaffSurvey => 80,
        Criterion::UserSurvey => 90,
    }
}

fn reaches(mark: &Fraction, asked: i64) -> bool {
    Bound::AtLeast(Fraction::from(asked)).holds(mark)
}

/// The marks out of 100 of a local service; what is not known yet is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalMarks {
    /// The scores of the audit: engagement n at index n − 1.
    pub engagements: [Option<Fraction>; 8],
    /// The score of the Or criteria at the audit.
    pub or_criteria: Option<Fraction>,
    /// The mark of the staff survey.
    pub staff: Option<Fraction>,
    /// The mark of the users' survey.
    pub users: Option<Fraction>,
}

impl LocalMarks {
    /// The mark of `criterion`; `None` while it is not known, and for an engagement that is not 1 to 8.
    #[must_use]
    pub fn get(&self, criterion: Criterion) -> Option<&Fraction> {
        match criterion {
            Criterion::Engagement(n) => self.engagements.get(usize::from(n).wrapping_sub(1))?.as_ref(),
            Criterion::OrCriteria => self.or_criteria.as_ref(),
            Criterion::StaffSurvey => self.staff.as_ref(),
            Criterion::UserSurvey => self.users.as_ref(),
        }
    }

    /// True when not a single mark is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Criterion::all().all(|criterion| self.get(criterion).is_none())
    }
}

/// One of the three things that make the label of a local service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Component {
    /// The audit: complete once all eight engagements have a score.
    Audit,
    /// The staff survey (§3.4.2).
    StaffSurvey,
    /// The users' survey (§3.4.1).
    UserSurvey,
}

/// R-2.1-a — *trois composantes*: those of which no mark is known yet; the label needs all three.
#[must_use]
pub fn missing_components(marks: &LocalMarks) -> Vec<Component> {
    let mut missing = Vec::new();
    if marks.engagements.iter().any(Option::is_none) {
        missing.push(Component::Audit);
    }
    if marks.staff.is_none() {
        missing.push(Component::StaffSurvey);
    }
    if marks.users.is_none() {
        missing.push(Component::UserSurvey);
    }
    missing
}

/// A criterion that keeps a service below the next tier (*limitant*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limiting {
    /// What was measured.
    pub criterion: Criterion,
    /// Its mark out of 100, below `required`.
    pub mark: Fraction,
    /// The lowest mark out of 100 that the next tier accepts.
    pub required: i64,
}

/// The tier that the marks give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TierResult {
    /// The highest tier whose every criterion is met; `None`: not even Bronze.
    pub tier: Option<Tier>,
    /// What is missing for the next tier.
    pub limiting: Vec<Limiting>,
    /// Criteria without a mark that the next tier asks for. While there are any, `tier` may still become higher.
    pub missing: Vec<Criterion>,
}

/// R-2.2.1-d — *palier atteint*: the highest tier whose every criterion is met. A good mark never makes up for a low one.
///
/// A mark that is not known yet is listed as missing; it does not count as a low mark.
#[must_use]
pub fn local_tier(marks: &LocalMarks) -> TierResult {
    let met = |tier: Tier| {
        Criterion::all().all(|criterion| match criterion.threshold(tier) {
            None => true,
            Some(required) => marks.get(criterion).is_some_and(|mark| reaches(mark, required)),
        })
    };
    let tier = Tier::ALL.into_iter().take_while(|tier| met(*tier)).last();
    let Some(next) = tier.map_or(Some(Tier::Bronze), Tier::next) else {
        return TierResult { tier, limiting: Vec::new(), missing: Vec::new() };
    };
    let mut limiting = Vec::new();
    let mut missing = Vec::new();
    for criterion in Criterion::all() {
        let Some(required) = criterion.threshold(next) else { continue };
        match marks.get(criterion) {
            None => missing.push(criterion),
            Some(mark) if !reaches(mark, required) => {
                limiting.push(Limiting { criterion, mark: mark.clone(), required });
            }
            Some(_) => {}
        }
    }
    TierResult { tier, limiting, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(engagements: i64, or: i64, staff: i64, users: &str) -> LocalMarks {
        LocalMarks {
            engagements: std::array::from_fn(|_| Some(Fraction::from(engagements))),
            or_criteria: Some(Fraction::from(or)),
            staff: Some(Fraction::from(staff)),
            users: users.parse().ok(),
        }
    }

    /// R-2.2.1-a, R-2.2.1-b, R-2.2.1-c
    #[test]
    fn what_each_tier_asks() {
        let asked = |tier| Criterion::all().map(|criterion| criterion.threshold(tier)).collect::<Vec<_>>();
        let eight = |mark| vec![Some(mark); 8];
        assert_eq!(asked(Tier::Bronze), [eight(50), vec![None, Some(50), Some(70)]].concat());
        assert_eq!(asked(Tier::Argent), [eight(65), vec![None, Some(65), Some(80)]].concat());
        assert_eq!(asked(Tier::Or), [eight(80), vec![Some(80), Some(80), Some(90)]].concat());
        let users = |mark: &str| Criterion::UserSurvey.tier(&mark.parse().unwrap());
        assert_eq!(
            [users("69.99"), users("70"), users("2879/36")],
            [None, Some(Tier::Bronze), Some(Tier::Bronze)]
        );
        assert_eq!([users("80"), users("90")], [Some(Tier::Argent), Some(Tier::Or)]);
    }

    #[test]
    fn the_words_of_the_tiers() {
        assert_eq!(Tier::ALL.map(Tier::key), ["bronze", "argent", "or"]);
        assert_eq!(Tier::ALL.map(|tier| Tier::from_key(tier.key())), Tier::ALL.map(Some));
        assert_eq!([Tier::from_key("Or"), Tier::from_key("")], [None; 2]);
        assert_eq!(Tier::ALL.map(Tier::next), [Some(Tier::Argent), Some(Tier::Or), None]);
    }

    #[test]
    fn a_single_mark_is_something() {
        assert!(LocalMarks::default().is_empty());
        let one = LocalMarks { or_criteria: Some(Fraction::from(0)), ..LocalMarks::default() };
        assert!(!one.is_empty());
    }

    /// R-2.1-a
    #[test]
    fn the_label_needs_its_three_components() {
        let mut known = marks(70, 0, 70, "80");
        assert_eq!(missing_components(&known), []);
        known.engagements[7] = None;
        known.users = None;
        assert_eq!(missing_components(&known), [Component::Audit, Component::UserSurvey]);
    }

    /// R-2.2.1-d
    #[test]
    fn thresholds_are_inclusive() {
        assert_eq!(local_tier(&marks(80, 80, 80, "90")).tier, Some(Tier::Or));
        assert_eq!(local_tier(&marks(65, 0, 65, "80")).tier, Some(Tier::Argent));
        assert_eq!(local_tier(&marks(50, 0, 50, "70")).tier, Some(Tier::Bronze));
        let refused = local_tier(&marks(70, 50, 75, "69.99"));
        assert_eq!(refused.tier, None);
        assert_eq!(refused.limiting.iter().map(|l| l.criterion).collect::<Vec<_>>(), [Criterion::UserSurvey]);
    }

    #[test]
    fn the_or_criteria_only_cap_at_argent() {
        let result = local_tier(&marks(85, 79, 88, "96"));
        assert_eq!(result.tier, Some(Tier::Argent));
        assert_eq!(result.limiting.iter().map(|l| l.criterion).collect::<Vec<_>>(), [Criterion::OrCriteria]);
    }

    #[test]
    fn an_unknown_mark_is_missing_and_not_a_failure() {
        let mut partial = marks(90, 90, 90, "95");
        partial.or_criteria = None;
        let result = local_tier(&partial);
        assert_eq!((result.tier, result.missing), (Some(Tier::Argent), vec![Criterion::OrCriteria]));
        assert!(result.limiting.is_empty());
        assert_eq!(local_tier(&LocalMarks::default()).missing.len(), 10);
    }
}

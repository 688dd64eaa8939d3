//! §2.2.2, 3.7.2 — *Labellisation d'un service public central*: its local services, its control points, its tier.

use serde::Serialize;

use super::choices::{CentralMajority, Choices};
use super::sample::sample_size;
use super::score::ceil_share;
use super::tiers::Tier;

/// How many locals were labelled in each tier during the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierCounts {
    /// Locals labelled Bronze.
    pub bronze: u64,
    /// Locals labelled Argent.
    pub argent: u64,
    /// Locals labelled Or.
    pub or: u64,
    /// In a tier that is not stated: they count among the labelled, and for no tier.
    pub untold: u64,
}

impl TierCounts {
    /// The locals labelled in exactly `tier`.
    #[must_use]
    pub fn in_tier(&self, tier: Tier) -> u64 {
        match tier {
            Tier::Bronze => self.bronze,
            Tier::Argent => self.argent,
            Tier::Or => self.or,
        }
    }

    /// All that are labelled, in whatever tier or in none that is stated; at most `u64::MAX`.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.bronze.saturating_add(self.argent).saturating_add(self.or).saturating_add(self.untold)
    }

    fn at_least(&self, tier: Tier) -> u64 {
        Tier::ALL.into_iter().filter(|t| *t >= tier).fold(0, |sum, t| sum.saturating_add(self.in_tier(t)))
    }
}

/// The tier that the labelled locals give to their central, in both readings of F-13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Majority {
    /// The highest tier that strictly more than half hold or exceed.
    pub cumulative: Tier,
    /// The tier held by the greatest number; the lower one in case of a tie.
    pub plurality: Tier,
    /// True when several tiers are held by the greatest number.
    pub tie: bool,
    /// The tier under the reading in force.
    pub tier: Tier,
}

impl Majority {
    /// True when the two readings give different tiers; the certification body must be told.
    #[must_use]
    pub fn diverges(&self) -> bool {
        self.cumulative != self.plurality
    }
}

/// R-2.2.2-a — *palier obtenu par la majorité des locaux labellisés dans l'année* (F-13); `None` when none is labelled.
#[must_use]
pub fn majority(labelled: &TierCounts, choices: &Choices) -> Option<Majority> {
    let total = u128::from(labelled.total());
    let more_than_half = |tier: &Tier| 2 * u128::from(labelled.at_least(*tier)) > total;
    let cumulative = Tier::ALL.into_iter().take_while(more_than_half).last()?;
    let most = Tier::ALL.map(|tier| labelled.in_tier(tier)).into_iter().max()?;
    let mut holders = Tier::ALL.into_iter().filter(|tier| labelled.in_tier(*tier) == most);
    let plurality = holders.next()?;
    let tier = match choices.majority {
        CentralMajority::Cumulative => cumulative,
        CentralMajority::Plurality => plurality,
    };
    Some(Majority { cumulative, plurality, tie: holders.next().is_some(), tier })
}

/// R-2.2.2-b — *75 % des locaux audités sont labellisés*: how many must be, rounded up to a whole local.
#[must_use]
pub fn labelled_required(audited: u64) -> u64 {
    ceil_share(3, 4, audited)
}

/// R-2.2.2-c — *autodiagnostic dans chacun des locaux*: how many reports are missing, of one for each local.
#[must_use]
pub fn self_assessments_missing(locals: u64, provided: u64) -> u64 {
    locals.saturating_sub(provided)
}

/// R-2.2.2-d — *75 % des points de contrôle validés*: without rounding, 4 × validated ≥ 3 × checked.
///
/// A grid without a single point checked does not reach the threshold.
#[must_use]
pub fn points_reached(validated: u64, checked: u64) -> bool {
    checked > 0 && 4 * u128::from(validated) >= 3 * u128::from(checked)
}

/// R-2.2.2-e — *enquêtes annuelles des locaux déjà labellisés*: how many proofs are missing at a yearly follow-up (F-19).
#[must_use]
pub fn survey_proofs_missing(already_labelled: u64, proved: u64) -> u64 {
    already_labelled.saturating_sub(proved)
}

/// R-3.7.2-a — *audit du central après ceux de ses locaux*: whether the result of every drawn local is known.
#[must_use]
pub fn may_be_audited(results: &[bool]) -> bool {
    !results.is_empty() && results.iter().all(|known| *known)
}

/// What is known of a central service when its label is to be decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CentralFile {
    /// All its attached locals, audited or not (F-40).
    pub locals: u64,
    /// Those of them that were audited this year and have their result, each once (F-32, F-41).
    pub audited: u64,
    /// Those of the audited that are labelled.
    pub labelled: TierCounts,
    /// Control points validated, and checked; none while they are not entered.
    pub points: Option<(u64, u64)>,
    /// Locals whose self-assessment report was provided (R-2.2.2-c); `None` while the number is not entered.
    pub self_assessments: Option<u64>,
}

/// Something that must be known before a central service may be labelled, and is not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CentralUnknown {
    /// The result of a single local.
    Results,
    /// The points of its own audit, validated and checked (R-2.2.2-d).
    Points,
    /// How many self-assessment reports were provided (R-2.2.2-c).
    SelfAssessments,
}

/// Why a central service may not be labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CentralFault {
    /// Fewer locals audited than the sample asks for.
    Sample {
        /// Locals audited this year.
        audited: u64,
        /// The fewest that are enough: ⌈√n⌉ of its n locals (R-3.1-c).
        required: u64,
    },
    /// Fewer locals labelled than three quarters of those audited.
    LabelledLocals {
        /// Locals labelled this year, in whatever tier.
        labelled: u64,
        /// The fewest that are enough: 75 % of those audited, rounded up (R-2.2.2-b).
        required: u64,
    },
    /// Fewer points validated than three quarters of those checked.
    Points {
        /// Points validated.
        validated: u64,
        /// Points checked; with 0 of them the threshold is not reached (R-2.2.2-d).
        checked: u64,
    },
    /// Locals without the report of their yearly self-assessment.
    SelfAssessments {
        /// How many such locals, at least 1 (R-2.2.2-c).
        missing: u64,
    },
}

/// What §2.2.2 says of a central service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentralResult {
    /// The fewest locals to audit this year: ⌈√n⌉ of its n locals (R-3.1-c).
    pub sample: u64,
    /// The fewest locals to be labelled: 75 % of those audited, rounded up (R-2.2.2-b).
    pub labelled_required: u64,
    /// The conditions that are not met. What is not known is no fault.
    pub faults: Vec<CentralFault>,
    /// The conditions that cannot be judged yet; while there are any, `majority` is `None`.
    pub unknown: Vec<CentralUnknown>,
    /// The tier, when every condition is met.
    pub majority: Option<Majority>,
}

/// The four conditions of §2.2.2, which are cumulative, and the tier when all are met.
#[must_use]
pub fn central_label(file: &CentralFile, choices: &Choices) -> CentralResult {
    let (sample, required, labelled) =
        (sample_size(file.locals), labelled_required(file.audited), file.labelled.total());
    let (mut faults, mut unknown) = (Vec::new(), Vec::new());
    if file.audited < sample {
        faults.push(CentralFault::Sample { audited: file.audited, required: sample });
    }
    if file.audited == 0 {
        unknown.push(CentralUnknown::Results);
    } else if labelled < required {
        faults.push(CentralFault::LabelledLocals { labelled, required });
    }
    match file.points {
        None => unknown.push(CentralUnknown::Points),
        Some((validated, checked)) if !points_reached(validated, checked) => {
            faults.push(CentralFault::Points { validated, checked });
        }
        Some(_) => {}
    }
    match file.self_assessments.map(|provided| self_assessments_missing(file.locals, provided)) {
        None => unknown.push(CentralUnknown::SelfAssessments),
        Some(0) => {}
        Some(missing) => faults.push(CentralFault::SelfAssessments { missing }),
    }
    let settled = faults.is_empty() && unknown.is_empty();
    let majority = majority(&file.labelled, choices).filter(|_| settled);
    CentralResult { sample, labelled_required: required, faults, unknown, majority }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(bronze: u64, argent: u64, or: u64) -> TierCounts {
        TierCounts { bronze, argent, or, untold: 0 }
    }

    /// R-2.2.2-a
    #[test]
    fn strictly_more_than_half_or_the_greatest_number() {
        let choices = Choices::default();
        let of = |b, a, o| majority(&labelled(b, a, o), &choices).unwrap();
        let both = of(3, 3, 2);
        assert_eq!((both.cumulative, both.plurality, both.tie), (Tier::Argent, Tier::Bronze, true));
        assert!(both.diverges());
        let tie = of(4, 4, 0);
        assert_eq!((tie.tier, tie.plurality, tie.tie), (Tier::Bronze, Tier::Bronze, true));
        assert_eq!(of(3, 2, 2).tier, Tier::Argent);
        assert_eq!(of(0, 0, 1).tier, Tier::Or);
        assert_eq!(of(2, 2, 2).plurality, Tier::Bronze);
        assert_eq!(majority(&TierCounts::default(), &choices), None);
        let plurality = Choices { majority: CentralMajority::Plurality, ..choices };
        assert_eq!(majority(&labelled(3, 3, 2), &plurality).unwrap().tier, Tier::Bronze);
        assert!(majority(&labelled(u64::MAX, u64::MAX, 1), &choices).is_some());
    }

    /// R-2.2.2-b, R-2.2.2-c, R-2.2.2-d, R-2.2.2-e
    #[test]
    fn three_quarters_of_the_locals_and_of_the_points() {
        assert_eq!([0, 1, 2, 9, 10, 11].map(labelled_required), [0, 1, 2, 7, 8, 9]);
        assert!(
            points_reached(30, 40)
                && points_reached(27, 36)
                && !points_reached(29, 39)
                && !points_reached(0, 0)
        );
        assert_eq!([self_assessments_missing(101, 100), self_assessments_missing(101, 102)], [1, 0]);
        assert_eq!(survey_proofs_missing(9, 7), 2);
    }

    #[test]
    fn the_conditions_are_cumulative() {
        let file = CentralFile {
            locals: 100,
            audited: 10,
            labelled: labelled(3, 3, 2),
            points: Some((27, 36)),
            self_assessments: Some(100),
        };
        let choices = Choices::default();
        assert_eq!(central_label(&file, &choices).majority.unwrap().tier, Tier::Argent);
        let worse = CentralFile { audited: 9, labelled: labelled(6, 0, 0), points: Some((26, 36)), ..file };
        let result = central_label(&CentralFile { self_assessments: Some(99), ..worse }, &choices);
        assert_eq!((result.faults.len(), result.majority), (4, None));
        assert_eq!(central_label(&CentralFile::default(), &choices).majority, None);
    }

    /// R-3.7.2-a
    #[test]
    fn the_central_comes_after_all_its_locals() {
        assert!(may_be_audited(&[true, true]));
        assert!(!may_be_audited(&[true, false]) && !may_be_audited(&[]));
    }
}

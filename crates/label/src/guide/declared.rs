//! Compares the marks that a person wrote in the form with those that the rules compute (R-X-8).

use serde::Serialize;

use super::score::Fraction;
use super::tiers::{Criterion, Tier};

/// Number of decimals of a displayed mark.
const SHOWN: u32 = 2;

/// The result of comparing a declared mark with the computed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Agreement {
    /// The same number.
    Exact,
    /// The computed number as it is displayed, truncated after two decimals.
    AsDisplayed,
    /// Another number, but of the same tier.
    Differs,
    /// Another number, which gives another tier.
    TierDiffers {
        /// The tier that the declared number allows; `None`: not even Bronze.
        declared: Option<Tier>,
        /// The tier that the computed number allows; `None`: not even Bronze.
        computed: Option<Tier>,
    },
}

/// Compares a declared mark with the computed one; the tier always follows the exact number.
#[must_use]
pub fn compare(criterion: Criterion, declared: &Fraction, computed: &Fraction) -> Agreement {
    let tiers = (criterion.tier(declared), criterion.tier(computed));
    if declared == computed {
        Agreement::Exact
    } else if tiers.0 != tiers.1 {
        Agreement::TierDiffers { declared: tiers.0, computed: tiers.1 }
    } else if computed.truncated(SHOWN).parse().as_ref() == Ok(declared) {
        Agreement::AsDisplayed
    } else {
        Agreement::Differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_mark_that_changes_the_tier_is_seen() {
        let against = |declared: &str| {
            compare(Criterion::UserSurvey, &declared.parse().unwrap(), &Fraction::new(2879, 36).unwrap())
        };
        assert_eq!(against("2879/36"), Agreement::Exact);
        assert_eq!(against("79,97"), Agreement::AsDisplayed);
        assert_eq!(against("79.98"), Agreement::Differs);
        let tier = Agreement::TierDiffers { declared: Some(Tier::Argent), computed: Some(Tier::Bronze) };
        assert_eq!(against("80"), tier);
    }
}

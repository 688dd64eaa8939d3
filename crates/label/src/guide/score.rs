//! R-X-7, R-X-8, R-X-9 — exact numbers: fractions, thresholds, rounding up where the guide writes it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};
use std::str::FromStr;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest text parsed as a number, in bytes. A mark needs fewer, and a form may hold megabytes.
const MAX_DIGITS: usize = 40;

/// An exact number of any size, so that no count typed into a form can overflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(BigRational);

/// A text that is not a number. The text is not part of the error, since it may be personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

impl Fraction {
    /// `numerator / denominator`; `None` when the denominator is zero.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Fraction> {
        (denominator != 0).then(|| Fraction(BigRational::new(numerator.into(), denominator.into())))
    }

    /// Reads a decimal as it is written, comma or point, with or without thin spaces: never through a binary float (R-X-8).
    ///
    /// # Errors
    /// [`NotANumber`] when the text is empty, too long, or holds anything but one decimal number.
    pub fn from_decimal(text: &str) -> Result<Fraction, NotANumber> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}').collect();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let (whole, decimals) = digits.split_once([',', '.']).unwrap_or((digits, ""));
        let all = format!("{whole}{decimals}");
        if whole.is_empty() || all.len() > MAX_DIGITS || !all.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotANumber);
        }
        let numerator = BigInt::from_str(&all).map_err(|_| NotANumber)? * sign;
        let exponent = u32::try_from(decimals.len()).map_err(|_| NotANumber)?;
        Ok(Fraction(BigRational::new(numerator, BigInt::from(10).pow(exponent))))
    }

    /// R-X-8 — *affichage tronqué*: the number cut (never rounded) after `decimals` digits, with a point: 79.9722 gives « 79.97 ».
    #[must_use]
    pub fn truncated(&self, decimals: u32) -> String {
        // A quotient of integers needs no reduced fraction in between.
        let scaled = self.0.numer().magnitude() * BigUint::from(10_u32).pow(decimals);
        let cut = (scaled / self.0.denom().magnitude()).to_string();
        let width = decimals as usize;
        let padded = format!("{cut:0>size$}", size = width + 1);
        let (whole, rest) = padded.split_at(padded.len() - width);
        let sign = if self.0.is_negative() && cut.bytes().any(|b| b != b'0') { "-" } else { "" };
        if width == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
    }

    /// The arithmetic mean; `None` of nothing.
    #[must_use]
    pub fn mean(values: &[Fraction]) -> Option<Fraction> {
        let count = i64::try_from(values.len()).ok().filter(|n| *n > 0)?;
        Some(values.iter().cloned().sum::<Fraction>() / Fraction::from(count))
    }

    /// True below zero, strictly.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }
}

impl From<i64> for Fraction {
    fn from(whole: i64) -> Fraction {
        Fraction(BigRational::from(BigInt::from(whole)))
    }
}

/// « 2879/36 », or « 80 » when whole.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Reads what [`fmt::Display`] writes, and decimals.
impl FromStr for Fraction {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Fraction, NotANumber> {
        match text.split_once('/') {
            None => Fraction::from_decimal(text),
            Some((p, q)) => {
                let (p, q) = (Fraction::from_decimal(p)?, Fraction::from_decimal(q)?);
                if q.0.is_zero() { Err(NotANumber) } else { Ok(p / q) }
            }
        }
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fraction, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|NotANumber| serde::de::Error::custom("expected an exact number such as \"159/2\""))
    }
}

impl Add for Fraction {
    type Output = Fraction;
    fn add(self, other: Fraction) -> Fraction {
        Fraction(self.0 + other.0)
    }
}

impl Sub for Fraction {
    type Output = Fraction;
    fn sub(self, other: Fraction) -> Fraction {
        Fraction(self.0 - other.0)
    }
}

impl Mul for Fraction {
    type Output = Fraction;
    fn mul(self, other: Fraction) -> Fraction {
        Fraction(self.0 * other.0)
    }
}

/// Divides. A zero divisor returns the number unchanged, because a rule must not panic; callers check for it first.
impl Div for Fraction {
    type Output = Fraction;
    fn div(self, other: Fraction) -> Fraction {
        if other.0.is_zero() { self } else { Fraction(self.0 / other.0) }
    }
}

impl Sum for Fraction {
    fn sum<I: Iterator<Item = Fraction>>(values: I) -> Fraction {
        values.fold(Fraction::from(0), Add::add)
    }
}

/// A threshold, by the guide's wording of its bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// « atteint », « minimum de », « au moins ».
    AtLeast(Fraction),
    /// « plus de ».
    MoreThan(Fraction),
    /// « moins de ».
    LessThan(Fraction),
}

impl Bound {
    /// R-X-7 — *seuils*: « au moins » includes the bound itself, « plus de » and « moins de » do not.
    #[must_use]
    pub fn holds(&self, value: &Fraction) -> bool {
        match self {
            Bound::AtLeast(bound) => value >= bound,
            Bound::MoreThan(bound) => value > bound,
            Bound::LessThan(bound) => value < bound,
        }
    }
}

/// R-X-9 — *arrondi à l'entier supérieur*: ⌈numerator × count / denominator⌉ in integers; 0 when the denominator is 0.
///
/// Used only where the guide asks for it; no other number is rounded before a comparison.
#[must_use]
pub fn ceil_share(numerator: u64, denominator: u64, count: u64) -> u64 {
    if denominator == 0 {
        return 0;
    }
    let product = u128::from(numerator) * u128::from(count);
    u64::try_from(product.div_ceil(u128::from(denominator))).unwrap_or(u64::MAX)
}

/// ⌈√n⌉ by the integer square root (R-X-9).
#[must_use]
pub fn ceil_sqrt(n: u64) -> u64 {
    let root = n.isqrt();
    if root * root == n { root } else { root + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_written() {
        assert_eq!("79,97".parse::<Fraction>().unwrap(), Fraction::new(7997, 100).unwrap());
        assert_eq!("1\u{202f}000.5".parse::<Fraction>().unwrap(), Fraction::new(2001, 2).unwrap());
        for spaced in ["1 000,5", "1\u{a0}000,5", " 1000.5 "] {
            assert_eq!(spaced.parse::<Fraction>().unwrap(), Fraction::new(2001, 2).unwrap(), "{spaced}");
        }
        assert_eq!("-12,5".parse::<Fraction>().unwrap(), Fraction::new(-25, 2).unwrap());
        assert_eq!("2879/36".parse::<Fraction>().unwrap(), Fraction::new(2879, 36).unwrap());
        assert!("9".repeat(40).parse::<Fraction>().is_ok(), "the longest that is read");
        for bad in ["", "-", "1e9", "1/0", "NaN", "80%", ".5", "1.2.3", &"9".repeat(41)] {
            assert_eq!(bad.parse::<Fraction>(), Err(NotANumber), "{bad}");
        }
    }

    /// R-X-7
    #[test]
    fn only_at_least_takes_the_bound() {
        let half = || Fraction::new(1, 2).unwrap();
        assert!(Bound::AtLeast(half()).holds(&half()));
        assert!(!Bound::MoreThan(half()).holds(&half()) && !Bound::LessThan(half()).holds(&half()));
        assert!(Bound::MoreThan(half()).holds(&Fraction::new(8, 15).unwrap()));
        assert!(Bound::LessThan(half()).holds(&Fraction::new(5, 11).unwrap()));
    }

    /// R-X-8
    #[test]
    fn display_is_cut_and_never_rounded() {
        assert_eq!(Fraction::new(2879, 36).unwrap().truncated(2), "79.97");
        assert_eq!(Fraction::new(79_999, 1000).unwrap().truncated(2), "79.99");
        assert_eq!(Fraction::from(80).truncated(2), "80.00");
        assert_eq!(Fraction::new(1, 20).unwrap().truncated(2), "0.05");
        assert_eq!(Fraction::new(-1, 1000).unwrap().truncated(2), "0.00");
    }

    #[test]
    fn a_difference_keeps_its_sign() {
        let of = |a: i64, b: i64| Fraction::from(a) - Fraction::from(b);
        assert_eq!([of(80, 65), of(65, 80)], [15, -15].map(Fraction::from));
        assert!(of(65, 80).is_negative() && !of(80, 80).is_negative() && !of(80, 65).is_negative());
    }

    /// R-X-9
    #[test]
    fn rounding_up_only_where_the_guide_writes_it() {
        assert_eq!([0, 1, 2, 9, 10, 101].map(ceil_sqrt), [0, 1, 2, 3, 4, 11]);
        assert_eq!(
            [(0, 0), (1, 1), (10, 8), (11, 9), (12, 9)].map(|(n, _)| ceil_share(3, 4, n)),
            [0, 1, 8, 9, 9]
        );
    }
}

//! Numbers as people write them in a text.

use label::case::facts::UnreadableValue;
use label::folding::is_unseen;

/// A whole number; thousands may be apart by any blank or an apostrophe.
pub(super) fn whole(text: &str) -> Result<i64, UnreadableValue> {
    let apart = |c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '\'' | '’' | 'ʼ');
    let digits: String = text.chars().filter(|c| !apart(*c)).collect();
    digits.parse().map_err(|_| UnreadableValue::NotANumber)
}

/// « 85,5 % », « 85,5/100 », « 85,5 sur 100 », « 85,5 points »: the number alone. All marks are out of a hundred.
pub(super) fn of_hundred(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c) && !c.is_whitespace()).collect();
    let lower = seen.to_lowercase();
    let endings = ["%", "/100", "sur100", "points", "point", "pts", "pt"];
    endings.iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use label::Fraction;

    #[test]
    fn a_mark_out_of_a_hundred_is_read_however_it_is_written() {
        for text in [
            "85,5 %",
            "85.5%",
            "85,5 / 100",
            "85,5 sur 100",
            "85,5\u{202f}%",
            "\u{200b}85,5 pts",
            "85,5 Points",
            "+85,5",
        ] {
            assert_eq!(Fraction::from_decimal(&of_hundred(text)), Fraction::from_decimal("85.5"), "{text}");
        }
        for other in ["85,5/20", "%", "85 a", "8,5,5", "75 à 80"] {
            assert!(Fraction::from_decimal(&of_hundred(other)).is_err(), "{other}");
        }
    }

    #[test]
    fn thousands_may_be_apart_by_any_blank_or_apostrophe() {
        for text in ["1 234", "1\u{a0}234", "1\u{202f}234", "1\u{2009}234", "1'234", "1’234", "1\u{200b}234"]
        {
            assert_eq!(whole(text), Ok(1234), "{text}");
        }
        for other in ["1.234", "1,234", "12 %", "douze", "1e3"] {
            assert_eq!(whole(other), Err(UnreadableValue::NotANumber), "{other}");
        }
    }
}

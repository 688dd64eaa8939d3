//! Numbers and the words that agree with them, and the one way to say until when something may be done.

use std::fmt::Display;

use jiff::civil::Date;

use super::names::{date_full, date_near};

/// « 1 réponse », « 17 réponses »: in French the plural begins at two, so that none is singular too.
#[must_use]
pub fn count<N: Copy + Display + TryInto<i128>>(number: N, one: &str, several: &str) -> String {
    format!("{number} {}", agree(number, one, several))
}

/// The word alone, as it agrees with a number.
#[must_use]
pub fn agree<'w, N: Copy + TryInto<i128>>(number: N, one: &'w str, several: &'w str) -> &'w str {
    // What does not fit is large.
    let number = number.try_into().unwrap_or(i128::MAX);
    if (-1..=1).contains(&number) { one } else { several }
}

/// « et 3 autres », after a list that was cut.
#[must_use]
pub fn others<N: Copy + Display + TryInto<i128>>(rest: N) -> String {
    format!("et {}", count(rest, "autre", "autres"))
}

/// A deadline in a sentence. A last day is included: it is never « avant le », which would leave it out.
#[must_use]
pub fn by(day: Date) -> String {
    limit(&date_full(day))
}

/// The same in a subject, where the year is left out when it is the one of `today`.
#[must_use]
pub fn by_near(day: Date, today: Date) -> String {
    limit(&date_near(day, today))
}

/// The same of a date that is written already.
pub(super) fn limit(day: &str) -> String {
    format!("au plus tard le {day}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_agree_with_their_number() {
        let said = |number: i64| count(number, "réponse manquante", "réponses manquantes");
        assert_eq!(said(0), "0 réponse manquante");
        assert_eq!(said(1), "1 réponse manquante");
        assert_eq!(said(2), "2 réponses manquantes");
        assert_eq!(count(usize::MAX, "a", "b"), format!("{} b", usize::MAX));
        assert_eq!((others(1_u64), others(4_u64)), ("et 1 autre".to_owned(), "et 4 autres".to_owned()));
        assert_eq!(
            (agree(1_u8, "manque", "manquent"), agree(3_u8, "manque", "manquent")),
            ("manque", "manquent")
        );
    }

    #[test]
    fn a_last_day_is_included_and_its_year_is_said_when_it_is_another() {
        let day = date(2027, 8, 1);
        assert_eq!(by(day), "au plus tard le dimanche 1er août 2027");
        assert_eq!(by_near(day, date(2027, 2, 1)), "au plus tard le 1er août");
        assert_eq!(by_near(day, date(2026, 12, 31)), "au plus tard le 1er août 2027");
    }
}

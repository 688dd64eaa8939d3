//! §5.2 — *Extension* of a label to new sites or domains.

use jiff::civil::Date;

/// R-5.2-c — *date de fin inchangée*: an extended label ends when it did, unless the body printed another end (F-24).
#[must_use]
pub fn extended_end(last_valid_day: Date, printed: Option<Date>) -> Date {
    printed.unwrap_or(last_valid_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-5.2-c
    #[test]
    fn an_extension_does_not_lengthen_the_label() {
        assert_eq!(extended_end(date(2029, 6, 1), None), date(2029, 6, 1));
        assert_eq!(extended_end(date(2029, 6, 1), Some(date(2030, 1, 15))), date(2030, 1, 15));
    }
}

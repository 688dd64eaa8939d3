//! §3.10 — *Renouvellement*.

use jiff::civil::Date;

use super::calendar::add_months;

/// R-3.10-a — *invitation à renouveler*: nine months before the end of validity.
#[must_use]
pub fn invitation(last_valid_day: Date) -> Date {
    add_months(last_valid_day, -9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nine_months_before_the_end() {
        assert_eq!(invitation(date(2031, 2, 28)), date(2030, 5, 28));
    }
}

//! §5.3 — *Suspension et retrait*.

use jiff::civil::Date;

use super::calendar::add_months;

/// R-5.3.1-h — *suspension de douze mois au plus*, bounded by the end of validity (F-21). Inclusive.
#[must_use]
pub fn suspension_limit(suspended: Date, last_valid_day: Date) -> Date {
    add_months(suspended, 12).min(last_valid_day)
}

/// R-5.3.2-f — *cessation d'usage de la marque*: two months after the withdrawal takes effect, inclusive.
#[must_use]
pub fn mark_stops(effective: Date) -> Date {
    add_months(effective, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_suspension_never_outlives_the_label() {
        let suspended = date(2027, 11, 30);
        assert_eq!(suspension_limit(suspended, date(2029, 1, 1)), date(2028, 11, 30));
        assert_eq!(suspension_limit(suspended, date(2028, 6, 15)), date(2028, 6, 15));
    }

    #[test]
    fn two_months_to_stop_using_the_mark() {
        assert_eq!(mark_stops(date(2028, 1, 31)), date(2028, 3, 31));
    }
}

//! §5.3 — *Suspension et retrait*. The certification body decides both; only their dates are computed here.

use jiff::civil::Date;

use super::calendar::{add_days, add_months};
use super::choices::{Choices, MarkAfterExpiry, SuspensionStart};

/// R-5.3.1-h — *suspension de douze mois au plus*, bounded by the end of validity (F-21). Inclusive.
#[must_use]
pub fn suspension_limit(suspended: Date, last_valid_day: Date) -> Date {
    suspension_maximum(suspended).min(last_valid_day)
}

/// Twelve months of suspension, whatever the end of validity (R-5.3.1-h).
#[must_use]
pub fn suspension_maximum(suspended: Date) -> Date {
    add_months(suspended, 12)
}

/// F-21 — the day from which a suspension runs: the effective date that the body wrote, else its notification.
#[must_use]
pub fn suspension_starts(effective: Option<Date>, notified: Date, choices: &Choices) -> Date {
    match choices.suspension_start {
        SuspensionStart::Effective => effective.unwrap_or(notified),
        SuspensionStart::Notification => notified,
    }
}

/// R-5.3.2-d — *fin de cycle sans renouvellement*: whether the label is lost at expiry, from the day after its last one.
#[must_use]
pub fn is_expired(last_valid_day: Date, renewed: bool, today: Date) -> bool {
    !renewed && today > last_valid_day
}

/// R-5.3.2-f — *cessation d'usage de la marque*: two months after the withdrawal takes effect, inclusive.
#[must_use]
pub fn mark_stops(effective: Date) -> Date {
    add_months(effective, 2)
}

/// F-22 — the last day of the mark after a plain expiry: two months as after any withdrawal, or the end itself.
#[must_use]
pub fn mark_stops_after_expiry(last_valid_day: Date, choices: &Choices) -> Date {
    match choices.mark_after_expiry {
        MarkAfterExpiry::TwoMonths => mark_stops(last_valid_day),
        MarkAfterExpiry::AtOnce => last_valid_day,
    }
}

/// R-5.3.2-h — *retrait de la liste publique* from the effective date: whether the service is still listed.
#[must_use]
pub fn is_listed(withdrawn_from: Option<Date>, today: Date) -> bool {
    withdrawn_from.is_none_or(|effective| today < effective)
}

/// R-5.3.2-i — *notification du retrait après expiration*: the first day on which the body notifies the withdrawal of a label
/// that ended without renewal: the day after its last valid one.
#[must_use]
pub fn expiry_notified_from(last_valid_day: Date) -> Date {
    add_days(last_valid_day, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-5.3.1-h
    #[test]
    fn a_suspension_never_outlives_the_label() {
        let suspended = date(2027, 11, 30);
        assert_eq!(suspension_limit(suspended, date(2029, 1, 1)), date(2028, 11, 30));
        assert_eq!(suspension_limit(suspended, date(2028, 6, 15)), date(2028, 6, 15));
        assert_eq!(suspension_maximum(suspended), date(2028, 11, 30));
        let written = Some(date(2027, 12, 15));
        assert_eq!(suspension_starts(written, suspended, &Choices::default()), date(2027, 12, 15));
        assert_eq!(suspension_starts(None, suspended, &Choices::default()), suspended);
        let notified = Choices { suspension_start: SuspensionStart::Notification, ..Choices::default() };
        assert_eq!(suspension_starts(written, suspended, &notified), suspended);
    }

    /// R-5.3.2-f
    #[test]
    fn two_months_to_stop_using_the_mark() {
        assert_eq!(mark_stops(date(2028, 1, 31)), date(2028, 3, 31));
        assert_eq!(mark_stops_after_expiry(date(2027, 12, 31), &Choices::default()), date(2028, 2, 29));
        let at_once = Choices { mark_after_expiry: MarkAfterExpiry::AtOnce, ..Choices::default() };
        assert_eq!(mark_stops_after_expiry(date(2027, 12, 31), &at_once), date(2027, 12, 31));
    }

    /// R-5.3.2-d, R-5.3.2-h
    #[test]
    fn the_last_day_is_valid_and_the_effective_day_is_off_the_list() {
        let end = date(2031, 2, 28);
        assert!(!is_expired(end, false, end) && is_expired(end, false, date(2031, 3, 1)));
        assert!(!is_expired(end, true, date(2031, 3, 1)));
        assert!(is_listed(None, end) && is_listed(Some(date(2031, 3, 1)), end) && !is_listed(Some(end), end));
    }

    /// R-5.3.2-i
    #[test]
    fn an_expiry_is_notified_from_the_day_after_the_last_valid_one() {
        assert_eq!(expiry_notified_from(date(2031, 2, 28)), date(2031, 3, 1));
    }
}

//! §5.2 — *Extension* of a label to new sites or domains.

use jiff::civil::Date;

use super::follow_up::Window;
use super::renewal::invitation;

/// R-5.2-a — *à l'occasion d'un audit de suivi ou de l'audit de renouvellement*: whether the visit of an extension falls in a
/// follow-up window, or after the invitation to renew.
#[must_use]
pub fn extension_is_timely(visit: Date, windows: &[Window], ends: Date) -> bool {
    windows.iter().any(|window| window.contains(visit)) || visit >= invitation(ends)
}

/// R-5.2-b — *audit couvrant le périmètre complémentaire*: whether an extension granted on `decided` had its own audit.
#[must_use]
pub fn extension_audited(last_visit_day: Option<Date>, decided: Date) -> bool {
    last_visit_day.is_some_and(|day| day <= decided)
}

/// R-5.2-c — *date de fin inchangée*: an extended label ends when it did, unless the body printed another end (F-24).
#[must_use]
pub fn extended_end(last_valid_day: Date, printed: Option<Date>) -> Date {
    printed.unwrap_or(last_valid_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-5.2-a, R-5.2-b
    #[test]
    fn an_extension_is_audited_at_a_follow_up_or_at_the_renewal() {
        let (windows, ends) = ([Window::after(date(2026, 6, 1), 18)], date(2029, 6, 1));
        let on = |day| extension_is_timely(day, &windows, ends);
        assert!(!on(date(2027, 9, 30)) && on(date(2027, 10, 1)) && on(date(2028, 2, 1)));
        assert!(!on(date(2028, 8, 31)) && on(date(2028, 9, 1)));
        let decided = date(2028, 1, 10);
        assert!(extension_audited(Some(decided), decided));
        assert!(!extension_audited(Some(date(2028, 1, 11)), decided) && !extension_audited(None, decided));
    }

    /// R-5.2-c
    #[test]
    fn an_extension_does_not_lengthen_the_label() {
        assert_eq!(extended_end(date(2029, 6, 1), None), date(2029, 6, 1));
        assert_eq!(extended_end(date(2029, 6, 1), Some(date(2030, 1, 15))), date(2030, 1, 15));
    }
}

//! §3.5.1, 3.5.2 — *Dossier de candidature*: when it is due and what it must hold.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{Calendar, add_days, add_months};
use super::choices::{Choices, IndicatorsMeasured};

/// R-3.5.1-k — *dépôt du dossier*: the last good day, one month before the first audit day, inclusive.
///
/// Counted backwards, so never rolled forward (R-X-5).
#[must_use]
pub fn deposit_limit(first_audit_day: Date) -> Date {
    add_months(first_audit_day, -1)
}

/// *Jour conseillé* for the deposit: the last working day on or before the limit (R-3.5.1-k).
#[must_use]
pub fn deposit_advised(first_audit_day: Date, calendar: &Calendar) -> Date {
    calendar.last_working(deposit_limit(first_audit_day))
}

/// R-3.5.2-d — *compléments avant la visite*: the last day is its eve.
#[must_use]
pub fn complements_limit(first_audit_day: Date) -> Date {
    add_days(first_audit_day, -1)
}

/// Whether a dated piece is good at the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Age {
    /// Neither too old nor too late.
    Good,
    /// Done too long before the audit.
    TooOld {
        /// For a self-assessment, the oldest good day (R-3.5.1-e); for a survey of a follow-up, the last day that is too old
        /// (R-3.9.1-d).
        bound: Date,
    },
    /// Done after the first audit day.
    TooLate,
}

/// The oldest day of a self-assessment that is good at the audit.
#[must_use]
pub fn self_assessment_bound(first_audit_day: Date) -> Date {
    add_months(first_audit_day, -12)
}

/// R-3.5.1-e — *autodiagnostic réalisé dans les douze mois précédant l'audit*: both ends inclusive.
#[must_use]
pub fn self_assessment_age(done: Date, first_audit_day: Date) -> Age {
    let bound = self_assessment_bound(first_audit_day);
    if done > first_audit_day {
        Age::TooLate
    } else if done < bound {
        Age::TooOld { bound }
    } else {
        Age::Good
    }
}

/// R-3.5.1-i — *indicateurs en place depuis au moins six mois*, at the deposit (the stricter reading, F-35).
///
/// `None` when the chosen reading needs an audit day that is not known. The date in the answer is the latest good one.
#[must_use]
pub fn indicators_since(
    since: Date,
    deposited: Date,
    first_audit_day: Option<Date>,
    choices: &Choices,
) -> Option<Result<Date, Date>> {
    let measured = match choices.indicators {
        IndicatorsMeasured::Deposit => deposited,
        IndicatorsMeasured::Audit => first_audit_day?,
    };
    let bound = add_months(measured, -6);
    Some(if since <= bound { Ok(bound) } else { Err(bound) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.5.1-k, R-3.5.2-d
    #[test]
    fn one_month_before_the_visit() {
        assert_eq!(deposit_limit(date(2027, 3, 31)), date(2027, 2, 28));
        assert_eq!(deposit_advised(date(2027, 3, 31), &Calendar::default()), date(2027, 2, 26));
        assert_eq!(complements_limit(date(2027, 3, 1)), date(2027, 2, 28));
    }

    /// R-3.5.1-e
    #[test]
    fn twelve_months_are_inclusive() {
        let audit = date(2027, 3, 1);
        assert_eq!(self_assessment_age(date(2026, 3, 1), audit), Age::Good);
        assert_eq!(self_assessment_age(date(2026, 2, 28), audit), Age::TooOld { bound: date(2026, 3, 1) });
        assert_eq!(self_assessment_age(date(2027, 3, 1), audit), Age::Good);
        assert_eq!(self_assessment_age(date(2027, 3, 2), audit), Age::TooLate);
    }

    /// R-3.5.1-i
    #[test]
    fn indicators_are_measured_at_the_deposit_unless_chosen_otherwise() {
        let (deposit, audit) = (date(2027, 1, 31), Some(date(2027, 3, 31)));
        let since = date(2026, 8, 1);
        assert_eq!(
            indicators_since(since, deposit, audit, &Choices::default()),
            Some(Err(date(2026, 7, 31)))
        );
        let on_the_day = indicators_since(date(2026, 7, 31), deposit, audit, &Choices::default());
        assert_eq!(on_the_day, Some(Ok(date(2026, 7, 31))));
        let at_audit = Choices { indicators: IndicatorsMeasured::Audit, ..Choices::default() };
        assert_eq!(indicators_since(since, deposit, audit, &at_audit), Some(Ok(date(2026, 9, 30))));
        assert_eq!(indicators_since(since, deposit, None, &at_audit), None);
    }
}

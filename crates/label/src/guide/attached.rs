//! §3.8.2, 3.9.2, 5.3.2 — *services locaux rattachés*: what the label, refusal, suspension or withdrawal of their central
//! service changes for them.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::add_months;
use super::choices::{AfterCentralWithdrawal, AttachedSurveys, Choices, PendingCentral};
use super::follow_up::{Window, local_window};

/// The state of a local service's central service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Central {
    /// Its procedure is under way.
    Pending,
    Labelled,
    Suspended,
    Refused,
    /// Withdrawn from that day.
    Withdrawn(Date),
}

/// What an attached local service must do once it is labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Duty {
    /// No external follow-up: surveys and self-assessments, checked at the central's yearly audit.
    Exempt,
    /// A follow-up at eighteen months, unless the central is labelled meanwhile.
    FollowUp(Window),
    /// The mark is kept only with a follow-up around that day, and yearly reports.
    Conditional { by: Date },
}

/// The duties of a local service given the state of its central. The tier and the end date of the local never change.
#[must_use]
pub fn duty(central: Central, obtained: Date, notified: Date, choices: &Choices) -> Duty {
    match central {
        Central::Labelled => Duty::Exempt,
        Central::Suspended => duty_under_suspension(),
        Central::Refused => Duty::FollowUp(follow_up_without_central(notified)),
        Central::Pending => match choices.pending_central {
            PendingCentral::Runs => Duty::FollowUp(follow_up_without_central(notified)),
            PendingCentral::Waits => Duty::Exempt,
        },
        Central::Withdrawn(effective) if labelled_less_than_two_years(obtained, effective) => {
            Duty::Conditional { by: follow_up_after_withdrawal(notified, effective, choices) }
        }
        Central::Withdrawn(_) => Duty::Exempt,
    }
}

/// R-3.8.2-d — *les locaux gardent leur label*: whether a local's label stands without condition.
///
/// The refusal or suspension of the central changes nothing; only a withdrawal sets a condition (R-5.3.2-g).
#[must_use]
pub fn keeps_label(central: Central, obtained: Date) -> bool {
    !matches!(central, Central::Withdrawn(effective) if labelled_less_than_two_years(obtained, effective))
}

/// R-3.8.2-e — *audit de suivi à 18 mois sauf labellisation du central entre-temps*: the window of that follow-up (F-26).
#[must_use]
pub fn follow_up_without_central(notified: Date) -> Window {
    local_window(notified)
}

/// R-3.9.2-f — *enquêtes dans les dix-huit mois après l'audit initial*: the last day for both surveys.
///
/// The guide also writes « chaque année » (F-19): the yearly reading counts from the last survey, if there was one.
#[must_use]
pub fn surveys_due(initial_audit_end: Date, last_survey: Option<Date>, choices: &Choices) -> Date {
    match choices.attached_surveys {
        AttachedSurveys::EighteenMonths => add_months(initial_audit_end, 18),
        AttachedSurveys::Yearly => add_months(last_survey.unwrap_or(initial_audit_end), 12),
    }
}

/// R-3.9.2-m — *central suspendu*: the locals keep their label and stay exempt of follow-up, with surveys and self-assessments.
#[must_use]
pub fn duty_under_suspension() -> Duty {
    Duty::Exempt
}

/// R-5.3.2-g — *labellisés depuis moins de deux ans* when their central's withdrawal takes effect: exactly two years are not.
#[must_use]
pub fn labelled_less_than_two_years(obtained: Date, effective: Date) -> bool {
    effective < add_months(obtained, 24)
}

/// F-25 — the day around which a local is followed up after the withdrawal: its own eighteen months if still ahead.
#[must_use]
pub fn follow_up_after_withdrawal(notified: Date, effective: Date, choices: &Choices) -> Date {
    let (own, later) = (local_window(notified).theory, add_months(effective, 6));
    match choices.after_central_withdrawal {
        AfterCentralWithdrawal::OwnDate if own > effective => own,
        AfterCentralWithdrawal::OwnDate | AfterCentralWithdrawal::SixMonths => later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const OBTAINED: Date = date(2026, 1, 31);
    const NOTIFIED: Date = date(2026, 2, 3);

    fn of(central: Central) -> Duty {
        duty(central, OBTAINED, NOTIFIED, &Choices::default())
    }

    /// R-3.8.2-d, R-3.8.2-e, R-3.9.2-m
    #[test]
    fn only_a_labelled_or_suspended_central_exempts() {
        assert_eq!([of(Central::Labelled), of(Central::Suspended)], [Duty::Exempt; 2]);
        let window = Duty::FollowUp(local_window(NOTIFIED));
        assert_eq!([of(Central::Refused), of(Central::Pending)], [window; 2]);
        let waits = Choices { pending_central: PendingCentral::Waits, ..Choices::default() };
        assert_eq!(duty(Central::Pending, OBTAINED, NOTIFIED, &waits), Duty::Exempt);
        assert!([Central::Refused, Central::Suspended].iter().all(|central| keeps_label(*central, OBTAINED)));
    }

    /// R-3.9.2-f
    #[test]
    fn eighteen_months_for_the_surveys() {
        let due = |last, choices: &Choices| surveys_due(date(2026, 8, 31), last, choices);
        assert_eq!(due(None, &Choices::default()), date(2028, 2, 29));
        let yearly = Choices { attached_surveys: AttachedSurveys::Yearly, ..Choices::default() };
        assert_eq!(due(Some(date(2026, 6, 30)), &yearly), date(2027, 6, 30));
    }

    /// R-5.3.2-g
    #[test]
    fn exactly_two_years_is_not_less() {
        let effective = date(2028, 1, 31);
        assert!(!labelled_less_than_two_years(date(2026, 1, 31), effective));
        assert!(labelled_less_than_two_years(date(2026, 2, 1), effective));
        assert!(keeps_label(Central::Withdrawn(effective), OBTAINED));
        assert_eq!(of(Central::Withdrawn(effective)), Duty::Exempt);
        let early = date(2027, 3, 31);
        assert_eq!(of(Central::Withdrawn(early)), Duty::Conditional { by: date(2027, 8, 3) });
        assert!(!keeps_label(Central::Withdrawn(early), OBTAINED));
        let late = date(2027, 12, 31);
        assert_eq!(of(Central::Withdrawn(late)), Duty::Conditional { by: date(2028, 6, 30) });
        let six =
            Choices { after_central_withdrawal: AfterCentralWithdrawal::SixMonths, ..Choices::default() };
        assert_eq!(follow_up_after_withdrawal(NOTIFIED, early, &six), date(2027, 9, 30));
    }
}

//! §3.8.2, 3.9.2, 5.3.2 — *services locaux rattachés*: what the label, refusal, suspension or withdrawal of their central
//! service changes for them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::add_months;
use super::choices::{AfterCentralWithdrawal, AttachedSurveys, Choices, PendingCentral};
use super::follow_up::{Window, local_window};

/// Months from its notification to a local's own follow-up (R-3.9.1-b).
const OWN_MONTHS: i32 = 18;

/// What is true of a local service's central service on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CentralStanding {
    /// The local names no dossier as its central's.
    NotNamed,
    /// No dossier of that number is known.
    Unknown(i64),
    /// The local names one of its own dossiers.
    Itself(i64),
    /// The dossier of that number is not about a central service.
    NotCentral(i64),
    /// Its procedure is under way.
    Pending,
    /// Its label is in force: the local owes no follow-up of its own.
    Labelled,
    /// Its label is suspended: for the local, as if it were in force (R-3.9.2-m).
    Suspended,
    /// Refused on that day, and never labelled.
    Refused(Date),
    /// Withdrawn from that day.
    Withdrawn(Date),
    /// Not renewed: that was the last valid day.
    Expired(Date),
}

impl CentralStanding {
    /// Whether a central service is known at all.
    #[must_use]
    pub fn is_known(self) -> bool {
        use CentralStanding as S;
        !matches!(self, S::NotNamed | S::Unknown(_) | S::Itself(_) | S::NotCentral(_))
    }

    /// Whether what a local that obtained its label on that day owes is sure: a central that is not labelled may apply and
    /// be labelled (R-3.8.2-e), refused or not, and a number may have to be mended. The loss of the label that exempted
    /// the local sets its condition for good (R-5.3.2-g).
    #[must_use]
    pub fn is_settled(self, obtained: Date) -> bool {
        matches!(self, CentralStanding::Labelled | CentralStanding::Suspended)
            || self.lost_after(obtained).is_some()
    }

    /// The day on which its label was lost: by a withdrawal, or by an end without renewal (F-37).
    #[must_use]
    pub fn lost(self) -> Option<Date> {
        match self {
            CentralStanding::Withdrawn(effective) => Some(effective),
            CentralStanding::Expired(last) => Some(last),
            _ => None,
        }
    }

    /// The day on which its label was lost, for a local that held its own label then.
    #[must_use]
    pub fn lost_after(self, obtained: Date) -> Option<Date> {
        self.lost().filter(|lost| obtained <= *lost)
    }
}

/// What an attached local service must do once it is labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Duty {
    /// No external follow-up: surveys and self-assessments, checked at the central's yearly audit.
    Exempt,
    /// A follow-up at eighteen months, unless the central is labelled meanwhile.
    FollowUp(Window),
    /// The mark is kept only with a follow-up in that window, and yearly reports.
    Conditional(Window),
}

/// The duties of a local service given its central on a day. The tier and the end date of the local never change.
///
/// A central that is not known, or was never labelled, is not labelled (R-3.8.2-e): so is one that had lost its label
/// before the local obtained its own.
#[must_use]
pub fn duty(central: CentralStanding, obtained: Date, notified: Date, choices: &Choices) -> Duty {
    match central {
        CentralStanding::Labelled => return Duty::Exempt,
        CentralStanding::Suspended => return duty_under_suspension(),
        CentralStanding::Pending if choices.pending_central == PendingCentral::Waits => return Duty::Exempt,
        _ => {}
    }
    match central.lost_after(obtained) {
        Some(lost) if labelled_less_than_two_years(obtained, lost) => {
            Duty::Conditional(follow_up_after_withdrawal(notified, lost, choices))
        }
        Some(_) => Duty::Exempt,
        None => Duty::FollowUp(follow_up_without_central(notified, choices)),
    }
}

/// R-3.8.2-d — *les locaux gardent leur label*: whether a local's label stands without condition.
///
/// The refusal or suspension of the central changes nothing; only the loss of its label sets a condition (R-5.3.2-g, F-37).
#[must_use]
pub fn keeps_label(central: CentralStanding, obtained: Date) -> bool {
    !central.lost_after(obtained).is_some_and(|lost| labelled_less_than_two_years(obtained, lost))
}

/// R-3.8.2-e — *audit de suivi à 18 mois sauf labellisation du central entre-temps*: the window of that follow-up (F-26).
#[must_use]
pub fn follow_up_without_central(notified: Date, choices: &Choices) -> Window {
    Window::after_under(notified, OWN_MONTHS, choices)
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

/// F-25 — the follow-up of a local whose central lost its label: at its own eighteen months if they are still ahead, else
/// six months later. The window is that of §3.9.1 (F-43).
#[must_use]
pub fn follow_up_after_withdrawal(notified: Date, lost: Date, choices: &Choices) -> Window {
    match choices.after_central_withdrawal {
        AfterCentralWithdrawal::OwnDate if local_window(notified).theory > lost => {
            follow_up_without_central(notified, choices)
        }
        AfterCentralWithdrawal::OwnDate | AfterCentralWithdrawal::SixMonths => {
            Window::after_under(lost, 6, choices)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    use CentralStanding as S;

    const OBTAINED: Date = date(2026, 1, 31);
    const NOTIFIED: Date = date(2026, 2, 3);

    fn of(central: S) -> Duty {
        duty(central, OBTAINED, NOTIFIED, &Choices::default())
    }

    /// R-3.8.2-d, R-3.8.2-e, R-3.9.2-m
    #[test]
    fn only_a_labelled_or_suspended_central_exempts() {
        assert_eq!([of(S::Labelled), of(S::Suspended)], [Duty::Exempt; 2]);
        let window = Duty::FollowUp(Window::after(NOTIFIED, 18));
        let refused = S::Refused(date(2026, 6, 1));
        assert_eq!([of(refused), of(S::Pending)], [window; 2]);
        let unknown = [S::NotNamed, S::Unknown(99_999_999), S::Itself(1), S::NotCentral(2)];
        assert_eq!(unknown.map(of), [window; 4]);
        let waits = Choices { pending_central: PendingCentral::Waits, ..Choices::default() };
        assert_eq!(duty(S::Pending, OBTAINED, NOTIFIED, &waits), Duty::Exempt);
        assert_eq!(duty(S::NotNamed, OBTAINED, NOTIFIED, &waits), window);
        assert!([refused, S::Suspended].iter().all(|central| keeps_label(*central, OBTAINED)));
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
        assert!(keeps_label(S::Withdrawn(effective), OBTAINED));
        assert_eq!(of(S::Withdrawn(effective)), Duty::Exempt);
        let early = date(2027, 3, 31);
        let own = Window { theory: date(2027, 8, 3), opens: date(2027, 6, 3), closes: date(2027, 10, 3) };
        assert_eq!(of(S::Withdrawn(early)), Duty::Conditional(own));
        assert!(!keeps_label(S::Withdrawn(early), OBTAINED));
        let late = Window { theory: date(2028, 6, 30), opens: date(2028, 4, 30), closes: date(2028, 8, 30) };
        assert_eq!(of(S::Withdrawn(date(2027, 12, 31))), Duty::Conditional(late));
        let six =
            Choices { after_central_withdrawal: AfterCentralWithdrawal::SixMonths, ..Choices::default() };
        assert_eq!(follow_up_after_withdrawal(NOTIFIED, early, &six).theory, date(2027, 9, 30));
    }

    /// F-25: « if still ahead » — on the day of its own eighteen months they are not.
    #[test]
    fn eighteen_months_that_end_on_the_day_of_the_loss_are_not_ahead() {
        let theory = |lost| follow_up_after_withdrawal(NOTIFIED, lost, &Choices::default()).theory;
        assert_eq!(theory(date(2027, 8, 2)), date(2027, 8, 3));
        assert_eq!(theory(date(2027, 8, 3)), date(2028, 2, 3));
    }

    /// R-3.8.2-e, R-5.3.2-g, F-37
    #[test]
    fn what_a_local_owes_is_sure_under_a_label_and_once_it_is_lost() {
        let day = date(2026, 6, 1);
        let sure = [S::Labelled, S::Suspended, S::Withdrawn(OBTAINED), S::Expired(day)];
        let eve = OBTAINED.yesterday().unwrap();
        let open = [S::Pending, S::Refused(day), S::Withdrawn(eve), S::Expired(eve)];
        let unknown = [S::NotNamed, S::Unknown(9), S::Itself(1), S::NotCentral(2)];
        assert!(sure.iter().all(|central| central.is_settled(OBTAINED) && central.is_known()));
        assert!(open.iter().all(|central| !central.is_settled(OBTAINED) && central.is_known()));
        assert!(unknown.iter().all(|central| !central.is_settled(OBTAINED) && !central.is_known()));
    }

    /// F-37: an end without renewal, which is a withdrawal « quelle que soit l'origine ».
    #[test]
    fn a_central_that_expired_is_as_one_withdrawn() {
        let early = date(2027, 3, 31);
        assert_eq!(of(S::Expired(early)), of(S::Withdrawn(early)));
        assert_eq!(of(S::Expired(date(2028, 1, 31))), Duty::Exempt);
    }

    /// R-3.8.2-e: the note of §5.3.2 is about locals that were labelled already.
    #[test]
    fn a_local_labelled_after_its_central_lost_the_label_has_no_labelled_central() {
        let before = OBTAINED.yesterday().unwrap();
        assert_eq!(of(S::Withdrawn(before)), of(S::NotNamed));
        assert!(keeps_label(S::Withdrawn(before), OBTAINED));
    }
}

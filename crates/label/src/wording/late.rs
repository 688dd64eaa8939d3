//! How a mail says a deadline whose day is past: never as a day that is still to come.

use jiff::civil::Date;

use crate::judge::agenda::Due;

use super::agreement::limit;

/// The last day on which it can be met, as the guide counts: its own day, else the working day to which it is extended once
/// that day is past.
#[must_use]
pub(super) fn last(due: &Due, today: Date) -> Date {
    let (nominal, extended) = (due.deadline.nominal, due.deadline.extended);
    if today > nominal { extended.max(nominal) } else { nominal }
}

/// Nothing can be done in time any more.
#[must_use]
pub(super) fn is_over(due: &Due, today: Date) -> bool {
    today > last(due, today)
}

/// « au plus tard le 3 mars », or « — échéance passée depuis le 3 mars », after what is to be done.
#[must_use]
pub(super) fn by(due: &Due, today: Date, date: &dyn Fn(Date) -> String) -> String {
    match is_over(due, today) {
        true => format!("— échéance passée depuis le {}", date(due.deadline.nominal)),
        false => limit(&date(last(due, today))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::calendar::Deadline;
    use crate::judge::agenda::{Obligation, Status};
    use crate::wording::date_short;
    use jiff::civil::date;

    #[test]
    fn a_day_that_is_past_is_never_said_to_come() {
        let (saturday, monday) = (date(2027, 3, 6), date(2027, 3, 8));
        let due = Due {
            obligation: Obligation::Decide,
            dossier: 1,
            deadline: Deadline { nominal: saturday, extended: monday },
            window: None,
            zone: None,
            occurrence: 0,
            horizon: monday,
            status: Status::Upcoming,
            settled: None,
            done_on: None,
            stages: Vec::new(),
        };
        let said = |today| by(&due, today, &date_short);
        assert_eq!(said(saturday), "au plus tard le 06/03/2027");
        assert_eq!(said(date(2027, 3, 7)), "au plus tard le 08/03/2027", "the working day that extends it");
        assert_eq!(said(monday), "au plus tard le 08/03/2027");
        assert_eq!(said(date(2027, 3, 9)), "— échéance passée depuis le 06/03/2027");
    }
}

//! One dated obligation, its status, and the days of its reminders.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::obligation::Obligation;
use super::role::Role;
use super::stage_name::StageName;
use crate::case::{Settled, ZoneUsed};
use crate::guide::calendar::Deadline;
use crate::guide::follow_up::Window;

/// The status of a deadline today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not done, and its extended date has not passed.
    Upcoming,
    /// Past its extended date, and still to do.
    Late,
    /// Nobody can be late with it: its day has passed, or what it was for is over ([`Due::is_moot`]).
    Passed,
    /// What was due is done, or a person found it settled.
    Done,
}

/// A day on which some people are to be reminded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// « J-30 », « ouverture »… part of the mail's identity.
    pub name: StageName,
    /// The day from which the reminder may be sent, inclusive.
    pub on: Date,
    /// The reader of the reminder; several readers of one day have a `Stage` each.
    pub role: Role,
}

/// One dated obligation of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// What must be done: a line of part C of the catalogue.
    pub obligation: Obligation,
    /// Number of the dossier that it belongs to.
    pub dossier: i64,
    /// The day that is shown, and the extended one after which it is late; both inclusive (R-X-6).
    pub deadline: Deadline,
    /// For a follow-up audit.
    pub window: Option<Window>,
    /// Whose public holidays were used, for a deadline that depends on working days.
    pub zone: Option<ZoneUsed>,
    /// Rank among obligations of the same kind (the second follow-up, the third self-assessment), from 0.
    pub occurrence: u8,
    /// The last day on which a reminder is of use.
    pub horizon: Date,
    /// Its status on the day of the review.
    pub status: Status,
    /// The day on which a person found it settled once it was overdue; it is then done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Date>,
    /// The day on which it was done, where the dossier says it. No part of a judgement: it is read of the facts again.
    #[serde(skip)]
    pub done_on: Option<Date>,
    /// The days of its reminders; empty when nobody is to be reminded.
    pub stages: Vec<Stage>,
}

impl Due {
    /// What tells this obligation from the others of its dossier: « O-18 », « O-18-2 » for the third.
    #[must_use]
    pub fn code(&self) -> String {
        match self.occurrence {
            0 => self.obligation.code().to_owned(),
            index => format!("{}-{index}", self.obligation.code()),
        }
    }

    /// Settles it when a person found it settled by `today`: this one on a page (`found`), or all that was overdue on the day
    /// `noted` in the dossier (`constate_le`). Only what is overdue can be: nothing else lacks an end.
    pub(super) fn settle(&mut self, found: &[Settled], noted: Option<Date>, today: Date) {
        let of = |one: &&Settled| {
            (one.dossier, one.due) == (self.dossier, self.deadline.nominal) && one.code == self.code()
        };
        let come = |on: &Date| *on <= today;
        let noted = noted.filter(|noted| *noted > self.deadline.extended).filter(come);
        let on = found.iter().find(of).map(|one| one.on).filter(come).or(noted);
        if self.status == Status::Late && on.is_some() {
            self.status = Status::Done;
            self.settled = on;
        }
    }

    /// The day after which it is over. An invitation and an advice are of use after their day; a reminder that comes after the
    /// day of any other does not make it last.
    #[must_use]
    pub fn ends(&self) -> Date {
        match self.obligation {
            Obligation::Renewal | Obligation::FollowUpSurveys => self.horizon,
            _ => self.deadline.extended,
        }
    }

    /// True when its day is the first on which something may be done: nothing is over after it.
    #[must_use]
    pub fn only_opens(&self) -> bool {
        matches!(
            self.obligation,
            Obligation::Reapply | Obligation::NewCampaign | Obligation::Prepare | Obligation::PrepareCentral
        )
    }

    /// The last day on which its reader can act: a reminder that would come after it does not wait for better hours. `None`
    /// when nothing is lost by waiting: advice, a date from which something may be done.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let day = match self.obligation {
            Obligation::Renewal => self.horizon,
            _ => self.deadline.nominal,
        };
        (self.obligation.is_of_the_guide() && !self.only_opens()).then_some(day)
    }

    /// True when it was done after its extended day, as the dossier says it.
    #[must_use]
    pub fn is_done_late(&self) -> bool {
        self.status == Status::Done && self.done_on.is_some_and(|on| on > self.deadline.extended)
    }

    /// True of a day still to come by which nothing can be done any more: the plan of an audit that was decided upon.
    #[must_use]
    pub fn is_moot(&self, today: Date) -> bool {
        self.status == Status::Passed && self.deadline.extended >= today
    }

    /// True while somebody still has something to do or to expect.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Upcoming | Status::Late)
    }

    /// The latest stage reached for `role`; `None` once the obligation is done.
    #[must_use]
    pub fn stage(&self, role: Role, today: Date) -> Option<&Stage> {
        if self.status == Status::Done {
            return None;
        }
        self.stages
            .iter()
            .filter(|stage| stage.role == role && stage.on <= today)
            .max_by_key(|stage| stage.on)
    }
}

//! Builds one [`Due`]: its status today, and its stages.

use jiff::civil::Date;

use super::due::{Due, Stage, Status};
use super::obligation::Obligation;
use super::role::Role;
use super::stage_name::StageName;
use crate::case::ZoneUsed;
use crate::guide::calendar::{Deadline, add_days};
use crate::guide::follow_up::Window;

/// Builds one [`Due`].
pub(super) struct Draft {
    pub(super) due: Due,
    today: Date,
}

impl Draft {
    pub(super) fn new(obligation: Obligation, dossier: i64, deadline: Deadline, today: Date) -> Draft {
        let status = match today > deadline.extended {
            false => Status::Upcoming,
            true if obligation.is_soft() => Status::Passed,
            true => Status::Late,
        };
        let horizon = deadline.extended;
        let due = Due {
            obligation,
            dossier,
            deadline,
            window: None,
            zone: None,
            occurrence: 0,
            horizon,
            status,
            settled: None,
            done_on: None,
            stages: Vec::new(),
        };
        Draft { due, today }
    }

    pub(super) fn done(mut self, done: bool) -> Draft {
        if done {
            self.due.status = Status::Done;
        }
        self
    }

    /// Done on that day, when there is one.
    pub(super) fn done_on(mut self, day: Option<Date>) -> Draft {
        self.due.done_on = day;
        self.done(day.is_some())
    }

    pub(super) fn occurrence(mut self, index: usize) -> Draft {
        self.due.occurrence = u8::try_from(index).unwrap_or(u8::MAX);
        self
    }

    /// A window instead of a single day.
    pub(super) fn window(mut self, window: Window) -> Draft {
        self.due.window = Some(window);
        self
    }

    /// It was worked out with the working days of this zone.
    pub(super) fn in_zone(mut self, zone: Option<ZoneUsed>) -> Draft {
        self.due.zone = zone;
        self
    }

    /// `told` is false when the form has no field that says whether it was done: the date is then shown, without reminders
    /// and never as late.
    pub(super) fn if_told(mut self, told: bool) -> Draft {
        if !told && self.due.status != Status::Done {
            if self.due.status == Status::Late {
                self.due.status = Status::Passed;
            }
            self.due.stages.clear();
        }
        self
    }

    /// `moot` is true when nothing can be done any more, whether its day has passed or not: there are no reminders then.
    pub(super) fn moot(mut self, moot: bool) -> Draft {
        if moot && self.due.status != Status::Done {
            self.due.status = Status::Passed;
            self.due.stages.clear();
        }
        self
    }

    pub(super) fn until(mut self, horizon: Date) -> Draft {
        self.due.horizon = horizon;
        self
    }

    pub(super) fn stage(mut self, name: StageName, on: Date, roles: &[Role]) -> Draft {
        self.due.stages.extend(roles.iter().map(|role| Stage { name, on, role: *role }));
        self
    }

    /// Stages so many days before the nominal date; 0 is the day itself, negative is after.
    pub(super) fn before(mut self, days: &[i32], roles: &[Role]) -> Draft {
        for days in days {
            let name = match days {
                0 => StageName::Day,
                1.. => StageName::Before(days.unsigned_abs()),
                _ => StageName::After(days.unsigned_abs()),
            };
            let on = add_days(self.due.deadline.nominal, -days);
            if *days < 0 {
                // A reminder after the day is still sent during one week.
                self.due.horizon = self.due.horizon.max(add_days(on, 7));
            }
            self = self.stage(name, on, roles);
        }
        self
    }

    /// Reminders once late: the day after the extended date, then four and twelve weeks later. Part C sets no frequency,
    /// and weekly mails could go on for years.
    pub(super) fn overdue_thrice(mut self, roles: &[Role]) -> Draft {
        let first = add_days(self.due.deadline.extended, 1);
        for days in [0, 28, 84_i32] {
            self = self.stage(StageName::Overdue(days.unsigned_abs()), add_days(first, days), roles);
        }
        self
    }

    /// Reminders once late: the day after the extended date, then each week. Only the latest stage reached is sent.
    pub(super) fn overdue(self, roles: &[Role]) -> Draft {
        let first = add_days(self.due.deadline.extended, 1);
        let weeks = (self.today - first).get_days().div_euclid(7);
        if weeks < 0 {
            return self;
        }
        let days = 7 * weeks;
        self.stage(StageName::Overdue(days.unsigned_abs()), add_days(first, days), roles)
    }
}

pub(super) const CANDIDAT: &[Role] = &[Role::Candidat];
pub(super) const ORGANISME: &[Role] = &[Role::Organisme];
pub(super) const DITP: &[Role] = &[Role::Ditp];
pub(super) const BOTH: &[Role] = &[Role::Candidat, Role::Organisme];
pub(super) const ALL: &[Role] = &[Role::Candidat, Role::Organisme, Role::Ditp];

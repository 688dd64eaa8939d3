//! Deadlines of a case: who must do what by when, and which reminder stage has come (part C of the catalogue).
//!
//! A stage is chosen by « on or before today », never by equality: a day on which the program did not run loses
//! nothing, and when several stages have gone by only the latest is sent.

mod application;
mod deadlines;
mod label;
mod obligation;

use jiff::civil::Date;
use serde::Serialize;

use crate::guide::calendar::{Deadline, add_days};
use crate::guide::follow_up::Window;
pub(super) use deadlines::agenda;
pub use obligation::Obligation;

/// To whom a mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Candidat,
    Organisme,
    Ditp,
    /// The central service of an attached local.
    Central,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Candidat, Role::Organisme, Role::Ditp, Role::Central];

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Candidat => "candidat",
            Role::Organisme => "organisme",
            Role::Ditp => "ditp",
            Role::Central => "central",
        }
    }
}

/// How a deadline stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Upcoming,
    /// Past its extended date, and still to do.
    Late,
    /// Its day has gone by; nobody is late with it.
    Passed,
    Done,
}

/// A day on which some people are to be reminded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// « J-30 », « ouverture »… part of the mail's identity.
    pub name: String,
    pub on: Date,
    pub role: Role,
}

/// One dated obligation of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    pub obligation: Obligation,
    pub dossier: i64,
    pub deadline: Deadline,
    /// For a follow-up audit.
    pub window: Option<Window>,
    /// Which of several alike (the second follow-up, the third self-assessment), from 0.
    pub occurrence: u8,
    /// The last day on which reminding makes sense: what ended before the service began is never mailed.
    pub horizon: Date,
    pub status: Status,
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

    /// True while somebody still has something to do or to expect.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Upcoming | Status::Late)
    }

    /// The latest stage that has come for `role`; none once the thing is done.
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

/// Builds one [`Due`].
struct Draft {
    due: Due,
    today: Date,
}

impl Draft {
    fn new(obligation: Obligation, dossier: i64, deadline: Deadline, today: Date) -> Draft {
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
            occurrence: 0,
            horizon,
            status,
            stages: Vec::new(),
        };
        Draft { due, today }
    }

    fn done(mut self, done: bool) -> Draft {
        if done {
            self.due.status = Status::Done;
        }
        self
    }

    fn occurrence(mut self, index: usize) -> Draft {
        self.due.occurrence = u8::try_from(index).unwrap_or(u8::MAX);
        self
    }

    /// A window instead of a single day.
    fn window(mut self, window: Window) -> Draft {
        self.due.window = Some(window);
        self
    }

    /// The form cannot tell whether it was done: the date is shown, nobody is reminded or called late.
    fn if_told(mut self, told: bool) -> Draft {
        if !told && self.due.status != Status::Done {
            if self.due.status == Status::Late {
                self.due.status = Status::Passed;
            }
            self.due.stages.clear();
        }
        self
    }

    /// The moment has gone by and nothing can mend it.
    fn moot(mut self, moot: bool) -> Draft {
        if moot && self.due.status != Status::Done {
            self.due.status = Status::Passed;
            self.due.stages.clear();
        }
        self
    }

    fn until(mut self, horizon: Date) -> Draft {
        self.due.horizon = horizon;
        self
    }

    fn stage(mut self, name: impl Into<String>, on: Date, roles: &[Role]) -> Draft {
        let name = name.into();
        self.due.stages.extend(roles.iter().map(|role| Stage { name: name.clone(), on, role: *role }));
        self
    }

    /// Stages so many days before the nominal date; 0 is the day itself, negative is after.
    fn before(mut self, days: &[i32], roles: &[Role]) -> Draft {
        for days in days {
            let name = match days {
                0 => "J".to_owned(),
                1.. => format!("J-{days}"),
                _ => format!("J+{}", -days),
            };
            let on = add_days(self.due.deadline.nominal, -days);
            if *days < 0 {
                // A stage after the day is of use for a week.
                self.due.horizon = self.due.horizon.max(add_days(on, 7));
            }
            self = self.stage(name, on, roles);
        }
        self
    }

    /// Once late: the day after the extended date, then four and twelve weeks later. Part C says no rhythm, and a mail
    /// a week for years would be read by nobody.
    fn overdue_thrice(mut self, roles: &[Role]) -> Draft {
        let first = add_days(self.due.deadline.extended, 1);
        for weeks in [0, 4, 12] {
            self = self.stage(format!("R+{}", 7 * weeks), add_days(first, 7 * weeks), roles);
        }
        self
    }

    /// Once late: the day after the extended date, then each week. Only the latest that has come matters.
    fn overdue(self, roles: &[Role]) -> Draft {
        let first = add_days(self.due.deadline.extended, 1);
        let weeks = (self.today - first).get_days().div_euclid(7);
        let stage = |week: i32| (format!("R+{}", 7 * week), add_days(first, 7 * week));
        if weeks < 0 {
            return self;
        }
        let (name, on) = stage(weeks);
        self.stage(name, on, roles)
    }
}

const CANDIDAT: &[Role] = &[Role::Candidat];
const ORGANISME: &[Role] = &[Role::Organisme];
const DITP: &[Role] = &[Role::Ditp];
const BOTH: &[Role] = &[Role::Candidat, Role::Organisme];
const ALL: &[Role] = &[Role::Candidat, Role::Organisme, Role::Ditp];

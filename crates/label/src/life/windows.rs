//! What became of the windows of a label's follow-ups (§3.9), and whether its renewal may be asked for.

use jiff::civil::Date;

use super::Label;
use super::follow_up::FollowUp;
use crate::case::Service;
use crate::guide::follow_up::{Window, central_preparations, local_preparation};

impl Label {
    /// The window that awaits its audit or its decision on `today`, with its rank. One that closed without a follow-up is
    /// missed: a later audit does not repair it (R-3.9.1-l). One that closes once the label is withdrawn awaits nothing.
    #[must_use]
    pub fn next_window(&self, today: Date) -> Option<(usize, Window)> {
        let mut windows = self.windows.iter().copied().enumerate();
        let owed = |window: &Window| self.withdrawn.is_none_or(|gone| window.closes < gone);
        windows.find(|(index, window)| today <= window.closes && owed(window) && !self.is_settled(*index))
    }

    /// A renewal was refused, and a new request is not admissible yet (R-3.8.1-g).
    #[must_use]
    pub fn is_barred(&self, today: Date) -> bool {
        self.reapply_from.is_some_and(|from| today < from)
    }

    /// The follow-up of that window was decided.
    #[must_use]
    pub fn is_settled(&self, window: usize) -> bool {
        self.follow_ups.iter().any(|one| one.window == Some(window) && one.decided.is_some())
    }

    /// The audit of that window took place, whether it is decided or not.
    #[must_use]
    pub fn is_audited(&self, window: usize, today: Date) -> bool {
        self.audited_on(window, today).is_some()
    }

    /// The last visit day of the audit of that window, once it is past; the day of the decision where only that is known. Of
    /// several audits, the first.
    #[must_use]
    pub fn audited_on(&self, window: usize, today: Date) -> Option<Date> {
        let held = |one: &FollowUp| {
            one.audit.filter(|audit| *audit <= today).or(one.decided.map(|(_, decided)| decided))
        };
        self.follow_ups.iter().filter(|one| one.window == Some(window)).filter_map(held).min()
    }

    /// A visit day is set inside that window.
    #[must_use]
    pub fn is_planned(&self, window: usize) -> bool {
        self.follow_ups.iter().any(|one| one.window == Some(window) && one.audit.is_some())
    }

    /// The day from which the follow-up of that window should be prepared.
    pub(crate) fn preparation(&self, service: Service, window: usize) -> Option<Date> {
        match service {
            Service::Central => central_preparations(self.obtained).get(window).copied(),
            _ => Some(local_preparation(self.obtained)),
        }
    }
}

//! The follow-ups of a label (§3.9): the windows of its audits, and the days on which they are to be prepared.

use jiff::civil::Date;

use super::Label;
use crate::case::keys::Key;
use crate::case::{Case, Service};
use crate::guide::attached::{Duty, duty};
use crate::guide::calendar::add_months;
use crate::guide::choices::Choices;
use crate::guide::follow_up::{Window, central, central_preparations, local_preparation};

/// §3.9.1, 3.9.2, 3.8.2, 5.3.2 — one window for an independent local, two for a central; for an attached local they
/// depend on the state of its central.
pub(super) fn windows(label: &Label, case: &Case, choices: &Choices) -> Vec<Window> {
    let local = Window::after_under(label.notified, 18, choices);
    match case.service {
        Service::LocalIndependant | Service::Unknown => vec![local],
        Service::Central => {
            let audit =
                case.dossiers.iter().find_map(|facts| facts.date(Key::AuditFin)).unwrap_or(label.notified);
            let clock = central::central_clock(label.notified, audit, choices);
            [12, 24].map(|months| Window::after_under(clock, months, choices)).to_vec()
        }
        Service::LocalRattache => {
            match case.central.map(|central| duty(central, label.obtained, label.notified, choices)) {
                None | Some(Duty::Exempt) => Vec::new(),
                Some(Duty::FollowUp(_)) => vec![local],
                Some(Duty::Conditional { by }) => {
                    vec![Window { theory: by, opens: add_months(by, -2), closes: by }]
                }
            }
        }
    }
}

impl Label {
    /// The window that awaits its audit, if any.
    #[must_use]
    pub fn next_window(&self) -> Option<Window> {
        self.windows.get(self.follow_ups).copied()
    }

    /// The day from which the follow-up number `index` should be prepared.
    pub(crate) fn preparation(&self, service: Service, index: usize) -> Option<Date> {
        match service {
            Service::Central => central_preparations(self.obtained).get(index).copied(),
            _ => Some(local_preparation(self.obtained)),
        }
    }
}

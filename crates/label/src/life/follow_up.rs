//! The follow-ups of a label (§3.9): the windows of its audits, the days on which they are to be prepared, and the audits
//! themselves, each in the window that its day falls in.

use jiff::civil::Date;
use serde::Serialize;

use super::period::Period;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Service};
use crate::guide::attached::{Duty, duty};
use crate::guide::choices::Choices;
use crate::guide::follow_up::window::window_of;
use crate::guide::follow_up::{Window, central};

/// A follow-up of one period: an audit, the window that it belongs to, and the decision that settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowUp {
    /// The dossier of the audit, else that of the decision.
    pub dossier: i64,
    /// The last visit day, past or planned; `None` when only the decision is known.
    pub audit: Option<Date>,
    /// Rank of the window that the audit day falls in; `None`: outside all of them. Without an audit day, the last window
    /// that was open when it was decided.
    pub window: Option<usize>,
    /// What was decided of it, and when.
    pub decided: Option<(Decision, Date)>,
}

/// The last visit day. It is the first day when the end is empty, as it often is, or before the beginning, which is a
/// typing error (F-07).
#[must_use]
pub fn last_visit_day(facts: &Facts) -> Option<Date> {
    facts.date(Key::AuditFin).max(facts.date(Key::AuditDebut))
}

/// §3.9.1, 3.9.2, 3.8.2, 5.3.2 — one window for an independent local, two for a central; for an attached local they
/// depend on the state of its central.
pub(super) fn windows((obtained, notified): (Date, Date), case: &Case, choices: &Choices) -> Vec<Window> {
    let local = Window::after_under(notified, 18, choices);
    match case.service {
        Service::LocalIndependant | Service::Unknown => vec![local],
        Service::Central => {
            let audit = case.dossiers.iter().find_map(|facts| facts.date(Key::AuditFin)).unwrap_or(notified);
            let clock = central::central_clock(notified, audit, choices);
            [12, 24].map(|months| Window::after_under(clock, months, choices)).to_vec()
        }
        Service::LocalRattache => {
            match case.central.map(|central| duty(central, obtained, notified, choices)) {
                None | Some(Duty::Exempt) => Vec::new(),
                Some(Duty::FollowUp(window) | Duty::Conditional(window)) => vec![window],
            }
        }
    }
}

/// The follow-ups of `period`: one for each follow-up dossier that has a visit day in it, and one for each decision about
/// an audit that no dossier shows.
pub(super) fn follow_ups(period: &Period, case: &Case, windows: &[Window]) -> Vec<FollowUp> {
    let decided = |facts: &Facts| {
        let own = period.followed.iter().rev().find(|(event, _)| event.dossier == facts.number);
        own.map(|(event, on)| (event.decision, *on))
    };
    let audited = case.dossiers.iter().filter(|facts| Demande::of(facts) == Demande::Suivi);
    let mut found: Vec<FollowUp> = audited
        .filter_map(|facts| {
            let (decided, audit) = (decided(facts), last_visit_day(facts)?);
            let closed = matches!(facts.state, PlatformState::SansSuite | PlatformState::Refuse);
            let inside = period.starts <= audit && audit <= period.last_day();
            let kept = inside && (decided.is_some() || !closed);
            let window = window_of(audit, windows);
            kept.then_some(FollowUp { dossier: facts.number, audit: Some(audit), window, decided })
        })
        .collect();
    for (event, on) in &period.followed {
        if !found.iter().any(|one| one.dossier == event.dossier) {
            settle(&mut found, event, *on, windows);
        }
    }
    found
}

/// A decision written in another dossier than that of its audit, as in the table of a first application: it is about the
/// last audit before it that awaits one, else about an audit whose day is not known.
fn settle(found: &mut Vec<FollowUp>, event: &Event, on: Date, windows: &[Window]) {
    let waits = |one: &&mut FollowUp| one.decided.is_none() && one.audit.is_some_and(|audit| audit <= on);
    if let Some(one) = found.iter_mut().rev().find(waits) {
        one.decided = Some((event.decision, on));
        return;
    }
    let window = windows.iter().rposition(|window| window.opens <= on);
    let decided = Some((event.decision, on));
    found.push(FollowUp { dossier: event.dossier, audit: None, window, decided });
}

//! The follow-ups of a label, judged: windows missed or left aside, the outcome that the marks give, a plan that does not
//! come. Each is a finding for the certification body, which decides.
//!
//! [`note`] is what is found, `outcome` what marks propose, `plan` the action plan.

pub mod note;
mod outcome;
mod plan;

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Demande, Frame};
use crate::guide::follow_up::window::nearest;
use crate::judge::finding::{Finding, Level, What};
use crate::life::period::Period;
use crate::life::{Label, Life};
use note::FollowUpNote;

/// A case with the label whose follow-ups are judged.
struct Followed<'a> {
    case: &'a Case,
    life: &'a Life,
    period: &'a Period,
    label: &'a Label,
    today: Date,
    frame: &'a Frame,
    /// The findings about the documents of the case.
    own: &'a [Finding],
}

/// Every finding about the follow-ups of `label` on `today`.
pub(super) fn findings(
    case: &Case,
    life: &Life,
    label: &Label,
    today: Date,
    frame: &Frame,
    own: &[Finding],
) -> Vec<Finding> {
    let Some(period) = life.periods.iter().find(|period| period.starts == label.obtained) else {
        return Vec::new();
    };
    let followed = Followed { case, life, period, label, today, frame, own };
    let mut found = followed.windows();
    found.extend(followed.proposals());
    found.extend(followed.suspension_possible());
    found
}

impl Followed<'_> {
    fn note(&self, dossier: i64, reference: (&'static str, &'static str), note: FollowUpNote) -> Finding {
        let (rule, section) = reference;
        Finding::for_the_body(dossier, rule, section, Level::ToCheck, What::FollowUp(note))
    }

    /// R-3.9.1-l — audits outside their window, and windows that closed without an audit.
    fn windows(&self) -> Vec<Finding> {
        let windows = &self.label.windows;
        let mut found = Vec::new();
        let mut aside = Vec::new();
        for one in self.label.follow_ups.iter().filter(|_| !windows.is_empty()) {
            match (one.audit, one.window, one.decided) {
                (Some(audit), None, _) => {
                    let Some(rank) = nearest(audit, windows) else { continue };
                    aside.push(rank);
                    let note = FollowUpNote::Outside { audit, window: windows[rank] };
                    found.push(self.note(one.dossier, ("R-3.9.1-l", "3.9.1"), note));
                }
                (None, window, Some((_, decided))) if self.asks_audit(one.dossier) => {
                    let window = window.and_then(|rank| windows.get(rank).copied());
                    let note = FollowUpNote::AuditUnknown { decided, window };
                    found.push(self.note(one.dossier, ("R-3.9.1-b", "3.9.1"), note));
                }
                _ => {}
            }
        }
        let over = self.period.over_on(self.today).is_some();
        for (rank, window) in windows.iter().enumerate().filter(|_| !over) {
            if self.today > window.closes
                && !self.label.is_audited(rank, self.today)
                && !aside.contains(&rank)
            {
                let fault = self.case.dossiers.iter().rev().find_map(|facts| facts.flag(Key::FauteDuService));
                let reference =
                    if fault == Some(true) { ("R-5.3.2-a", "5.3.2") } else { ("R-3.9.1-l", "3.9.1") };
                let note = FollowUpNote::Missed { window: *window, fault };
                found.push(self.note(self.case.id, reference, note));
            }
        }
        found
    }

    /// The form has the visit days, and the dossier is not that of the audit itself, whose missing day has its own finding.
    fn asks_audit(&self, dossier: i64) -> bool {
        let facts = self.case.dossiers.iter().find(|facts| facts.number == dossier);
        facts.is_some_and(|facts| {
            Demande::of(facts) != Demande::Suivi && self.frame.tells(facts, Key::AuditDebut)
        })
    }
}

//! O-18, O-20, O-21 — the deadlines of what a labelled service proves every year, or within eighteen months.

use jiff::civil::Date;

use super::draft::CANDIDAT;
use super::due::Due;
use super::label::Labelled;
use super::obligation::Obligation;
use super::role::Role;
use crate::case::Service;
use crate::case::keys::Key;
use crate::guide::attached::surveys_due;
use crate::guide::calendar::{add_days, add_months};
use crate::guide::follow_up::local::yearly_self_assessments;

/// A proof counts for an anniversary from this many months before it.
const EARLY_MONTHS: i32 = 3;

/// Readers of reminders about an attached local's proofs, which its central service receives too.
const PROOF: &[Role] = &[Role::Candidat, Role::Organisme, Role::Central];

const CENTRAL: &[Role] = &[Role::Central];

/// F-19: the central's label depends on its locals' yearly surveys.
const NETWORK: &[Role] = &[Role::Candidat, Role::Central];

impl Labelled<'_> {
    /// O-18, O-20, O-21 — what a labelled service proves every year, or within eighteen months.
    pub(super) fn proofs(&self, agenda: &mut Vec<Due>) {
        if self.case.service == Service::Central {
            return;
        }
        let dates = |key: Key| self.case.dossiers.iter().filter_map(move |facts| facts.date(key));
        let before_label = |day: &Date| *day <= self.label.obtained;
        if let Some(initial) = dates(Key::AutodiagnosticLe).filter(before_label).max() {
            for (index, day) in yearly_self_assessments(initial, &self.frame.choices).into_iter().enumerate()
            {
                let proof =
                    |done: Date| done > add_months(day, -12) && done >= add_months(day, -12 + EARLY_MONTHS);
                let due =
                    self.draft(Obligation::SelfAssessment, day).done(dates(Key::AutodiagnosticLe).any(proof));
                if day <= self.label.ends {
                    let due =
                        due.occurrence(index).before(&[60, 30, 0, -30], CANDIDAT).before(&[-30], CENTRAL);
                    agenda.push(due.until(add_days(day, 60)).due);
                }
            }
        }
        if self.case.service == Service::LocalRattache {
            self.attached_surveys(agenda);
        }
    }

    fn attached_surveys(&self, agenda: &mut Vec<Due>) {
        let dates = |key: Key| self.case.dossiers.iter().filter_map(move |facts| facts.date(key));
        let Some(audit) = dates(Key::AuditFin).filter(|day| *day <= self.label.obtained).max() else {
            return;
        };
        let closings = [Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture];
        let since = closings.map(|key| dates(key).filter(|day| *day > audit).max());
        let done = since.iter().all(Option::is_some);
        let due = surveys_due(audit, None, &self.frame.choices);
        let surveys = self.draft(Obligation::AttachedSurveys, due).done(done);
        agenda.push(surveys.before(&[180, 90, 30, 0], CANDIDAT).overdue_thrice(PROOF).due);
        // F-19: the same surveys, yearly by §2.2.2: shown, with few reminders.
        let last = closings.into_iter().flat_map(dates).max();
        if let Some(yearly) = last.map(|last| add_months(last, 12)).filter(|day| *day <= self.label.ends) {
            agenda.push(self.draft(Obligation::YearlySurveys, yearly).before(&[60, 0], NETWORK).due);
        }
    }
}

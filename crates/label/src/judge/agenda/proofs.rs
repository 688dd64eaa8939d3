//! O-18, O-20, O-21 — the deadlines of what a labelled service proves every year, or within eighteen months.

use jiff::civil::Date;

use super::draft::CANDIDAT;
use super::due::Due;
use super::label::Labelled;
use super::obligation::Obligation;
use super::role::Role;
use crate::case::Service;
use crate::case::keys::Key;
use crate::case::proofs::{Proof, ProofKind};
use crate::guide::attached::surveys_due;
use crate::guide::calendar::{add_days, add_months};
use crate::guide::follow_up::local::{SelfAssessmentReport, yearly_self_assessments, years_proved};
use crate::life::last_visit_day;

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
        self.self_assessments(agenda);
        if self.case.service == Service::LocalRattache {
            self.attached_surveys(agenda);
        }
    }

    /// R-3.9.1-c — one for each year after the initial one; a report proves one year.
    fn self_assessments(&self, agenda: &mut Vec<Due>) {
        let proofs = self.proved(ProofKind::SelfAssessment);
        let Some(initial) = self.initial_self_assessment(&proofs) else { return };
        let choices = &self.frame.choices;
        let reports: Vec<SelfAssessmentReport> =
            proofs.iter().map(|proof| SelfAssessmentReport { on: proof.on, year: proof.year }).collect();
        let proved = years_proved(initial, &reports, choices);
        let years = yearly_self_assessments(initial, choices).into_iter().zip(proved).enumerate();
        for (index, (day, proved)) in years.filter(|(_, (day, _))| *day <= self.label.ends) {
            let due = self.draft(Obligation::SelfAssessment, day).done(proved.is_some()).occurrence(index);
            let due = due.before(&[60, 30, 0, -30], CANDIDAT).before(&[-30], CENTRAL);
            agenda.push(due.until(add_days(day, 60)).due);
        }
    }

    /// The last self-assessment before the label. When its field holds a later one instead, the years are counted from the
    /// audit that it was deposited for, and the dossier has a finding.
    fn initial_self_assessment(&self, proofs: &[Proof]) -> Option<Date> {
        let known = proofs.iter().map(|proof| proof.on).rfind(|on| *on <= self.label.obtained);
        let audits = self.case.dossiers.iter().filter_map(|facts| facts.date(Key::AuditDebut));
        let audited = audits.filter(|audit| *audit <= self.label.obtained).max();
        known.or(audited.filter(|_| !proofs.is_empty()))
    }

    /// The proofs of one kind that are made by today.
    fn proved(&self, kind: ProofKind) -> Vec<Proof> {
        let mut proofs = self.case.proofs(kind);
        proofs.retain(|proof| proof.on <= self.today);
        proofs
    }

    fn attached_surveys(&self, agenda: &mut Vec<Due>) {
        let visits = self.case.dossiers.iter().filter_map(last_visit_day);
        let Some(audit) = visits.filter(|day| *day <= self.label.obtained).max() else { return };
        let surveys = [ProofKind::UsersSurvey, ProofKind::StaffSurvey].map(|kind| self.proved(kind));
        let done = surveys.iter().all(|proofs| proofs.iter().any(|proof| proof.on > audit));
        let due = surveys_due(audit, None, &self.frame.choices);
        let draft = self.draft(Obligation::AttachedSurveys, due).done(done);
        agenda.push(draft.before(&[180, 90, 30, 0], CANDIDAT).overdue_thrice(PROOF).due);
        // F-19: the same surveys, yearly by §2.2.2: shown, with few reminders.
        let last = surveys.iter().flatten().map(|proof| proof.on).max();
        if let Some(yearly) = last.map(|last| add_months(last, 12)).filter(|day| *day <= self.label.ends) {
            agenda.push(self.draft(Obligation::YearlySurveys, yearly).before(&[60, 0], NETWORK).due);
        }
    }
}

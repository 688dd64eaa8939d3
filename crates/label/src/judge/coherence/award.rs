//! Compares the decision on a dossier with the values of that dossier.

use jiff::civil::Date;

use super::incoherence::{Incoherence, Milestone};
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, Service, calendar};
use crate::guide::audit;
use crate::guide::tiers::{Component, Criterion, Tier, local_tier, missing_components};
use crate::judge::finding::{Finding, What};
use crate::judge::level::Level;
use crate::judge::marks::local_marks;
use crate::judge::network::award_on;
use crate::life::last_visit_day;

/// One decision that counts, its dossier, and the values to compare them with.
pub(super) struct Confronted<'a> {
    pub case: &'a Case,
    pub facts: &'a Facts,
    pub event: &'a Event,
    pub frame: &'a Frame,
    /// The findings about the documents of the case.
    pub own: &'a [Finding],
}

impl Confronted<'_> {
    pub(super) fn incoherences(&self) -> Vec<Incoherence> {
        let mut found = Vec::new();
        match self.event.decision {
            Decision::Labellise | Decision::PalierSuperieur | Decision::Confirme if self.is_its_own() => {
                self.milestones(&mut found);
                self.audited(&mut found);
                if self.case.service == Service::Central {
                    self.network(&mut found);
                } else {
                    self.marks(&mut found);
                    self.surveys(&mut found);
                }
            }
            Decision::Rejete => self.milestones(&mut found),
            Decision::Suspension => self.cause(&mut found),
            _ => {}
        }
        if let (Some(decided), Some(notified)) = (self.event.decided, self.event.notified)
            && notified < decided
        {
            found.push(Incoherence::NotifiedBeforeDecided { decided, notified });
        }
        found
    }

    /// True when the decision is about the audit of this dossier, whose marks and dates it then must agree with. The table of
    /// decisions of a first dossier may also hold a follow-up, which had another audit; an extension is judged on the added
    /// perimeter only (§5.2).
    fn is_its_own(&self) -> bool {
        matches!(
            (self.event.decision, Demande::of(self.facts)),
            (Decision::Labellise, Demande::Initial | Demande::Renouvellement | Demande::Suivi)
                | (Decision::Confirme | Decision::PalierSuperieur, Demande::Suivi)
        )
    }

    fn usable(&self, key: Key) -> bool {
        self.frame.form(self.facts).usable.contains(&key) && !self.facts.unreadable.contains_key(&key)
    }

    /// §3.5 to 3.8: deposit, visit, report, ten days for observations, then the decision. The same day is in order.
    fn milestones(&self, found: &mut Vec<Incoherence>) {
        let Some(decided) = self.event.decided.or(self.event.notified) else { return };
        let mut before = |milestone, day: Option<Date>| {
            if let Some(day) = day.filter(|day| decided < *day) {
                found.push(Incoherence::DecidedBefore { milestone, decided, day });
            }
        };
        before(Milestone::Deposit, Some(self.facts.deposited));
        before(Milestone::LastVisitDay, last_visit_day(self.facts));
        let sent = self.facts.date(Key::RapportTransmisLe);
        before(Milestone::Report, sent);
        let received = self.facts.date(Key::RapportRecuLe).or(sent);
        if let (Some(received), None) = (received, self.facts.date(Key::ObservationsLe)) {
            let days = calendar(self.facts, self.frame);
            let due = audit::observations_due_under(received, &days, &self.frame.choices);
            before(Milestone::EndOfObservations, Some(due.nominal));
        }
    }

    /// R-2.1-a — the third party's audit.
    fn audited(&self, found: &mut Vec<Incoherence>) {
        if self.usable(Key::AuditDebut) && last_visit_day(self.facts).is_none() {
            found.push(Incoherence::NoAudit);
        }
    }

    fn marks(&self, found: &mut Vec<Incoherence>) {
        let marks = local_marks(self.facts);
        let asked = [Key::ScoreE1, Key::NoteAgents, Key::NoteUsagers].iter().all(|key| self.usable(*key));
        if !asked {
            return;
        }
        let missing = missing_components(&marks);
        if !missing.is_empty() {
            found.extend(missing.into_iter().map(Incoherence::ComponentMissing));
            return;
        }
        let result = local_tier(&marks);
        let decided = self.event.tier;
        let awarded = self.event.decision == Decision::Labellise;
        match (decided, result.tier) {
            (None, None) if awarded => {
                found.push(Incoherence::AboveMarks { decided, computed: None, limiting: result.limiting });
            }
            (None, Some(_)) if awarded && self.usable(Key::PalierDecide) && self.opens() => {
                found.push(Incoherence::NoTier);
            }
            (Some(Tier::Or), computed) if marks.get(Criterion::OrCriteria).is_none() => {
                found.push(Incoherence::OrWithoutScore);
                if computed < Some(Tier::Argent) {
                    found.push(Incoherence::AboveMarks { decided, computed, limiting: result.limiting });
                }
            }
            (Some(tier), computed) if computed < Some(tier) => {
                found.push(Incoherence::AboveMarks { decided, computed, limiting: result.limiting });
            }
            (Some(tier), Some(computed)) if tier < computed && awarded && result.missing.is_empty() => {
                found.push(Incoherence::BelowMarks { decided: tier, computed });
            }
            _ => {}
        }
    }

    /// The decision opens a period of validity.
    fn opens(&self) -> bool {
        matches!(Demande::of(self.facts), Demande::Initial | Demande::Renouvellement)
    }

    /// F-36 — a survey without enough answers was counted all the same.
    fn surveys(&self, found: &mut Vec<Incoherence>) {
        found
            .extend(invalid_surveys(self.own, self.facts.number).into_iter().map(Incoherence::InvalidSurvey));
    }

    /// R-3.1-c — the conditions of a central's award, with the locals decided by then.
    fn network(&self, found: &mut Vec<Incoherence>) {
        let Some(on) = self.event.on().filter(|_| self.event.decision == Decision::Labellise && self.opens())
        else {
            return;
        };
        let faults = award_on(self.case, self.facts, on, self.frame).faults;
        found.extend(faults.into_iter().map(Incoherence::Central));
    }

    /// R-5.3.1-a…e — a suspension has one of the guide's causes.
    fn cause(&self, found: &mut Vec<Incoherence>) {
        match self.event.cause.as_deref() {
            None if self.usable(Key::MotifSuspension) => found.push(Incoherence::SuspensionWithoutCause),
            Some("seuil_75") if self.case.service != Service::Central => {
                found.push(Incoherence::CauseOfACentral);
            }
            _ => {}
        }
    }
}

/// The surveys of a dossier that its own findings show as not valid (R-3.4.1-g, R-3.4.2-d).
pub(crate) fn invalid_surveys(own: &[Finding], dossier: i64) -> Vec<Component> {
    let of_it = own.iter().filter(|finding| finding.dossier == dossier && finding.level == Level::Ko);
    of_it
        .filter_map(|finding| match finding.what {
            What::UserSurvey { .. } => Some(Component::UserSurvey),
            What::StaffSurvey { .. } => Some(Component::StaffSurvey),
            _ => None,
        })
        .collect()
}

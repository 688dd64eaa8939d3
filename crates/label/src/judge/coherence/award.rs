//! Compares the decision on a dossier with the values of that dossier.

use jiff::civil::Date;

use super::incoherence::{Incoherence, Milestone, NetworkIncoherence};
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, Service, calendar};
use crate::guide::audit;
use crate::guide::tiers::{Component, Criterion, Tier, local_tier, missing_components};
use crate::judge::finding::{Finding, What};
use crate::judge::level::Level;
use crate::judge::marks::local_marks;
use crate::life::{Life, last_visit_day};

/// One decision that counts, its dossier, and the values to compare them with.
pub(super) struct Confronted<'a> {
    pub case: &'a Case,
    pub life: &'a Life,
    pub facts: &'a Facts,
    pub event: &'a Event,
    pub frame: &'a Frame,
    pub today: Date,
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
                self.tierless(&mut found);
                if self.case.service == Service::Central {
                    self.network(&mut found);
                } else {
                    self.marks(&mut found);
                    self.surveys(&mut found);
                }
            }
            Decision::Labellise if Demande::of(self.facts) == Demande::Extension => {
                self.milestones(&mut found);
                self.extended(&mut found);
            }
            Decision::Rejete => self.milestones(&mut found),
            // The table of a first dossier holds later plans too, which follow another visit.
            Decision::PlanActions if Demande::of(self.facts) == Demande::Suivi => self.milestones(&mut found),
            Decision::PalierSuperieur => self.raised(&mut found),
            Decision::Suspension => self.cause(&mut found),
            _ => {}
        }
        self.dates(&mut found);
        found
    }

    /// The dates of the decision itself: it is notified, and takes effect, on the day that it is taken or later.
    fn dates(&self, found: &mut Vec<Incoherence>) {
        let Some(decided) = self.event.decided else { return };
        if let Some(notified) = self.event.notified {
            if notified < decided {
                found.push(Incoherence::NotifiedBeforeDecided { decided, notified });
            } else if notified > self.today && decided <= self.today {
                found.push(Incoherence::DoneAhead { key: Key::NotificationLe, on: notified });
            }
        }
        let decision = self.event.decision;
        // A renewal may well write the day on which its period starts.
        let grants = matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur);
        let own = grants && Demande::of(self.facts) != Demande::Renouvellement;
        let taken = self.event.notified.map_or(decided, |notified| notified.max(decided));
        if let Some(effective) = self.event.effective.filter(|effective| own && *effective > taken) {
            found.push(Incoherence::EffectIgnored { decision, effective });
        }
        // R-5.3.2-i: the withdrawal that is notified after an expiry takes effect from it, before it is decided.
        let late = |effective: &Date| *effective < decided && !self.follows_an_expiry(*effective);
        if let Some(effective) = self.event.effective.filter(late) {
            found.push(Incoherence::EffectiveBeforeDecided { decision, decided, effective });
        }
    }

    /// A withdrawal with effect after the last valid day of the label that was running then.
    fn follows_an_expiry(&self, effective: Date) -> bool {
        let running = self.life.periods.iter().rfind(|period| period.starts <= effective);
        self.event.decision == Decision::Retrait && running.is_some_and(|period| effective > period.ends)
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

    pub(super) fn usable(&self, key: Key) -> bool {
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
        let visited = last_visit_day(self.facts).is_some();
        let reports = [Key::RapportTransmisLe, Key::RapportRecuLe];
        let reported = reports.iter().any(|key| self.facts.date(*key).is_some());
        if self.usable(Key::AuditDebut) && !visited {
            found.push(Incoherence::NoAudit);
        } else if visited && !reported && reports.iter().all(|key| self.usable(*key)) {
            found.push(Incoherence::NoReport);
        }
    }

    /// An award that opens a period names its tier.
    fn tierless(&self, found: &mut Vec<Incoherence>) {
        let awarded = self.event.decision == Decision::Labellise && self.opens();
        if awarded && self.event.tier.is_none() && self.usable(Key::PalierDecide) {
            found.push(Incoherence::NoTier);
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

    /// R-5.2-c — the tier stays that of the label.
    fn extended(&self, found: &mut Vec<Incoherence>) {
        let Some((decided, on)) = self.event.tier.zip(self.event.on()) else { return };
        let period = self.life.periods.iter().rfind(|period| period.starts <= on);
        let held = period.and_then(|period| period.tier_on(on)).filter(|held| *held != decided);
        found.extend(held.map(|held| Incoherence::ExtensionTier { decided, held }));
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

    /// F-44 — an attached local has no follow-up: it is raised at its own request, by an audit, and never by its central's.
    fn raised(&self, found: &mut Vec<Incoherence>) {
        let on = self.event.on();
        let own = |facts: &Facts| {
            let visited = last_visit_day(facts).is_some_and(|day| on.is_none_or(|on| day <= on));
            visited && Demande::of(facts) != Demande::Initial
        };
        if self.case.service == Service::LocalRattache && !self.case.dossiers.iter().any(own) {
            found.push(Incoherence::Network(NetworkIncoherence::RaisedWithoutAudit));
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

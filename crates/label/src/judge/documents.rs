//! The documents of one dossier under §3.4 and §3.5.1: documents present, surveys valid, dates still valid at the audit.

use jiff::civil::Date;

use crate::case::facts::{Attachment, Facts, UnreadableValue, Value};
use crate::case::keys::Key;
use crate::case::proofs::{ProofKind, at_the_audit};
use crate::case::{Case, Decision, Demande, Event, Frame, Service, ZoneOrigin, ZoneUsed, body_of};
use crate::guide::application::{Age, deposit_limit, indicators_since, self_assessment_age};
use crate::guide::central::points_reached;
use crate::guide::follow_up::local::follow_up_survey;
use crate::guide::surveys::validity::class_head_count;
use crate::guide::surveys::{Freshness, staff_answers_required, staff_survey, survey_freshness, user_survey};
use crate::guide::{Verdict, decision};
use crate::judge::examiner::Examiner;
use crate::judge::files::{file_faults, is_usable};
use crate::judge::finding::{Finding, Level, What};
use crate::life::last_visit_day;

/// All findings of §3.4 and §3.5 for `facts`, one dossier of `case`.
pub(super) fn examine(case: &Case, facts: &Facts, frame: &Frame) -> Vec<Finding> {
    let vanished = case.vanished.get(&facts.number);
    let (inspections, tables) = (&case.inspections, &case.tables);
    let mut examiner = Examiner { facts, frame, vanished, inspections, tables, findings: Vec::new() };
    examiner.reading();
    examiner.silent_exports(case.service);
    if case.current().is_some_and(|current| current.number == facts.number) {
        examiner.contact();
    }
    examiner.pieces(required_pieces(case.service, Demande::of(facts)));
    examiner.contract();
    examiner.deposit();
    // A single postponement is no finding: the guide is about repeated ones.
    if let Some(times) = case.postponements.get(&facts.number).copied().filter(|times| *times >= 2) {
        examiner.add("R-5.3.1-b", "5.3.1", Level::ToCheck, What::Postponed { times });
    }
    if case.service == Service::Central {
        examiner.central();
    } else {
        examiner.surveys(case);
        examiner.self_assessment(case);
    }
    examiner.indicators();
    examiner.recount();
    if Demande::of(facts) == Demande::Initial {
        examiner.reapplication(&case.refusals);
    }
    examiner.findings
}

/// R-3.5.1-a…i: what every candidate deposits; the surveys and the local self-assessment concern local services.
fn required_pieces(service: Service, demande: Demande) -> &'static [(&'static str, Key)] {
    const COMMON: &[(&str, Key)] = &[
        ("R-3.5.1-a", Key::NomStructure),
        ("R-3.5.1-b", Key::Organigramme),
        ("R-3.5.1-c", Key::PlanFormation),
        ("R-3.5.1-h", Key::PlanActions),
        ("R-3.5.1-i", Key::Indicateurs),
    ];
    const LOCAL: &[(&str, Key)] = &[
        ("R-3.5.1-a", Key::NomStructure),
        ("R-3.5.1-b", Key::Organigramme),
        ("R-3.5.1-c", Key::PlanFormation),
        ("R-3.5.1-d", Key::MethodeEchantillon),
        ("R-3.5.1-e", Key::AutodiagnosticLe),
        ("R-3.5.1-e", Key::AutodiagnosticRapport),
        ("R-3.5.1-g", Key::EnqueteUsagersCloture),
        ("R-3.5.1-g", Key::EnqueteUsagersRapport),
        ("R-3.5.1-g", Key::EnqueteAgentsCloture),
        ("R-3.5.1-g", Key::EnqueteAgentsRapport),
        ("R-3.5.1-h", Key::PlanActions),
        ("R-3.5.1-i", Key::Indicateurs),
    ];
    match (service, demande) {
        // §5.2: an extension is judged on the audit of the added perimeter; the guide lists no documents for it.
        (_, Demande::Extension) => &[],
        (Service::Central, _) => COMMON,
        _ => LOCAL,
    }
}

impl Examiner<'_> {
    /// True when the rule may run: the form has the field and the dossier's value could be read.
    fn readable(&self, key: Key) -> bool {
        self.frame.form(self.facts).usable.contains(&key) && !self.facts.unreadable.contains_key(&key)
    }

    /// Findings for values that could not be read, and for values that the body changed after the candidate.
    fn reading(&mut self) {
        for (key, why) in self.facts.unreadable.iter().filter(|(_, why)| !why.is_of_exports()) {
            let word = self.facts.unmatched.get(key).cloned();
            self.add("DN", "3.5.1", Level::ToCheck, What::Cannot { key: *key, why: *why, word });
        }
        let read = |key: &Key| !self.facts.unreadable.contains_key(key);
        for (key, word) in self.facts.unmatched.iter().filter(|(key, _)| read(key)) {
            self.add("DN", "3.5.1", Level::ToCheck, What::UnknownChoice { key: *key, word: word.clone() });
        }
        if let Some(doubt) = &self.facts.siret_doubt {
            self.add("DN", "3.5.1", Level::ToCheck, What::Siret(doubt.clone()));
        }
        if let (_, Some(doubt)) = body_of(self.facts, self.frame) {
            self.add("R-3.2-a", "3.2", Level::ToCheck, What::Body(doubt));
        }
        if let (ZoneOrigin::Unrecognised, Some(written)) =
            (ZoneUsed::of(self.facts, self.frame).origin, self.facts.text(Key::Departement))
        {
            let what = What::UnknownDepartement { written: written.to_owned() };
            self.add("DN", "3.7.1", Level::ToCheck, what);
        }
        for key in self.frame.form(self.facts).broken.iter().filter(|key| !key.is_written()) {
            self.add("DN", "3.5.1", Level::Unknown, What::Broken(*key));
        }
        for (key, declared) in &self.facts.declared {
            if let Some(verified) = self.facts.values.get(key) {
                let (declared, verified) = (declared.clone(), verified.clone());
                self.add(
                    "R-3.5.2-b",
                    "3.5.2",
                    Level::ToCheck,
                    What::Differs { key: *key, declared, verified },
                );
            }
        }
        let written = !self.facts.gone && !self.facts.is_exported();
        if self.facts.author.is_none() && written && !self.frame.form(self.facts).writable.is_empty() {
            self.add("DN", "3.5.2", Level::ToCheck, What::NotInGroup);
        }
        for (of, word) in &self.facts.unknown_words {
            self.add("DN", "3.5.1", Level::ToCheck, What::UnknownWord { of: *of, word: word.clone() });
        }
    }

    /// What a plain export cannot say: one line, since most of a dossier's numbers may be among them.
    fn silent_exports(&mut self, service: Service) {
        let is_local = matches!(service, Service::LocalIndependant | Service::LocalRattache);
        let of = |why: UnreadableValue| {
            let told = self.facts.unreadable.iter().filter(|(_, told)| **told == why);
            let told = told.filter(|(key, _)| !(is_local && key.only_of_a_central()));
            told.map(|(key, _)| *key).collect::<Vec<Key>>()
        };
        let (zeros, noes) = (of(UnreadableValue::ZeroOrEmpty), of(UnreadableValue::NoOrEmpty));
        // What no export of any dossier has is said once, of all of them (`vigie check`).
        let mut columns = of(UnreadableValue::NotExported);
        columns.retain(|key| self.frame.form(self.facts).usable.contains(key));
        if !zeros.is_empty() || !noes.is_empty() || !columns.is_empty() {
            self.add("DN", "3.5.1", Level::Unknown, What::SilentExport { zeros, noes, columns });
        }
    }

    /// The addresses of the contact: the reminders go to them.
    fn contact(&mut self) {
        if let Some(doubt) = self.facts.contact_doubt() {
            self.add("DN", "3.5.1", Level::ToCheck, What::Contact(doubt));
        }
    }

    /// R-3.5.1-a…i — presence and state of each document. Not checked when the form lacks the field.
    fn pieces(&mut self, required: &'static [(&'static str, Key)]) {
        let mut complete = 0;
        for (rule, key) in required {
            if !self.readable(*key) {
                continue;
            }
            let present = match self.facts.values.get(key) {
                None => false,
                Some(Value::Files(files)) => self.attachments(rule, *key, files),
                Some(Value::Text(text)) => !text.trim().is_empty(),
                Some(_) => true,
            };
            let vanished = self.vanished.and_then(|vanished| vanished.get(key)).filter(|_| !present);
            if present {
                complete += 1;
            } else if let Some(name) = vanished {
                let what = What::Vanished { key: *key, name: name.clone() };
                self.add(rule, "3.5.1", Level::ToCheck, what);
            } else if !self.findings.iter().any(|f| f.level == Level::Ko && f.what.key() == Some(*key)) {
                self.add(rule, "3.5.1", Level::Missing, What::Piece(*key));
            }
        }
        let faults = self.findings.iter().any(|f| f.level >= Level::Missing && f.what.key().is_some());
        if complete > 0 && !faults {
            self.add("R-3.5.1-a", "3.5.1", Level::Ok, What::PiecesComplete { count: complete });
        }
    }

    /// Whether at least one attachment of a document can be used.
    fn attachments(&mut self, rule: &'static str, key: Key, files: &[Attachment]) -> bool {
        for (level, what) in file_faults(key, files.iter(), self.inspections) {
            self.add(rule, "3.5.1", level, what);
        }
        files.iter().any(|file| is_usable(file, self.inspections))
    }

    /// R-3.5.2-a — *contrat de prestations signé*.
    fn contract(&mut self) {
        if self.readable(Key::ContratSigne) && self.facts.flag(Key::ContratSigne) != Some(true) {
            self.add("R-3.5.2-a", "3.5.2", Level::ToCheck, What::Contract);
        }
    }

    /// R-3.5.1-k — deposited at least one month before. Lateness is a finding to check, without a sanction (F-30).
    fn deposit(&mut self) {
        let Some(audit) = self.facts.date(Key::AuditDebut) else { return };
        if let Some(last) = self.facts.date(Key::AuditFin).filter(|last| *last < audit) {
            self.add("R-3.7.1-f", "3.7.1", Level::ToCheck, What::VisitReversed { first: audit, last });
        }
        let (on, limit) = (self.facts.deposited, deposit_limit(audit));
        let level = if on <= limit { Level::Ok } else { Level::ToCheck };
        self.add("R-3.5.1-k", "3.5.1", level, What::Deposit { on, limit });
    }

    /// Returns the counts that a rule needs, or adds a finding for those that are not filled in.
    fn counts<const N: usize>(
        &mut self,
        rule: &'static str,
        section: &'static str,
        keys: [Key; N],
    ) -> Option<[i64; N]> {
        if keys.iter().any(|key| !self.readable(*key)) {
            return None;
        }
        let needs: Vec<Key> = keys.into_iter().filter(|key| self.facts.count(*key).is_none()).collect();
        if needs.is_empty() {
            return Some(keys.map(|key| self.facts.count(key).unwrap_or(0)));
        }
        let private = &self.frame.form(self.facts).private;
        let (of_body, of_candidate): (Vec<Key>, Vec<Key>) =
            needs.into_iter().partition(|key| private.contains(key));
        for needs in [of_candidate, of_body].into_iter().filter(|needs| !needs.is_empty()) {
            self.add(rule, section, Level::Missing, What::Unfilled { needs });
        }
        None
    }

    fn surveys(&mut self, case: &Case) {
        let users = [Key::UsagersSollicites, Key::UsagersRecevables];
        if let Some([invited, admissible]) = self.counts("R-3.4.1-g", "3.4.1", users) {
            let faults = match user_survey(invited, admissible) {
                Verdict::Met => Vec::new(),
                Verdict::NotMet(faults) => faults,
            };
            let level = if faults.is_empty() { Level::Ok } else { Level::Ko };
            self.add("R-3.4.1-g", "3.4.1", level, What::UserSurvey { invited, admissible, faults });
            self.more_answers_than_invited("R-3.4.1-g", Key::UsagersRecevables, invited, admissible);
        }
        let staff = [Key::AgentsConcernes, Key::AgentsSollicites, Key::AgentsRecevables];
        if let Some([concerned, invited, admissible]) = self.counts("R-3.4.2-d", "3.4.2", staff) {
            self.staff(concerned, invited, admissible);
        }
        self.freshness(case, ProofKind::UsersSurvey);
        self.freshness(case, ProofKind::StaffSurvey);
    }

    fn staff(&mut self, concerned: i64, invited: i64, admissible: i64) {
        let class = class_head_count(concerned, invited, &self.frame.choices);
        let faults = match staff_survey(class, invited, admissible) {
            Verdict::Met => Vec::new(),
            Verdict::NotMet(faults) => faults,
        };
        let level = if faults.is_empty() { Level::Ok } else { Level::Ko };
        let required = staff_answers_required(class, invited);
        let what = What::StaffSurvey { concerned, invited, admissible, required, faults };
        self.add("R-3.4.2-d", "3.4.2", level, what);
        if invited < concerned {
            let what = What::StaffNotAllInvited { concerned, invited };
            self.add("R-3.4.2-a", "3.4.2", Level::ToCheck, what);
        }
        self.more_answers_than_invited("R-3.4.2-d", Key::AgentsRecevables, invited, admissible);
    }

    /// F-04 — more answers than invitations: possible with QR codes, impossible with a link by mail alone. A finding to
    /// check, not a refusal.
    fn more_answers_than_invited(&mut self, rule: &'static str, key: Key, invited: i64, admissible: i64) {
        if invited > 0 && admissible > invited {
            self.add(rule, "3.4", Level::ToCheck, What::MoreAnswersThanInvited { key, invited, admissible });
        }
    }

    /// R-3.4-a before an initial audit; for a follow-up any day since the audit before it (F-28).
    fn freshness(&mut self, case: &Case, kind: ProofKind) {
        if Demande::of(self.facts) == Demande::Extension {
            return;
        }
        let key = kind.field();
        let Some((closed, audit)) = self.proof_at_the_audit(case, kind, ("R-3.4-a", "3.4")) else { return };
        let freshness = if Demande::of(self.facts) == Demande::Suivi {
            // The audit of the application that opened the period: an extension in between changes nothing (L1774).
            let opened = |facts: &&Facts| {
                facts.number != self.facts.number
                    && matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement)
            };
            let audits = case.dossiers.iter().filter(opened).filter_map(last_visit_day);
            let since = audits.filter(|day| *day < audit).max();
            // When the previous audit is not known, only a survey closed after the visit is certainly wrong.
            match follow_up_survey(closed, since.unwrap_or(Date::MIN), audit, &self.frame.choices) {
                Age::Good => Freshness::Fresh,
                Age::TooOld { .. } => Freshness::TooOld,
                Age::TooLate => Freshness::TooLate,
            }
        } else {
            survey_freshness(closed, audit, &self.frame.choices)
        };
        let level = match freshness {
            Freshness::Fresh => Level::Ok,
            Freshness::OnTheDay { .. } => Level::ToCheck,
            Freshness::TooOld | Freshness::TooLate => Level::Ko,
        };
        self.add("R-3.4-a", "3.4", level, What::Survey { key, closed, audit, freshness });
    }

    /// The day of a proof and of the audit that it was deposited for. When the dossier was decided in the service's favour
    /// and its field holds a later day since, that day is a proof of a later year: a finding, and nothing to compare.
    fn proof_at_the_audit(
        &mut self,
        case: &Case,
        kind: ProofKind,
        reference: (&'static str, &'static str),
    ) -> Option<(Date, Date)> {
        let (done, audit) = (at_the_audit(self.facts, kind)?, self.facts.date(Key::AuditDebut)?);
        let granted = |event: &Event| {
            let favourable = matches!(
                event.decision,
                Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur
            );
            event.dossier == self.facts.number && favourable && event.on().is_some_and(|on| on < done)
        };
        if done <= audit || !case.events.iter().any(granted) {
            return Some((done, audit));
        }
        self.add(reference.0, reference.1, Level::ToCheck, What::TypedOver { key: kind.field(), on: done });
        None
    }

    fn self_assessment(&mut self, case: &Case) {
        let kind = ProofKind::SelfAssessment;
        let Some((done, audit)) = self.proof_at_the_audit(case, kind, ("R-3.5.1-e", "3.5.1")) else { return };
        let age = self_assessment_age(done, audit);
        let level = if age == Age::Good { Level::Ok } else { Level::Ko };
        self.add("R-3.5.1-e", "3.5.1", level, What::SelfAssessment { done, audit, age });
    }

    fn indicators(&mut self) {
        let Some(since) = self.facts.date(Key::IndicateursDepuis) else { return };
        let audit = self.facts.date(Key::AuditDebut);
        let Some(verdict) = indicators_since(since, self.facts.deposited, audit, &self.frame.choices) else {
            return;
        };
        let (met, latest) = match verdict {
            Ok(latest) => (true, latest),
            Err(latest) => (false, latest),
        };
        let level = if met { Level::Ok } else { Level::Ko };
        self.add("R-3.5.1-i", "3.5.1", level, What::Indicators { since, latest, met });
    }

    /// R-2.2.2-c, R-2.2.2-d — a self-assessment from each local, three quarters of the points. The rest of §2.2.2 depends
    /// on the locals.
    fn central(&mut self) {
        let keys = [Key::AutodiagnosticsFournis, Key::NLocaux];
        if let Some([provided, locals]) = self.counts("R-2.2.2-c", "2.2.2", keys) {
            let level = if provided >= locals { Level::Ok } else { Level::Ko };
            self.add("R-2.2.2-c", "2.2.2", level, What::SelfAssessments { provided, locals });
        }
        let points = (self.facts.count(Key::PointsValides), self.facts.count(Key::PointsTotal));
        if let (Some(valid), Some(total)) = points {
            let count = |value: i64| u64::try_from(value).unwrap_or(0);
            let met = points_reached(count(valid), count(total));
            let level = if met { Level::Ok } else { Level::Ko };
            self.add("R-2.2.2-d", "2.2.2", level, What::Points { valid, total, met });
        }
    }

    /// R-3.8.1-g — a service refused may apply again once six months have elapsed.
    fn reapplication(&mut self, refusals: &[Date]) {
        let deposited = self.facts.deposited;
        let Some(refused) = refusals.iter().filter(|day| **day <= deposited).max() else { return };
        let from = decision::may_reapply_from(*refused, &self.frame.choices);
        let level = if deposited >= from { Level::Ok } else { Level::Ko };
        self.add("R-3.8.1-g", "3.8.1", level, What::Reapplication { deposited, from });
    }
}

//! O-01…O-14, O-17, O-37 — the deadlines of one dossier, until it is decided.

use jiff::civil::Date;

use super::draft::{BOTH, CANDIDAT, Draft, ORGANISME};
use super::due::Due;
use super::obligation::Obligation;
use super::role::Role;
use super::stage_name::StageName;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, Service, ZoneUsed};
use crate::guide::calendar::{Calendar, Deadline, add_days, add_months};
use crate::guide::score::Fraction;
use crate::guide::surveys::campaign::launch_advised;
use crate::guide::surveys::{new_campaign_from, survey_freshness};
use crate::guide::tiers::{Criterion, Tier};
use crate::guide::{application, audit};
use crate::life::last_visit_day;

/// Indicative delays where the guide gives none (F-20): working days to acknowledge, days to decide and to notify.
const ACKNOWLEDGE_DAYS: i32 = 10;
const DECIDE_DAYS: i32 = 30;
const NOTIFY_DAYS: i32 = 5;

/// One dossier of a case, with the values that its deadlines depend on.
pub(super) struct Application<'a> {
    pub case: &'a Case,
    /// Those that count, in order of effect.
    pub decisions: &'a [Event],
    pub facts: &'a Facts,
    pub complete: bool,
    /// Its own: reading it in the dossier takes longer than any deadline.
    pub zone: ZoneUsed,
    pub today: Date,
    pub frame: &'a Frame,
}

impl Application<'_> {
    pub(super) fn deadlines(&self, agenda: &mut Vec<Due>) {
        let over = self.is_over();
        if !over {
            self.before_audit(agenda);
            self.freshness(agenda);
        }
        self.audit(agenda, over);
        self.decision(agenda, over);
        self.campaigns(agenda);
    }

    /// O-37 — the day on which the platform deletes the dossier, whatever it is about and however it ended: refused and
    /// closed dossiers are the first to go.
    pub(super) fn expiry(&self, agenda: &mut Vec<Due>) {
        let Some(expires) = self.facts.expires.filter(|_| !self.facts.gone) else { return };
        let told = &[Role::Organisme, Role::Ditp];
        agenda.push(self.draft(Obligation::Expiring, Deadline::fixed(expires)).before(&[60, 15], told).due);
    }

    fn draft(&self, obligation: Obligation, deadline: Deadline) -> Draft {
        Draft::new(obligation, self.facts.number, deadline, self.today)
    }

    fn days(&self) -> Calendar {
        self.zone.calendar(self.frame)
    }

    fn decided(&self) -> Option<&Event> {
        self.decisions
            .iter()
            .find(|event| event.dossier == self.facts.number && event.decision != Decision::PlanActions)
    }

    fn is_over(&self) -> bool {
        let closed = matches!(
            self.facts.state,
            PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite
        );
        closed || self.decided().is_some()
    }

    /// O-01, O-05, O-06 — advice, acknowledgement, complements.
    fn before_audit(&self, agenda: &mut Vec<Due>) {
        let (facts, days) = (self.facts, self.days());
        let mut target = facts.deposited;
        for _ in 0..ACKNOWLEDGE_DAYS {
            target = days.next_working(add_days(target, 1));
        }
        let received = facts.state != PlatformState::EnConstruction || facts.correction.is_some();
        let acknowledge = self.draft(Obligation::Acknowledge, Deadline::fixed(target)).done(received);
        agenda.push(acknowledge.in_zone(Some(self.zone)).before(&[0, -5], ORGANISME).due);
        let Some(first) = facts.date(Key::AuditDebut).filter(|first| *first > self.today) else { return };
        let local = self.case.service != Service::Central;
        if local && Demande::of(facts) != Demande::Extension {
            let closed = facts.date(Key::EnqueteUsagersCloture).is_some()
                && facts.date(Key::EnqueteAgentsCloture).is_some();
            let advised = Deadline::fixed(launch_advised(first));
            let launch = match Demande::of(facts) {
                Demande::Suivi => self
                    .draft(Obligation::FollowUpSurveys, advised)
                    .before(&[0], CANDIDAT)
                    .stage(StageName::BeforeVisit(1), add_months(first, -1), CANDIDAT)
                    .until(first),
                _ => self.draft(Obligation::Launch, advised).before(&[30, 7, 0], CANDIDAT),
            };
            agenda.push(launch.done(closed).due);
        }
        if facts.correction.is_some() || !self.complete {
            let limit = Deadline::fixed(application::complements_limit(first));
            let mut complements = self.draft(Obligation::Complements, limit);
            if let Some(asked) = facts.correction {
                complements = complements.stage(StageName::Request, asked, CANDIDAT);
            }
            // §3.5.1 asks for the file a month before the audit: reminders are sent around that day too.
            let month_before = application::deposit_limit(first);
            complements =
                complements.stage(StageName::BeforeMonth(14), add_days(month_before, -14), CANDIDAT);
            complements = complements.stage(StageName::Month, month_before, CANDIDAT);
            agenda.push(complements.before(&[7, 2, 0], CANDIDAT).due);
        }
    }

    /// O-02, O-03 — while no audit day is set, the last audit day for which the surveys and self-assessments are valid.
    fn freshness(&self, agenda: &mut Vec<Due>) {
        let facts = self.facts;
        let initial = matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement);
        if !initial || self.case.service == Service::Central || facts.date(Key::AuditDebut).is_some() {
            return;
        }
        let closings = [Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture].map(|key| facts.date(key));
        if let Some(closed) = closings.into_iter().flatten().min() {
            let due = self.draft(Obligation::SurveyFresh, Deadline::fixed(self.last_good_audit(closed)));
            agenda.push(due.before(&[45, 15], BOTH).due);
        }
        if let Some(done) = facts.date(Key::AutodiagnosticLe) {
            let due = self.draft(Obligation::SelfAssessmentFresh, Deadline::fixed(add_months(done, 12)));
            agenda.push(due.before(&[45, 15], BOTH).due);
        }
    }

    /// Searched with the rule's own test. Adding months is wrong: for a survey closed on 31 August, the last good day is
    /// 28 February.
    fn last_good_audit(&self, closed: Date) -> Date {
        let start = add_days(add_months(closed, 6), 4);
        let good = |day: &Date| survey_freshness(closed, *day, &self.frame.choices).is_good();
        (0..10).map(|back| add_days(start, -back)).find(good).unwrap_or(closed)
    }

    /// O-04, O-17, O-07, O-08, O-09 — from the deposit to the observations.
    fn audit(&self, agenda: &mut Vec<Due>, over: bool) {
        let (facts, days, choices) = (self.facts, self.days(), &self.frame.choices);
        let first = facts.date(Key::AuditDebut);
        if let Some(first) = first {
            let begun = over || first <= self.today;
            let obligation = match Demande::of(facts) {
                Demande::Suivi => Obligation::RequestFollowUp,
                _ => Obligation::Deposit,
            };
            // Only deposited dossiers are read: a late deposit is a finding, and what a dossier lacks is O-06.
            let deposit = self.draft(obligation, Deadline::fixed(application::deposit_limit(first)));
            agenda.push(deposit.done(true).due);

            let limit = Deadline::fixed(audit::plan_limit_under(first, &days, choices));
            let sent = facts.date(Key::PlanTransmisLe);
            let plan = self.draft(Obligation::Plan, limit).done_on(sent).before(&[10, 3], ORGANISME);
            let plan = plan.stage(StageName::Strict, audit::plan_limit_strict(first, &days), ORGANISME);
            let plan = plan.before(&[0], ORGANISME).overdue(ORGANISME).moot(begun).in_zone(Some(self.zone));
            agenda.push(plan.if_told(self.can_tell(&[Key::PlanTransmisLe])).due);
        }
        if let Some(last) = last_visit_day(facts) {
            let sent = facts.date(Key::RapportTransmisLe).or(facts.date(Key::RapportRecuLe));
            let report = self.draft(Obligation::Report, audit::report_due_under(last, &days, choices));
            let report =
                report.done(over).done_on(sent).before(&[7, 2, 0], ORGANISME).in_zone(Some(self.zone));
            let told = self.can_tell(&[Key::RapportTransmisLe, Key::RapportRecuLe]);
            agenda.push(report.overdue(ORGANISME).if_told(told).due);
        }
        if let Some(received) = self.report_received() {
            let answered = over || facts.date(Key::ObservationsLe).is_some();
            let due = audit::observations_due_under(received, &days, choices);
            let observations =
                self.draft(Obligation::Observations, due).done(answered).in_zone(Some(self.zone));
            agenda.push(
                observations.stage(StageName::Reception, received, CANDIDAT).before(&[3, 0], CANDIDAT).due,
            );
        }
    }

    /// Whether the form has one of these fields, readable in this dossier.
    fn can_tell(&self, keys: &[Key]) -> bool {
        keys.iter().any(|key| {
            self.frame.form(self.facts).usable.contains(key) && !self.facts.unreadable.contains_key(key)
        })
    }

    fn report_received(&self) -> Option<Date> {
        self.facts.date(Key::RapportRecuLe).or(self.facts.date(Key::RapportTransmisLe))
    }

    /// O-10, O-11 — targets only: the guide gives no delay for the decision (F-20).
    fn decision(&self, agenda: &mut Vec<Due>, over: bool) {
        if let Some(received) = self.report_received() {
            let due = audit::observations_due_under(received, &self.days(), &self.frame.choices);
            let ready = audit::ready_for_decision(self.facts.date(Key::ObservationsLe), due);
            let decide =
                self.draft(Obligation::Decide, Deadline::fixed(add_days(ready, DECIDE_DAYS))).done(over);
            agenda.push(decide.before(&[0, -7, -14, -21, -28], ORGANISME).due);
        }
        let granted = |event: &&Event| matches!(event.decision, Decision::Labellise | Decision::Rejete);
        if let Some(decided) = self.decided().filter(granted).and_then(|event| event.decided) {
            let told = self.decided().is_some_and(|event| event.notified.is_some());
            let notify = self.draft(Obligation::Notify, Deadline::fixed(add_days(decided, NOTIFY_DAYS)));
            agenda.push(notify.done(told).before(&[0, -3], ORGANISME).due);
        }
    }

    /// O-14 — a survey that fell short of Bronze opens a new campaign six months after its closing (R-3.4-f), « en vue d'un
    /// audit initial » only: a follow-up whose survey is low calls for an action plan. A renewal is asked for like a first
    /// application (§3.10).
    fn campaigns(&self, agenda: &mut Vec<Due>) {
        if !matches!(Demande::of(self.facts), Demande::Initial | Demande::Renouvellement) {
            return;
        }
        let below = |criterion: Criterion, key| {
            let bronze = criterion.threshold(Tier::Bronze).map(Fraction::from);
            self.facts.mark(key).zip(bronze).is_some_and(|(mark, bronze)| mark < bronze)
        };
        let short = [
            (below(Criterion::UserSurvey, Key::NoteUsagers), Key::EnqueteUsagersCloture),
            (below(Criterion::StaffSurvey, Key::NoteAgents), Key::EnqueteAgentsCloture),
        ];
        let closings =
            short.into_iter().filter(|(below, _)| *below).filter_map(|(_, key)| self.facts.date(key));
        if let Some(closed) = closings.max() {
            let from = Deadline::fixed(new_campaign_from(closed));
            agenda.push(self.draft(Obligation::NewCampaign, from).before(&[0], CANDIDAT).due);
        }
    }
}

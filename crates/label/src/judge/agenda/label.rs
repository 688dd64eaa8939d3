//! O-12, O-15…O-35 — the deadlines of a label: follow-up, yearly proofs, plan, suspension, renewal, end.

use jiff::civil::Date;

use super::draft::{ALL, BOTH, CANDIDAT, DITP, Draft, ORGANISME};
use super::due::Due;
use super::obligation::Obligation;
use super::role::Role;
use super::stage_name::StageName;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, Service};
use crate::guide::attached::surveys_due;
use crate::guide::calendar::{Deadline, add_days, add_months};
use crate::guide::follow_up::Window;
use crate::guide::follow_up::local::yearly_self_assessments;
use crate::guide::{follow_up, renewal, sanctions};
use crate::judge::network::CentralView;
use crate::life::{Label, calendar, last_visit_day};

/// Indicative delays where the guide gives none (F-20), in working days.
const LIST_DAYS: u32 = 5;
const TELL_DAYS: u32 = 2;
/// A proof counts for an anniversary from this many months before it.
const EARLY_MONTHS: i32 = 3;

/// Readers of reminders about an attached local's proofs, which its central service receives too.
const PROOF: &[Role] = &[Role::Candidat, Role::Organisme, Role::Central];

const CENTRAL: &[Role] = &[Role::Central];

/// F-19: the central's label depends on its locals' yearly surveys.
const NETWORK: &[Role] = &[Role::Candidat, Role::Central];

/// A case with its label.
pub(super) struct Labelled<'a> {
    pub case: &'a Case,
    /// Those that count, in order of effect.
    pub decisions: &'a [Event],
    pub label: &'a Label,
    pub network: Option<&'a CentralView>,
    pub today: Date,
    pub frame: &'a Frame,
}

impl Labelled<'_> {
    pub(super) fn deadlines(&self, agenda: &mut Vec<Due>) {
        let label = self.label;
        let withdrawn = label.withdrawn.filter(|day| *day <= label.ends);
        let over = withdrawn.is_some_and(|day| day <= self.today) || self.today > label.ends;
        if !over {
            self.follow_ups(agenda);
            self.proofs(agenda);
            self.central(agenda);
            self.sanctions(agenda);
        }
        self.lists(agenda, withdrawn);
        if withdrawn.is_none() {
            self.ending(agenda);
        }
        // F-22: the two months also run after a plain expiry, which the guide lists among the withdrawals.
        let expired = (self.today > label.ends && !label.renewing)
            .then(|| sanctions::mark_stops_after_expiry(label.ends, &self.frame.choices));
        if let Some(last) = withdrawn.map(sanctions::mark_stops).or(expired) {
            let stop = self.draft(Obligation::MarkStops, last).before(&[30, 7, 0], CANDIDAT);
            agenda.push(stop.before(&[-1], ORGANISME).until(add_days(last, 1)).due);
        }
    }

    fn draft(&self, obligation: Obligation, day: Date) -> Draft {
        Draft::new(obligation, self.case.id, Deadline::fixed(day), self.today)
    }

    /// O-15, O-22, O-16, O-24, O-34, O-35 — each follow-up: its preparation, its window.
    fn follow_ups(&self, agenda: &mut Vec<Due>) {
        for (index, window) in self.label.windows.iter().copied().enumerate() {
            let held = index < self.label.follow_ups || self.visited(&window);
            let (prepare, obligation) = self.kinds();
            if let Some(day) = self.label.preparation(self.case.service, index) {
                let draft = self.draft(prepare, day).done(held || self.today >= window.opens);
                agenda.push(draft.occurrence(index).before(&[15, 0, -30], BOTH).due);
            }
            let mut due = self.draft(obligation, window.closes).done(held).window(window).occurrence(index);
            if let Some(lost) = self.central_lost() {
                agenda.push(monthly(due, lost, window.closes).due);
                continue;
            }
            let stages = [
                (StageName::BeforeOpening(30), add_days(window.opens, -30)),
                (StageName::Opening, window.opens),
                (StageName::BeforeTheory(30), add_days(window.theory, -30)),
                (StageName::Theory, window.theory),
                (StageName::BeforeClosing(30), add_days(window.closes, -30)),
                (StageName::BeforeClosing(7), add_days(window.closes, -7)),
            ];
            for (name, on) in stages {
                due = due.stage(name, on, BOTH);
            }
            let mut due = due.stage(StageName::AfterClosing(1), add_days(window.closes, 1), ALL).due;
            if self.is_planned(&window) {
                // The day of the visit is set: only the reminder of a missed window remains.
                due.stages.retain(|stage| stage.on > window.closes);
            }
            agenda.push(due);
        }
    }

    fn kinds(&self) -> (Obligation, Obligation) {
        match self.case.service {
            Service::Central => (Obligation::PrepareCentral, Obligation::FollowUpCentral),
            Service::LocalRattache if self.central_lost().is_some() => {
                (Obligation::Prepare, Obligation::ConditionalFollowUp)
            }
            Service::LocalRattache => (Obligation::Prepare, Obligation::AttachedFollowUp),
            _ => (Obligation::Prepare, Obligation::FollowUp),
        }
    }

    /// The day on which an attached local's central lost the label, when the local held its own.
    fn central_lost(&self) -> Option<Date> {
        self.case.central.and_then(|central| central.lost_after(self.label.obtained))
    }

    /// A follow-up dossier has its visit inside the window.
    fn is_planned(&self, window: &Window) -> bool {
        let follow_ups = self.case.dossiers.iter().filter(|facts| Demande::of(facts) == Demande::Suivi);
        follow_ups.filter_map(|facts| facts.date(Key::AuditDebut)).any(|day| window.contains(day))
    }

    /// The visit of a follow-up dossier took place: the window is met before its decision is known.
    fn visited(&self, window: &Window) -> bool {
        // A follow-up closed without a decision does not count.
        let visit = |facts: &Facts| {
            let closed = matches!(facts.state, PlatformState::SansSuite | PlatformState::Refuse);
            last_visit_day(facts).filter(|_| !closed)
        };
        let in_time =
            |day: Date| day <= self.today && day >= add_months(window.opens, -6) && day <= window.closes;
        let follow_ups = self.case.dossiers.iter().filter(|facts| Demande::of(facts) == Demande::Suivi);
        follow_ups.filter_map(visit).any(in_time)
    }

    /// O-18, O-20, O-21 — what a labelled service proves every year, or within eighteen months.
    fn proofs(&self, agenda: &mut Vec<Due>) {
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
        let visits = self.case.dossiers.iter().filter_map(last_visit_day);
        let Some(audit) = visits.filter(|day| *day <= self.label.obtained).max() else { return };
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

    /// O-23, O-25 — the locals of a central service, before its own follow-up.
    fn central(&self, agenda: &mut Vec<Due>) {
        let Some(network) = self.network else { return };
        if let Some(window) = self.label.next_window() {
            let drawn = network.audited >= network.pools.sample;
            let sample = self.draft(Obligation::Sample, window.theory).done(drawn);
            let sample = sample.stage(StageName::MonthsBeforeTheory(4), add_months(window.theory, -4), BOTH);
            agenda.push(
                sample.stage(StageName::MonthsBeforeTheory(2), add_months(window.theory, -2), BOTH).due,
            );
            if let Some(lost) = network.three_quarters.lost {
                agenda.push(self.three_quarters(lost, window.closes));
            }
        }
    }

    /// O-25 — told at once, on the day of the refusal that makes it certain, then each month until the window closes.
    fn three_quarters(&self, lost: Date, closes: Date) -> Due {
        let mut due = self.draft(Obligation::ThreeQuarters, closes);
        let months = (0..).map(|month| add_months(lost, month)).take_while(|on| *on <= closes.max(lost));
        for (month, on) in (0_u32..).zip(months) {
            due = due.stage(StageName::MonthsAfter(month), on, BOTH);
        }
        due.due
    }

    /// O-26, O-27, O-29 — plan, suspension.
    fn sanctions(&self, agenda: &mut Vec<Due>) {
        if let (Some(asked), Some(facts)) = (self.label.plan_asked, self.case.current()) {
            let due = follow_up::action_plan_due(asked, &calendar(facts, self.frame));
            let plan = Draft::new(Obligation::ActionPlan, self.case.id, due, self.today);
            let plan = plan.stage(StageName::Request, asked, CANDIDAT).before(&[15, 7, 1], CANDIDAT);
            let told = [Key::PlanActionsRecuLe, Key::Decision, Key::Evenements];
            let told = told.iter().any(|key| self.frame.form(facts).usable.contains(key));
            agenda.push(plan.overdue_thrice(BOTH).if_told(told).due);
        }
        if let Some(suspension) = &self.label.suspension {
            let limit = suspension.lift_by.unwrap_or(suspension.limit).min(suspension.limit);
            let stop =
                self.draft(Obligation::Suspension, limit).stage(StageName::Start, suspension.since, CANDIDAT);
            let stop = stop.before(&[90, 60, 30, 7], BOTH).before(&[0], ALL);
            agenda.push(stop.due);
            // The mail that announces the suspension to DITP goes out with the decision itself.
            agenda.push(self.draft(Obligation::Publish, suspension.since).until(suspension.limit).due);
        }
    }

    /// O-12, O-28, O-30 — the changes of the public list after decisions.
    fn lists(&self, agenda: &mut Vec<Due>, withdrawn: Option<Date>) {
        let days = self.case.current().map(|facts| calendar(facts, self.frame)).unwrap_or_default();
        let after =
            |day: Date, count: u32| (0..count).fold(day, |day, _| days.next_working(add_days(day, 1)));
        for event in self.decisions {
            let Some(on) = event.notified.or(event.on()) else { continue };
            match event.decision {
                Decision::Labellise | Decision::PalierSuperieur => {
                    let list = self.draft(Obligation::List, after(on, LIST_DAYS));
                    // Part C asks for weekly reminders. But no field says that it was done, so nobody could stop them.
                    agenda.push(list.before(&[0], DITP).due);
                }
                Decision::Suspension | Decision::Levee | Decision::Retrait => {
                    // vigie sends this to DITP as soon as it reads the decision.
                    let told = self.draft(Obligation::TellDitp, after(on, TELL_DAYS));
                    agenda.push(told.done(on <= self.today).due);
                }
                _ => {}
            }
        }
        if let Some(effective) = withdrawn {
            let mut due = self.draft(Obligation::Unlist, effective).before(&[7, 0], DITP).due;
            // DITP was told of the withdrawal when it was notified: stages up to that day are not needed.
            let told = self.decisions.iter().rev().find(|event| event.decision == Decision::Retrait);
            let told = told.and_then(|event| event.notified.or(event.decided));
            due.stages.retain(|stage| told.is_none_or(|told| stage.on > told));
            agenda.push(due);
        }
    }

    /// O-32, O-33 — the invitation to renew, and the end.
    fn ending(&self, agenda: &mut Vec<Due>) {
        let (ends, renewed) = (self.label.ends, self.label.renewed_from.is_some());
        let renewing = self.label.renewing || renewed;
        let mut invitation = self.draft(Obligation::Renewal, renewal::invitation(ends)).done(renewing);
        invitation = invitation.before(&[0], BOTH).until(ends);
        for months in [6, 4, 3, 1_i32] {
            invitation = invitation.stage(
                StageName::BeforeEnd(months.unsigned_abs()),
                add_months(ends, -months),
                CANDIDAT,
            );
        }
        agenda.push(invitation.stage(StageName::End, ends, CANDIDAT).due);

        let told = &[Role::Organisme, Role::Ditp];
        // Once a renewal is granted, the end of the old period needs no reminder (F-42).
        let settled = renewed || (renewing && self.today > ends);
        let end = self.draft(Obligation::End, ends).until(add_days(ends, 1)).done(settled);
        let end = end.stage(StageName::BeforeEnd(3), add_months(ends, -3), ORGANISME).stage(
            StageName::BeforeEnd(1),
            add_months(ends, -1),
            told,
        );
        agenda.push(end.before(&[0, -1], told).due);
    }
}

/// O-35 has no deadline in the guide: told at once, then each month until the day retained (F-25).
fn monthly(mut due: Draft, from: Date, until: Date) -> Draft {
    for month in 0..12_i32 {
        let name = StageName::MonthsAfter(month.unsigned_abs());
        let on = add_months(from, month);
        if on <= until {
            due = due.stage(name, on, BOTH);
        }
    }
    due
}

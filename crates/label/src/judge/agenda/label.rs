//! O-12, O-15…O-17, O-22…O-26, O-28, O-30…O-35, O-38 — the deadlines of a label: follow-up, plan, lists, renewal, end.

use jiff::civil::Date;

use super::draft::{ALL, BOTH, CANDIDAT, DITP, Draft, ORGANISME};
use super::due::Due;
use super::obligation::Obligation;
use super::role::Role;
use super::stage_name::StageName;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame, Service, ZoneUsed, calendar};
use crate::guide::calendar::{Deadline, add_days, add_months};
use crate::guide::{follow_up, renewal, sanctions};
use crate::judge::network::CentralView;
use crate::life::Label;

/// Indicative delays where the guide gives none (F-20), in working days.
const LIST_DAYS: u32 = 5;
const TELL_DAYS: u32 = 2;

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
            let mut owed = Vec::new();
            self.follow_ups(&mut owed);
            self.proofs(&mut owed);
            self.central(&mut owed);
            self.sanctions(&mut owed);
            // What a label calls for after its withdrawal is no longer owed once that withdrawal is known (§5.3.2), although
            // its effect lies ahead.
            owed.retain(|due| withdrawn.is_none_or(|gone| due.deadline.nominal < gone));
            agenda.append(&mut owed);
        }
        self.lists(agenda, withdrawn);
        if withdrawn.is_none() {
            self.ending(agenda);
            self.notification(agenda);
        }
        // F-22: the two months also run after a plain expiry, which the guide lists among the withdrawals. F-23: a renewal
        // that is not granted by the last day keeps no label in force; granted later, it opens a new period on that day.
        let expired = self.today > label.ends;
        if withdrawn.is_some() || expired {
            let last = label.mark_stops;
            let stop = self.draft(Obligation::MarkStops, last).before(&[30, 7, 0], CANDIDAT);
            agenda.push(stop.before(&[-1], ORGANISME).until(add_days(last, 1)).due);
        }
    }

    pub(super) fn draft(&self, obligation: Obligation, day: Date) -> Draft {
        Draft::new(obligation, self.case.id, Deadline::fixed(day), self.today)
    }

    /// O-15, O-22, O-16, O-24, O-34, O-35 — each follow-up: its preparation, its window.
    fn follow_ups(&self, agenda: &mut Vec<Due>) {
        for (index, window) in self.label.windows.iter().copied().enumerate() {
            let held = self.label.is_audited(index, self.today);
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
            if self.label.is_planned(index) {
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

    /// O-23, O-25 — the locals of a central service, before its own follow-up.
    fn central(&self, agenda: &mut Vec<Due>) {
        let Some(network) = self.network else { return };
        if let Some((_, window)) = self.label.next_window(self.today) {
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

    /// O-26 — the action plan; O-27 and O-29 are in `suspension.rs`.
    fn sanctions(&self, agenda: &mut Vec<Due>) {
        if let (Some(asked), Some(facts)) = (self.label.plan_asked, self.case.current()) {
            let due = follow_up::action_plan_due(asked, &calendar(facts, self.frame));
            let plan = Draft::new(Obligation::ActionPlan, self.case.id, due, self.today);
            let plan = plan.in_zone(Some(ZoneUsed::of(facts, self.frame)));
            let plan = plan.stage(StageName::Request, asked, CANDIDAT).before(&[15, 7, 1], CANDIDAT);
            let told = [Key::PlanActionsRecuLe, Key::Decision, Key::Evenements];
            let told = told.iter().any(|key| self.frame.tells(facts, *key));
            agenda.push(plan.overdue_thrice(BOTH).if_told(told).due);
        }
        if let Some(suspension) = &self.label.suspension {
            self.suspension(agenda, suspension);
        }
    }

    /// O-12, O-28, O-30 — the changes of the public list after decisions.
    fn lists(&self, agenda: &mut Vec<Due>, withdrawn: Option<Date>) {
        let zone = self.case.current().map(|facts| ZoneUsed::of(facts, self.frame));
        let days = zone.map(|zone| zone.calendar(self.frame)).unwrap_or_default();
        let draft = |obligation, day| self.draft(obligation, day).in_zone(zone);
        let after =
            |day: Date, count: u32| (0..count).fold(day, |day, _| days.next_working(add_days(day, 1)));
        for event in self.decisions {
            let Some(on) = event.notified.or(event.on()) else { continue };
            match event.decision {
                Decision::Labellise | Decision::PalierSuperieur => {
                    // Part C asks for weekly reminders. But no field says that it was done, so nobody could stop them: the
                    // mail that tells DITP of the decision asks for it, with its day.
                    agenda.push(draft(Obligation::List, after(on, LIST_DAYS)).due);
                }
                Decision::Suspension | Decision::Levee | Decision::Retrait => {
                    // vigie sends this to DITP as soon as it reads the decision.
                    let told = draft(Obligation::TellDitp, after(on, TELL_DAYS));
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

    /// O-38, R-5.3.2-i — after an expiry the body still notifies the withdrawal to the service and to DITP: it alone is
    /// reminded. It is left out once nobody is reminded of it
    /// any more, so that a label that is over does not stay open for ever.
    fn notification(&self, agenda: &mut Vec<Due>) {
        const WEEKS: [i32; 3] = [7, 14, 21];
        const KEPT_DAYS: i32 = 60;
        let ends = self.label.ends;
        if !sanctions::is_expired(ends, false, self.today) || self.today > add_days(ends, KEPT_DAYS) {
            return;
        }
        let after =
            |event: &Event| event.decision == Decision::Retrait && event.on().is_some_and(|on| on > ends);
        let mut due = self.draft(Obligation::NotifyEnd, ends).done(self.decisions.iter().any(after));
        let first = sanctions::expiry_notified_from(ends);
        due = due.stage(StageName::Day, first, ORGANISME);
        for days in WEEKS {
            due = due.stage(StageName::After(days.unsigned_abs()), add_days(first, days), ORGANISME);
        }
        agenda.push(due.until(add_days(ends, KEPT_DAYS)).due);
    }

    /// O-32, O-33 — the invitation to renew, and the end.
    fn ending(&self, agenda: &mut Vec<Due>) {
        let (ends, renewed) = (self.label.ends, self.label.renewed_from.is_some());
        let renewing = self.label.renewing || renewed;
        let asked = renewing || self.label.is_barred(self.today);
        let mut invitation = self.draft(Obligation::Renewal, renewal::invitation(ends)).done(asked);
        invitation = invitation.before(&[0], BOTH).until(ends);
        for months in [6, 4, 3, 1_i32] {
            invitation = invitation.stage(
                StageName::BeforeEnd(months.unsigned_abs()),
                add_months(ends, -months),
                CANDIDAT,
            );
        }
        let mut invitation = invitation.stage(StageName::End, ends, CANDIDAT).due;
        // R-3.8.1-g: once refused, nobody is invited before a new request is admissible.
        let again = self.label.reapply_from;
        invitation.stages.retain(|stage| again.is_none_or(|from| stage.on >= from));
        agenda.push(invitation);

        let told = &[Role::Organisme, Role::Ditp];
        // Once a renewal is granted, the end of the old period needs no reminder (F-42). One that is still examined keeps no
        // label in force (F-23).
        let end = self.draft(Obligation::End, ends).until(add_days(ends, 1)).done(renewed);
        let end = end.stage(StageName::BeforeEnd(3), add_months(ends, -3), ORGANISME).stage(
            StageName::BeforeEnd(1),
            add_months(ends, -1),
            told,
        );
        let end = end.before(&[0, -1], told);
        // O-32 tells the service of its last day, except when its renewal is asked for, or refused for longer than that.
        let silent = self.label.renewing || again.is_some_and(|from| from > ends);
        agenda.push(if silent { end.before(&[0], CANDIDAT) } else { end }.due);
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

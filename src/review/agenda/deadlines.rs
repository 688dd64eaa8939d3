//! Every deadline of a case, from its dossiers' dates and its label.

use jiff::civil::Date;

use super::{Draft, Due, Obligation, Role};
use crate::guide::calendar::{Deadline, add_days, add_months};
use crate::guide::follow_up::Window;
use crate::guide::{application, audit, decision, follow_up, renewal, sanctions};
use crate::review::Frame;
use crate::review::case::{Case, Decision, Demande};
use crate::review::facts::{Facts, PlatformState};
use crate::review::keys::Key;
use crate::review::life::{Label, calendar};

const CANDIDAT: &[Role] = &[Role::Candidat];
const ORGANISME: &[Role] = &[Role::Organisme];
const BOTH: &[Role] = &[Role::Candidat, Role::Organisme];

/// Every deadline of the case, by date. `complete(n)` says whether dossier `n` lacks nothing.
pub(in crate::review) fn agenda(
    case: &Case,
    label: Option<&Label>,
    complete: &dyn Fn(i64) -> bool,
    today: Date,
    frame: &Frame,
) -> Vec<Due> {
    let mut agenda = Vec::new();
    for facts in &case.dossiers {
        if Demande::of(facts) != Demande::Extension || facts.date(Key::AuditDebut).is_some() {
            audit_deadlines(&mut agenda, case, facts, complete(facts.number), today, frame);
        }
    }
    if let Some(label) = label {
        label_deadlines(&mut agenda, case, label, today, frame);
    } else if let Some(refused) = refusal(case) {
        let from = decision::may_reapply_from(refused, &frame.choices);
        let draft = Draft::new(Obligation::Reapply, case.id, Deadline::fixed(from), today);
        agenda.push(draft.before(&[0], CANDIDAT).due);
    }
    agenda.sort_by_key(|due| (due.deadline.nominal, due.obligation, due.dossier));
    agenda
}

fn refusal(case: &Case) -> Option<Date> {
    let last = case.events.last().filter(|event| event.decision == Decision::Rejete)?;
    last.notified.or(last.on())
}

/// What hangs on the audit of one dossier, until that dossier is decided.
fn audit_deadlines(
    agenda: &mut Vec<Due>,
    case: &Case,
    facts: &Facts,
    complete: bool,
    today: Date,
    frame: &Frame,
) {
    let days = calendar(facts, frame);
    let number = facts.number;
    let over = case
        .events
        .iter()
        .any(|event| event.dossier == number && event.decision != Decision::PlanActions)
        || matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite);
    let (first, last) =
        (facts.date(Key::AuditDebut), facts.date(Key::AuditFin).or(facts.date(Key::AuditDebut)));
    let draft = |obligation, deadline| Draft::new(obligation, number, deadline, today);
    if let Some(first) = first {
        let begun = over || first <= today;
        let deposit = Deadline::fixed(application::deposit_limit(first));
        let mut draft_deposit = draft(Obligation::Deposit, deposit).done(complete);
        draft_deposit = draft_deposit.before(&[30, 14, 7, 1, 0], CANDIDAT).overdue(BOTH);
        agenda.push(draft_deposit.moot(begun).due);

        let limit = audit::plan_limit_under(first, &days, &frame.choices);
        let sent = facts.date(Key::PlanTransmisLe).is_some();
        let plan = draft(Obligation::Plan, Deadline::fixed(limit)).done(sent).before(&[10, 3], ORGANISME);
        let plan = plan.stage("franche", audit::plan_limit_strict(first, &days), ORGANISME);
        agenda.push(plan.before(&[0], ORGANISME).overdue(ORGANISME).moot(begun).due);
    }
    if let Some(last) = last {
        let sent = facts.date(Key::RapportTransmisLe).is_some() || facts.date(Key::RapportRecuLe).is_some();
        let report = draft(Obligation::Report, audit::report_due_under(last, &days, &frame.choices))
            .done(sent || over);
        agenda.push(report.before(&[7, 2, 0], ORGANISME).overdue(ORGANISME).due);
    }
    if let Some(received) = facts.date(Key::RapportRecuLe).or(facts.date(Key::RapportTransmisLe)) {
        let answered = over || facts.date(Key::ObservationsLe).is_some();
        let observations =
            draft(Obligation::Observations, audit::observations_due_under(received, &days, &frame.choices));
        let observations = observations.done(answered).stage("reception", received, CANDIDAT);
        agenda.push(observations.before(&[3, 0], CANDIDAT).due);
    }
}

/// What hangs on the label: follow-up, plan, suspension, renewal, end.
fn label_deadlines(agenda: &mut Vec<Due>, case: &Case, label: &Label, today: Date, frame: &Frame) {
    let number = case.id;
    let draft = |obligation, deadline| Draft::new(obligation, number, deadline, today);
    let withdrawn = label.withdrawn.filter(|day| *day <= label.ends);
    let over = withdrawn.is_some_and(|day| day <= today) || today > label.ends;
    if !over {
        follow_ups(agenda, case, label, today);
        if let (Some(asked), Some(facts)) = (label.plan_asked, case.current()) {
            let plan =
                draft(Obligation::ActionPlan, follow_up::action_plan_due(asked, &calendar(facts, frame)));
            let plan = plan.stage("demande", asked, CANDIDAT).before(&[15, 7, 1], CANDIDAT);
            agenda.push(plan.overdue(BOTH).due);
        }
        if let Some(suspension) = &label.suspension {
            let limit = suspension.lift_by.unwrap_or(suspension.limit).min(suspension.limit);
            let stop = draft(Obligation::Suspension, Deadline::fixed(limit));
            let stop = stop.stage("debut", suspension.since, CANDIDAT).before(&[90, 60, 30, 7], BOTH);
            agenda.push(
                stop.before(&[0], &[Role::Candidat, Role::Organisme, Role::Ditp]).overdue(ORGANISME).due,
            );
        }
    }
    if withdrawn.is_none() {
        ending(agenda, number, label, today);
    }
    // F-22: the two months also run after a plain expiry, which the guide lists among the withdrawals.
    let expired = (today > label.ends && !label.renewing)
        .then(|| sanctions::mark_stops_after_expiry(label.ends, &frame.choices));
    if let Some(last) = withdrawn.map(sanctions::mark_stops).or(expired) {
        let stop = draft(Obligation::MarkStops, Deadline::fixed(last));
        let stop = stop.before(&[30, 7, 0], CANDIDAT).before(&[-1], ORGANISME);
        agenda.push(stop.until(add_days(last, 1)).due);
    }
}

fn follow_ups(agenda: &mut Vec<Due>, case: &Case, label: &Label, today: Date) {
    for (index, window) in label.windows.iter().copied().enumerate() {
        let held = index < label.follow_ups || follow_up_visited(case, &window, today);
        if let Some(prepare) = label.preparation(case.service, index) {
            let draft = Draft::new(Obligation::Prepare, case.id, Deadline::fixed(prepare), today);
            agenda.push(draft.done(held || today >= window.opens).before(&[15, 0, -30], BOTH).due);
        }

        let mut due =
            Draft::new(Obligation::FollowUp, case.id, Deadline::fixed(window.closes), today).done(held);
        due.due.window = Some(window);
        let stages = [
            ("ouverture-30", add_days(window.opens, -30)),
            ("ouverture", window.opens),
            ("T-30", add_days(window.theory, -30)),
            ("T", window.theory),
            ("cloture-30", add_days(window.closes, -30)),
            ("cloture-7", add_days(window.closes, -7)),
        ];
        for (name, on) in stages {
            due = due.stage(name, on, BOTH);
        }
        let closed = [Role::Candidat, Role::Organisme, Role::Ditp];
        let mut due = due.stage("cloture+1", add_days(window.closes, 1), &closed).due;
        if is_planned(case, &window) {
            // The visit has its day: only a missed window is still to be told.
            due.stages.retain(|stage| stage.on > window.closes);
        }
        agenda.push(due);
    }
}

/// A follow-up dossier has its visit inside the window.
fn is_planned(case: &Case, window: &Window) -> bool {
    case.dossiers.iter().any(|facts| {
        Demande::of(facts) == Demande::Suivi
            && facts.date(Key::AuditDebut).is_some_and(|day| window.contains(day))
    })
}

/// The visit of a follow-up dossier took place: the window is met before its decision is known.
fn follow_up_visited(case: &Case, window: &Window, today: Date) -> bool {
    let visit = |facts: &Facts| facts.date(Key::AuditFin).or(facts.date(Key::AuditDebut));
    let in_time = |day: Date| day <= today && day >= add_months(window.opens, -6) && day <= window.closes;
    case.dossiers
        .iter()
        .any(|facts| Demande::of(facts) == Demande::Suivi && visit(facts).is_some_and(in_time))
}

fn ending(agenda: &mut Vec<Due>, number: i64, label: &Label, today: Date) {
    let draft = |obligation, day| Draft::new(obligation, number, Deadline::fixed(day), today);
    let ends = label.ends;
    let mut invitation = draft(Obligation::Renewal, renewal::invitation(ends)).done(label.renewing);
    invitation = invitation.before(&[0], BOTH).until(ends);
    for months in [6, 4, 3, 1] {
        invitation = invitation.stage(format!("fin-{months}m"), add_months(ends, -months), CANDIDAT);
    }
    agenda.push(invitation.stage("fin", ends, CANDIDAT).due);

    let told = &[Role::Organisme, Role::Ditp];
    let end = draft(Obligation::End, ends).until(add_days(ends, 1)).done(label.renewing && today > ends);
    let end =
        end.stage("fin-3m", add_months(ends, -3), ORGANISME).stage("fin-1m", add_months(ends, -1), told);
    agenda.push(end.before(&[0, -1], told).due);
}

//! What should be, minus what is: the actions that a review calls for. Pure: the same review and the same knowledge
//! give the same actions, so that judging twice adds nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::agenda::{Role, Status};
use super::case::{Case, Decision, Demande, Event};
use super::facts::{Facts, PlatformState, Value};
use super::finding::{Finding, Level, What};
use super::keys::{Key, Kind};
use super::wording::{self, Letter, date_short, findings, letters, names, notices};
use super::{Frame, Review};
use crate::guide::surveys::validity::user_answers_required;

/// Written with each judgement, so that an assessor knows which reading made it (R-X, part F).
pub const RULES_EDITION: &str = "Guide du label SP+ (postérieur au 05/12/2025), lecture 1";

/// How many lines of the journal go into `auto_journal`.
const JOURNAL_LINES: usize = 20;
/// Characters of one annotation: what is written must come back whole, or it would be written again for ever.
const MAX_ANNOTATION: usize = 10_000;

/// What was told already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub on: Date,
    pub role: Role,
    pub subject: String,
}

/// What the program knows beside the facts.
#[derive(Clone, Debug)]
pub struct Known {
    pub now: Timestamp,
    /// Deadlines that ended before this day are shown, never mailed (`act.since`).
    pub since: Date,
    /// Keys of all mails ever put in the outbox for this case.
    pub mails: BTreeSet<String>,
    /// Mails that went out, oldest first.
    pub told: Vec<Told>,
    /// Values that the platform refused or does not keep: not tried again until they change.
    pub stuck: BTreeSet<(i64, Key, String)>,
}

/// Something to do in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Annotate(Annotation),
    Mail(Mail),
}

/// All that must change among the annotations of one dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub dossier: i64,
    /// Global ids of the dossier and of the instructeur who writes.
    pub dossier_id: String,
    pub author: String,
    pub changes: Vec<(Key, Value)>,
}

/// A mail to put in the outbox, once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// dossier / obligation / due date / stage / role.
    pub key: String,
    pub dossier: i64,
    pub role: Role,
    pub rule: String,
    pub letter: Letter,
}

/// The actions that `review` calls for, mails first.
#[must_use]
pub fn plan(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Action> {
    let mails = wanted_mails(review, case, frame, known.since);
    let new = mails.into_iter().filter(|mail| !known.mails.contains(&mail.key));
    let mut actions: Vec<Action> = new.map(Action::Mail).collect();
    for facts in &case.dossiers {
        actions.extend(annotation(review, facts, frame, known).map(Action::Annotate));
    }
    actions
}

/// Every mail that should have gone out by today; the ledger says which ones did.
#[must_use]
pub fn wanted_mails(review: &Review, case: &Case, frame: &Frame, since: Date) -> Vec<Mail> {
    let mut mails = Vec::new();
    reminders(&mut mails, review, case, since);
    for event in &case.events {
        decisions(&mut mails, event, review, case, frame, since);
    }
    for facts in &case.dossiers {
        arrivals(&mut mails, review, facts, since);
        if !is_decided(case, facts) {
            preparations(&mut mails, review, facts, frame, since);
        }
    }
    mails
}

fn mail(dossier: i64, code: &str, on: Date, stage: &str, role: Role, letter: Letter) -> Mail {
    let key = format!("{dossier}/{code}/{on}/{stage}/{}", role.key());
    Mail { key, dossier, role, rule: letter.source.clone(), letter }
}

/// One mail at most per deadline and reader: the latest stage that has come.
fn reminders(mails: &mut Vec<Mail>, review: &Review, case: &Case, since: Date) {
    for due in &review.agenda {
        if due.horizon < since || (due.obligation.fades() && review.today > due.horizon) {
            continue;
        }
        for role in [Role::Candidat, Role::Organisme, Role::Ditp] {
            let Some(stage) = due.stage(role, review.today) else { continue };
            let letter = letters::reminder(due, role, review, case);
            let (code, on) = (due.obligation.code(), due.deadline.nominal);
            mails.push(mail(due.dossier, code, on, &stage.name, role, letter));
        }
    }
}

fn decisions(mails: &mut Vec<Mail>, event: &Event, review: &Review, case: &Case, frame: &Frame, since: Date) {
    let Some(on) = event.on() else { return };
    // A withdrawal may take effect later: it is told when it is notified.
    let told_on = event.notified.or(event.decided).unwrap_or(on);
    if told_on.max(on) < since || told_on > review.today {
        return;
    }
    let Some(key_day) = told_once(event, case, frame, on) else { return };
    let code = format!("N-{}", event.decision.key());
    for role in [Role::Candidat, Role::Ditp] {
        if let Some(letter) = notices::decided(event, role, review, case) {
            mails.push(mail(event.dossier, &code, key_day, "avis", role, letter));
        }
    }
    if event.decision == Decision::Rejete
        && let Some(letter) = notices::refused(event, frame)
    {
        mails.push(mail(event.dossier, &code, key_day, "avis", Role::Candidat, letter));
    }
}

/// The day in the key of a decision's notice, or nothing while the decision is only half typed: the platform's own
/// acceptance comes before the body's words, and a date mended afterwards is no second award.
fn told_once(event: &Event, case: &Case, frame: &Frame, on: Date) -> Option<Date> {
    let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier)?;
    if !matches!(event.decision, Decision::Labellise | Decision::Rejete) {
        return Some(on);
    }
    let usable = |key| frame.form(facts).usable.contains(&key);
    let typed = facts.choice(Key::Decision).is_some() || !facts.rows(Key::Evenements).is_empty();
    let expected = (usable(Key::Decision) || usable(Key::Evenements)) && !typed && !facts.gone;
    let tierless = event.decision == Decision::Labellise && event.tier.is_none() && usable(Key::PalierDecide);
    (!expected && !tierless).then_some(facts.deposited)
}

/// The certification body learns of a new dossier, with what to look at.
fn arrivals(mails: &mut Vec<Mail>, review: &Review, facts: &Facts, since: Date) {
    if facts.deposited >= since {
        let faults: Vec<&Finding> = review.faults(Some(facts.number)).collect();
        let letter = notices::deposited(facts, &faults);
        mails.push(mail(facts.number, "N-depot", facts.deposited, "avis", Role::Organisme, letter));
    }
}

fn is_decided(case: &Case, facts: &Facts) -> bool {
    matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite)
        || case.events.iter().any(|event| event.dossier == facts.number)
}

/// Before the audit: its timetable, what will be too old, which answers are missing.
fn preparations(mails: &mut Vec<Mail>, review: &Review, facts: &Facts, frame: &Frame, since: Date) {
    let audit = facts.date(Key::AuditDebut);
    if audit.is_some_and(|audit| audit <= review.today || audit < since) {
        return;
    }
    let number = facts.number;
    let own = |finding: &&Finding| finding.dossier == number && finding.level == Level::Ko;
    if let Some(audit) = audit {
        if Demande::of(facts) != Demande::Extension {
            let letter = notices::retroplanning(facts, audit, frame);
            mails.push(mail(number, "N-retroplanning", audit, "avis", Role::Candidat, letter));
        }
        let dated =
            |finding: &&Finding| matches!(finding.what, What::Survey { .. } | What::SelfAssessment { .. });
        let stale: Vec<&Finding> = review.findings.iter().filter(own).filter(dated).collect();
        for role in [Role::Candidat, Role::Organisme].into_iter().filter(|_| !stale.is_empty()) {
            let letter = notices::stale(facts, &stale, audit, role);
            mails.push(mail(number, "O-02", audit, "perime", role, letter));
        }
    }
    for finding in review.findings.iter().filter(own) {
        let Some((survey, missing)) = answers_missing(&finding.what) else { continue };
        let closing = if survey == "agents" { Key::EnqueteAgentsCloture } else { Key::EnqueteUsagersCloture };
        let on = facts.date(closing).unwrap_or(facts.deposited);
        let letter = notices::answers_missing(finding, survey, missing);
        if facts.deposited >= since {
            mails.push(mail(number, &format!("N-enquete-{survey}"), on, "reponses", Role::Candidat, letter));
        }
    }
}

fn answers_missing(what: &What) -> Option<(&'static str, i64)> {
    match what {
        What::StaffSurvey { admissible, required, .. } if admissible < required => {
            Some(("agents", required - admissible))
        }
        What::UserSurvey { invited, admissible, .. } => {
            let required = user_answers_required(*invited);
            (*admissible < required).then(|| ("usagers", required - admissible))
        }
        _ => None,
    }
}

/// What the annotations of `facts` should say and do not; `None` when they are right, or nothing can be written.
fn annotation(review: &Review, facts: &Facts, frame: &Frame, known: &Known) -> Option<Annotation> {
    let author = facts.author.clone().filter(|_| !facts.gone)?;
    let desired = desired(review, facts, known);
    let mut changes: Vec<(Key, Value)> = desired
        .into_iter()
        .filter(|(key, _)| frame.form(facts).writable.contains(key))
        .filter(|(key, value)| !same(facts.values.get(key), value))
        .filter(|(key, value)| !known.stuck.contains(&(facts.number, *key, fingerprint(value))))
        .collect();
    if changes.is_empty() {
        return None;
    }
    if frame.form(facts).writable.contains(&Key::AutoMaj) {
        changes.push((Key::AutoMaj, Value::Moment(known.now)));
    }
    Some(Annotation { dossier: facts.number, dossier_id: facts.id.clone(), author, changes })
}

/// An empty text and nothing are the same; line ends and outer blanks are the platform's affair.
fn same(present: Option<&Value>, desired: &Value) -> bool {
    match (present, desired) {
        (None, Value::Text(text)) => text.is_empty(),
        (Some(Value::Text(present)), Value::Text(text)) => tidy(present) == tidy(text),
        (Some(present), desired) => present == desired,
        (None, _) => false,
    }
}

/// A single-line field holds the same lines joined: compared so, it is not written again for ever.
fn tidy(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What stands for a value in the record of refused ones.
#[must_use]
pub fn fingerprint(value: &Value) -> String {
    names::value(value)
}

/// A date that no longer applies cannot be emptied on the platform (D.0): it is left out, and the state tells.
fn desired(review: &Review, facts: &Facts, known: &Known) -> BTreeMap<Key, Value> {
    let text = |text: String| Value::Text(text);
    let mut desired = BTreeMap::from([
        (Key::AutoEtat, Value::Choice(review.state.key().to_owned())),
        (Key::AutoControles, text(controls(review, facts.number))),
        (Key::AutoEcheancier, text(lines(review.agenda.iter().map(findings::due_line)))),
        (Key::AutoRetard, Value::Flag(review.is_late())),
        (Key::AutoRegles, text(RULES_EDITION.to_owned())),
        (Key::AutoJournal, text(journal(known))),
    ]);
    desired.insert(Key::AutoPalier, text(tier_of(review, facts.number)));
    let next = review.next_due();
    let what = next.map(|due| {
        let late = if due.status == Status::Late { " (en retard)" } else { "" };
        format!("{}{late}", findings::due_title(due))
    });
    desired.insert(Key::AutoProchaineEcheance, text(what.unwrap_or_default()));
    let day = next.map(|due| date_short(due.deadline.nominal));
    desired.insert(Key::AutoProchaineDate, text(day.unwrap_or_default()));
    if let Some(label) = &review.label {
        desired.insert(Key::AutoFinValidite, Value::Date(label.ends));
        let windows = &label.windows;
        if let Some(window) = label.next_window().or(windows.last().copied()) {
            desired.insert(Key::AutoSuiviDebut, Value::Date(window.opens));
            desired.insert(Key::AutoSuiviFin, Value::Date(window.closes));
        }
    }
    desired.retain(|key, _| key.kind() != Kind::Moment);
    desired
}

/// The tier that the dossier's marks give, or that the network gives its central.
fn tier_of(review: &Review, dossier: i64) -> String {
    let local = review.tiers.iter().find(|tier| tier.dossier == dossier);
    let local = local.map(|tier| wording::tier_text(&tier.result));
    local.or(review.network.as_ref().map(wording::network_text)).unwrap_or_default()
}

fn controls(review: &Review, dossier: i64) -> String {
    let mut found: Vec<&Finding> =
        review.findings.iter().filter(|finding| finding.dossier == dossier).collect();
    // The most serious first; among equals, the guide's order.
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    lines(found.into_iter().map(wording::finding))
}

fn journal(known: &Known) -> String {
    let recent = known.told.iter().rev().take(JOURNAL_LINES);
    lines(
        recent.map(|told| format!("{} — {} — {}", date_short(told.on), names::role(told.role), told.subject)),
    )
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if let Some((cut, _)) = text.char_indices().nth(MAX_ANNOTATION) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

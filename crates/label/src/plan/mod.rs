//! What should be, minus what is: the actions that a review calls for. Pure: the same review and the same knowledge
//! give the same actions, so that judging twice adds nothing.

pub mod events;
pub mod mails;
pub mod outward;
pub mod recall;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::facts::{Facts, Value};
use crate::case::keys::{Key, Kind};
use crate::case::{Case, Frame};
use crate::judge::Review;
use crate::judge::agenda::{Role, Status};
use crate::judge::finding::Finding;
use crate::plan::events::Notify;
use crate::plan::mails::{Mail, is_put, wanted_mails};
use crate::plan::outward::{Message, wanted_messages};
use crate::plan::recall::{JournalLine, Recall, recalled, unexplained};
use crate::wording::{self, date_short, findings, names};

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
    /// Of the mail that told it.
    pub key: String,
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
    /// Since when a mail server refuses the address of the candidate.
    pub unreachable: Option<Date>,
    /// Values that the platform refused or does not keep: not tried again until they change.
    pub stuck: BTreeSet<(i64, Key, String)>,
    /// Keys of all messages ever put in the outbox for this case; nothing when none may be sent.
    pub messages: Option<BTreeSet<String>>,
}

impl Known {
    /// Nothing was ever told nor refused.
    #[must_use]
    pub fn nothing(now: Timestamp, since: Date) -> Known {
        let (mails, told, stuck) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        Known { now, since, mails, told, unreachable: None, stuck, messages: None }
    }
}

/// Something to do in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Annotate(Annotation),
    Mail(Mail),
    /// To be noted in the ledger as sent.
    Recall(Recall),
    Message(Message),
    Notify(Notify),
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

/// The actions that `review` calls for, mails first.
#[must_use]
pub fn plan(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Action> {
    let mails = wanted_mails(review, case, frame, known);
    let new = mails.into_iter().filter(|mail| !is_put(mail, &known.mails));
    let mut lines = untold(case, known, review.today);
    let action = |mail: Mail| match recalled(&mail, &mut lines) {
        Some(on) => Action::Recall(Recall { mail, on }),
        None => Action::Mail(mail),
    };
    let mut actions: Vec<Action> = new.map(action).collect();
    if let Some(said) = &known.messages {
        let wanted = wanted_messages(review, case, known.since).into_iter();
        actions.extend(wanted.filter(|message| !said.contains(&message.key)).map(Action::Message));
    }
    for facts in &case.dossiers {
        actions.extend(annotation(review, facts, frame, known).map(Action::Annotate));
    }
    actions
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
    ]);
    let told = journal(known, facts);
    if !told.is_empty() {
        desired.insert(Key::AutoJournal, text(told));
    }
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

/// What the journals of a case's dossiers tell by `today` and the ledger does not. Each dossier carries the same
/// lines, a recent one perhaps fewer.
fn untold(case: &Case, known: &Known, today: Date) -> Vec<JournalLine> {
    let mut lines: Vec<JournalLine> = Vec::new();
    for facts in &case.dossiers {
        let mut seen = lines.clone();
        for line in unexplained(facts.text(Key::AutoJournal).unwrap_or_default(), &known.told) {
            match seen.iter().position(|other| *other == line) {
                Some(place) => drop(seen.swap_remove(place)),
                None => lines.push(line),
            }
        }
    }
    lines.retain(|line| line.on <= today);
    lines
}

/// The last mails, newest first. Lines that the ledger does not explain stay: a store that was lost, or restored from
/// an old backup, remembers nothing of the mails that they tell of.
fn journal(known: &Known, facts: &Facts) -> String {
    let line =
        |on, role, subject: &str| (on, format!("{} — {} — {subject}", date_short(on), names::role(role)));
    let present = facts.text(Key::AutoJournal).unwrap_or_default();
    let kept = unexplained(present, &known.told);
    let mut told: Vec<(Date, String)> =
        kept.iter().map(|kept| line(kept.on, kept.role, &kept.subject)).collect();
    told.extend(known.told.iter().map(|told| line(told.on, told.role, &told.subject)));
    // Stable: mails of one day stay in the order in which they left.
    told.sort_by_key(|(on, _)| *on);
    lines(told.into_iter().rev().take(JOURNAL_LINES).map(|(_, line)| line))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if let Some((cut, _)) = text.char_indices().nth(MAX_ANNOTATION) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

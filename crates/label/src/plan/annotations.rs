//! The annotations of a dossier that should change: the wanted values that differ from the present ones.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::case::facts::{Facts, Value};
use crate::case::keys::{Key, Kind};
use crate::case::{Case, Frame};
use crate::guide::follow_up::Window;
use crate::judge::Review;
use crate::judge::finding::Finding;
use crate::life::Standing;
use crate::outgoing::Annotation;
use crate::plan::known::Known;
use crate::plan::recall::unexplained;
use crate::wording::{self, date_short, fields, findings, names, questions};

/// How many lines of the journal go into `auto_journal`.
const JOURNAL_LINES: usize = 20;
/// Largest number of characters of one annotation. A text that the platform truncates would differ at each reading and
/// be written again at each pass.
const MAX_ANNOTATION: usize = 10_000;

/// The annotations to change in one dossier of a case; `None` when all are right, or nothing can be written.
pub(super) fn annotation(
    review: &Review,
    (case, facts): (&Case, &Facts),
    frame: &Frame,
    known: &Known,
) -> Option<Annotation> {
    let author = facts.author.clone().filter(|_| !facts.gone)?;
    let desired = desired(review, case, facts, frame, known);
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

/// Compares two values. An empty text equals no value; line ends and outer blanks, which the platform changes, are
/// ignored.
fn same(present: Option<&Value>, desired: &Value) -> bool {
    match (present, desired) {
        (None, Value::Text(text)) => text.is_empty(),
        (Some(Value::Text(present)), Value::Text(text)) => tidy(present) == tidy(text),
        (Some(present), desired) => present == desired,
        (None, _) => false,
    }
}

/// The text with its lines joined, as a single-line field stores it, so that such a field is not written at each pass.
fn tidy(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The text that represents a value in the list of refused values.
#[must_use]
pub fn fingerprint(value: &Value) -> String {
    fields::value(value)
}

/// The wanted values. A date that no longer applies cannot be emptied on the platform (D.0): it is left out, and
/// `auto_etat` shows that it no longer applies.
fn desired(
    review: &Review,
    case: &Case,
    facts: &Facts,
    frame: &Frame,
    known: &Known,
) -> BTreeMap<Key, Value> {
    let text = |text: String| Value::Text(text);
    let mut desired = BTreeMap::from([
        (Key::AutoEtat, Value::Choice(review.state.key().to_owned())),
        (Key::AutoControles, text(controls(review, facts.number))),
        (
            Key::AutoEcheancier,
            text(lines(review.agenda.iter().map(|due| findings::due_line(due, review.today)))),
        ),
        (Key::AutoRetard, Value::Flag(review.is_late())),
        (Key::AutoRegles, text(questions::edition(&frame.choices))),
    ]);
    let told = journal(known, facts);
    if !told.is_empty() {
        desired.insert(Key::AutoJournal, text(told));
    }
    desired.insert(Key::AutoPalier, text(tier_of(review, facts.number)));
    let next = review.next_due();
    let what = next.map(findings::next_due_title);
    desired.insert(Key::AutoProchaineEcheance, text(what.unwrap_or_default()));
    let day = next.map(|due| date_short(due.deadline.nominal));
    desired.insert(Key::AutoProchaineDate, text(day.unwrap_or_default()));
    if let Some(label) = &review.label {
        let ends = review.standing().map_or(label.ends, Standing::last_day);
        desired.insert(Key::AutoFinValidite, Value::Date(ends));
        let windows = &label.windows;
        let next = label.next_window(review.today).map(|(_, window)| window);
        // The follow-up of an attached local ceases to be owed when its central is labelled, unless it took place.
        let sure = case.central.is_none_or(|central| central.is_settled(label.obtained));
        let held = |window: &Window| {
            let index = windows.iter().position(|one| one == window);
            index.is_some_and(|index| label.is_audited(index, review.today))
        };
        if let Some(window) = next.or(windows.last().copied()).filter(|window| sure || held(window)) {
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
    let local = local.map(wording::tier_text);
    local.or(review.network.as_ref().map(wording::network_text)).unwrap_or_default()
}

fn controls(review: &Review, dossier: i64) -> String {
    let mut found: Vec<&Finding> =
        review.findings.iter().filter(|finding| finding.dossier == dossier).collect();
    // The most serious first; among equals, the guide's order.
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    lines(found.into_iter().map(wording::finding))
}

/// The last mails, newest first. Present lines without a mail in the ledger are kept: they are about mails sent before
/// the store was lost, or restored from an old backup.
fn journal(known: &Known, facts: &Facts) -> String {
    let line =
        |on, role, subject: &str| (on, format!("{} — {} — {subject}", date_short(on), names::role(role)));
    let present = facts.text(Key::AutoJournal).unwrap_or_default();
    let kept = unexplained(present, &known.told);
    let mut told: Vec<(Date, String)> =
        kept.iter().map(|kept| line(kept.on, kept.role, &kept.subject)).collect();
    told.extend(known.told.iter().map(|told| line(told.on, told.role, &told.subject)));
    // A stable sort keeps mails of one day in the order of sending.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_once_its_lines_are_joined_and_another_is_not() {
        let same = |present: &str, wanted: &str| {
            super::same(Some(&Value::Text(present.to_owned())), &Value::Text(wanted.to_owned()))
        };
        assert!(same("un · deux", " un\n\n deux\n") && same("", "\n"));
        assert!(!same("un", "deux") && !same("un", "") && !same("", "un"));
    }

    #[test]
    fn an_absent_value_is_the_same_as_an_empty_text_only() {
        assert!(super::same(None, &Value::Text(String::new())));
        assert!(!super::same(None, &Value::Text("un".to_owned())) && !super::same(None, &Value::Flag(false)));
        assert!(super::same(Some(&Value::Flag(true)), &Value::Flag(true)));
        assert!(!super::same(Some(&Value::Flag(true)), &Value::Flag(false)));
    }
}

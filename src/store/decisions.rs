//! The decisions seen in single fields, which only ever show the latest: what a reading adds, corrects or takes back.

use serde::{Deserialize, Serialize};

use super::pools::{Error, Result};
use super::unreadable::{Place, Readable, Unreadable};
use label::case::{Event, remember};

pub(super) const SAVE_DECISIONS: &str =
    " on conflict (dossier, position) do update set event = excluded.event";

/// One decision as it was seen in single fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SeenDecision {
    #[serde(flatten)]
    pub event: Event,
    /// It was emptied since, or declared void: another one that is typed later takes its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emptied: bool,
}

/// What the single fields of a dossier show now.
pub(super) struct Shown<'a> {
    pub dossier: i64,
    pub present: Option<&'a Event>,
    /// The decision was emptied, or declared void.
    pub emptied: bool,
}

/// One stored decision: dossier, position from 1, JSON.
pub(super) type StoredEvent = (i64, i64, String);
/// The rows to write so that the histories hold what the dossiers now show. A row that cannot be read and stands last
/// is written over: what the dossier shows now is the latest decision. True: the rows after it are of decisions that were
/// taken back.
pub(super) fn new_decisions<'a>(
    rows: &[StoredEvent],
    shown: impl Iterator<Item = Shown<'a>>,
) -> Result<Vec<(StoredEvent, bool)>> {
    let mut new = Vec::new();
    for Shown { dossier, present, emptied } in shown {
        let rows = rows.iter().filter(|(of, ..)| *of == dossier);
        let rows: Vec<(i64, Option<SeenDecision>)> =
            rows.map(|(_, position, json)| (*position, event(dossier, *position, json).ok())).collect();
        let written = match (present, rows.last()) {
            (Some(present), _) => typed(present, &rows),
            (None, Some((position, Some(last)))) if emptied && !last.emptied => {
                Some((*position, SeenDecision { emptied: true, ..last.clone() }, false))
            }
            _ => None,
        };
        if let Some((position, decision, undone)) = written {
            let content =
                |_| Error::Content { table: "decisions", column: "event", row: dossier.to_string() };
            let json = serde_json::to_string(&decision).map_err(content)?;
            new.push(((dossier, position, json), undone));
        }
    }
    Ok(new)
}

/// The row of the decision that is typed now, when it is not the last one seen; one that was emptied is not among them.
fn typed(present: &Event, rows: &[(i64, Option<SeenDecision>)]) -> Option<(i64, SeenDecision, bool)> {
    let readable = || rows.iter().filter_map(|(position, seen)| seen.as_ref().map(|seen| (*position, seen)));
    let standing: Vec<(i64, &SeenDecision)> = readable().filter(|(_, seen)| !seen.emptied).collect();
    let emptied = readable().find(|(_, seen)| seen.emptied).map(|(position, _)| position);
    let mut history: Vec<Event> = standing.iter().map(|(_, seen)| seen.event.clone()).collect();
    if !remember(&mut history, present.clone()) && emptied.is_none() {
        return None;
    }
    let place =
        history.len().checked_sub(1).and_then(|last| standing.get(last)).map(|(position, _)| *position);
    let position = match (place, rows.last()) {
        (_, Some((last, None))) => *last,
        (Some(place), _) => place,
        (None, last) => emptied.unwrap_or(last.map_or(1, |(last, _)| last + 1)),
    };
    let undone = history.len() < standing.len() || emptied.is_some();
    let event = history.pop()?;
    Some((position, SeenDecision { event, emptied: false }, undone))
}

pub(super) fn event(dossier: i64, position: i64, json: &str) -> Readable<SeenDecision> {
    let unreadable = |_| Unreadable::of(Place::Decision, dossier, format_args!("{dossier}/{position}"));
    serde_json::from_str(json).map_err(unreadable)
}

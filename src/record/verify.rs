//! Walks the chain, and names the first entry that does not hold.

use super::Result;
use super::content::unpack;
use super::judged::JudgedBody;
use super::rules::RulesBody;
use crate::store::chain::{EntryType, ORIGIN, RecordEntry, said};
use crate::store::record::Record;

/// Entries read at once.
const PAGE: i64 = 500;

/// What the walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    pub entries: i64,
    pub last: String,
    /// Contents and lines that were erased: their hashes stand.
    pub erased: u64,
    pub fault: Option<Fault>,
}

/// The first break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub seq: i64,
    pub what: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An entry was changed: its contents do not give its hash.
    Changed,
    /// An entry is missing before it.
    Missing,
    /// It does not name the entry before it.
    Broken,
    /// A content that it names is not there.
    Absent(String),
    /// A content that it names was changed.
    Damaged(String),
    /// The line of the journal that tells of the act was changed or taken away.
    Line(String),
    /// The last entry is not the one that the store says, or entries after it were taken away.
    Head,
    /// The entry of an anchor is not there, or has another hash.
    Anchor,
}

/// Walks the whole chain. `anchor`: the number and the hash of an entry, as a digest told them.
///
/// # Errors
/// When the store cannot be read.
pub async fn walk(record: &Record, anchor: Option<(i64, &str)>) -> Result<Walk> {
    let mut walk = Walk { last: ORIGIN.to_owned(), ..Walk::default() };
    let mut anchored = anchor.is_none();
    // The end as it is now: the daemon may append while this walks.
    let head = record.head().await?;
    loop {
        let mut page = record.after(walk.entries, PAGE).await?;
        page.retain(|entry| entry.seq <= head.0);
        if page.is_empty() {
            break;
        }
        for entry in page {
            if let Some(what) = broken(record, &walk, &entry).await? {
                walk.fault = Some(Fault { seq: entry.seq, what });
                return Ok(walk);
            }
            walk.erased += erased(record, &entry).await?;
            if let Some((_, hash)) = anchor.filter(|(seq, _)| *seq == entry.seq) {
                anchored = entry.hash.starts_with(hash);
            }
            (walk.entries, walk.last) = (entry.seq, entry.hash);
        }
    }
    if head != (walk.entries, walk.last.clone()) {
        walk.fault = Some(Fault { seq: walk.entries + 1, what: FaultKind::Head });
    } else if !anchored {
        let seq = anchor.map_or(0, |(seq, _)| seq);
        walk.fault = Some(Fault { seq, what: FaultKind::Anchor });
    }
    Ok(walk)
}

async fn broken(record: &Record, walk: &Walk, entry: &RecordEntry) -> Result<Option<FaultKind>> {
    if entry.computed() != entry.hash {
        return Ok(Some(FaultKind::Changed));
    }
    if entry.seq != walk.entries + 1 {
        return Ok(Some(FaultKind::Missing));
    }
    if entry.previous != walk.last {
        return Ok(Some(FaultKind::Broken));
    }
    for hash in contents(entry) {
        match record.content(&hash).await? {
            None => return Ok(Some(FaultKind::Absent(hash))),
            Some(kept) => {
                let whole = match (&kept.packed, kept.erased) {
                    (Some(packed), _) => unpack(&hash, packed).is_ok(),
                    (None, erased) => erased.is_some(),
                };
                if !whole {
                    return Ok(Some(FaultKind::Damaged(hash)));
                }
            }
        }
    }
    line(record, entry).await
}

/// The line of the journal that an act names says what was recorded.
async fn line(record: &Record, entry: &RecordEntry) -> Result<Option<FaultKind>> {
    let Some((id, hash)) = act(entry) else { return Ok(None) };
    let whole = match record.line(&id).await? {
        None => false,
        Some(line) => line.erased || said(&line.detail, line.answer.as_deref()) == hash,
    };
    Ok((!whole).then_some(FaultKind::Line(id)))
}

async fn erased(record: &Record, entry: &RecordEntry) -> Result<u64> {
    let mut count = 0;
    for hash in contents(entry) {
        count += u64::from(record.content(&hash).await?.is_some_and(|kept| kept.packed.is_none()));
    }
    if let Some((id, _)) = act(entry) {
        count += u64::from(record.line(&id).await?.is_some_and(|line| line.erased));
    }
    Ok(count)
}

/// The hashes of the contents that an entry names. One that another version wrote otherwise names none that is known.
fn contents(entry: &RecordEntry) -> Vec<String> {
    if entry.kind == EntryType::Judgement.word() {
        let Ok(body) = serde_json::from_str::<JudgedBody>(&entry.body) else { return Vec::new() };
        return body.dossiers.into_values().chain([body.case, body.frame, body.statement]).collect();
    }
    if entry.kind == EntryType::Rules.word() {
        return serde_json::from_str::<RulesBody>(&entry.body)
            .map(|body| vec![body.frame])
            .unwrap_or_default();
    }
    Vec::new()
}

/// The line of the journal that an act names, and the hash of what it said.
fn act(entry: &RecordEntry) -> Option<(String, String)> {
    let value: serde_json::Value = serde_json::from_str(&entry.body).ok()?;
    let text = |name: &str| value.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    (entry.kind == EntryType::Act.word()).then(|| text("line").zip(text("said"))).flatten()
}

//! One file about one case for an assessor: facts → rule → arithmetic → verdict → decision of the body → acts, with hashes,
//! readable offline; and the same on one page for a decision committee.

mod committee;
mod page;

pub use committee::committee;
pub use page::{Paper, html};

use std::collections::BTreeMap;

use serde::Serialize;

use super::content::load_json;
use super::judged::JudgedBody;
use super::said::entries;
use super::{Error, Result};
use crate::store::chain::{EntryType, RecordEntry};
use crate::store::record::{ActLine, Record};
use label::wording::statement::Statement;

/// The shape of the JSON file: it changes when a field is taken away or changes its meaning.
const FORMAT: &str = "vigie-record-1";

/// How the hash of an entry is computed, for who verifies the file without this program.
const HASHING: &str = "hash = sha256(previous \\n seq \\n at, in microseconds \\n day \\n kind \\n case or nothing \\n dossier \
     or nothing \\n body); a content's name is the sha256 of its JSON; said = sha256(detail \\n answer)";

/// All that the record holds of a case.
#[derive(Debug, Serialize)]
pub struct Export {
    pub format: &'static str,
    pub hashing: &'static str,
    pub case: i64,
    /// The end of the whole chain when the file was made: number, hash.
    pub head: (i64, String),
    pub entries: Vec<RecordEntry>,
    /// By hash; a content that was erased is absent.
    pub contents: BTreeMap<String, serde_json::Value>,
    /// Of each act, by the id of its line: what the journal says of it.
    pub lines: BTreeMap<String, ExportedAct>,
    #[serde(skip)]
    pub judgements: Vec<(RecordEntry, JudgedBody)>,
    /// The last of them.
    #[serde(skip)]
    pub last: (RecordEntry, JudgedBody),
}

#[derive(Clone, Debug, Serialize)]
pub struct ExportedAct {
    pub detail: String,
    pub answer: Option<String>,
    pub erased: bool,
}

impl From<ActLine> for ExportedAct {
    fn from(line: ActLine) -> ExportedAct {
        ExportedAct { detail: line.detail, answer: line.answer, erased: line.erased }
    }
}

impl Export {
    /// What the record holds of the case of a dossier; `None` when nothing.
    ///
    /// # Errors
    /// When the store fails, or a content is damaged.
    pub async fn of(record: &Record, dossier: i64) -> Result<Option<Export>> {
        let judgements = entries(record, dossier).await?;
        let Some(last) = judgements.last().cloned() else { return Ok(None) };
        let case = last.0.case.unwrap_or(dossier);
        let mut all: BTreeMap<i64, RecordEntry> =
            judgements.iter().map(|(entry, _)| (entry.seq, entry.clone())).collect();
        for number in last.1.dossiers.keys() {
            all.extend(record.about(*number).await?.into_iter().map(|entry| (entry.seq, entry)));
        }
        let mut contents = BTreeMap::new();
        for (_, body) in &judgements {
            for hash in body.dossiers.values().chain([&body.case, &body.frame, &body.statement]) {
                match load_json(record, hash).await {
                    Ok(json) => drop(contents.insert(hash.clone(), serde_json::from_slice(&json)?)),
                    Err(Error::Erased { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        let mut lines = BTreeMap::new();
        for entry in all.values().filter(|entry| entry.kind == EntryType::Act.word()) {
            let body: serde_json::Value = serde_json::from_str(&entry.body)?;
            let Some(id) = body["line"].as_str() else { continue };
            if let Some(line) = record.line(id).await? {
                lines.insert(id.to_owned(), line.into());
            }
        }
        let head = record.head().await?;
        let entries = all.into_values().collect();
        Ok(Some(Export {
            format: FORMAT,
            hashing: HASHING,
            case,
            head,
            entries,
            contents,
            lines,
            judgements,
            last,
        }))
    }

    /// What was said at one of the judgements; `None` once it was erased, or when another version wrote it otherwise.
    #[must_use]
    pub fn statement(&self, body: &JudgedBody) -> Option<Statement> {
        serde_json::from_value(self.contents.get(&body.statement)?.clone()).ok()
    }
}

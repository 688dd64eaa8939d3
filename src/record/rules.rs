//! The entry that says which version and which readings judge from here on, and what changed since the one before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::{Draft, load};
use super::{Error, Result};
use crate::store::chain::{EntryType, NewEntry};
use crate::store::journal::NewLine;
use crate::store::record::{ContentKind, Record};
use label::case::Frame;
use label::wording::journal::EntryKind;
use label::wording::questions;
use label::wording::rules_change::{self, RulesChange};

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What all judgements of a pass have in common.
#[derive(Clone, Debug)]
pub struct Rules {
    pub frame: String,
    pub edition: String,
}

/// The body of the entry. Stored: a field is added with a default, none is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesBody {
    pub version: String,
    pub edition: String,
    pub frame: String,
    /// Each open question with the reading in force.
    pub readings: BTreeMap<String, String>,
    /// What is not as in the entry before; nothing in the first one.
    #[serde(default)]
    pub changed: Vec<RulesChange>,
}

/// The rules of this process, beside those of the last entry.
#[derive(Debug)]
pub struct Opening {
    draft: Draft,
    /// What this process judges by.
    pub present: RulesBody,
    /// What the last pass judged by; `None` when `fresh`, or when another version wrote it otherwise.
    pub last: Option<RulesBody>,
    /// Its readings, forms and days off; `None` when they cannot be read any more.
    pub then: Option<Frame>,
    /// No rules were ever kept.
    pub fresh: bool,
}

impl Opening {
    /// Compares the rules of this process with those of the last entry.
    ///
    /// # Errors
    /// When the store fails, or the frame has no JSON.
    pub async fn of(record: &Record, frame: &Frame) -> Result<Opening> {
        let draft = Draft::of(frame, ContentKind::Frame, None)?;
        let readings = frame.choices.in_force().into_iter();
        let mut present = RulesBody {
            version: VERSION.to_owned(),
            edition: questions::edition(&frame.choices),
            frame: draft.hash.clone(),
            readings: readings.map(|(id, reading)| (id.to_owned(), reading.to_owned())).collect(),
            changed: Vec::new(),
        };
        let entry = record.last_rules().await?;
        let fresh = entry.is_none();
        let last: Option<RulesBody> = entry.and_then(|entry| serde_json::from_str(&entry.body).ok());
        let then = match last.as_ref().map(|last| &last.frame) {
            None => None,
            Some(same) if *same == present.frame => Some(frame.clone()),
            Some(other) => match load::<Frame>(record, other).await {
                Ok(then) => Some(then),
                Err(error @ Error::Store(_)) => return Err(error),
                Err(_) => None,
            },
        };
        present.changed = match &last {
            Some(last) => changes(last, &present, then.as_ref(), frame),
            None if fresh => Vec::new(),
            None => vec![RulesChange::Unknown],
        };
        Ok(Opening { draft, present, last, then, fresh })
    }

    /// Whether the last pass judged by other rules; not so before the first one.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.present.changed.is_empty()
    }

    /// Whether the certification bodies that share the store are others than in the pass before.
    #[must_use]
    pub fn bodies_differ(&self) -> bool {
        self.present.changed.contains(&RulesChange::Bodies)
    }

    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules { frame: self.present.frame.clone(), edition: self.present.edition.clone() }
    }

    /// Keeps the rules, with an entry and a line of the journal when they are others than in the pass before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep(&self, record: &Record, day: Date, now: Timestamp) -> Result<()> {
        if !self.fresh && !self.differs() {
            return Ok(());
        }
        let body = serde_json::to_string(&self.present)?;
        let entry = NewEntry { day, kind: EntryType::Rules, case: None, dossier: None, body };
        let told = rules_change::journal(&self.present.changed);
        let line = self.differs().then(|| NewLine::new(EntryKind::Rules, None, told));
        record.append_told(&[self.draft.packed()?], vec![entry], line.as_slice(), now).await?;
        if self.differs() {
            let changes = self.present.changed.len();
            tracing::info!(changes, version = VERSION, "the rules are not those of the pass before: noted");
        }
        Ok(())
    }
}

fn changes(last: &RulesBody, present: &RulesBody, then: Option<&Frame>, frame: &Frame) -> Vec<RulesChange> {
    let mut changed = Vec::new();
    if last.version != present.version {
        let (before, after) = (last.version.clone(), present.version.clone());
        changed.push(RulesChange::Version { before, after });
    }
    let questions: BTreeSet<&String> = last.readings.keys().chain(present.readings.keys()).collect();
    let mut reading = false;
    for question in questions {
        let (before, after) = (last.readings.get(question), present.readings.get(question));
        if before != after {
            reading = true;
            let (before, after) = (before.cloned(), after.cloned());
            changed.push(RulesChange::Reading { question: question.clone(), before, after });
        }
    }
    if !reading && last.edition != present.edition {
        let (before, after) = (last.edition.clone(), present.edition.clone());
        changed.push(RulesChange::Edition { before, after });
    }
    if last.frame != present.frame {
        match then {
            Some(then) => {
                if then.extra_holidays != frame.extra_holidays {
                    changed.push(RulesChange::DaysOff);
                }
                if then.bodies != frame.bodies {
                    changed.push(RulesChange::Bodies);
                }
                if then.forms != frame.forms {
                    changed.push(RulesChange::Forms);
                }
            }
            // It cannot be told whether the bodies are the same: all cases are then judged anew.
            None if !frame.bodies.is_empty() => changed.push(RulesChange::Bodies),
            None if changed.is_empty() => changed.push(RulesChange::Unknown),
            None => {}
        }
        // Another version may write the same frame otherwise; the same version does not.
        if changed.is_empty() {
            changed.push(RulesChange::Unknown);
        }
    }
    changed
}

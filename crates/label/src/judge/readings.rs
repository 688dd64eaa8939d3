//! What would change in the review of a case under another reading of the guide's open questions.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, MapDeserializer};

use crate::case::{Case, Frame};
use crate::guide::choices::Choices;
use crate::guide::choices::QUESTIONS;
use crate::guide::tiers::Tier;
use crate::judge::agenda::Due;
use crate::judge::finding::Finding;
use crate::judge::review::Review;
use crate::judge::review::review;
use crate::life::State;

/// One open question of the guide whose reading changes the review of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Id of the open question: « F-16 ».
    pub question: &'static str,
    /// The guide's section that it is about.
    pub section: &'static str,
    /// The values of `choices.toml`.
    pub in_force: &'static str,
    /// The reading that is tried in its place.
    pub other: &'static str,
    /// What would change, never empty.
    pub changes: Vec<Change>,
}

/// One difference between the two readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The state of the case.
    State {
        /// Under the reading in force.
        now: State,
        /// Under the other reading.
        other: State,
    },
    /// The last valid day of a label that both readings give.
    End {
        /// Under the reading in force.
        now: Date,
        /// Under the other reading.
        other: Date,
    },
    /// The tier of a label that both readings give, or the one that its network gives a central.
    Tier {
        /// Under the reading in force; `None`: no tier, or not stated.
        now: Option<Tier>,
        /// Under the other reading; `None`: no tier, or not stated.
        other: Option<Tier>,
    },
    /// A deadline that has another day, window or status, or that only one reading has.
    Due {
        /// Under the reading in force; `None` when it asks for no such thing.
        now: Option<Due>,
        /// Under the other reading; `None` when it asks for no such thing.
        other: Option<Due>,
    },
    /// A finding that has another level or other values, or that only one reading has.
    Finding {
        /// Under the reading in force; `None` when it finds no such thing.
        now: Option<Box<Finding>>,
        /// Under the other reading; `None` when it finds no such thing.
        other: Option<Box<Finding>>,
    },
}

/// Every question whose other reading changes something of `case`, in the guide's order.
#[must_use]
pub fn open_readings(case: &Case, now: &Review, frame: &Frame) -> Vec<Reading> {
    let in_force: BTreeMap<&str, &str> = frame.choices.in_force().into_iter().collect();
    let mut found = Vec::new();
    for question in QUESTIONS {
        let Some(current) = in_force.get(question.id).copied() else { continue };
        for other in question.readings.iter().copied().filter(|word| *word != current) {
            let Some(choices) = with(&in_force, question.id, other) else { continue };
            let there = review(case, now.today, &Frame { choices, ..frame.clone() });
            let changes = differences(now, &there);
            let current = question.readings.iter().copied().find(|word| *word == current);
            if let Some(in_force) = current.filter(|_| !changes.is_empty()) {
                let (question, section) = (question.id, question.section);
                found.push(Reading { question, section, in_force, other, changes });
            }
        }
    }
    found
}

/// The readings in force with one of them replaced.
fn with(in_force: &BTreeMap<&str, &str>, question: &str, word: &str) -> Option<Choices> {
    let changed = in_force.iter().map(|(id, reading)| (*id, if *id == question { word } else { *reading }));
    let map: MapDeserializer<'_, _, Error> = MapDeserializer::new(changed);
    Choices::deserialize(map.into_deserializer()).ok()
}

fn differences(now: &Review, other: &Review) -> Vec<Change> {
    let mut changes = Vec::new();
    if now.state != other.state {
        changes.push(Change::State { now: now.state, other: other.state });
    }
    if let (Some(here), Some(there)) = (&now.label, &other.label) {
        if here.ends != there.ends {
            changes.push(Change::End { now: here.ends, other: there.ends });
        }
        if here.tier != there.tier {
            changes.push(Change::Tier { now: here.tier, other: there.tier });
        }
    }
    let tier = |review: &Review| review.network.as_ref().and_then(crate::judge::network::CentralView::tier);
    if tier(now) != tier(other) {
        changes.push(Change::Tier { now: tier(now), other: tier(other) });
    }
    let moved = pairs(
        &now.agenda,
        &other.agenda,
        |due| (due.obligation, due.dossier, due.occurrence),
        |a, b| a.deadline == b.deadline && a.window == b.window && a.status == b.status,
    );
    changes.extend(moved.map(|(now, other)| Change::Due { now, other }));
    let judged = pairs(
        &now.findings,
        &other.findings,
        |finding| (finding.dossier, finding.rule, finding.what.key(), std::mem::discriminant(&finding.what)),
        |a, b| a.level == b.level && a.what == b.what,
    );
    changes.extend(
        judged.map(|(now, other)| Change::Finding { now: now.map(Box::new), other: other.map(Box::new) }),
    );
    changes
}

/// Pairs the items of two lists by their key, and returns those that differ or are in one list only.
fn pairs<T: Clone, K: PartialEq>(
    now: &[T],
    other: &[T],
    key: impl Fn(&T) -> K,
    alike: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = (Option<T>, Option<T>)> {
    let mut left: Vec<&T> = other.iter().collect();
    let mut found = Vec::new();
    for here in now {
        let place = left.iter().position(|there| key(there) == key(here));
        match place.map(|place| left.remove(place)) {
            Some(there) if alike(here, there) => {}
            there => found.push((Some(here.clone()), there.cloned())),
        }
    }
    found.extend(left.into_iter().map(|there| (None, Some(there.clone()))));
    found.into_iter()
}

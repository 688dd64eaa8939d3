//! What a case holds: its dossiers and decisions, the results of inspecting its files, and its network.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::event::{Decision, Event};
use crate::case::facts::{Facts, PlatformState, Value};
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::service::Service;
use crate::case::table::{TableKind, TableReading};
use crate::guide::attached::Central;
use crate::guide::tiers::Tier;

/// Something about a case that the certification body must settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Another application of the same service is open.
    SameService { other: i64 },
    /// A follow-up, an extension or a renewal that fits no dossier, or several.
    Unattached { candidates: usize },
    /// The decision was emptied in the form. The last one seen still counts.
    DecisionErased { dossier: i64 },
    /// The dossier named as the previous one is not known here.
    UnknownPrevious { number: i64 },
}

/// One service's life: application, follow-ups, renewal, suspension…
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The number of the dossier that opened it.
    pub id: i64,
    pub service: Service,
    /// By day of deposit, then number; the first one opened the case.
    pub dossiers: Vec<Facts>,
    /// Decisions, by day.
    pub events: Vec<Event>,
    pub doubts: Vec<Doubt>,
    /// Days on which an earlier application of the same service was refused.
    pub refusals: Vec<Date>,
    /// By dossier, how many times its audit was postponed.
    pub postponements: BTreeMap<i64, usize>,
    /// By dossier, the marks as they were first read once the report was sent.
    pub reported_marks: BTreeMap<i64, BTreeMap<Key, Value>>,
    /// The results of inspecting attachments, by checksum.
    pub inspections: Inspections,
    /// The contents of tables among them, by checksum and kind.
    pub tables: BTreeMap<(String, TableKind), TableReading>,
    /// By dossier, attachments that disappeared without a change by the candidate: the field and the name of the file.
    pub vanished: BTreeMap<i64, BTreeMap<Key, String>>,
    /// For an attached local: the state of its central; absent when no central is named or known.
    pub central: Option<Central>,
    /// For a central service: its locals, in order of their case.
    pub locals: Vec<Local>,
}

/// What a central's judgement needs of one of its locals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    pub case: i64,
    pub name: String,
    /// The day of its first decision, favourable or not.
    pub decided: Option<Date>,
    /// Its tier, when it is labelled: `Some(None)` is a label whose tier is not stated.
    pub labelled: Option<Option<Tier>>,
    /// The first day of its first label, and the tier then.
    pub awarded: Option<(Date, Option<Tier>)>,
    /// The latest of each kind, for the network's board.
    pub self_assessment: Option<Date>,
    pub users_survey: Option<Date>,
    pub staff_survey: Option<Date>,
}

impl Case {
    /// The dossier that matters now: the latest deposited.
    #[must_use]
    pub fn current(&self) -> Option<&Facts> {
        self.dossiers.last()
    }

    /// Which earlier dossier it follows is not known: what is decided in it may be about another label.
    #[must_use]
    pub fn attachment_is_doubtful(&self) -> bool {
        let unsure =
            |doubt: &Doubt| matches!(doubt, Doubt::Unattached { .. } | Doubt::UnknownPrevious { .. });
        self.doubts.iter().any(unsure)
    }

    #[must_use]
    pub fn name(&self) -> String {
        self.current().map(Facts::name).unwrap_or_default()
    }
}

impl Case {
    pub(super) fn is_refused(&self) -> bool {
        let closed = |facts: &Facts| matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite);
        let rejected = self.events.last().is_some_and(|event| event.decision == Decision::Rejete);
        rejected || (self.events.is_empty() && self.dossiers.iter().all(closed))
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_refused() || self.events.last().is_some_and(|event| event.decision == Decision::Retrait)
    }
}

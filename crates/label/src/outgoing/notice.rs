//! A notice to another program about an event of a label, put in the outbox once for each receiver.
//!
//! It holds no personal data: the service, its label, the decision and its days, under the register's names.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Decision;
use crate::guide::tiers::Tier;
use crate::outgoing::notice_key::{NoticeKey, NoticeKind};

/// One thing that happened to a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The identity of the event, sent once to each receiver.
    pub key: NoticeKey,
    pub kind: NoticeKind,
    pub dossier: i64,
    pub data: Data,
}

/// The part of a notice that describes the label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Data {
    pub case: i64,
    pub dossier: i64,
    pub nom: String,
    pub siret: Option<String>,
    pub departement: Option<String>,
    pub organisme: Option<String>,
    pub palier: Option<&'static str>,
    pub statut: &'static str,
    pub decision: Option<&'static str>,
    pub date_decision: Option<Date>,
    pub date_notification: Option<Date>,
    pub date_effet: Option<Date>,
    pub date_fin: Option<Date>,
    /// Of a corrective notice: each decision that was announced and no longer holds as it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrige: Vec<CorrectedDecision>,
}

/// A decision that was announced, with its present values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedDecision {
    pub decision: Decision,
    /// True: there is no such decision.
    pub annulee: bool,
    pub palier: Option<Tier>,
    pub date_effet: Option<Date>,
}

/// A notice for one receiver, to put in the outbox once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub key: String,
    /// The position of the receiver in the configuration, from 1; its address must not be in the store.
    pub receiver: usize,
    pub notice: Notice,
}

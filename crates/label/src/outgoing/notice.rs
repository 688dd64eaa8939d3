//! A notice to another program about an event of a label or of a dossier, put in the outbox once for each receiver.
//!
//! It holds no personal data: the service, its label, the decision and its days, under the register's names.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::letter::Instead;
use crate::case::Decision;
use crate::case::keys::Key;
use crate::guide::tiers::Tier;
use crate::judge::finding::Level;
use crate::outgoing::notice_key::{NoticeKey, NoticeKind};

/// One thing that happened to a label or a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The identity of the event, sent once to each receiver.
    pub key: NoticeKey,
    pub kind: NoticeKind,
    pub dossier: i64,
    pub data: NoticeData,
}

/// What a notice says, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum NoticeData {
    Label(Box<Data>),
    Found(FoundData),
    Deadline(DeadlineData),
}

impl NoticeData {
    /// What is said of a label; `None` of what goes on in a dossier.
    #[must_use]
    pub fn label(&self) -> Option<&Data> {
        match self {
            NoticeData::Label(data) => Some(data),
            NoticeData::Found(_) | NoticeData::Deadline(_) => None,
        }
    }

    /// What the announcement of a decision takes the place of; `None` for other notices.
    #[must_use]
    pub fn instead(&self) -> Option<Instead> {
        self.label().map(|data| data.remplace)
    }
}

/// The findings of a dossier that a notice is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundData {
    pub case: i64,
    pub dossier: i64,
    pub nom: String,
    pub siret: Option<String>,
    pub organisme: Option<String>,
    /// Those that are new, or that went.
    pub constats: Vec<ToldFinding>,
    /// How many of the dossier's findings a person should look at, these included while they stand.
    pub ouverts: usize,
}

/// A finding without its sentence, which may quote names of files and people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldFinding {
    pub id: String,
    /// `None`, as is the section, when it follows from no rule of the guide.
    pub regle: Option<String>,
    pub section: Option<String>,
    pub niveau: Level,
    pub qui: String,
    pub champ: Option<Key>,
}

/// A deadline whose last working day came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlineData {
    pub case: i64,
    pub dossier: i64,
    pub nom: String,
    pub siret: Option<String>,
    pub organisme: Option<String>,
    /// O-nn, and which of several alike, from 0.
    pub code: String,
    pub occurrence: u8,
    pub titre: String,
    pub regle: String,
    pub section: String,
    pub qui: &'static str,
    pub date_echeance: Date,
    /// The working day to which it is extended.
    pub jour_ouvre: Date,
    /// That day is over.
    pub en_retard: bool,
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
    /// What it changed: an award or a renewal, and a confirmation or an extension when an award is written for one.
    pub nature: Option<&'static str>,
    pub date_decision: Option<Date>,
    pub date_notification: Option<Date>,
    pub date_effet: Option<Date>,
    /// First and last day of the period that it is about.
    pub debut_periode: Option<Date>,
    pub date_fin: Option<Date>,
    /// The day of the announcement that this one takes the place of: the same decision, whose day moved.
    #[serde(with = "replaced", skip_serializing_if = "Instead::is_all")]
    pub remplace: Instead,
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
    /// The day under which it was announced: which one it is of several decisions of that kind. Notices of earlier versions
    /// do not say it.
    #[serde(default)]
    pub date_annoncee: Option<Date>,
}

/// [`Instead`] in a notice: the day that is replaced, or null when none is. Where it is absent, all are: an award is
/// announced once, and notices of earlier versions did not say it.
pub mod replaced {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Instead;

    /// # Errors
    /// When the serialiser fails.
    pub fn serialize<S: Serializer>(instead: &Instead, serializer: S) -> Result<S::Ok, S::Error> {
        let day = match instead {
            Instead::Of(day) => Some(day),
            Instead::All | Instead::Nothing | Instead::Void => None,
        };
        day.serialize(serializer)
    }

    /// # Errors
    /// When it is neither a day nor null.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instead, D::Error> {
        let day: Option<Date> = Option::deserialize(deserializer)?;
        Ok(day.map_or(Instead::Nothing, Instead::Of))
    }
}

/// A notice for one receiver, to put in the outbox once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub key: String,
    /// The position of the receiver in the configuration, from 1; its address must not be in the store.
    pub receiver: usize,
    pub notice: Notice,
}

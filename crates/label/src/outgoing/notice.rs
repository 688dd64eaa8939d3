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
    /// The type of event: that of the key.
    pub kind: NoticeKind,
    /// Number of the dossier that it is about: that of the key and of the data.
    pub dossier: i64,
    /// What the receiver is told, in the shape of the kind.
    pub data: NoticeData,
}

/// What a notice says, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum NoticeData {
    /// Of the kinds « label.… ».
    Label(Box<Data>),
    /// Of the kinds « constats.nouveaux », « decision.douteuse » and « decision.doute_leve ».
    Found(FoundData),
    /// Of the kind « echeance.atteinte ».
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
    /// Number of the dossier that opened the case.
    pub case: i64,
    /// Number of the dossier whose findings changed.
    pub dossier: i64,
    /// The name of the service.
    pub nom: String,
    /// The SIRET of the dossier; `None` when the platform gives none.
    pub siret: Option<String>,
    /// The certification body of the dossier; `None` when it has none.
    pub organisme: Option<String>,
    /// Those that are new, or that went.
    pub constats: Vec<ToldFinding>,
    /// How many of the dossier's findings a person should look at, these included while they stand.
    pub ouverts: usize,
}

/// A finding without its sentence, which may quote names of files and people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldFinding {
    /// The same while the finding stays, and of no other finding of the dossier: 16 hexadecimal digits.
    pub id: String,
    /// The rule's id, « R-3.4.1-g »; `None`, as is the section, when it follows from no rule of the guide.
    pub regle: Option<String>,
    /// The section of the guide, without « § »: « 3.4.1 ».
    pub section: Option<String>,
    /// How serious it is: to check, missing or not conforming.
    pub niveau: Level,
    /// The key of the role that can mend it.
    pub qui: String,
    /// The field that it is about; `None` when it is about no single one.
    pub champ: Option<Key>,
}

/// A deadline whose last working day came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlineData {
    /// Number of the dossier that opened the case.
    pub case: i64,
    /// Number of the dossier that the deadline belongs to.
    pub dossier: i64,
    /// The name of the service.
    pub nom: String,
    /// The SIRET of the dossier; `None` when the platform gives none.
    pub siret: Option<String>,
    /// The certification body of the dossier; `None` when it has none.
    pub organisme: Option<String>,
    /// O-nn: the line of part C of the catalogue.
    pub code: String,
    /// Which of several alike, from 0.
    pub occurrence: u8,
    /// What is due, in French, with its window or its extended date: « Plan d’audit ».
    pub titre: String,
    /// The rule's id: « R-3.7.1-b ».
    pub regle: String,
    /// The section of the guide, without « § »: « 3.7.1 ».
    pub section: String,
    /// The key of the role that must do it.
    pub qui: &'static str,
    /// The nominal day, inclusive.
    pub date_echeance: Date,
    /// The working day to which it is extended, inclusive; the same day where nothing extends it (R-X-6).
    pub jour_ouvre: Date,
    /// That day is over.
    pub en_retard: bool,
}

/// The part of a notice that describes the label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Data {
    /// Number of the dossier that opened the case.
    pub case: i64,
    /// Number of the dossier of the decision; that of the case for an expiry.
    pub dossier: i64,
    /// The name of the service.
    pub nom: String,
    /// The SIRET of the dossier; `None` when the platform gives none.
    pub siret: Option<String>,
    /// The département as the form has it, « 75 – Paris »; `None` when it is empty.
    pub departement: Option<String>,
    /// The certification body of the dossier; `None` when it has none.
    pub organisme: Option<String>,
    /// The key of the tier that the label had by the decision, else of the one it has today; `None` when it is not stated.
    pub palier: Option<&'static str>,
    /// The word of the case's state on the day of the notice ([`State::key`](crate::life::State::key)).
    pub statut: &'static str,
    /// The key of the decision that is announced; `None` for an expiry and for a correction.
    pub decision: Option<&'static str>,
    /// What it changed: an award or a renewal, and a confirmation or an extension when an award is written for one.
    pub nature: Option<&'static str>,
    /// The day of the decision; `None`, as the two days after it, when it is not stated or no decision is announced.
    pub date_decision: Option<Date>,
    /// The day on which the service was notified.
    pub date_notification: Option<Date>,
    /// The day from which the decision takes effect, as the body stated it.
    pub date_effet: Option<Date>,
    /// First day of the period that it is about; `None`, as the last one, when the case has no label.
    pub debut_periode: Option<Date>,
    /// Last day of that period, inclusive: the eve of its withdrawal, else the end of its validity (R-2.3-a).
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
    /// The kind of decision that was announced.
    pub decision: Decision,
    /// True: there is no such decision.
    pub annulee: bool,
    /// The tier that holds now; `None` when it is not stated, or when there is no such decision.
    pub palier: Option<Tier>,
    /// The day on which it counts now ([`Event::on`](crate::case::Event::on)); `None` when there is no such decision.
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

    /// Writes the day of [`Instead::Of`], and null for every other value.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn serialize<S: Serializer>(instead: &Instead, serializer: S) -> Result<S::Ok, S::Error> {
        let day = match instead {
            Instead::Of(day) => Some(day),
            Instead::All | Instead::Nothing | Instead::Void => None,
        };
        day.serialize(serializer)
    }

    /// Reads a day as [`Instead::Of`], and null as [`Instead::Nothing`].
    ///
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
    /// The identity of the notice for that receiver: the text of `notice.key` after what names the receiver in the outbox.
    pub key: String,
    /// The position of the receiver in the configuration, from 1; its address must not be in the store.
    pub receiver: usize,
    /// What it is told.
    pub notice: Notice,
}

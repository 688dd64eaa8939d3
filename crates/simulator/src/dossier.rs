//! One dossier as the simulator keeps it. Pure data; the edits are in `edits`, what is shown in `showing`.

use super::dates;
use super::files::File;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    /// The text of the number, as a person typed it.
    Decimal(String),
    Bool(bool),
    Date(Date),
    Datetime(Timestamp),
    Choices(Vec<String>),
    Dossier(u32),
    Files(Vec<File>),
    /// The rows of a repetition, each a list of (label, value). Only given to edits, never kept as such.
    Rows(Vec<Vec<(&'static str, Value)>>),
}

impl Value {
    pub fn decimal(text: &str) -> Value {
        Value::Decimal(text.to_owned())
    }

    /// What a person would read, but for dates, which are in ISO: this is for tests.
    pub fn text(&self) -> Option<String> {
        match self {
            Value::Empty | Value::Files(_) | Value::Rows(_) => None,
            Value::Text(text) | Value::Decimal(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Date(date) => Some(date.to_string()),
            Value::Datetime(at) => Some(dates::printed(*at)),
            Value::Choices(all) => Some(all.join(", ")),
            Value::Dossier(number) => Some(number.to_string()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Bool(flag)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Value {
        Value::Date(date)
    }
}

impl From<File> for Value {
    fn from(file: File) -> Value {
        Value::Files(vec![file])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    EnConstruction,
    EnInstruction,
    Accepte,
    Refuse,
    SansSuite,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::EnConstruction => "en_construction",
            State::EnInstruction => "en_instruction",
            State::Accepte => "accepte",
            State::Refuse => "refuse",
            State::SansSuite => "sans_suite",
        }
    }

    /// As it is written in « Le dossier est déjà … ».
    pub(super) fn french(self) -> &'static str {
        match self {
            State::EnConstruction => "en construction",
            State::EnInstruction => "en instruction",
            State::Accepte => "accepté",
            State::Refuse => "refusé",
            State::SansSuite => "classé sans suite",
        }
    }

    pub(super) fn english(self) -> &'static str {
        match self {
            State::EnConstruction => "in progress",
            State::EnInstruction => "processing",
            State::Accepte => "accepted",
            State::Refuse => "refused",
            State::SansSuite => "closed",
        }
    }

    pub fn is_final(self) -> bool {
        !matches!(self, State::EnConstruction | State::EnInstruction)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub value: Value,
    pub updated_at: Timestamp,
    /// Who wrote it: the same value by the same person changes no column, hence no date.
    pub by: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub ulid: String,
    pub cells: BTreeMap<u32, Cell>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    pub cells: BTreeMap<u32, Cell>,
    pub rows: BTreeMap<u32, Vec<Row>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub id: u32,
    pub email: String,
    pub body: String,
    pub created_at: Timestamp,
    pub discarded_at: Option<Timestamp>,
    pub correction: Option<Correction>,
    pub attachments: Vec<File>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    pub reason: String,
    pub resolved_at: Option<Timestamp>,
}

/// A question put to an expert; answered or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Avis {
    pub id: u32,
    pub question: String,
    pub reponse: Option<String>,
    pub claimant: String,
    pub expert: String,
    pub asked_at: Timestamp,
    /// The platform shows it as the date of an answer even before there is one (§3.4).
    pub updated_at: Timestamp,
    pub attachments: Vec<File>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Traitement {
    pub id: u32,
    pub event: &'static str,
    pub at: Timestamp,
    pub email: Option<String>,
    pub motivation: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Demandeur {
    Company {
        siret: String,
        name: String,
    },
    /// The register of companies did not answer: only the SIRET is known.
    Incomplete {
        siret: String,
    },
    Person {
        name: String,
        first_name: String,
        email: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    pub number: u32,
    pub state: State,
    pub group: u32,
    pub usager_email: String,
    pub usager_deleted: bool,
    pub demandeur: Demandeur,
    pub depose_at: Timestamp,
    pub updated_at: Timestamp,
    pub en_construction_at: Timestamp,
    pub en_instruction_at: Option<Timestamp>,
    pub processed_at: Option<Timestamp>,
    /// Changed by the user's (re)submissions only.
    pub champs_at: Timestamp,
    /// Changed by people on the web site only, never by the API.
    pub annotations_at: Timestamp,
    pub attestation_at: Option<Timestamp>,
    pub archived: bool,
    pub motivation: Option<String>,
    /// The document joined to a decision.
    pub justificatif: Option<File>,
    /// The revision of the form that it uses: an open file follows the published one.
    pub revision: u32,
    pub labels: Vec<u32>,
    pub avis: Vec<Avis>,
    /// SVA or SVR: the day of the decision to come, then the instant at which it was taken.
    pub silence_due: Option<Date>,
    pub silence_at: Option<Timestamp>,
    /// Changed when an instructeur corrects what the user wrote.
    pub champs_by_instructeur_at: Option<Timestamp>,
    pub champs: Fields,
    pub annotations: Fields,
    pub messages: Vec<Message>,
    pub traitements: Vec<Traitement>,
    pub followers: Vec<u32>,
    pub hidden_by_user_at: Option<Timestamp>,
    pub hidden_by_administration_at: Option<Timestamp>,
    pub hidden_by_expiry_at: Option<Timestamp>,
    pub hidden_reason: &'static str,
    /// Reading its champs fails, as bad data does on the platform.
    pub poisoned: bool,
}

impl Dossier {
    pub fn pending_correction(&self) -> Option<&Message> {
        self.messages.iter().rev().find(|message| {
            message.correction.as_ref().is_some_and(|correction| correction.resolved_at.is_none())
        })
    }

    /// In `dossiers`: a file under construction leaves it when its user deletes it, a processed one does not (§2.1).
    pub(super) fn is_visible(&self) -> bool {
        self.hidden_by_administration_at.is_none()
            && self.hidden_by_expiry_at.is_none()
            && (self.hidden_by_user_at.is_none() || self.state != State::EnConstruction)
    }

    /// In `pendingDeletedDossiers`: expiry is not there (§2.3).
    pub(super) fn pending_deletion_at(&self) -> Option<Timestamp> {
        if self.hidden_by_expiry_at.is_some() {
            None
        } else if self.state == State::EnConstruction {
            self.hidden_by_user_at.or(self.hidden_by_administration_at)
        } else {
            self.hidden_by_administration_at
        }
    }
}

//! Facts: the values of one dossier under our own keys and types. Made by `dn/translate.rs`, stored as JSON, read by the
//! rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::address::Addresses;
use crate::case::contact::{Contact, ContactDoubt, Instead};
use crate::case::keys::Key;
use crate::guide::score::Fraction;
use crate::plain;

/// The dossier's own state on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformState {
    /// *En construction*: deposited; the candidate may still change it.
    EnConstruction,
    /// *En instruction*: the body examines it; the candidate can change it no more.
    EnInstruction,
    /// *Accepté*: closed in favour of the candidate.
    Accepte,
    /// *Refusé*: closed against the candidate.
    Refuse,
    /// *Classé sans suite*: closed, neither accepted nor refused.
    SansSuite,
    /// A state that the platform did not have when this was written. No rule uses it.
    Unknown,
}

/// An attachment as the platform lists it. Its address is not stored: it is valid for less than an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name of the file, without control characters, 200 characters at most.
    pub name: String,
    /// Its size in bytes; 0 for an empty file, and where `scan` is `Unknown`. `u64::MAX` when the size cannot be read.
    pub bytes: u64,
    /// Base64 of the MD5; with the name, the only identity an attachment has.
    pub checksum: String,
    /// The media type that the platform announces, which may be wrong.
    pub media_type: String,
    /// What the platform's antivirus says of it.
    pub scan: Scan,
}

/// The result of the platform's antivirus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// Nothing was found: the file can be fetched.
    Safe,
    /// No answer yet, or one that this version does not know: the file is not fetched.
    Pending,
    /// Infected, or altered: the file must be deposited again.
    Refused,
    /// An export gives names only: neither the file, nor its size, nor what the antivirus said.
    Unknown,
}

/// One value of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A text of one line or several; of a recognised département, its code.
    Text(String),
    /// A whole number, 0 or more.
    Count(i64),
    /// A mark out of 100, from 0 to 100 inclusive, exact (R-X-8).
    Mark(Fraction),
    /// A civil date, as typed in the form.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// One of our own words for an option.
    Choice(String),
    /// Several of our own words, in the order of the list.
    Choices(Vec<String>),
    /// The number of another dossier.
    Link(i64),
    /// The files of one field; at least one.
    Files(Vec<Attachment>),
    /// The rows of a repeated block that hold something; at least one.
    Rows(Vec<Row>),
    /// An instant.
    Moment(Timestamp),
}

/// One row of a repeated block.
pub type Row = BTreeMap<Key, Value>;

/// Why a value of one dossier could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableValue {
    /// What is typed is no number.
    NotANumber,
    /// A count below zero, or a mark outside 0…100.
    OutOfRange,
    /// What is typed is no date, or no instant.
    NotADate,
    /// An option that `form.toml` does not map.
    UnknownOption,
    /// The field came with another type than the form announced.
    OtherType,
    /// A plain export writes 0 for a number that nobody filled: zero or unknown.
    ZeroOrEmpty,
    /// Older plain exports write « Non » for a question that nobody answered: no or unknown.
    NoOrEmpty,
    /// No export that told of the dossier has its column, or its sheet: filled or empty, nobody here knows.
    NotExported,
}

impl UnreadableValue {
    /// True for what an export cannot say, where the dossier itself is not at fault.
    #[must_use]
    pub fn is_of_exports(self) -> bool {
        use UnreadableValue::{NoOrEmpty, NotExported, ZeroOrEmpty};
        matches!(self, ZeroOrEmpty | NoOrEmpty | NotExported)
    }
}

/// Where the platform used a word that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformWord {
    /// The state of the dossier.
    State,
    /// What kind of applicant it has.
    Applicant,
    /// What its antivirus says of a file, which is not used until it is known to be safe.
    Scan,
    /// The type of a field that the rules read.
    Field,
}

/// What stands in the place of a SIRET. The service then has none: another number in its place might be another service's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiretDoubt {
    /// As it was written, on one line and cut.
    pub written: String,
    /// True in the form's own field, false of the applicant.
    pub in_field: bool,
    /// The applicant's, when it is one and the field's is not: it is not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<String>,
}

/// The values of one dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its number on the platform.
    pub number: i64,
    /// The number of its démarche; each démarche has its own form. Zero in facts stored by early versions.
    #[serde(default)]
    pub demarche: i64,
    /// The platform's global id, for writing; empty for a dossier known by exports alone.
    pub id: String,
    /// Where it is on the platform.
    pub state: PlatformState,
    /// Days in Paris (R-X-1).
    pub deposited: Date,
    /// The day on which the body began to examine it (*passage en instruction*); `None` before.
    pub examined: Option<Date>,
    /// The day on which it was accepted, refused or closed on the platform; `None` while it is open.
    pub decided: Option<Date>,
    /// When the platform will hide the dossier.
    pub expires: Option<Date>,
    /// The day of a request for corrections that the candidate has not answered yet.
    pub correction: Option<Date>,
    /// When the candidate last submitted changes. Unlike the platform's other dates, it is not changed by vigie's writes.
    #[serde(default)]
    pub submitted: Option<Timestamp>,
    /// When an instructeur last changed an annotation on the platform's pages. Not changed by vigie's writes either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotated: Option<Timestamp>,
    /// The attestation, which the platform makes some time after the decision.
    #[serde(default)]
    pub attestation: Option<Attachment>,
    /// True when only the SIRET is known, because the register of companies had not answered yet.
    #[serde(default)]
    pub degraded: bool,
    /// Fourteen digits: that of the form, else that of the applicant; `None` when neither is readable.
    pub siret: Option<String>,
    /// The legal name that goes with the SIRET.
    pub legal_name: Option<String>,
    /// The address of the account that deposited, used when the form has no contact.
    pub account: String,
    /// The number of its group of instructeurs; 0 for a dossier known by exports alone.
    pub group: i64,
    /// The global id of our instructeur, when it belongs to the dossier's group. Nothing can be written without it.
    pub author: Option<String>,
    /// By key: the certification body's value (annotation), else the candidate's. An empty field is absent.
    pub values: BTreeMap<Key, Value>,
    /// The candidate's values of fields where the certification body's value differs.
    pub declared: BTreeMap<Key, Value>,
    /// Fields, and cells of rows, that hold what could not be read, and why. The candidate's value may still be in `values`.
    pub unreadable: BTreeMap<Key, UnreadableValue>,
    /// The words of the platform that are not known, one of each sort.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown_words: BTreeMap<PlatformWord, String>,
    /// Words in the place of an option, which `form.toml` does not map: of an unreadable value, or beside those that are read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unmatched: BTreeMap<Key, String>,
    /// What was written in the place of a SIRET, and is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siret_doubt: Option<SiretDoubt>,
    /// What was wrong with the contact's addresses, once they are taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_doubt: Option<ContactDoubt>,
    /// No longer on the platform, which deletes finished dossiers long before a label ends. It still counts, but nothing
    /// can be written to it.
    #[serde(skip)]
    pub gone: bool,
}

impl Facts {
    /// Known by the platform's exports alone: nothing can be written in it.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        self.id.is_empty()
    }

    /// True when no export has told of the field in this dossier: it is neither filled nor empty.
    #[must_use]
    pub fn is_untold(&self, key: Key) -> bool {
        self.unreadable.get(&key) == Some(&UnreadableValue::NotExported)
    }

    /// The date of a field; `None` when it is empty or holds no date.
    #[must_use]
    pub fn date(&self, key: Key) -> Option<Date> {
        match self.values.get(&key)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The whole number of a field; `None` when it is empty or holds no count.
    #[must_use]
    pub fn count(&self, key: Key) -> Option<i64> {
        match self.values.get(&key)? {
            Value::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// The mark out of 100 of a field; `None` when it is empty or holds no mark.
    #[must_use]
    pub fn mark(&self, key: Key) -> Option<Fraction> {
        match self.values.get(&key)? {
            Value::Mark(mark) => Some(mark.clone()),
            _ => None,
        }
    }

    /// The yes or no of a field; `None` when nobody answered.
    #[must_use]
    pub fn flag(&self, key: Key) -> Option<bool> {
        match self.values.get(&key)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Our word for the option that was chosen; `None` when none was.
    #[must_use]
    pub fn choice(&self, key: Key) -> Option<&str> {
        match self.values.get(&key)? {
            Value::Choice(choice) => Some(choice),
            _ => None,
        }
    }

    /// Our words for the options that were chosen, in the order of the list; empty when none was.
    #[must_use]
    pub fn choices(&self, key: Key) -> &[String] {
        match self.values.get(&key) {
            Some(Value::Choices(choices)) => choices,
            _ => &[],
        }
    }

    /// The number of the dossier that a field names; `None` when it names none.
    #[must_use]
    pub fn link(&self, key: Key) -> Option<i64> {
        match self.values.get(&key)? {
            Value::Link(number) => Some(*number),
            _ => None,
        }
    }

    /// A text that is not blank.
    #[must_use]
    pub fn text(&self, key: Key) -> Option<&str> {
        match self.values.get(&key)? {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// The files of a field; empty when it has none.
    #[must_use]
    pub fn files(&self, key: Key) -> &[Attachment] {
        match self.values.get(&key) {
            Some(Value::Files(files)) => files,
            _ => &[],
        }
    }

    /// Every attachment with its field: those of fields, then those of rows, the candidate's own rows included.
    pub fn attachments(&self) -> impl Iterator<Item = (Key, &Attachment)> {
        fn files<'a>((key, value): (&'a Key, &'a Value)) -> Vec<(Key, &'a Attachment)> {
            match value {
                Value::Files(files) => files.iter().map(|file| (*key, file)).collect(),
                _ => Vec::new(),
            }
        }
        fn cells<'a>((_, value): (&'a Key, &'a Value)) -> Vec<(Key, &'a Attachment)> {
            match value {
                Value::Rows(rows) => rows.iter().flatten().flat_map(files).collect(),
                _ => Vec::new(),
            }
        }
        let own = self.values.iter().flat_map(files);
        own.chain(self.values.iter().chain(&self.declared).flat_map(cells))
    }

    /// The rows of a repeated block that hold something; empty when there are none.
    #[must_use]
    pub fn rows(&self, key: Key) -> &[Row] {
        match self.values.get(&key) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// The name of the service as shown to people.
    #[must_use]
    pub fn name(&self) -> String {
        self.text(Key::NomStructure)
            .or(self.legal_name.as_deref().filter(|name| !name.trim().is_empty()))
            .map_or_else(|| format!("Dossier {}", self.number), plain::line)
    }

    /// Who is written to: the contact of the form, else the account.
    #[must_use]
    pub fn contact(&self) -> Contact {
        let written = self.text(Key::ContactEmail).map(Addresses::read).unwrap_or_default().usable;
        let account = Addresses::read(&self.account).usable.into_iter().next();
        Contact { account: account.filter(|account| !written.contains(account)), written }
    }

    /// `None` when every address that was typed can be used, and when none was typed.
    #[must_use]
    pub fn contact_doubt(&self) -> Option<ContactDoubt> {
        let Some(typed) = self.text(Key::ContactEmail) else { return self.contact_doubt.clone() };
        let faults = Addresses::read(typed).faults;
        let contact = self.contact();
        let instead = match (contact.written.is_empty(), contact.account) {
            (false, _) => Instead::Others,
            (true, Some(_)) => Instead::Account,
            (true, None) => Instead::Nobody,
        };
        (!faults.is_empty()).then_some(ContactDoubt { faults, instead })
    }

    /// Takes out the people that the form names: the contact, the account and the auditor. Of them, rules read only whether the
    /// first two can be written to, which is kept.
    pub fn remove_people(&mut self) {
        self.contact_doubt = self.contact_doubt();
        for key in [Key::ContactNom, Key::ContactEmail, Key::Auditeur] {
            self.values.remove(&key);
            self.declared.remove(&key);
            self.unreadable.remove(&key);
        }
        self.account.clear();
    }
}

/// Which keys the form of a démarche has, so that a rule can tell a field that does not exist from an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// Keys that `form.toml` names and the live form has.
    pub usable: BTreeSet<Key>,
    /// Keys that `form.toml` names but the live form lacks or types otherwise.
    pub broken: BTreeSet<Key>,
    /// Keys of annotations that the form has. Dates and flags among them can be changed, but not emptied.
    pub writable: BTreeSet<Key>,
    /// Usable keys that only an annotation holds: the candidate can neither read nor fill them.
    #[serde(default)]
    pub private: BTreeSet<Key>,
}

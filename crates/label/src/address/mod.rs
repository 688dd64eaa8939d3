//! Addresses as people type them, in a form or in the configuration: the one place that reads them.
//!
//! What is read is an address that a mail can be sent to: the domain in punycode, invisible characters gone. What could be
//! read in two ways is not read: a mail to a stranger does more harm than one that goes to the account that deposited.

mod clean;
mod one;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

/// Addresses of one field that are written to.
const MOST: usize = 5;

/// An address that a mail can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    local: String,
    domain: String,
}

impl Address {
    /// What follows the @: in lower case, in ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether any server takes it. The part before the @ may hold accents, which some do not.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.local.is_ascii()
    }

    /// Two ways to write one address: no server known tells capitals apart.
    fn is(&self, other: &Address) -> bool {
        self.domain == other.domain && self.local.to_lowercase() == other.local.to_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// Why what was typed, or a part of it, is no address to write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AddressFault {
    /// Words, without any @.
    #[error("there is no @ in it")]
    Absent,
    /// Nothing before the @, two @, a character that no address has.
    #[error("a part before an @ is missing, or holds what no address has")]
    Malformed,
    /// What follows the @ is no domain.
    #[error("what follows an @ is no domain name")]
    Domain,
    /// A blank or a comma may have cut it: « jean dupont@mairie.example ».
    #[error("a blank or a comma cuts it")]
    Doubtful,
    /// More than one field may hold.
    #[error("there are more than five addresses in one text")]
    TooMany,
}

/// What was typed in a field for addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// In the order in which they were typed, each once.
    pub usable: Vec<Address>,
    /// Each kind once.
    pub faults: Vec<AddressFault>,
}

impl Addresses {
    /// Reads one address or several, separated by `;`, `,`, blanks or new lines, with or without names.
    #[must_use]
    pub fn read(typed: &str) -> Addresses {
        let mut read = Addresses::default();
        let text = clean::clean(typed);
        for candidate in words::candidates(&text) {
            match candidate.and_then(one::address) {
                Ok(address) => read.add(address),
                Err(fault) => read.note(fault),
            }
        }
        if read.usable.is_empty() && read.faults.is_empty() && !text.trim().is_empty() {
            read.note(AddressFault::Absent);
        }
        read
    }

    fn add(&mut self, address: Address) {
        if self.usable.iter().any(|other| other.is(&address)) {
            return;
        }
        match self.usable.len() < MOST {
            true => self.usable.push(address),
            false => self.note(AddressFault::TooMany),
        }
    }

    fn note(&mut self, fault: AddressFault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The only address, when nothing else was typed.
    #[must_use]
    pub fn single(&self) -> Option<&Address> {
        match (self.usable.as_slice(), self.faults.as_slice()) {
            ([one], []) => Some(one),
            _ => None,
        }
    }
}

//! Who is written to about a dossier, and what is wrong with the addresses that it holds.

use serde::{Deserialize, Serialize};

use crate::address::{Address, AddressFault};

/// The addresses of a dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Of the form.
    pub written: Vec<Address>,
    /// Of the account that deposited, unless it is one of the former.
    pub account: Option<Address>,
}

/// What is wrong with the addresses that the form holds, and who is written to all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDoubt {
    /// What is wrong with each address that cannot be used; never empty.
    pub faults: Vec<AddressFault>,
    /// Who is written to in their place.
    pub instead: Instead,
}

/// Who is written to when an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// The other addresses of the field.
    Others,
    /// The account that deposited.
    Account,
    /// No usable address is left.
    Nobody,
}

//! Whom the open pages come from, as the configuration says.

use jiff::civil::Date;
use serde::Deserialize;

use label::wording::legal::{Conformity, Publisher};

/// Licence Ouverte 2.0, which the State's own data take.
pub const LICENCE: &str = "https://spdx.org/licenses/etalab-2.0.html";

/// Whom the open pages come from.
#[derive(Clone, Debug)]
pub struct Site {
    pub publisher: Publisher,
    /// Address of the text of the licence of the open files.
    pub licence: String,
    pub accessibility: Conformity,
    /// The day on which accessibility was checked, and how.
    pub checked: Option<Date>,
    pub method: Option<String>,
    /// Texts that replace ours.
    pub notices: Option<String>,
    pub declaration: Option<String>,
    pub privacy: Option<String>,
}

impl Default for Site {
    fn default() -> Site {
        Site {
            publisher: Publisher::default(),
            licence: LICENCE.to_owned(),
            accessibility: Conformity::default(),
            checked: None,
            method: None,
            notices: None,
            declaration: None,
            privacy: None,
        }
    }
}

/// Whether the pages were found accessible, as the configuration writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Accessibility {
    Totale,
    Partielle,
    #[default]
    Aucune,
}

impl From<Accessibility> for Conformity {
    fn from(found: Accessibility) -> Conformity {
        match found {
            Accessibility::Totale => Conformity::Full,
            Accessibility::Partielle => Conformity::Partial,
            Accessibility::Aucune => Conformity::None,
        }
    }
}

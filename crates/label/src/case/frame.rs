//! What a judgement needs beside the case and the day: the readings in force, the forms, the operator's own holidays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::facts::{Facts, FormView};
use crate::case::keys::Key;
use crate::folding::folded;
use crate::guide::calendar::Zone;
use crate::guide::choices::Choices;

/// A day that the operator declares as not worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff {
    /// The day that is not worked.
    pub day: Date,
    /// `None`: in all zones.
    pub zone: Option<Zone>,
}

/// A certification body that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// As the form has it.
    pub name: String,
    /// The number of its group of instructeurs.
    pub group: Option<i64>,
    /// Whose public holidays count for a dossier that states neither zone nor département.
    pub zone: Option<Zone>,
}

impl Body {
    /// Whether the form means this body, however it is typed.
    #[must_use]
    pub fn is_named(&self, written: &str) -> bool {
        let own = folded(&self.name);
        !own.is_empty() && own == folded(written)
    }
}

/// What a judgement needs beside the case and the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The readings in force of the guide's open questions.
    pub choices: Choices,
    /// The keys of each démarche's form, by the démarche's number: a case may have dossiers in several.
    pub forms: BTreeMap<i64, FormView>,
    /// Démarches whose form is stored and cannot be read: their dossiers are not judged, since each missing piece would be
    /// taken for a field that the form does not have.
    #[serde(skip)]
    pub unread: BTreeSet<i64>,
    /// Days that the operator declares as not worked (Mayotte's moving feasts).
    pub extra_holidays: Vec<DayOff>,
    /// The certification bodies that share the installation; empty where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<Body>,
}

impl Frame {
    /// Whether the form of a dossier has the field, and what is known of the dossier tells whether it is filled.
    #[must_use]
    pub fn tells(&self, facts: &Facts, key: Key) -> bool {
        let silent = facts.unreadable.get(&key).is_some_and(|why| why.is_of_exports());
        self.form(facts).usable.contains(&key) && !silent
    }

    /// The form of one dossier's démarche. Facts of an earlier version do not name it: a single form is then theirs.
    #[must_use]
    pub fn form(&self, facts: &Facts) -> &FormView {
        static NOTHING: FormView = FormView {
            usable: BTreeSet::new(),
            broken: BTreeSet::new(),
            writable: BTreeSet::new(),
            private: BTreeSet::new(),
        };
        let only = self.forms.values().next().filter(|_| self.forms.len() == 1);
        self.forms.get(&facts.demarche).or(only).unwrap_or(&NOTHING)
    }
}

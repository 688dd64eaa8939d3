//! Which certification body a dossier belongs to, where one installation serves several.

use serde::Serialize;

use crate::case::contents::Case;
use crate::case::facts::Facts;
use crate::case::frame::{Body, Frame};
use crate::case::keys::Key;

/// Why it is not certain to which body a dossier belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyDoubt {
    /// Its group of instructeurs is that of one body, its field names another: the group decides, since its members are
    /// those who can open the dossier.
    Conflict {
        /// The configured name of the body that its group belongs to: this one counts.
        group: String,
        /// The body that its field names, as typed.
        written: String,
    },
    /// Neither its group nor its field is that of a body of the configuration. `written` may be empty.
    Unknown {
        /// What its field says, as typed.
        written: String,
    },
}

/// The body of a dossier, by its group of instructeurs, else by its field (§3.2), and what is doubtful about it. None of
/// both where the configuration names no body.
#[must_use]
pub fn body_of<'a>(facts: &Facts, frame: &'a Frame) -> (Option<&'a Body>, Option<BodyDoubt>) {
    if frame.bodies.is_empty() {
        return (None, None);
    }
    let written = facts.text(Key::Organisme).unwrap_or_default();
    // Zero: an export does not have the number of the group.
    let of_group = frame.bodies.iter().find(|body| body.group == Some(facts.group) && facts.group != 0);
    let of_field = frame.bodies.iter().find(|body| body.is_named(written));
    match (of_group, of_field) {
        (Some(group), Some(field)) if group.name != field.name => {
            let doubt = BodyDoubt::Conflict { group: group.name.clone(), written: written.to_owned() };
            (Some(group), Some(doubt))
        }
        (Some(body), _) | (None, Some(body)) => (Some(body), None),
        (None, None) => (None, Some(BodyDoubt::Unknown { written: written.to_owned() })),
    }
}

/// What lists, mails and rights know a dossier's body by: the configured name, or what the form says where no body of the
/// configuration is meant, or where it names none.
#[must_use]
pub fn body_name<'a>(facts: &'a Facts, frame: &'a Frame) -> &'a str {
    match body_of(facts, frame).0 {
        Some(body) => &body.name,
        None => facts.text(Key::Organisme).unwrap_or_default(),
    }
}

impl Case {
    /// The body of the case: that of its current dossier. Where the configuration names none, the latest dossier that
    /// names a body tells.
    #[must_use]
    pub fn body_name<'a>(&'a self, frame: &'a Frame) -> &'a str {
        let named = |facts: &&Facts| !body_name(facts, frame).is_empty();
        let latest = match frame.bodies.is_empty() {
            true => self.dossiers.iter().rev().find(named),
            false => self.current(),
        };
        latest.map(|facts| body_name(facts, frame)).unwrap_or_default()
    }
}

//! The content of a mail, without addresses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::guide::tiers::Tier;

/// The content of a mail, from which text and HTML are made. Fields with a default are absent in rows stored by earlier
/// versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// A list of points, or of dates.
    pub points: Vec<String>,
    /// Further lists, each under its own heading.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// « § 3.7.1 du guide du label (R-3.7.1-b) ».
    pub source: String,
    /// « R-3.7.1-b »; empty when the mail follows from no rule.
    #[serde(default)]
    pub rule: String,
    /// The days to put in a calendar.
    #[serde(default)]
    pub events: Vec<CalendarEvent>,
    /// The decision that the mail announces, or none when it says that there is none any more.
    #[serde(default)]
    pub announced: Option<Announced>,
}

/// A decision as it was announced: what a later correction is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    pub tier: Option<Tier>,
    pub on: Date,
}

/// A list under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub points: Vec<String>,
}

/// An all-day event. Its identity is that of the obligation, so that calendars update it when the date changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    pub uid: String,
    pub day: Date,
    pub title: String,
}

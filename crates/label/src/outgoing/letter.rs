//! What a mail says, before it has an address.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A mail before it has an address: text and HTML are both made from this. What has a default was absent in what
/// earlier versions stored.
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
    /// « R-3.7.1-b »; empty for what is no rule's.
    #[serde(default)]
    pub rule: String,
    /// The days to put in a calendar.
    #[serde(default)]
    pub events: Vec<CalendarEvent>,
}

/// A list under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub points: Vec<String>,
}

/// An all-day event whose identity is the obligation's: a moved date updates it in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    pub uid: String,
    pub day: Date,
    pub title: String,
}

//! The content of a mail, without addresses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::guide::tiers::Tier;
use crate::judge::agenda::Due;

/// The content of a mail, from which text and HTML are made. Fields with a default are absent in rows stored by earlier
/// versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// « [SP+] Grands-Prés : plan d’audit à transmettre au plus tard le 23 août ».
    pub subject: String,
    /// The subject without its prefix and without the service: what is to be done or known, and by when.
    #[serde(default)]
    pub what: String,
    /// What it is about; `None` for what concerns no dossier, or several.
    #[serde(default)]
    pub about: Option<About>,
    /// Where to do what it asks for; `None` when it asks for nothing.
    #[serde(default)]
    pub place: Option<Place>,
    /// The text before the points, one entry for each paragraph.
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

/// The service and the dossier that a letter, or a part of one, is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The name of the service, whole.
    pub service: String,
    /// Number of the dossier on the platform.
    pub dossier: i64,
    /// Number of its démarche; 0 when it is not known.
    pub demarche: i64,
    /// Whose page of the dossier the reader can open; `None` when they can open none, or the dossier left the platform.
    pub page: Option<Page>,
}

/// A dossier has one address for those who deposited it and another for those who examine it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// That of whoever deposited it: « /dossiers/4242 ».
    Candidat,
    /// That of whoever examines it: « /procedures/7/dossiers/4242 ».
    Instructeur,
}

/// Where a candidate does what a letter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the dossier that the letter is about.
    Dossier,
    /// In a new dossier: the one it is about is decided, and takes nothing any more.
    Application,
    /// In a new dossier that asks for a follow-up.
    FollowUp,
    /// In a new dossier that asks for a renewal.
    Renewal,
    /// With the certification body.
    Body,
}

/// A decision as it was announced: what a later correction is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The tier that was announced; `None` when none was stated.
    pub tier: Option<Tier>,
    /// The day on which the decision counts ([`Event::on`](crate::case::Event::on)).
    pub on: Date,
    /// The earlier announcements that this one takes the place of.
    #[serde(default, skip_serializing_if = "Instead::is_all")]
    pub instead: Instead,
    /// The dossier in which the decision was written; `None` when it is the one that the mail is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_in: Option<i64>,
}

/// Which announcements of the same decision of the same dossier an announcement takes the place of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// All of them: an award or a refusal is announced once, and earlier versions said nothing of this.
    #[default]
    All,
    /// None: one more decision, as a second suspension.
    Nothing,
    /// That of this day, which was corrected.
    Of(Date),
    /// Its own: the decision of its day does not hold.
    Void,
}

impl Instead {
    /// For serialisation.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Instead::All
    }
}

impl Announced {
    /// An announcement that takes the place of every earlier one.
    #[must_use]
    pub fn new(tier: Option<Tier>, on: Date) -> Announced {
        Announced { tier, on, instead: Instead::All, written_in: None }
    }
}

/// A list under a heading; in a mail that carries several, the whole of one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading; for a whole mail, its service and its subject: « Grands-Prés : plan d’audit à transmettre… ».
    pub title: String,
    /// The text before the points; empty for a list alone.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// A list of points, or of dates.
    #[serde(default)]
    pub points: Vec<String>,
    /// Lines about one dossier each.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// The dossier that it is about; `None` unless it is a whole mail.
    #[serde(default)]
    pub about: Option<About>,
    /// Where to do what it asks for; `None` unless it is a whole mail that asks for something.
    #[serde(default)]
    pub place: Option<Place>,
}

/// One line of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// A whole sentence, in which the number of the dossier need not be: it is in `about`.
    pub text: String,
    /// The dossier that it is about; `None` for the line that counts those left out.
    pub about: Option<About>,
}

impl Section {
    /// A list of points under a heading, and nothing else.
    #[must_use]
    pub fn new(title: impl Into<String>, points: Vec<String>) -> Section {
        Section { title: title.into(), points, ..Section::default() }
    }
}

impl Letter {
    /// The dossier of one of its events, with the page that its reader can open; `None` when the letter says nothing of it.
    #[must_use]
    pub fn about_event(&self, event: &CalendarEvent) -> Option<&About> {
        let number: i64 = event.uid.split('-').next()?.parse().ok()?;
        let lines = self.sections.iter().flat_map(|section| &section.lines);
        let parts = self.sections.iter().filter_map(|section| section.about.as_ref());
        let abouts = self.about.iter().chain(parts).chain(lines.filter_map(|line| line.about.as_ref()));
        abouts.into_iter().find(|about| about.dossier == number)
    }
}

/// The identity of the event of a deadline: it begins with the number of the dossier, as that of an audit does.
#[must_use]
pub fn deadline_uid(due: &Due) -> String {
    format!("{}-{}", due.dossier, due.code())
}

/// The identity of the event of the audit of a dossier.
#[must_use]
pub fn audit_uid(dossier: i64) -> String {
    format!("{dossier}-audit")
}

/// An all-day event. Its identity is that of the obligation, so that calendars update it when the date changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    /// Made by [`deadline_uid`] or [`audit_uid`]: « 4242-O-07 », « 4242-audit ».
    pub uid: String,
    /// The nominal day of the deadline, or the first day of the audit.
    pub day: Date,
    /// What is due, then the service: « Plan d’audit — Grands-Prés ».
    pub title: String,
    /// The day is no longer to be kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

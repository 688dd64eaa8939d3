//! What an attachment turned out to be once its bytes were read. Made by `documents/`, kept by checksum, judged here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::facts::Attachment;

/// What the first bytes say a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    Pdf,
    Image,
    /// Text document, workbook, presentation.
    Office,
    Text,
    Html,
    Archive,
    Program,
    Unknown,
}

/// Why a file cannot serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFault {
    /// Its name says one thing, its bytes another.
    OtherMedia {
        announced: Media,
        found: Media,
    },
    Unopenable,
    /// A password is asked for.
    Encrypted,
    NoPages,
    /// More than is read by itself; nothing is wrong with it.
    TooLarge,
    /// It asked for more memory or time than a document may.
    TooCostly,
    /// What came is not what the platform announces: size or checksum.
    Altered,
    /// Our own antivirus refused it.
    Infected,
}

/// Files that were inspected, by checksum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspections(pub BTreeMap<String, Inspection>);

impl Inspections {
    /// What an attachment turned out to be under its own name; `None` while nobody opened it.
    #[must_use]
    pub fn of(&self, file: &Attachment) -> Option<Inspection> {
        self.0.get(&file.checksum).map(|found| found.under(&file.name))
    }
}

/// One file, inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    pub media: Media,
    /// Of a PDF.
    pub pages: Option<u32>,
    pub fault: Option<FileFault>,
}

impl Inspection {
    #[must_use]
    pub fn faulty(fault: FileFault) -> Inspection {
        Inspection { media: Media::Unknown, pages: None, fault: Some(fault) }
    }

    /// What was found, for a file of this name: the same bytes may be deposited twice, and lie under one name only.
    #[must_use]
    pub fn under(self, name: &str) -> Inspection {
        let of_the_bytes = self.fault.filter(|fault| !matches!(fault, FileFault::OtherMedia { .. }));
        let unknown_bytes = self.media == Media::Unknown && of_the_bytes.is_some();
        let lie = announced(name).filter(|announced| !unknown_bytes && !fits(*announced, self.media));
        let lie = lie.map(|announced| FileFault::OtherMedia { announced, found: self.media });
        Inspection { fault: lie.or(of_the_bytes), ..self }
    }
}

fn announced(name: &str) -> Option<Media> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_lowercase().as_str() {
        "pdf" => Some(Media::Pdf),
        "png" | "jpg" | "jpeg" | "gif" | "tif" | "tiff" | "webp" => Some(Media::Image),
        "doc" | "docx" | "odt" | "xls" | "xlsx" | "ods" | "ppt" | "pptx" | "odp" => Some(Media::Office),
        "csv" | "txt" => Some(Media::Text),
        _ => None,
    }
}

/// What cannot be recognised is given the benefit of the doubt, save where a PDF is announced: a PDF always shows.
fn fits(announced: Media, found: Media) -> bool {
    announced == found || (found == Media::Unknown && announced != Media::Pdf)
}

impl FileFault {
    /// A file that nobody can read is as good as none; the others only need a person's eye.
    #[must_use]
    pub fn is_fatal(self) -> bool {
        match self {
            FileFault::Unopenable | FileFault::Encrypted | FileFault::NoPages | FileFault::Infected => true,
            FileFault::OtherMedia { found, .. } => matches!(found, Media::Html | Media::Program),
            FileFault::TooLarge | FileFault::TooCostly | FileFault::Altered => false,
        }
    }
}

//! What an attachment turned out to be once its bytes were read. Made by `documents/`, kept by checksum, judged here.

use serde::{Deserialize, Serialize};

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

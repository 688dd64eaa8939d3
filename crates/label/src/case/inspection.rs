//! The result of inspecting the bytes of an attachment. Made by `documents/`, stored by checksum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::facts::Attachment;

/// The type of a file, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// A PDF.
    Pdf,
    /// A picture of any format.
    Image,
    /// Text document, workbook, presentation.
    Office,
    /// Plain text, CSV included.
    Text,
    /// A web page.
    Html,
    /// An archive that is no ZIP: a ZIP counts as `Office`, whose documents are often recognised as such alone.
    Archive,
    /// Something that a machine may execute.
    Program,
    /// No format that is recognised, or bytes that were not read.
    Unknown,
}

/// Why a file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFault {
    /// Its bytes are of another type than its name announces.
    OtherMedia {
        /// The type that the extension of its name announces.
        announced: Media,
        /// The type of its bytes.
        found: Media,
    },
    /// Its name announces no type, and its bytes are not those of a document; of unknown ones, the name is a program's.
    NoDocument {
        /// The type of its bytes.
        found: Media,
    },
    /// A PDF that cannot be opened.
    Unopenable,
    /// A password is asked for.
    Encrypted,
    /// A PDF without a page.
    NoPages,
    /// Larger than the largest file that is fetched. The file itself may be good.
    TooLarge,
    /// Reading it took more memory or time than allowed.
    TooCostly,
    /// The size or the checksum of the download is not what the platform announced.
    Altered,
    /// Refused by clamd.
    Infected,
    /// The zip of attachments that held it was taken away before it was opened. The file itself may be good.
    Away,
}

/// Files that were inspected, by checksum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspections(pub BTreeMap<String, Inspection>);

impl Inspections {
    /// The inspection of an attachment under its own name; `None` when it was not inspected yet.
    #[must_use]
    pub fn of(&self, file: &Attachment) -> Option<Inspection> {
        self.0.get(&file.checksum).map(|found| found.under(&file.name))
    }
}

/// One file, inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The type by its bytes; `Unknown` when they were not read.
    pub media: Media,
    /// Of a PDF.
    pub pages: Option<u32>,
    /// Why it cannot be used; `None` when nothing is wrong.
    pub fault: Option<FileFault>,
}

impl Inspection {
    /// The inspection of a file of which only its fault is known.
    #[must_use]
    pub fn faulty(fault: FileFault) -> Inspection {
        Inspection { media: Media::Unknown, pages: None, fault: Some(fault) }
    }

    /// The inspection for a file of this name. The same bytes may be deposited under two names, of which only one
    /// announces the wrong type.
    #[must_use]
    pub fn under(self, name: &str) -> Inspection {
        let of_the_name =
            |fault: &FileFault| matches!(fault, FileFault::OtherMedia { .. } | FileFault::NoDocument { .. });
        let of_the_bytes = self.fault.filter(|fault| !of_the_name(fault));
        let unknown_bytes = self.media == Media::Unknown && of_the_bytes.is_some();
        let lie = announced(name).filter(|announced| !unknown_bytes && !fits(*announced, self.media));
        let lie = lie.map(|announced| FileFault::OtherMedia { announced, found: self.media });
        let lie = lie.or_else(|| self.no_document(name));
        Inspection { fault: lie.or(of_the_bytes), ..self }
    }
}

impl Inspection {
    /// What a name that announces no type cannot make a document of.
    fn no_document(self, name: &str) -> Option<FileFault> {
        if announced(name).is_some() {
            return None;
        }
        match self.media {
            Media::Archive | Media::Program => Some(FileFault::NoDocument { found: self.media }),
            Media::Text | Media::Html | Media::Unknown if names_a_program(name) => {
                Some(FileFault::NoDocument { found: Media::Unknown })
            }
            _ => None,
        }
    }
}

/// Names under which a program or a shortcut is started by a double click.
fn names_a_program(name: &str) -> bool {
    let extension = name.trim_end().rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    matches!(
        extension.as_deref(),
        Some(
            "exe"
                | "bat"
                | "cmd"
                | "scr"
                | "pif"
                | "msi"
                | "vbs"
                | "vbe"
                | "jse"
                | "wsf"
                | "hta"
                | "ps1"
                | "lnk"
                | "jar"
                | "apk"
                | "dmg"
                | "iso"
                | "img"
        )
    )
}

fn announced(name: &str) -> Option<Media> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_lowercase().as_str() {
        "pdf" => Some(Media::Pdf),
        "png" | "jpg" | "jpeg" | "gif" | "tif" | "tiff" | "webp" | "bmp" | "heic" => Some(Media::Image),
        "doc" | "docx" | "docm" | "dot" | "dotx" | "odt" | "rtf" | "xls" | "xlsx" | "xlsm" | "xlsb"
        | "ods" | "ppt" | "pptx" | "pptm" | "pps" | "ppsx" | "odp" | "odg" => Some(Media::Office),
        "csv" | "txt" => Some(Media::Text),
        _ => None,
    }
}

/// Whether the type found agrees with the announced one. A file of unknown type agrees, except when a PDF is announced:
/// every PDF is recognised.
fn fits(announced: Media, found: Media) -> bool {
    announced == found || (found == Media::Unknown && announced != Media::Pdf)
}

impl FileFault {
    /// True when nobody can open the file, which then counts as missing. The other faults are only to be checked.
    #[must_use]
    pub fn is_fatal(self) -> bool {
        match self {
            FileFault::Unopenable | FileFault::Encrypted | FileFault::NoPages | FileFault::Infected => true,
            // Office programs open a web page that was saved under one of their names.
            FileFault::OtherMedia { announced, found } => {
                found == Media::Program
                    || (found == Media::Html && matches!(announced, Media::Pdf | Media::Image))
            }
            FileFault::NoDocument { found } => found == Media::Program,
            FileFault::TooLarge | FileFault::TooCostly | FileFault::Altered | FileFault::Away => false,
        }
    }
}

//! A file of the folder, or one that was named, after it was read.

use jiff::Timestamp;

use crate::exports::ExportPicture;
use label::wording::exports::ZipRead;

/// One file that was read.
#[derive(Debug)]
pub(in crate::daemon) struct Opened {
    pub name: String,
    pub at: Timestamp,
    /// The name says when the picture was taken.
    pub dated: bool,
    pub demarche: Option<i64>,
    pub picture: ExportPicture,
    /// What a zip of attachments holds; `None` of a spreadsheet.
    pub zip: Option<ZipRead>,
}

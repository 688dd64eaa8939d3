//! The platform's spreadsheets, for a body without a token: a folder that is looked at on each pass, or files that are
//! named. They become dossiers in the shape of the API's answers, and are kept as those are. A zip of attachments beside
//! them (`zipping`) says which bytes stand behind the names of their cells.

mod keeping;
mod noting;
mod opened;
mod reading;
mod reminding;
mod zipping;

use std::path::PathBuf;

use crate::exports::Columns;

/// The setting with the hash of the form under which dossiers were last made of exports.
const FORM: &str = "exports/form";
/// What is made of exports, as this version reads them: another one makes every dossier again.
const READING: &str = "2";
/// The setting with the number of the démarche, as a file's name gave it.
const DEMARCHE: &str = "exports/demarche";

/// What reading exports takes.
#[derive(Debug)]
pub struct ExportReading {
    /// Looked at on each pass.
    pub folder: Option<PathBuf>,
    pub columns: Columns,
    /// The number of the démarche, where the operator says it; else the first file that names one says it.
    pub demarche: Option<i64>,
    /// The program to start: the path of vigie itself.
    pub program: PathBuf,
}

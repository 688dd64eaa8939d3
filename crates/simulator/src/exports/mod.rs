//! What an instructeur downloads: all the dossiers of the démarche as a spreadsheet, plain or by a model of columns.
//!
//! `columns` says what stands in each column, `values` how a value is written, `sheets` puts them together; `xlsx`, `ods`
//! and `csv` write the file, `pieces` writes the zip of attachments, and `download` serves them. Left out: most of
//! the columns about the company, the sheet `Avis`.

mod columns;
mod csv;
pub(super) mod download;
mod ods;
mod pieces;
mod sheets;
mod values;
mod xlsx;

use super::dates;
use super::world::World;

/// The three kinds of spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Xlsx,
    Ods,
    /// The first sheet alone: no repeated block, and the columns of the establishment inline.
    Csv,
}

/// Which columns, and how values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportShape {
    /// Every column. A number that was never filled is 0.
    Plain,
    /// As older versions of the platform: a yes/no field that was never touched is « Non » too.
    PlainBefore,
    /// The columns that an instructeur chose, by title, in that order. A number that was never filled is empty.
    Model(Vec<String>),
}

impl ExportShape {
    fn is_model(&self) -> bool {
        matches!(self, ExportShape::Model(_))
    }
}

impl ExportFormat {
    /// The end of the file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Ods => "ods",
            ExportFormat::Csv => "csv",
        }
    }

    #[must_use]
    pub fn from_extension(extension: &str) -> Option<ExportFormat> {
        let all = [ExportFormat::Xlsx, ExportFormat::Ods, ExportFormat::Csv];
        all.into_iter().find(|format| format.extension() == extension)
    }
}

impl World {
    /// The file that an instructeur of all groups would download now; `None` when it could not be written.
    #[must_use]
    pub fn export(&self, format: ExportFormat, shape: &ExportShape) -> Option<Vec<u8>> {
        let sheets = sheets::sheets(self, format, shape);
        match format {
            ExportFormat::Xlsx => xlsx::write(&sheets).ok(),
            ExportFormat::Ods => ods::write(&sheets).ok(),
            ExportFormat::Csv => csv::write(sheets.first()?).ok(),
        }
    }

    /// The zip of attachments that the same instructeur would download now; `None` when it could not be written.
    #[must_use]
    pub fn export_pieces(&self) -> Option<Vec<u8>> {
        pieces::write(self).ok()
    }

    /// The name that the platform gives it: the time of the picture is in it, in Paris.
    #[must_use]
    pub fn export_name(&self, format: ExportFormat) -> String {
        self.export_named(format.extension())
    }

    /// The same of the zip of attachments.
    #[must_use]
    pub fn export_pieces_name(&self) -> String {
        self.export_named("zip")
    }

    fn export_named(&self, extension: &str) -> String {
        let at = dates::paris(self.now());
        format!("dossiers_procedure-{}_{}.{extension}", self.demarche, at.strftime("%Y-%m-%d_%H-%M"))
    }
}

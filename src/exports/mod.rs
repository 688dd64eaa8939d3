//! The platform's exports: from the cells of a spreadsheet to a dossier in the shape that the API gives, so that one
//! translation (`dn`) makes the facts of both.
//!
//! [`Columns`] knows from `form.toml` which columns are wanted; [`picture`] takes the cells of a file apart by dossier;
//! [`life`] keeps, of each column, what the newest export said; [`shape`] writes a dossier for the translation;
//! [`model`] lists the columns of the model to make on the platform.
//!
//! Four rules for what an export cannot say. Without a model 0 may be an empty number, and « Non » an empty answer:
//! both are unknown, unless the file itself shows that it writes them apart. Numbers are kept as the shortest decimal that
//! gives the same double. A dossier, a sheet or a column that is absent says nothing, whatever was known stays; an empty
//! cell says that the field is empty. Of attachments only names are known, unless a zip beside the spreadsheet holds them
//! ([`pieces`]).

mod columns;
mod doubled;
mod files;
pub mod life;
pub mod model;
pub mod picture;
pub mod pieces;
pub mod shape;
mod untold;
mod values;
pub mod zip_place;

pub use columns::{Columns, Known};
pub use life::Life;
pub use picture::{ExportPicture, at_of_name, demarche_of_name};

/// The name of a file, without its folder.
#[must_use]
pub fn file_name(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

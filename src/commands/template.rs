//! `vigie template`: writes an empty table with the titles that vigie recognises (`docs/tableaux.md`).

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;

use super::{CommandOutcome, say};
use crate::config::{ConfigError, Settings};
use crate::documents::tables::template::Template;
use label::case::table::TableKind;

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Xlsx,
    Csv,
}

/// Reads the kind of table given on the command line.
///
/// # Errors
/// When the word is not a kind of table.
pub fn parse_kind(word: &str) -> Result<TableKind, String> {
    TableKind::from_name(word).ok_or_else(|| {
        let known: Vec<_> = TableKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// # Errors
/// When the layout cannot be used, or the file cannot be written; an existing file is never overwritten.
pub fn template(
    settings: &Settings,
    kind: TableKind,
    format: Option<TableFormat>,
    output: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let named =
        output.and_then(Path::extension).is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let format = format.unwrap_or(if named { TableFormat::Csv } else { TableFormat::Xlsx });
    let template = Template::new(&settings.tables()?, kind);
    let bytes = match format {
        TableFormat::Xlsx => template.to_xlsx().map_err(|error| {
            ConfigError::new("documents.tables", format!("no workbook can be made of it ({error})"))
        })?,
        TableFormat::Csv => template.to_csv(),
    };
    let Some(path) = output else {
        if format == TableFormat::Xlsx && std::io::stdout().is_terminal() {
            let why = "a workbook is not for a terminal: add --output FILE, or --format csv";
            return Err(ConfigError::new("--output", why).into());
        }
        out.write_all(&bytes)?;
        return Ok(CommandOutcome::Done);
    };
    let mut file = std::fs::File::create_new(path).with_context(|| path.display().to_string())?;
    file.write_all(&bytes).with_context(|| path.display().to_string())?;
    say(out, &format!("Modèle « {} » écrit dans {}.", kind.name(), path.display()));
    Ok(CommandOutcome::Done)
}

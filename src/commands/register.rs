//! `vigie register`: the labels in force, as a file on standard output; beside it, how old what is known is.

use std::io::Write;

use jiff::civil::Date;

use super::import::age;
use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::register::files::{TextFile, write};
use crate::register::workbook::workbook;
use crate::register::{Audience, Reader};
use crate::store::register::Which;

/// How the register is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RegisterFormat {
    Csv,
    Json,
    Xlsx,
    Html,
}

/// # Errors
/// When the store cannot be read, or the file not be written.
///
/// `aside` is where a person reads how old what is known is: the file itself is for programs.
pub async fn register(
    settings: &Settings,
    format: RegisterFormat,
    public: bool,
    on: Option<Date>,
    (out, aside): (&mut dyn Write, &mut dyn Write),
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    let audience = if public { Audience::Public } else { Audience::Internal };
    let day = on.unwrap_or_else(|| book.today());
    let reading = age(settings, &store, &book).await?;
    if let Some(reading) = &reading {
        say(aside, reading);
    }
    let reader = Reader::of(store.register(), Which::Current, day, audience);
    match format {
        RegisterFormat::Csv => write(reader, TextFile::Csv, out).await?,
        RegisterFormat::Json => write(reader, TextFile::Json, out).await?,
        RegisterFormat::Html => write(reader, TextFile::Html, out).await?,
        RegisterFormat::Xlsx => out.write_all(&workbook(reader, reading).await?)?,
    }
    Ok(CommandOutcome::Done)
}

//! `vigie journal`: what was read, written and sent, to whom and why, oldest first; for an assessor or another program.

use std::io::{ErrorKind, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::register::files::{harmless, record};
use crate::retry::passes;
use crate::store::Store;
use crate::store::journal::ExportedLine;
use label::wording::names;

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");
const COLUMNS: [&str; 8] = ["date", "nature", "dossier", "destinataire", "regle", "cle", "detail", "reponse"];

/// How the journal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum JournalFormat {
    Text,
    Csv,
    /// One object a line.
    Json,
}

/// # Errors
/// When the store or the configuration cannot be read.
pub async fn journal(
    settings: &Settings,
    since: Option<Date>,
    dossier: Option<i64>,
    format: JournalFormat,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, _) = open(settings).await?;
    let began = since.and_then(|day| day.to_zoned(PARIS.clone()).ok()).map(|zoned| zoned.timestamp());
    let began = began.unwrap_or(Timestamp::UNIX_EPOCH);
    let written = lines(&store, began, dossier, format, out).await;
    // A closed pipe (`vigie journal | head`) is a normal end.
    match written.as_ref().map_err(|error| error.downcast_ref::<std::io::Error>()) {
        Err(Some(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(CommandOutcome::Done),
        _ => written,
    }
}

async fn lines(
    store: &Store,
    began: Timestamp,
    dossier: Option<i64>,
    format: JournalFormat,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    if format == JournalFormat::Csv {
        out.write_all("\u{feff}".as_bytes())?;
        out.write_all(&record(COLUMNS.iter().map(|column| (*column).to_owned())))?;
    }
    let mut after = String::new();
    loop {
        let lines = store.journal().lines(&after, dossier, began, passes::LINES).await?;
        let Some(last) = lines.last() else { return Ok(CommandOutcome::Done) };
        after.clone_from(&last.id);
        for line in &lines {
            match format {
                JournalFormat::Text => say(out, &text(line)),
                JournalFormat::Csv => out.write_all(&record(cells(line).into_iter().map(harmless)))?,
                JournalFormat::Json => say(out, &object(line)),
            }
        }
    }
}

fn when(line: &ExportedLine) -> String {
    PARIS.to_datetime(line.entry.at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn role(line: &ExportedLine) -> String {
    let role = line.role.as_deref();
    role.and_then(names::role_from_key).map(names::role).or(role).unwrap_or_default().to_owned()
}

fn cells(line: &ExportedLine) -> [String; 8] {
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        when(line),
        line.entry.kind.clone(),
        line.entry.dossier.map(|number| number.to_string()).unwrap_or_default(),
        role(line),
        maybe(&line.rule),
        maybe(&line.key),
        line.entry.detail.clone(),
        maybe(&line.answer),
    ]
}

fn text(line: &ExportedLine) -> String {
    let about = line.entry.dossier.map(|number| format!(" — dossier {number}")).unwrap_or_default();
    let mut text = format!("{} — {}{about} — {}", when(line), line.entry.kind, line.entry.detail);
    if let Some(rule) = line.rule.as_deref().filter(|rule| !rule.is_empty()) {
        text.push_str(&format!(" ({rule})"));
    }
    if let Some(answer) = line.answer.as_deref().filter(|answer| !answer.is_empty()) {
        text.push_str(&format!(" — réponse : {answer}"));
    }
    text
}

fn object(line: &ExportedLine) -> String {
    json!({
        "date": line.entry.at.to_string(),
        "nature": line.entry.kind,
        "dossier": line.entry.dossier,
        "destinataire": line.role,
        "regle": line.rule.as_deref().filter(|rule| !rule.is_empty()),
        "cle": line.key,
        "detail": line.entry.detail,
        "reponse": line.answer.as_deref().filter(|answer| !answer.is_empty()),
    })
    .to_string()
}

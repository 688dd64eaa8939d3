//! `vigie record`: the chain of what was judged and done, verified, and exported for an assessor.

use std::io::Write;

use clap::{Subcommand, ValueEnum};

use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::record::export::{Export, Paper, committee, html};
use crate::record::verify::{FaultKind, walk};
use label::wording::record as words;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Walk the whole chain, and name the first entry that does not hold
    Verify {
        /// NUMBER:HASH of an entry, as a digest told it
        #[arg(long)]
        anchor: Option<String>,
    },
    /// All that was recorded of a case in one file, on standard output, for an assessor or a committee
    Export {
        /// A dossier of the case
        #[arg(long = "case")]
        dossier: i64,
        #[arg(long, value_enum, default_value_t = ExportFormat::Html)]
        format: ExportFormat,
        /// In place of it, its last judgement on one page: marks, thresholds, open findings, readings, deadlines
        #[arg(long, conflicts_with = "format")]
        committee: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A page without script or other file; earlier judgements are folded
    Html,
    /// Entries, contents and hashes, to verify without vigie
    Json,
    /// The page with everything open, a judgement a sheet: print it to a PDF
    PdfReady,
}

/// # Errors
/// When the store or the configuration cannot be read.
pub async fn record(
    settings: &Settings,
    action: Action,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    match action {
        Action::Verify { anchor } => verify(settings, anchor.as_deref(), out).await,
        Action::Export { dossier, format, committee } => {
            let format = (!committee).then_some(format);
            export(settings, dossier, format, out).await
        }
    }
}

/// `format`: `None` for the page of a committee.
async fn export(
    settings: &Settings,
    dossier: i64,
    format: Option<ExportFormat>,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    let (record, today) = (store.record(), book.today());
    let Some(export) = Export::of(&record, dossier).await? else {
        say(out, &words::nothing(dossier, today, None));
        return Ok(CommandOutcome::Failed);
    };
    let text = match format {
        Some(ExportFormat::Json) => serde_json::to_string_pretty(&export)?,
        Some(ExportFormat::Html) => html(&export, Paper::Screen, today)?,
        Some(ExportFormat::PdfReady) => html(&export, Paper::Sheet, today)?,
        None => committee(&record, &export, today).await?,
    };
    say(out, &text);
    Ok(CommandOutcome::Done)
}

async fn verify(
    settings: &Settings,
    anchor: Option<&str>,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, _) = open(settings).await?;
    let told = anchor.map(|anchor| {
        let (seq, hash) = anchor.split_once(':')?;
        let hash = hash.trim();
        let whole = hash.len() >= 8 && hash.chars().all(|digit| digit.is_ascii_hexdigit());
        seq.trim().parse::<i64>().ok().filter(|_| whole).map(|seq| (seq, hash))
    });
    if told == Some(None) {
        say(out, words::BAD_ANCHOR);
        return Ok(CommandOutcome::Failed);
    }
    let walk = walk(&store.record(), told.flatten()).await?;
    let (lines, outcome) = match &walk.fault {
        None => (words::whole(walk.entries, &walk.last, walk.erased), CommandOutcome::Done),
        Some(fault) => (words::broken(fault.seq, &why(&fault.what)), CommandOutcome::Failed),
    };
    for line in lines {
        say(out, &line);
    }
    Ok(outcome)
}

fn why(fault: &FaultKind) -> String {
    match fault {
        FaultKind::Changed => words::ENTRY_CHANGED.to_owned(),
        FaultKind::Missing => words::ENTRY_MISSING.to_owned(),
        FaultKind::Broken => words::ENTRY_BROKEN.to_owned(),
        FaultKind::Absent(hash) => words::content_absent(hash),
        FaultKind::Damaged(hash) => words::content_changed(hash),
        FaultKind::Line(id) => words::line_changed(id),
        FaultKind::Head => words::END_MISSING.to_owned(),
        FaultKind::Anchor => words::ANCHOR_DIFFERS.to_owned(),
    }
}

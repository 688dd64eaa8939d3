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
        Some(ExportFormat::Json) => Some(serde_json::to_string_pretty(&export)?),
        Some(ExportFormat::Html) => Some(html(&export, Paper::Screen, today)?),
        Some(ExportFormat::PdfReady) => Some(html(&export, Paper::Sheet, today)?),
        None => committee(&record, &export, today).await?,
    };
    say(out, &text.unwrap_or_default());
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
        say(
            out,
            "--anchor s’écrit NUMÉRO:EMPREINTE, comme dans le digest (par exemple 1204:9f2c01d77a3e4b58).",
        );
        return Ok(CommandOutcome::Failed);
    }
    let walk = walk(&store.record(), told.flatten()).await?;
    match walk.fault {
        None => {
            let last = words::short(&walk.last);
            say(out, &format!("Chaîne intacte : {} enregistrements, le dernier {last}.", walk.entries));
            if walk.erased > 0 {
                say(
                    out,
                    &format!("{} contenus effacés à leur terme ; leurs empreintes tiennent.", walk.erased),
                );
            }
            Ok(CommandOutcome::Done)
        }
        Some(fault) => {
            say(out, &format!("Chaîne rompue à l’enregistrement n° {} : {}.", fault.seq, why(&fault.what)));
            say(out, "Comparez avec la dernière sauvegarde et avec les empreintes des digests reçus.");
            Ok(CommandOutcome::Failed)
        }
    }
}

fn why(fault: &FaultKind) -> String {
    match fault {
        FaultKind::Changed => "son contenu a été modifié".to_owned(),
        FaultKind::Missing => "celui qui le précède manque".to_owned(),
        FaultKind::Broken => "il ne suit pas celui qui le précède".to_owned(),
        FaultKind::Absent(hash) => format!("le contenu {} qu’il nomme manque", words::short(hash)),
        FaultKind::Damaged(hash) => format!("le contenu {} qu’il nomme a été modifié", words::short(hash)),
        FaultKind::Line(id) => format!("la ligne {id} du journal, qui dit l’acte, a été modifiée ou ôtée"),
        FaultKind::Head => "la fin de la chaîne manque".to_owned(),
        FaultKind::Anchor => "l’empreinte annoncée par le digest n’est pas la sienne".to_owned(),
    }
}

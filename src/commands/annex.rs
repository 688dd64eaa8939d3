//! `vigie annex`: the annex of a central service's attestation, as a file on standard output.

use std::io::Write;

use jiff::civil::Date;

use super::{Outcome, open, say};
use crate::config::Settings;
use crate::register::annex::csv;
use label::case::Service;
use label::judge::network::annex;

/// # Errors
/// When the store cannot be read, or the file not be written.
pub async fn annex_of(
    settings: &Settings,
    dossier: i64,
    on: Option<Date>,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let (_, book) = open(settings).await?;
    let case = book.case_of(dossier).await?.filter(|case| case.service == Service::Central);
    let Some(case) = case else {
        say(out, &format!("Le dossier {dossier} n’est pas celui d’un service central connu de vigie."));
        return Ok(Outcome::Failed);
    };
    out.write_all(&csv(&annex(&case, on.unwrap_or(book.today()))))?;
    Ok(Outcome::Done)
}

//! The annex of a central service's attestation (R-3.8.2-a): its labelled locals, with tier and year.

use label::judge::network::AnnexLine;
use label::wording::tier;

use super::files::{harmless, record};

/// The columns, in order.
pub const COLUMNS: [&str; 6] = ["nom", "siret", "palier", "annee", "valable_du", "valable_au"];

/// CSV: UTF-8, commas, a first line of column names.
#[must_use]
pub fn csv(lines: &[AnnexLine]) -> Vec<u8> {
    let mut file = record(COLUMNS.iter().map(|name| (*name).to_owned()));
    for line in lines {
        let cells = [
            line.name.clone(),
            line.siret.clone().unwrap_or_default(),
            line.tier.map(tier).unwrap_or_default().to_owned(),
            line.from.year().to_string(),
            line.from.to_string(),
            line.to.to_string(),
        ];
        file.extend(record(cells.into_iter().map(harmless)));
    }
    file
}

//! The documents of a case: what lies on the platform now, what was seen before, and what their bytes showed.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::evidence::Evidence;
use label::case::Case;
use label::case::facts::{Attachment, Facts, Scan};
use label::case::inspection::Inspection;
use label::case::keys::Key;
use label::paris_date;
use label::wording::{boards, date_full, exports, fields, findings, names};

/// One group a dossier, the latest first.
pub async fn documents(app: &AppState, case: &Case) -> Result<Vec<Value>, PageError> {
    let mut groups = Vec::new();
    for facts in case.dossiers.iter().rev() {
        let remembered = app.store.files().evidence(facts.number).await?;
        let mut lines = lines(case, facts, &remembered);
        if app.demo.is_some() {
            // The documents of the simulated platform can be opened; those on the platform now come first.
            let here = facts.attachments().count();
            for (rank, line) in lines.iter_mut().take(here).enumerate() {
                let open = opened_at(facts.number, rank);
                *line = context! { open, ..line.clone() };
            }
        }
        if !lines.is_empty() {
            groups.push(context! { dossier => facts.number, lines });
        }
    }
    Ok(groups)
}

/// Where the demo opens a document, by its rank in its dossier.
pub(super) fn opened_at(dossier: i64, rank: usize) -> String {
    format!("/demo/documents/{dossier}/{rank}")
}

fn lines(case: &Case, facts: &Facts, remembered: &[Evidence]) -> Vec<Value> {
    let mut shown: BTreeSet<(Key, &str)> = BTreeSet::new();
    let mut lines = Vec::new();
    for (key, file) in facts.attachments() {
        shown.insert((key, file.checksum.as_str()));
        let seen = remembered.iter().find(|old| old.key == key && old.checksum == file.checksum);
        lines.push(present(key, file, case.inspections.of(file).as_ref(), seen));
    }
    // What was there and no longer is: evidence outlives the platform's copy.
    let past = remembered.iter().filter(|old| !shown.contains(&(old.key, old.checksum.as_str())));
    lines.extend(past.map(|old| {
        context! {
            piece => names::capital(&fields::key(old.key)), name => old.name.as_str(),
            size => size(old.bytes), class => "passed", state => "N’est plus dans le dossier",
            detail => boards::seen_on(&date_full(paris_date(crate::store::timestamp(old.seen_at))), old.kept.is_some()),
        }
    }));
    lines
}

pub(super) fn present(
    key: Key,
    file: &Attachment,
    inspection: Option<&Inspection>,
    seen: Option<&Evidence>,
) -> Value {
    let (class, state) = match (file.scan, inspection) {
        (Scan::Refused, _) => ("ko", "Écarté par l’antivirus de la plateforme".to_owned()),
        (_, Some(inspection)) => match inspection.fault {
            Some(fault) => {
                let class = if fault.is_fatal() { "ko" } else { "to_check" };
                (class, names::capital(&findings::bad_file(fault)))
            }
            None => ("ok", boards::inspected(inspection)),
        },
        (Scan::Pending, None) => ("unknown", "Analyse antivirus en cours".to_owned()),
        (Scan::Safe, None) => ("unknown", "Pas encore ouvert".to_owned()),
        (Scan::Unknown, None) => ("unknown", exports::ONLY_A_NAME.to_owned()),
    };
    let is_empty = file.bytes == 0 && file.scan != Scan::Unknown;
    let state = if is_empty { "Fichier vide".to_owned() } else { state };
    let class = if is_empty { "ko" } else { class };
    let detail = seen.map(|old| {
        boards::seen_on(&date_full(paris_date(crate::store::timestamp(old.seen_at))), old.kept.is_some())
    });
    context! {
        piece => names::capital(&fields::key(key)), name => file.name.as_str(),
        size => shown_size(file), class, state, detail,
    }
}

fn shown_size(file: &Attachment) -> String {
    if file.scan == Scan::Unknown {
        return String::new();
    }
    size(i64::try_from(file.bytes).unwrap_or(i64::MAX))
}

/// « 24 Ko »: whole units, rounded up, so that a small file is never « 0 ».
fn size(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} octets"),
        1024..1_048_576 => format!("{} Ko", (bytes + 1023) / 1024),
        _ => format!("{} Mo", (bytes + 1_048_575) / 1_048_576),
    }
}

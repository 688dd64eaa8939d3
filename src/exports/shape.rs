//! A dossier known by exports, in the shape that the API gives, for the one translation of both.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::columns::{
    ACCOUNT, Block, CHANGED, Columns, DECIDED, DEPOSITED, EXAMINED, Field, LEGAL_NAME, SIRET, STATE, UPDATED,
};
use super::life::{Doubt, Life, Said, Told};
use super::pieces::Pieces;
use super::untold::untold;
use super::{files, values};
use crate::dn::RawDossier;
use crate::dn::form::{FieldType, ResolvedForm, Table, alike};
use label::case::keys::Key;
use label::folding::folded;

/// Why a dossier cannot be made of what exports said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// « Brouillon »: not deposited yet.
    Draft,
    /// No day of deposit is known.
    Deposit,
}

/// The dossier for the translation, with the files of zips that its cells name.
///
/// # Errors
/// [`Incomplete`] when it has nothing to be judged from.
pub fn raw(
    number: i64,
    life: &Life,
    columns: &Columns,
    pieces: &Pieces,
    form: &ResolvedForm,
) -> Result<RawDossier, Incomplete> {
    let instant = |column: &str| life.told(column).and_then(|told| values::instant(&told.cell));
    let text = |column: &str| life.told(column).map(|told| values::text(&told.cell));
    let french = text(STATE).unwrap_or_default();
    let state = state(&french).ok_or(Incomplete::Draft)?;
    let deposited = instant(DEPOSITED).ok_or(Incomplete::Deposit)?;
    let modified = instant(UPDATED);
    let of = |table: Table| -> Vec<Json> {
        let fields = columns.fields.iter().filter(|field| field.table == table);
        let fields = fields.filter_map(|field| champ((life, pieces), field, form));
        let blocks = columns.blocks.iter().filter(|block| block.table == table);
        fields.chain(blocks.filter_map(|block| rows((life, pieces), block, form))).collect()
    };
    let said = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let body = json!({
        "id": "",
        "number": number,
        "state": state,
        "dateDepot": deposited.to_string(),
        "datePassageEnInstruction": said(instant(EXAMINED)),
        "dateTraitement": said(instant(DECIDED)),
        "dateExpiration": Json::Null,
        "dateDerniereCorrectionEnAttente": Json::Null,
        "dateDerniereModificationChamps": said(instant(CHANGED)).unwrap_or_default(),
        "dateDerniereModificationAnnotations": "",
        "demarche": { "number": form.demarche },
        "usager": { "email": text(ACCOUNT).unwrap_or_default() },
        "demandeur": {
            "__typename": "PersonneMorale",
            "siret": text(SIRET).unwrap_or_default(),
            "entreprise": text(LEGAL_NAME).map(|name| json!({ "raisonSociale": name })),
        },
        "groupeInstructeur": { "number": 0, "instructeurs": [] },
        "instructeurs": [],
        "attestation": Json::Null,
        "champs": of(Table::Champs),
        "annotations": of(Table::Annotations),
        "untold": untold(life, columns),
    });
    Ok(RawDossier::exported(number, modified, &body))
}

/// The API's word, or the one of the export when it is not known; `None` for a draft.
fn state(french: &str) -> Option<&str> {
    Some(match folded(french).as_str() {
        "brouillon" => return None,
        "en construction" | "a corriger" => "en_construction",
        "en instruction" => "en_instruction",
        "accepte" => "accepte",
        "refuse" => "refuse",
        "classe sans suite" | "sans suite" => "sans_suite",
        _ => french,
    })
}

fn champ((life, pieces): (&Life, &Pieces), field: &Field, form: &ResolvedForm) -> Option<Json> {
    let known = match field.table {
        Table::Champs => form.champs.get(&field.id),
        Table::Annotations => form.annotations.get(&field.id),
    };
    let keys: Vec<Key> = known?.iter().map(|(key, _)| *key).collect();
    if field.kind == FieldType::Departement
        && let Some(code) = life.told(&values::code_of(&field.id))
    {
        let departement = json!({ "code": values::text(&code.cell) });
        return Some(described(&field.id, "DepartementChamp", json!({ "departement": departement })));
    }
    Some(valued(field, life.told(&field.id)?, pieces, &keys, form))
}

fn rows((life, pieces): (&Life, &Pieces), block: &Block, form: &ResolvedForm) -> Option<Json> {
    let Said::Rows(rows) = &life.0.get(&block.id)?.said else { return None };
    let row = |row: &super::life::ToldRow| {
        let cells = block.cells.iter().filter_map(|cell| {
            let (_, key, _) = form.cells.get(&cell.id)?;
            Some(valued(cell, row.get(&cell.id)?, pieces, &[*key], form))
        });
        json!({ "champs": cells.collect::<Vec<Json>>() })
    };
    let rows: Vec<Json> = rows.iter().map(row).collect();
    Some(described(&block.id, "RepetitionChamp", json!({ "rows": rows })))
}

/// A field as the API gives it: what its type does not have is absent.
fn valued(field: &Field, told: &Told, pieces: &Pieces, keys: &[Key], form: &ResolvedForm) -> Json {
    let (cell, text) = (&told.cell, values::text(&told.cell));
    let (kind, mut value) = match field.kind {
        FieldType::Date => {
            let date = values::date(cell).map_or(text, |date| date.to_string());
            ("DateChamp", json!({ "date": date }))
        }
        FieldType::Datetime => {
            let at = values::instant(cell).map_or(text, |at| at.to_string());
            ("DatetimeChamp", json!({ "datetime": at }))
        }
        FieldType::IntegerNumber => ("IntegerNumberChamp", json!({ "integer": values::number(cell) })),
        FieldType::DecimalNumber => {
            ("DecimalNumberChamp", json!({ "stringValue": text, "decimal": Json::Null }))
        }
        // No dossier has the number 0: a plain export writes it for an empty field.
        FieldType::DossierLink if values::is_zero(cell) => ("DossierLinkChamp", json!({})),
        FieldType::DossierLink => ("DossierLinkChamp", json!({ "stringValue": values::number(cell) })),
        FieldType::YesNo | FieldType::Checkbox => match values::flag(cell) {
            Some(flag) => ("YesNoChamp", json!({ "yesNo": flag })),
            None => ("TextChamp", json!({ "stringValue": text })),
        },
        FieldType::DropDownList => {
            ("DropDownListChamp", json!({ "choice": option(&text, field.table, keys, form) }))
        }
        FieldType::PieceJustificative => {
            let files = files::names(&text).into_iter().map(|name| attachment(&name, pieces));
            ("PieceJustificativeChamp", json!({ "files": files.collect::<Vec<Json>>() }))
        }
        _ => ("TextChamp", json!({ "stringValue": text })),
    };
    if let (Some(doubt), Some(fields)) = (told.doubt, value.as_object_mut()) {
        let word = match doubt {
            Doubt::Zero => "zero",
            Doubt::No => "no",
        };
        fields.insert("doubt".to_owned(), word.into());
    }
    described(&field.id, kind, value)
}

/// Of a file that no zip holds, the name alone. The platform puts none into a zip that its antivirus did not pass.
fn attachment(name: &str, pieces: &Pieces) -> Json {
    match pieces.by_name.get(name) {
        Some(file) => json!({ "filename": name, "byteSizeBigInt": file.bytes.to_string(),
            "checksum": file.checksum, "contentType": "", "virusScanResult": "safe" }),
        None => json!({ "filename": name, "byteSizeBigInt": "0", "checksum": "", "contentType": "",
            "virusScanResult": RawDossier::SCAN_OF_EXPORTS }),
    }
}

fn described(id: &str, kind: &str, value: Json) -> Json {
    let mut champ =
        json!({ "__typename": kind, "id": id, "champDescriptorId": id, "stringValue": Json::Null });
    if let (Some(fields), Json::Object(value)) = (champ.as_object_mut(), value) {
        fields.extend(value);
    }
    champ
}

/// The option of `form.toml` that is written alike: the exact options of the form are not known here.
fn option(text: &str, table: Table, keys: &[Key], form: &ResolvedForm) -> String {
    let known = keys.iter().filter_map(|key| form.options.get(&(table, *key))).flatten();
    let alike = known.into_iter().find(|(option, ours)| alike(option, text) || alike(ours, text));
    alike.map_or_else(|| text.to_owned(), |(option, _)| option.clone())
}

//! One dossier as `observe.graphql` selects it, borrowed from the text that came.
//!
//! The types that `graphql_client` makes copy each field twice to find out which kind it is of; a first reading of ten
//! thousand dossiers spent half its time there. Here a field is one flat structure: what its kind does not have is absent.

use std::borrow::Cow;

use serde::Deserialize;

use super::scalars::BigInt;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dossier<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub number: i64,
    #[serde(borrow)]
    pub state: Cow<'a, str>,
    #[serde(borrow)]
    pub date_depot: Cow<'a, str>,
    #[serde(borrow)]
    pub date_passage_en_instruction: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date_traitement: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date_expiration: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date_derniere_correction_en_attente: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date_derniere_modification_champs: Cow<'a, str>,
    pub demarche: Numbered,
    #[serde(borrow)]
    pub usager: Usager<'a>,
    #[serde(borrow)]
    pub demandeur: Demandeur<'a>,
    #[serde(borrow)]
    pub groupe_instructeur: Groupe<'a>,
    #[serde(borrow)]
    pub instructeurs: Vec<Instructeur<'a>>,
    #[serde(borrow)]
    pub attestation: Option<File<'a>>,
    #[serde(borrow)]
    pub champs: Vec<Champ<'a>>,
    #[serde(borrow)]
    pub annotations: Vec<Champ<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Numbered {
    pub number: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Usager<'a> {
    #[serde(borrow)]
    pub email: Cow<'a, str>,
}

/// A company, complete or not yet; a person has no SIRET.
#[derive(Debug, Deserialize)]
pub(super) struct Demandeur<'a> {
    #[serde(rename = "__typename", borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub siret: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub entreprise: Option<Entreprise<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entreprise<'a> {
    #[serde(borrow)]
    pub raison_sociale: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Groupe<'a> {
    pub number: i64,
    #[serde(borrow)]
    pub instructeurs: Vec<Instructeur<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Instructeur<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
}

/// A field or an annotation, or a cell of a block's row.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Champ<'a> {
    #[serde(rename = "__typename", borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub champ_descriptor_id: Cow<'a, str>,
    #[serde(borrow)]
    pub string_value: Option<Cow<'a, str>>,
    pub integer: Option<BigInt>,
    pub decimal: Option<f64>,
    #[serde(borrow)]
    pub date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub datetime: Option<Cow<'a, str>>,
    pub checked: Option<bool>,
    pub yes_no: Option<bool>,
    #[serde(borrow)]
    pub choice: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub departement: Option<Departement<'a>>,
    #[serde(borrow)]
    pub files: Option<Vec<File<'a>>>,
    #[serde(borrow)]
    pub rows: Option<Vec<RepetitionRow<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Departement<'a> {
    #[serde(borrow)]
    pub code: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RepetitionRow<'a> {
    #[serde(borrow)]
    pub champs: Vec<Champ<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File<'a> {
    #[serde(borrow)]
    pub filename: Cow<'a, str>,
    pub byte_size_big_int: BigInt,
    #[serde(borrow)]
    pub checksum: Cow<'a, str>,
    #[serde(borrow)]
    pub content_type: Cow<'a, str>,
    #[serde(borrow)]
    pub virus_scan_result: Cow<'a, str>,
}

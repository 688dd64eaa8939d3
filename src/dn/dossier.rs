//! One dossier as `observe.graphql` selects it, borrowed from the text that came.
//!
//! The types that `graphql_client` makes copy each field twice to find out which kind it is of; a first reading of ten
//! thousand dossiers spent half its time there. Here a field is one flat structure: what its kind does not have is absent,
//! and what its kind has must be there ([`Dossier::lacks`]).

use std::borrow::Cow;

use serde::Deserialize;

use super::json::{asked, given};
use super::scalars::BigInt;
use label::case::keys::Key;

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
    #[serde(borrow, deserialize_with = "asked")]
    pub date_passage_en_instruction: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "asked")]
    pub date_traitement: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "asked")]
    pub date_expiration: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "asked")]
    pub date_derniere_correction_en_attente: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date_derniere_modification_champs: Cow<'a, str>,
    #[serde(borrow)]
    pub date_derniere_modification_annotations: Cow<'a, str>,
    pub demarche: Numbered,
    #[serde(borrow)]
    pub usager: Usager<'a>,
    #[serde(borrow)]
    pub demandeur: Demandeur<'a>,
    #[serde(borrow)]
    pub groupe_instructeur: Groupe<'a>,
    #[serde(borrow)]
    pub instructeurs: Vec<Instructeur<'a>>,
    #[serde(borrow, deserialize_with = "asked")]
    pub attestation: Option<File<'a>>,
    #[serde(borrow)]
    pub champs: Vec<Champ<'a>>,
    #[serde(borrow)]
    pub annotations: Vec<Champ<'a>>,
    /// The API has no such field: the keys of which no export has told anything.
    #[serde(default)]
    pub untold: Vec<Key>,
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
    #[serde(default, borrow, deserialize_with = "given")]
    pub entreprise: Given<Entreprise<'a>>,
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
    #[serde(borrow, deserialize_with = "asked")]
    pub string_value: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "given")]
    pub integer: Given<BigInt>,
    #[serde(default, deserialize_with = "given")]
    pub decimal: Given<f64>,
    #[serde(default, borrow, deserialize_with = "given")]
    pub date: Given<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "given")]
    pub datetime: Given<Cow<'a, str>>,
    #[serde(default, deserialize_with = "given")]
    pub checked: Given<bool>,
    #[serde(default, deserialize_with = "given")]
    pub yes_no: Given<bool>,
    #[serde(default, borrow, deserialize_with = "given")]
    pub choice: Given<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "given")]
    pub departement: Given<Departement<'a>>,
    #[serde(borrow)]
    pub files: Option<Vec<File<'a>>>,
    #[serde(borrow)]
    pub rows: Option<Vec<RepetitionRow<'a>>>,
    /// The API has no such field: an export may write a value that nobody filled.
    pub doubt: Option<Doubt>,
}

/// What a plain export writes alike for an empty field.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doubt {
    Zero,
    No,
}

/// What only some kinds of field have: `None` when the key is absent, `Some(None)` when it holds null.
type Given<T> = Option<Option<T>>;

impl Champ<'_> {
    /// The key that its kind was asked for and that did not come, of the field or of a cell of its rows.
    fn lacks(&self) -> Option<&'static str> {
        let (key, given) = match &*self.kind {
            "IntegerNumberChamp" => ("value", self.integer.is_some()),
            "DecimalNumberChamp" => ("value", self.decimal.is_some()),
            "DateChamp" => ("date", self.date.is_some()),
            "DatetimeChamp" => ("datetime", self.datetime.is_some()),
            "CheckboxChamp" => ("value", self.checked.is_some()),
            "YesNoChamp" => ("value", self.yes_no.is_some()),
            "DropDownListChamp" => ("value", self.choice.is_some()),
            "DepartementChamp" => ("departement", self.departement.is_some()),
            "PieceJustificativeChamp" => ("files", self.files.is_some()),
            "RepetitionChamp" => ("rows", self.rows.is_some()),
            _ => return None,
        };
        if !given {
            return Some(key);
        }
        self.rows.iter().flatten().flat_map(|row| &row.champs).find_map(Champ::lacks)
    }
}

impl Demandeur<'_> {
    fn lacks(&self) -> Option<&'static str> {
        match &*self.kind {
            "PersonneMorale" | "PersonneMoraleIncomplete" if self.siret.is_none() => Some("siret"),
            "PersonneMorale" if self.entreprise.is_none() => Some("entreprise"),
            _ => None,
        }
    }
}

impl Dossier<'_> {
    /// What was asked for and did not come: read as it is, the dossier would seem to hold nothing there.
    pub(super) fn lacks(&self) -> Option<String> {
        let of = |list: &str, champs: &[Champ<'_>]| {
            let found = champs.iter().enumerate();
            let mut found = found.filter_map(|(rank, champ)| Some((rank, champ.lacks()?)));
            found.next().map(|(rank, key)| format!("the answer lacks {list}[{rank}].{key}"))
        };
        let applicant = self.demandeur.lacks().map(|key| format!("the answer lacks demandeur.{key}"));
        applicant.or_else(|| of("champs", &self.champs)).or_else(|| of("annotations", &self.annotations))
    }
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

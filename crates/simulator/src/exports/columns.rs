//! The columns of the first sheet, and of the sheet of a repeated block.

use super::values::{Cell, cell, moment};
use super::{ExportFormat, ExportShape};
use crate::dossier::{Demandeur, Dossier, Fields, State, Value};
use crate::fields::visible;
use crate::form::{Descriptor, Kind, Side};
use crate::world::World;

/// What stands in a column.
#[derive(Clone)]
pub(super) enum Column {
    Dossier(&'static str),
    Field(Side, Descriptor),
    /// The code of a département, beside its name.
    Code(Side, Descriptor),
}

const DOSSIER: [&str; 3] = ["ID", "Email", "FranceConnect ?"];
const COMPANY: [&str; 1] = ["Entreprise raison sociale"];
const INLINE_COMPANY: [&str; 3] =
    ["Établissement SIRET", "Établissement siège social", "Entreprise raison sociale"];
const DATES: [&str; 10] = [
    "À archiver",
    "État du dossier",
    "Dernière mise à jour le",
    "Dernière mise à jour du dossier le",
    "Déposé le",
    "Passé en instruction le",
    "Traité le",
    "Motivation de la décision",
    "Instructeurs",
    "Groupe instructeur",
];

impl Column {
    pub(super) fn title(&self) -> String {
        match self {
            Column::Dossier(title) => (*title).to_owned(),
            Column::Field(_, field) => field.label.clone(),
            Column::Code(_, field) => format!("{} (Code)", field.label),
        }
    }

    pub(super) fn cell(&self, world: &World, dossier: &Dossier, shape: &ExportShape) -> Cell {
        match self {
            Column::Dossier(title) => of_dossier(title, world, dossier),
            Column::Field(side, field) => {
                let value = shown(world, dossier, *side, field);
                match (field.kind, value.text()) {
                    (Kind::Departement, Some(text)) => halves(&text).1.into(),
                    _ => cell(field.kind, &value, shape),
                }
            }
            Column::Code(side, field) => {
                let text = shown(world, dossier, *side, field).text().unwrap_or_default();
                halves(&text).0.into()
            }
        }
    }
}

/// « 75 – Paris ».
fn halves(text: &str) -> (&str, &str) {
    text.split_once(" – ").unwrap_or((text, text))
}

pub(super) fn fields(dossier: &Dossier, side: Side) -> &Fields {
    if side == Side::Champs { &dossier.champs } else { &dossier.annotations }
}

/// The value of a field, if the dossier's own revision has it and shows it.
fn shown(world: &World, dossier: &Dossier, side: Side, field: &Descriptor) -> Value {
    let (form, fields) = (world.form_of(dossier), fields(dossier, side));
    let own = form.side(side).iter().find(|own| own.stable_id == field.stable_id);
    let seen = own.filter(|own| visible(form, fields, side, own));
    let cell = seen.and_then(|own| fields.cells.get(&own.stable_id));
    cell.map(|cell| cell.value.clone()).unwrap_or_default()
}

/// Every column of a plain export, in order: two revisions' fields with one label are two columns with one title.
pub(super) fn all(world: &World, format: ExportFormat) -> Vec<Column> {
    let company: &[&'static str] = if format == ExportFormat::Csv { &INLINE_COMPANY } else { &COMPANY };
    let fixed = DOSSIER.iter().chain(company).chain(&DATES).map(|title| Column::Dossier(title));
    let mut columns: Vec<Column> = fixed.collect();
    for side in [Side::Champs, Side::Annotations] {
        for field in of_all_revisions(world, side) {
            match field.kind {
                Kind::Header | Kind::Explanation | Kind::Repetition => {}
                Kind::Departement => {
                    columns.push(Column::Field(side, field.clone()));
                    columns.push(Column::Code(side, field));
                }
                _ => columns.push(Column::Field(side, field)),
            }
        }
    }
    columns
}

pub(super) fn of_all_revisions(world: &World, side: Side) -> Vec<Descriptor> {
    let mut fields: Vec<Descriptor> = Vec::new();
    for revision in world.revisions().into_iter().rev() {
        for field in world.form_at(revision).side(side) {
            if !fields.iter().any(|known| known.stable_id == field.stable_id) {
                fields.push(field.clone());
            }
        }
    }
    fields
}

pub(super) fn siret(dossier: &Dossier) -> &str {
    match &dossier.demandeur {
        Demandeur::Company { siret, .. } | Demandeur::Incomplete { siret } => siret,
        Demandeur::Person { .. } => "",
    }
}

fn of_dossier(title: &str, world: &World, dossier: &Dossier) -> Cell {
    match title {
        "ID" => Cell::Number(f64::from(dossier.number)),
        "Email" => dossier.usager_email.as_str().into(),
        "FranceConnect ?" => Cell::Flag(false),
        "Établissement SIRET" => siret(dossier).into(),
        "Entreprise raison sociale" => match &dossier.demandeur {
            Demandeur::Company { name, .. } => name.as_str().into(),
            _ => Cell::Blank,
        },
        "À archiver" => Cell::Flag(dossier.archived),
        "État du dossier" => match dossier.state {
            State::EnConstruction => "En construction",
            State::EnInstruction => "En instruction",
            State::Accepte => "Accepté",
            State::Refuse => "Refusé",
            State::SansSuite => "Classé sans suite",
        }
        .into(),
        "Dernière mise à jour le" => moment(Some(dossier.updated_at)),
        "Dernière mise à jour du dossier le" => moment(Some(dossier.champs_at)),
        "Déposé le" => moment(Some(dossier.depose_at)),
        "Passé en instruction le" => moment(dossier.en_instruction_at),
        "Traité le" => moment(dossier.processed_at),
        "Motivation de la décision" => dossier.motivation.as_deref().unwrap_or_default().into(),
        "Instructeurs" => {
            let all = dossier.followers.iter().filter_map(|number| world.instructeur(*number));
            let all: Vec<&str> = all.map(|one| one.email.as_str()).collect();
            all.join(" ").as_str().into()
        }
        "Groupe instructeur" => world.group(dossier.group).map_or("", |group| group.label.as_str()).into(),
        _ => Cell::Blank,
    }
}

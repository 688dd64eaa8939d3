//! The sheets of an export: the dossiers, their establishments, then one for each repeated block.

use super::columns::{Column, all, fields, of_all_revisions, siret};
use super::values::{Cell, cell};
use super::{ExportFormat, ExportShape};
use crate::dossier::{Dossier, Value};
use crate::form::{Descriptor, Kind, Side};
use crate::world::World;

pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) titles: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The name of a sheet has this many bytes at most.
const NAME: usize = 30;

pub(super) fn sheets(world: &World, format: ExportFormat, shape: &ExportShape) -> Vec<Sheet> {
    let dossiers: Vec<&Dossier> = world.all_seen().filter(|dossier| dossier.is_visible()).collect();
    let all = all(world, format);
    let chosen: Vec<(String, Option<Column>)> = match shape {
        ExportShape::Model(titles) => {
            let column = |title: &String| all.iter().find(|column| column.title() == *title).cloned();
            let known = titles.iter().map(|title| (title.clone(), column(title)));
            known.filter(|(_, column)| column.is_some()).collect()
        }
        _ => all.into_iter().map(|column| (column.title(), Some(column))).collect(),
    };
    let row = |dossier: &&Dossier| {
        let cell = |(_, column): &(String, Option<Column>)| {
            column.as_ref().map_or(Cell::Blank, |column| column.cell(world, dossier, shape))
        };
        chosen.iter().map(cell).collect()
    };
    let mut sheets = vec![Sheet {
        name: "Dossiers".to_owned(),
        titles: chosen.iter().map(|(title, _)| title.clone()).collect(),
        rows: dossiers.iter().map(row).collect(),
    }];
    if format != ExportFormat::Csv {
        sheets.push(establishments(&dossiers));
        for side in [Side::Champs, Side::Annotations] {
            let blocks = of_all_revisions(world, side).into_iter();
            for block in blocks.filter(|field| field.kind == Kind::Repetition && wanted(shape, &field.label))
            {
                sheets.push(rows(&dossiers, side, &block, shape));
            }
        }
    }
    sheets
}

fn wanted(shape: &ExportShape, label: &str) -> bool {
    match shape {
        ExportShape::Model(titles) => titles.iter().any(|title| title == label),
        _ => true,
    }
}

fn establishments(dossiers: &[&Dossier]) -> Sheet {
    let row = |dossier: &&Dossier| {
        vec![Cell::Number(f64::from(dossier.number)), "Dossier".into(), siret(dossier).into()]
    };
    Sheet {
        name: "Etablissements".to_owned(),
        titles: ["Dossier ID", "Champ", "Établissement SIRET"].map(str::to_owned).to_vec(),
        rows: dossiers.iter().filter(|dossier| !siret(dossier).is_empty()).map(row).collect(),
    }
}

/// One row for each row of the block, in every dossier.
fn rows(dossiers: &[&Dossier], side: Side, block: &Descriptor, shape: &ExportShape) -> Sheet {
    let mut rows = Vec::new();
    for dossier in dossiers {
        let own = fields(dossier, side).rows.get(&block.stable_id).into_iter().flatten();
        for (rank, row) in (1_u32..).zip(own) {
            let cells = block.children.iter().map(|child| {
                let value = row.cells.get(&child.stable_id).map(|cell| cell.value.clone());
                cell(child.kind, &value.unwrap_or(Value::Empty), shape)
            });
            let first = [Cell::Number(f64::from(dossier.number)), Cell::Number(f64::from(rank))];
            rows.push(first.into_iter().chain(cells).collect());
        }
    }
    let titles = ["Dossier ID", "Ligne"].map(str::to_owned).into_iter();
    Sheet {
        name: sheet_name(block),
        titles: titles.chain(block.children.iter().map(|child| child.label.clone())).collect(),
        rows,
    }
}

/// « (335) Historique des decisions »: without accents or signs that a sheet's name may not have, cut.
fn sheet_name(block: &Descriptor) -> String {
    let label = block.label.chars().filter(|sign| !"/\\*?[]:".contains(*sign)).map(|sign| match sign {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' | 'È' | 'Ê' => 'E',
        'à' | 'â' => 'a',
        'ç' => 'c',
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'ù' | 'û' => 'u',
        other if other.is_ascii() => other,
        _ => '?',
    });
    format!("({}) {}", block.stable_id, label.collect::<String>()).chars().take(NAME).collect()
}

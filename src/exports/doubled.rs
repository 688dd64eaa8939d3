//! Columns of one title in one sheet.

use std::collections::BTreeSet;

use super::values;
use crate::documents::exports::{ExportCell, ExportSheet};
use label::wording::exports::DoubledTitle;

/// What columns of one title say differently in some row: two revisions of a form fill one of them each, but a person may
/// have filled both. What is not certain contradicts nothing.
pub(super) fn contradiction(
    sheet: &ExportSheet,
    title: &str,
    columns: &[usize],
    is_certain: &dyn Fn(&ExportCell) -> bool,
) -> Option<DoubledTitle> {
    let differ = |row: &Vec<Option<ExportCell>>| {
        let filled = columns.iter().filter_map(|column| row.get(*column)?.as_ref());
        let certain = filled.filter(|cell| **cell != ExportCell::Uncomputed && is_certain(cell));
        certain.map(values::number).collect::<BTreeSet<String>>().len() > 1
    };
    let differing = sheet.rows.iter().filter(|(_, row)| differ(row)).map(|(number, _)| *number);
    let dossiers: Vec<i64> = differing.collect::<BTreeSet<i64>>().into_iter().collect();
    let place = |column: &usize| sheet.columns.get(*column).copied();
    (!dossiers.is_empty()).then(|| DoubledTitle {
        sheet: sheet.name.clone(),
        title: title.to_owned(),
        columns: columns.iter().filter_map(place).collect(),
        dossiers,
    })
}

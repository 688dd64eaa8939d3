//! How values are kept: which field, which row, by whom, and whether anything changed at all (§2.4).

use super::dossier::{Cell, Fields, Row, Value};
use super::files::File;
use super::form::{Descriptor, Kind, Side};
use super::ids;
use super::jobs::{ANALYSIS_DELAY, Job};
use super::world::World;
use jiff::Timestamp;

impl World {
    pub(super) fn write(
        &mut self,
        number: u32,
        side: Side,
        label: &str,
        value: Value,
        by: &str,
        at: Timestamp,
    ) -> bool {
        let found = self.dossiers.get(&number).and_then(|dossier| self.form_of(dossier).find(side, label));
        let Some(descriptor) = found.cloned() else {
            tracing::warn!(label, "the simulated form has no such field");
            return false;
        };
        if let Value::Rows(rows) = value {
            return self.write_rows(number, side, &descriptor, rows, by, at);
        }
        let value = self.stored(number, value, at);
        let Some(fields) = self.fields(number, side) else { return false };
        put(&mut fields.cells, descriptor.stable_id, value, by, at)
    }

    fn write_rows(
        &mut self,
        number: u32,
        side: Side,
        block: &Descriptor,
        rows: Vec<Vec<(&'static str, Value)>>,
        by: &str,
        at: Timestamp,
    ) -> bool {
        let mut changed = false;
        for (rank, cells) in rows.into_iter().enumerate() {
            let serial = self.serial();
            let ulid = ids::ulid(at, u64::from(serial));
            for (label, value) in cells {
                let Some(child) = block.children.iter().find(|child| child.label == label) else { continue };
                let value = self.stored(number, value, at);
                let Some(fields) = self.fields(number, side) else { return changed };
                let kept = fields.rows.entry(block.stable_id).or_default();
                while kept.len() <= rank {
                    kept.push(Row { ulid: ulid.clone(), ..Row::default() });
                }
                changed |= put(&mut kept[rank].cells, child.stable_id, value, by, at);
            }
        }
        changed
    }

    /// Gives files their key and date; the end of their analysis will change the dossier's date once more (§2.4).
    fn stored(&mut self, number: u32, value: Value, at: Timestamp) -> Value {
        let Value::Files(mut files) = value else { return value };
        for file in &mut files {
            self.keep(number, file, at);
        }
        Value::Files(files)
    }

    /// A file new to the platform gets its key and its date, and is scheduled for analysis; one already there keeps its
    /// own.
    pub(super) fn keep(&mut self, number: u32, file: &mut File, at: Timestamp) {
        file.key = format!("{number}-{}", self.serial());
        file.created_at = at;
        if let Some(delay) = self.scan_delay.filter(|_| file.scanned_at == Timestamp::UNIX_EPOCH) {
            file.scanned_at = at + delay;
        }
        self.later(at + ANALYSIS_DELAY, Job::Touch(number));
    }

    fn fields(&mut self, number: u32, side: Side) -> Option<&mut Fields> {
        let dossier = self.dossiers.get_mut(&number)?;
        Some(if side == Side::Champs { &mut dossier.champs } else { &mut dossier.annotations })
    }
}

/// True when a column changed: the same value written by the same person changes no date.
pub(super) fn put(
    cells: &mut std::collections::BTreeMap<u32, Cell>,
    stable_id: u32,
    value: Value,
    by: &str,
    at: Timestamp,
) -> bool {
    let same = cells.get(&stable_id).is_some_and(|cell| cell.by == by && cell.value == value);
    if !same {
        cells.insert(stable_id, Cell { value, updated_at: at, by: by.to_owned() });
    }
    !same
}

/// A value of the wrong type is not stored: the form decides what each field accepts.
pub(super) fn fits(kind: Kind, value: &Value) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(_) => matches!(
            kind,
            Kind::Text | Kind::Textarea | Kind::Email | Kind::Choice | Kind::Departement | Kind::Siret
        ),
        Value::Integer(_) => kind == Kind::Integer,
        Value::Decimal(_) => kind == Kind::Decimal,
        Value::Bool(_) => matches!(kind, Kind::YesNo | Kind::Checkbox),
        Value::Date(_) => kind == Kind::Date,
        Value::Datetime(_) => kind == Kind::Datetime,
        Value::Choices(_) => kind == Kind::Choices,
        Value::Dossier(_) => kind == Kind::DossierLink,
        Value::Files(_) => kind == Kind::Files,
        Value::Rows(_) => kind == Kind::Repetition,
    }
}

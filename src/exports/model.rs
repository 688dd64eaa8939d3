//! The columns of the model of export to make on the platform: those that vigie reads, in an order that can be followed.

use std::collections::BTreeSet;

use super::columns::{Columns, OF_DOSSIER};
use crate::dn::form::Table;

/// The columns by part of the platform's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    pub dossier: Vec<String>,
    pub champs: Vec<String>,
    pub annotations: Vec<String>,
}

impl Columns {
    /// What to choose in the platform's page, part by part.
    #[must_use]
    pub fn model(&self) -> Model {
        let dossier = ["ID"].into_iter().chain(OF_DOSSIER.iter().map(|(_, title)| *title));
        let of = |table: Table| {
            let fields = self.fields.iter().filter(|field| field.table == table).map(|field| &field.label);
            let blocks = self.blocks.iter().filter(|block| block.table == table).map(|block| &block.label);
            // A field and a block of one label are one line of the page.
            let mut seen = BTreeSet::new();
            let inside = |label: &&String| {
                let cell =
                    |block: &super::columns::Block| block.cells.iter().any(|cell| cell.label == **label);
                !self.blocks.iter().any(|block| block.table == table && cell(block))
            };
            let all = fields.filter(inside).chain(blocks).filter(|label| seen.insert((*label).clone()));
            all.cloned().collect()
        };
        Model {
            dossier: dossier.map(str::to_owned).collect(),
            champs: of(Table::Champs),
            annotations: of(Table::Annotations),
        }
    }
}

//! The cases of many dossiers, read together: the number of queries depends on how far their families and networks reach,
//! and not on how many there are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Assembled, CaseBook};
use crate::store::families::{Families, Family};
use crate::store::settled::SettledBy;
use crate::store::{Error, Result};
use label::case::facts::{Facts, Value};
use label::case::inspection::Inspection;
use label::case::keys::Key;
use label::case::table::{TableKind, TableReading};
use label::case::{Case, Frame, Remembered, assemble, postponements};

/// The cases of the families of some dossiers.
#[derive(Debug)]
pub struct Batch {
    /// How many of the dossiers that were asked for it covers, from the first; at least one.
    pub covered: usize,
    /// One for each family, under the first of its dossiers that was asked for. An error is
    /// [`SetAside`](crate::store::Error::SetAside), and costs that family only.
    pub families: Vec<(i64, Result<Assembled>)>,
    /// By the number of a case, the dossiers whose judgement depends on it: its central service's, or its locals'.
    pub neighbours: BTreeMap<i64, BTreeSet<i64>>,
}

impl CaseBook {
    /// The cases of the families of these dossiers, each with what it needs of its network. A dossier that a family
    /// before it holds in one of its cases has none of its own.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn batch(&self, numbers: &[i64], frame: &Frame) -> Result<Batch> {
        let own = self.dossiers.families(numbers).await?;
        let mut families: Vec<(i64, Result<Assembled>)> = Vec::new();
        let mut held: BTreeSet<i64> = BTreeSet::new();
        for number in numbers.iter().take(own.covered) {
            if held.contains(number) {
                continue;
            }
            let assembled = own.of(*number).and_then(|family| assembled(family, frame));
            held.extend(assembled.iter().flat_map(Assembled::numbers));
            families.push((*number, assembled));
        }
        let cases = || families.iter().filter_map(|(_, assembled)| assembled.as_ref().ok());
        let around = Circumstances::of(self, cases().flat_map(|assembled| &assembled.cases)).await?;
        for (_, assembled) in &mut families {
            for case in assembled.iter_mut().flat_map(|assembled| &mut assembled.cases) {
                around.give(case);
            }
        }
        let neighbours = self.add_networks(&mut families, &own, frame).await?;
        Ok(Batch { covered: own.covered, families, neighbours })
    }
}

/// The cases of a family, without what is around them. Fails where the form of one of its dossiers cannot be read.
pub(super) fn assembled(family: Family, frame: &Frame) -> Result<Assembled> {
    let Family { facts, histories, emptied, revisions, said_since } = family;
    if let Some(facts) = facts.iter().find(|facts| frame.unread.contains(&facts.demarche)) {
        return Err(Error::SetAside { dossier: facts.number });
    }
    let decided =
        |facts: &Facts| histories.contains_key(&facts.number) || !facts.rows(Key::Evenements).is_empty();
    // The platform deletes finished dossiers long before the label ends, so decided ones still count. A dossier
    // that disappeared without a decision no longer makes a case.
    let facts: Vec<Facts> = facts.into_iter().filter(|facts| !facts.gone || decided(facts)).collect();
    let answerable = |facts: &&Facts| {
        frame.form(facts).usable.contains(&Key::Decision)
            && !facts.unreadable.contains_key(&Key::Decision)
            && !facts.degraded
    };
    let answerable = facts.iter().filter(answerable).map(|facts| facts.number).collect();
    let remembered = Remembered { histories, answerable, emptied, said_since };
    Ok(Assembled { cases: assemble(facts, &remembered), revisions })
}

/// The cases of the family of one dossier that was read with others, without what is around them.
pub(super) fn alone(families: &Families, number: i64, frame: &Frame) -> Result<Vec<Case>> {
    Ok(assembled(families.of(number)?, frame)?.cases)
}

/// What the store holds beside the facts of dossiers, of many cases.
struct Circumstances {
    audit_days: BTreeMap<i64, Vec<Date>>,
    reported: BTreeMap<i64, BTreeMap<Key, Value>>,
    vanished: BTreeMap<i64, BTreeMap<Key, String>>,
    settled: BTreeMap<i64, Vec<SettledBy>>,
    inspections: BTreeMap<String, Inspection>,
    /// By checksum.
    tables: BTreeMap<String, Vec<(TableKind, TableReading)>>,
}

impl Circumstances {
    async fn of<'a>(book: &CaseBook, cases: impl Iterator<Item = &'a Case>) -> Result<Circumstances> {
        let dossiers: Vec<&Facts> = cases.flat_map(|case| &case.dossiers).collect();
        let numbers: Vec<i64> = dossiers.iter().map(|facts| facts.number).collect();
        let sums: BTreeSet<&String> = dossiers.iter().flat_map(|facts| sums(facts)).collect();
        let sums: Vec<String> = sums.into_iter().cloned().collect();
        let mut tables: BTreeMap<String, Vec<(TableKind, TableReading)>> = BTreeMap::new();
        for ((sum, kind), table) in book.files.tables(&sums).await? {
            tables.entry(sum).or_default().push((kind, table));
        }
        Ok(Circumstances {
            audit_days: book.dossiers.audit_days(&numbers).await?,
            reported: book.dossiers.reported_marks(&dossiers).await?,
            vanished: book.dossiers.vanished(&numbers).await?,
            settled: book.dossiers.settled(&numbers).await?,
            inspections: book.files.inspections(&sums).await?,
            tables,
        })
    }

    /// Gives a case what concerns its dossiers.
    fn give(&self, case: &mut Case) {
        let mut files: BTreeSet<&String> = BTreeSet::new();
        for facts in &case.dossiers {
            let number = facts.number;
            let days = self.audit_days.get(&number).map(Vec::as_slice).unwrap_or_default();
            case.postponements.insert(number, postponements(days));
            case.reported_marks.extend(self.reported.get(&number).map(|marks| (number, marks.clone())));
            case.vanished.extend(self.vanished.get(&number).map(|vanished| (number, vanished.clone())));
            let settled = self.settled.get(&number).into_iter().flatten();
            case.settled.extend(settled.map(|one| one.settled.clone()));
            files.extend(sums(facts));
        }
        for sum in files {
            case.inspections.0.extend(self.inspections.get(sum).map(|found| (sum.clone(), *found)));
            let tables = self.tables.get(sum).into_iter().flatten();
            case.tables.extend(tables.map(|(kind, table)| ((sum.clone(), *kind), table.clone())));
        }
    }
}

/// The checksums of its attachments.
fn sums(facts: &Facts) -> impl Iterator<Item = &String> {
    facts.attachments().map(|(_, file)| &file.checksum)
}

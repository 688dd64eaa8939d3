//! Collects the findings of one dossier. Several modules examine a part of it each.

use std::collections::BTreeMap;

use crate::case::Frame;
use crate::case::facts::Facts;
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::table::{TableKind, TableReading};
use crate::judge::finding::{Finding, Level, What};

/// Collects the findings of one dossier.
pub(super) struct Examiner<'a> {
    pub(super) facts: &'a Facts,
    pub(super) frame: &'a Frame,
    pub(super) inspections: &'a Inspections,
    pub(super) tables: &'a BTreeMap<(String, TableKind), TableReading>,
    pub(super) vanished: Option<&'a BTreeMap<Key, String>>,
    pub(super) findings: Vec<Finding>,
}

impl Examiner<'_> {
    pub(super) fn add(&mut self, rule: &'static str, section: &'static str, level: Level, what: What) {
        let owner = what.owner(self.frame.form(self.facts));
        self.findings.push(Finding { dossier: self.facts.number, rule, section, level, owner, what });
    }
}

//! The proposal, put together: each table by itself, blocks first.

use std::collections::{BTreeMap, BTreeSet};

use super::assign::{Assigned, assign};
use super::candidate::{Candidate, mark_twins};
use super::decoration::without_decoration;
use super::fit::{Confidence, EXACT, Rivals, confidence};
use super::lines;
use super::options::{recognised, values};
use super::proposal::{FieldMatch, FormProposal, ProposedLine, shipped};
use super::tokens::{other_scale, plain};
use super::words::{Synonyms, Vocabulary, Word};
use crate::dn::form::{Descriptor, FieldType, FormMap, LiveForm, Table, expected_types};
use label::case::keys::{Key, Kind};

/// Thousandths from which a field is proposed, from which it is called sure, and from which a person is told of it.
const PROPOSED: u32 = 660;
const SURE: u32 = 950;
const WORTH_A_LOOK: u32 = 400;
const BLOCKS: [Key; 3] = [Key::Sites, Key::Evenements, Key::Preuves];
/// Keys of the body that a form may also ask of the candidate.
const ASKED_TOO: [Key; 7] = [
    Key::ContratSigne,
    Key::ContratDate,
    Key::ZoneFeries,
    Key::CentralDossier,
    Key::AuditDebut,
    Key::AuditFin,
    Key::Preuves,
];

/// Proposes a field for each key.
#[must_use]
pub fn propose(live: &LiveForm, synonyms: &Synonyms) -> FormProposal {
    let shipped = shipped();
    let exact: Vec<(Key, String)> = shipped
        .champs
        .iter()
        .chain(&shipped.annotations)
        .filter_map(|(name, label)| Some((Key::from_name(name)?, label.clone())))
        .collect();
    let mut vocabulary = Vocabulary::new(synonyms, &exact);
    for key in Key::ALL {
        values(*key).into_iter().for_each(|(value, spoken)| vocabulary.name_value(*key, value, spoken));
    }
    let matcher = Matcher { vocabulary, shipped };
    let tables = [Table::Champs, Table::Annotations].map(|table| matcher.table(table, live));
    matcher.proposal(live, &tables)
}

struct Matcher {
    vocabulary: Vocabulary,
    shipped: FormMap,
}

/// What was found in one table.
struct Found<'f> {
    table: Table,
    fields: Vec<Candidate<'f>>,
    /// Key → its field, how sure, and the block that holds it.
    pairs: BTreeMap<Key, (&'f Descriptor, u32, Option<Key>)>,
    doubts: BTreeMap<Key, Vec<&'f Descriptor>>,
}

impl Matcher {
    fn home(&self, key: Key) -> Table {
        if self.shipped.annotations.contains_key(key.name()) { Table::Annotations } else { Table::Champs }
    }

    fn may_stand(&self, key: Key, table: Table) -> bool {
        self.home(key) == table
            || (table == Table::Annotations && !key.is_written())
            || ASKED_TOO.contains(&key)
            || key.only_in() == Some(Key::Preuves)
    }

    fn candidates<'f>(&self, fields: &'f [Descriptor]) -> Vec<Candidate<'f>> {
        let (mut section, mut title) = (Vec::new(), None);
        let mut candidates = Vec::new();
        for field in fields {
            if field.kind == FieldType::Header {
                section = self.vocabulary.read(&field.label);
                title = Some(&field.label);
                continue;
            }
            let words = self.vocabulary.read(&field.label);
            let automatic = words.iter().chain(&section).any(is_automatic);
            let implied = BTreeSet::new();
            let scaled =
                [Some(&field.label), title].into_iter().flatten().any(|text| other_scale(text).is_some());
            let plain = [plain(&without_decoration(&field.label)), plain(&field.label)];
            let listed = recognised(&self.vocabulary, field);
            // The title of the fields of vigie speaks of vigie, and names none of them.
            let of_vigie = section.iter().any(is_automatic);
            let section = if of_vigie { Vec::new() } else { section.clone() };
            let twin = false;
            candidates.push(Candidate {
                listed,
                field,
                plain,
                words,
                section,
                implied,
                automatic,
                scaled,
                twin,
            });
        }
        mark_twins(&mut candidates);
        candidates
    }

    fn table<'f>(&self, table: Table, live: &'f LiveForm) -> Found<'f> {
        let fields = match table {
            Table::Champs => &live.champs,
            Table::Annotations => &live.annotations,
        };
        let mut found =
            Found { table, fields: self.candidates(fields), pairs: BTreeMap::new(), doubts: BTreeMap::new() };
        self.blocks(&mut found);
        // A form that marks the fields of vigie marks them all; one that does not leaves its labels alone to tell.
        let marked = found.fields.iter().any(|candidate| candidate.automatic);
        let keys: Vec<Key> = Key::ALL
            .iter()
            .copied()
            .filter(|key| key.only_in().is_none() && !found.pairs.contains_key(key))
            .filter(|key| self.may_stand(*key, table) && !matches!(key, Key::Evenements | Key::Preuves))
            .collect();
        let rivals = Rivals::among(&self.vocabulary, &keys);
        let mut scores = Vec::new();
        for key in keys {
            for (rank, candidate) in found.fields.iter().enumerate() {
                if candidate.field.kind == FieldType::Repetition
                    || (key.is_written() && marked && !candidate.automatic)
                {
                    continue;
                }
                let fit = confidence(&self.vocabulary, &rivals, key, candidate);
                let fit = fit.filter(|fit| fit.thousandths >= WORTH_A_LOOK);
                // What a person may have to fill in is only written where nothing else is said of the field.
                let fit =
                    fit.filter(|fit| !key.is_written() || candidate.automatic || fit.thousandths >= SURE);
                scores.extend(fit.map(|fit| (key, rank, weighed(fit))));
            }
        }
        let assigned = assign(&scores, PROPOSED);
        found.take(&assigned, None);
        found
    }

    /// Which repeated block is which, and the keys of its cells.
    fn blocks(&self, found: &mut Found<'_>) {
        let keys: Vec<Key> = BLOCKS.into_iter().filter(|key| self.may_stand(*key, found.table)).collect();
        let rivals = Rivals::among(&self.vocabulary, &keys);
        let mut scores = Vec::new();
        for key in &keys {
            for (rank, candidate) in found.fields.iter().enumerate() {
                if candidate.field.kind != FieldType::Repetition {
                    continue;
                }
                let said =
                    confidence(&self.vocabulary, &rivals, *key, candidate).map_or(0, |fit| fit.thousandths);
                let cells = self.cells(*key, candidate.field).0.pairs.len();
                let held = u32::try_from(cells * 1000 / key.cells().len().max(1)).unwrap_or_default();
                // Its cells say it as well as its title.
                // Decisions, tiers and motives are lists of ours: no other block has most of them.
                let alone = if *key == Key::Evenements { held * 8 } else { 0 };
                let score = if said >= PROPOSED { said } else { (said * 4 + held * 6).max(alone) / 10 };
                if held > 0 && score >= WORTH_A_LOOK {
                    scores.push((*key, rank, score.min(EXACT)));
                }
            }
        }
        let assigned = assign(&scores, 500);
        found.take(&assigned, None);
        for (key, (rank, _)) in &assigned.pairs {
            let Some(block) = found.fields.get(*rank).map(|candidate| candidate.field) else { continue };
            let (cells, candidates) = self.cells(*key, block);
            let fields: Vec<&Descriptor> = candidates.iter().map(|candidate| candidate.field).collect();
            for (cell, (rank, score)) in &cells.pairs {
                if let Some(field) = fields.get(*rank) {
                    found.pairs.insert(*cell, (*field, *score, Some(*key)));
                }
            }
            for (cell, ranks) in &cells.doubts {
                let of_cell = ranks.iter().filter_map(|rank| fields.get(*rank).copied()).collect();
                found.doubts.insert(*cell, of_cell);
            }
        }
    }

    fn cells<'f>(&self, key: Key, block: &'f Descriptor) -> (Assigned, Vec<Candidate<'f>>) {
        let mut candidates = self.candidates(&block.children);
        let own = match key {
            Key::Sites => ["site", "local", "service"].as_slice(),
            Key::Evenements => &["decision"],
            _ => &["preuve"],
        };
        for candidate in &mut candidates {
            candidate.implied = own.iter().map(|word| (*word).to_owned()).collect();
        }
        let rivals = Rivals::among(&self.vocabulary, key.cells());
        let mut scores = Vec::new();
        for cell in key.cells() {
            for (rank, candidate) in candidates.iter().enumerate() {
                let fit = confidence(&self.vocabulary, &rivals, *cell, candidate);
                let fit = fit.filter(|fit| fit.thousandths >= WORTH_A_LOOK);
                scores.extend(fit.map(|fit| (*cell, rank, weighed(fit))));
            }
        }
        (assign(&scores, PROPOSED), candidates)
    }
}

impl<'f> Found<'f> {
    fn take(&mut self, assigned: &Assigned, block: Option<Key>) {
        let field = |rank: &usize| self.fields.get(*rank).map(|candidate| candidate.field);
        for (key, (rank, score)) in &assigned.pairs {
            if let Some(field) = field(rank) {
                self.pairs.insert(*key, (field, *score, block));
            }
        }
        for (key, ranks) in &assigned.doubts {
            self.doubts.insert(*key, ranks.iter().filter_map(field).collect());
        }
    }
}

/// What only the title of a section says comes after what the label says.
fn weighed(fit: Confidence) -> u32 {
    fit.thousandths.saturating_sub(if fit.own { 0 } else { 100 })
}

fn is_automatic(word: &Word) -> bool {
    word.notions.contains("auto")
}

impl Matcher {
    fn proposal(&self, live: &LiveForm, tables: &[Found<'_>; 2]) -> FormProposal {
        let mut proposal = FormProposal::default();
        for key in Key::ALL {
            let mut any = false;
            let home = self.home(*key);
            let mut both: Vec<&Found<'_>> = tables.iter().collect();
            both.sort_by_key(|found| found.table != home);
            for found in both {
                let Some((field, score, block)) = found.pairs.get(key).copied() else { continue };
                // A second field of the other table is the verified value: only where nothing else can be meant.
                if any && (score < SURE || matches!(key.kind(), Kind::Files | Kind::FilesOrWords)) {
                    continue;
                }
                any = true;
                let written = lines::name_of(live, found.table, field, block);
                let line = |found_as| ProposedLine {
                    table: found.table,
                    key: *key,
                    block: block.filter(|_| key.only_in().is_none() && written.1),
                    found: found_as,
                    field: Some(field.id.clone()),
                };
                let name = written.0.clone();
                proposal.lines.push(line(if score >= SURE {
                    FieldMatch::Sure(name)
                } else {
                    FieldMatch::Maybe(name, score / 10)
                }));
            }
            let found = self.doubtful(*key, tables);
            // A form need not ask for the SIRET, which is the applicant's.
            let unasked = *key == Key::Siret && found == FieldMatch::Missing;
            if !any && !unasked {
                proposal.lines.push(ProposedLine { table: home, key: *key, block: None, found, field: None });
            }
        }
        self.doubt_all(tables, &mut proposal);
        proposal.lines.sort_by_key(|line| line.table);
        lines::choices(&self.vocabulary, &self.shipped, live, &mut proposal);
        proposal.fields = lines::fields(live, &proposal.lines);
        proposal
    }

    /// Where less than one field in four is recognised, the form is that of something else, and the same words mean others.
    fn doubt_all(&self, tables: &[Found<'_>; 2], proposal: &mut FormProposal) {
        let named = proposal.lines.iter().filter(|line| line.field.is_some()).count();
        let fields: usize = tables.iter().map(|found| found.fields.len()).sum();
        if named * 4 >= fields {
            return;
        }
        for line in &mut proposal.lines {
            let pair = tables
                .iter()
                .find(|found| found.table == line.table)
                .and_then(|found| found.pairs.get(&line.key));
            let Some((field, score, _)) = pair.filter(|_| line.field.is_some()) else { continue };
            if *score < EXACT {
                line.found = FieldMatch::Ambiguous(vec![lines::shown(field)]);
                line.field = None;
            }
        }
    }

    fn doubtful(&self, key: Key, tables: &[Found<'_>; 2]) -> FieldMatch {
        let taken = |field: &&&Descriptor| {
            tables.iter().any(|found| found.pairs.values().any(|(other, ..)| other.id == field.id))
        };
        let doubts = tables.iter().filter_map(|found| found.doubts.get(&key)).flatten();
        let labels: Vec<String> =
            doubts.filter(|field| !taken(field)).map(|field| lines::shown(field)).collect();
        if !labels.is_empty() {
            return FieldMatch::Ambiguous(labels);
        }
        let exact = self.vocabulary.keys.get(&key).map(|known| &known.exact);
        let of_home = tables.iter().filter(|found| found.table == self.home(key));
        let mut wrong =
            of_home.flat_map(|found| &found.fields).map(|candidate| candidate.field).filter(|field| {
                let label = plain(&without_decoration(&field.label));
                exact.is_some_and(|exact| exact.contains(&label))
                    && !expected_types(key).contains(&field.kind)
            });
        match wrong.find(|field| !taken(&field)) {
            Some(field) => FieldMatch::WrongType(field.label.clone(), field.kind),
            None => FieldMatch::Missing,
        }
    }
}

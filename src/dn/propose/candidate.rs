//! A field of the live form, with all that is read of it before any key is looked for.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Nuance, Word};
use crate::dn::form::{Descriptor, FieldType};
use label::case::keys::{Key, Kind};

/// Three options in four that are values of a key say which list it is.
pub(super) const MOST: u32 = 75;

/// A field of the live form with what is read of it.
#[derive(Debug)]
pub(super) struct Candidate<'f> {
    pub field: &'f Descriptor,
    /// Its label without decoration, folded; and the whole label, folded.
    pub plain: [String; 2],
    pub words: Vec<Word>,
    /// The words of the title under which it stands.
    pub section: Vec<Word>,
    /// What the block says of all its cells.
    pub implied: BTreeSet<String>,
    /// It says that it is not for people to fill in.
    pub automatic: bool,
    /// How many in a hundred of its options are values of a key.
    pub listed: BTreeMap<Key, u32>,
    /// Its label or its section names a scale other than 100.
    pub scaled: bool,
    /// What stands in brackets tells it from a field of the same label and type that stands beside it.
    pub twin: bool,
}

/// Marks the fields that differ from another of their type only by brackets that say something else: « (suppléant) ».
pub(super) fn mark_twins(candidates: &mut [Candidate<'_>]) {
    let outside: Vec<_> = candidates
        .iter()
        .map(|candidate| (candidate.outside(), candidate.words.iter().any(|word| word.aside)))
        .collect();
    for candidate in candidates.iter_mut().filter(|candidate| candidate.has_reserve()) {
        let own = candidate.outside();
        candidate.twin = outside.iter().any(|(other, aside)| !aside && *other == own);
    }
}

impl Candidate<'_> {
    /// Its type, and its words that stand in no brackets.
    fn outside(&self) -> (FieldType, Vec<BTreeSet<String>>) {
        let words = self.words.iter().filter(|word| !word.aside).map(|word| word.notions.clone());
        (self.field.kind, words.collect())
    }

    /// In brackets a word that is unknown, of another field, or a nuance.
    fn has_reserve(&self) -> bool {
        let reserve = |word: &Word| word.unknown || word.elsewhere || word.nuance.is_some();
        self.words.iter().any(|word| word.aside && reserve(word))
    }

    /// What its words say beside the key: the worst of them.
    pub fn nuance(&self, names_key: impl Fn(&Word) -> bool, key: Key) -> Option<Nuance> {
        let own = self.words.iter().filter(|word| !names_key(word)).filter_map(|word| word.nuance);
        let found: Vec<Nuance> = own.collect();
        // A share is no number of people.
        let counted = key.kind() == Kind::Count && !found.is_empty();
        if found.contains(&Nuance::Another) || counted {
            Some(Nuance::Another)
        } else {
            found.first().copied()
        }
    }

    /// A list whose options are the values of another key: no list of names.
    pub fn is_list_of_another(&self, key: Key) -> bool {
        let names = matches!(key.kind(), Kind::Words | Kind::Email);
        let choice = |other: &Key| matches!(other.kind(), Kind::Choice(_));
        names && self.listed.iter().any(|(other, percent)| choice(other) && *percent >= MOST)
    }

    /// Its section is about another edition, another date, or its marks are on another scale than those of the key.
    pub fn of_another(&self, names_key: impl Fn(&Word) -> bool, key: Key) -> bool {
        let another = |word: &Word| word.nuance == Some(Nuance::Another) && !names_key(word);
        self.section.iter().any(another) || (self.scaled && key.kind() == Kind::Mark)
    }
}

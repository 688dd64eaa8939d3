//! How well a field answers to a key: its type, its words, the title of its section, its options.

use std::collections::{BTreeMap, BTreeSet};

use super::options;
use super::words::{KeyPhrases, Phrase, Vocabulary, Word};
use crate::dn::form::{Descriptor, FieldType, expected_types};
use label::case::keys::{Key, Kind};
use label::folding::folded;

/// The weight of a word that a key asks for, and of one that no other key asks for.
const WORD: u32 = 10;
const OWN_WORD: u32 = 20;
/// A word that says something else, and one that another key with such a type asks for.
const UNKNOWN: u32 = 8;
const RIVAL: u32 = 30;
/// A field whose label is one of those that are known, whatever its words.
pub(super) const EXACT: u32 = 1100;

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
}

/// How sure a field is the key's, in thousandths; 1000 and more when nothing speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Confidence {
    pub thousandths: u32,
    /// Its own words say it, and not only those of its section.
    pub own: bool,
}

/// The notions that tell keys of a type apart, and those that one key alone has.
pub(super) struct Rivals(BTreeMap<Key, BTreeSet<String>>, BTreeSet<String>);

impl Rivals {
    /// Of the keys that are looked for together.
    pub(super) fn among(words: &Vocabulary, keys: &[Key]) -> Rivals {
        let shares = |one: Key, other: Key| {
            expected_types(one).iter().any(|kind| expected_types(other).contains(kind))
        };
        let notions = |key: &Key| -> BTreeSet<String> {
            let phrases = words.keys.get(key).map(|known| known.phrases.as_slice()).unwrap_or_default();
            phrases.iter().flatten().flatten().cloned().collect()
        };
        let own: BTreeMap<Key, BTreeSet<String>> = keys.iter().map(|key| (*key, notions(key))).collect();
        let of_key = |key: &Key| {
            let others = own.iter().filter(|(other, _)| *other != key && shares(*key, **other));
            (*key, others.flat_map(|(_, notions)| notions).cloned().collect::<BTreeSet<String>>())
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for notion in own.values().flatten() {
            *counts.entry(notion.clone()).or_default() += 1;
        }
        let single = counts.into_iter().filter(|(_, count)| *count == 1).map(|(notion, _)| notion).collect();
        Rivals(keys.iter().map(of_key).collect(), single)
    }
}

/// `None` when the type does not fit, or a word that the key needs is missing, or one speaks against it.
pub(super) fn confidence(
    vocabulary: &Vocabulary,
    rivals: &Rivals,
    key: Key,
    candidate: &Candidate<'_>,
) -> Option<Confidence> {
    let field = candidate.field;
    if !expected_types(key).contains(&field.kind) || (candidate.automatic && !key.is_written()) {
        return None;
    }
    let known = vocabulary.keys.get(&key)?;
    let listed = options::recognised(vocabulary, key, field);
    if matches!(key.kind(), Kind::Choice(_)) && field.options.len() > 1 && listed == Some(0) {
        return None;
    }
    let [bare, whole] = &candidate.plain;
    if known.exact.contains(bare) || *whole == folded(key.name()) {
        return Some(Confidence { thousandths: EXACT, own: true });
    }
    let barred = |word: &Word| !word.aside && (!word.notions.is_disjoint(&known.except));
    if candidate.words.iter().any(barred) {
        return None;
    }
    let by_words =
        known.phrases.iter().filter_map(|phrase| worth(known, phrase, rivals, key, candidate)).max();
    // Three options in four that are values of the key say which list it is, whatever the question.
    let by_options = listed.filter(|percent| *percent >= 75).map(|percent| {
        let lists = Kind::Choice(&[]) != key.kind() && matches!(key.kind(), Kind::Choice(_));
        let thousandths = if lists { 700 + percent } else { 0 };
        Confidence { thousandths, own: true }
    });
    let found = match (by_words, by_options) {
        (Some(words), Some(_)) => {
            Some(Confidence { thousandths: words.thousandths.max(700) + 200, own: words.own })
        }
        (Some(words), None) => Some(words),
        (None, options) => options.filter(|options| options.thousandths > 0),
    }?;
    // A list of lines is a long text, one line a short one; the other is accepted, and gives way.
    let other = matches!(
        (key.kind(), field.kind),
        (Kind::Line | Kind::Words, FieldType::Textarea) | (Kind::Lines, FieldType::Text)
    );
    let thousandths = found.thousandths.saturating_sub(if other { 60 } else { 0 });
    Some(Confidence { thousandths, ..found })
}

/// What a phrase is worth on a field; `None` when one of its words is nowhere.
fn worth(
    known: &KeyPhrases,
    phrase: &Phrase,
    Rivals(rivals, single): &Rivals,
    key: Key,
    candidate: &Candidate<'_>,
) -> Option<Confidence> {
    let (mut matched, mut own, mut hints) = (0, 0, 0);
    let mut explained = vec![false; candidate.words.len()];
    for notions in phrase {
        let weight = if notions.iter().any(|notion| single.contains(notion)) { OWN_WORD } else { WORD };
        let here = |word: &Word| !word.notions.is_disjoint(notions);
        let mut places = candidate.words.iter().enumerate().filter(|(_, word)| here(word)).peekable();
        if places.peek().is_some() {
            let aside = candidate.words.iter().filter(|word| here(word)).all(|word| word.aside);
            matched += weight;
            // A hint in brackets says it less surely than the label.
            hints += if aside { weight * 2 / 10 } else { 0 };
            own += weight;
            places.for_each(|(place, _)| {
                if let Some(explained) = explained.get_mut(place) {
                    *explained = true;
                }
            });
        } else if !candidate.implied.is_disjoint(notions) || by_type(candidate.field.kind, notions) {
            matched += weight;
        } else if candidate.section.iter().any(here) {
            matched += weight * 6 / 10;
        } else {
            return None;
        }
    }
    let free = |word: &Word| {
        !word.notions.is_disjoint(&known.also)
            || !word.notions.is_disjoint(&candidate.implied)
            || by_type(candidate.field.kind, &word.notions)
            || (key.is_written() && word.notions.contains("auto"))
            || phrase.iter().any(|notions| !word.notions.is_disjoint(notions))
    };
    let others = rivals.get(&key);
    let mut cost = hints;
    for (word, _) in
        candidate.words.iter().zip(&explained).filter(|(word, explained)| !**explained && !free(word))
    {
        let rival = others.is_some_and(|others| !word.notions.is_disjoint(others));
        match (word.aside, word.elsewhere, rival) {
            (true, _, true) => cost += 2,
            (true, ..) => {}
            (false, true, _) => return None,
            (false, false, true) => cost += RIVAL,
            (false, false, false) => cost += UNKNOWN,
        }
    }
    // Nothing of its own: only a field that says nothing else belongs to what its section speaks of.
    if own == 0 && (cost > 0 || matched == 0) {
        return None;
    }
    let thousandths = matched * 1000 / (matched + cost).max(1);
    let of_section = own == 0 && candidate.implied.is_empty();
    Some(Confidence {
        thousandths: if of_section { thousandths.min(780) } else { thousandths },
        own: own * 2 >= matched,
    })
}

/// What the type of a field says of itself.
fn by_type(kind: FieldType, notions: &BTreeSet<String>) -> bool {
    let implied: &[&str] = match kind {
        FieldType::Date | FieldType::Datetime => &["date"],
        FieldType::PieceJustificative => &["piece", "rapport"],
        FieldType::DossierLink => &["dossier"],
        _ => &[],
    };
    implied.iter().any(|word| notions.contains(*word))
}

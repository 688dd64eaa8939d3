//! Which option of a list is which of our values.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Phrase, Vocabulary, Word};
use crate::dn::form::{Descriptor, FieldType, plain};
use label::case::keys::{Key, Kind};
use label::life::State;
use label::wording;

/// Our values of a key that a list may hold, and the words that vigie says for them.
pub(super) fn values(key: Key) -> Vec<(&'static str, &'static str)> {
    match key.kind() {
        Kind::Choice(values) => values.iter().map(|value| (*value, *value)).collect(),
        Kind::Choices(values) => {
            values.iter().map(|value| (*value, wording::perimeter::word(value))).collect()
        }
        Kind::State => State::ALL.iter().map(|(state, name)| (*name, wording::state(*state))).collect(),
        _ => Vec::new(),
    }
}

/// The share of the options that are values of a key, in per cent, for each key that has values; nothing of what is no list.
pub(super) fn recognised(vocabulary: &Vocabulary, field: &Descriptor) -> BTreeMap<Key, u32> {
    let list = matches!(field.kind, FieldType::DropDownList | FieldType::MultipleDropDownList);
    if !list || field.options.is_empty() {
        return BTreeMap::new();
    }
    let read = read(vocabulary, &field.options);
    let keys = Key::ALL.iter().copied().filter(|key| !values(*key).is_empty());
    let share = |key: Key| {
        let found = nearest(vocabulary, key, &read, &BTreeMap::new()).len();
        Some((key, u32::try_from(found * 100 / field.options.len()).ok()?))
    };
    keys.filter_map(share).collect()
}

/// Our values, each with the option that is nearest; one option for one value.
pub(super) fn matched(
    vocabulary: &Vocabulary,
    key: Key,
    options: &[String],
    shipped: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    nearest(vocabulary, key, &read(vocabulary, options), shipped)
}

/// An option, the same without accents and signs, and its words.
type Read<'o> = (&'o str, String, Vec<Word>);

fn read<'o>(vocabulary: &Vocabulary, options: &'o [String]) -> Vec<Read<'o>> {
    options.iter().map(|option| (option.as_str(), plain(option), vocabulary.read_all(option))).collect()
}

fn nearest(
    vocabulary: &Vocabulary,
    key: Key,
    options: &[Read<'_>],
    shipped: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let named = |(value, spoken): (&'static str, &str)| {
        let label = shipped.get(value).map(|label| plain(label));
        (value, [Some(plain(value)), Some(plain(spoken)), label])
    };
    let ours: Vec<_> = values(key).into_iter().map(named).collect();
    let mut scored: Vec<(i64, &str, &str)> = Vec::new();
    for (option, bare, words) in options {
        let mut of_option: Vec<(i64, &str)> = ours
            .iter()
            .filter_map(|(value, names)| {
                let same = names.iter().flatten().any(|name| name == bare);
                let written = vocabulary.options.get(&(key, (*value).to_owned()));
                let said = match (same, written.is_some_and(|texts| texts.contains(bare))) {
                    (true, _) => Some(i64::from(u32::MAX)),
                    (_, true) => Some(i64::from(u32::MAX / 2)),
                    _ => likeness(vocabulary, key, value, words),
                };
                said.map(|score| (score, *value))
            })
            .collect();
        of_option.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        match of_option.as_slice() {
            // Two values equally: neither.
            [(first, _), (second, _), ..] if first == second => {}
            [(score, value), ..] => scored.push((*score, value, option)),
            [] => {}
        }
    }
    scored.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (score, value, option) in &scored {
        // Two options equally: neither, unless one is better.
        let tied = scored.iter().any(|(other, of, which)| other == score && of == value && which != option);
        if !tied && !found.contains_key(*value) {
            found.insert((*value).to_owned(), (*option).to_owned());
        }
    }
    found
}

/// How near the option is to a value, by all its words, by those outside brackets or by those inside.
fn likeness(vocabulary: &Vocabulary, key: Key, value: &str, words: &[Word]) -> Option<i64> {
    let own = vocabulary.values.get(&(key, value.to_owned())).map(Vec::as_slice).unwrap_or_default();
    let (inside, outside): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| word.aside);
    let all: Vec<&Word> = words.iter().collect();
    let readings = [all, outside, inside];
    own.iter().flat_map(|phrase| readings.iter().filter_map(|words| common(phrase, words))).max()
}

/// « sans », « aucun », « hors », as stems.
const NEGATIONS: [&str; 4] = ["san", "aucun", "hor", "ni"];

/// One of the two words after a negation is of the phrase, which has no negation: « sans service central » is no « central ».
fn is_denied(phrase: &Phrase, words: &[&Word]) -> bool {
    let negates = |notions: &BTreeSet<String>| NEGATIONS.iter().any(|word| notions.contains(*word));
    let of_phrase = |word: &Word| phrase.iter().any(|notions| !word.notions.is_disjoint(notions));
    !phrase.iter().any(negates)
        && words.iter().enumerate().filter(|(_, word)| negates(&word.notions)).any(|(place, _)| {
            let after = words.iter().skip(place + 1).filter(|word| !word.neutral);
            after.take(2).any(|word| of_phrase(word))
        })
}

/// Words in common with a phrase of a value, less the words that are not; `None` below one in two.
fn common(phrase: &Phrase, words: &[&Word]) -> Option<i64> {
    let all_there = !phrase.is_empty()
        && phrase.iter().all(|notions| words.iter().any(|word| !word.notions.is_disjoint(notions)));
    let of_phrase = |word: &Word| phrase.iter().any(|notions| !word.notions.is_disjoint(notions));
    let common = words.iter().filter(|word| of_phrase(word)).count();
    let more = words.iter().filter(|word| !word.neutral && !of_phrase(word)).count();
    let (common, all) = (i64::try_from(common).ok()?, i64::try_from(common + more).ok()?);
    (all_there && common * 2 >= all && !is_denied(phrase, words)).then_some(common * 20 - (all - common) * 10)
}

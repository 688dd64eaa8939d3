//! Which option of a list is which of our values.

use std::collections::BTreeMap;

use super::words::{Vocabulary, Word};
use crate::dn::form::{Descriptor, FieldType, alike};
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

/// The share of the options that are values of the key, in per cent; `None` for what is not a list.
pub(super) fn recognised(vocabulary: &Vocabulary, key: Key, field: &Descriptor) -> Option<u32> {
    let list = matches!(field.kind, FieldType::DropDownList | FieldType::MultipleDropDownList);
    if !list || field.options.is_empty() || values(key).is_empty() {
        return None;
    }
    let found = matched(vocabulary, key, &field.options, &BTreeMap::new()).len() * 100 / field.options.len();
    u32::try_from(found).ok()
}

/// Our values, each with the option that is nearest; one option for one value.
pub(super) fn matched(
    vocabulary: &Vocabulary,
    key: Key,
    options: &[String],
    shipped: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let ours = values(key);
    let mut scored: Vec<(i64, &str, &String)> = Vec::new();
    for option in options {
        let words = vocabulary.read(option);
        let mut of_option: Vec<(i64, &str)> = ours
            .iter()
            .filter_map(|(value, spoken)| {
                let same = alike(option, value)
                    || alike(option, spoken)
                    || shipped.get(*value).is_some_and(|label| alike(option, label));
                let said = if same {
                    Some(i64::from(u32::MAX))
                } else {
                    likeness(vocabulary, key, value, spoken, &words)
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
            found.insert((*value).to_owned(), (*option).clone());
        }
    }
    found
}

/// Words in common with the best phrase of a value, less the words that are not; `None` below one in two.
fn likeness(vocabulary: &Vocabulary, key: Key, value: &str, spoken: &str, words: &[Word]) -> Option<i64> {
    let own = vocabulary.values.get(&(key, value.to_owned())).map(Vec::as_slice).unwrap_or_default();
    let names = [vocabulary.phrase(&value.replace('_', " ")), vocabulary.phrase(spoken)];
    let score = |phrase: &super::words::Phrase| {
        let all_there = !phrase.is_empty()
            && phrase.iter().all(|notions| words.iter().any(|word| !word.notions.is_disjoint(notions)));
        let common =
            words.iter().filter(|word| phrase.iter().any(|notions| !word.notions.is_disjoint(notions)));
        let (common, all) = (i64::try_from(common.count()).ok()?, i64::try_from(words.len()).ok()?);
        (all_there && common * 2 >= all).then_some(common * 20 - (all - common) * 10)
    };
    own.iter().chain(&names).filter_map(score).max()
}

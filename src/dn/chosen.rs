//! The option that a field holds, as one of our words; and the words that are no known option.

use super::dossier::Champ;
use super::form::{FieldType, ResolvedForm, Table, alike, plain};
use super::words::{given, text, word};
use label::case::facts::{UnreadableValue, Value};
use label::case::keys::{Key, Kind};

/// What stands between two choices of a list, folded.
const JOINING: [&str; 6] = ["", "et", "ou", "and", "puis", "avec"];

pub(super) fn choice(
    form: &ResolvedForm,
    place: (Table, Key),
    field: FieldType,
    champ: &Champ<'_>,
    shown: Option<&str>,
) -> Result<Option<Value>, UnreadableValue> {
    let chosen = given(&champ.choice).map(str::trim).or(shown);
    let Some(chosen) = chosen.filter(|chosen| !chosen.is_empty()) else { return Ok(None) };
    let known = form.options.get(&place);
    // An export, or a hand, changes capitals, accents and blanks.
    let likely = || known?.iter().find(|(option, _)| alike(option, chosen)).map(|(_, ours)| ours);
    let ours = known.and_then(|options| options.get(chosen)).or_else(likely);
    match ours {
        Some(ours) => Ok(Some(Value::Choice(ours.clone()))),
        // What a person typed over a field that vigie writes: kept as it is, so that the difference is seen.
        None if place.1.is_written() || field != FieldType::DropDownList => Ok(Some(text(chosen))),
        None => Err(UnreadableValue::UnknownOption),
    }
}

/// Several choices in one text: the platform joins them with commas, which an option may hold too, and people write lists
/// as they like. The longest words are looked for first, each taken out of the text once it is found.
pub(super) fn choices(
    form: &ResolvedForm,
    place: (Table, Key),
    values: &[&str],
    shown: Option<&str>,
) -> Result<Option<Value>, UnreadableValue> {
    let Some(shown) = shown else { return Ok(None) };
    let (found, _) = found(form, place, values, shown);
    let chosen = values.iter().filter(|value| found.contains(value)).map(|value| (*value).to_owned());
    let chosen: Vec<String> = chosen.collect();
    if chosen.is_empty() { Err(UnreadableValue::UnknownOption) } else { Ok(Some(Value::Choices(chosen))) }
}

/// Our words that are found in a text, and what is left of it, folded.
fn found<'f>(
    form: &'f ResolvedForm,
    place: (Table, Key),
    values: &[&'f str],
    shown: &str,
) -> (Vec<&'f str>, String) {
    let known = form.options.get(&place).into_iter().flatten();
    let mut words: Vec<(String, &str)> = known.map(|(option, ours)| (plain(option), ours.as_str())).collect();
    words.extend(values.iter().map(|value| (plain(value), *value)));
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let (mut left, mut found) = (plain(shown), Vec::new());
    for (word, ours) in words.iter().filter(|(word, _)| !word.is_empty()) {
        if left.contains(word.as_str()) {
            left = left.replace(word.as_str(), "|");
            found.push(*ours);
        }
    }
    (found, left)
}

/// What a list of choices holds beside those that are known, as it was written.
pub(super) fn left_over(form: &ResolvedForm, place: (Table, Key), champ: &Champ<'_>) -> Option<String> {
    let Kind::Choices(values) = place.1.kind() else { return None };
    let shown = champ.string_value.as_deref()?;
    let (_, left) = found(form, place, values, shown);
    let pieces =
        left.split('|').map(|piece| piece.trim_matches('_')).filter(|piece| !JOINING.contains(piece));
    let pieces: Vec<&str> = pieces.collect();
    let written = shown.split([',', ';', '\n', '/', '|']).filter(|part| {
        let part = plain(part);
        pieces.iter().any(|piece| part.contains(piece))
    });
    let written: Vec<&str> = written.map(str::trim).collect();
    (!written.is_empty()).then(|| word(&written.join(", ")))
}

/// The word in the place of an option.
pub(super) fn word_of(champ: &Champ<'_>) -> Option<String> {
    let shown = given(&champ.choice).or(champ.string_value.as_deref())?.trim();
    (!shown.is_empty()).then(|| word(shown))
}

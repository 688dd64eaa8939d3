//! How well a field answers to a key: its type, its words, the title of its section, its options.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::{Candidate, MOST};
use super::words::{KeyPhrases, Nuance, Phrase, Vocabulary, Word};
use crate::dn::form::{FieldType, expected_types};
use label::case::keys::{Key, Kind};
use label::folding::folded;

/// The weight of a word that a key asks for, and of one that no other key asks for.
const WORD: u32 = 10;
const OWN_WORD: u32 = 20;
/// A word that says something else, and one that another key with such a type asks for.
const UNKNOWN: u32 = 8;
const RIVAL: u32 = 30;
/// A word of the title of an engagement, of which the number says enough.
const TITLE: u32 = 3;
/// Whom all fields are about.
const SUBJECTS: [&str; 5] = ["candidat", "sujet", "service", "organisme", "auditeur"];
/// A word for one of them; one in brackets that another key asks for, and one that speaks against the key.
const SUBJECT: u32 = 1;
const RIVAL_ASIDE: u32 = 2;
const BARRED_ASIDE: u32 = 16;
/// « Courriel (directeur) » is probably not the contact's; a longer label says more.
const ELSEWHERE_ASIDE: u32 = 11;
/// No more than this, less than is called sure, where a word was guessed, is unknown in brackets, or leaves a doubt.
const DOUBTED: u32 = 940;
/// A field whose label is one of those that are known, whatever its words.
pub(super) const EXACT: u32 = 1100;

/// How sure a field is the key's, in thousandths; 1000 and more when nothing speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Confidence {
    pub thousandths: u32,
    /// Its own words say it, and not only those of its section.
    pub own: bool,
}

/// The notions of the keys that are looked for together.
pub(super) struct Rivals(BTreeMap<Key, BTreeSet<String>>);

impl Rivals {
    /// Of the keys that are looked for together.
    pub(super) fn among(words: &Vocabulary, keys: &[Key]) -> Rivals {
        let notions = |key: &Key| -> BTreeSet<String> {
            let phrases = words.keys.get(key).map(|known| known.phrases.as_slice()).unwrap_or_default();
            phrases.iter().flatten().flatten().cloned().collect()
        };
        Rivals(keys.iter().map(|key| (*key, notions(key))).collect())
    }

    /// Another key that a field of this type may be asks for one of these.
    fn ask_for(&self, notions: &BTreeSet<String>, key: Key, kind: FieldType) -> bool {
        let others = self.0.iter().filter(|(other, _)| **other != key);
        let mut others = others.filter(|(_, asked)| !notions.is_disjoint(asked));
        others.any(|(other, _)| expected_types(*other).contains(&kind))
    }

    /// No other key that a field of this type may be asks for one of these notions of a phrase.
    fn leave(&self, notions: &BTreeSet<String>, key: Key, kind: FieldType) -> bool {
        notions.iter().any(|notion| {
            let others = self.0.iter().filter(|(other, asked)| **other != key && asked.contains(notion));
            !others.into_iter().any(|(other, _)| expected_types(*other).contains(&kind))
        })
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
    let listed = candidate.listed.get(&key).copied();
    if matches!(key.kind(), Kind::Choice(_)) && field.options.len() > 1 && listed == Some(0) {
        return None;
    }
    let names_key = |word: &Word| {
        !word.notions.is_disjoint(&known.also)
            || known.phrases.iter().flatten().any(|notions| !word.notions.is_disjoint(notions))
            || (key.is_written() && word.notions.contains("auto"))
    };
    let [bare, whole] = &candidate.plain;
    if known.exact.contains(bare) || *whole == folded(key.name()) {
        let thousandths = if candidate.of_another(names_key, key) { left(EXACT) } else { EXACT };
        return Some(Confidence { thousandths, own: true });
    }
    let barred =
        |word: &Word| (!word.aside || word.nuance.is_some()) && !word.notions.is_disjoint(&known.except);
    if candidate.words.iter().any(barred) || candidate.is_list_of_another(key) {
        return None;
    }
    let found = said(known, rivals, key, candidate, names_key)?;
    // A list of lines is a long text, one line a short one; the other is accepted, and gives way.
    let other = matches!(
        (key.kind(), field.kind),
        (Kind::Line | Kind::Words, FieldType::Textarea) | (Kind::Lines, FieldType::Text)
    );
    let thousandths = found.thousandths.saturating_sub(if other { 60 } else { 0 });
    let unsure =
        |word: &Word| word.guessed || (word.aside && (word.unknown || word.elsewhere && !names_key(word)));
    let doubted = candidate.scaled || candidate.words.iter().any(unsure);
    let thousandths = match candidate.nuance(names_key, key) {
        _ if candidate.twin || candidate.of_another(names_key, key) => left(thousandths),
        Some(Nuance::Another) => left(thousandths),
        Some(Nuance::Doubtful) => thousandths.min(DOUBTED),
        None if doubted => thousandths.min(DOUBTED),
        None => thousandths,
    };
    Some(Confidence { thousandths, ..found })
}

/// What its words and its options say together.
fn said(
    known: &KeyPhrases,
    rivals: &Rivals,
    key: Key,
    candidate: &Candidate<'_>,
    names_key: impl Fn(&Word) -> bool,
) -> Option<Confidence> {
    let by_words =
        known.phrases.iter().filter_map(|phrase| worth(known, phrase, rivals, key, candidate)).max();
    let elsewhere = candidate.words.iter().any(|word| word.elsewhere && !word.aside && !names_key(word));
    let listed = candidate.listed.get(&key).filter(|percent| **percent >= MOST);
    match (by_words, listed) {
        (Some(words), Some(_)) => {
            Some(Confidence { thousandths: words.thousandths.max(700) + 200, own: words.own })
        }
        (Some(words), None) => Some(words),
        // Whatever the question, unless it is about something else.
        (None, Some(percent)) if matches!(key.kind(), Kind::Choice(_)) && !elsewhere => {
            Some(Confidence { thousandths: 700 + percent, own: true })
        }
        (None, _) => None,
    }
}

/// Too little to be written, and enough to be shown to a person.
fn left(thousandths: u32) -> u32 {
    thousandths.min(1000) * 6 / 10
}

/// What a phrase is worth on a field; `None` when one of its words is nowhere.
fn worth(
    known: &KeyPhrases,
    phrase: &Phrase,
    rivals: &Rivals,
    key: Key,
    candidate: &Candidate<'_>,
) -> Option<Confidence> {
    let (mut matched, mut own, mut hints, mut of_section) = (0, 0, 0, 0);
    let mut explained = vec![false; candidate.words.len()];
    for notions in phrase {
        let weight = if rivals.leave(notions, key, candidate.field.kind) { OWN_WORD } else { WORD };
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
            // And the title of a section less surely still.
            of_section += weight / 10;
        } else {
            return None;
        }
    }
    let free = |word: &Word| {
        !word.notions.is_disjoint(&known.also)
            || !word.notions.is_disjoint(&candidate.implied)
            || said_by_type(candidate.field.kind, &word.notions)
            || (key.is_written() && word.notions.contains("auto"))
            || phrase.iter().any(|notions| !word.notions.is_disjoint(notions))
    };
    let mut cost = hints;
    for (word, _) in
        candidate.words.iter().zip(&explained).filter(|(word, explained)| !**explained && !free(word))
    {
        let rival = rivals.ask_for(&word.notions, key, candidate.field.kind);
        let barred = !word.notions.is_disjoint(&known.except);
        cost += match (word.aside, word.elsewhere, rival) {
            (true, ..) if barred => BARRED_ASIDE,
            (true, true, _) => ELSEWHERE_ASIDE,
            (true, _, true) => RIVAL_ASIDE,
            (true, ..) => 0,
            (false, true, _) => return None,
            _ if SUBJECTS.iter().any(|subject| word.notions.contains(*subject)) => SUBJECT,
            (false, false, true) => RIVAL,
            _ if word.notions.contains("dossier") => SUBJECT,
            (false, false, false) if is_engagement(key) => TITLE,
            // A rank among others.
            _ if is_rank(word) => SUBJECT,
            (false, false, false) => UNKNOWN,
        };
    }
    // Nothing of its own: only a field that says nothing else belongs to what its section speaks of.
    if own == 0 && (cost > 0 || matched == 0) {
        return None;
    }
    let thousandths = matched * 1000 / (matched + cost + of_section).max(1);
    let of_section = own == 0 && candidate.implied.is_empty();
    Some(Confidence {
        thousandths: if of_section { thousandths.min(780) } else { thousandths },
        own: own * 2 >= matched,
    })
}

fn is_rank(word: &Word) -> bool {
    word.notions.iter().all(|notion| notion.bytes().all(|sign| sign.is_ascii_digit()))
}

fn is_engagement(key: Key) -> bool {
    use Key::{ScoreE1, ScoreE2, ScoreE3, ScoreE4, ScoreE5, ScoreE6, ScoreE7, ScoreE8};
    matches!(key, ScoreE1 | ScoreE2 | ScoreE3 | ScoreE4 | ScoreE5 | ScoreE6 | ScoreE7 | ScoreE8)
}

/// What the type of a field says of itself.
fn by_type(kind: FieldType, notions: &BTreeSet<String>) -> bool {
    let implied: &[&str] = match kind {
        FieldType::Date | FieldType::Datetime => &["date"],
        FieldType::PieceJustificative => &["piece"],
        FieldType::DossierLink => &["dossier"],
        _ => &[],
    };
    implied.iter().any(|word| notions.contains(*word))
}

/// What says nothing more on a field of a type: any file is sent, is of a day, and may be called a report.
fn said_by_type(kind: FieldType, notions: &BTreeSet<String>) -> bool {
    let of_files = ["rapport", "transmis", "date"];
    by_type(kind, notions)
        || (kind == FieldType::PieceJustificative && of_files.iter().any(|word| notions.contains(*word)))
}

//! The words of labels: what is left of a label once its decoration is off, and the notions that its words stand for
//! (`synonymes.toml`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use label::case::keys::Key;
use label::folding::folded;

const SHIPPED: &str = include_str!("../../../config/synonymes.toml");

/// `synonymes.toml`, as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Synonyms {
    neutres: Vec<String>,
    ailleurs: Vec<String>,
    mots: BTreeMap<String, Vec<String>>,
    cles: BTreeMap<String, KeyWords>,
    valeurs: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What is written of one key: expressions alone, or with the notions that may and may not stand beside.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum KeyWords {
    Phrases(Vec<String>),
    #[serde(rename_all = "lowercase")]
    Whole(WholeWords),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WholeWords {
    phrases: Vec<String>,
    aussi: Vec<String>,
    sauf: Vec<String>,
}

impl Synonyms {
    /// The file that vigie ships.
    #[must_use]
    pub fn shipped() -> Synonyms {
        toml::from_str(SHIPPED).unwrap_or_default()
    }

    /// Adds what somebody wrote beside their form.
    ///
    /// # Errors
    /// The key or value that vigie does not have.
    pub fn add(&mut self, own: Synonyms) -> Result<(), String> {
        let unknown = |name: &&String| Key::from_name(name).is_none();
        if let Some(name) = own.cles.keys().chain(own.valeurs.keys()).find(unknown) {
            return Err(format!("{name} is not a key of form.toml; see `docs/formulaire.md` for the list"));
        }
        self.neutres.extend(own.neutres);
        self.ailleurs.extend(own.ailleurs);
        for (notion, words) in own.mots {
            self.mots.entry(notion).or_default().extend(words);
        }
        for (key, words) in own.cles {
            let (here, own) = (self.cles.entry(key).or_insert(KeyWords::Phrases(Vec::new())), words.whole());
            let mut all = here.clone().whole();
            all.phrases.extend(own.phrases);
            all.aussi.extend(own.aussi);
            all.sauf.extend(own.sauf);
            *here = KeyWords::Whole(all);
        }
        for (key, values) in own.valeurs {
            let here = self.valeurs.entry(key).or_default();
            for (value, words) in values {
                here.entry(value).or_default().extend(words);
            }
        }
        Ok(())
    }
}

impl KeyWords {
    fn whole(self) -> WholeWords {
        match self {
            KeyWords::Whole(whole) => whole,
            KeyWords::Phrases(phrases) => WholeWords { phrases, ..WholeWords::default() },
        }
    }
}

/// A word of a label, with the notions that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub notions: BTreeSet<String>,
    /// It names something that is no key.
    pub elsewhere: bool,
    /// It stands in brackets: a hint.
    pub aside: bool,
}

/// What all the words of a phrase must be: each one of these notions.
pub type Phrase = Vec<BTreeSet<String>>;

/// What recognises a key.
#[derive(Clone, Debug, Default)]
pub struct KeyPhrases {
    pub phrases: Vec<Phrase>,
    pub also: BTreeSet<String>,
    pub except: BTreeSet<String>,
    /// Expressions as they are written: a label that is one of them is recognised whatever its words.
    pub exact: BTreeSet<String>,
}

/// The words of `synonymes.toml`, ready to read labels.
#[derive(Debug)]
pub struct Vocabulary {
    neutral: BTreeSet<String>,
    /// By their first stem, expressions of several words, the longest first, then the word alone.
    expressions: BTreeMap<String, Vec<(Vec<String>, Meaning)>>,
    pub keys: BTreeMap<Key, KeyPhrases>,
    pub values: BTreeMap<(Key, String), Vec<Phrase>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Notions(BTreeSet<String>),
    Elsewhere,
}

impl Vocabulary {
    /// `exact`: the labels that are known for each key.
    #[must_use]
    pub fn new(synonyms: &Synonyms, exact: &[(Key, String)]) -> Vocabulary {
        let mut words = Vocabulary {
            neutral: BTreeSet::new(),
            expressions: BTreeMap::new(),
            keys: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        let mut meanings: BTreeMap<Vec<String>, Meaning> = BTreeMap::new();
        for (notion, expressions) in &synonyms.mots {
            for expression in expressions {
                let here = meanings
                    .entry(bare_stems(expression))
                    .or_insert_with(|| Meaning::Notions(BTreeSet::new()));
                if let Meaning::Notions(notions) = here {
                    notions.insert(notion.clone());
                }
            }
        }
        for expression in &synonyms.ailleurs {
            meanings.entry(bare_stems(expression)).or_insert(Meaning::Elsewhere);
        }
        meanings.remove(&Vec::new());
        for (stems, meaning) in meanings {
            let first = stems.first().cloned().unwrap_or_default();
            words.expressions.entry(first).or_default().push((stems, meaning));
        }
        for same in words.expressions.values_mut() {
            same.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
        }
        words.neutral = synonyms.neutres.iter().flat_map(|word| bare_stems(word)).collect();
        for (name, own) in &synonyms.cles {
            let Some(key) = Key::from_name(name) else { continue };
            let own = own.clone().whole();
            let mut phrases: Vec<Phrase> = own.phrases.iter().map(|text| words.phrase(text)).collect();
            phrases.retain(|phrase| !phrase.is_empty());
            let set = |texts: &[String]| texts.iter().flat_map(|text| words.notions_of(text)).collect();
            let known = KeyPhrases {
                phrases,
                also: set(&own.aussi),
                except: set(&own.sauf),
                exact: own.phrases.iter().map(|text| folded(text)).collect(),
            };
            words.keys.insert(key, known);
        }
        for (key, label) in exact {
            let known = words.keys.entry(*key).or_default();
            known.exact.insert(folded(label));
        }
        for (name, values) in &synonyms.valeurs {
            let Some(key) = Key::from_name(name) else { continue };
            for (value, texts) in values {
                let phrases = texts.iter().map(|text| words.phrase(text)).filter(|phrase| !phrase.is_empty());
                words.values.insert((key, value.clone()), phrases.collect());
            }
        }
        words
    }

    /// The words of an expression, each as what it may stand for; a word without a notion stands for itself.
    #[must_use]
    pub fn phrase(&self, text: &str) -> Phrase {
        self.read_as(text, &BTreeSet::new()).into_iter().map(|word| word.notions).collect()
    }

    /// A single word's notions are all admitted; those of an expression, one by one.
    fn notions_of(&self, text: &str) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = self.phrase(text).into_iter().flatten().collect();
        all.insert(folded(text).replace(' ', "_"));
        all
    }

    /// The words of a label that say something.
    #[must_use]
    pub fn read(&self, label: &str) -> Vec<Word> {
        self.read_as(label, &self.neutral)
    }

    fn read_as(&self, label: &str, neutral: &BTreeSet<String>) -> Vec<Word> {
        let label = without_decoration(label);
        let mut words = Vec::new();
        for (part, aside) in parts(&label) {
            let stems = bare_stems(part);
            let mut place = 0;
            while place < stems.len() {
                let rest = stems.get(place..).unwrap_or_default();
                let same = rest.first().and_then(|first| self.expressions.get(first));
                let found = same.into_iter().flatten().find(|(stems, _)| rest.starts_with(stems));
                let (length, word) = match found {
                    Some((stems, Meaning::Notions(notions))) => {
                        (stems.len(), Some(Word { notions: notions.clone(), elsewhere: false, aside }))
                    }
                    Some((stems, Meaning::Elsewhere)) => {
                        let own = BTreeSet::from([stems.join("_")]);
                        (stems.len(), Some(Word { notions: own, elsewhere: true, aside }))
                    }
                    None => {
                        let own = rest.first().cloned().unwrap_or_default();
                        let word = (!neutral.contains(&own)).then(|| Word {
                            notions: BTreeSet::from([own]),
                            elsewhere: false,
                            aside,
                        });
                        (1, word)
                    }
                };
                words.extend(word);
                place += length;
            }
        }
        words
    }
}

/// Words in brackets, beside the others: hints.
fn parts(label: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let (mut rest, mut depth) = (label, 0_u32);
    while let Some(at) = rest.find(['(', ')', '[', ']']) {
        let (part, after) = rest.split_at(at);
        parts.push((part, depth > 0));
        depth = if after.starts_with(['(', '[']) { depth + 1 } else { depth.saturating_sub(1) };
        rest = after.get(1..).unwrap_or_default();
    }
    parts.push((rest, depth > 0));
    parts
}

/// A label without tags, entities, stars and numbering.
#[must_use]
pub fn without_decoration(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        // « < 50 agents » is no tag.
        let is_tag =
            tag.get(1..2).is_some_and(|c| c.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        match tag.find('>').filter(|_| is_tag) {
            Some(end) => {
                text.push(' ');
                rest = tag.get(end + 1..).unwrap_or_default();
            }
            None => {
                text.push(' ');
                rest = tag.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    for (entity, sign) in [
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&rsquo;", "'"),
        ("&quot;", " "),
        ("&eacute;", "é"),
    ] {
        text = text.replace(entity, sign);
    }
    let text = without_programme(&text);
    without_number(text.trim_start_matches(|c: char| c.is_whitespace() || "*•-–—#".contains(c)))
        .trim()
        .to_owned()
}

/// The name of the programme says nothing of a field, and « service » in it is no service.
fn without_programme(text: &str) -> String {
    let mut left = text.to_owned();
    for name in ["services publics +", "services publics+", "services publics plus", "service public +"] {
        // The capitals of these letters have as many bytes.
        while let Some(at) = left.to_ascii_lowercase().find(name) {
            left.replace_range(at..at + name.len(), " ");
        }
    }
    left
}

/// « 2.3 – », « II-1) », « B.12 - », « a) »: short groups joined by signs, then a sign and a blank.
fn without_number(text: &str) -> &str {
    let Some(end) = text.find(char::is_whitespace) else { return text };
    let (head, rest) = text.split_at(end);
    let groups: Vec<&str> = head.split(['.', '-', ')', '–', ':', '/']).collect();
    let is_group = |group: &&str| {
        group.is_empty()
            || group.len() <= 3 && group.bytes().all(|byte| byte.is_ascii_digit())
            || group.len() == 1 && group.bytes().all(|byte| byte.is_ascii_alphabetic())
            || group.len() <= 5 && group.bytes().all(|byte| b"IVXivx".contains(&byte))
    };
    if !groups.iter().all(is_group) || groups.iter().all(|group| group.is_empty()) {
        return text;
    }
    let rest = rest.trim_start();
    let closed = head.ends_with(['.', ')', '-', '–', ':']);
    let signs = rest.trim_start_matches(['-', '–', '—', ':', '.']);
    let signed = signs.len() < rest.len() && signs.starts_with(char::is_whitespace);
    if closed || signed || groups.len() > 1 { signs.trim_start() } else { text }
}

/// The stems of all words.
fn bare_stems(text: &str) -> Vec<String> {
    const ARTICLES: [&str; 17] =
        ["le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "au", "aux", "a", "en", "s", "e", "n"];
    let folded = folded(text);
    let is_year =
        |word: &&str| word.len() == 4 && word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit());
    let words = folded.split(' ').filter(|word| !word.is_empty() && !ARTICLES.contains(word));
    words.filter(|word| !is_year(word)).map(stem).collect()
}

/// Without the endings of the plural and of the feminine: « transmise » and « transmis » are the same.
fn stem(word: &str) -> String {
    let mut word = word;
    while word.len() > 4
        && let Some(shorter) = word.strip_suffix(['s', 'x', 'e'])
    {
        word = shorter;
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoration_is_off() {
        for (label, bare) in [
            ("2.3 – PLAN DE FORMATION *", "PLAN DE FORMATION *"),
            ("II-1) ORGANIGRAMME", "ORGANIGRAMME"),
            ("B.12 - Score de l’engagement n° 4", "Score de l’engagement n° 4"),
            ("a) Nom du site", "Nom du site"),
            ("7 - <b>Date</b>&nbsp;du contrat", "Date  du contrat"),
            ("1. Effectif < 50 ?", "Effectif   50 ?"),
            ("E1", "E1"),
            ("E1 : Accueil", "E1 : Accueil"),
            ("1er jour de visite", "1er jour de visite"),
            ("Or", "Or"),
            ("N° de dossier", "N° de dossier"),
        ] {
            assert_eq!(without_decoration(label), bare, "{label}");
        }
    }

    #[test]
    fn endings_do_not_matter() {
        assert_eq!(stem("transmises"), stem("transmis"));
        assert_eq!(stem("clôturée".replace('ô', "o").replace('é', "e").as_str()), stem("cloture"));
        assert_ne!(stem("or"), stem("orsec"));
    }
}

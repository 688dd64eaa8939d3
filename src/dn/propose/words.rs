//! The words of labels: what is left of a label once its decoration is off, and the notions that its words stand for
//! (`synonymes.toml`).

use std::collections::{BTreeMap, BTreeSet};

use super::decoration::{bare_stems, parts, without_decoration};
pub use super::synonyms::Synonyms;
use label::case::keys::Key;
use label::folding::folded;

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

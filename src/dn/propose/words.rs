//! The words of labels: what is left of a label once its decoration is off, and the notions that its words stand for
//! (`synonymes.toml`).

use std::collections::{BTreeMap, BTreeSet};

use super::decoration::{Part, parts, without_decoration};
use super::spelling::Spelling;
pub use super::synonyms::Synonyms;
use super::tokens::{bare_stems, plain};
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
    /// It says that the field holds something else, or that a person should look, whatever the other words.
    pub nuance: Option<Nuance>,
    /// It says nothing of what a field is.
    pub neutral: bool,
    /// Nothing is known of it.
    pub unknown: bool,
    /// It was read as the known word that is spelt nearly so.
    pub guessed: bool,
}

/// What a word adds to a label that is otherwise the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nuance {
    /// « prévisionnel », « avenant »: another value than the one of the key.
    Another,
    /// « en pourcentage »: probably the same value.
    Doubtful,
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
    /// Options as they are written for a value.
    pub options: BTreeMap<(Key, String), BTreeSet<String>>,
    spelling: Spelling,
}

/// What is known of an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Meaning {
    notions: BTreeSet<String>,
    elsewhere: bool,
    nuance: Option<Nuance>,
    silent: bool,
}

impl Vocabulary {
    /// `exact`: the labels that are known for each key.
    #[must_use]
    pub fn new(synonyms: &Synonyms, exact: &[(Key, String)]) -> Vocabulary {
        let mut words = Vocabulary {
            neutral: single(&synonyms.neutres),
            expressions: expressions(synonyms),
            keys: BTreeMap::new(),
            values: BTreeMap::new(),
            options: BTreeMap::new(),
            spelling: Spelling::default(),
        };
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
                exact: own.phrases.iter().chain(&own.entiers).map(|text| plain(text)).collect(),
            };
            words.keys.insert(key, known);
        }
        for (key, label) in exact {
            let known = words.keys.entry(*key).or_default();
            known.exact.insert(plain(label));
        }
        for (name, values) in &synonyms.valeurs {
            let Some(key) = Key::from_name(name) else { continue };
            for (value, texts) in values {
                let phrases = texts.iter().map(|text| words.phrase(text)).filter(|phrase| !phrase.is_empty());
                words.values.insert((key, value.clone()), phrases.collect());
                let written = texts.iter().map(|text| plain(text)).collect();
                words.options.insert((key, value.clone()), written);
            }
        }
        words.spelling = words.spelling_of(synonyms);
        words
    }

    /// The words whose misspellings are read as they are: all that this file knows.
    fn spelling_of(&self, synonyms: &Synonyms) -> Spelling {
        let expressions = self.expressions.values().flatten();
        let of_expressions = expressions.flat_map(|(stems, _)| stems).cloned();
        let of_phrases = synonyms.cles.values().flat_map(|own| own.clone().whole().phrases);
        let of_values = synonyms.valeurs.values().flat_map(BTreeMap::values).flatten().cloned();
        let spoken = of_phrases.chain(of_values).flat_map(|text| bare_stems(&text));
        let distinct = synonyms.distincts.iter().flat_map(|word| bare_stems(word));
        Spelling::new(of_expressions.chain(spoken).chain(self.neutral.iter().cloned()), distinct)
    }

    /// How vigie itself names a value of a key.
    pub fn name_value(&mut self, key: Key, value: &str, spoken: &str) {
        let names = [self.phrase(&value.replace('_', " ")), self.phrase(spoken)];
        self.values.entry((key, value.to_owned())).or_default().extend(names);
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
        self.read_all(label).into_iter().filter(|word| !word.neutral).collect()
    }

    /// All its words but articles: in an option, « labellisation » says something.
    #[must_use]
    pub fn read_all(&self, label: &str) -> Vec<Word> {
        let mut words = self.read_as(label, &self.neutral);
        // « Reçu le », « Validité jusqu'au : »
        let end = label.trim_end_matches(|c: char| !c.is_alphanumeric());
        if [" le", " du", " au"].iter().any(|end_of_date| end.ends_with(end_of_date)) {
            words.extend(self.read_as("date", &self.neutral));
        }
        words
    }

    fn read_as(&self, label: &str, neutral: &BTreeSet<String>) -> Vec<Word> {
        let label = without_decoration(label);
        let mut words = Vec::new();
        for Part { text, aside, measured } in parts(&label) {
            let (stems, guessed) = self.spelling.corrected(bare_stems(text));
            let mut place = 0;
            while place < stems.len() {
                let rest = stems.get(place..).unwrap_or_default();
                let (length, word) = self.next(rest, neutral);
                let spelt = guessed.get(place..place + length).unwrap_or_default();
                let guessed = spelt.contains(&true);
                // Of « 10 jours ouvrés avant la visite » in brackets only what changes the sense counts.
                let word = word.filter(|word| !measured || word.nuance.is_some());
                words.extend(word.map(|word| Word { aside, guessed, ..word }));
                place += length;
            }
        }
        words
    }

    /// The word or expression that stands first, and how many stems it takes; `None` of one that says nothing.
    fn next(&self, rest: &[String], neutral: &BTreeSet<String>) -> (usize, Option<Word>) {
        let word = Word {
            notions: BTreeSet::new(),
            elsewhere: false,
            aside: false,
            nuance: None,
            neutral: false,
            unknown: false,
            guessed: false,
        };
        let same = rest.first().and_then(|first| self.expressions.get(first));
        let mut found =
            same.into_iter().flatten().map(|(stems, meaning)| (spoken(rest, stems, neutral), meaning));
        if let Some((length, meaning)) = found.find_map(|(length, meaning)| Some((length?, meaning))) {
            let said = rest.get(..length).unwrap_or_default().join("_");
            let notions =
                if meaning.notions.is_empty() { BTreeSet::from([said]) } else { meaning.notions.clone() };
            let Meaning { elsewhere, nuance, silent, .. } = *meaning;
            let word = Word { notions, elsewhere, nuance, neutral: silent, ..word };
            return (length, Some(word));
        }
        let own = rest.first().cloned().unwrap_or_default();
        // A number says what its neighbours say.
        let unknown = !self.spelling.knows(&own) && !own.bytes().all(|byte| byte.is_ascii_digit());
        let neutral = neutral.contains(&own);
        (1, Some(Word { notions: BTreeSet::from([own]), unknown, neutral, ..word }))
    }
}

/// How many words the expression takes here: neutral ones may stand between its own, as in « enquête qui leur a été envoyée ».
fn spoken(rest: &[String], expression: &[String], neutral: &BTreeSet<String>) -> Option<usize> {
    const BETWEEN: usize = 3;
    let mut length = 0;
    for (rank, stem) in expression.iter().enumerate() {
        let between =
            rest.get(length..)?.iter().take_while(|word| *word != stem && neutral.contains(*word)).count();
        let admitted = if rank == 0 { 0 } else { BETWEEN };
        length += between;
        if between > admitted || rest.get(length) != Some(stem) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// Words alone; an expression that says nothing is none of its words.
fn single(words: &[String]) -> BTreeSet<String> {
    let stems = words.iter().map(|word| bare_stems(word)).filter(|stems| stems.len() == 1);
    stems.flatten().collect()
}

/// The expressions of a file with what they mean, by their first stem, the longest first.
fn expressions(synonyms: &Synonyms) -> BTreeMap<String, Vec<(Vec<String>, Meaning)>> {
    let mut meanings: BTreeMap<Vec<String>, Meaning> = BTreeMap::new();
    for (notion, expressions) in &synonyms.mots {
        for expression in expressions {
            meanings.entry(bare_stems(expression)).or_default().notions.insert(notion.clone());
        }
    }
    for expression in &synonyms.ailleurs {
        meanings.entry(bare_stems(expression)).or_default().elsewhere = true;
    }
    for expression in
        synonyms.neutres.iter().map(|expression| bare_stems(expression)).filter(|stems| stems.len() > 1)
    {
        meanings.entry(expression).or_default().silent = true;
    }
    for (expressions, nuance) in
        [(&synonyms.reserves, Nuance::Doubtful), (&synonyms.nuances, Nuance::Another)]
    {
        for expression in expressions {
            meanings.entry(bare_stems(expression)).or_default().nuance = Some(nuance);
        }
    }
    meanings.remove(&Vec::new());
    let mut by_first: BTreeMap<String, Vec<(Vec<String>, Meaning)>> = BTreeMap::new();
    for (stems, meaning) in meanings {
        let first = stems.first().cloned().unwrap_or_default();
        by_first.entry(first).or_default().push((stems, meaning));
    }
    for same in by_first.values_mut() {
        same.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
    }
    by_first
}

//! `synonymes.toml`: the words that vigie ships, and those that somebody adds.

use std::collections::BTreeMap;

use serde::Deserialize;

use label::case::keys::Key;

const SHIPPED: &str = include_str!("../../../config/synonymes.toml");

/// `synonymes.toml`, as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Synonyms {
    pub(super) neutres: Vec<String>,
    pub(super) ailleurs: Vec<String>,
    pub(super) nuances: Vec<String>,
    pub(super) reserves: Vec<String>,
    pub(super) distincts: Vec<String>,
    pub(super) mots: BTreeMap<String, Vec<String>>,
    pub(super) cles: BTreeMap<String, KeyWords>,
    pub(super) valeurs: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What is written of one key: expressions alone, or with the notions that may and may not stand beside.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum KeyWords {
    Phrases(Vec<String>),
    #[serde(rename_all = "lowercase")]
    Whole(WholeWords),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WholeWords {
    pub(super) phrases: Vec<String>,
    /// Labels that say it as they stand, and of which a longer one says something else.
    pub(super) entiers: Vec<String>,
    pub(super) aussi: Vec<String>,
    pub(super) sauf: Vec<String>,
}

impl Synonyms {
    /// The file that vigie ships.
    ///
    /// # Errors
    /// When it is none, which a test would have seen: without its words no field would be recognised.
    pub fn shipped() -> Result<Synonyms, toml::de::Error> {
        toml::from_str(SHIPPED)
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
        self.nuances.extend(own.nuances);
        self.reserves.extend(own.reserves);
        self.distincts.extend(own.distincts);
        for (notion, words) in own.mots {
            self.mots.entry(notion).or_default().extend(words);
        }
        for (key, words) in own.cles {
            let (here, own) = (self.cles.entry(key).or_insert(KeyWords::Phrases(Vec::new())), words.whole());
            let mut all = here.clone().whole();
            all.phrases.extend(own.phrases);
            all.entiers.extend(own.entiers);
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
    pub(super) fn whole(self) -> WholeWords {
        match self {
            KeyWords::Whole(whole) => whole,
            KeyWords::Phrases(phrases) => WholeWords { phrases, ..WholeWords::default() },
        }
    }
}

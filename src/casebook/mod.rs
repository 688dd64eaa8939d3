//! Builds cases and reviews from stored facts. The daemon, the pages and `vigie explain` all use it, so that they show
//! the same judgement.

mod batch;
mod network;
mod readers;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::store::dossiers::Dossiers;
use crate::store::evidence::Files;
use crate::store::settings::StoredSettings;
use crate::store::{Error, Result, Store};
pub use batch::Batch;
use label::Choices;
use label::case::facts::FormView;
use label::case::{Body, Case, DayOff, Frame};
use label::judge::Review;
use label::judge::review;
pub use readers::Readers;

/// Prefix of the settings that hold the [`FormView`] of each démarche; the démarche's number follows.
const FORM_VIEW: &str = "form_view/";

/// Characters of the hash: enough to tell addresses apart.
const PRINT: usize = 24;

/// The stored facts, a clock, and the readings in force.
#[derive(Clone, Debug)]
pub struct CaseBook {
    settings: StoredSettings,
    dossiers: Dossiers,
    files: Files,
    pub clock: Clock,
    pub choices: Choices,
    /// Days that the operator declares as not worked.
    pub extra_holidays: Vec<DayOff>,
    /// The certification bodies that share the store; empty where there is one.
    pub bodies: Vec<Body>,
}

/// The cases of a family.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    pub cases: Vec<Case>,
    /// Of each dossier of the family, those that belong to no case included: the revision that was read.
    pub revisions: BTreeMap<i64, i64>,
}

/// What was read of some dossiers.
#[derive(Debug)]
pub struct Cases {
    pub cases: Vec<Case>,
    /// How many dossiers were looked at, from the first: at least one.
    pub covered: usize,
    /// Those of them whose family has a row that cannot be read.
    pub set_aside: Vec<i64>,
}

impl Assembled {
    /// The dossiers of its cases.
    pub fn numbers(&self) -> impl Iterator<Item = i64> {
        self.cases.iter().flat_map(|case| &case.dossiers).map(|facts| facts.number)
    }
}

impl CaseBook {
    /// Takes only the groups of the store for facts, files and forms: code that holds a case book can neither send nor
    /// settle anything.
    #[must_use]
    pub fn new(store: &Store, clock: Clock, choices: Choices, extra_holidays: Vec<DayOff>) -> CaseBook {
        let (settings, dossiers, files) = (store.settings(), store.dossiers(), store.files());
        CaseBook { settings, dossiers, files, clock, choices, extra_holidays, bodies: Vec::new() }
    }

    /// The same, over a store that several certification bodies share.
    #[must_use]
    pub fn shared_by(self, bodies: Vec<Body>) -> CaseBook {
        CaseBook { bodies, ..self }
    }

    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today()
    }

    /// What a judgement needs beside the case and the day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn frame(&self) -> Result<Frame> {
        let views = self.settings.starting(FORM_VIEW).await?;
        // One that cannot be read is set aside: the next reading of the form, by the next pass, writes it again.
        let (mut forms, mut unread) = (BTreeMap::new(), BTreeSet::new());
        for (name, json) in views {
            let demarche = name.strip_prefix(FORM_VIEW).and_then(|number| number.parse::<i64>().ok());
            match demarche.zip(serde_json::from_str::<FormView>(&json).ok()) {
                Some((demarche, view)) => drop(forms.insert(demarche, view)),
                None => {
                    unread.extend(demarche);
                    self.settings.set_aside(&name).await?;
                }
            }
        }
        let (extra_holidays, bodies) = (self.extra_holidays.clone(), self.bodies.clone());
        Ok(Frame { choices: self.choices, forms, unread, extra_holidays, bodies })
    }

    /// False when the stored form of a démarche cannot be read: it is to be asked for again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn form_is_readable(&self, demarche: i64) -> Result<bool> {
        let stored = self.settings.get(&format!("{FORM_VIEW}{demarche}")).await?;
        Ok(stored.is_none_or(|json| serde_json::from_str::<FormView>(&json).is_ok()))
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_form_view(&self, demarche: i64, view: &FormView) -> Result<()> {
        let json = crate::store::json(view)?;
        self.settings.set(&format!("{FORM_VIEW}{demarche}"), &json).await
    }

    /// The cases of the family of one dossier, each with what it needs of its network.
    ///
    /// # Errors
    /// When the store cannot be read; [`SetAside`](crate::store::Error::SetAside) when the row of a dossier of the
    /// family, or of its network, cannot.
    pub async fn cases_around(&self, number: i64) -> Result<Assembled> {
        let mut batch = self.batch(&[number], &self.frame().await?).await?;
        batch.families.pop().map_or_else(|| Ok(Assembled::default()), |(_, assembled)| assembled)
    }

    /// The case of one dossier; `None` when the dossier is not known, or disappeared before any decision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_of(&self, dossier: i64) -> Result<Option<Case>> {
        let cases = self.cases_around(dossier).await?.cases;
        Ok(cases.into_iter().find(|case| case.dossiers.iter().any(|facts| facts.number == dossier)))
    }

    /// The cases of some of these dossiers, each once and in their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn cases_of(&self, dossiers: &[i64], frame: &Frame) -> Result<Cases> {
        let batch = self.batch(dossiers, frame).await?;
        let covered = batch.covered.max(1);
        let (mut found, mut set_aside) = (BTreeMap::new(), Vec::new());
        for (number, assembled) in batch.families {
            match assembled {
                Ok(assembled) => found.extend(assembled.cases.into_iter().map(|case| (case.id, case))),
                Err(Error::SetAside { .. }) => set_aside.push(number),
                Err(error) => return Err(error),
            }
        }
        let read = dossiers.iter().take(covered);
        let cases = read.filter_map(|number| {
            let case = found.values().find(|case: &&Case| case.holds(*number)).map(|case| case.id)?;
            found.remove(&case)
        });
        Ok(Cases { cases: cases.collect(), covered, set_aside })
    }

    /// The case of one dossier with its review today.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn review_of(&self, dossier: i64) -> Result<Option<(Case, Review)>> {
        let Some(case) = self.case_of(dossier).await? else { return Ok(None) };
        let review = review(&case, self.today(), &self.frame().await?);
        Ok(Some((case, review)))
    }
}

/// A hash in place of an address: addresses are not stored.
#[must_use]
pub fn print(address: &str) -> String {
    let digest = Sha256::digest(address.trim().to_lowercase().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(PRINT).collect()
}

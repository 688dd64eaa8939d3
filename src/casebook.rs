//! Builds cases and reviews from stored facts. The daemon, the pages and `vigie explain` all use it, so that they show
//! the same judgement.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::clock::Clock;
use crate::store::dossiers::Family;
use crate::store::{Result, Store};
use label::Choices;
use label::case::facts::{Facts, FormView, Value};
use label::case::keys::Key;
use label::case::{Case, DayOff, Frame, Local, Service, assemble, postponements};
use label::judge::Review;
use label::judge::network;
use label::judge::review;

/// Prefix of the settings that hold the [`FormView`] of each démarche; the démarche's number follows.
const FORM_VIEW: &str = "form_view/";

/// The stored facts, a clock, and the readings in force.
#[derive(Clone, Debug)]
pub struct CaseBook {
    pub store: Store,
    pub clock: Clock,
    pub choices: Choices,
    /// Days that the operator declares as not worked.
    pub extra_holidays: Vec<DayOff>,
}

/// The cases of a family.
#[derive(Clone, Debug)]
pub struct Assembled {
    pub cases: Vec<Case>,
    /// Of each dossier of the family, those that belong to no case included: the revision that was read.
    pub revisions: BTreeMap<i64, i64>,
}

impl CaseBook {
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today()
    }

    /// What a judgement needs beside the case and the day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn frame(&self) -> Result<Frame> {
        let views = self.store.settings().starting(FORM_VIEW).await?;
        // One that cannot be read is set aside: the next reading of the form writes it again.
        let mut forms = BTreeMap::new();
        for (name, json) in views {
            let demarche = name.strip_prefix(FORM_VIEW).and_then(|number| number.parse::<i64>().ok());
            match demarche.zip(serde_json::from_str::<FormView>(&json).ok()) {
                Some((demarche, view)) => drop(forms.insert(demarche, view)),
                None => self.store.settings().set_aside(&name).await?,
            }
        }
        Ok(Frame { choices: self.choices, forms, extra_holidays: self.extra_holidays.clone() })
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_form_view(&self, demarche: i64, view: &FormView) -> Result<()> {
        let json = serde_json::to_string(view).unwrap_or_default();
        self.store.settings().set(&format!("{FORM_VIEW}{demarche}"), &json).await
    }

    /// The cases of the family of one dossier, each with what it needs of its network.
    ///
    /// # Errors
    /// When the store cannot be read; [`SetAside`](crate::store::Error::SetAside) when the row of a dossier of the
    /// family, or of its network, cannot.
    pub async fn cases_around(&self, number: i64) -> Result<Assembled> {
        let Assembled { mut cases, revisions } = self.alone(number).await?;
        for case in &mut cases {
            for facts in &case.dossiers {
                let times = postponements(&self.store.dossiers().audit_days(facts.number).await?);
                case.postponements.insert(facts.number, times);
                let marks = self.store.dossiers().reported_marks(facts).await?;
                if !marks.is_empty() {
                    case.reported_marks.insert(facts.number, marks);
                }
                let files = facts.values.values().flat_map(|value| match value {
                    Value::Files(files) => files.as_slice(),
                    _ => &[],
                });
                let sums: Vec<String> = files.map(|file| file.checksum.clone()).collect();
                case.inspections.0.extend(self.store.files().inspections(&sums).await?);
                case.tables.extend(self.store.files().tables(&sums).await?);
                let vanished = self.store.dossiers().vanished(facts.number).await?;
                if !vanished.is_empty() {
                    case.vanished.insert(facts.number, vanished);
                }
            }
            if case.service == Service::Central {
                case.locals = self.locals(case).await?;
            } else if let Some(named) = network::central_named(case) {
                let around = self.alone(named).await?.cases;
                let central =
                    around.iter().find(|other| other.dossiers.iter().any(|facts| facts.number == named));
                case.central =
                    central.map(|central| network::as_central(central, &self.choices, self.today()));
            }
        }
        Ok(Assembled { cases, revisions })
    }

    /// The cases of a family, without their network.
    async fn alone(&self, number: i64) -> Result<Assembled> {
        let Family { facts, histories, revisions } = self.store.dossiers().family(number).await?;
        let decided =
            |facts: &Facts| histories.contains_key(&facts.number) || !facts.rows(Key::Evenements).is_empty();
        // The platform deletes finished dossiers long before the label ends, so decided ones still count. A dossier
        // that disappeared without a decision no longer makes a case.
        let facts = facts.into_iter().filter(|facts| !facts.gone || decided(facts)).collect();
        Ok(Assembled { cases: assemble(facts, &histories), revisions })
    }

    async fn locals(&self, central: &Case) -> Result<Vec<Local>> {
        let mut locals: BTreeMap<i64, Local> = BTreeMap::new();
        for facts in &central.dossiers {
            for number in self.store.dossiers().locals_of(facts.number).await? {
                for case in self.alone(number).await?.cases {
                    if case.dossiers.iter().any(|facts| facts.number == number) {
                        locals
                            .entry(case.id)
                            .or_insert_with(|| network::as_local(&case, &self.choices, self.today()));
                    }
                }
            }
        }
        Ok(locals.into_values().collect())
    }

    /// The dossiers whose judgement depends on that of `case`: its central service's, or its locals'.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn neighbours(&self, case: &Case) -> Result<Vec<i64>> {
        let mut neighbours: Vec<i64> = network::central_named(case).into_iter().collect();
        if case.service == Service::Central {
            for facts in &case.dossiers {
                neighbours.extend(self.store.dossiers().locals_of(facts.number).await?);
            }
        }
        Ok(neighbours)
    }

    /// The case of one dossier; `None` when the dossier is not known, or disappeared before any decision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_of(&self, dossier: i64) -> Result<Option<Case>> {
        let cases = self.cases_around(dossier).await?.cases;
        Ok(cases.into_iter().find(|case| case.dossiers.iter().any(|facts| facts.number == dossier)))
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

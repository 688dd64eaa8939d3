//! Builds cases and reviews from stored facts. The daemon, the pages and `vigie explain` all use it, so that they show
//! the same judgement.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::clock::Clock;
use crate::store::dossiers::{Dossiers, Family};
use crate::store::evidence::Files;
use crate::store::settings::StoredSettings;
use crate::store::{Result, Store};
use label::Choices;
use label::case::facts::{Facts, FormView};
use label::case::keys::Key;
use label::case::{Case, DayOff, Frame, Local, Remembered, Service, assemble, postponements};
use label::guide::attached::CentralStanding;
use label::judge::Review;
use label::judge::network;
use label::judge::review;

/// Prefix of the settings that hold the [`FormView`] of each démarche; the démarche's number follows.
const FORM_VIEW: &str = "form_view/";

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
}

/// The cases of a family.
#[derive(Clone, Debug)]
pub struct Assembled {
    pub cases: Vec<Case>,
    /// Of each dossier of the family, those that belong to no case included: the revision that was read.
    pub revisions: BTreeMap<i64, i64>,
}

impl CaseBook {
    /// Takes only the groups of the store for facts, files and forms: code that holds a case book can neither send nor
    /// settle anything.
    #[must_use]
    pub fn new(store: &Store, clock: Clock, choices: Choices, extra_holidays: Vec<DayOff>) -> CaseBook {
        let (settings, dossiers, files) = (store.settings(), store.dossiers(), store.files());
        CaseBook { settings, dossiers, files, clock, choices, extra_holidays }
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
        // One that cannot be read is set aside: the next reading of the form writes it again.
        let mut forms = BTreeMap::new();
        for (name, json) in views {
            let demarche = name.strip_prefix(FORM_VIEW).and_then(|number| number.parse::<i64>().ok());
            match demarche.zip(serde_json::from_str::<FormView>(&json).ok()) {
                Some((demarche, view)) => drop(forms.insert(demarche, view)),
                None => self.settings.set_aside(&name).await?,
            }
        }
        Ok(Frame { choices: self.choices, forms, extra_holidays: self.extra_holidays.clone() })
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_form_view(&self, demarche: i64, view: &FormView) -> Result<()> {
        let json = serde_json::to_string(view).unwrap_or_default();
        self.settings.set(&format!("{FORM_VIEW}{demarche}"), &json).await
    }

    /// The cases of the family of one dossier, each with what it needs of its network.
    ///
    /// # Errors
    /// When the store cannot be read; [`SetAside`](crate::store::Error::SetAside) when the row of a dossier of the
    /// family, or of its network, cannot.
    pub async fn cases_around(&self, number: i64) -> Result<Assembled> {
        let frame = self.frame().await?;
        let Assembled { mut cases, revisions } = self.alone(number, &frame).await?;
        for case in &mut cases {
            if let Some(siret) = case.siret_without_application()
                && let Some(number) = self.dossiers.other_establishment(siret).await?
                && let Some(facts) = self.dossiers.facts(number).await?
            {
                case.perhaps_moved_from(&facts);
            }
            for facts in &case.dossiers {
                let times = postponements(&self.dossiers.audit_days(facts.number).await?);
                case.postponements.insert(facts.number, times);
                let marks = self.dossiers.reported_marks(facts).await?;
                if !marks.is_empty() {
                    case.reported_marks.insert(facts.number, marks);
                }
                let files = facts.attachments().map(|(_, file)| file);
                let sums: Vec<String> = files.map(|file| file.checksum.clone()).collect();
                case.inspections.0.extend(self.files.inspections(&sums).await?);
                case.tables.extend(self.files.tables(&sums).await?);
                let vanished = self.dossiers.vanished(facts.number).await?;
                if !vanished.is_empty() {
                    case.vanished.insert(facts.number, vanished);
                }
            }
            match case.service {
                Service::Central => case.locals = self.locals(case, &frame).await?,
                Service::LocalRattache => case.central = self.standing(case, &frame).await?,
                _ => {}
            }
        }
        Ok(Assembled { cases, revisions })
    }

    /// The cases of a family, without their network.
    async fn alone(&self, number: i64, frame: &Frame) -> Result<Assembled> {
        let Family { facts, histories, revisions } = self.dossiers.family(number).await?;
        let decided =
            |facts: &Facts| histories.contains_key(&facts.number) || !facts.rows(Key::Evenements).is_empty();
        // The platform deletes finished dossiers long before the label ends, so decided ones still count. A dossier
        // that disappeared without a decision no longer makes a case.
        let facts: Vec<Facts> = facts.into_iter().filter(|facts| !facts.gone || decided(facts)).collect();
        let answerable = |facts: &&Facts| {
            frame.form(facts).usable.contains(&Key::Decision)
                && !facts.unreadable.contains_key(&Key::Decision)
                && !facts.degraded
        };
        let answerable = facts.iter().filter(answerable).map(|facts| facts.number).collect();
        Ok(Assembled { cases: assemble(facts, &Remembered { histories, answerable }), revisions })
    }

    /// What is true today of an attached local's central; `None` when no form of its dossiers has the field that names it.
    async fn standing(&self, local: &Case, frame: &Frame) -> Result<Option<CentralStanding>> {
        let asked = |facts: &Facts| frame.form(facts).usable.contains(&Key::CentralDossier);
        if local.central_named().is_none() && !local.dossiers.iter().any(asked) {
            return Ok(None);
        }
        Ok(Some(self.central_in(local, frame).await?.0))
    }

    /// What is true today of an attached local's central, and its case: the application in force, else the latest one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn central_of(&self, local: &Case) -> Result<(CentralStanding, Option<Case>)> {
        self.central_in(local, &self.frame().await?).await
    }

    async fn central_in(&self, local: &Case, frame: &Frame) -> Result<(CentralStanding, Option<Case>)> {
        let Some(number) = local.central_named() else { return Ok((CentralStanding::NotNamed, None)) };
        let named = self.dossiers.facts(number).await?;
        let family = self.alone(number, frame).await?.cases;
        let found = network::central_of(local, named.as_ref(), &family, &self.choices, self.today());
        Ok((found.standing, found.case.cloned()))
    }

    /// The locals of a central service: those that name any dossier of that service, each once.
    async fn locals(&self, central: &Case, frame: &Frame) -> Result<Vec<Local>> {
        let numbers = self.numbers_of_central(central).await?;
        let mut locals: BTreeMap<i64, Local> = BTreeMap::new();
        for named in &numbers {
            for number in self.dossiers.locals_of(*named).await? {
                let around = self.alone(number, frame).await?.cases;
                let is_local = |case: &&Case| {
                    case.holds(number) && case.central_named().is_some_and(|named| numbers.contains(&named))
                };
                for case in around.iter().filter(is_local) {
                    locals
                        .entry(case.id)
                        .or_insert_with(|| network::as_local(case, &self.choices, self.today()));
                }
            }
        }
        Ok(network::each_once(locals.into_values().collect()))
    }

    /// The numbers by which locals may name a central service: of all its applications, those that disappeared included,
    /// and of the dossiers that they follow.
    async fn numbers_of_central(&self, central: &Case) -> Result<BTreeSet<i64>> {
        let family = self.dossiers.family(central.id).await?.facts;
        let same = |facts: &&Facts| {
            let siret = facts.siret.as_deref();
            central.holds(facts.number)
                || (siret.is_some() && siret == central.siret() && Service::of(facts) == Service::Central)
        };
        let numbers = family.iter().filter(same);
        Ok(numbers
            .flat_map(|facts| [Some(facts.number), facts.link(Key::DossierPrecedent)])
            .flatten()
            .collect())
    }

    /// The dossiers of attached locals that name this one as their central's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn locals_naming(&self, number: i64) -> Result<Vec<i64>> {
        self.dossiers.locals_of(number).await
    }

    /// The dossiers whose judgement depends on that of `case`: its central service's, or its locals'.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn neighbours(&self, case: &Case) -> Result<Vec<i64>> {
        let mut neighbours: Vec<i64> = case.central_named().into_iter().collect();
        if case.service == Service::LocalRattache {
            neighbours.extend(self.central_of(case).await?.1.map(|central| central.id));
        }
        if case.service == Service::Central {
            for number in self.numbers_of_central(case).await? {
                neighbours.extend(self.dossiers.locals_of(number).await?);
            }
        }
        neighbours.retain(|number| !case.holds(*number));
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

//! Networks: the central of an attached local, the locals of a central, and who is judged again with whom.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::alone;
use super::{Assembled, CaseBook};
use crate::retry::store as limits;
use crate::store::families::Families;
use crate::store::{Error, Result};
use label::case::facts::Facts;
use label::case::keys::Key;
use label::case::{Case, Frame, Local, Service};
use label::guide::attached::CentralStanding;
use label::judge::network;

/// The dossier that a local names as its central's, and the cases of its family.
type Named = (Option<Facts>, Vec<Case>);

/// By the SIRET of a case without an application, the only application known of another establishment.
type Moved = BTreeMap<String, Result<Facts>>;

impl CaseBook {
    /// Gives each case what it needs of its network, and returns the dossiers whose judgement depends on it. A family whose
    /// network holds a row that cannot be read is an error in its place.
    pub(super) async fn add_networks(
        &self,
        families: &mut [(i64, Result<Assembled>)],
        own: &Families,
        frame: &Frame,
    ) -> Result<BTreeMap<i64, BTreeSet<i64>>> {
        let cases = || families.iter().flat_map(|(_, assembled)| assembled).flat_map(|one| &one.cases);
        let locals = cases().filter(|case| case.service == Service::LocalRattache);
        let named: BTreeSet<i64> = locals.filter_map(Case::central_named).collect();
        let (mut services, mut unread) = (BTreeMap::new(), BTreeMap::new());
        for central in cases().filter(|case| case.service == Service::Central) {
            match own.of(central.id) {
                Ok(family) => drop(services.insert(central.id, numbers_of_central(central, &family.facts))),
                Err(error) => drop(unread.insert(central.id, Err(error))),
            }
        }
        let centrals = self.centrals(named.into_iter().collect(), frame).await?;
        let moved = self.perhaps_moved(families).await?;
        let naming = self.naming_each(&services).await?;
        let mut locals = self.locals(&services, &naming, frame).await?;
        locals.extend(unread);
        let mut neighbours: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for (number, named) in &naming {
            for service in named {
                neighbours.entry(*service).or_default().insert(*number);
            }
        }
        for (_, family) in families {
            let Ok(assembled) = family else { continue };
            match self.add_network(assembled, &mut locals, (&centrals, &moved), &mut neighbours, frame) {
                Ok(()) => {}
                Err(error @ Error::SetAside { .. }) => *family = Err(error),
                Err(error) => return Err(error),
            }
        }
        Ok(neighbours)
    }

    fn add_network(
        &self,
        assembled: &mut Assembled,
        locals: &mut BTreeMap<i64, Result<Vec<Local>>>,
        (centrals, moved): (&BTreeMap<i64, Result<Named>>, &Moved),
        neighbours: &mut BTreeMap<i64, BTreeSet<i64>>,
        frame: &Frame,
    ) -> Result<()> {
        for case in &mut assembled.cases {
            match case.siret_without_application().and_then(|siret| moved.get(siret)) {
                Some(Ok(facts)) => case.perhaps_moved_from(facts),
                Some(Err(Error::SetAside { dossier })) => return Err(Error::SetAside { dossier: *dossier }),
                Some(Err(_)) | None => {}
            }
            match case.service {
                Service::Central => {
                    case.locals = locals.remove(&case.id).unwrap_or_else(|| Ok(Vec::new()))?
                }
                Service::LocalRattache if is_asked(case, frame) => {
                    let (standing, central) = self.standing(case, centrals)?;
                    case.central = Some(standing);
                    neighbours.entry(case.id).or_default().extend(central.map(|central| central.id));
                }
                _ => {}
            }
            neighbours.entry(case.id).or_default().extend(case.central_named());
            if let Some(numbers) = neighbours.get_mut(&case.id) {
                numbers.retain(|number| !case.holds(*number));
            }
        }
        Ok(())
    }

    async fn perhaps_moved(&self, families: &[(i64, Result<Assembled>)]) -> Result<Moved> {
        let cases = families.iter().flat_map(|(_, assembled)| assembled).flat_map(|one| &one.cases);
        let sirets: BTreeSet<&str> = cases.filter_map(Case::siret_without_application).collect();
        let others = self.dossiers.other_establishments(&sirets.into_iter().collect::<Vec<_>>()).await?;
        let numbers: BTreeSet<i64> = others.values().copied().collect();
        let facts = self.dossiers.facts_of_each(&numbers.into_iter().collect::<Vec<_>>()).await?;
        let of = |number: &i64| match facts.get(number)? {
            Ok(facts) => Some(Ok(facts.clone())),
            Err(_) => Some(Err(Error::SetAside { dossier: *number })),
        };
        Ok(others.into_iter().filter_map(|(siret, number)| Some((siret, of(&number)?))).collect())
    }

    /// The families of the dossiers that locals name as their central's.
    async fn centrals(&self, named: Vec<i64>, frame: &Frame) -> Result<BTreeMap<i64, Result<Named>>> {
        let mut centrals = BTreeMap::new();
        let mut left = named.as_slice();
        while !left.is_empty() {
            let families = self.dossiers.families(left).await?;
            let (read, others) = left.split_at_checked(families.covered.max(1)).unwrap_or((left, &[]));
            for number in read {
                let named = families.facts(*number).map(Option::<&Facts>::cloned);
                let named = named.and_then(|named| Ok((named, alone(&families, *number, frame)?)));
                centrals.insert(*number, named);
            }
            left = others;
        }
        Ok(centrals)
    }

    /// What is true today of an attached local's central, and its case: the application in force, else the latest one.
    fn standing(
        &self,
        local: &Case,
        centrals: &BTreeMap<i64, Result<Named>>,
    ) -> Result<(CentralStanding, Option<Case>)> {
        let Some(number) = local.central_named() else { return Ok((CentralStanding::NotNamed, None)) };
        let (named, family) = match centrals.get(&number) {
            Some(Ok((named, family))) => (named.as_ref(), family.as_slice()),
            Some(Err(Error::SetAside { dossier })) => return Err(Error::SetAside { dossier: *dossier }),
            Some(Err(_)) | None => (None, [].as_slice()),
        };
        let found = network::central_of(local, named, family, &self.choices, self.today());
        Ok((found.standing, found.case.cloned()))
    }

    /// What is true today of an attached local's central, and its case: the application in force, else the latest one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn central_of(&self, local: &Case) -> Result<(CentralStanding, Option<Case>)> {
        let named = local.central_named().into_iter().collect();
        self.standing(local, &self.centrals(named, &self.frame().await?).await?)
    }

    /// The dossiers that name one of these central services, each with the services that it names.
    async fn naming_each(
        &self,
        services: &BTreeMap<i64, BTreeSet<i64>>,
    ) -> Result<BTreeMap<i64, BTreeSet<i64>>> {
        let mut named: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (service, numbers) in services {
            numbers.iter().for_each(|number| named.entry(*number).or_default().push(*service));
        }
        let numbers: Vec<i64> = named.keys().copied().collect();
        let mut naming: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for page in numbers.chunks(limits::VALUES) {
            for (central, number) in self.dossiers.locals_of(page).await? {
                naming.entry(number).or_default().extend(named.get(&central).into_iter().flatten());
            }
        }
        Ok(naming)
    }

    /// The locals of central services, by the number of the service's case: those that name any dossier of that service,
    /// each once. A local whose row cannot be read is an error in the place of those of its central.
    async fn locals(
        &self,
        services: &BTreeMap<i64, BTreeSet<i64>>,
        naming: &BTreeMap<i64, BTreeSet<i64>>,
        frame: &Frame,
    ) -> Result<BTreeMap<i64, Result<Vec<Local>>>> {
        let mut found: BTreeMap<i64, Result<BTreeMap<i64, Local>>> =
            services.keys().map(|service| (*service, Ok(BTreeMap::new()))).collect();
        let dossiers: Vec<i64> = naming.keys().copied().collect();
        let mut left = dossiers.as_slice();
        // As many at once as fit in memory: of each, only what the central's judgement reads is kept.
        while !left.is_empty() {
            let families = self.dossiers.families(left).await?;
            let (read, others) = left.split_at_checked(families.covered.max(1)).unwrap_or((left, &[]));
            for number in read {
                let around = match alone(&families, *number, frame) {
                    Err(error) if !matches!(error, Error::SetAside { .. }) => return Err(error),
                    around => around,
                };
                for service in naming.get(number).into_iter().flatten() {
                    let numbers = services.get(service);
                    let is_local = |case: &&Case| {
                        let central = case.central_named();
                        case.holds(*number)
                            && central.is_some_and(|one| numbers.is_some_and(|all| all.contains(&one)))
                    };
                    match (&around, found.get_mut(service)) {
                        (Ok(around), Some(Ok(locals))) => {
                            for case in around.iter().filter(is_local) {
                                let local = || network::as_local(case, &self.choices, self.today());
                                locals.entry(case.id).or_insert_with(local);
                            }
                        }
                        (Err(Error::SetAside { dossier }), Some(locals)) => {
                            *locals = Err(Error::SetAside { dossier: *dossier });
                        }
                        _ => {}
                    }
                }
            }
            left = others;
        }
        let once = |locals: BTreeMap<i64, Local>| network::each_once(locals.into_values().collect());
        Ok(found.into_iter().map(|(service, locals)| (service, locals.map(once))).collect())
    }

    /// The dossiers of attached locals that name this one as their central's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn locals_naming(&self, number: i64) -> Result<Vec<i64>> {
        let rows = self.dossiers.locals_of(&[number]).await?;
        Ok(rows.into_iter().map(|(_, number)| number).collect())
    }

    /// The dossiers whose judgement depends on that of `case`, as [`Batch::neighbours`](super::Batch::neighbours) has them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn neighbours(&self, case: &Case) -> Result<Vec<i64>> {
        let batch = self.batch(&[case.id], &self.frame().await?).await?;
        let neighbours = batch.neighbours.get(&case.id).into_iter().flatten().copied();
        Ok(neighbours.filter(|number| !case.holds(*number)).collect())
    }
}

/// Whether a form of its dossiers has the field that names its central, or it names one.
fn is_asked(local: &Case, frame: &Frame) -> bool {
    let asked = |facts: &Facts| frame.form(facts).usable.contains(&Key::CentralDossier);
    local.central_named().is_some() || local.dossiers.iter().any(asked)
}

/// The numbers by which locals may name a central service: of all its applications, those that disappeared included,
/// and of the dossiers that they follow.
fn numbers_of_central(central: &Case, family: &[Facts]) -> BTreeSet<i64> {
    let same = |facts: &&Facts| {
        let siret = facts.siret.as_deref();
        central.holds(facts.number)
            || (siret.is_some() && siret == central.siret() && Service::of(facts) == Service::Central)
    };
    let numbers = family.iter().filter(same);
    numbers.flat_map(|facts| [Some(facts.number), facts.link(Key::DossierPrecedent)]).flatten().collect()
}

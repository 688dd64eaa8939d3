//! Families of dossiers: those that share a SIRET or name one another, and are judged together. Read for many dossiers at
//! once: the number of queries depends on how far families reach, and not on how many there are.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::awarded::said_since;
use super::decisions::{StoredEvent, event};
use super::dossiers::{Dossiers, decode};
use super::lists::{among, texts_among};
use super::pools::{Error, Result, on};
use super::sql;
use crate::retry::store as limits;
use label::case::Histories;
use label::case::awarded::SaidSince;
use label::case::facts::Facts;
use label::case::keys::Key;

/// Dossiers that are judged together.
#[derive(Clone, Debug, Default)]
pub struct Family {
    pub facts: Vec<Facts>,
    /// The decisions seen of them.
    pub histories: Histories,
    /// Those whose last decision was emptied.
    pub emptied: BTreeSet<i64>,
    /// How often each was marked to be judged when it was read.
    pub revisions: BTreeMap<i64, i64>,
    /// What each says since its award in the place of what its facts hold.
    pub said_since: BTreeMap<i64, SaidSince>,
}

/// One dossier of the store; no facts when its row cannot be read.
#[derive(Debug)]
struct Member {
    facts: Option<Facts>,
    revision: i64,
    said_since: Option<SaidSince>,
}

/// The families of some dossiers.
#[derive(Debug, Default)]
pub struct Families {
    /// How many of the dossiers that were asked for they cover, from the first: the others make too many to be read at
    /// once.
    pub covered: usize,
    members: BTreeMap<i64, Member>,
    /// By the number that they name as the one before.
    followers: BTreeMap<i64, Vec<i64>>,
    by_siret: BTreeMap<String, Vec<i64>>,
    histories: Histories,
    emptied: BTreeSet<i64>,
}

type MemberRow = (i64, String, Option<i64>, i64);

impl Dossiers {
    /// All dossiers that share a SIRET with `number` or name one another, with the decisions seen of them.
    ///
    /// # Errors
    /// When the store cannot be read; [`Error::SetAside`] when the row of one of them cannot.
    pub async fn family(&self, number: i64) -> Result<Family> {
        self.families(&[number]).await?.of(number)
    }

    /// The families of these dossiers, of as many of them as [`limits::TOGETHER`] allows.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn families(&self, numbers: &[i64]) -> Result<Families> {
        let mut count = numbers.len();
        loop {
            let asked = numbers.get(..count).unwrap_or(numbers);
            match self.reached(asked).await? {
                Some(families) => return Ok(Families { covered: asked.len(), ..families }),
                None => count = count.div_ceil(2),
            }
        }
    }

    /// `None` when several families are too many dossiers to be read at once.
    async fn reached(&self, numbers: &[i64]) -> Result<Option<Families>> {
        let mut families = Families::default();
        let mut wanted: Vec<i64> = numbers.iter().copied().collect::<BTreeSet<i64>>().into_iter().collect();
        // Numbers that were looked for, those that are not known included: they may be named by those that follow them.
        let mut asked: BTreeSet<i64> = wanted.iter().copied().collect();
        while !wanted.is_empty() {
            let sirets = self.read_members(&wanted, &mut families).await?;
            let next = families.named_by(&wanted, &sirets);
            wanted = next.into_iter().filter(|number| asked.insert(*number)).collect();
            if families.members.len() + wanted.len() > limits::TOGETHER {
                if numbers.len() > 1 {
                    return Ok(None);
                }
                // A family that no rule foresees: the dossiers found so far are judged together.
                wanted.truncate(limits::FAMILY.saturating_sub(families.members.len()));
            }
        }
        self.read_decisions(&mut families).await?;
        Ok(Some(families))
    }

    /// Reads the dossiers of these numbers, and which ones follow them or share their SIRET. Returns the new SIRETs.
    async fn read_members(&self, numbers: &[i64], families: &mut Families) -> Result<Vec<String>> {
        let rows: Vec<MemberRow> = on!(&self.0, pool => {
            let mut query =
                sqlx::QueryBuilder::new("select number, facts, gone_at, revision from dossiers where number in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let kept = self.kept_at_award(numbers).await?;
        let mut sirets = Vec::new();
        for (number, json, gone_at, revision) in rows {
            let mut facts = match decode(number, &json, gone_at) {
                Ok(facts) => Some(facts),
                Err(row) => {
                    self.0.set_row_aside(&row).await?;
                    None
                }
            };
            let said_since = facts.as_mut().and_then(|facts| said_since(facts, &kept));
            let siret = facts.as_ref().and_then(|facts| facts.siret.clone());
            sirets.extend(siret.filter(|siret| !families.by_siret.contains_key(siret)));
            families.members.insert(number, Member { facts, revision, said_since });
        }
        sirets.sort();
        sirets.dedup();
        let followers: Vec<(i64, i64)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select previous, number from dossiers where previous in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        for (previous, number) in followers {
            families.followers.entry(previous).or_default().push(number);
        }
        for (siret, number) in self.of_sirets(&sirets).await? {
            families.by_siret.entry(siret).or_default().push(number);
        }
        Ok(sirets)
    }

    /// The first [`limits::FAMILY`] dossiers of each SIRET.
    async fn of_sirets(&self, sirets: &[String]) -> Result<Vec<(String, i64)>> {
        if sirets.is_empty() {
            return Ok(Vec::new());
        }
        let most = i64::try_from(limits::FAMILY).unwrap_or(i64::MAX);
        Ok(on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(OF_SIRETS);
            texts_among(&mut query, sirets);
            query.push(") as ranked where place <= ").push_bind(most).push(" order by siret, number");
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?)
    }

    async fn read_decisions(&self, families: &mut Families) -> Result<()> {
        let numbers: Vec<i64> = families.members.keys().copied().collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let rows: Vec<StoredEvent> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, position, event from decisions where dossier in (");
            among(&mut query, &numbers);
            query.push(" order by dossier, position").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let seen = |(dossier, position, json): StoredEvent| {
            event(dossier, position, &json).map(|decision| (dossier, decision))
        };
        for (dossier, decision) in self.0.readable(rows.into_iter().map(seen)).await? {
            // In order of position: the last one says.
            if decision.emptied {
                families.emptied.insert(dossier);
            } else {
                families.emptied.remove(&dossier);
            }
            families.histories.entry(dossier).or_default().push(decision.event);
        }
        Ok(())
    }
}

impl Families {
    /// The numbers that these dossiers, and these SIRETs, lead to.
    fn named_by(&self, numbers: &[i64], sirets: &[String]) -> Vec<i64> {
        let members = numbers.iter().filter_map(|number| self.members.get(number));
        let previous = members.filter_map(|member| member.facts.as_ref()?.link(Key::DossierPrecedent));
        let followers = numbers.iter().filter_map(|number| self.followers.get(number)).flatten().copied();
        let same = sirets.iter().filter_map(|siret| self.by_siret.get(siret)).flatten().copied();
        previous.chain(followers).chain(same).collect()
    }

    /// The facts of a dossier; `None` when it is not known.
    ///
    /// # Errors
    /// [`Error::SetAside`] when its row cannot be read.
    pub fn facts(&self, number: i64) -> Result<Option<&Facts>> {
        let Some(member) = self.members.get(&number) else { return Ok(None) };
        member.facts.as_ref().map(Some).ok_or(Error::SetAside { dossier: number })
    }

    /// All dossiers that share a SIRET with `number` or name one another, with the decisions seen of them: at most
    /// [`limits::FAMILY`].
    ///
    /// # Errors
    /// [`Error::SetAside`] when the row of one of them cannot be read: the family is judged together, and without one of
    /// its dossiers it would be judged wrongly.
    pub fn of(&self, number: i64) -> Result<Family> {
        let mut family = Family::default();
        let mut facts: BTreeMap<i64, &Facts> = BTreeMap::new();
        let mut sirets: BTreeSet<&str> = BTreeSet::new();
        let mut waiting = VecDeque::from([number]);
        while let Some(number) = waiting.pop_front() {
            if facts.contains_key(&number) || facts.len() >= limits::FAMILY {
                continue;
            }
            // A number that is not known here, or no more, may still be named by those that followed it.
            waiting.extend(self.followers.get(&number).into_iter().flatten());
            let Some(found) = self.facts(number)? else { continue };
            waiting.extend(found.link(Key::DossierPrecedent));
            if let Some(siret) = found.siret.as_deref().filter(|siret| sirets.insert(siret)) {
                waiting.extend(self.by_siret.get(siret).into_iter().flatten());
            }
            facts.insert(number, found);
        }
        for (number, found) in facts {
            family.facts.push(found.clone());
            family.revisions.extend(self.members.get(&number).map(|member| (number, member.revision)));
            family.emptied.extend(self.emptied.get(&number));
            let said_since = self.members.get(&number).and_then(|member| member.said_since.clone());
            family.said_since.extend(said_since.map(|since| (number, since)));
            family.histories.extend(self.histories.get(&number).map(|history| (number, history.clone())));
        }
        Ok(family)
    }
}

const OF_SIRETS: &str = "
    select siret, number from (select siret, number,
        row_number() over (partition by siret order by number) as place from dossiers where siret in (";

//! What was written in annotations, and what the platform refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::dossiers::prepare;
use super::journal::{NewLine, add_lines};
use super::lists::among;
use super::observed::Begin as _;
use super::outbox::FINISH;
use super::pools::{Pools, Result, micros, on, timestamp};
use super::replicas::Replicas;
use super::sql;
use super::unreadable::{Place, known_key};
use crate::retry::store as limits;
use label::case::facts::Facts;
use label::case::keys::Key;

/// The values that were written in annotations, and those that the platform refused.
#[derive(Clone, Debug)]
pub struct Writes(pub(super) Pools);

impl Writes {
    /// Values that are not to be tried again in these dossiers: dossier, key, hash of the value.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stuck(&self, dossiers: &[i64]) -> Result<BTreeSet<(i64, Key, String)>> {
        if dossiers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(i64, String, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, key, value from refused where dossier in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let known = |(dossier, key, value): (i64, String, String)| {
            Ok((dossier, known_key(Place::Refused, dossier, &key)?, value))
        };
        Ok(self.0.readable(rows.into_iter().map(known)).await?.into_iter().collect())
    }

    /// The dossiers still on the platform in which a value is not written any more: it was refused, until the form changes,
    /// or it does not hold, until there is another one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn given_up(&self) -> Result<Vec<i64>> {
        const SQL: &str = "select distinct refused.dossier from refused
            join dossiers on dossiers.number = refused.dossier
            left join written on written.dossier = refused.dossier and written.key = refused.key
            where dossiers.gone_at is null
                and not (refused.why = $1 and coalesce(written.value, refused.value) <> refused.value)
            order by refused.dossier";
        let rows: Vec<(i64,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(DOES_NOT_HOLD).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(dossier,)| dossier).collect())
    }

    /// The form changed: what it refused may now be accepted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_refusals(&self) -> Result<()> {
        on!(&self.0, pool => {
            sql::query("delete from refused").execute(pool).await?;
            sql::query("delete from written").execute(pool).await?;
            Ok(())
        })
    }

    /// What was last written in each annotation of a dossier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_written(&self, dossier: i64) -> Result<BTreeMap<Key, LastWritten>> {
        const SQL: &str = "select key, value, hand from written where dossier = $1";
        let rows: Vec<(String, String, Option<i64>)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        let known = |(key, print, hand): (String, String, Option<i64>)| {
            Ok((known_key(Place::Written, dossier, &key)?, LastWritten { print, hand: hand.map(timestamp) }))
        };
        Ok(self.0.readable(rows.into_iter().map(known)).await?.into_iter().collect())
    }

    /// Whether the journal of a dossier says this since an instant.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_said(&self, line: &NewLine, since: Timestamp) -> Result<bool> {
        const SQL: &str = "select exists (select 1 from journal
            where dossier = $1 and kind = $2 and detail = $3 and at >= $4)";
        let (said,): (bool,) = on!(&self.0, pool => sql::query_as(SQL).bind(line.dossier).bind(line.kind.word())
            .bind(&line.detail).bind(micros(since)).fetch_one(pool).await)?;
        Ok(said)
    }

    /// Settles what one call wrote: the values, those refused, the facts as they now are, the lines that say so, and
    /// the task, together. A value that was written three times in a row, and not kept although no person touched the
    /// annotations meanwhile, is not written any more, and its line says so.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn settle(&self, call: &WrittenCall<'_>, now: Timestamp) -> Result<()> {
        // The decisions are remembered with the page that is read next.
        let prepared = call.facts.map(|facts| prepare(facts, false)).transpose()?;
        // Compared with when another process began to read a page.
        let wrote_at = if self.0.by().is_empty() { 0 } else { Replicas(self.0.clone()).now().await? };
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            for value in &call.kept {
                let (times,): (i64,) = sql::query_as(WROTE).bind(call.dossier).bind(value.key.name())
                    .bind(&value.print).bind(call.hand.map(micros)).fetch_one(&mut *tx).await?;
                if times >= limits::WRITES {
                    sql::query(REFUSED).bind(call.dossier).bind(value.key.name()).bind(&value.print)
                        .bind(DOES_NOT_HOLD).bind(micros(now))
                        .execute(&mut *tx).await?;
                    add_lines!(tx, now, [&value.does_not_hold]);
                }
            }
            for (key, print, why) in &call.refused {
                sql::query(REFUSED).bind(call.dossier).bind(key.name()).bind(print).bind(why).bind(micros(now))
                    .execute(&mut *tx).await?;
            }
            if let Some(facts) = &prepared {
                sql::query(CONFIRMED).bind(&facts.hash).bind(&facts.json).bind(facts.number).bind(wrote_at)
                   .execute(&mut *tx).await?;
            }
            add_lines!(tx, now, &call.lines);
            if let Some(task) = call.task {
                sql::query(FINISH).bind("done").bind(None::<&str>).bind(micros(now)).bind(task)
                    .execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }
}

/// What one call wrote in the annotations of a dossier.
#[derive(Clone, Debug)]
pub struct WrittenCall<'a> {
    pub dossier: i64,
    /// When a person had last changed an annotation, as read before the call; none where that is not known.
    pub hand: Option<Timestamp>,
    pub kept: Vec<KeptValue>,
    /// Key, hash of the value, why.
    pub refused: Vec<(Key, String, String)>,
    /// The facts as the platform confirmed them; absent when nothing was kept.
    pub facts: Option<&'a Facts>,
    pub lines: Vec<NewLine>,
    /// The task that ends with it.
    pub task: Option<&'a str>,
}

/// What was last written in an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastWritten {
    /// Hash of the value.
    pub print: String,
    /// When a person had last changed an annotation of the dossier, as it was known then.
    pub hand: Option<Timestamp>,
}

/// A value that the platform kept.
#[derive(Clone, Debug)]
pub struct KeptValue {
    pub key: Key,
    pub print: String,
    /// Written in the journal when the value is given up.
    pub does_not_hold: NewLine,
}

const WROTE: &str = "insert into written (dossier, key, value, times, hand) values ($1, $2, $3, 1, $4)
    on conflict (dossier, key) do update set
        times = case when written.value = excluded.value
            and coalesce(written.hand, 0) = coalesce(excluded.hand, 0) then written.times + 1 else 1 end,
        value = excluded.value, hand = excluded.hand
    returning times";

const CONFIRMED: &str = "update dossiers set hash = $1, facts = $2, written_at = $4 where number = $3";

const DOES_NOT_HOLD: &str = "the value was written three times and does not hold";

const REFUSED: &str = "insert into refused (dossier, key, value, why, at) values ($1, $2, $3, $4, $5)
    on conflict (dossier, key, value) do update set why = excluded.why, at = excluded.at";

//! The position of each reading: the three streams, the trailing window, the nightly reading, the slices of a first
//! one.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::lists::among;
use super::observed::BeginObserved as _;
use super::pools::{Pools, Result, micros, on, timestamp};
use super::sql;

/// The position of the reading of the three streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub since: Timestamp,
    pub dossiers: Option<String>,
    pub pending: Option<String>,
    pub deleted: Option<String>,
    /// True once a reading came to its end.
    pub filled: bool,
}

/// The readings of a list beside the streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walks {
    pub recents: Walk,
    pub sweep: Sweep,
}

/// One reading of a list from its beginning to its end, over several requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    pub place: Option<String>,
    /// When it began; `None` while none is under way.
    pub began: Option<Timestamp>,
    /// When the last whole one began.
    pub before: Option<Timestamp>,
}

/// One nightly reading, over several requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    pub place: Option<String>,
    /// When it began; `None` while none is under way.
    pub began: Option<Timestamp>,
    /// When the last whole one began.
    pub before: Option<Timestamp>,
    /// The latest date of modification that it has come to.
    pub low: Option<Timestamp>,
    /// When the last one began that reads dossiers and not only numbers; equal to `began` while it is under way.
    pub whole: Option<Timestamp>,
}

impl Sweep {
    /// Whether the one under way reads whole dossiers.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.began.is_some() && self.whole == self.began
    }
}

/// One slice of a first reading: dossiers changed since `since` (inclusive) and before `until` (exclusive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    pub place: Option<String>,
    pub done: bool,
}

pub(super) fn instant(micros: i64) -> Option<Timestamp> {
    (micros != 0).then(|| timestamp(micros))
}

pub(super) fn from_instant(at: Option<Timestamp>) -> i64 {
    at.map_or(0, micros)
}

/// The pages that were read, and the position of each reading.
#[derive(Clone, Debug)]
pub struct Pages(pub(super) Pools);

impl Pages {
    /// # Errors
    /// When the store cannot be read.
    pub async fn position(&self, scope: &str) -> Result<Option<Position>> {
        const SQL: &str = "select since, dossiers, pending, deleted, filled from cursors where scope = $1";
        type PositionRow = (i64, Option<String>, Option<String>, Option<String>, bool);
        let row: Option<PositionRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(scope).fetch_optional(pool).await)?;
        Ok(row.map(|(since, dossiers, pending, deleted, filled)| Position {
            since: timestamp(since),
            dossiers,
            pending,
            deleted,
            filled,
        }))
    }

    /// Keeps a position alone, without a page.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_position(&self, scope: &str, position: &Position) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query(SAVE_POSITION)
                .bind(scope).bind(micros(position.since)).bind(&position.dossiers).bind(&position.pending)
                .bind(&position.deleted).bind(position.filled).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn walks(&self, scope: &str) -> Result<Walks> {
        const SQL: &str = "select recents, recents_began, recents_before, sweep, sweep_began, swept_at,
            sweep_low, swept_whole_at from cursors where scope = $1";
        type WalksRow = (Option<String>, i64, i64, Option<String>, i64, i64, i64, i64);
        let row: Option<WalksRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(scope).fetch_optional(pool).await)?;
        let walks = |(recents, began, before, place, sweep_began, swept_at, low, whole): WalksRow| Walks {
            recents: Walk { place: recents, began: instant(began), before: instant(before) },
            sweep: Sweep {
                place,
                began: instant(sweep_began),
                before: instant(swept_at),
                low: instant(low),
                whole: instant(whole),
            },
        };
        Ok(row.map_or_else(Walks::default, walks))
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn set_recents(&self, scope: &str, walk: &Walk) -> Result<()> {
        const SQL: &str =
            "update cursors set recents = $1, recents_began = $2, recents_before = $3 where scope = $4";
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query(SQL).bind(&walk.place).bind(from_instant(walk.began))
                .bind(from_instant(walk.before)).bind(scope).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// When the platform last changed the latest dossier of a scope, and when that was seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn latest(&self, scope: &str) -> Result<Option<(Timestamp, Timestamp)>> {
        const SQL: &str = "select modified, seen_at from dossiers where scope = $1 and modified > 0
            and place is not null order by modified desc, number desc limit 1";
        let row: Option<(i64, i64)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(scope).fetch_optional(pool).await)?;
        Ok(row.map(|(modified, seen)| (timestamp(modified), timestamp(seen))))
    }

    /// The position of the last dossier that the platform changed at `limit` or before: all later ones come after it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn place_before(&self, scope: &str, limit: Timestamp) -> Result<Option<String>> {
        const SQL: &str = "select place from dossiers where scope = $1 and modified <= $2 and modified > 0
            and place is not null order by modified desc, number desc limit 1";
        let row: Option<(String,)> = on!(&self.0, pool => sql::query_as(SQL).bind(scope).bind(micros(limit)).fetch_optional(pool).await)?;
        Ok(row.map(|(place,)| place))
    }

    /// Of these numbers and positions, those that differ from when they were last read, or were never read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn moved(&self, listed: &[(i64, String)]) -> Result<Vec<i64>> {
        if listed.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<i64> = listed.iter().map(|(number, _)| *number).collect();
        type ListedRows = (Vec<(i64, Option<String>)>, Vec<(i64,)>);
        let (known, aside): ListedRows = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, place from dossiers where gone_at is null and number in (");
            among(&mut query, &numbers);
            let known = query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await?;
            let mut query = sqlx::QueryBuilder::new("select number from set_aside where number in (");
            among(&mut query, &numbers);
            (known, query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await?)
        });
        let known: BTreeMap<i64, Option<String>> = known.into_iter().collect();
        let same = |(number, place): &(i64, String)| {
            known.get(number).is_some_and(|known| known.as_deref() == Some(place.as_str()))
                // A dossier set aside is asked for by number anyway.
                || aside.contains(&(*number,))
        };
        Ok(listed.iter().filter(|listed| !same(listed)).map(|(number, _)| *number).collect())
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn slices(&self, scope: &str) -> Result<Vec<Slice>> {
        const SQL: &str = "select since, until, place, done from slices where scope = $1 order by since";
        let rows: Vec<(i64, Option<i64>, Option<String>, bool)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(scope).fetch_all(pool).await)?;
        let slice = |(since, until, place, done): (i64, Option<i64>, Option<String>, bool)| Slice {
            since: timestamp(since),
            until: until.map(timestamp),
            place,
            done,
        };
        Ok(rows.into_iter().map(slice).collect())
    }

    /// Keeps slices as they now are, all or none.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_slices(&self, scope: &str, slices: &[Slice]) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            for slice in slices {
                sql::query(SAVE_SLICE).bind(scope).bind(micros(slice.since)).bind(slice.until.map(micros))
                    .bind(&slice.place).bind(slice.done).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// Makes the later half of the slice that begins at `since` a slice of its own. The position of the first one is
    /// not written: a page of it may be about to be saved, and a position after that page would skip it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn cut_slice(&self, scope: &str, since: Timestamp, later: &Slice) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query("update slices set until = $1 where scope = $2 and since = $3")
                .bind(micros(later.since)).bind(scope).bind(micros(since)).execute(&mut *tx).await?;
            sql::query(SAVE_SLICE).bind(scope).bind(micros(later.since)).bind(later.until.map(micros))
                .bind(&later.place).bind(later.done).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// Starts the reading of a scope again from its beginning: what did not change costs a comparison.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn rewind(&self, scope: &str) -> Result<()> {
        const SQL: &str = "update cursors set dossiers = null, pending = null, deleted = null, filled = $2,
            recents = null, recents_began = 0 where scope = $1";
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query(SQL).bind(scope).bind(false).execute(&mut *tx).await?;
            sql::query("delete from slices where scope = $1").bind(scope).execute(&mut *tx).await?;
            // Facts read under another form do not show which attachments left the dossier since.
            sql::query("update dossiers set print = null where scope = $1").bind(scope).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }
}

pub(super) const SAVE_POSITION: &str = "
    insert into cursors (scope, since, dossiers, pending, deleted, filled) values ($1, $2, $3, $4, $5, $6)
    on conflict (scope) do update set dossiers = excluded.dossiers, pending = excluded.pending,
        deleted = excluded.deleted, filled = excluded.filled";

const SAVE_SLICE: &str = "
    insert into slices (scope, since, until, place, done) values ($1, $2, $3, $4, $5)
    on conflict (scope, since) do update set until = excluded.until, place = excluded.place, done = excluded.done";

/// Does not write the end of the slice, which may have been cut while the page was being saved.
pub(super) const MOVE_SLICE: &str = "update slices set place = $1, done = $2 where scope = $3 and since = $4";

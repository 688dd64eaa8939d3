//! The nightly reading of the whole list: where it is, which stored dossiers it did not meet, where others stand now.

use jiff::Timestamp;

use super::asks::{AskReason, PUT_ASK};
use super::observed::BeginObserved as _;
use super::pools::{Result, micros, on};
use super::position::{Pages, Sweep, from_instant};
use super::sql;

/// Where the list shows a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    pub number: i64,
    pub place: String,
    pub modified: Option<Timestamp>,
}

/// What one step of the nightly reading found, as it is saved.
#[derive(Debug)]
pub struct Found<'a> {
    /// Those that stand elsewhere than when they were read, or were never read.
    pub moved: &'a [Stand],
    /// Those that the list does not show.
    pub missing: &'a [i64],
}

impl Pages {
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_sweep(&self, scope: &str, sweep: &Sweep) -> Result<()> {
        const SQL: &str = "update cursors set sweep = $1, sweep_began = $2, swept_at = $3, sweep_low = $4,
            swept_whole_at = $5 where scope = $6";
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query(SQL).bind(&sweep.place).bind(from_instant(sweep.began)).bind(from_instant(sweep.before))
                .bind(from_instant(sweep.low)).bind(from_instant(sweep.whole)).bind(scope)
                .execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// Positions in the stored list after `from` (exclusive), `step` dossiers from one to the next; at most `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn anchors(
        &self,
        scope: &str,
        from: Option<Timestamp>,
        step: i64,
        most: i64,
    ) -> Result<Vec<String>> {
        const SQL: &str = "
            select place from (
                select place, row_number() over (order by modified, number) as rank from (
                    select place, modified, number from dossiers
                    where scope = $1 and gone_at is null and place is not null and modified > $2
                    order by modified, number limit $3
                ) listed
            ) ranked where rank % $4 = 0 order by rank";
        let from = from_instant(from);
        let rows: Vec<(String,)> = on!(&self.0, pool => sql::query_as(SQL).bind(scope).bind(from)
            .bind(step.saturating_mul(most)).bind(step).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(place,)| place).collect())
    }

    /// Stored dossiers of a scope last modified from `from` (inclusive) to `until` (exclusive; `None`: to the last one),
    /// that nothing has read since `began`: those that the list should have shown there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn expected(
        &self,
        scope: &str,
        began: Timestamp,
        from: i64,
        until: Option<Timestamp>,
    ) -> Result<Vec<i64>> {
        const SQL: &str =
            "select number from dossiers where scope = $1 and gone_at is null and modified >= $2
            and modified < $3 and seen_at < $4 order by number";
        let until = until.map_or(i64::MAX, micros);
        let rows: Vec<(i64,)> = on!(&self.0, pool => sql::query_as(SQL).bind(scope).bind(from).bind(until)
            .bind(micros(began)).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Saves one step: what is to be asked for by number, where dossiers stand now, how far the reading has come; all or
    /// nothing. The new position of a dossier is kept before it is read again: otherwise it would differ each night.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn save_sweep(
        &self,
        scope: &str,
        found: Found<'_>,
        sweep: &Sweep,
        now: Timestamp,
    ) -> Result<()> {
        const STANDS: &str = "update dossiers set place = $1, modified = $2 where number = $3 and scope = $4";
        let asked = found.moved.iter().map(|stand| (stand.number, AskReason::Late));
        let asked = asked.chain(found.missing.iter().map(|number| (*number, AskReason::Missing)));
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            sql::query(MOVE_SWEEP).bind(&sweep.place).bind(from_instant(sweep.low)).bind(scope).execute(&mut *tx).await?;
            for (number, why) in asked {
                sql::query(PUT_ASK).bind(number).bind(why.word()).bind(scope).bind(micros(now)).execute(&mut *tx).await?;
            }
            for stand in found.moved {
                let Some(modified) = stand.modified else { continue };
                sql::query(STANDS).bind(&stand.place).bind(micros(modified)).bind(stand.number).bind(scope)
                    .execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }
}

pub(super) const MOVE_SWEEP: &str = "update cursors set sweep = $1, sweep_low = $2 where scope = $3";

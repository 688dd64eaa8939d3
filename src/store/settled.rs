//! Overdue deadlines that persons found settled. The judgement takes them from here; until the next one, lists have the new
//! status from the same transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::deadlines::DeadlineStatus;
use super::dossiers::Dossiers;
use super::journal::{NewLine, add_lines};
use super::judged_print::FORGET_OF_DOSSIER;
use super::ledger::Ledger;
use super::lists::among;
use super::observed::Begin as _;
use super::pools::{Result, micros, on};
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, day_of, no_value};
use label::case::Settled;

/// The rank of a deadline among those of its kind, which ends its code: « O-16-1 » is `("O-16", 1)`.
fn parts(code: &str) -> (&str, i64) {
    match code.rsplit_once('-') {
        Some((kind, rank)) if kind.contains('-') => (kind, rank.parse().unwrap_or(0)),
        _ => (code, 0),
    }
}

/// Gives the line of a list its new status, and has the case judged again, from which all else follows.
macro_rules! listed {
    ($tx:expr, $one:expr, $from:expr, $to:expr) => {{
        let (code, occurrence) = parts(&$one.code);
        sql::query(STATUS)
            .bind($to.word())
            .bind($one.dossier)
            .bind(code)
            .bind(occurrence)
            .bind($one.due.to_string())
            .bind($from.word())
            .execute(&mut *$tx)
            .await?;
        sql::query(JUDGE_AGAIN).bind($one.dossier).execute(&mut *$tx).await?;
        sql::query(FORGET_OF_DOSSIER).bind($one.dossier).execute(&mut *$tx).await?;
    }};
}
/// One of them, with the name of who said so, as the session knew it; empty when it knew none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledBy {
    pub settled: Settled,
    pub who: String,
}

impl<'r, R: Row> FromRow<'r, R> for SettledBy
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<SettledBy> {
        let day =
            |column: &'static str| day_of(row, column)?.ok_or_else(|| no_value(column, "a day is missing"));
        let settled = Settled {
            dossier: row.try_get("dossier")?,
            code: row.try_get("code")?,
            due: day("due")?,
            on: day("settled_on")?,
        };
        Ok(SettledBy { settled, who: row.try_get("who")? })
    }
}

impl<'r, R: Row> Keyed<'r, R> for SettledBy
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        let (dossier, code): (i64, String) = (row.try_get("dossier")?, row.try_get("code")?);
        let due: String = row.try_get("due")?;
        Ok(Unreadable::of(Place::Settled, dossier, format_args!("{dossier}/{code}/{due}")))
    }
}

impl Dossiers {
    /// What was found settled of each of these dossiers; one without any is absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settled(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, Vec<SettledBy>>> {
        let mut settled: BTreeMap<i64, Vec<SettledBy>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(settled);
        }
        let rows = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "select dossier, code, due, settled_on, who from settled where dossier in (");
            among(&mut query, dossiers);
            query.push(" order by dossier, code, due").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let rows: Vec<SettledBy> = self.0.stored(rows).await?;
        for one in rows {
            settled.entry(one.settled.dossier).or_default().push(one);
        }
        Ok(settled)
    }
}

impl Ledger {
    /// Keeps that a deadline was found settled, with its line of the journal, and has its case judged again. False when that
    /// is kept already.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn keep_settled(&self, one: &SettledBy, line: &NewLine, now: Timestamp) -> Result<bool> {
        const ADD: &str =
            "insert into settled (dossier, code, due, settled_on, who, at) values ($1, $2, $3, $4, $5, $6)
            on conflict (dossier, code, due) do nothing";
        let Settled { dossier, code, due, on } = &one.settled;
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let kept = sql::query(ADD).bind(dossier).bind(code).bind(due.to_string()).bind(on.to_string()).bind(&one.who)
                .bind(micros(now)).execute(&mut *tx).await?.rows_affected();
            if kept > 0 {
                listed!(tx, one.settled, DeadlineStatus::Late, DeadlineStatus::Done);
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(kept > 0)
        })
    }

    /// Takes that back. False when it is not kept.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn take_settled_back(&self, one: &Settled, line: &NewLine, now: Timestamp) -> Result<bool> {
        const REMOVE: &str = "delete from settled where dossier = $1 and code = $2 and due = $3";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let removed = sql::query(REMOVE).bind(one.dossier).bind(&one.code).bind(one.due.to_string())
                .execute(&mut *tx).await?.rows_affected();
            if removed > 0 {
                listed!(tx, one, DeadlineStatus::Done, DeadlineStatus::Late);
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(removed > 0)
        })
    }
}

const STATUS: &str = "update deadlines set status = $1
    where dossier = $2 and code = $3 and occurrence = $4 and due = $5 and status = $6";
const JUDGE_AGAIN: &str = "update dossiers set dirty = true, revision = revision + 1 where number = $1";

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_code_ends_with_its_rank_when_it_has_one() {
        assert_eq!(parts("O-08"), ("O-08", 0));
        assert_eq!(parts("O-16-1"), ("O-16", 1));
        assert_eq!(parts(""), ("", 0));
    }
}

//! The findings of each dossier as its case was last judged.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::lists::among;
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, no_value};
use label::wording::found::Found;

/// What was found in one dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRow {
    pub dossier: i64,
    pub case_id: i64,
    /// The certification body; empty when none is known.
    pub organisme: String,
    /// How often the row changed; the store writes it.
    pub changes: i64,
    /// Of every level, in the order of the review.
    pub found: Vec<Found>,
}

impl FoundRow {
    /// The numbers of those that put a decision in doubt.
    #[must_use]
    pub fn doubts(&self) -> BTreeSet<u64> {
        let doubts = self.found.iter().filter(|one| one.doubts_decision && one.is_fault());
        doubts.filter_map(Found::number).collect()
    }
}

impl<'r, R: Row> FromRow<'r, R> for FoundRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<FoundRow> {
        let found: String = row.try_get("found")?;
        Ok(FoundRow {
            dossier: row.try_get("dossier")?,
            case_id: row.try_get("case_id")?,
            organisme: row.try_get("organisme")?,
            changes: row.try_get("changes")?,
            found: serde_json::from_str(&found).map_err(|error| no_value("found", error))?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for FoundRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        let dossier: i64 = row.try_get("dossier")?;
        Ok(Unreadable::of(Place::Found, row.try_get("case_id")?, dossier))
    }
}

/// What was found in the dossiers; reads only.
#[derive(Clone, Debug)]
pub struct FoundRows(pub(super) Pools);

impl FoundRows {
    /// What was last found in these dossiers; none of one that was never judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn found_in(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, FoundRow>> {
        let rows = self.found_where("select * from found where dossier in (", dossiers).await?;
        Ok(rows.into_iter().map(|row| (row.dossier, row)).collect())
    }

    /// What was last found in the dossiers of these cases, by case and dossier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn found_of(&self, cases: &[i64]) -> Result<Vec<FoundRow>> {
        self.found_where("select * from found where case_id in (", cases).await
    }

    async fn found_where(&self, select: &'static str, numbers: &[i64]) -> Result<Vec<FoundRow>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let rows = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(select);
            among(&mut query, numbers);
            query.push(" order by case_id, dossier");
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        self.0.stored(rows).await
    }

    /// Whether something is known of a dossier of this body that was read there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reads_for(&self, scope: &str, organisme: &str) -> Result<bool> {
        const SQL: &str =
            "select exists (select 1 from found join dossiers on dossiers.number = found.dossier
            where dossiers.scope = $1 and found.organisme = $2)";
        let (reads,): (bool,) =
            on!(&self.0, pool => sql::query_as(SQL).bind(scope).bind(organisme).fetch_one(pool).await)?;
        Ok(reads)
    }
}

pub(super) const SAVE_FOUND: (&str, &str) = (
    "insert into found (dossier, case_id, organisme, changes, found) ",
    " on conflict (dossier) do update set case_id = excluded.case_id, organisme = excluded.organisme,
    changes = found.changes + 1, found = excluded.found",
);

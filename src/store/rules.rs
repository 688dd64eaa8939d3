//! What the rules in force leave in the store: an entry of the record with its line in the journal; and the living cases,
//! which they judge.

use jiff::Timestamp;

use super::cases::Cases;
use super::chain::NewEntry;
use super::journal::{NewLine, add_lines};
use super::observed::Begin as _;
use super::pools::{Result, on};
use super::record::{NewContent, Record, append_entries, keep_contents};
use super::sql;

/// A case that is not over, as it was last judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivingCase {
    pub case_id: i64,
    pub name: String,
    /// The dossier that matters now.
    pub dossier: i64,
    /// As it is stored: a day.
    pub judged_on: String,
}

impl Record {
    /// Appends entries with the lines of the journal that tell of them, or none of it.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn append_told(
        &self,
        contents: &[NewContent],
        entries: Vec<NewEntry>,
        lines: &[NewLine],
        now: Timestamp,
    ) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            keep_contents!(tx, now, contents);
            add_lines!(tx, now, lines);
            append_entries!(tx, now, entries);
            tx.commit().await?;
            Ok(())
        })
    }
}

impl Cases {
    /// A page of the cases that are not over, in order of their number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn living(&self, after: i64, limit: i64) -> Result<Vec<LivingCase>> {
        const SQL: &str = "select case_id, name, dossier, judged_on from cases
            where living and case_id > $1 order by case_id limit $2";
        let rows: Vec<(i64, String, i64, String)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(after).bind(limit).fetch_all(pool).await)?;
        let living = |(case_id, name, dossier, judged_on)| LivingCase { case_id, name, dossier, judged_on };
        Ok(rows.into_iter().map(living).collect())
    }
}

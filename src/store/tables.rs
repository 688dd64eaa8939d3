//! What the tables of attachments hold, by checksum and kind. Beside the inspections, under a purpose of their own.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::evidence::{Files, content};
use super::lists::texts_among;
use super::pools::{Result, micros, on};
use super::settings::StoredSettings;
use super::sql;
use crate::retry::store as limits;
use label::case::table::{TableKind, TableReading};

/// Under this name the store keeps which layouts were in force.
const LAYOUTS: &str = "tables";

impl Files {
    /// The tables read in these files.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tables(&self, checksums: &[String]) -> Result<BTreeMap<(String, TableKind), TableReading>> {
        let mut rows: Vec<(String, String, Option<String>)> = Vec::new();
        for sums in checksums.chunks(limits::VALUES) {
            let page: Vec<_> = on!(&self.0, pool => {
                let mut query = sqlx::QueryBuilder::new("select checksum, purpose, inspection from inspections where state = 'done' and checksum in (");
                texts_among(&mut query, sums);
                query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
            })?;
            rows.extend(page);
        }
        // The same table holds other purposes: an inspection, a copy.
        let tables = rows.into_iter().filter_map(|(sum, purpose, json)| {
            let kind = TableKind::from_name(&purpose)?;
            Some(content(sum, &purpose, json).map(|(sum, table)| ((sum, kind), table)))
        });
        Ok(self.0.readable(tables).await?.into_iter().collect())
    }

    /// Keeps what a table holds.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn table_read(&self, checksum: &str, table: &TableReading, now: Timestamp) -> Result<()> {
        let json = super::json(table)?;
        self.keep_inspection(checksum, table.kind.name(), json, now).await
    }

    /// When the layouts are other ones than before, the dossiers that may hold a table are asked for again; how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn tables_laid_out(&self, layouts: &str, now: Timestamp) -> Result<u64> {
        if StoredSettings(self.0.clone()).get(LAYOUTS).await?.as_deref() == Some(layouts) {
            return Ok(0);
        }
        const SQL: &str = "insert into asks (number, why, scope, due_at, attempts)
            select distinct dossiers.number, 'files', dossiers.scope, cast($1 as bigint), 0
            from evidence join dossiers on dossiers.number = evidence.dossier
            where evidence.key in ('enquete_usagers_rapport', 'enquete_agents_rapport', 'grille_audit')
            on conflict (number, why) do nothing";
        let asked = on!(&self.0, pool => sql::query(SQL).bind(micros(now)).execute(pool).await
            .map(|done| done.rows_affected()))?;
        StoredSettings(self.0.clone()).set(LAYOUTS, layouts).await?;
        Ok(asked)
    }
}

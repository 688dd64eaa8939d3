//! How large the tables are, as the planner of PostgreSQL believes: told as soon as a first reading or a first judgement has
//! filled them. The server finds out by itself a minute later, and reads whole tables for each page until then.

use super::judgement::Judgements;
use super::pools::{Pools, Result};

#[cfg(feature = "postgres")]
const ANALYZE: &str =
    "analyze dossiers, decisions, audit_days, reported_marks, cases, deadlines, standings, applications,
    dossier_measures, case_findings, found, evidence, inspections, record, record_contents, outbox, asks";

impl Judgements {
    /// Has the server count the tables that judging reads; nothing to do with SQLite, which prefers an index uncounted.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn learn_sizes(&self) -> Result<()> {
        match &self.0 {
            Pools::Sqlite(_) => {}
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => {
                super::sql::query(ANALYZE).execute(postgres.pool()).await?;
            }
        }
        Ok(())
    }
}

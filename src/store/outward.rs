//! The keys of what was put otherwise than as mail: messages on the platform.

use std::collections::BTreeSet;

use super::outbox::{Outbox, TaskKind};
use super::pools::{Result, on};

impl Outbox {
    /// Keys of all tasks of a kind put for a dossier and not cancelled since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn keys_of(&self, kind: TaskKind, dossier: i64) -> Result<BTreeSet<String>> {
        const SQL: &str = "select key from outbox where dossier = $1 and kind = $2 and state <> 'cancelled'";
        let rows: Vec<(String,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).bind(kind.word()).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }
}

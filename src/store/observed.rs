//! The transactions that save what was observed or judged: each compares the number of the lease under which it was
//! ([`super::replicas`]). A file of SQLite has one process, and nothing to compare.

use sqlx::{Sqlite, SqlitePool, Transaction};

use super::pools::Result;
#[cfg(feature = "postgres")]
use super::{pooler::Postgres, pools::Error, sql};

/// A pool that gives such transactions.
pub(super) trait BeginObserved {
    type Engine: sqlx::Database;

    /// # Errors
    /// [`Error::Overtaken`](super::Error::Overtaken) when another process holds the lease since.
    async fn begin_observed(&self) -> Result<Transaction<'static, Self::Engine>>;
}

impl BeginObserved for SqlitePool {
    type Engine = Sqlite;

    async fn begin_observed(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.begin().await?)
    }
}

#[cfg(feature = "postgres")]
impl BeginObserved for Postgres {
    type Engine = sqlx::Postgres;

    async fn begin_observed(&self) -> Result<Transaction<'static, sqlx::Postgres>> {
        let mut tx = self.begin().await?;
        if self.fence() != 0 {
            let still: Option<(i64,)> =
                sql::query_as(STILL).bind(self.fence()).fetch_optional(&mut *tx).await?;
            still.ok_or(Error::Overtaken)?;
        }
        Ok(tx)
    }
}

/// The lock lets the lease be renewed, and nobody take it before the transaction ends.
#[cfg(feature = "postgres")]
const STILL: &str = "select fence from leases where name = 'observer' and fence = $1 for key share";

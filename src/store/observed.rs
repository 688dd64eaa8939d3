//! The transactions that save what was observed or judged: each compares the number of the lease under which it was
//! ([`super::replicas`]). A file of SQLite has one process, and nothing to compare.

use futures_util::future::BoxFuture;
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::pools::Result;
#[cfg(feature = "postgres")]
use super::{pooler::Postgres, pools::Error, sql};

/// A pool that begins transactions. The future of sqlx takes four kilobytes, and every function that awaits one would
/// contain it, up to the pass: boxed here, it takes sixteen bytes of each.
pub(super) trait Begin {
    type Engine: sqlx::Database;

    fn transaction(&self) -> BoxFuture<'_, sqlx::Result<Transaction<'static, Self::Engine>>>;
}

impl Begin for SqlitePool {
    type Engine = Sqlite;

    #[expect(clippy::disallowed_methods, reason = "boxed here for all the others")]
    fn transaction(&self) -> BoxFuture<'_, sqlx::Result<Transaction<'static, Sqlite>>> {
        Box::pin(self.begin())
    }
}

#[cfg(feature = "postgres")]
impl Begin for Postgres {
    type Engine = sqlx::Postgres;

    fn transaction(&self) -> BoxFuture<'_, sqlx::Result<Transaction<'static, sqlx::Postgres>>> {
        Box::pin(self.begin())
    }
}

/// A pool that gives transactions under the lease.
pub(super) trait BeginObserved {
    type Engine: sqlx::Database;

    /// # Errors
    /// [`Error::Overtaken`](super::Error::Overtaken) when another process holds the lease since.
    async fn begin_observed(&self) -> Result<Transaction<'static, Self::Engine>>;
}

impl BeginObserved for SqlitePool {
    type Engine = Sqlite;

    async fn begin_observed(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.transaction().await?)
    }
}

#[cfg(feature = "postgres")]
impl BeginObserved for Postgres {
    type Engine = sqlx::Postgres;

    async fn begin_observed(&self) -> Result<Transaction<'static, sqlx::Postgres>> {
        let mut tx = self.transaction().await?;
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

//! PostgreSQL behind a pooler that lends a connection for one transaction (PgBouncer, `pool_mode = transaction`).

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, TryStreamExt as _};
use secrecy::SecretString;
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Either, Execute, Executor, PgPool, Row as _, SqlStr, Transaction};

use super::unopened;

/// The connections to PostgreSQL. Through a pooler each statement is a transaction: its preparation and its execution are
/// two exchanges, between which another server process could be lent.
#[derive(Clone, Debug)]
pub(super) struct Postgres {
    pool: PgPool,
    shared: bool,
    /// The address for a session of our own; none behind a pooler alone.
    direct: Option<SecretString>,
    /// The number of the lease under which this observes; 0: none is compared.
    fence: i64,
    /// The process that takes tasks; empty: alone.
    by: Arc<str>,
}

/// A process that was cut off in the middle of a transaction would hold its locks until the server notices, hours later.
const BEGIN: &str = "begin; set local idle_in_transaction_session_timeout = '20s'";

impl Postgres {
    pub(super) fn own(pool: PgPool, url: &str) -> Postgres {
        Postgres { pool, shared: false, direct: Some(url.into()), fence: 0, by: Arc::default() }
    }

    /// Over connections that a pooler lends.
    pub(super) fn lent(pool: PgPool, direct: Option<&str>) -> Postgres {
        Postgres { pool, shared: true, direct: direct.map(SecretString::from), fence: 0, by: Arc::default() }
    }

    /// The same, in the name of a process, and for what it observes under a lease.
    pub(super) fn of(&self, by: &Arc<str>, fence: i64) -> Postgres {
        Postgres { by: Arc::clone(by), fence, ..self.clone() }
    }

    pub(super) fn by(&self) -> &str {
        &self.by
    }

    pub(super) fn direct(&self) -> Option<&SecretString> {
        self.direct.as_ref()
    }

    /// The setting that names that address.
    pub(super) fn direct_key(&self) -> &'static str {
        if self.shared { unopened::DIRECT } else { unopened::URL }
    }

    pub(super) async fn begin(&self) -> sqlx::Result<Transaction<'static, sqlx::Postgres>> {
        self.pool.begin_with(BEGIN).await
    }

    /// The number of the lease under which this observes; 0: none is compared.
    pub(super) fn fence(&self) -> i64 {
        self.fence
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl<'p> Executor<'p> for &'_ Postgres {
    type Database = sqlx::Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, sqlx::Result<Either<PgQueryResult, PgRow>>>
    where
        E: 'q + Execute<'q, sqlx::Postgres>,
    {
        if !self.shared {
            return (&self.pool).fetch_many(query);
        }
        let pool = self.pool.clone();
        let whole = async move {
            let mut tx = pool.begin_with(BEGIN).await?;
            let answers: Vec<_> = (&mut *tx).fetch_many(query).try_collect().await?;
            tx.commit().await?;
            Ok::<_, sqlx::Error>(stream::iter(answers.into_iter().map(Ok)))
        };
        Box::pin(stream::once(whole).try_flatten())
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<PgRow>>>
    where
        E: 'q + Execute<'q, sqlx::Postgres>,
    {
        if !self.shared {
            return (&self.pool).fetch_optional(query);
        }
        let pool = self.pool.clone();
        Box::pin(async move {
            let mut tx = pool.begin_with(BEGIN).await?;
            let row = (&mut *tx).fetch_optional(query).await?;
            tx.commit().await?;
            Ok(row)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<PgStatement>>
    where
        'p: 'e,
    {
        let pool = self.pool.clone();
        Box::pin(async move { (&pool).prepare_with(sql, parameters).await })
    }
}

/// Comparisons: another client may take the connection between two of them.
const LOOKS: usize = 3;

/// Two connections that are open at once have a server process each, unless somebody lends one process to whoever asks.
///
/// # Errors
/// When the server cannot be asked.
pub(super) async fn lends_connections(pool: &PgPool) -> sqlx::Result<bool> {
    for _ in 0..LOOKS {
        let (mut one, mut other) = (pool.acquire().await?, pool.acquire().await?);
        let mut processes = BTreeSet::new();
        for connection in [&mut one, &mut other] {
            let asked = sqlx::raw_sql("select pg_backend_pid()").fetch_one(&mut **connection).await?;
            processes.insert(asked.try_get::<i32, _>(0)?);
        }
        if processes.len() < 2 {
            return Ok(true);
        }
    }
    Ok(false)
}

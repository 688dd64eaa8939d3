//! A session of its own at PostgreSQL, for what a pooler cannot lend: it hears the other processes at once, and the lock
//! that it holds ends with the process.

use super::pools::{Pools, Result};
#[cfg(feature = "postgres")]
use super::{pools::Error, unopened::Unopened};

/// What another process said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The process that said it.
    pub from: String,
    pub word: String,
}

/// An open session.
#[derive(Debug)]
pub struct Session {
    #[cfg(feature = "postgres")]
    listener: sqlx::postgres::PgListener,
}

impl Session {
    /// Opens one that holds the lock `key`; `None` where there is no address for it: a file, or a pooler alone.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub(super) async fn open(pools: &Pools, key: i64) -> Result<Option<Session>> {
        match pools {
            Pools::Sqlite(_) => {
                let _ = key;
                Ok(None)
            }
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => {
                use secrecy::ExposeSecret as _;
                let Some(url) = postgres.direct() else { return Ok(None) };
                let url = url.expose_secret();
                let unopened = |error| Error::Unopened(Unopened::of(postgres.direct_key(), url, &error));
                let pool = Box::pin(super::server::sessions(url, 1)).await.map_err(unopened)?;
                let mut listener = Box::pin(sqlx::postgres::PgListener::connect_with(&pool)).await?;
                // One that reconnected by itself would have lost its lock.
                listener.eager_reconnect(false);
                let (held,): (bool,) = super::sql::query_as("select pg_try_advisory_lock($1)")
                    .bind(key)
                    .fetch_one(&mut listener)
                    .await?;
                if !held {
                    tracing::debug!("the lock of an earlier session of this process is still held");
                }
                Box::pin(listener.listen("vigie")).await?;
                Ok(Some(Session { listener }))
            }
        }
    }

    /// The next thing that another process says; `None` once the connection is lost.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn hear(&mut self) -> Result<Option<Said>> {
        #[cfg(feature = "postgres")]
        {
            let Some(heard) = Box::pin(self.listener.try_recv()).await? else { return Ok(None) };
            let (from, word) = heard.payload().split_once(' ').unwrap_or_default();
            Ok(Some(Said { from: from.to_owned(), word: word.to_owned() }))
        }
        #[cfg(not(feature = "postgres"))]
        std::future::pending().await
    }

    /// Whether the server still answers on it: a connection that was cut elsewhere says nothing by itself.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_out(&mut self) -> Result<()> {
        #[cfg(feature = "postgres")]
        super::sql::query("select 1").execute(&mut self.listener).await?;
        Ok(())
    }
}

//! How connections to PostgreSQL are made.

use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgPool};

use crate::retry::store as limits;

/// What is said to the server at the start of each connection. The number of digits of a float, which the library asks for,
/// is left out: nothing in the store is one, and PgBouncer takes no connection that asks for it.
fn options(url: &str) -> sqlx::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?.extra_float_digits(None))
}

/// The connections for statements.
pub(super) async fn pool(url: &str) -> sqlx::Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(limits::POSTGRES_CONNECTIONS)
        // A test is a message to the server and back, as long as most statements take: only a connection that
        // may have been cut meanwhile is tested.
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > limits::SURE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
    connected(pool, url).await
}

/// `count` connections that last as long as the value, for what needs a session.
pub(super) async fn sessions(url: &str, count: u32) -> sqlx::Result<PgPool> {
    let pool = PgPoolOptions::new().max_connections(count).max_lifetime(None).idle_timeout(None);
    connected(pool, url).await
}

async fn connected(pool: PgPoolOptions, url: &str) -> sqlx::Result<PgPool> {
    let options = options(url)?;
    match pool.acquire_timeout(limits::BUSY).connect_with(options.clone()).await {
        // The pool tries again until its time is over, and does not say why.
        Err(sqlx::Error::PoolTimedOut) => {
            let cause = sqlx::PgConnection::connect_with(&options);
            let cause = tokio::time::timeout(limits::CAUSE, cause).await;
            Err(cause.ok().and_then(std::result::Result::err).unwrap_or(sqlx::Error::PoolTimedOut))
        }
        other => other,
    }
}

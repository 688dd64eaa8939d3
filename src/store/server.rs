//! How connections to PostgreSQL are made.

use std::net::IpAddr;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{Connection as _, PgPool};

use crate::retry::store as limits;

/// What is said to the server at the start of each connection. The number of digits of a float, which the library asks for,
/// is left out: nothing in the store is one, and PgBouncer takes no connection that asks for it.
///
/// On the same machine the library would encrypt whenever the server offers it, in records of 16 KB, each in a write of its own:
/// without TCP_NODELAY, which this version of it does not set, the second waits forty milliseconds for the answer to the first.
/// Nobody is between the two there, so nothing is encrypted unless the address, or `PGSSLMODE`, asks for it.
fn options(url: &str) -> sqlx::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?.extra_float_digits(None);
    let asked =
        url.contains("sslmode=") || url.contains("ssl-mode=") || std::env::var_os("PGSSLMODE").is_some();
    Ok(match !asked && is_this_machine(options.get_host()) {
        true => options.ssl_mode(PgSslMode::Disable),
        false => options,
    })
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_encrypted_on_the_same_machine_unless_it_is_asked_for() {
        let mode = |url: &str| format!("{:?}", options(url).unwrap().get_ssl_mode());
        for here in ["127.0.0.1", "127.3.2.1", "[::1]", "localhost", "LOCALHOST"] {
            assert_eq!(mode(&format!("postgres://vigie@{here}/vigie")), "Disable", "{here}");
            assert_eq!(mode(&format!("postgres://vigie@{here}/vigie?sslmode=require")), "Require", "{here}");
        }
        for there in ["db.example", "10.0.0.1", "localhost.example", "[fe80::1]"] {
            assert_eq!(mode(&format!("postgres://vigie@{there}/vigie")), "Prefer", "{there}");
        }
    }
}

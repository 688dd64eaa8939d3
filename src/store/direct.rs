//! The address of PostgreSQL itself, where the other one leads to a pooler: whether it leads to the same base, and gives a
//! session.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use sqlx::{PgPool, Row as _};

use super::{pooler, server};

/// Sessions at `address`, once it is known that they are ones, on the base of `pool`; else why they cannot serve: it is a pooler
/// too, or another base, whose tables would be made where nobody reads them.
///
/// # Errors
/// When nothing answers there.
pub(super) async fn sessions(pool: &PgPool, address: &str) -> sqlx::Result<Result<PgPool, &'static str>> {
    let own = server::sessions(address, 2).await?;
    if pooler::lends_connections(&own).await? {
        return Ok(Err(
            "it leads to a pooler too, which gives no session: name the host and the port of PostgreSQL itself",
        ));
    }
    if !is_same_base(pool, &own).await? {
        return Ok(Err(
            "it leads to another base than store.url, where nothing was made: name the same base on the same server",
        ));
    }
    Ok(Ok(own))
}

/// A lock that is taken over the one is held for the other, if both lead to one base of one server: such a lock is known by
/// the base, needs no right and leaves no trace.
async fn is_same_base(pool: &PgPool, own: &PgPool) -> sqlx::Result<bool> {
    let key = RandomState::new().build_hasher().finish().cast_signed();
    let mut held = Box::pin(pool.begin_with("begin")).await?;
    let take = sqlx::AssertSqlSafe(format!("select pg_advisory_xact_lock({key})"));
    sqlx::raw_sql(take).execute(&mut *held).await?;
    let try_too = sqlx::AssertSqlSafe(format!("select pg_try_advisory_xact_lock({key})"));
    let taken_twice = sqlx::raw_sql(try_too).fetch_one(own).await?.try_get::<bool, _>(0)?;
    held.rollback().await?;
    Ok(!taken_twice)
}

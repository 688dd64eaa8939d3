//! Every statement of the store is made here, so that one setting holds for all: whether the server keeps them prepared.
//!
//! A pooler that lends a connection of PostgreSQL for one transaction (PgBouncer) shares prepared statements among its
//! clients, who then meet each other's. With it, none is kept.

use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::database::HasStatementCache;
use sqlx::query::{Query, QueryAs};
use sqlx::{Database, FromRow, SqlSafeStr};

static SHARED: AtomicBool = AtomicBool::new(false);

/// The server's connections are shared with other clients: no statement is kept on them, from now on.
#[cfg(feature = "postgres")]
pub(super) fn connections_are_shared() {
    SHARED.store(true, Ordering::Relaxed);
}

/// Whether statements are kept prepared; for those that a `QueryBuilder` makes.
pub(super) fn persistent() -> bool {
    !SHARED.load(Ordering::Relaxed)
}

pub(super) fn query<'a, DB: Database + HasStatementCache>(
    sql: impl SqlSafeStr,
) -> Query<'a, DB, <DB as Database>::Arguments> {
    sqlx::query(sql).persistent(persistent())
}

pub(super) fn query_as<'a, DB: Database + HasStatementCache, O>(
    sql: impl SqlSafeStr,
) -> QueryAs<'a, DB, O, <DB as Database>::Arguments>
where
    O: for<'r> FromRow<'r, DB::Row>,
{
    sqlx::query_as(sql).persistent(persistent())
}

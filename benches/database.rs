//! A database for a measure.

use sqlx::{AssertSqlSafe, PgPool};

/// A new database of this name on this server, in the place of that of an earlier measure.
pub async fn fresh(server: &str, name: &str) -> String {
    let pool = PgPool::connect(server).await.unwrap();
    for text in [format!("drop database if exists {name} with (force)"), format!("create database {name}")] {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    }
    let (root, _) = server.rsplit_once('/').unwrap();
    format!("{root}/{name}")
}

/// Writes to it wait for no disk: for what is filled and then only read.
pub async fn unhurried(server: &str, name: &str) {
    let pool = PgPool::connect(server).await.unwrap();
    let text = format!("alter database {name} set synchronous_commit = off");
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
}

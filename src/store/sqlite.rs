//! The pools of a file of SQLite, or of a database in memory.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlitePool};

use crate::retry::store as limits;

/// Two pools on the same file. What was done (a mail that left, a value that was written) is on the disk before anything else
/// happens. A page that was read need not be: it is saved with the cursor after it, and after a power cut both are as
/// they were before, in step, and the page is read again.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    pub(super) pool: SqlitePool,
    /// One connection: readers in parallel wait for it here, and not for the lock of the file.
    pub(super) pages: SqlitePool,
}

/// Rows that a statement of SQLite may give before they are taken: with few, its thread and the reader wait for each other.
const ROWS_AHEAD: usize = 500;

/// # Errors
/// A file that cannot be opened.
pub(super) async fn sqlite(options: SqliteConnectOptions, url: &str) -> sqlx::Result<Sqlite> {
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(limits::BUSY)
        .foreign_keys(true)
        .row_buffer_size(ROWS_AHEAD)
        // A first reading writes the same pages of the indexes many times: with a larger interval between checkpoints
        // they are copied less often.
        .pragma("wal_autocheckpoint", "4000");
    // Each connection to memory is a database of its own: one connection, never closed.
    let memory = url.contains(":memory:");
    let pool = SqlitePoolOptions::new().max_connections(if memory { 1 } else { limits::SQLITE_CONNECTIONS });
    // None is tested when it is taken: a file does not go away, and a request that is cancelled during the test would close
    // the connection, and lose a database in memory.
    let pool = pool.test_before_acquire(false);
    if memory {
        let pool = pool.idle_timeout(None).max_lifetime(None).connect_with(options).await?;
        return Ok(Sqlite { pages: pool.clone(), pool });
    }
    let pool = unless_left_open(pool).connect_with(options.clone()).await?;
    let pages = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    let pages = unless_left_open(pages).connect_lazy_with(options.synchronous(SqliteSynchronous::Normal));
    Ok(Sqlite { pool, pages })
}

/// Lends no connection that counts a transaction nobody ends. On a disk that is full SQLite takes a transaction back by itself;
/// the rollback that follows finds none and fails, and sqlx goes on counting one. The next transaction is then a savepoint, whose
/// rollback leaves it open: what follows is never on the disk, and every other writer waits.
fn unless_left_open(pool: SqlitePoolOptions) -> SqlitePoolOptions {
    pool.before_acquire(|connection, _| {
        Box::pin(async move {
            if !connection.is_in_transaction() {
                return Ok(true);
            }
            // The rollback of one that was dropped may still be under way: the answer comes after it.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use sqlx::Row as _;

    use super::*;

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the futures of a test are few")]
    async fn a_transaction_that_sqlite_took_back_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("v.db").display());
        let Sqlite { pool, pages } =
            sqlite(SqliteConnectOptions::from_str(&url).unwrap(), &url).await.unwrap();
        sqlx::raw_sql("create table kept (what text)").execute(&pool).await.unwrap();
        for pool in [pool, pages] {
            let mut tx = pool.begin().await.unwrap();
            // As it does by itself when the disk is full.
            sqlx::raw_sql("rollback").execute(&mut *tx).await.unwrap();
            drop(tx);
            // The next one is given up, as while the disk is still full.
            let mut tx = pool.begin().await.unwrap();
            sqlx::raw_sql("insert into kept values ('given up')").execute(&mut *tx).await.unwrap();
            drop(tx);
            let mut tx = pool.begin().await.unwrap();
            sqlx::raw_sql("insert into kept values ('later')").execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
            let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
            let another =
                "pragma busy_timeout = 100; begin immediate; insert into kept values ('another'); commit";
            sqlx::raw_sql(another).execute(&mut other).await.unwrap();
        }
        let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let rows = sqlx::raw_sql("select what from kept").fetch_all(&mut other).await.unwrap();
        let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(kept, ["later", "another", "later", "another"]);
    }
}

//! The pools of a store, and what every statement needs: the macro that runs one text on either engine, errors, instants.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
#[cfg(feature = "postgres")]
use sqlx::{PgPool, Row as _};

use super::base_file::{self, Modes};
use super::running;
pub(super) use super::sqlite::Sqlite;
use super::sqlite::sqlite;
use super::unopened::{self, Unopened};
#[cfg(feature = "postgres")]
use super::{direct, pooler, server, sql};

/// The same body for each engine: a query, a transaction, whatever only names the pool.
macro_rules! on {
    // What was read of the platform, which can be read again.
    (pages $store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::pools::Pools::Sqlite($crate::store::pools::Sqlite { pages: $pool, .. }) => $body,
            #[cfg(feature = "postgres")]
            $crate::store::pools::Pools::Postgres($pool) => $body,
        }
    };
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::pools::Pools::Sqlite($crate::store::pools::Sqlite { pool: $pool, .. }) => $body,
            #[cfg(feature = "postgres")]
            $crate::store::pools::Pools::Postgres($pool) => $body,
        }
    };
}
pub(super) use on;

/// A database that cannot answer, or holds something that this version did not write.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    // The cause is said in the sentence: as a source, it would be said twice.
    #[error("the store cannot be used: {}", running::Failed(.0))]
    Database(sqlx::Error),
    #[error("the store cannot be brought up to date: {0}")]
    Migration(MigrateError),
    /// It cannot be opened: where it is, why, and what to do.
    #[error("{0}")]
    Unopened(Unopened),
    #[error("{table}.{column} of {row} does not hold what this version writes")]
    Content { table: &'static str, column: &'static str, row: String },
    /// The row is recorded and the dossier asked for again: the caller leaves what concerns the dossier for later.
    #[error("the stored facts of dossier {dossier} cannot be read: it is asked for again")]
    SetAside { dossier: i64 },
    #[error("store.url: {0}; examples: sqlite:vigie.db, postgres://user:password@host/base")]
    Url(String),
    /// The direct address leads where it cannot serve.
    #[error("store.direct_url: {0}")]
    Direct(&'static str),
    #[error(
        "the store was last used by a newer version of vigie (its schema is at step {found}, this version knows {known}): \
         install that version again, or restore a backup made before the upgrade (docs/mise-a-jour.md)"
    )]
    Newer { found: i64, known: i64 },
    /// Another process observes under a later lease: nothing of this transaction is kept.
    #[error("another replica observes since: what this one had read or judged is not kept")]
    Overtaken,
    #[error("what is to be stored cannot be written as JSON: {0}")]
    Unwritable(#[from] serde_json::Error),
    #[error("no backup in {}: {why}", file.display())]
    Backup { file: PathBuf, why: String },
}

impl Error {
    /// The sentence for whoever runs the program; that of the log where there is no other.
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Error::Unopened(why) => why.said(),
            Error::Database(error) => {
                running::of_the_place(error).map_or_else(|| self.to_string(), |why| why.said())
            }
            _ => self.to_string(),
        }
    }
}

pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        Error::Database(error)
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Error {
        Error::Migration(error)
    }
}

impl Error {
    /// Whether the database let another transaction win over this one, which can be done again as it is.
    pub(super) fn is_deadlock(&self) -> bool {
        const DEADLOCK: &str = "40P01";
        matches!(self, Error::Database(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DEADLOCK))
    }
}

/// The pools of one of the two engines; a clone names the same pools.
#[derive(Clone, Debug)]
pub(super) enum Pools {
    Sqlite(Sqlite),
    #[cfg(feature = "postgres")]
    Postgres(pooler::Postgres),
}

impl Pools {
    /// Opens the store and brings it up to date. `sqlite::memory:` lives as long as the value. `direct`: the address of
    /// PostgreSQL itself, where `url` leads to a pooler. `modes`: of files that are there.
    ///
    /// # Errors
    /// A scheme that is neither, a base that cannot be reached or is another program's, a migration that fails, a schema
    /// that a newer version wrote ([`Error::Newer`]; nothing is then changed).
    pub(super) async fn open(url: &str, direct: Option<&str>, modes: Modes) -> Result<Pools> {
        let unopened = |error| Error::Unopened(Unopened::of(unopened::URL, url, &error));
        let pools = match url.split(':').next() {
            Some("sqlite") => {
                let options = SqliteConnectOptions::from_str(url).map_err(unopened)?;
                if !url.contains(":memory:") {
                    base_file::ready(&options, modes).await.map_err(Error::Unopened)?;
                }
                Pools::Sqlite(sqlite(options, url).await.map_err(unopened)?)
            }
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => {
                let pool = server::pool(url).await.map_err(unopened)?;
                if pooler::lends_connections(&pool).await.map_err(unopened)? {
                    sql::connections_are_shared();
                    tracing::info!("store.url leads to a pooler: no statement is kept prepared");
                    running::opened(url);
                    bring_up_to_date(&pool, direct, &migrator()).await?;
                    return Ok(Pools::Postgres(pooler::Postgres::lent(pool, direct)));
                }
                Pools::Postgres(pooler::Postgres::own(pool, url))
            }
            #[cfg(not(feature = "postgres"))]
            Some("postgres" | "postgresql") => {
                let _ = direct;
                return Err(Error::Url("this build of vigie is without PostgreSQL".to_owned()));
            }
            _ => return Err(Error::Url("neither sqlite: nor postgres:".to_owned())),
        };
        let migrator = migrator();
        let done = match &pools {
            Pools::Sqlite(Sqlite { pool, .. }) => migrator.run(pool).await,
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => migrator.run(postgres.pool()).await,
        };
        done.map_err(|error| refused(unopened::URL, url, error))?;
        running::opened(url);
        Ok(pools)
    }

    /// The pools of a file of SQLite.
    pub(super) fn file(&self) -> Option<&Sqlite> {
        match self {
            Pools::Sqlite(sqlite) => Some(sqlite),
            #[cfg(feature = "postgres")]
            Pools::Postgres(_) => None,
        }
    }

    /// The same pools, in the name of a process, and for what it observes under a lease (0: none is compared). A file of
    /// SQLite has one process.
    #[must_use]
    pub(super) fn of(&self, by: &Arc<str>, fence: i64) -> Pools {
        match self {
            Pools::Sqlite(sqlite) => {
                let _ = (by, fence);
                Pools::Sqlite(sqlite.clone())
            }
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => Pools::Postgres(postgres.of(by, fence)),
        }
    }

    /// The process that takes tasks; empty: alone.
    #[must_use]
    pub(super) fn by(&self) -> &str {
        match self {
            Pools::Sqlite(_) => "",
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => postgres.by(),
        }
    }

    #[must_use]
    pub(super) fn engine(&self) -> &'static str {
        match self {
            Pools::Sqlite(_) => "SQLite",
            #[cfg(feature = "postgres")]
            Pools::Postgres(_) => "PostgreSQL",
        }
    }
}

/// Migrations need a session of their own, which a pooler does not give: they are done over the direct address, or must
/// have been.
///
/// # Errors
/// When steps are missing and there is no direct address; as migrations do.
#[cfg(feature = "postgres")]
async fn bring_up_to_date(pool: &PgPool, address: Option<&str>, migrator: &Migrator) -> Result<()> {
    if let Some(address) = address {
        let unopened = |error| Error::Unopened(Unopened::of(unopened::DIRECT, address, &error));
        let own = direct::sessions(pool, address).await.map_err(unopened)?.map_err(Error::Direct)?;
        migrator.run(&own).await.map_err(|error| refused(unopened::DIRECT, address, error))?;
        own.close().await;
        return Ok(());
    }
    let there = sqlx::raw_sql("select to_regclass('_sqlx_migrations')::text").fetch_one(pool).await?;
    let applied: Option<i64> = match there.try_get::<Option<String>, _>(0)? {
        Some(_) => {
            sqlx::raw_sql("select max(version) from _sqlx_migrations").fetch_one(pool).await?.try_get(0)?
        }
        None => None,
    };
    let wanted = migrator.iter().map(|step| step.version).max();
    if applied > wanted {
        let (found, known) = (applied.unwrap_or_default(), wanted.unwrap_or_default());
        return Err(Error::Newer { found, known });
    }
    if applied == wanted {
        return Ok(());
    }
    let why = "it leads to a pooler (PgBouncer in transaction mode), through which tables can neither be made nor changed: \
               set store.direct_url to the address of PostgreSQL itself";
    Err(Error::Url(why.to_owned()))
}

/// The migrator checks the steps already applied before it applies any.
fn refused(key: &'static str, url: &str, error: MigrateError) -> Error {
    let known = STEPS.last().map_or(0, |(number, ..)| *number);
    match error {
        MigrateError::VersionMissing(found) if found > known => Error::Newer { found, known },
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
            if cause.as_database_error().is_none() || unopened::is_of_the_place(&cause) =>
        {
            Error::Unopened(Unopened::of(key, url, &cause))
        }
        other => other.into(),
    }
}

/// Number, name and text of each migration.
const STEPS: [(i64, &str, &str); 36] = [
    (1, "start", include_str!("migrations/0001_start.sql")),
    (2, "observe", include_str!("migrations/0002_observe.sql")),
    (3, "act", include_str!("migrations/0003_act.sql")),
    (5, "window", include_str!("migrations/0005_window.sql")),
    (7, "lists", include_str!("migrations/0007_lists.sql")),
    (8, "days", include_str!("migrations/0008_days.sql")),
    (9, "pages", include_str!("migrations/0009_pages.sql")),
    (10, "links", include_str!("migrations/0010_links.sql")),
    (11, "unreadable", include_str!("migrations/0011_unreadable.sql")),
    (12, "standings", include_str!("migrations/0012_standings.sql")),
    (13, "reported_marks", include_str!("migrations/0013_reported_marks.sql")),
    (14, "record", include_str!("migrations/0014_record.sql")),
    (15, "quiet", include_str!("migrations/0015_quiet.sql")),
    (16, "forgotten", include_str!("migrations/0016_forgotten.sql")),
    (17, "next_look", include_str!("migrations/0017_next_look.sql")),
    (18, "refusals", include_str!("migrations/0018_refusals.sql")),
    (19, "swept_lists", include_str!("migrations/0019_swept_lists.sql")),
    (20, "closed_dossiers", include_str!("migrations/0020_closed_dossiers.sql")),
    (21, "sessions", include_str!("migrations/0021_sessions.sql")),
    (22, "services", include_str!("migrations/0022_services.sql")),
    (23, "coming", include_str!("migrations/0023_coming.sql")),
    (24, "exported", include_str!("migrations/0024_exported.sql")),
    (25, "replicas", include_str!("migrations/0025_replicas.sql")),
    (26, "done", include_str!("migrations/0026_done.sql")),
    (27, "hand", include_str!("migrations/0027_hand.sql")),
    (28, "tokens", include_str!("migrations/0028_tokens.sql")),
    (29, "settled", include_str!("migrations/0029_settled.sql")),
    (30, "views", include_str!("migrations/0030_views.sql")),
    (31, "found", include_str!("migrations/0031_found.sql")),
    (32, "mails", include_str!("migrations/0032_mails.sql")),
    (33, "measures", include_str!("migrations/0033_measures.sql")),
    (34, "inspected", include_str!("migrations/0034_inspected.sql")),
    (35, "auditor", include_str!("migrations/0035_auditor.sql")),
    (36, "labels", include_str!("migrations/0036_labels.sql")),
    (37, "over", include_str!("migrations/0037_over.sql")),
    (38, "prints", include_str!("migrations/0038_prints.sql")),
];

fn migrator() -> Migrator {
    let migration = |(number, name, text): (i64, &'static str, &'static str)| {
        let text = sqlx::SqlSafeStr::into_sql_str(text);
        Migration::new(number, name.into(), MigrationType::Simple, text, false)
    };
    Migrator::with_migrations(STEPS.map(migration).into())
}

/// Microseconds since the epoch: the same order on both engines.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A value as it is stored.
///
/// # Errors
/// [`Error::Unwritable`]: an empty text in its place would be taken for an empty value.
pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    Ok(serde_json::to_string(value)?)
}

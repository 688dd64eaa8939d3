//! A copy of a SQLite store, made while the daemon runs; for PostgreSQL, the command that makes one.
//!
//! The store is not opened through [`Store::open`](super::Store::open), which would bring its schema up to date: a
//! backup made before an upgrade must hold the schema of the version before it.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::str::FromStr;

#[cfg(feature = "postgres")]
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::pools::{Error, Result};
use super::sql;
use crate::retry::store as limits;

/// What became of a request for a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backup {
    /// The file is written and was read back; its size in bytes.
    Written(u64),
    /// The database server has its own tool: this command line, without a password.
    Command(String),
}

/// Copies the SQLite store at `url` into `file`, which must not exist and is readable by its owner alone; for a
/// PostgreSQL store, says which command to run.
///
/// # Errors
/// A store that cannot be read, a file that exists or cannot be written, a copy that fails its check. A file begun by
/// a copy that failed is removed.
pub async fn backup(url: &str, file: &Path) -> Result<Backup> {
    match url.split(':').next() {
        Some("sqlite") if !url.contains(":memory:") => sqlite(url, file).await,
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => {
            Ok(Backup::Command(pg_dump(&PgConnectOptions::from_str(url)?, file)))
        }
        Some("sqlite") => Err(Error::Url("a store in memory cannot be saved".to_owned())),
        _ => Err(Error::Url("neither sqlite: nor postgres:".to_owned())),
    }
}

async fn sqlite(url: &str, file: &Path) -> Result<Backup> {
    let refused = |error: std::io::Error| Error::Backup { file: file.to_owned(), why: error.to_string() };
    create(file).map_err(refused)?;
    let copied = copy(url, file).await;
    let written = match copied {
        Ok(()) => File::open(file).and_then(|copy| {
            copy.sync_all()?;
            copy.metadata()
        }),
        Err(error) => {
            // Only what this call created: `create` refuses a file that exists.
            let _ = std::fs::remove_file(file);
            return Err(error);
        }
    };
    Ok(Backup::Written(written.map_err(refused)?.len()))
}

/// Refuses a file that exists; SQLite writes into an empty one and keeps its mode.
fn create(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// One read transaction: writers go on meanwhile, and the copy is of one instant.
async fn copy(url: &str, file: &Path) -> Result<()> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(false).busy_timeout(limits::BUSY);
    let mut store = options.connect().await?;
    sql::query("vacuum into $1").bind(file.to_string_lossy()).execute(&mut store).await?;
    store.close().await?;
    let mut copy: SqliteConnection =
        SqliteConnectOptions::new().filename(file).read_only(true).connect().await?;
    let (verdict,): (String,) = sql::query_as("pragma quick_check(1)").fetch_one(&mut copy).await?;
    copy.close().await?;
    match verdict.as_str() {
        "ok" => Ok(()),
        why => Err(Error::Backup { file: file.to_owned(), why: why.to_owned() }),
    }
}

/// `pg_dump` asks for the password itself, or finds it in `~/.pgpass`: on the line, other users could read it.
#[cfg(feature = "postgres")]
fn pg_dump(server: &PgConnectOptions, file: &Path) -> String {
    let host = match server.get_socket() {
        Some(folder) => folder.to_string_lossy().into_owned(),
        None => server.get_host().to_owned(),
    };
    let database = server.get_database().unwrap_or(server.get_username());
    format!(
        "pg_dump --format=custom --host={} --port={} --username={} --dbname={} --file={}",
        quoted(&host),
        server.get_port(),
        quoted(server.get_username()),
        quoted(database),
        quoted(&file.to_string_lossy())
    )
}

/// As one word of a shell.
#[cfg(feature = "postgres")]
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_command_for_postgresql_holds_no_password() {
        let url = "postgres://vigie:s3cret%21@db.example:5433/label%20sp";
        let made = backup(url, Path::new("/tmp/it's.dump")).await.unwrap();
        let Backup::Command(line) = made else { panic!("{made:?}") };
        assert_eq!(
            line,
            "pg_dump --format=custom --host=db.example --port=5433 --username=vigie --dbname='label sp' \
             --file='/tmp/it'\\''s.dump'"
        );
    }
}

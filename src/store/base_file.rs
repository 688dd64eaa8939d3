//! The file that `store.url` names, before it is opened: nothing is changed of one that is not ours.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::sql;
use super::unopened::Unopened;
use crate::private;
use crate::retry::store as limits;

/// How a file of SQLite begins.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// What becomes of the modes of files that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modes {
    /// A base of ours that everybody may read is closed to them.
    Closed,
    /// It is only looked at.
    Kept,
}

/// Has the file of a base be there: ours, or a new one for this account alone.
///
/// # Errors
/// A folder, a device, a file of another program.
pub(super) async fn ready(options: &SqliteConnectOptions, modes: Modes) -> Result<(), Unopened> {
    let named = options.get_filename();
    let refused = |error: io::Error| Unopened::file(named, &error);
    if fs::symlink_metadata(named).is_err() {
        return private::made(named).map_err(refused);
    }
    // What a link leads to is what is looked at, and closed.
    let file = fs::canonicalize(named).map_err(refused)?;
    if !is_one(&file).map_err(refused)? {
        return Err(match file.is_dir() {
            true => Unopened::folder(named),
            false => Unopened::no_base(named),
        });
    }
    if is_of_another_program(options).await {
        return Err(Unopened::foreign(named));
    }
    if modes == Modes::Closed {
        private::close(&file).map_err(refused)?;
        for beside in ["-wal", "-shm"].map(|end| with_end(&file, end)) {
            if fs::symlink_metadata(&beside).is_ok_and(|about| about.is_file()) {
                // They may end at any time, with the last connection of another process.
                let _ = private::close(&beside);
            }
        }
    }
    Ok(())
}

/// Whether it is an ordinary file, empty or of SQLite.
fn is_one(file: &Path) -> io::Result<bool> {
    // Nothing else is opened: a pipe would wait for whoever writes in it.
    if !fs::metadata(file)?.is_file() {
        return Ok(false);
    }
    let mut start = Vec::new();
    File::open(file)?.take(HEADER.len() as u64).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == HEADER)
}

/// Whether there are tables and none of ours. What cannot be read now is not said to be another's: opening it says why.
async fn is_of_another_program(options: &SqliteConnectOptions) -> bool {
    let options = options.clone().create_if_missing(false).read_only(true).busy_timeout(limits::BUSY);
    let Ok(mut base) = options.connect().await else { return false };
    let foreign = has_other_tables(&mut base).await.unwrap_or(false);
    let _ = base.close().await;
    foreign
}

async fn has_other_tables(base: &mut SqliteConnection) -> sqlx::Result<bool> {
    const TABLES: &str = "select count(*), coalesce(sum(name = '_sqlx_migrations'), 0),
            coalesce(sum(name = 'dossiers'), 0) from sqlite_master
        where type = 'table' and name not like 'sqlite!_%' escape '!'";
    let (tables, migrations, dossiers): (i64, i64, i64) = sql::query_as(TABLES).fetch_one(base).await?;
    Ok(match (migrations, dossiers) {
        (0, _) => tables > 0,
        // Another program may be built upon the same library; ours may have been stopped before its first step.
        (_, 0) => tables > 1,
        _ => false,
    })
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::str::FromStr as _;

    use super::*;
    use crate::store::Store;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn open_to_all(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// A folder for all, a file of somebody else, what a link leads to: said, and left as it is.
    #[tokio::test]
    async fn what_is_no_base_is_refused_with_its_path_and_keeps_its_mode() {
        let place = tempfile::tempdir().unwrap();
        let (shared, notes, link, nowhere) = (
            place.path().join("dd"),
            place.path().join("notes"),
            place.path().join("link"),
            place.path().join("no"),
        );
        fs::create_dir(&shared).unwrap();
        open_to_all(&shared, 0o1777);
        fs::write(&notes, "notes of a person").unwrap();
        open_to_all(&notes, 0o644);
        symlink(&notes, &link).unwrap();
        symlink("/nowhere/at/all", &nowhere).unwrap();
        for (path, why, remedy) in [
            (&shared, "is a folder", "name a file in that folder"),
            (&notes, "is no base of SQLite", "correct store.url"),
            (&link, "is no base of SQLite", "correct store.url"),
            (&nowhere, "leads nowhere", "correct store.url"),
            (&PathBuf::from("/dev/null"), "is no base of SQLite", "correct store.url"),
        ] {
            let said = Store::open(&format!("sqlite:{}", path.display())).await.unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("{} {why}", path.display())) && said.contains(remedy),
                "{said}"
            );
        }
        assert_eq!((mode(&shared), mode(&notes)), (0o1777, 0o644));
        assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
    }

    /// Through a link too, a base of ours is closed with what stands beside it, unless it is only looked at.
    #[tokio::test]
    async fn a_base_of_ours_is_closed_unless_it_is_only_looked_at() {
        let place = tempfile::tempdir().unwrap();
        let (base, link) = (place.path().join("vigie.db"), place.path().join("link.db"));
        let store = Store::open(&format!("sqlite:{}", base.display())).await.unwrap();
        store.settings().set("a", "b").await.unwrap();
        symlink(&base, &link).unwrap();
        let wal = with_end(&base, "-wal");
        for file in [&base, &wal] {
            open_to_all(file, 0o644);
        }
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", link.display())).unwrap();
        ready(&options, Modes::Kept).await.unwrap();
        assert_eq!((mode(&base), mode(&wal)), (0o644, 0o644));
        ready(&options, Modes::Closed).await.unwrap();
        assert_eq!((mode(&base), mode(&wal)), (0o600, 0o600));
    }

    #[tokio::test]
    async fn a_base_of_another_program_is_named_and_left_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        for tables in [
            "create table dossiers (n integer)",
            "create table _sqlx_migrations (version integer, description text); create table users (n integer);
             insert into _sqlx_migrations values (1, 'users')",
        ] {
            let path = place.path().join(format!("{}.db", tables.len()));
            let url = format!("sqlite:{}", path.display());
            let options = SqliteConnectOptions::from_str(&url).unwrap().create_if_missing(true);
            let mut other = options.connect().await.unwrap();
            sqlx::raw_sql(tables).execute(&mut other).await.unwrap();
            other.close().await.unwrap();
            open_to_all(&path, 0o644);
            let before = fs::read(&path).unwrap();
            let said = Store::open(&url).await.unwrap_err().to_string();
            assert!(said.starts_with(&format!("{} is the base of another program", path.display())), "{said}");
            assert!(fs::read(&path).unwrap() == before && mode(&path) == 0o644);
        }
    }
}

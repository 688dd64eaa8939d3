//! Why a store cannot be opened or used, with where it is, once, and what to do. Passwords of addresses are never said.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::Path;

use url::Url;

use super::room;

/// The settings that name a store.
pub(super) const URL: &str = "store.url";
#[cfg(feature = "postgres")]
pub(super) const DIRECT: &str = "store.direct_url";

/// A store that cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// The setting that names it.
    pub key: &'static str,
    /// A path, or the host, port and name of a base.
    place: String,
    why: String,
    remedy: Cow<'static, str>,
}

/// Where a store is, without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(String),
    Server(String),
}

impl Place {
    pub(super) fn of(url: &str) -> Place {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Place::File(
                path.trim_start_matches("//").split('?').next().unwrap_or_default().to_owned(),
            );
        }
        Place::Server(Url::parse(url).map_or_else(
            |_| "PostgreSQL".to_owned(),
            |url| {
                let host = url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost");
                let (port, base) = (url.port().unwrap_or(5432), url.path().trim_matches('/'));
                format!("PostgreSQL at {host}:{port}, base {base},")
            },
        ))
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}. Remedy: {}", self.place, self.why, self.remedy)
    }
}

impl Unopened {
    /// What `key` names, at `url`.
    pub(super) fn of(key: &'static str, url: &str, error: &sqlx::Error) -> Unopened {
        Unopened::at(key, Place::of(url), error)
    }

    /// The same, of a place that is known already.
    pub(super) fn at(key: &'static str, place: Place, error: &sqlx::Error) -> Unopened {
        match place {
            Place::File(place) => {
                let (why, remedy) = of_a_file(Path::new(&place), error);
                Unopened { key, place, why, remedy: remedy.into() }
            }
            Place::Server(place) => {
                let (why, remedy) = of_a_server(error);
                let remedy = if key == URL { remedy } else { remedy.replace(URL, key).into() };
                Unopened { key, place, why, remedy }
            }
        }
    }

    fn named(path: &Path, why: &str, remedy: impl Into<Cow<'static, str>>) -> Unopened {
        Unopened { key: URL, place: path.display().to_string(), why: why.to_owned(), remedy: remedy.into() }
    }

    /// A folder where a file is expected.
    pub(super) fn folder(path: &Path) -> Unopened {
        let example = path.join("vigie.db");
        Unopened::named(path, "is a folder", format!("name a file in it: sqlite:{}", example.display()))
    }

    /// A file with something else in it, a device.
    pub(super) fn no_base(path: &Path) -> Unopened {
        Unopened::named(path, NO_BASE, NO_BASE_REMEDY)
    }

    /// A file of SQLite with the tables of somebody else.
    pub(super) fn foreign(path: &Path) -> Unopened {
        let remedy = "name another file in store.url: vigie makes it, and leaves that one as it is";
        Unopened::named(path, "is the base of another program: its tables are not those of vigie", remedy)
    }

    /// A file that this account cannot make or close to others.
    pub(super) fn file(path: &Path, error: &io::Error) -> Unopened {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let (why, remedy) = match error.kind() {
            io::ErrorKind::NotFound if path.is_symlink() => ("leads nowhere", "correct store.url"),
            _ if folder.is_some_and(|folder| !folder.exists()) => {
                ("cannot be made: its folder does not exist", "make that folder, or correct store.url")
            }
            io::ErrorKind::PermissionDenied => (
                "cannot be made or written by this account",
                "give the account that runs vigie that file and its folder, or correct store.url",
            ),
            io::ErrorKind::ReadOnlyFilesystem => (READ_ONLY, ELSEWHERE),
            io::ErrorKind::StorageFull => (NO_ROOM, FULL),
            _ => ("cannot be opened", "correct store.url"),
        };
        Unopened::named(path, &format!("{why} ({error})"), remedy)
    }
}

const NO_BASE: &str = "is no base of SQLite, or is damaged";
const NO_BASE_REMEDY: &str = "restore a copy made by vigie backup, or correct store.url";
const READ_ONLY: &str = "stands on a disk that is mounted read-only";
const ELSEWHERE: &str = "move it to another disk, or mount that one for writing";
const NO_ROOM: &str = "has no room: the disk is full";
const FULL: &str = "free some room on that disk";
/// Bytes under which nothing more can be written beside a base: SQLite lengthens its files by parts.
const LITTLE: u64 = 256 * 1024;

/// By the result codes of SQLite, of which the low byte is the kind.
fn of_a_file(file: &Path, error: &sqlx::Error) -> (String, &'static str) {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    let (why, remedy) = match code.map(|code| code & 0xff) {
        Some(5 | 6) => (
            "is held by another program for too long",
            "end what holds it: another vigie, or a copy under way",
        ),
        Some(8) => (
            "cannot be written by this account, or its disk is read-only",
            "give the account that runs vigie that file and its folder",
        ),
        Some(11 | 26) => (NO_BASE, NO_BASE_REMEDY),
        Some(13) => (NO_ROOM, FULL),
        // What it cannot lengthen on a full disk, it says to be a fault of that disk.
        Some(10) if room::around(file).is_some_and(|room| room.free < LITTLE) => (NO_ROOM, FULL),
        Some(10) => {
            let why = format!("meets a fault of its disk ({error})");
            return (why, "look at the log of the system (dmesg), and move the store to a disk that is well");
        }
        Some(14) => {
            ("cannot be opened", "check that it is a file, and that this account may write in its folder")
        }
        _ => return (format!("cannot be used ({error})"), "correct store.url"),
    };
    (why.to_owned(), remedy)
}

/// By the codes of PostgreSQL.
fn of_a_server(error: &sqlx::Error) -> (String, Cow<'static, str>) {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    let said = error.as_database_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
    if let Some(parameter) = unknown_parameter(&said) {
        let remedy = format!("add « ignore_startup_parameters = {parameter} » to pgbouncer.ini");
        return (format!("is a pooler that takes no connection with {parameter} ({said})"), remedy.into());
    }
    let (why, remedy) = match (code.as_ref(), error) {
        ("28P01" | "28000", _) => {
            ("refuses the user or the password", "correct them in store.url, or in pg_hba.conf")
        }
        ("3D000", _) => ("does not exist", "make it (createdb), or correct store.url"),
        ("53300", _) => ("takes no more connections", "raise max_connections, or use fewer replicas"),
        ("42501", _) => {
            ("does not let this user make tables", "grant it the right to create in the schema public")
        }
        ("57P03", _) => ("is starting or stopping", "wait"),
        ("53100", _) => ("has no room: its disk is full", FULL),
        (_, sqlx::Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            ("does not listen", "start it, or correct the host and the port in store.url")
        }
        (_, sqlx::Error::Io(_)) => {
            ("cannot be reached", "check the host in store.url, the name server and the firewall")
        }
        (_, sqlx::Error::Tls(_)) => (
            "cannot be spoken to over TLS",
            "add ?sslrootcert=FILE to store.url, or check the certificate of the server",
        ),
        (_, sqlx::Error::PoolTimedOut) => {
            ("does not answer in time", "check the host in store.url and the firewall")
        }
        _ => ("cannot be used", "correct store.url"),
    };
    (format!("{why} ({said})"), remedy.into())
}

/// What PgBouncer does not let a client ask for when it connects.
fn unknown_parameter(said: &str) -> Option<&str> {
    let (_, parameter) = said.strip_prefix("unsupported startup parameter")?.split_once(": ")?;
    let parameter = parameter.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    // Behind options, the whole of it is left out.
    let parameter = if said.contains("in options") { "options" } else { parameter };
    (!parameter.is_empty() && parameter.chars().all(is_name)).then_some(parameter)
}

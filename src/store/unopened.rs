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
        Unopened::named(path, "is a folder", "name a file in that folder, which vigie makes: vigie.db")
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
        Some(8) if room::is_read_only(file) => (READ_ONLY, ELSEWHERE),
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
        None if matches!(error, sqlx::Error::PoolTimedOut) => (
            "is used by vigie itself for too long: no connection to it came free in time",
            "look at the load of this machine and at the speed of its disk",
        ),
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
    if let Some((why, remedy)) = of_a_pooler(&said) {
        return (format!("{why} ({said})"), remedy.into());
    }
    let (why, remedy) = match (code.as_ref(), error) {
        ("28P01" | "28000", _) => {
            ("refuses the user or the password", "correct them in store.url, or in pg_hba.conf")
        }
        ("3D000", _) => ("does not exist", "make it (createdb), or correct store.url"),
        ("25006", _) => (
            "is read-only: a standby, or default_transaction_read_only is on",
            "name the primary server in store.url, or let that user write",
        ),
        ("53300", _) => ("takes no more connections", "raise max_connections, or use fewer replicas"),
        ("42501", _) => {
            ("does not let this user make tables", "grant it the right to create in the schema public")
        }
        ("57P01" | "57P02" | "57P03", _) => ("is starting or stopping", "start it, or wait"),
        ("53100", _) => ("has no room: its disk is full", FULL),
        (_, sqlx::Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            ("does not listen", "start it, or correct the host and the port in store.url")
        }
        (_, sqlx::Error::Io(error)) if is_cut(error.kind()) => (
            "has closed the connection",
            "look whether it or the pooler before it was stopped or restarted, and at its log",
        ),
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

fn is_cut(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// What PgBouncer says under the codes of a fault of the protocol, or under none: by its own words, and what it hands on of
/// the server behind it.
fn of_a_pooler(said: &str) -> Option<(&'static str, &'static str)> {
    const ALL: [(&[&str], &str, &str); 5] = [
        (
            &[
                "SASL authentication failed",
                "password authentication failed",
                "no such user",
                "login rejected",
            ],
            "refuses the user or the password",
            "correct them in store.url, or in pg_hba.conf; behind PgBouncer, in its auth_file or auth_query",
        ),
        (
            &["no such database"],
            "is a pooler that has no such base",
            "name the base in [databases] of pgbouncer.ini, or correct store.url",
        ),
        (
            &["no more connections allowed"],
            "is a pooler that takes no more connections",
            "raise max_client_conn in pgbouncer.ini, or use fewer replicas",
        ),
        (
            &["query_wait_timeout", "client_login_timeout", "server_login_retry", "cannot connect to server"],
            "is a pooler that reaches no server behind it in time",
            "start PostgreSQL, check [databases] of pgbouncer.ini, and raise default_pool_size when all are taken",
        ),
        (
            &[
                "pgbouncer is shutting down",
                "database is shutting down",
                "server conn crashed",
                "server closed",
            ],
            "is a pooler that stops, or that lost its server",
            "start it, or wait",
        ),
    ];
    ALL.into_iter()
        .find(|(words, ..)| words.iter().any(|word| said.contains(word)))
        .map(|(_, why, remedy)| (why, remedy))
}

/// Whether what failed is where the tables are, and not what was asked for.
pub(super) fn is_of_the_place(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => is_code_of_the_place(&error.code().unwrap_or_default()),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => true,
        _ => false,
    }
}

fn is_code_of_the_place(code: &str) -> bool {
    match code.parse::<i32>() {
        // Of SQLite, whose low byte is the kind: held, read-only, a fault of the disk, damaged, full, not opened.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 11 | 13 | 14 | 26),
        // Of PostgreSQL: no right, a standby, no connection, no user, no base, no room, the server or its system.
        _ => {
            ["42501", "25006", "3D000"].contains(&code)
                || ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pooler_says_is_recognised_by_its_words() {
        for (said, why) in [
            ("SASL authentication failed", "refuses the user or the password"),
            ("no such database: rien", "has no such base"),
            ("no more connections allowed (max_client_conn)", "takes no more connections"),
            (
                "server login has been failing, try again later (server_login_retry)",
                "reaches no server behind it",
            ),
            ("query_wait_timeout", "reaches no server behind it"),
        ] {
            assert!(of_a_pooler(said).is_some_and(|(known, _)| known.contains(why)), "{said}");
        }
        assert_eq!(of_a_pooler("relation « dossiers » does not exist"), None);
    }

    #[test]
    fn a_store_in_use_that_fails_is_said_with_its_place_its_cause_and_what_to_do() {
        let at = |url: &str, error: sqlx::Error| {
            assert!(is_of_the_place(&error));
            Unopened::of(URL, url, &error).to_string()
        };
        let cut =
            || sqlx::Error::Io(io::Error::new(io::ErrorKind::UnexpectedEof, "expected to read 5 bytes"));
        let said = at("postgres://vigie:secret@db.example:6432/base", cut());
        assert!(
            said.starts_with("PostgreSQL at db.example:6432, base base, has closed the connection"),
            "{said}"
        );
        assert!(said.contains("Remedy: ") && !said.contains("secret"), "{said}");
        let said = at("sqlite:/var/lib/vigie/vigie.db", sqlx::Error::PoolTimedOut);
        assert!(said.starts_with("/var/lib/vigie/vigie.db is used by vigie itself for too long"), "{said}");
        assert!(!said.contains("correct store.url"), "{said}");
        assert!(!is_of_the_place(&sqlx::Error::RowNotFound));
        for (code, is) in
            [("1032", true), ("13", true), ("08P01", true), ("25006", true), ("23505", false), ("1", false)]
        {
            assert_eq!(is_code_of_the_place(code), is, "{code}");
        }
    }
}

//! Why a store cannot be opened or used, with where it is, once, and what to do. Passwords of addresses are never said.

use std::fmt;
use std::io;
use std::path::Path;

use url::Url;

use super::fault_words::english;
use super::room;
use label::wording::store::{self as words, StoreFault};

/// The settings that name a store.
pub(super) const URL: &str = "store.url";
#[cfg(feature = "postgres")]
pub(super) const DIRECT: &str = "store.direct_url";

/// A store that cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// The setting that names it.
    pub key: &'static str,
    place: Place,
    fault: StoreFault,
    /// The words of the engine or of the system.
    said: Option<String>,
}

/// Where a store is, without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(String),
    /// Host, port and base; none when the address cannot be read.
    Server(Option<(String, u16, String)>),
}

impl Place {
    pub(super) fn of(url: &str) -> Place {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Place::File(
                path.trim_start_matches("//").split('?').next().unwrap_or_default().to_owned(),
            );
        }
        Place::Server(Url::parse(url).ok().map(|url| {
            let host = url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost");
            (host.to_owned(), url.port().unwrap_or(5432), url.path().trim_matches('/').to_owned())
        }))
    }

    /// For whoever runs the program.
    fn said(&self) -> String {
        match self {
            Place::Server(Some((host, port, base))) => words::server(host, *port, base),
            place => place.to_string(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => f.write_str(path),
            Place::Server(Some((host, port, base))) => write!(f, "PostgreSQL at {host}:{port}, base {base},"),
            Place::Server(None) => f.write_str("PostgreSQL"),
        }
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (why, remedy) = english(&self.fault);
        let remedy = if self.key == URL { remedy } else { remedy.replace(URL, self.key).into() };
        match &self.said {
            Some(said) => write!(f, "{} {why} ({said}). Remedy: {remedy}", self.place),
            None => write!(f, "{} {why}. Remedy: {remedy}", self.place),
        }
    }
}

impl Unopened {
    /// What `key` names, at `url`.
    pub(super) fn of(key: &'static str, url: &str, error: &sqlx::Error) -> Unopened {
        Unopened::at(key, Place::of(url), error)
    }

    /// The same, of a place that is known already.
    pub(super) fn at(key: &'static str, place: Place, error: &sqlx::Error) -> Unopened {
        let (fault, said) = match &place {
            Place::File(path) => of_a_file(Path::new(path), error),
            Place::Server(_) => of_a_server(error),
        };
        Unopened { key, place, fault, said }
    }

    /// The same for whoever runs the program.
    #[must_use]
    pub fn said(&self) -> String {
        words::unopened(&self.fault, &self.place.said(), self.key, self.said.as_deref())
    }

    fn named(path: &Path, fault: StoreFault, said: Option<String>) -> Unopened {
        Unopened { key: URL, place: Place::File(path.display().to_string()), fault, said }
    }

    /// A folder where a file is expected.
    pub(super) fn folder(path: &Path) -> Unopened {
        Unopened::named(path, StoreFault::Folder, None)
    }

    /// A file with something else in it, a device.
    pub(super) fn no_base(path: &Path) -> Unopened {
        Unopened::named(path, StoreFault::NoBase, None)
    }

    /// A file of SQLite with the tables of somebody else.
    pub(super) fn foreign(path: &Path) -> Unopened {
        Unopened::named(path, StoreFault::Foreign, None)
    }

    /// A file that this account cannot make or close to others.
    pub(super) fn file(path: &Path, error: &io::Error) -> Unopened {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let fault = match error.kind() {
            io::ErrorKind::NotFound if path.is_symlink() => StoreFault::LeadsNowhere,
            _ if folder.is_some_and(|folder| !folder.exists()) => StoreFault::NoFolder,
            io::ErrorKind::PermissionDenied => StoreFault::NotAllowed,
            io::ErrorKind::ReadOnlyFilesystem => StoreFault::ReadOnlyDisk,
            io::ErrorKind::StorageFull => StoreFault::NoRoom,
            _ => StoreFault::NotOpened,
        };
        Unopened::named(path, fault, Some(error.to_string()))
    }
}

/// Bytes under which nothing more can be written beside a base: SQLite lengthens its files by parts.
const LITTLE: u64 = 256 * 1024;

/// By the result codes of SQLite, of which the low byte is the kind.
fn of_a_file(file: &Path, error: &sqlx::Error) -> (StoreFault, Option<String>) {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    let fault = match code.map(|code| code & 0xff) {
        Some(5 | 6) => StoreFault::Held,
        Some(8) if room::is_read_only(file) => StoreFault::ReadOnlyDisk,
        Some(8) => StoreFault::NotWritable,
        Some(11 | 26) => StoreFault::NoBase,
        Some(13) => StoreFault::NoRoom,
        // What it cannot lengthen on a full disk, it says to be a fault of that disk.
        Some(10) if room::around(file).is_some_and(|room| room.free < LITTLE) => StoreFault::NoRoom,
        Some(10) => return (StoreFault::BadDisk, Some(error.to_string())),
        Some(14) => StoreFault::NotOpened,
        None if matches!(error, sqlx::Error::PoolTimedOut) => StoreFault::Busy,
        _ => return (StoreFault::Other, Some(error.to_string())),
    };
    (fault, None)
}

/// By the codes of PostgreSQL.
fn of_a_server(error: &sqlx::Error) -> (StoreFault, Option<String>) {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    let said = error.as_database_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
    if let Some(parameter) = unknown_parameter(&said) {
        return (StoreFault::PoolerParameter(parameter.to_owned()), Some(said));
    }
    if let Some(fault) = of_a_pooler(&said) {
        return (fault, Some(said));
    }
    let fault = match (code.as_ref(), error) {
        ("28P01" | "28000", _) => StoreFault::User,
        ("3D000", _) => StoreFault::NoSuchBase,
        ("25006", _) => StoreFault::ReadOnlyServer,
        ("53300", _) => StoreFault::Full,
        ("42501", _) => StoreFault::NoRight,
        ("57P01" | "57P02" | "57P03", _) => StoreFault::Starting,
        ("53100", _) => StoreFault::NoRoom,
        (_, sqlx::Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => StoreFault::Closed,
        (_, sqlx::Error::Io(error)) if is_cut(error.kind()) => StoreFault::Cut,
        (_, sqlx::Error::Io(_)) => StoreFault::Away,
        // The library says it when the server declines, before any TLS.
        (_, sqlx::Error::Tls(_)) if said.contains("server does not support TLS") => StoreFault::NoTls,
        (_, sqlx::Error::Tls(_)) => StoreFault::Tls,
        (_, sqlx::Error::PoolTimedOut) => StoreFault::Silence,
        _ => StoreFault::Other,
    };
    (fault, Some(said))
}

fn is_cut(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// What PgBouncer says under the codes of a fault of the protocol, or under none: by its own words, and what it hands on of
/// the server behind it.
fn of_a_pooler(said: &str) -> Option<StoreFault> {
    const ALL: [(&[&str], StoreFault); 5] = [
        (
            &[
                "SASL authentication failed",
                "password authentication failed",
                "no such user",
                "login rejected",
            ],
            StoreFault::PoolerUser,
        ),
        (&["no such database"], StoreFault::PoolerNoBase),
        (&["no more connections allowed"], StoreFault::PoolerFull),
        (
            &["query_wait_timeout", "client_login_timeout", "server_login_retry", "cannot connect to server"],
            StoreFault::PoolerNoServer,
        ),
        (
            &[
                "pgbouncer is shutting down",
                "database is shutting down",
                "server conn crashed",
                "server closed",
            ],
            StoreFault::PoolerStops,
        ),
    ];
    let found = ALL.into_iter().find(|(words, _)| words.iter().any(|word| said.contains(word)));
    found.map(|(_, fault)| fault)
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
            assert!(of_a_pooler(said).is_some_and(|fault| english(&fault).0.contains(why)), "{said}");
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

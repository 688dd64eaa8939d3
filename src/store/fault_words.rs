//! Why a base cannot be opened or used, as logs say it; `label::wording::store` says it to people.

use std::borrow::Cow;

use label::wording::store::StoreFault;

/// The cause and the remedy, for logs.
pub(super) fn english(fault: &StoreFault) -> (Cow<'static, str>, Cow<'static, str>) {
    let (why, remedy) = match fault {
        StoreFault::PoolerParameter(parameter) => {
            let why = format!("is a pooler that takes no connection with {parameter}");
            return (
                why.into(),
                format!("add « ignore_startup_parameters = {parameter} » to pgbouncer.ini").into(),
            );
        }
        StoreFault::Folder => ("is a folder", "name a file in that folder, which vigie makes: vigie.db"),
        StoreFault::NoBase => (
            "is no base of SQLite, or is damaged",
            "restore a copy made by vigie backup, or correct store.url",
        ),
        StoreFault::Foreign => (
            "is the base of another program: its tables are not those of vigie",
            "name another file in store.url: vigie makes it, and leaves that one as it is",
        ),
        StoreFault::LeadsNowhere => ("leads nowhere", "correct store.url"),
        StoreFault::NoFolder => {
            ("cannot be made: its folder does not exist", "make that folder, or correct store.url")
        }
        StoreFault::NotAllowed => (
            "cannot be made or written by this account",
            "give the account that runs vigie that file and its folder, or correct store.url",
        ),
        StoreFault::ReadOnlyDisk => (
            "stands on a disk that is mounted read-only",
            "move it to another disk, or mount that one for writing",
        ),
        StoreFault::NoRoom => ("has no room: the disk is full", "free some room on that disk"),
        StoreFault::NotOpened => {
            ("cannot be opened", "check that it is a file, and that this account may write in its folder")
        }
        StoreFault::Held => (
            "is held by another program for too long",
            "end what holds it: another vigie, or a copy under way",
        ),
        StoreFault::NotWritable => (
            "cannot be written by this account, or its disk is read-only",
            "give the account that runs vigie that file and its folder",
        ),
        StoreFault::BadDisk => (
            "meets a fault of its disk",
            "look at the log of the system (dmesg), and move the store to a disk that is well",
        ),
        StoreFault::Busy => (
            "is used by vigie itself for too long: no connection to it came free in time",
            "look at the load of this machine and at the speed of its disk",
        ),
        other => english_of_a_server(other),
    };
    (why.into(), remedy.into())
}

fn english_of_a_server(fault: &StoreFault) -> (&'static str, &'static str) {
    match fault {
        StoreFault::User => {
            ("refuses the user or the password", "correct them in store.url, or in pg_hba.conf")
        }
        StoreFault::PoolerUser => (
            "refuses the user or the password",
            "correct them in store.url, or in pg_hba.conf; behind PgBouncer, in its auth_file or auth_query",
        ),
        StoreFault::NoSuchBase => ("does not exist", "make it (createdb), or correct store.url"),
        StoreFault::PoolerNoBase => (
            "is a pooler that has no such base",
            "name the base in [databases] of pgbouncer.ini, or correct store.url",
        ),
        StoreFault::ReadOnlyServer => (
            "is read-only: a standby, or default_transaction_read_only is on",
            "name the primary server in store.url, or let that user write",
        ),
        StoreFault::Full => ("takes no more connections", "raise max_connections, or use fewer replicas"),
        StoreFault::PoolerFull => (
            "is a pooler that takes no more connections",
            "raise max_client_conn in pgbouncer.ini, or use fewer replicas",
        ),
        StoreFault::NoRight => {
            ("does not let this user make tables", "grant it the right to create in the schema public")
        }
        StoreFault::Starting => ("is starting or stopping", "start it, or wait"),
        StoreFault::PoolerNoServer => (
            "is a pooler that reaches no server behind it in time",
            "start PostgreSQL, check [databases] of pgbouncer.ini, and raise default_pool_size when all are taken",
        ),
        StoreFault::PoolerStops => ("is a pooler that stops, or that lost its server", "start it, or wait"),
        StoreFault::Closed => ("does not listen", "start it, or correct the host and the port in store.url"),
        StoreFault::Cut => (
            "has closed the connection",
            "look whether it or the pooler before it was stopped or restarted, and at its log",
        ),
        StoreFault::Away => {
            ("cannot be reached", "check the host in store.url, the name server and the firewall")
        }
        StoreFault::NoTls => (
            "does not speak TLS, which store.url asks for (sslmode)",
            "switch it on there (ssl = on in postgresql.conf), or take sslmode out of store.url where nobody is between",
        ),
        StoreFault::Tls => (
            "cannot be spoken to over TLS",
            "add ?sslrootcert=FILE to store.url, or check the certificate of the server",
        ),
        StoreFault::Silence => ("does not answer in time", "check the host in store.url and the firewall"),
        _ => ("cannot be used", "correct store.url"),
    }
}

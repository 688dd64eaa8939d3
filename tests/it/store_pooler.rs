//! The store behind PgBouncer in transaction mode, which lends a server process for one transaction.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use vigie::store::Store;

use crate::bench::Bench;
use crate::store::postgres;

/// A pooler of our own, ended with the value.
struct Pooler {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pooler {
    /// The same base, by the pooler.
    fn of(&self, direct: &url::Url) -> url::Url {
        let mut lent = direct.clone();
        lent.set_host(Some("127.0.0.1")).unwrap();
        lent.set_port(Some(self.port)).unwrap();
        lent
    }
}

/// Two server processes for all clients. `None`, said, where PgBouncer is not installed.
fn pooler(server: &url::Url) -> Option<Pooler> {
    pooler_with(server, "*", "auth_type = any\n")
}

/// The same, for the bases of that name and with these lines.
fn pooler_with(server: &url::Url, bases: &str, lines: &str) -> Option<Pooler> {
    use std::os::unix::fs::PermissionsExt as _;
    let places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
    let Some(program) = places.into_iter().find(|place| Path::new(place).exists()) else {
        println!("NOT RUN behind a pooler: pgbouncer is not installed");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (host, to) = (server.host_str().unwrap(), server.port().unwrap_or(5432));
    let user = server.username();
    let password = server.password().map(|password| format!(" password={password}")).unwrap_or_default();
    let text = format!(
        "[databases]\n{bases} = host={host} port={to} user={user}{password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\n{lines}pool_mode = transaction\ndefault_pool_size = 2\n\
         unix_socket_dir =\n"
    );
    let file = folder.path().join("pgbouncer.ini");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(program);
    if rustix::process::getuid().is_root() {
        // It refuses to run as root.
        command.args(["-u", "nobody"]);
    }
    let process = command.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let pooler = Pooler { process, port, _folder: folder };
    for _ in 0..100 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(pooler);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("pgbouncer does not listen");
}

/// It refuses under the codes of a fault of the protocol: its words tell what to correct.
#[tokio::test]
async fn what_a_pooler_refuses_is_said_with_what_to_correct() {
    let Some(base) = postgres().await else { return };
    let direct = url::Url::parse(&base.url).unwrap();
    let users = tempfile::tempdir().unwrap();
    let file = users.path().join("users");
    std::fs::write(&file, "\"vigie\" \"the-right-one\"\n").unwrap();
    let open = |path: &std::path::Path, mode| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    open(users.path(), 0o755);
    open(&file, 0o644);
    for (auth, password, base, why, remedy) in [
        ("scram-sha-256", "another", "vigie", "refuses the user or the password", "auth_file"),
        ("md5", "another", "vigie", "refuses the user or the password", "auth_file"),
        ("scram-sha-256", "the-right-one", "absent", "has no such base", "[databases]"),
    ] {
        let lines = format!("auth_type = {auth}\nauth_file = {}\n", file.display());
        let Some(pooler) = pooler_with(&direct, "vigie", &lines) else { break };
        let url = format!("postgres://vigie:{password}@127.0.0.1:{}/{base}", pooler.port);
        let said = Store::open(&url).await.unwrap_err().to_string();
        let place = format!("PostgreSQL at 127.0.0.1:{}, base {base},", pooler.port);
        assert!(said.starts_with(&place) && said.contains(why) && said.contains(remedy), "{auth}: {said}");
        assert!(!said.contains(password), "{said}");
    }
    base.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooler_is_recognised_and_many_statements_at_once_go_through_it() {
    let Some(base) = postgres().await else { return };
    let direct = url::Url::parse(&base.url).unwrap();
    let Some(pooler) = pooler(&direct) else { return base.drop().await };
    let lent = pooler.of(&direct);
    // The tables cannot be made through it.
    let error = Store::open(lent.as_str()).await.unwrap_err().to_string();
    assert!(error.contains("store.direct_url"), "{error}");
    let store = Store::open_with(lent.as_str(), Some(direct.as_str())).await.unwrap();
    let clients = (0..8).map(|client| {
        let store = store.clone();
        tokio::spawn(async move {
            for turn in 0..40 {
                let (name, value) = (format!("essai/{client}"), format!("{turn}"));
                store.settings().set(&name, &value).await?;
                assert_eq!(store.settings().get(&name).await?, Some(value));
                store.health().overview(jiff::Timestamp::UNIX_EPOCH).await?;
                store.dossiers().set_aside().await?;
            }
            Ok::<(), vigie::store::Error>(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap().unwrap();
    }
    drop(store);
    // Once the tables are there, the direct address is not needed; a whole pass works.
    let bench = Bench::stored("petit", 0, lent.as_str()).await;
    let report = bench.pass().await;
    assert_eq!((report.changed, report.failures), (3, Vec::new()));
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests(), (1, 0));
    drop(bench);
    drop(pooler);
    base.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_pooler_does_not_let_a_client_ask_for_is_named_with_the_setting_that_lets_it() {
    let Some(base) = postgres().await else { return };
    let direct = url::Url::parse(&base.url).unwrap();
    let Some(pooler) = pooler(&direct) else { return base.drop().await };
    let mut lent = pooler.of(&direct);
    lent.query_pairs_mut().append_pair("options[work_mem]", "8MB");
    let error = Store::open(lent.as_str()).await.unwrap_err().to_string();
    let remedy = "Remedy: add « ignore_startup_parameters = options » to pgbouncer.ini";
    assert!(error.ends_with(remedy) && !error.contains("correct store.url"), "{error}");
    drop(pooler);
    base.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_address_that_cannot_serve_is_refused_before_anything_is_made() {
    let (Some(base), Some(other)) = (postgres().await, postgres().await) else { return };
    let direct = url::Url::parse(&base.url).unwrap();
    if let Some(pooler) = pooler(&direct) {
        let lent = pooler.of(&direct);
        let refused = async |address: &str| {
            Store::open_with(lent.as_str(), Some(address)).await.unwrap_err().to_string()
        };
        let error = refused(&other.url).await;
        assert!(error.starts_with("store.direct_url: it leads to another base than store.url"), "{error}");
        let elsewhere = sqlx::PgPool::connect(&other.url).await.unwrap();
        let tables = "select count(*) from information_schema.tables where table_schema = 'public'";
        let (made,): (i64,) = sqlx::query_as(tables).fetch_one(&elsewhere).await.unwrap();
        assert_eq!(made, 0);
        elsewhere.close().await;
        let error = refused(lent.as_str()).await;
        assert!(error.starts_with("store.direct_url: it leads to a pooler too"), "{error}");
        let mut closed = direct.clone();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        closed.set_port(Some(free)).unwrap();
        let error = refused(closed.as_str()).await;
        assert!(error.contains(&format!(":{free}, base")) && error.contains("does not listen"), "{error}");
        assert!(error.ends_with("the port in store.direct_url"), "{error}");
        // The right one still serves.
        Store::open_with(lent.as_str(), Some(direct.as_str())).await.unwrap();
    }
    base.drop().await;
    other.drop().await;
}

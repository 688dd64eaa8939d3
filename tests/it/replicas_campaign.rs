//! Several real `vigie run` on one database: killed, cut off from it, overtaken while they write, the database restarted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use simulator::{Fault, File, On, Simulator};
use sqlx::{Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::replicas::end_lease;
use crate::running::{Running, log, platform};
use crate::smtp::{Reply, Server};
use crate::store::postgres;

const SOON: Duration = Duration::from_secs(30);
/// How long the server takes to answer a mail, and the platform a write.
const ACTION: Duration = Duration::from_millis(150);
/// Dossiers that have an attachment.
const FILES: usize = 40;
/// Attachments that one process fetches at once, at most.
const FETCHED_AT_ONCE: u64 = 4;

/// Between one replica and the database; nothing passes while it is cut, and no connection is closed.
struct Relay {
    port: u16,
    cut: watch::Sender<bool>,
}

impl Relay {
    async fn to(host: String) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, state) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&host).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(pass_on(near_in, far_out, state.clone()));
                tokio::spawn(pass_on(far_in, near_out, state.clone()));
            }
        });
        Relay { port, cut }
    }
}

async fn pass_on(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut cut: watch::Receiver<bool>,
) -> Option<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes).await.ok().filter(|read| *read > 0)?;
        cut.wait_for(|cut| !cut).await.ok()?;
        to.write_all(&bytes[..read]).await.ok()?;
    }
}

/// A server of our own, which may be restarted.
struct Cluster {
    folder: PathBuf,
    program: PathBuf,
    port: u16,
}

impl Cluster {
    fn start() -> Cluster {
        let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
        let newest = versions.map(|entry| entry.unwrap().path()).max().unwrap();
        let program = newest.join("bin/pg_ctl");
        let folder = PathBuf::from(format!("/tmp/vigie-cluster-{}", std::process::id()));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { folder, program, port };
        cluster.run(&["init", "-s", "-o", "--auth=trust --username=postgres --no-sync"]);
        cluster.again("start");
        cluster
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, arguments: &[&str]) {
        let mut command = match rustix::process::getuid().is_root() {
            true => Command::new("runuser"),
            false => Command::new(&self.program),
        };
        if rustix::process::getuid().is_root() {
            command.args(["-u", "postgres", "--"]).arg(&self.program);
        }
        let status = command.args(["-D"]).arg(&self.folder).args(arguments).stdout(Stdio::null()).status();
        assert!(status.unwrap().success(), "{arguments:?}");
    }

    fn again(&self, what: &str) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=", self.port);
        let log = self.folder.join("log").display().to_string();
        self.run(&[what, "-w", "-s", "-m", "fast", "-l", &log, "-o", &options]);
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run(&["stop", "-s", "-m", "immediate"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One replica: its folder, its way to the database, and the process under way.
struct Member {
    folder: TempDir,
    relay: Relay,
    variables: Vec<(String, String)>,
    running: Running,
}

impl Member {
    async fn start(simulator: &Simulator, server: &Server, database: &str) -> Member {
        let folder = crate::cli::folder(&simulator.endpoint());
        let mut url = url::Url::parse(database).unwrap();
        let relay = Relay::to(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await;
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(relay.port)).unwrap();
        let variables = [
            ("VIGIE_STORE__URL", url.to_string()),
            ("VIGIE_MAIL__SMTP", format!("smtp://127.0.0.1:{}", server.port)),
            ("VIGIE_MAIL__PER_DAY", "100000".to_owned()),
            ("VIGIE_SCHEDULE__POLL", "* * * * * *".to_owned()),
        ];
        let variables: Vec<_> = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let running = begin(folder.path(), &variables, &[]);
        Member { folder, relay, variables, running }
    }

    async fn kill(&mut self) {
        self.running.signal("KILL");
        let _ = self.running.ended(SOON).await;
    }

    fn again(&mut self) {
        self.running = begin(self.folder.path(), &self.variables, &[]);
    }
}

fn begin(folder: &Path, variables: &[(String, String)], arguments: &[&str]) -> Running {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Running::start(folder, arguments, &variables)
}

async fn ask(url: &str, text: &str) -> i64 {
    let mut connection = connected(url).await;
    let row = sqlx::query(sqlx::AssertSqlSafe(text.to_owned())).fetch_one(&mut connection).await.unwrap();
    row.get(0)
}

async fn tell(url: &str, text: &str) {
    let mut connection = connected(url).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
}

/// A server that was just restarted takes a moment.
async fn connected(url: &str) -> PgConnection {
    for _ in 0..100 {
        if let Ok(connection) = PgConnection::connect(url).await {
            return connection;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the database does not answer");
}

/// Makes as if a minute had passed for the database: leases lapse, and whoever is not there is known to be gone.
async fn a_minute_later(url: &str) {
    tell(
        url,
        "update leases set until = 1 where name = 'observer';
         update replicas set seen_at = seen_at - 60000000;
         update quotas set until = until - 60000000;",
    )
    .await;
}

/// What was taken by a process that ended: the longest claims last twenty minutes.
const CLAIMS_END: &str = "update outbox set claimed_until = 1 where state = 'pending' and claimed_until > 1
    and claimed_by not in (select id from replicas)";

async fn eventually(what: &str, within: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < within, "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The mails and writes that somebody had in hand when a process was killed: each may be done twice.
#[derive(Default)]
struct Window {
    mails: usize,
    writes: u64,
}

struct Campaign {
    simulator: Simulator,
    server: Server,
    members: Vec<Member>,
    window: Window,
    seed: u64,
}

impl Campaign {
    async fn start(url: &str, dossiers: u32) -> Campaign {
        let (simulator, server) = (platform("lot", dossiers).await, Server::start().await);
        server.replies.lock().unwrap().extend(vec![Reply::AcceptAfter(ACTION); 100_000]);
        simulator.with_world(|world| world.inject(On::Mutation, Fault::Slow(ACTION), 100_000));
        simulator.with_world(|world| {
            let numbers: Vec<u32> = world.dossiers.keys().copied().take(FILES).collect();
            for number in numbers {
                world.edit_champ(
                    number,
                    "Organigramme",
                    File::pdf("organigramme.pdf", &format!("Service {number}")),
                );
            }
            world.inject(On::File, Fault::Slow(ACTION), 100_000);
        });
        let mut members = Vec::new();
        for _ in 0..3 {
            members.push(Member::start(&simulator, &server, url).await);
        }
        Campaign { simulator, server, members, window: Window::default(), seed: 1 }
    }

    fn chance(&mut self, of: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.seed >> 33) % of
    }

    /// Counts what is in hand of anybody: of whom, the other side does not know.
    fn note_hands(&mut self) {
        self.window.mails += self.server.unanswered.load(Ordering::SeqCst);
        self.window.writes += self.simulator.world().counters().unanswered;
    }

    fn done(&self) -> (usize, u64) {
        (self.server.ids().len(), self.simulator.world().counters().mutations)
    }

    async fn observer(&self, url: &str) -> i64 {
        ask(url, "select count(*) from leases where name = 'observer' and until > 1").await
    }

    /// Everything is done: nothing waits that could be done now.
    async fn end(&self, url: &str) {
        let pending = "select count(*) from outbox where state = 'pending' and lane = 'now'
            and not_before <= (extract(epoch from clock_timestamp()) * 1000000)::bigint";
        let to_judge = "select count(*) from dossiers where dirty";
        let began = Instant::now();
        let mut still = 0;
        let mut before = self.done();
        while still < 5 {
            tell(url, CLAIMS_END).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let left = ask(url, pending).await + ask(url, to_judge).await;
            still = if left == 0 && self.done() == before { still + 1 } else { 0 };
            before = self.done();
            assert!(began.elapsed() < Duration::from_secs(300), "{left} left after five minutes");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_replicas_share_the_work_and_six_kills_lose_nothing() {
    let Some(base) = postgres().await else { return };
    campaign(&base.url, 6, 40, None).await;
    base.drop().await;
}

/// The long campaign: `cargo nextest run -p vigie --test it a_hundred_kills --run-ignored ignored-only --no-capture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "twenty minutes, and a PostgreSQL of its own; its command stands above"]
async fn a_hundred_kills_of_three_replicas_lose_nothing() {
    let cluster = Cluster::start();
    let kills = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(100);
    campaign(&cluster.url(), kills, 40 + 4 * kills, Some(&cluster)).await;
}

async fn campaign(url: &str, kills: u32, dossiers: u32, cluster: Option<&Cluster>) {
    let mut campaign = Campaign::start(url, dossiers).await;
    eventually("somebody observes", SOON, async || {
        connected(url).await;
        let there = ask(url, "select count(*) from pg_tables where tablename = 'leases'").await;
        there > 0 && campaign.observer(url).await == 1
    })
    .await;
    let (mut cuts, mut restarts, mut overtaken) = (0, 0, 0);
    for kill in 0..kills {
        // Each kill comes while something is done; a quiet one tells nothing, and is not waited for.
        let (before, began) = (campaign.done(), Instant::now());
        while campaign.done() == before && began.elapsed() < Duration::from_secs(3) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(campaign.chance(400))).await;
        if kill % 3 == 1 {
            // The observer's lease is taken from it, whatever it is doing.
            end_lease(url).await;
            overtaken += 1;
        }
        if kill % 4 == 2 {
            // What it has in hand it cannot note.
            campaign.note_hands();
            let cut = campaign.chance(3) as usize;
            campaign.members[cut].relay.cut.send(true).unwrap();
            tokio::time::sleep(Duration::from_millis(500)).await;
            a_minute_later(url).await;
            tokio::time::sleep(Duration::from_secs(7)).await;
            campaign.note_hands();
            campaign.members[cut].relay.cut.send(false).unwrap();
            cuts += 1;
        }
        if let Some(cluster) = cluster.filter(|_| kill % 10 == 5) {
            campaign.note_hands();
            cluster.again("restart");
            restarts += 1;
        }
        let victim = campaign.chance(3) as usize;
        campaign.note_hands();
        campaign.members[victim].kill().await;
        a_minute_later(url).await;
        campaign.members[victim].again();
    }
    eventually("somebody observes", SOON, async || campaign.observer(url).await == 1).await;
    campaign.end(url).await;
    let ids = campaign.server.ids();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    let counters = campaign.simulator.world().counters();
    let done =
        ask(url, "select count(*) from outbox where kind = 'mail' and state = 'done' and bundle is null")
            .await;
    let files = ask(url, "select count(*) from inspections").await;
    let by = ask(url, "select count(distinct claimed_by) from outbox where claimed_by <> ''").await;
    println!(
        "{kills} kills, {cuts} cuts, {overtaken} leases taken away, {restarts} restarts of PostgreSQL: {} mails, {} of them \
         twice ({} in hand at a kill), {} writes, {} repeated ({} in hand), {} files fetched for {files}, {by} processes acted",
        distinct.len(),
        ids.len() - distinct.len(),
        campaign.window.mails,
        counters.mutations,
        counters.repeated,
        campaign.window.writes,
        counters.downloads,
    );
    assert!(distinct.len() > 20 && counters.mutations > 20, "not busy: {counters:?}");
    assert!(i64::try_from(distinct.len()).unwrap() >= done, "{done} mails are noted as sent");
    // Of each process that is stopped, one more may be answered and not yet noted.
    let events = u64::from(kills + cuts + overtaken + restarts);
    let mails = campaign.window.mails + usize::try_from(events).unwrap();
    assert!(ids.len() - distinct.len() <= mails, "mails sent twice");
    assert!(
        counters.repeated <= (campaign.window.writes + events) * 20,
        "values written twice: {counters:?}"
    );
    let (files, most) = (u64::try_from(files).unwrap(), events * FETCHED_AT_ONCE);
    assert!(files > 10 && counters.downloads >= files, "{files} files known: {counters:?}");
    assert!(counters.downloads - files <= most, "files fetched twice: {counters:?} for {files}");
    assert!(by >= 3, "one process did all");
    assert_eq!(ask(url, "select count(*) from outbox where state in ('given_up', 'undeliverable')").await, 0);
    quiet_and_stop(url, campaign).await;
}

/// With nothing to do, three replicas ask the platform as often as one; the observer's orderly end is taken up at once.
async fn quiet_and_stop(url: &str, mut campaign: Campaign) {
    campaign.simulator.world().reset_counters();
    let began = Instant::now();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (asked, seconds) = (campaign.simulator.world().counters().requests, began.elapsed().as_secs());
    assert!((3..=seconds + 2).contains(&asked), "{asked} requests in {seconds} s");
    let mut stopped = None;
    for (rank, member) in campaign.members.iter().enumerate() {
        // Its name holds the number of the process.
        let sql = "select count(*) from leases join replicas on id = holder where leases.name = 'observer' and replicas.name like '%:";
        if ask(url, &format!("{sql}{}'", member.running.id())).await == 1 {
            stopped = Some(rank);
        }
    }
    let stopped = stopped.expect("one of the three observes");
    campaign.members[stopped].running.signal("TERM");
    let (status, _) = campaign.members[stopped].running.ended(SOON).await;
    assert_eq!(status.code(), Some(0), "{}", log(&campaign.members[stopped].folder));
    let began = Instant::now();
    eventually("another one observes", Duration::from_secs(5), async || campaign.observer(url).await == 1)
        .await;
    println!("an orderly end was taken up within {:?}", began.elapsed());
    // One that is killed is taken up within a minute, without anybody's help.
    let holder =
        "select replicas.session from leases join replicas on id = holder where leases.name = 'observer'";
    let first = ask(url, holder).await;
    let living: Vec<usize> = (0..3).filter(|rank| *rank != stopped).collect();
    let mut killed = None;
    for rank in living {
        let id = campaign.members[rank].running.id();
        let sql = "select count(*) from leases join replicas on id = holder where leases.name = 'observer' and replicas.name like '%:";
        if ask(url, &format!("{sql}{id}'")).await == 1 {
            killed = Some(rank);
        }
    }
    campaign.members[killed.expect("one of the two observes")].kill().await;
    let began = Instant::now();
    eventually("the last one observes", Duration::from_secs(60), async || {
        let now = "select coalesce(max(replicas.session), 0) from leases join replicas on id = holder
            where leases.name = 'observer'";
        ask(url, now).await != first
    })
    .await;
    println!("a kill was taken up within {:?}", began.elapsed());
    let asked = campaign.simulator.world().counters().requests;
    eventually("it reads", SOON, async || campaign.simulator.world().counters().requests > asked).await;
    assert_eq!(
        ask(url, "select count(*) from outbox where state = 'pending' and lane = 'now' and attempts > 0")
            .await,
        0
    );
}

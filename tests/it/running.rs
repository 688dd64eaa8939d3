//! `vigie run` as it is deployed: without `--once`, until a signal.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use simulator::{Scenario, Simulator};
use tempfile::TempDir;

/// The real program under way.
pub struct Running(Child, std::path::PathBuf);

impl Running {
    /// Starts `vigie run` with `arguments`; its pages listen on a port of the system's choice.
    pub fn start(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Running {
        let log = File::create(folder.join("log")).unwrap();
        Running::start_logging(folder, arguments, variables, log)
    }

    /// The same, with a log of the caller's choice.
    fn start_logging(folder: &Path, arguments: &[&str], variables: &[(&str, &str)], log: File) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.arg("--config").arg(folder.join("vigie.toml")).arg("run").args(arguments);
        command.env_remove("TEST_DATABASE_URL").env("VIGIE_WEB__LISTEN", "127.0.0.1:0");
        command.envs(variables.iter().copied());
        command.stdout(File::create(folder.join("out")).unwrap()).stderr(log);
        Running(command.spawn().unwrap(), folder.join("out"))
    }

    /// Starts `vigie demo` on a port of the system's choice; what it prints goes to the file `out`.
    pub fn demo(folder: &Path) -> Running {
        let file = |name| File::create(folder.join(name)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["demo", "--listen", "127.0.0.1:0", "--speed", "30d"]);
        command.stdin(Stdio::null()).stdout(file("out")).stderr(file("log"));
        Running(command.spawn().unwrap(), folder.join("out"))
    }

    /// What it printed so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.1).unwrap()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    pub fn signal(&self, name: &str) {
        let sent =
            Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.0.id())).status().unwrap();
        assert!(sent.success());
    }

    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// How the program ended, and after how long.
    pub async fn ended(&mut self, within: Duration) -> (ExitStatus, Duration) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return (status, began.elapsed());
            }
            assert!(began.elapsed() < within, "still running after {within:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until `what` holds.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(40), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub async fn platform(name: &str, dossiers: u32) -> Simulator {
    let mut scenario = Scenario::named(name, 1, dossiers).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    let any = "127.0.0.1:0".parse().unwrap();
    Simulator::start(any, any, world).await.unwrap()
}

pub fn log(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("log")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_polls_as_scheduled_and_stops() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let mut running = Running::start(folder.path(), &[], &[("VIGIE_SCHEDULE__POLL", "* * * * * *")]);
    until("three polls after the first", || {
        running.has_ended() || simulator.world().counters().requests > 12
    })
    .await;
    assert!(!running.has_ended(), "{}", log(&folder));
    // Quiet passes cost a request a second each.
    let (before, began) = (simulator.world().counters().requests, Instant::now());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (more, seconds) = (simulator.world().counters().requests - before, began.elapsed().as_secs());
    assert!((2..=seconds + 2).contains(&more), "{more} requests in {seconds} s");
    running.signal("TERM");
    let (status, took) = running.ended(Duration::from_secs(15)).await;
    assert_eq!(status.code(), Some(0), "{}", log(&folder));
    assert!(took < Duration::from_secs(3), "{took:?}");
    let after = simulator.world().counters().requests;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(simulator.world().counters().requests, after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_was_frozen_goes_on() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let mut running = Running::start(folder.path(), &[], &[("VIGIE_SCHEDULE__POLL", "* * * * * *")]);
    until("a first pass", || simulator.world().counters().requests > 8).await;
    running.signal("STOP");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let frozen = simulator.world().counters().requests;
    running.signal("CONT");
    until("polls again", || simulator.world().counters().requests >= frozen + 2).await;
    running.signal("INT");
    assert_eq!(running.ended(Duration::from_secs(15)).await.0.code(), Some(0), "{}", log(&folder));
}

/// A log on a disk that is full takes no line: the work is done all the same, and the exit codes stay what they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_takes_no_line_stops_nothing() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let polling = [("VIGIE_SCHEDULE__POLL", "* * * * * *")];
    let mut running = Running::start_logging(folder.path(), &[], &polling, full());
    let requests = || simulator.world().counters().requests;
    until("three polls after the first", || running.has_ended() || requests() > 12).await;
    assert!(!running.has_ended());
    assert!(simulator.world().counters().mutations > 0, "nothing was written");
    running.signal("TERM");
    assert_eq!(running.ended(Duration::from_secs(15)).await.0.code(), Some(0));
    std::fs::write(folder.path().join("vigie.toml"), "[dn]\n").unwrap();
    let mut wrong = Running::start_logging(folder.path(), &[], &[], full());
    assert_eq!(wrong.ended(Duration::from_secs(15)).await.0.code(), Some(2));
}

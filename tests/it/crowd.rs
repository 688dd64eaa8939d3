//! Slow and many clients: whoever asks is answered, and the passes go on.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::running::{log, platform};

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The real program, which may open so many files.
fn limited(folder: &Path, files: u32, poll: &str) -> Program {
    let command = format!("ulimit -n {files}; exec \"$0\" --config \"$1\" run");
    let mut shell = Command::new("sh");
    shell.args(["-c", &command, env!("CARGO_BIN_EXE_vigie")]).arg(folder.join("vigie.toml"));
    shell.env_remove("TEST_DATABASE_URL").env("VIGIE_WEB__LISTEN", "127.0.0.1:0");
    shell.env("VIGIE_SCHEDULE__POLL", poll).stdout(Stdio::null());
    shell.stderr(File::create(folder.join("log")).unwrap());
    Program(shell.spawn().unwrap())
}

async fn address(folder: &tempfile::TempDir) -> String {
    let began = Instant::now();
    loop {
        let log = log(folder);
        if let Some((_, rest)) = log.split_once("pages on http://") {
            return rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{log}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn get(address: &str, path: &str) -> String {
    let request = vigie::tls::client_builder().build().unwrap().get(format!("http://{address}{path}"));
    let answer = request.timeout(Duration::from_secs(10)).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn passes(address: &str) -> u64 {
    let metrics = get(address, "/metrics").await;
    let line = metrics.lines().find(|line| line.starts_with("vigie_passes_total ")).unwrap();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_silent_connections_stop_neither_the_pages_nor_the_passes() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let _program = limited(folder.path(), 1024, "* * * * * *");
    let address = address(&folder).await;
    let mut silent = Vec::new();
    for _ in 0..2000 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ").await;
        silent.push(stream);
    }
    assert_eq!(get(&address, "/healthz").await, "alive\n");
    let before = passes(&address).await;
    let began = Instant::now();
    while passes(&address).await < before + 2 {
        assert!(began.elapsed() < Duration::from_secs(30), "the passes stand still: {}", log(&folder));
        // They come back as soon as they are sent away.
        for stream in silent.iter_mut().take(200) {
            *stream = TcpStream::connect(&address).await.unwrap();
            let _ = stream.write_all(b"GET / HTTP/1.1\r\n").await;
        }
        assert_eq!(get(&address, "/healthz").await, "alive\n");
    }
    let log = log(&folder);
    assert!(!log.contains("Too many open files") && !log.contains("cannot be accepted"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let simulator = platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let _program = limited(folder.path(), 1024, "0 0 0 1 1 *");
    let address = address(&folder).await;
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let began = Instant::now();
    let mut answer = Vec::new();
    let drip = async {
        loop {
            if slow.write_all(b"G").await.is_err() {
                return;
            }
            let mut read = [0; 256];
            match tokio::time::timeout(Duration::from_millis(500), slow.read(&mut read)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(count)) => answer.extend_from_slice(&read[..count]),
                Err(_) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(25), drip).await.expect("it is waited for without end");
    assert!(began.elapsed() >= Duration::from_secs(8), "a slow network is not cut at once");
}

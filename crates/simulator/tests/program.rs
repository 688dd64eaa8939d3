//! The program as another team would use it: each command of the README is run, each answer that it shows is compared.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, and says so")]

use serde_json::Value as Json;
use simulator::{FAULTS, Fault, On, Scenario, Switch, SwitchError, Turn};
use std::collections::BTreeMap;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const README: &str = include_str!("../README.md");
const PUBLISHED: &str = "http://127.0.0.1:8081/api/v2/graphql";

/// The program, running, and the lines that it wrote.
struct Running {
    child: Child,
    lines: BTreeMap<String, String>,
}

/// Starts the program with these arguments, on a free port, and reads its six lines.
async fn start(arguments: &[String]) -> Running {
    let mut arguments = arguments.to_vec();
    if !arguments.iter().any(|argument| argument == "--listen") {
        arguments.extend(["--listen".to_owned(), "127.0.0.1:0".to_owned()]);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
    let mut child = command.args(&arguments).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = BTreeMap::new();
    while lines.len() < 6 {
        let line = out.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("{arguments:?}: the program ended"));
        let (name, value) = line.split_once(": ").unwrap();
        lines.insert(name.to_owned(), value.to_owned());
    }
    Running { child, lines }
}

/// The fenced blocks of the README, with their language.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let parts: Vec<&str> = README.split("```").collect();
    parts.chunks(2).filter_map(|pair| pair.get(1)?.split_once('\n')).collect()
}

/// The words of a shell command; single quotes hold a word together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (place, part) in command.replace("\\\n", " ").split('\'').enumerate() {
        if place % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for (rank, word) in part.split_whitespace().enumerate() {
            if rank > 0 || part.starts_with(char::is_whitespace) {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(word);
        }
        if part.ends_with(char::is_whitespace) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build().unwrap()
}

/// Does what `curl -s URL -H … -d …` does.
async fn curl(words: &[String], endpoint: &str) -> Json {
    assert_eq!((words[1].as_str(), words[2].as_str()), ("-s", PUBLISHED));
    let mut request = client().post(endpoint);
    for pair in words[3..].chunks(2) {
        request = match pair[0].as_str() {
            "-H" => {
                let (name, value) = pair[1].split_once(": ").unwrap();
                request.header(name, value)
            }
            "-d" => request.body(pair[1].clone()),
            other => panic!("{other}"),
        };
    }
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_calls_of_the_readme_answer_as_it_says() {
    let running = start(&[]).await;
    let mut compared = 0;
    let blocks = blocks();
    for pair in blocks.windows(2) {
        let [("sh", call), (language, answer)] = pair else { continue };
        if !call.starts_with("curl ") {
            continue;
        }
        assert_eq!(*language, "json", "{call}");
        let got = curl(&words(call), &running.lines["endpoint"]).await;
        let expected: Json = serde_json::from_str(answer).unwrap_or(Json::Null);
        assert_eq!(got, expected, "{call}\n{got}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}

#[tokio::test]
async fn the_lines_of_the_readme_are_those_of_the_program() {
    let running = start(&[]).await;
    let shown = blocks().into_iter().find(|(language, _)| *language == "text").unwrap().1;
    let shown: BTreeMap<&str, &str> = shown.lines().map(|line| line.split_once(": ").unwrap()).collect();
    assert_eq!(shown.keys().copied().collect::<Vec<_>>(), running.lines.keys().collect::<Vec<_>>());
    for name in ["token", "demarche", "instructeur", "clock"] {
        assert_eq!(shown[name], running.lines[name]);
    }
}

#[tokio::test]
async fn every_command_of_the_readme_starts() {
    let sh =
        blocks().into_iter().filter(|(language, _)| *language == "sh").flat_map(|(_, text)| text.lines());
    let commands: Vec<Vec<String>> = sh.filter(|line| line.starts_with("cargo run ")).map(words).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        assert_eq!(command[..4], ["cargo", "run", "-p", "simulator"]);
        let arguments = command.get(5..).unwrap_or_default();
        assert!(start(arguments).await.lines["endpoint"].ends_with("/api/v2/graphql"), "{command:?}");
    }
}

#[tokio::test]
async fn a_fault_of_the_command_line_meets_its_request() {
    let running = start(&["--fault".to_owned(), "status=503@2".to_owned()]).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = client().post(&running.lines["endpoint"]).body("{}");
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [403, 503, 403]);
}

#[tokio::test]
async fn the_steps_of_a_live_scenario_come_with_its_clock() {
    let arguments = ["--scenario", "trois-ans", "--live", "--speed", "8640000"].map(str::to_owned);
    let running = start(&arguments).await;
    let query = r#"{"query": "{ demarche(number: 12345) { dossiers { nodes { number } } } }"}"#;
    let mut counts = Vec::new();
    while counts.len() < 2 {
        let request = client().post(&running.lines["endpoint"]).body(query);
        let body: Json =
            request.bearer_auth(&running.lines["token"]).send().await.unwrap().json().await.unwrap();
        let count = body["data"]["demarche"]["dossiers"]["nodes"].as_array().unwrap().len();
        if counts.last() != Some(&count) {
            counts.push(count);
        }
        assert!(counts.len() < 2 || counts[0] < counts[1], "{counts:?}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_said_in_english() {
    for (arguments, code, says) in [
        (["--scenario", "inconnu"], 1, "unknown scenario \"inconnu\"; there are: trois-ans, petit, lot"),
        (["--fault", "fire"], 2, "unknown fault \"fire\"; there are: rate-limited, "),
        (["--fault", "slow=soon"], 2, "slow expects milliseconds of real time (5000)"),
        (["--listen", "192.0.2.1:1"], 1, "cannot listen: "),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
        let output = command.args(arguments).output().await.unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(says), "{error}");
        assert_eq!(output.status.code(), Some(code), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn it_stops_when_it_is_asked_to() {
    let mut running = start(&[]).await;
    let id = running.child.id().unwrap().to_string();
    Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
    assert!(running.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn help_and_the_readme_name_every_fault_and_every_scenario() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
    let help = String::from_utf8(command.arg("--help").output().await.unwrap().stdout).unwrap();
    let names = FAULTS.iter().map(|fault| fault.name).chain(Scenario::names().iter().copied());
    for name in names {
        assert!(help.contains(&format!("\n  {name} ")), "{name}\n{help}");
        assert!(README.contains(&format!("\n| `{name}` |")), "{name}");
    }
    assert!(Scenario::names().iter().all(|name| Scenario::about(name).is_some()));
    for fault in FAULTS {
        assert!(README.contains(&format!("| {} |", fault.does)), "{}", fault.does);
    }
}

#[test]
fn a_switch_is_read_by_its_parts() {
    let read = |text: &str| text.parse::<Switch>();
    let switch = |on, fault, turn| Ok(Switch { on, fault, turn });
    assert_eq!(read("cut"), switch(On::Any, Fault::Cut, Turn::Nth(1)));
    assert_eq!(read("mutation:cut@4"), switch(On::Mutation, Fault::Cut, Turn::Nth(4)));
    assert_eq!(read("no-length@every"), switch(On::File, Fault::NoLength, Turn::Every));
    assert_eq!(read("any:status=503@next-2"), switch(On::Any, Fault::Status(503), Turn::Next(2)));
    let to = |url: &str| Fault::Redirect(url.to_owned());
    assert_eq!(
        read("redirect=http://a@b.example:1/"),
        switch(On::Any, to("http://a@b.example:1/"), Turn::Nth(1))
    );
    assert_eq!(
        read("redirect=http://b.example/@every"),
        switch(On::Any, to("http://b.example/"), Turn::Every)
    );
    assert_eq!(read("cut@0"), Err(SwitchError::UnknownTurn("0".to_owned())));
    assert_eq!(read("cut=1"), Err(SwitchError::BadValue("cut", "no value")));
    assert_eq!(read("rewrite"), Err(SwitchError::BadValue("rewrite", "FROM=>TO")));
    assert_eq!(read("post:cut"), Err(SwitchError::UnknownKind("post".to_owned())));
}

/// A new fault must be given a name: this exhaustive match does not compile until it is listed here.
#[test]
fn every_fault_has_its_name() {
    let values = BTreeMap::from([("rewrite", "=a=>b"), ("redirect", "=http://a.example/")]);
    let made: Vec<&str> = FAULTS
        .iter()
        .map(|named| {
            let value = values.get(named.name).copied().unwrap_or_default();
            let switch: Switch = format!("{}{value}", named.name).parse().unwrap();
            name(&switch.fault)
        })
        .collect();
    assert_eq!(made, FAULTS.iter().map(|named| named.name).collect::<Vec<_>>());
    assert_eq!(made.len(), 33);
}

fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::RateLimited => "rate-limited",
        Fault::RateLimitedBare => "rate-limited-bare",
        Fault::Maintenance => "maintenance",
        Fault::BadGateway => "bad-gateway",
        Fault::GatewayTimeout => "gateway-timeout",
        Fault::GatewayTimeoutAfter => "gateway-timeout-after",
        Fault::InternalError => "internal-error",
        Fault::Moved => "moved",
        Fault::TokenExpired => "token-expired",
        Fault::ForbiddenNetwork => "forbidden-network",
        Fault::NoToken => "no-token",
        Fault::Timeout => "timeout",
        Fault::RootError => "root-error",
        Fault::InvalidNull(_) => "invalid-null",
        Fault::NullData => "null-data",
        Fault::Truncated => "truncated",
        Fault::Foreign => "foreign",
        Fault::Html => "html",
        Fault::Empty => "empty",
        Fault::Cut => "cut",
        Fault::CutInBody => "cut-in-body",
        Fault::LostResponse => "lost-response",
        Fault::LateCommit(_) => "late-commit",
        Fault::Hang => "hang",
        Fault::Slow(_) => "slow",
        Fault::Rewrite { .. } => "rewrite",
        Fault::Status(_) => "status",
        Fault::Redirect(_) => "redirect",
        Fault::WrongBytes => "wrong-bytes",
        Fault::Longer(_) => "longer",
        Fault::NoLength => "no-length",
        Fault::Endless(_) => "endless",
        Fault::LyingGzip => "lying-gzip",
    }
}

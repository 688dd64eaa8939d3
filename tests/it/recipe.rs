//! `docs/essayer.md`: its lines are run as they stand.

use std::fs::File;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::running::until;

const RECIPE: &str = include_str!("../../docs/essayer.md");

/// The shell and what it began, ended with it.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        let group = format!("kill -KILL -{}", self.0.id());
        let _ = Command::new("sh").arg("-c").arg(group).status();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_of_the_recipe_lead_to_the_pages() {
    let place = tempfile::tempdir().unwrap();
    let programs = place.path().join("programs");
    std::fs::create_dir(&programs).unwrap();
    symlink(env!("CARGO_BIN_EXE_vigie"), programs.join("vigie")).unwrap();
    let lines = RECIPE.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(lines.lines().count() <= 10, "ten lines: {lines}");
    let script = place.path().join("recipe.sh");
    std::fs::write(&script, format!("set -e\n{lines}")).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let (out, log) = (place.path().join("out"), place.path().join("log"));
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.arg(&script).current_dir(&place).env("PATH", path).env_remove("TEST_DATABASE_URL");
    // The port of the recipe may be another's.
    command.env("VIGIE_WEB__LISTEN", "127.0.0.1:0").process_group(0).stdin(Stdio::null());
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&log).unwrap());
    let mut shell = Shell(command.spawn().unwrap());
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let address = |text: &str| {
        let served = text.lines().rev().find(|line| line.contains("pages"))?;
        let rest = served.split("127.0.0.1:").nth(1)?;
        let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!port.is_empty() && port != "0").then(|| format!("http://127.0.0.1:{port}/"))
    };
    // The last line goes on; a line that fails ends the shell.
    until("the pages are served", || shell.0.try_wait().unwrap().is_some() || address(&read(&log)).is_some())
        .await;
    let said = || format!("{}\n{}", read(&out), read(&log));
    assert!(shell.0.try_wait().unwrap().is_none(), "a line failed: {}", said());
    let page = address(&read(&log)).unwrap();
    let client = vigie::tls::client_builder().build().unwrap();
    let mut text = String::new();
    for _ in 0..100 {
        text = client.get(&page).send().await.unwrap().text().await.unwrap();
        if text.contains("/cas/4243") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(text.contains("/cas/4243"), "{text}\n{}", said());
    assert!(
        read(&out).contains("dossiers annotés") && place.path().join("essai/vigie.toml").exists(),
        "{}",
        said()
    );
}

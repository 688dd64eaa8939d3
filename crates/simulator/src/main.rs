//! The simulator as a program: `simulator --help`.

use clap::Parser;
use simulator::{DEMARCHE, FAULTS, INSTRUCTEUR_EMAIL, Options, Scenario, Serving, Switch, TOKEN};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

/// A small, stateful stand-in for demarche.numerique.gouv.fr: its GraphQL API over HTTP, its refusals, its faults.
#[derive(Parser)]
#[command(version, after_long_help = lists())]
struct Cli {
    /// Address of the API; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Address of the host of files; a free port beside the API by default
    #[arg(long)]
    files: Option<SocketAddr>,
    /// What the world holds; --help lists the scenarios
    #[arg(long, default_value = "petit")]
    scenario: String,
    /// Scenario `lot`: the same seed gives the same dossiers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Scenario `lot`: how many dossiers
    #[arg(long, default_value_t = 200)]
    dossiers: u32,
    /// Start at the beginning of the scenario and do its steps as the clock reaches them
    #[arg(long)]
    live: bool,
    /// Simulated seconds per real second; 0 stops the clock
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// Requests per token and per minute; 0 for no limit
    #[arg(long, default_value_t = 400)]
    limit: u32,
    /// A fault, [KIND:]NAME[=VALUE][@TURN]; may be repeated; --help lists the faults
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Switch>,
}

/// The scenarios and the faults, for the end of `--help`.
fn lists() -> String {
    let mut text = "Scenarios:\n".to_owned();
    for name in Scenario::names() {
        text.push_str(&format!("  {name:<22} {}\n", Scenario::about(name).unwrap_or_default()));
    }
    text.push_str("\nFaults ([KIND:]NAME[=VALUE][@TURN]):\n");
    for fault in FAULTS {
        let value = if fault.value.is_empty() { String::new() } else { format!(" [={}]", fault.value) };
        text.push_str(&format!("  {:<22} {}{value}\n", fault.name, fault.does));
    }
    text.push_str("\nKIND: any (default), query, mutation, file.\n");
    text.push_str(
        "TURN: @3 the third request, @next-3 the first three, @every all, @every-3 each third; default @1.",
    );
    text
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match serve(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _unheard = writeln!(io::stderr(), "simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until SIGINT or SIGTERM.
async fn serve(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let options = Options {
        listen: cli.listen,
        files: cli.files.unwrap_or_else(|| SocketAddr::new(cli.listen.ip(), 0)),
        scenario: cli.scenario,
        seed: cli.seed,
        dossiers: cli.dossiers,
        live: cli.live,
        limit_per_minute: Some(cli.limit).filter(|limit| *limit > 0),
        faults: cli.faults,
    };
    let mut serving = Serving::start(&options).await?;
    // Whoever reads the addresses may ask for the stop at once.
    let stop = asked_to_stop()?;
    announce(&serving)?;
    tokio::select! {
        never = serving.keep_time(cli.speed) => match never {},
        stopped = stop => Ok(stopped?),
    }
}

/// One `name: value` per line, for people and for scripts alike.
fn announce(serving: &Serving) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "endpoint: {}", serving.simulator().endpoint())?;
    writeln!(out, "files: {}", serving.simulator().files())?;
    writeln!(out, "token: {TOKEN}")?;
    writeln!(out, "demarche: {DEMARCHE}")?;
    writeln!(out, "instructeur: {INSTRUCTEUR_EMAIL}")?;
    writeln!(out, "clock: {}", serving.origin())?;
    out.flush()
}

/// Listens from now on; resolves when a stop is asked for.
#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        Ok(())
    })
}

#[cfg(not(unix))]
fn asked_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}

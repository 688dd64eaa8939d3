//! `vigie simulate`: the simulator alone, to try a client or to train staff.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::{Context, bail};
use simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Options, Scenario, Serving, StartError, TOKEN};

use super::{CommandOutcome, say};

/// # Errors
/// An unknown scenario, or an address that cannot be listened on.
pub async fn simulate(
    listen: SocketAddr,
    name: &str,
    seed: u64,
    dossiers: u32,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let options = Options {
        listen,
        files: SocketAddr::new(listen.ip(), 0),
        scenario: name.to_owned(),
        seed,
        dossiers,
        live: false,
        limit_per_minute: Some(400),
        faults: Vec::new(),
    };
    let mut serving = match Serving::start(&options).await {
        Ok(serving) => serving,
        Err(StartError::UnknownScenario(name)) => {
            bail!("--scenario {name}: unknown; there are: {}", Scenario::names().join(", "));
        }
        Err(StartError::Listen(error)) => return Err(error).with_context(|| format!("--listen {listen}")),
    };
    let simulator = serving.simulator();
    say(out, &format!("Plateforme simulée : {}", simulator.endpoint()));
    say(out, &format!("Pièces jointes     : {}", simulator.files()));
    let exports = simulator.endpoint().replace("/api/v2/graphql", "/exports/dossiers.xlsx");
    say(out, &format!("Export             : {exports} (ou .ods, .csv)"));
    say(out, &format!("Démarche {DEMARCHE}, instructeur {INSTRUCTEUR_EMAIL}"));
    say(out, &format!("Jeton              : {TOKEN}"));
    say(out, &format!("Date simulée       : {}, et le temps passe", serving.origin()));
    say(out, "Formulaire         : config/form.toml. Ctrl-C pour arrêter.");
    tokio::select! {
        never = serving.keep_time(1) => match never {},
        stopped = tokio::signal::ctrl_c() => {
            stopped.context("waiting for Ctrl-C")?;
            Ok(CommandOutcome::Done)
        }
    }
}

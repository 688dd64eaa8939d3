//! `vigie simulate`: the simulator alone, to try a client or to train staff.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};

use super::{Outcome, say};
use crate::simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Scenario, Simulator, TOKEN};

/// # Errors
/// An unknown scenario, or an address that cannot be listened on.
pub async fn simulate(
    listen: SocketAddr,
    name: &str,
    seed: u64,
    dossiers: u32,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let Some(mut scenario) = Scenario::named(name, seed, dossiers) else {
        bail!("--scenario {name}: unknown; there are: {}", Scenario::names().join(", "));
    };
    let mut world = scenario.world();
    scenario.advance_to(&mut world, scenario.end());
    world.follow_real_time();
    world.limit_per_minute = Some(400);
    let files = SocketAddr::new(listen.ip(), 0);
    let simulator =
        Simulator::start(listen, files, world).await.with_context(|| format!("--listen {listen}"))?;
    say(out, &format!("Plateforme simulée : {}", simulator.endpoint()));
    say(out, &format!("Pièces jointes     : {}", simulator.files()));
    say(out, &format!("Démarche {DEMARCHE}, instructeur {INSTRUCTEUR_EMAIL}"));
    say(out, &format!("Jeton              : {TOKEN}"));
    say(out, "Formulaire         : config/form.toml. Ctrl-C pour arrêter.");
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    // Open connections are given a moment to end.
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(Outcome::Done)
}

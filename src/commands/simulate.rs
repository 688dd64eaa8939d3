//! `vigie simulate`: the simulator alone, to try a client or to train staff.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use jiff::ToSpan;

use super::{Outcome, say};
use simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Scenario, Simulator, TOKEN};

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
    let origin = world.now();
    world.limit_per_minute = Some(400);
    let files = SocketAddr::new(listen.ip(), 0);
    let simulator =
        Simulator::start(listen, files, world).await.with_context(|| format!("--listen {listen}"))?;
    say(out, &format!("Plateforme simulée : {}", simulator.endpoint()));
    say(out, &format!("Pièces jointes     : {}", simulator.files()));
    say(out, &format!("Démarche {DEMARCHE}, instructeur {INSTRUCTEUR_EMAIL}"));
    say(out, &format!("Jeton              : {TOKEN}"));
    say(out, &format!("Date simulée       : {origin}, et le temps passe"));
    say(out, "Formulaire         : config/form.toml. Ctrl-C pour arrêter.");
    // The scenario's own time goes on from its end: a write dated before what was read would never be seen.
    let started = tokio::time::Instant::now();
    let mut second = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = second.tick() => {
                let elapsed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
                simulator.world().set_now(origin.saturating_add(elapsed.seconds()).unwrap_or(origin));
            }
            stopped = tokio::signal::ctrl_c() => {
                stopped.context("waiting for Ctrl-C")?;
                return Ok(Outcome::Done);
            }
        }
    }
}

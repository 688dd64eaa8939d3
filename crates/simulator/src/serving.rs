//! A scenario served as a program of its own: the servers, and a clock that moves with the real one.

use super::Simulator;
use super::scenarios::Scenario;
use super::switch::Switch;
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the API; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Address of the host of files; port 0 takes a free one.
    pub files: SocketAddr,
    /// One of [`Scenario::names`].
    pub scenario: String,
    /// For the scenario `lot`: the same seed gives the same dossiers.
    pub seed: u64,
    /// For the scenario `lot`: how many.
    pub dossiers: u32,
    /// False: the scenario is played to its end before the servers start. True: the world is the one of its beginning, and
    /// each step is done when the clock reaches it.
    pub live: bool,
    /// Requests per token and per minute of the simulated clock; `None` for no limit. The platform allows 400.
    pub limit_per_minute: Option<u32>,
    pub faults: Vec<Switch>,
}

/// Why nothing is served.
#[derive(Debug)]
pub enum StartError {
    UnknownScenario(String),
    /// One of the two addresses cannot be listened on.
    Listen(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::UnknownScenario(name) => {
                write!(out, "unknown scenario {name:?}; there are: {}", Scenario::names().join(", "))
            }
            StartError::Listen(error) => write!(out, "cannot listen: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::UnknownScenario(_) => None,
            StartError::Listen(error) => Some(error),
        }
    }
}

/// A scenario that is being served; dropping it stops the servers.
pub struct Serving {
    simulator: Simulator,
    scenario: Scenario,
    origin: Timestamp,
}

impl Serving {
    /// Makes the world, arms the faults and starts the servers. The clock stands still until [`Serving::keep_time`].
    pub async fn start(options: &Options) -> Result<Serving, StartError> {
        let unknown = || StartError::UnknownScenario(options.scenario.clone());
        let named = Scenario::named(&options.scenario, options.seed, options.dossiers);
        let mut scenario = named.ok_or_else(unknown)?;
        let mut world = scenario.world();
        if !options.live {
            scenario.advance_to(&mut world, scenario.end());
        }
        let origin = world.now();
        world.limit_per_minute = options.limit_per_minute;
        options.faults.iter().for_each(|switch| world.arm(switch));
        let simulator = Simulator::start(options.listen, options.files, world).await;
        Ok(Serving { simulator: simulator.map_err(StartError::Listen)?, scenario, origin })
    }

    /// The servers, their addresses and their world.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The instant of the simulated clock when the servers started.
    #[must_use]
    pub fn origin(&self) -> Timestamp {
        self.origin
    }

    /// Moves the clock once per real second, `speed` simulated seconds each time, and does the steps that it reaches.
    /// Never ends; 0 leaves the clock where it is.
    pub async fn keep_time(&mut self, speed: u32) -> Infallible {
        let started = tokio::time::Instant::now();
        let mut second = tokio::time::interval(Duration::from_secs(1));
        loop {
            second.tick().await;
            let elapsed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
            let elapsed = SignedDuration::from_secs(elapsed.saturating_mul(i64::from(speed)));
            // The simulated clock starts at the scenario's own time: a write dated before what a client has already
            // read would come before that client's cursor, and never be listed.
            let now = self.origin.checked_add(elapsed).unwrap_or(Timestamp::MAX);
            self.scenario.advance_to(&mut self.simulator.world(), now);
        }
    }
}

//! What the program says while it works: log lines on the standard error output and, in a build with `otel` that finds a
//! collector named in the environment, traces.

use std::io::{self, IsTerminal as _};

use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, registry};

/// What still sends traces, if anything does.
#[derive(Default)]
pub struct Exporting {
    #[cfg(feature = "otel")]
    traces: Option<traces::Exporting>,
}

impl Exporting {
    /// Sends the traces that are left.
    pub fn finish(self) {
        #[cfg(feature = "otel")]
        if let Some(traces) = self.traces {
            traces.finish();
        }
    }
}

/// Log lines from now on, and traces. A collector whose variables cannot be read costs the traces and not the work.
#[cfg(feature = "otel")]
pub fn begin(verbose: u8, runtime: &Handle) -> Exporting {
    if !traces::are_wanted(|name| std::env::var(name).ok()) {
        registry().with(lines(verbose)).init();
        return Exporting::default();
    }
    let client = || vigie::tls::client_builder().build();
    match traces::layer("vigie", env!("CARGO_PKG_VERSION"), runtime.clone(), client) {
        Ok((layer, exporting)) => {
            // Spans of ours alone: a library could put an address into its own.
            let ours = filter_fn(|about| about.is_span() && about.target().starts_with("vigie"));
            registry().with(lines(verbose)).with(layer.with_filter(ours)).init();
            tracing::info!("traces are sent by OTLP");
            Exporting { traces: Some(exporting) }
        }
        Err(error) => {
            registry().with(lines(verbose)).init();
            tracing::error!("no traces are sent: {error} (OTEL_EXPORTER_OTLP_ENDPOINT and its like)");
            Exporting::default()
        }
    }
}

/// Log lines from now on. That nothing is sent to the collector that a variable names is said.
#[cfg(not(feature = "otel"))]
pub fn begin(verbose: u8, _runtime: &Handle) -> Exporting {
    registry().with(lines(verbose)).init();
    let named = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(name) = named.iter().find(|name| set(name)) {
        tracing::warn!("{name} is set, and this build sends no traces: build with --features otel");
    }
    Exporting::default()
}

/// Lines on the standard error output: for a person at a terminal, in JSON elsewhere. Spans are for traces.
fn lines<S>(verbose: u8) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let level = match verbose {
        0 => "warn,vigie=info",
        1 => "info,vigie=debug",
        _ => "debug,vigie=trace",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let filter = filter.and(filter_fn(|about| !about.is_span()));
    // A line that cannot be written, on a disk that is full or to a reader that ended, would be complained of on the same
    // output, with a panic: it is lost instead, and the work goes on.
    let lines = tracing_subscriber::fmt::layer().log_internal_errors(false).with_writer(io::stderr);
    if io::stderr().is_terminal() {
        lines.with_filter(filter).boxed()
    } else {
        lines.json().with_filter(filter).boxed()
    }
}

//! What the program says while it works: log lines on the standard error output and, in a build with `otel` that finds a
//! collector named in the environment, traces.

use std::io::{self, IsTerminal as _};

use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
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
pub fn begin(verbose: u8, quiet: bool, runtime: &Handle) -> Exporting {
    if !traces::are_wanted(|name| std::env::var(name).ok()) {
        registry().with(lines()).with(Kept::of(verbose, quiet, Spans::None)).init();
        return Exporting::default();
    }
    let client = || vigie::tls::client_builder().build();
    match traces::layer("vigie", env!("CARGO_PKG_VERSION"), runtime.clone(), client) {
        Ok((layer, exporting)) => {
            use tracing_subscriber::filter::filter_fn;
            let (said, sent) = (filter_fn(|about| !about.is_span()), filter_fn(|about| about.is_span()));
            let layers = registry().with(lines().with_filter(said)).with(layer.with_filter(sent));
            layers.with(Kept::of(verbose, quiet, Spans::Ours)).init();
            tracing::info!("traces are sent by OTLP");
            Exporting { traces: Some(exporting) }
        }
        Err(error) => {
            registry().with(lines()).with(Kept::of(verbose, quiet, Spans::None)).init();
            tracing::error!("no traces are sent: {error} (OTEL_EXPORTER_OTLP_ENDPOINT and its like)");
            Exporting::default()
        }
    }
}

/// Log lines from now on. That nothing is sent to the collector that a variable names is said.
#[cfg(not(feature = "otel"))]
pub fn begin(verbose: u8, quiet: bool, _runtime: &Handle) -> Exporting {
    registry().with(lines()).with(Kept::of(verbose, quiet, Spans::None)).init();
    let named = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(name) = named.iter().find(|name| set(name)) {
        tracing::warn!("{name} is set, and this build sends no traces: build with --features otel");
    }
    Exporting::default()
}

/// Which spans are kept, for traces. Ours alone: a library could put an address into its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spans {
    None,
    #[cfg(feature = "otel")]
    Ours,
}

/// What is said at all. It is the last layer, which is asked first and for all of them: the filter of one layer keeps, for each
/// thread, what it last answered, and a library that only asks whether a line would be said (sqlx does, of each statement of
/// PostgreSQL) would leave there the answer to another question, with which the next line of ours was dropped.
struct Kept {
    lines: EnvFilter,
    spans: Spans,
}

impl Kept {
    fn of(verbose: u8, quiet: bool, spans: Spans) -> Kept {
        let level = match verbose {
            // Of a certificate that is refused we say which server, and what to do: one line more would be an error twice.
            0 if quiet => "error,rustls_platform_verifier=off",
            0 => "warn,vigie=info,rustls_platform_verifier=off",
            1 => "info,vigie=debug,rustls_platform_verifier=off",
            _ => "debug,vigie=trace",
        };
        let lines = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
        Kept { lines, spans }
    }

    fn keeps_span(&self, about: &Metadata<'_>) -> bool {
        self.spans != Spans::None && about.target().starts_with("vigie")
    }
}

impl<S: Subscriber> Layer<S> for Kept {
    fn register_callsite(&self, about: &'static Metadata<'static>) -> Interest {
        match about.is_span() {
            true if self.keeps_span(about) => Interest::always(),
            true => Interest::never(),
            false => Layer::<S>::register_callsite(&self.lines, about),
        }
    }

    fn enabled(&self, about: &Metadata<'_>, context: Context<'_, S>) -> bool {
        match about.is_span() {
            true => self.keeps_span(about),
            false => Layer::<S>::enabled(&self.lines, about, context),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let lines = Layer::<S>::max_level_hint(&self.lines)?;
        // Those of ours are of the level of what is told.
        Some(if self.spans == Spans::None { lines } else { lines.max(LevelFilter::INFO) })
    }
}

/// Lines on the standard error output: for a person at a terminal, in JSON elsewhere.
fn lines<S>() -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    // A line that cannot be written, on a disk that is full or to a reader that ended, would be complained of on the same
    // output, with a panic: it is lost instead, and the work goes on.
    let lines = tracing_subscriber::fmt::layer().log_internal_errors(false).with_writer(io::stderr);
    if io::stderr().is_terminal() { lines.boxed() } else { lines.json().boxed() }
}

//! Sends the spans of a program by OTLP, in protobuf over HTTP. The usual variables decide: a collector named by
//! `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` turns it on, `OTEL_SDK_DISABLED=true` or
//! `OTEL_TRACES_EXPORTER=none` off; headers, timeout, sampler, service name and resource are those of OpenTelemetry.

mod client;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use client::OnRuntime;

/// What is still to be sent when the program ends waits no longer than this for the collector.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// Sends what ended and was not sent yet.
#[derive(Debug)]
pub struct Exporting(SdkTracerProvider);

impl Exporting {
    /// Sends the rest, for five seconds at most, and ends. Blocks: not for a thread that drives the runtime.
    pub fn finish(self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_WAIT) {
            tracing::warn!("the last traces could not be sent: {error}");
        }
    }
}

/// Whether these variables ask for traces.
#[must_use]
pub fn are_wanted(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let is = |name: &str, word: &str| set(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(word));
    let named = set("OTEL_EXPORTER_OTLP_ENDPOINT").or_else(|| set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
    named.is_some() && !is("OTEL_SDK_DISABLED", "true") && !is("OTEL_TRACES_EXPORTER", "none")
}

/// A layer that sends each span once it is closed, and what ends it. `build` makes the client at the first sending, in
/// `runtime`. Without `OTEL_SERVICE_NAME` the service is called `name`.
///
/// # Errors
/// When one of the variables cannot be read: an address that is none, an unknown compression.
pub fn layer<S>(
    name: &'static str,
    version: &'static str,
    runtime: Handle,
    build: impl Fn() -> reqwest::Result<reqwest::Client> + Send + Sync + 'static,
) -> Result<(impl Layer<S> + Send + Sync, Exporting), ExporterBuildError>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let exporter =
        SpanExporter::builder().with_http().with_http_client(OnRuntime::new(runtime, build)).build()?;
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(name);
    }
    let resource = resource.with_attribute(opentelemetry::KeyValue::new("service.version", version)).build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(name));
    // Threads and lines of code change with each version, and say nothing to who reads a trace.
    let layer = layer.with_location(false).with_threads(false);
    Ok((layer, Exporting(provider)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_that_is_named_is_sent_to_unless_it_is_refused() {
        let wanted = |pairs: &[(&str, &str)]| {
            are_wanted(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let (both, traces) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        assert!(!wanted(&[]));
        assert!(!wanted(&[(both, " ")]));
        assert!(wanted(&[(both, "http://collector:4318")]));
        assert!(wanted(&[(both, ""), (traces, "http://collector:4318/v1/traces")]));
        assert!(wanted(&[(both, "http://collector:4318"), ("OTEL_SDK_DISABLED", "false")]));
        assert!(!wanted(&[(both, "http://collector:4318"), ("OTEL_SDK_DISABLED", "TRUE")]));
        assert!(!wanted(&[(both, "http://collector:4318"), ("OTEL_TRACES_EXPORTER", "none")]));
    }
}

//! The cryptography of TLS (ring), the HTTP clients that need it, and what a mail server's certificate is checked with.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

/// Makes ring the provider of rustls for this process; nothing happens when there is one already.
pub fn install_provider() {
    // The only error is that a provider is installed already.
    let _ = ring::default_provider().install_default();
}

/// An HTTP client to be built. `reqwest` is compiled without a provider and panics when a client is built before one is
/// installed, so that no client begins elsewhere.
pub fn client_builder() -> reqwest::ClientBuilder {
    install_provider();
    reqwest::Client::builder()
}

/// What trusts the authorities of the machine, and `extra` ones.
///
/// # Errors
/// When one of `extra` is no certificate.
pub fn client_config(extra: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?;
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

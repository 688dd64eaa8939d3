//! The cryptography of TLS (ring), and the HTTP clients that need it.

use rustls::crypto::ring;

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

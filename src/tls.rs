//! The cryptography of TLS (ring), the HTTP clients that need it, and what a mail server's certificate is checked with.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

/// Makes ring the provider of rustls for this process; nothing happens when there is one already.
pub fn install_provider() {
    // The only error is that a provider is installed already.
    let _ = ring::default_provider().install_default();
}

/// The private authorities that every client trusts beside those of the machine (`network.ca_file`).
static AUTHORITIES: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();

/// Has every client trust these authorities too; only the first call counts.
///
/// # Errors
/// When the text holds no certificate.
pub fn trust(pem: &[u8]) -> Result<(), NotAnAuthority> {
    let found = certificates(pem)?;
    AUTHORITIES.get_or_init(|| found);
    Ok(())
}

/// A text that is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the certificate of an authority: a PEM file that begins with -----BEGIN CERTIFICATE-----")]
pub struct NotAnAuthority;

/// The certificates of a PEM text, one at least.
///
/// # Errors
/// When there is none, or one cannot be read.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, NotAnAuthority> {
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    found.ok().filter(|found| !found.is_empty()).ok_or(NotAnAuthority)
}

/// The authorities of `network.ca_file`.
#[must_use]
pub fn trusted() -> &'static [CertificateDer<'static>] {
    AUTHORITIES.get().map_or(&[], Vec::as_slice)
}

/// An HTTP client to be built. `reqwest` is compiled without a provider and panics when a client is built before one is
/// installed, so that no client begins elsewhere.
pub fn client_builder() -> reqwest::ClientBuilder {
    install_provider();
    let trusted = trusted().iter().filter_map(|one| reqwest::Certificate::from_der(one).ok());
    let builder = reqwest::Client::builder();
    if trusted.clone().next().is_none() { builder } else { builder.tls_certs_merge(trusted) }
}

/// What trusts the authorities of the machine, and `extra` ones.
///
/// # Errors
/// When one of `extra` is no certificate.
pub fn client_config(mut extra: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, rustls::Error> {
    extra.extend_from_slice(trusted());
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?;
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

//! SMTP: the address of the server as the configuration gives it. `line` is one connection, `pool` keeps several, `reply`
//! says what a refusal is about and `fault` what to do next.

mod fault;
mod line;
mod pool;
mod reply;

use std::sync::Arc;

use lettre::Address;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use rustls::pki_types::{CertificateDer, ServerName};
use url::{Host, Url};

use super::error::MailError;
use super::server::MailServer;
pub(super) use fault::{Fault, Outcome};
pub(super) use line::Sealed;
use line::{Line, Protection};
use pool::Pool;

/// The ports of RFC 5321, 6409 and 8314.
const PORTS: [u16; 3] = [25, 587, 465];

/// A mail server, with the connections to it.
#[derive(Clone)]
pub(super) struct SmtpClient {
    pool: Arc<Pool>,
    /// How many mails may be under way at once.
    pub(super) connections: usize,
}

fn wrong() -> MailError {
    let why = "not an address of a mail server; examples: smtps://user:password@smtp.example:465, smtp+starttls://smtp.example:587, file:courriels";
    MailError::Configuration { key: "mail.smtp", why: why.to_owned() }
}

fn line(server: &MailServer<'_>) -> Result<Line, MailError> {
    let url = match server.url.strip_prefix("smtp+starttls://") {
        Some(rest) => format!("smtp://{rest}?tls=required"),
        None if server.url.starts_with("smtp://") || server.url.starts_with("smtps://") => {
            server.url.to_owned()
        }
        None => return Err(wrong()),
    };
    let url = Url::parse(&url).map_err(|_| wrong())?;
    let host = match url.host().ok_or_else(wrong)? {
        Host::Ipv6(address) => address.to_string(),
        other => other.to_string(),
    };
    let [plain, start, whole] = PORTS;
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let (protection, port) = match (url.scheme(), tls.as_deref()) {
        ("smtps", _) => (entire(&host, server.authority)?, whole),
        (_, None) => (Protection::None, plain),
        (_, Some("required")) => (Protection::Start(parameters(&host, server.authority)?), start),
        (_, Some("opportunistic")) => (Protection::IfOffered(parameters(&host, server.authority)?), start),
        _ => return Err(wrong()),
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(|text| text.into_owned());
    let credentials = match url.password() {
        Some(password) => {
            let (name, password) = (decoded(url.username()), decoded(password));
            Some(Credentials::new(name.map_err(|_| wrong())?, password.map_err(|_| wrong())?))
        }
        None => None,
    };
    let hello = match url.path().trim_matches('/') {
        "" => ClientId::default(),
        name => ClientId::Domain(name.to_owned()),
    };
    let (patience, verdict) = (server.patience, server.verdict);
    Ok(Line { host, port: url.port().unwrap_or(port), protection, credentials, hello, patience, verdict })
}

fn not_an_authority() -> MailError {
    let why = "not the certificate of an authority: a PEM file that begins with -----BEGIN CERTIFICATE-----";
    MailError::Configuration { key: "mail.ca_file", why: why.to_owned() }
}

fn parameters(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authority {
        // The library takes a text without any certificate for an empty list of them.
        authorities(pem)?;
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(|_| not_an_authority())?);
    }
    for trusted in crate::tls::trusted() {
        builder = builder.add_root_certificate(Certificate::from_der(trusted.to_vec()).map_err(|_| wrong())?);
    }
    builder.build().map_err(|_| if authority.is_some() { not_an_authority() } else { wrong() })
}

fn entire(host: &str, authority: Option<&[u8]>) -> Result<Protection, MailError> {
    let extra = authority.map(authorities).transpose()?.unwrap_or_default();
    let refused = || if authority.is_some() { not_an_authority() } else { wrong() };
    let config = crate::tls::client_config(extra).map_err(|_| refused())?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong())?;
    Ok(Protection::Whole(Arc::new(config), name))
}

fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, MailError> {
    crate::tls::certificates(pem).map_err(|_| not_an_authority())
}

impl SmtpClient {
    pub(super) fn new(server: &MailServer<'_>) -> Result<SmtpClient, MailError> {
        let connections = usize::try_from(server.connections.get()).unwrap_or(1);
        Ok(SmtpClient { pool: Arc::new(Pool::new(line(server)?, connections)), connections })
    }

    /// Hands a message over; what the server answered.
    pub(super) async fn hand_over(&self, mail: &Sealed) -> Result<String, Fault> {
        self.pool.hand_over(mail).await
    }

    /// Whether the server takes our name, our sender and each of these recipients, up to the message, which is not sent.
    pub(super) async fn try_out(
        &self,
        from: Option<Address>,
        mails: &[Sealed],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        self.pool.try_out(from, mails).await
    }

    /// Ends the connections that are not in use.
    pub(super) async fn rest(&self) {
        self.pool.rest().await;
    }
}

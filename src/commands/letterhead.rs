//! What every letter says of who writes it, from the configuration.

use crate::config::{BodySettings, DnAlso, Settings, SignatureSettings};
use crate::mail::{Letterhead, Logo, LogoError};
use label::outgoing::{Beginnings, Platform};

/// Where the platform's pages are.
pub(super) fn platform(settings: &Settings) -> Platform {
    let mut sections = settings.dn.all();
    if sections.is_empty() {
        // Dossiers known by exports have their page too.
        sections.push(DnAlso { endpoint: Some(settings.dn.endpoint.clone()), ..DnAlso::default() });
    }
    let endpoints = sections.into_iter().map(|dn| (dn.demarche, dn.endpoint.unwrap_or_default()));
    let begin = settings.dn.begin.clone();
    let begin =
        Beginnings { application: begin.application, follow_up: begin.follow_up, renewal: begin.renewal };
    Platform { endpoints: endpoints.collect(), begin }
}

/// The logo of a signature; `None` when none is named.
pub(super) fn logo(settings: &Settings, signature: &SignatureSettings) -> Option<Result<Logo, LogoError>> {
    signature.logo.as_deref().map(|path| Logo::read(&settings.beside(path)))
}

/// What every letter says of who writes.
pub(super) fn letterhead(settings: &Settings) -> Letterhead {
    signed(settings, "mail.signature", &settings.mail.signature, "")
}

/// The same of what is about the dossiers of one body of several, which signs with its name unless it says another.
pub(super) fn letterhead_of(settings: &Settings, rank: usize, body: &BodySettings) -> Letterhead {
    signed(settings, &format!("organismes[{rank}].signature"), &body.signature, body.nom.trim())
}

/// A logo that cannot be used is left out, and logged: letters matter more.
fn signed(settings: &Settings, place: &str, signature: &SignatureSettings, name: &str) -> Letterhead {
    let logo = logo(settings, signature)
        .and_then(|read| read.inspect_err(|error| tracing::warn!("{place}.logo is left out: {error}")).ok());
    let signature = signature.clone();
    Letterhead {
        name: signature.name.unwrap_or_else(|| name.to_owned()),
        address: signature.address,
        telephone: signature.telephone,
        logo,
        platform: platform(settings),
    }
}

//! What every letter says of who writes it, from the configuration.

use crate::config::{DnAlso, Settings};
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

/// The logo; `None` when none is named.
pub(super) fn logo(settings: &Settings) -> Option<Result<Logo, LogoError>> {
    settings.mail.signature.logo.as_deref().map(|path| Logo::read(&settings.beside(path)))
}

/// A logo that cannot be used is left out, and logged: letters matter more.
pub(super) fn letterhead(settings: &Settings) -> Letterhead {
    let logo = logo(settings).and_then(|read| {
        read.inspect_err(|error| tracing::warn!("mail.signature.logo is left out: {error}")).ok()
    });
    let signature = settings.mail.signature.clone();
    Letterhead {
        name: signature.name.unwrap_or_default(),
        address: signature.address,
        telephone: signature.telephone,
        logo,
        platform: platform(settings),
    }
}

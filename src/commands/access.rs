//! Who may see the pages, as the settings say.

use axum::http::HeaderName;

use crate::config::{ConfigError, Settings};
use crate::web::access::hosts::Hosts;
use crate::web::access::oidc::ProviderSettings;
use crate::web::access::{Access, Door, SignInDoor};

pub(super) fn access(settings: &Settings) -> anyhow::Result<Access> {
    let web = &settings.web;
    let hosts = Hosts {
        base: web.base().and_then(|base| url::Url::parse(base).ok()),
        others: web.hosts.clone(),
        reachable: !web.listen.ip().is_loopback(),
    };
    let door = if !web.oidc.is_empty() {
        Door::SignIn(Box::new(SignInDoor::new(providers(settings)?, hosts.root())?))
    } else if let Some(proxy) = &web.proxy {
        let name = |key: &str, name: &str| {
            name.parse::<HeaderName>().map_err(|_| ConfigError::new(key, "not the name of a header"))
        };
        let groups = proxy.groups_header.as_deref().map(|header| name("web.proxy.groups_header", header));
        Door::Proxy {
            header: name("web.proxy.header", &proxy.header)?,
            groups: groups.transpose()?,
            trusted: proxy.trusted.clone(),
        }
    } else if web.listen.ip().is_loopback() {
        Door::Open
    } else {
        Door::Closed
    };
    Ok(Access {
        door,
        roles: web.roles.all().and(settings.body_roles(None)),
        public_register: web.public_register,
        public_simulator: web.public_simulator,
        // An address of their own is the only one, then.
        metrics: if web.metrics_listen.is_some() { Vec::new() } else { web.metrics.clone() },
        hosts,
        contact: contact(settings),
        bodies: settings.bodies().into_iter().map(|body| body.name).collect(),
    })
}

/// Every provider with its secret.
pub(super) fn providers(settings: &Settings) -> anyhow::Result<Vec<ProviderSettings>> {
    let base = settings.web.base().unwrap_or_default();
    let providers = settings.web.oidc.iter().enumerate().map(|(rank, oidc)| {
        let secret = settings.oidc_secret(rank, oidc)?;
        let place = settings.web.oidc_place(rank);
        Ok(ProviderSettings { place, ..oidc.settings(secret, base, settings.roles_at(oidc)) })
    });
    providers.collect()
}

/// Whom somebody without a role is told to ask: who reads the answers to our mails, unless the pages say another.
fn contact(settings: &Settings) -> Option<String> {
    let mail = &settings.mail;
    [&settings.web.contact, &mail.reply_to, &mail.from].into_iter().flatten().next().cloned()
}

//! `[web]`: where the pages listen and who may see them.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::error::ConfigError;
use crate::web::access::UserRole;
use crate::web::access::nets::Net;
use crate::web::access::provider::ProviderSettings;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    pub listen: SocketAddr,
    /// The register in its public variant is shown without signing in.
    pub public_register: bool,
    /// Networks that may read the metrics without signing in.
    pub metrics: Vec<Net>,
    pub oidc: Option<OidcSettings>,
    pub proxy: Option<ProxySettings>,
    pub roles: RoleSettings,
}

impl Default for Web {
    fn default() -> Web {
        let own = ["127.0.0.1/32", "::1/128"];
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_register: false,
            metrics: own.iter().filter_map(|net| net.parse().ok()).collect(),
            oidc: None,
            proxy: None,
            roles: RoleSettings::default(),
        }
    }
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<SecretString>,
    pub client_secret_file: Option<PathBuf>,
    /// Our own address, as browsers see it.
    pub base: String,
    pub scopes: Option<Vec<String>>,
    pub groups_claim: Option<String>,
    pub session_minutes: Option<i64>,
}

/// A proxy that names people in a header.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySettings {
    pub header: String,
    pub groups_header: Option<String>,
    pub trusted: Vec<Net>,
}

/// Addresses, and groups written « group:NAME ».
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleSettings {
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    pub lecture: Vec<String>,
}

impl RoleSettings {
    #[must_use]
    pub fn of(&self, role: UserRole) -> &[String] {
        match role {
            UserRole::Organisme => &self.organisme,
            UserRole::Ditp => &self.ditp,
            UserRole::Lecture => &self.lecture,
        }
    }
}

impl OidcSettings {
    /// With the defaults for what is left out.
    #[must_use]
    pub fn provider(&self, client_secret: SecretString) -> ProviderSettings {
        ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret,
            base: self.base.clone(),
            scopes: self.scopes.clone().unwrap_or_else(|| vec!["email".to_owned()]),
            groups_claim: self.groups_claim.clone().unwrap_or_else(|| "groups".to_owned()),
            session_minutes: self.session_minutes.unwrap_or(60),
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        for (key, value) in [("web.oidc.issuer", &self.issuer), ("web.oidc.base", &self.base)] {
            if !is_safe_address(value) {
                let why = "an https:// address is needed; example: https://vigie.organisme.example";
                return Err(ConfigError::new(key, why));
            }
        }
        if self.client_id.trim().is_empty() {
            return Err(ConfigError::new("web.oidc.client_id", "the provider's name for vigie is missing"));
        }
        if !(1..=1440).contains(&self.session_minutes.unwrap_or(60)) {
            return Err(ConfigError::new("web.oidc.session_minutes", "between 1 and 1440 (a day)"));
        }
        Ok(())
    }
}

/// HTTPS, or the machine itself: the cookies of a session are sent over nothing else.
fn is_safe_address(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    let own = match url.host() {
        Some(url::Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    url.scheme() == "https" || (own && url.scheme() == "http")
}

impl Web {
    /// # Errors
    /// When the pages would be open to everybody without the configuration saying so.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if let (Some(_), Some(_)) = (&self.oidc, &self.proxy) {
            return Err(ConfigError::new("web.proxy", "choose one of [web.oidc] and [web.proxy]"));
        }
        let known = self.oidc.is_some() || self.proxy.is_some();
        if !self.listen.ip().is_loopback() && !known && !self.public_register {
            let why = "only a loopback address (127.0.0.1:8080) is accepted without [web.oidc] or [web.proxy]: anybody could read the pages";
            return Err(ConfigError::new("web.listen", why));
        }
        let nobody = UserRole::ALL.iter().all(|role| self.roles.of(*role).is_empty());
        if known && nobody {
            let why = "nobody has a role: nobody would see a page; example: organisme = [\"label@organisme.example\"]";
            return Err(ConfigError::new("web.roles", why));
        }
        if let Some(proxy) = &self.proxy {
            if proxy.trusted.is_empty() {
                let why = "no proxy is believed: name its address; example: trusted = [\"127.0.0.1/32\"]";
                return Err(ConfigError::new("web.proxy.trusted", why));
            }
            if proxy.header.trim().is_empty() {
                return Err(ConfigError::new("web.proxy.header", "no header; example: \"X-Remote-User\""));
            }
        }
        self.oidc.as_ref().map_or(Ok(()), OidcSettings::validate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(text: &str) -> Result<(), String> {
        let web: Web = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        web.validate().map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_opened_by_mistake() {
        let roles = "[roles]\norganisme = [\"a@b.example\"]\n";
        let refused = |text: &str, word: &str| {
            let why = web(text).unwrap_err();
            assert!(why.contains(word), "{why}");
        };
        refused("listen = \"0.0.0.0:8080\"", "web.listen");
        web("listen = \"0.0.0.0:8080\"\npublic_register = true").unwrap();
        let proxy = "listen = \"0.0.0.0:8080\"\n[proxy]\nheader = \"X-Remote-User\"\n";
        refused(&format!("{proxy}trusted = [\"10.0.0.1/32\"]"), "web.roles");
        refused(&format!("{proxy}{roles}"), "web.proxy.trusted");
        refused(&format!("{proxy}trusted = [\"everywhere\"]\n{roles}"), "not a network");
        web(&format!("{proxy}trusted = [\"10.0.0.1/32\"]\n{roles}")).unwrap();
        let oidc = |issuer: &str| {
            format!("[oidc]\nissuer = \"{issuer}\"\nclient_id = \"v\"\nbase = \"https://v.example\"\n{roles}")
        };
        refused(&oidc("http://id.example"), "web.oidc.issuer");
        web(&oidc("https://id.example")).unwrap();
        web(&oidc("http://127.0.0.1:9")).unwrap();
    }
}

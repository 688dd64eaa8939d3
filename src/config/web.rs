//! `[web]`: where the pages listen and who may see them.

use std::net::SocketAddr;

use serde::Deserialize;

use super::error::ConfigError;
use super::oidc::{OidcSettings, is_safe_address, one_or_more};
use super::roles::RoleSettings;
use super::site::SiteSettings;
use crate::retry::api;
use crate::web::access::UserRoles;
use crate::web::access::nets::Net;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    pub listen: SocketAddr,
    /// Our own address, as browsers see it.
    pub base: Option<String>,
    /// Other names under which the pages are asked for.
    pub hosts: Vec<String>,
    /// Another address, for the metrics and the probes alone.
    pub metrics_listen: Option<SocketAddr>,
    /// Whom somebody without a role is told to ask.
    pub contact: Option<String>,
    /// The register in its public variant is shown without signing in.
    pub public_register: bool,
    /// So is the simulator for candidates.
    pub public_simulator: bool,
    /// Requests to the API that one program may send a minute.
    pub api_per_minute: u32,
    /// Networks that may read the metrics without signing in.
    pub metrics: Vec<Net>,
    #[serde(deserialize_with = "one_or_more")]
    pub oidc: Vec<OidcSettings>,
    pub proxy: Option<ProxySettings>,
    pub roles: RoleSettings,
    pub site: SiteSettings,
}

impl Default for Web {
    fn default() -> Web {
        let own = ["127.0.0.1/32", "::1/128"];
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base: None,
            hosts: Vec::new(),
            metrics_listen: None,
            contact: None,
            public_register: false,
            public_simulator: false,
            api_per_minute: api::PER_MINUTE,
            metrics: own.iter().filter_map(|net| net.parse().ok()).collect(),
            oidc: Vec::new(),
            proxy: None,
            roles: RoleSettings::default(),
            site: SiteSettings::default(),
        }
    }
}

/// A proxy that names people in a header.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySettings {
    pub header: String,
    pub groups_header: Option<String>,
    pub trusted: Vec<Net>,
}

impl Web {
    /// Our own address, without a final slash: `web.base`, or the one that a provider's section has.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        let base = self.base.as_ref().or_else(|| self.oidc.iter().find_map(|oidc| oidc.base.as_ref()));
        base.map(|base| base.trim_end_matches('/'))
    }

    /// The name of a provider's section in errors.
    #[must_use]
    pub fn oidc_place(&self, rank: usize) -> String {
        if self.oidc.len() == 1 { "web.oidc".to_owned() } else { format!("web.oidc[{rank}]") }
    }

    /// Who has which role when they come by this provider. The general list is that of the only provider: with several,
    /// one of them could claim the address that another vouches for.
    #[must_use]
    pub fn roles_at(&self, oidc: &OidcSettings) -> UserRoles {
        let own = oidc.roles.all();
        if own.names_nobody() { self.roles.all() } else { own }
    }

    /// `bodies`: the people of the certification bodies that share the pages, by the provider by which they come, or by any
    /// way in.
    ///
    /// # Errors
    /// When the pages would be open to everybody without the configuration saying so.
    pub fn validate(&self, bodies: &dyn Fn(Option<&str>) -> UserRoles) -> Result<(), ConfigError> {
        let signs_in = !self.oidc.is_empty();
        if signs_in && self.proxy.is_some() {
            return Err(ConfigError::new("web.proxy", "choose one of [web.oidc] and [web.proxy]"));
        }
        let known = signs_in || self.proxy.is_some();
        if !self.listen.ip().is_loopback() && !known && !self.public_register && !self.public_simulator {
            let why = "only a loopback address (127.0.0.1:8080) is accepted without [web.oidc] or [web.proxy]: anybody could read the pages";
            return Err(ConfigError::new("web.listen", why));
        }
        if let Some(proxy) = &self.proxy {
            self.somebody(&self.roles.all().and(bodies(None)))?;
            if proxy.trusted.is_empty() {
                let why = "no proxy is believed: name its address; example: trusted = [\"127.0.0.1/32\"]";
                return Err(ConfigError::new("web.proxy.trusted", why));
            }
            if proxy.header.trim().is_empty() {
                return Err(ConfigError::new("web.proxy.header", "no header; example: \"X-Remote-User\""));
            }
        }
        if self.api_per_minute == 0 {
            let why = "no request would be answered: at least 1; example: 600";
            return Err(ConfigError::new("web.api_per_minute", why));
        }
        if self.metrics_listen.is_some_and(|address| address == self.listen) {
            return Err(ConfigError::new(
                "web.metrics_listen",
                "the address of the pages: give it another port",
            ));
        }
        self.validate_base()?;
        self.validate_oidc(bodies)
    }

    fn somebody(&self, roles: &UserRoles) -> Result<(), ConfigError> {
        if roles.names_nobody() {
            let why = "nobody has a role: nobody would see a page; example: organisme = [\"label@organisme.example\"]";
            return Err(ConfigError::new("web.roles", why));
        }
        Ok(())
    }

    fn validate_base(&self) -> Result<(), ConfigError> {
        let own = self.oidc.iter().enumerate().filter_map(|(rank, oidc)| {
            oidc.base.as_ref().map(|base| (format!("{}.base", self.oidc_place(rank)), base))
        });
        let all = self.base.iter().map(|base| ("web.base".to_owned(), base)).chain(own);
        for (key, base) in all {
            if !is_safe_address(base) {
                let why = "an https:// address is needed; example: https://vigie.organisme.example";
                return Err(ConfigError::new(key, why));
            }
            // It is written into every page and compared with what browsers ask for.
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
            let url = url::Url::parse(base).ok();
            let alone = url.is_some_and(|url| {
                url.query().is_none()
                    && url.fragment().is_none()
                    && url.path().chars().all(plain)
                    && !url.path().contains("//")
                    && url.username().is_empty()
            });
            if !alone {
                let why = "a host and a plain path; example: https://portail.organisme.example/vigie";
                return Err(ConfigError::new(key, why));
            }
            if Some(base.trim_end_matches('/')) != self.base() {
                return Err(ConfigError::new(
                    key,
                    "another address than that of web.base: name it once, in web.base",
                ));
            }
        }
        if !self.oidc.is_empty() && self.base().is_none() {
            let why =
                "people are sent back to it after the sign-in; example: https://vigie.organisme.example";
            return Err(ConfigError::new("web.base", why));
        }
        Ok(())
    }

    fn validate_oidc(&self, bodies: &dyn Fn(Option<&str>) -> UserRoles) -> Result<(), ConfigError> {
        let several = self.oidc.len() > 1;
        if several && !self.roles.all().names_nobody() {
            let why = "with several providers each has its own roles, so that none can claim an address that another vouches for: write [web.oidc.roles] after each [[web.oidc]]";
            return Err(ConfigError::new("web.roles", why));
        }
        let mut ids = Vec::new();
        for (rank, oidc) in self.oidc.iter().enumerate() {
            let place = self.oidc_place(rank);
            oidc.validate(&place)?;
            let roles = self.roles_at(oidc).and(bodies(Some(&oidc.id())));
            if several && roles.names_nobody() {
                let why = "nobody has a role at this provider: nobody would come in; example: organisme = [\"label@organisme.example\"]";
                return Err(ConfigError::new(format!("{place}.roles"), why));
            }
            self.somebody(&roles)?;
            if ids.contains(&oidc.id()) {
                let why = "two providers have the same name; example: id = \"organisme\"";
                return Err(ConfigError::new(format!("{place}.id"), why));
            }
            ids.push(oidc.id());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(text: &str) -> Result<(), String> {
        let web: Web = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        web.validate(&|_| UserRoles::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_opened_by_mistake() {
        let roles = "[roles]\norganisme = [\"a@b.example\"]\n";
        let refused = |text: &str, word: &str| {
            let why = web(text).unwrap_err();
            assert!(why.contains(word), "{why}");
        };
        refused("listen = \"0.0.0.0:8080\"", "web.listen");
        refused("api_per_minute = 0", "web.api_per_minute");
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
        refused(&oidc("https://id.example\"\nsignature = \"HS256"), "web.oidc.signature: not one");
        web(&oidc("https://id.example")).unwrap();
        web(&oidc("http://127.0.0.1:9")).unwrap();
    }

    #[test]
    fn several_providers_have_names_and_roles_of_their_own() {
        let section = |issuer: &str, more: &str| {
            format!("[[oidc]]\nissuer = \"{issuer}\"\nclient_id = \"v\"\n{more}\n")
        };
        let roles = "[oidc.roles]\norganisme = [\"a@b.example\"]";
        let whole = |all: &[String]| web(&format!("base = \"https://v.example\"\n{}", all.concat()));
        let refused = |all: &[String], word: &str| {
            let why = whole(all).unwrap_err();
            assert!(why.contains(word), "{why}");
        };
        let one = section("https://id.example/a", roles);
        whole(&[one.clone(), section("https://other.example", roles)]).unwrap();
        whole(&[one.clone(), section("https://id.example/b", &format!("id = \"b\"\n{roles}"))]).unwrap();
        refused(&[one.clone(), section("https://id.example/b", roles)], "web.oidc[1].id: two providers");
        refused(&[one.clone(), section("https://other.example", "")], "web.oidc[1].roles: nobody");
        let general = "[roles]\norganisme = [\"a@b.example\"]\n".to_owned();
        refused(&[one.clone(), section("https://other.example", roles), general], "web.roles: with several");
        refused(&[section("https://id.example", &format!("provider = \"okta\"\n{roles}"))], "proconnect");
        let common = section("https://login.microsoftonline.com/common/v2.0", roles);
        refused(&[common], "web.oidc.issuer: name your own tenant");
        let groups = format!("scopes = [\"groups\"]\n{roles}");
        refused(&[section("https://accounts.google.com", &groups)], "web.oidc.scopes: Google has no scope");
        refused(
            &[section("https://id.example", &format!("base = \"https://w.example\"\n{roles}"))],
            "name it once",
        );
        assert!(web(&one).unwrap_err().contains("web.base"));
    }
}

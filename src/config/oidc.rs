//! `[web.oidc]`, or `[[web.oidc]]` several times: where people sign in.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::ConfigError;
use super::roles::RoleSettings;
use crate::web::access::UserRoles;
use crate::web::access::oidc::{Profile, ProviderSettings, SIGNATURES};

/// An OpenID Connect provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    /// What addresses and `vigie sessions` name it by; the host of its issuer by default.
    pub id: Option<String>,
    /// What people read.
    pub name: Option<String>,
    /// The kind of provider, whose ways are then known.
    pub provider: Option<Profile>,
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<SecretString>,
    pub client_secret_file: Option<PathBuf>,
    /// Our own address, as browsers see it, where `web.base` does not say it.
    pub base: Option<String>,
    pub scopes: Option<Vec<String>>,
    pub groups_claim: Option<String>,
    pub session_minutes: Option<i64>,
    pub acr: Vec<String>,
    /// « CLAIM=VALUE »; several values of one claim are alternatives.
    pub require: Vec<String>,
    pub verified_email: Option<bool>,
    pub signature: Option<String>,
    pub signed_userinfo: bool,
    pub pkce: Option<bool>,
    /// Who has which role when they come from here.
    pub roles: RoleSettings,
}

/// HTTPS, or the machine itself: the cookies of a session are sent over nothing else.
pub(super) fn is_safe_address(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    let own = match url.host() {
        Some(url::Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    url.scheme() == "https" || (own && url.scheme() == "http")
}

const KEYS: &str = "a section [web.oidc], to be set key by key: issuer, client_id, client_secret_file; or several [[web.oidc]]";

/// One table, or a list of tables.
pub(super) fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<OidcSettings>, D::Error> {
    struct OneOrMore;
    impl<'de> Visitor<'de> for OneOrMore {
        type Value = Vec<OidcSettings>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(KEYS)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            OidcSettings::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
    }
    deserializer.deserialize_any(OneOrMore)
}

impl OidcSettings {
    fn host(&self) -> String {
        let host = url::Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    /// As the configuration says, or as its well-known address shows: both have addresses that nobody verified, or no
    /// groups, whoever calls them a standard provider.
    fn profile(&self) -> Profile {
        self.provider.unwrap_or_else(|| match self.host().as_str() {
            "accounts.google.com" => Profile::Google,
            "login.microsoftonline.com" => Profile::Entra,
            _ => Profile::Standard,
        })
    }

    #[must_use]
    pub fn id(&self) -> String {
        match (&self.id, self.profile()) {
            (Some(id), _) => id.clone(),
            (None, Profile::ProConnect) => "proconnect".to_owned(),
            (None, _) => self.host(),
        }
    }

    #[must_use]
    pub fn name(&self) -> String {
        match (&self.name, self.profile()) {
            (Some(name), _) => name.clone(),
            (None, Profile::ProConnect) => "ProConnect".to_owned(),
            (None, Profile::Google) => "Google".to_owned(),
            (None, Profile::Entra) => "Microsoft".to_owned(),
            (None, _) => self.host(),
        }
    }

    /// With the defaults for what is left out.
    #[must_use]
    pub fn settings(&self, client_secret: SecretString, base: &str, roles: UserRoles) -> ProviderSettings {
        let profile = self.profile();
        let scopes: &[&str] = match profile {
            Profile::ProConnect => {
                &["email", "given_name", "usual_name", "siret", "idp_id", "roles", "organization_label"]
            }
            Profile::Authelia => &["email", "groups"],
            Profile::Standard | Profile::Keycloak | Profile::Entra | Profile::Google => &["email"],
        };
        let groups = match profile {
            Profile::ProConnect | Profile::Entra => "roles",
            _ => "groups",
        };
        let verified = match profile {
            Profile::Keycloak | Profile::Google | Profile::Authelia => Some(true),
            // ProConnect has no such claim: the person's own administration vouches for the address.
            Profile::ProConnect | Profile::Standard | Profile::Entra => None,
        };
        let scopes = || scopes.iter().map(|scope| (*scope).to_owned()).collect();
        ProviderSettings {
            place: "web.oidc".to_owned(),
            id: self.id(),
            name: self.name(),
            profile,
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret,
            base: base.to_owned(),
            scopes: self.scopes.clone().unwrap_or_else(scopes),
            groups_claim: self.groups_claim.clone().unwrap_or_else(|| groups.to_owned()),
            session_minutes: self.session_minutes.unwrap_or(60),
            acr: self.acr.clone(),
            require: self.required(),
            verified_email: self.verified_email.or(verified),
            signature: self.signature.clone(),
            signed_user_info: self.signed_userinfo,
            pkce: self.pkce.unwrap_or(true),
            roles,
        }
    }

    fn required(&self) -> BTreeMap<String, Vec<String>> {
        let mut required: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (claim, value) in self.require.iter().filter_map(|text| text.split_once('=')) {
            required.entry(claim.trim().to_owned()).or_default().push(value.trim().to_owned());
        }
        required
    }

    /// `place` names the section: `web.oidc`, or `web.oidc[1]`.
    pub(super) fn validate(&self, place: &str) -> Result<(), ConfigError> {
        let wrong = |key: &str, why: &str| Err(ConfigError::new(format!("{place}.{key}"), why));
        if !is_safe_address(&self.issuer) {
            return wrong(
                "issuer",
                "an https:// address is needed; example: https://connexion.organisme.example",
            );
        }
        let shared =
            ["/common", "/organizations", "/consumers"].iter().any(|part| self.issuer.contains(part));
        if self.profile() == Profile::Entra && shared {
            return wrong("issuer", "name your own tenant: https://login.microsoftonline.com/TENANT-ID/v2.0");
        }
        if self.client_id.trim().is_empty() {
            return wrong("client_id", "the provider's name for vigie is missing");
        }
        let id = self.id();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        if id.is_empty() || id.len() > 60 || !id.chars().all(plain) {
            return wrong("id", "small letters, digits, « - » and « . »; example: id = \"organisme\"");
        }
        if !(1..=1440).contains(&self.session_minutes.unwrap_or(60)) {
            return wrong("session_minutes", "between 1 and 1440 (a day)");
        }
        if self.profile() == Profile::Google && self.scopes.iter().flatten().any(|scope| scope == "groups") {
            return wrong(
                "scopes",
                "Google has no scope « groups », and refuses every sign-in that asks for it",
            );
        }
        if self.signature.as_deref().is_some_and(|name| !SIGNATURES.contains(&name)) {
            let known = SIGNATURES.join(", ");
            return wrong("signature", &format!("not one that proves something; one of {known}"));
        }
        let whole = |text: &String| {
            text.split_once('=')
                .is_some_and(|(name, value)| !name.trim().is_empty() && !value.trim().is_empty())
        };
        if !self.require.iter().all(whole) {
            return wrong("require", "a claim and its value; example: require = [\"hd=organisme.example\"]");
        }
        Ok(())
    }
}

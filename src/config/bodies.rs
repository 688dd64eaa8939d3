//! `[[organismes]]`: the certification bodies that share one installation.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};

use label::case::Body;
use label::folding::folded;
use label::guide::calendar::Zone;

use super::error::ConfigError;
use super::letterhead::SignatureSettings;
use super::oidc::OidcSettings;
use super::roles::BodyRoles;
use super::sections::{Settings, WebhookSettings};
use crate::web::access::{Seat, UserRole, UserRoles};

/// One certification body of several.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodySettings {
    /// As the form has it.
    pub nom: String,
    /// The number of its group of instructeurs on the platform.
    pub groupe: Option<i64>,
    pub addresses: Vec<String>,
    /// Where the answers to mails about its dossiers go; its first address by default.
    pub reply_to: Option<String>,
    pub signature: SignatureSettings,
    /// The `id` of the `[[web.oidc]]` by which its people come, where there are several.
    pub provider: Option<String>,
    pub roles: BodyRoles,
    /// Whose public holidays count for a dossier that states neither zone nor département.
    #[serde(deserialize_with = "zone")]
    pub zone: Option<Zone>,
    /// Receivers of the notices about its dossiers alone.
    pub webhooks: Vec<WebhookSettings>,
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Zone>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Zone::from_key(text.trim()).map(Some).ok_or_else(|| {
        let zones: Vec<&str> = Zone::ALL.iter().map(|(_, key)| *key).collect();
        serde::de::Error::custom(format!("expected one of {}", zones.join(", ")))
    })
}

impl Settings {
    /// The bodies as the rules know them.
    #[must_use]
    pub fn bodies(&self) -> Vec<Body> {
        let body = |one: &BodySettings| Body { name: name(one), group: one.groupe, zone: one.zone };
        self.organismes.iter().map(body).collect()
    }

    /// What each body's people may see: those who come by this provider, or by the only way in where none is named.
    #[must_use]
    pub fn body_roles(&self, provider: Option<&str>) -> UserRoles {
        let mine = |body: &&BodySettings| {
            provider.is_none_or(|id| body.provider.as_deref().is_none_or(|own| own == id))
        };
        let seats = self.organismes.iter().filter(mine).flat_map(|body| {
            let seat = |role| Seat { body: Some(name(body)), role };
            [
                (seat(UserRole::Organisme), body.roles.organisme.clone()),
                (seat(UserRole::Lecture), body.roles.lecture.clone()),
            ]
        });
        UserRoles(seats.collect())
    }

    /// Who has which role when they come by this provider.
    #[must_use]
    pub fn roles_at(&self, oidc: &OidcSettings) -> UserRoles {
        self.web.roles_at(oidc).and(self.body_roles(Some(&oidc.id())))
    }

    pub(super) fn validate_bodies(&self) -> Result<(), ConfigError> {
        if self.organismes.is_empty() {
            return Ok(());
        }
        let wrong = |key: String, why: &str| Err(ConfigError::new(key, why));
        if !self.recipients.organisme.is_empty() {
            let why = "each of [[organismes]] names its own addresses: leave this list out";
            return wrong("recipients.organisme".to_owned(), why);
        }
        if self.act.mail && self.recipients.ditp.is_empty() {
            let why = "DITP reads what is about a dossier of no known body; example: ditp = [\"label@ditp.example\"]";
            return wrong("recipients.ditp".to_owned(), why);
        }
        let general = self.web.oidc.iter().map(|oidc| &oidc.roles).chain([&self.web.roles]);
        if general.clone().any(|roles| !roles.organisme.is_empty()) {
            let why =
                "each of [[organismes]] names its own people, in [organismes.roles]: leave this list out";
            return wrong("web.roles.organisme".to_owned(), why);
        }
        let (mut names, mut groups, mut people) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (rank, body) in self.organismes.iter().enumerate() {
            let place = |key: &str| format!("organismes[{rank}].{key}");
            if folded(&body.nom).is_empty() || body.nom.contains('/') {
                return wrong(
                    place("nom"),
                    "a name as the form has it, without « / »; example: nom = \"Certif Nord\"",
                );
            }
            if !names.insert(folded(&body.nom)) {
                return wrong(place("nom"), "another body has this name");
            }
            if body.groupe.is_some_and(|groupe| groupe < 1) {
                return wrong(
                    place("groupe"),
                    "the number of the group of instructeurs, as the platform shows it",
                );
            }
            if body.groupe.is_some_and(|groupe| !groups.insert(groupe)) {
                return wrong(place("groupe"), "another body has this group");
            }
            if body.addresses.is_empty() {
                return wrong(
                    place("addresses"),
                    "nobody reads its mails; example: addresses = [\"label@certif.example\"]",
                );
            }
            for entry in body.roles.organisme.iter().chain(&body.roles.lecture) {
                let entry = (body.provider.clone(), entry.trim().to_lowercase());
                if !people.insert((entry.clone(), rank)) {
                    continue;
                }
                if (0..rank).any(|other| people.contains(&(entry.clone(), other))) {
                    let why =
                        "somebody of another body too: neither's dossiers may be shown with the other's";
                    return wrong(place("roles"), why);
                }
            }
            let named = !body.roles.organisme.is_empty() || !body.roles.lecture.is_empty();
            let known = |id: &String| self.web.oidc.iter().any(|oidc| oidc.id() == *id);
            match &body.provider {
                Some(id) if !known(id) => {
                    return wrong(place("provider"), "no [[web.oidc]] has this id");
                }
                None if named && self.web.oidc.len() > 1 => {
                    let why = "with several providers, name the one by which its people come, so that no other can claim their addresses; example: provider = \"proconnect\"";
                    return wrong(place("provider"), why);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn name(body: &BodySettings) -> String {
    body.nom.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DITP: &str = "[act]\nmail = false\n[recipients]\nditp = [\"label@ditp.example\"]\n";

    fn read(bodies: &str) -> Result<Settings, String> {
        let settings: Settings =
            toml::from_str(&format!("{DITP}{bodies}")).map_err(|error| error.to_string())?;
        settings.validate_bodies().map_err(|error| error.to_string())?;
        Ok(settings)
    }

    fn body(nom: &str, more: &str) -> String {
        format!("[[organismes]]\nnom = \"{nom}\"\naddresses = [\"label@certif.example\"]\n{more}\n")
    }

    #[test]
    fn bodies_are_told_apart() {
        let roles = |entry: &str| format!("roles = {{ organisme = [\"{entry}\"] }}");
        let refused = |bodies: &str, word: &str| {
            let why = read(bodies).unwrap_err();
            assert!(why.contains(word), "{why}");
        };
        let two = format!(
            "{}{}",
            body("Certif Nord", "groupe = 12"),
            body("Certif Sud", "groupe = 13\nzone = \"mayotte\"")
        );
        let settings = read(&two).unwrap();
        let read_as: Vec<_> =
            settings.bodies().into_iter().map(|one| (one.name, one.group, one.zone)).collect();
        assert_eq!(read_as[1], ("Certif Sud".to_owned(), Some(13), Some(Zone::Mayotte)));
        refused(
            &format!("{}{}", body("Certif Nord", ""), body("CERTIF-NORD", "")),
            "organismes[1].nom: another",
        );
        refused(&body("…", ""), "organismes[0].nom");
        refused(&body("Nord/Sud", ""), "organismes[0].nom");
        refused(
            &format!("{}{}", body("A", "groupe = 12"), body("B", "groupe = 12")),
            "organismes[1].groupe: another",
        );
        refused(&body("A", "groupe = 0"), "organismes[0].groupe");
        refused(&body("A", "zone = \"ailleurs\""), "mayotte");
        refused("[[organismes]]\nnom = \"A\"", "organismes[0].addresses");
        let shared = format!("{}{}", body("A", &roles("x@a.example")), body("B", &roles("X@a.example")));
        refused(&shared, "organismes[1].roles: somebody of another body");
        refused(&body("A", "provider = \"ailleurs\""), "organismes[0].provider: no [[web.oidc]]");
        let mine = format!("[web.roles]\norganisme = [\"x@a.example\"]\n{}", body("A", ""));
        refused(&mine, "web.roles.organisme");
    }

    #[test]
    fn what_belongs_to_no_body_needs_a_reader() {
        let text = "[act]\nmail = true\n".to_owned() + &body("A", "");
        let settings: Settings = toml::from_str(&text).unwrap();
        assert!(settings.validate_bodies().unwrap_err().to_string().contains("recipients.ditp"));
    }
}

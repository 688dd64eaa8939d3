//! What must be there, and agree, before the daemon starts.

use super::error::ConfigError;
use super::sections::Settings;

impl Settings {
    /// What must be there for the daemon to start; addresses and expressions are checked where they are used.
    ///
    /// # Errors
    /// The first key that is missing or contradicts another.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.validate_dn()?;
        if self.act.mail && self.mail.smtp.is_none() {
            let why = "no way to send: set mail.smtp = \"smtps://user:password@smtp.example:465\" (or \"file:FOLDER\"), or act.mail = false";
            return Err(ConfigError::new("mail.smtp", why));
        }
        if self.act.mail && self.mail.from.is_none() {
            let why = "no sender: set mail.from = \"Label SP+ <label@organisme.example>\"";
            return Err(ConfigError::new("mail.from", why));
        }
        if self.evidence.keep && !self.documents.inspect {
            let why =
                "copies are made of what is read: set documents.inspect = true, or evidence.keep = false";
            return Err(ConfigError::new("evidence.keep", why));
        }
        self.validate_bodies()?;
        self.web.validate(&|provider| self.body_roles(provider))
    }

    fn validate_dn(&self) -> Result<(), ConfigError> {
        let mut seen = Vec::new();
        if self.dn.all().is_empty() && self.exports.folder.is_none() {
            let why = "nothing to read: set dn.demarche = 12345 (the whole démarche) or dn.groupe = 678; without a token, exports.folder = \"exports\"";
            return Err(ConfigError::new("dn.demarche", why));
        }
        for (rank, section) in self.dn.all().iter().enumerate() {
            let place = |key: &str| match rank {
                0 => format!("dn.{key}"),
                _ => format!("dn.also[{}].{key}", rank - 1),
            };
            if section.demarche.is_none() && section.groupe.is_none() {
                let why = "nothing to read: set dn.demarche = 12345 (the whole démarche) or dn.groupe = 678";
                return Err(ConfigError::new(place("demarche"), why));
            }
            let scope = (section.groupe, section.demarche.filter(|_| section.groupe.is_none()));
            if seen.contains(&scope) {
                return Err(ConfigError::new(place("demarche"), "already read by an earlier section"));
            }
            seen.push(scope);
            let endpoint = section.endpoint.as_deref().unwrap_or_default();
            if !endpoint.starts_with("https://") && !endpoint.starts_with("http://") {
                let why = "not an address; example: https://demarche.numerique.gouv.fr/api/v2/graphql";
                return Err(ConfigError::new(place("endpoint"), why));
            }
            if self.act.messages && section.instructeur.is_none() {
                let why = "nobody to write as: set instructeur = \"robot@organisme.example\", or act.messages = false";
                return Err(ConfigError::new(place("instructeur"), why));
            }
            if self.act.annotations && section.instructeur.is_none() {
                let why = "nobody to write as: set instructeur = \"robot@organisme.example\", or act.annotations = false";
                return Err(ConfigError::new(place("instructeur"), why));
            }
        }
        for (key, address) in self.dn.begin.all() {
            if address.is_some_and(|address| !address.starts_with("https://")) {
                let why = "not an https address; example: https://demarche.numerique.gouv.fr/commencer/label";
                return Err(ConfigError::new(key, why));
            }
        }
        if !(1..=390).contains(&self.dn.requests_per_minute) {
            let why = "between 1 and 390: the platform refuses the 401st request of a minute";
            return Err(ConfigError::new("dn.requests_per_minute", why));
        }
        Ok(())
    }
}

//! Secrets, each from its key or from a file beside the configuration.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::error::ConfigError;
use super::reading;
use super::sections::{DnAlso, OidcSettings, Settings, WebhookSettings};
use crate::dn::token;

/// What to add about a file that systemd fills from another one when the service starts.
fn copied(path: &Path) -> &'static str {
    if path.starts_with("/run/credentials") {
        ": it is systemd's copy of the file that LoadCredential names in the unit (/etc/vigie/jeton); write that one, then restart"
    } else {
        ""
    }
}

impl Settings {
    /// The token of a section, from its key or from its file; with the file's path, so that it can be read again.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read or holds something else.
    pub fn token(&self, section: &DnAlso) -> Result<(SecretString, Option<PathBuf>), ConfigError> {
        // Some schedulers pass an empty variable for an absent one.
        if let Some(token) = section.token.as_ref().filter(|token| !token.expose_secret().trim().is_empty()) {
            let token = token::read(token.expose_secret());
            let token = token.map_err(|why| ConfigError::new(section.keys.of("token"), why.to_string()))?;
            return Ok((SecretString::from(token), None));
        }
        let Some(path) = &section.token_file else {
            let why = "no token: set dn.token_file to a file that holds it, or the variable VIGIE_DN__TOKEN";
            return Err(ConfigError::new(section.keys.of("token"), section.keys.named_in(why)));
        };
        let path = self.beside(path);
        let key = section.keys.of("token_file");
        let text = reading::text(&path, &key)?;
        match token::read(&text) {
            Ok(token) => Ok((SecretString::from(token), Some(path))),
            Err(why) => {
                let why = format!("{} {why}{}", path.display(), copied(&path));
                Err(ConfigError::new(key, why))
            }
        }
    }

    /// The private authority of `network.ca_file`, as PEM; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn authority(&self) -> Result<Option<Vec<u8>>, ConfigError> {
        let Some(path) = &self.network.ca_file else { return Ok(None) };
        let path = self.beside(path);
        reading::bytes(&path, "network.ca_file").map(Some)
    }

    /// The secret of a receiver, from its key or from its file.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read.
    pub fn webhook_secret(&self, section: &WebhookSettings) -> Result<SecretString, String> {
        match (&section.secret, &section.secret_file) {
            (Some(secret), _) => Ok(secret.clone()),
            (None, Some(path)) => {
                let path = self.beside(path);
                let text = reading::text(&path, "secret_file");
                text.map(SecretString::from).map_err(|error| error.why)
            }
            (None, None) => Err("no secret: name a file that holds it (whsec_…)".to_owned()),
        }
    }

    /// The secret key of the bucket, from its key or from its file.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read.
    pub fn bucket_secret(&self) -> Result<SecretString, ConfigError> {
        match (&self.evidence.secret_key, &self.evidence.secret_key_file) {
            (Some(secret), _) if !secret.expose_secret().trim().is_empty() => Ok(secret.clone()),
            (_, Some(path)) => {
                let path = self.beside(path);
                reading::text(&path, "evidence.secret_key_file").map(SecretString::from)
            }
            _ => {
                let why = "a bucket needs a secret key: name a file that holds it";
                Err(ConfigError::new("evidence.secret_key_file", why))
            }
        }
    }

    /// The client's secret, from its key or from its file.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read or is empty.
    pub fn oidc_secret(&self, rank: usize, oidc: &OidcSettings) -> Result<SecretString, ConfigError> {
        if let Some(secret) =
            oidc.client_secret.as_ref().filter(|secret| !secret.expose_secret().trim().is_empty())
        {
            return Ok(secret.clone());
        }
        let key = &format!("{}.client_secret_file", self.web.oidc_place(rank));
        let Some(path) = &oidc.client_secret_file else {
            return Err(ConfigError::new(key, "no secret: name a file that holds it"));
        };
        let path = self.beside(path);
        let text = reading::text(&path, key)?;
        match text.trim() {
            "" => Err(ConfigError::new(key, format!("{} is empty", path.display()))),
            secret => Ok(SecretString::from(secret.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The copy cannot be written: the file that it is taken from is named.
    #[test]
    fn a_copy_of_systemd_says_which_file_to_write() {
        assert!(copied(Path::new("/run/credentials/vigie.service/jeton")).contains("/etc/vigie/jeton"));
        assert_eq!(copied(Path::new("/etc/vigie/jeton")), "");
    }
}

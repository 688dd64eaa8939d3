//! Typed settings. An error names the key, the reason, and an example; it never quotes a line of the file, which may
//! hold a secret.

mod sections;
mod window;

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use crate::dn::form::FormMap;
use crate::documents::tables::layout::Layouts;
use label::Choices;
pub use sections::*;

/// One line for the operator: where, why, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {place}: {why}")]
pub struct ConfigError {
    pub place: String,
    pub why: String,
}

impl ConfigError {
    #[must_use]
    pub fn new(place: impl Into<String>, why: impl Into<String>) -> ConfigError {
        ConfigError { place: place.into(), why: why.into() }
    }
}

/// Reads the file, then the environment over it. A file that is only a default may be absent.
///
/// # Errors
/// [`ConfigError`] naming the file and line, or the key or variable.
pub fn load(
    path: &Path,
    required: bool,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(_) if !required && !path.exists() => String::new(),
        Err(error) => {
            return Err(ConfigError::new(path.display().to_string(), format!("cannot be read ({error})")));
        }
    };
    let mut table: toml::Table = parse(&text, &path.display().to_string())?;
    let mut variables = Vec::new();
    for (name, value) in environment {
        let Some((section, key)) = name.strip_prefix("VIGIE_").and_then(|rest| rest.split_once("__")) else {
            continue;
        };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let value = variable(&section, &key, value);
        let entry = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let Some(entry) = entry.as_table_mut() {
            entry.insert(key.clone(), value);
        }
        variables.push((format!("{section}.{key}"), name));
    }
    let mut settings: Settings =
        serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
            let key = error.path().to_string();
            let place =
                variables.iter().find(|(name, _)| *name == key).map_or(key, |(_, variable)| variable.clone());
            let place = if place == "." { path.display().to_string() } else { place };
            ConfigError::new(place, plain(&error.inner().to_string()))
        })?;
    settings.folder = path.parent().filter(|_| path.exists()).map(Path::to_owned).unwrap_or_default();
    Ok(settings)
}

/// An environment variable as the type its key wants; a list is separated by commas.
fn variable(section: &str, key: &str, text: String) -> toml::Value {
    match (section, key) {
        ("dn", "demarche" | "groupe" | "requests_per_minute") | ("documents", "max_bytes") => {
            text.trim().parse().map_or(toml::Value::String(text), toml::Value::Integer)
        }
        ("act", "annotations" | "mail" | "messages")
        | ("documents", "inspect")
        | ("evidence", "keep")
        | ("web", "public_register") => {
            text.trim().parse().map_or(toml::Value::String(text), toml::Value::Boolean)
        }
        ("recipients", _) | ("dn", "file_hosts") | ("web", "metrics") => {
            let list = text.split(',').map(|address| toml::Value::String(address.trim().to_owned()));
            toml::Value::Array(list.collect())
        }
        _ => toml::Value::String(text),
    }
}

/// Parses TOML; an error gives the line and not its content.
fn parse<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or("").lines().count().max(1));
        let place = line.map_or_else(|| file.to_owned(), |line| format!("{file}, line {line}"));
        ConfigError::new(place, plain(error.message()))
    })
}

/// The first line, without the quoted source that some errors append.
fn plain(text: &str) -> String {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("cannot be understood").trim().to_owned()
}

impl Settings {
    /// A path of the configuration, relative to its file.
    #[must_use]
    pub fn beside(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_owned() } else { self.folder.join(path) }
    }

    /// The token of a section, from its key or from its file; the file's path goes along, to be read again.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read or is empty.
    pub fn token(&self, section: &DnAlso) -> Result<(SecretString, Option<PathBuf>), ConfigError> {
        // An empty variable is how some schedulers say « absent ».
        if let Some(token) = section.token.as_ref().filter(|token| !token.expose_secret().trim().is_empty()) {
            return Ok((token.clone(), None));
        }
        let Some(path) = &section.token_file else {
            let why = "no token: set dn.token_file to a file that holds it, or the variable VIGIE_DN__TOKEN";
            return Err(ConfigError::new("dn.token", why));
        };
        let path = self.beside(path);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            ConfigError::new("dn.token_file", format!("{} cannot be read ({error})", path.display()))
        })?;
        match text.trim() {
            "" => Err(ConfigError::new("dn.token_file", format!("{} is empty", path.display()))),
            token => Ok((SecretString::from(token.to_owned()), Some(path))),
        }
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
                let text = std::fs::read_to_string(&path);
                text.map(SecretString::from)
                    .map_err(|error| format!("{} cannot be read ({error})", path.display()))
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
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    let why = format!("{} cannot be read ({error})", path.display());
                    ConfigError::new("evidence.secret_key_file", why)
                });
                text.map(SecretString::from)
            }
            _ => {
                let why = "a bucket needs a secret key: name a file that holds it";
                Err(ConfigError::new("evidence.secret_key_file", why))
            }
        }
    }

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
        self.web.validate()
    }

    fn validate_dn(&self) -> Result<(), ConfigError> {
        let mut seen = Vec::new();
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
        if !(1..=390).contains(&self.dn.requests_per_minute) {
            let why = "between 1 and 390: the platform refuses the 401st request of a minute";
            return Err(ConfigError::new("dn.requests_per_minute", why));
        }
        Ok(())
    }

    /// The map of a section's form.
    ///
    /// # Errors
    /// When `form.toml` cannot be read or understood.
    pub fn form_map(&self, section: &DnAlso) -> Result<FormMap, ConfigError> {
        match &section.form {
            Some(path) => self.beside_file(path, "dn.also.form"),
            None => self.beside_file(&self.form.path, "form.path"),
        }
    }

    /// # Errors
    /// When `choices.toml` cannot be understood; absent, the defaults are taken.
    pub fn choices(&self) -> Result<Choices, ConfigError> {
        if !self.beside(&self.guide.choices).exists() {
            return Ok(Choices::default());
        }
        self.beside_file(&self.guide.choices, "guide.choices")
    }

    /// # Errors
    /// When `tables.toml` cannot be understood or used; absent, the shipped layouts are taken.
    pub fn tables(&self) -> Result<Layouts, ConfigError> {
        let path = &self.documents.tables;
        // The usual name may be absent; another one was meant.
        if *path == DocumentSettings::default().tables && !self.beside(path).exists() {
            return Ok(Layouts::default());
        }
        let layouts: Layouts = self.beside_file(path, "documents.tables")?;
        layouts.check().map_err(|why| ConfigError::new(self.beside(path).display().to_string(), why))?;
        Ok(layouts)
    }

    fn beside_file<T: DeserializeOwned>(&self, path: &Path, key: &str) -> Result<T, ConfigError> {
        let path = self.beside(path);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::new(key, format!("{} cannot be read ({error})", path.display())))?;
        parse(&text, &path.display().to_string())
    }

    /// A `sqlite:` or `file:` address with its path made relative to the configuration file.
    #[must_use]
    pub fn resolve_url(&self, url: &str, scheme: &str) -> String {
        match url.strip_prefix(scheme) {
            Some(path)
                if !path.starts_with(':') && !path.starts_with("//") && Path::new(path).is_relative() =>
            {
                format!("{scheme}{}", self.folder.join(path).display())
            }
            _ => url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vigie.toml");
        std::fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(&path, true, variables)
    }

    #[test]
    fn the_shipped_file_is_true() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/vigie.toml");
        let settings = load(&path, true, std::iter::empty()).unwrap();
        settings.validate().unwrap();
        assert!(settings.form_map(&settings.dn.all()[0]).unwrap().champs.len() > 30);
        assert_eq!(settings.choices().unwrap(), Choices::default());
        assert!(settings.beside(&settings.documents.tables).exists());
        assert_eq!(settings.tables().unwrap(), Layouts::default());
        let (shipped, default) = (settings.schedule, Schedule::default());
        assert_eq!((shipped.poll, shipped.morning), (default.poll, default.morning));
    }

    #[test]
    fn a_layout_that_was_named_must_be_there_and_be_usable() {
        assert_eq!(read("", &[]).unwrap().tables().unwrap(), Layouts::default());
        let named = read("", &[("VIGIE_DOCUMENTS__TABLES", "autre.toml")]).unwrap();
        assert!(named.tables().unwrap_err().to_string().contains("documents.tables"));
        let folder = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/tables.toml");
        let text = std::fs::read_to_string(shipped).unwrap();
        std::fs::write(
            folder.path().join("tables.toml"),
            text.replacen("engagement = 1,", "engagement = 12,", 1),
        )
        .unwrap();
        let settings = Settings { folder: folder.path().to_owned(), ..Settings::default() };
        let said = settings.tables().unwrap_err().to_string();
        assert!(said.contains("tables.toml: enquete-usagers.questions"), "{said}");
    }

    #[test]
    fn the_environment_wins_and_is_typed() {
        let settings = read(
            "[dn]\ndemarche = 1",
            &[
                ("VIGIE_DN__TOKEN", "123"),
                ("VIGIE_DN__DEMARCHE", "77"),
                ("VIGIE_RECIPIENTS__DITP", "a@b.example, c@d.example"),
            ],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.dn.demarche, Some(77));
        assert_eq!(settings.token(&settings.dn.all()[0]).unwrap().0.expose_secret(), "123");
        assert_eq!(settings.recipients.ditp.len(), 2);
    }

    #[test]
    fn an_error_names_its_place_and_shows_no_secret() {
        let said = |text: &str, variables: &[(&str, &str)]| read(text, variables).unwrap_err().to_string();
        assert!(said("[dn]\ndemrche = 1", &[]).contains("demrche"));
        assert!(said("[act]\nmail = \"oui\"", &[]).contains("act.mail"));
        assert!(said("[dn]\ntoken_expires = \"demain\"", &[]).contains("dn.token_expires"));
        assert!(said("[guide]\nextra_holidays = [\"jamais\"]", &[]).contains("guide.extra_holidays"));
        let feast = read("[guide]\nextra_holidays = [2027-03-10, \"2027-05-17\"]", &[]).unwrap();
        assert_eq!(feast.guide.extra_holidays.len(), 2);
        assert!(said("", &[("VIGIE_DN__DEMARCHE", "abc")]).contains("VIGIE_DN__DEMARCHE"));
        let syntax = said("[dn]\ntoken = \"secret-abc\ndemarche = 1", &[]);
        assert!(syntax.contains("line 2") && !syntax.contains("secret-abc"), "{syntax}");
    }
}

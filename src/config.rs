//! Typed settings. An error names the key, the reason, and an example; it never quotes a line of the file, which may
//! hold a secret.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::dn::form::FormMap;
use crate::review::Choices;

/// `vigie.toml`, section by section (`interface.md` §2).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub dn: DnSettings,
    pub store: StoreSettings,
    pub mail: MailSettings,
    pub recipients: Recipients,
    pub act: Act,
    pub schedule: Schedule,
    pub web: Web,
    pub form: FormSettings,
    pub guide: GuideSettings,
    /// Where relative paths start from.
    #[serde(skip)]
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DnSettings {
    pub endpoint: String,
    pub token_file: Option<PathBuf>,
    pub token: Option<SecretString>,
    #[serde(deserialize_with = "date")]
    pub token_expires: Option<Date>,
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
    pub instructeur: Option<String>,
}

impl Default for DnSettings {
    fn default() -> DnSettings {
        DnSettings {
            endpoint: "https://demarche.numerique.gouv.fr/api/v2/graphql".to_owned(),
            token_file: None,
            token: None,
            token_expires: None,
            demarche: None,
            groupe: None,
            instructeur: None,
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    pub url: String,
}

/// A PostgreSQL address may hold a password.
impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.split(':').next().unwrap_or_default())
    }
}

impl Default for StoreSettings {
    fn default() -> StoreSettings {
        StoreSettings { url: "sqlite:vigie.db".to_owned() }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    pub smtp: Option<SecretString>,
    pub from: Option<String>,
    pub reply_to: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipients {
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} organisme, {} ditp", self.organisme.len(), self.ditp.len())
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Act {
    pub annotations: bool,
    pub mail: bool,
    pub messages: bool,
    pub since: Since,
}

impl Default for Act {
    fn default() -> Act {
        Act { annotations: true, mail: true, messages: false, since: Since::Start }
    }
}

/// Deadlines that ended before this day are shown, never mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The day of the first pass over this store.
    Start,
    On(Date),
}

impl<'de> Deserialize<'de> for Since {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Since, D::Error> {
        match date_or_word(deserializer)?.as_str() {
            "start" => Ok(Since::Start),
            text => text.parse().map(Since::On).map_err(|_| serde::de::Error::custom("expected \"start\" or a date such as 2027-01-04")),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    pub poll: String,
    pub morning: String,
    pub sweep: String,
    pub digest: String,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule {
            poll: "0 */2 * * * *".to_owned(),
            morning: "0 0 6 * * *".to_owned(),
            sweep: "0 30 2 * * *".to_owned(),
            digest: "0 0 8 * * Mon-Fri".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    pub listen: SocketAddr,
}

impl Default for Web {
    fn default() -> Web {
        Web { listen: SocketAddr::from(([127, 0, 0, 1], 8080)) }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormSettings {
    pub path: PathBuf,
}

impl Default for FormSettings {
    fn default() -> FormSettings {
        FormSettings { path: PathBuf::from("form.toml") }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuideSettings {
    pub choices: PathBuf,
}

impl Default for GuideSettings {
    fn default() -> GuideSettings {
        GuideSettings { choices: PathBuf::from("choices.toml") }
    }
}

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

/// Accepts a TOML date, or the same as text.
fn date_or_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Date(toml::value::Datetime),
        Word(String),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Date(date) => date.to_string(),
        Either::Word(word) => word,
    })
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = date_or_word(deserializer)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("expected a date such as 2027-06-30"))
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
        Err(error) => return Err(ConfigError::new(path.display().to_string(), format!("cannot be read ({error})"))),
    };
    let mut table: toml::Table = parse(&text, &path.display().to_string())?;
    let mut variables = Vec::new();
    for (name, value) in environment {
        let Some((section, key)) = name.strip_prefix("VIGIE_").and_then(|rest| rest.split_once("__")) else { continue };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let value = variable(&section, &key, value);
        let entry = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let Some(entry) = entry.as_table_mut() {
            entry.insert(key.clone(), value);
        }
        variables.push((format!("{section}.{key}"), name));
    }
    let mut settings: Settings = serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
        let key = error.path().to_string();
        let place = variables.iter().find(|(name, _)| *name == key).map_or(key, |(_, variable)| variable.clone());
        let place = if place == "." { path.display().to_string() } else { place };
        ConfigError::new(place, plain(&error.inner().to_string()))
    })?;
    settings.folder = path.parent().filter(|_| path.exists()).map(Path::to_owned).unwrap_or_default();
    Ok(settings)
}

/// An environment variable as the type its key wants; a list is separated by commas.
fn variable(section: &str, key: &str, text: String) -> toml::Value {
    match (section, key) {
        ("dn", "demarche" | "groupe") => text.trim().parse().map_or(toml::Value::String(text), toml::Value::Integer),
        ("act", "annotations" | "mail" | "messages") => {
            text.trim().parse().map_or(toml::Value::String(text), toml::Value::Boolean)
        }
        ("recipients", _) => {
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
    fn beside(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_owned() } else { self.folder.join(path) }
    }

    /// The token, from the key or from its file.
    ///
    /// # Errors
    /// When neither is there, or the file cannot be read or is empty.
    pub fn token(&self) -> Result<SecretString, ConfigError> {
        if let Some(token) = &self.dn.token {
            return Ok(token.clone());
        }
        let Some(path) = &self.dn.token_file else {
            let why = "no token: set dn.token_file to a file that holds it, or the variable VIGIE_DN__TOKEN";
            return Err(ConfigError::new("dn.token", why));
        };
        let path = self.beside(path);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::new("dn.token_file", format!("{} cannot be read ({error})", path.display())))?;
        match text.trim() {
            "" => Err(ConfigError::new("dn.token_file", format!("{} is empty", path.display()))),
            token => Ok(SecretString::from(token.to_owned())),
        }
    }

    /// What must be there for the daemon to start; addresses and expressions are checked where they are used.
    ///
    /// # Errors
    /// The first key that is missing or contradicts another.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.dn.demarche.is_none() && self.dn.groupe.is_none() {
            let why = "nothing to read: set dn.demarche = 12345 (the whole démarche) or dn.groupe = 678";
            return Err(ConfigError::new("dn.demarche", why));
        }
        if !self.dn.endpoint.starts_with("https://") && !self.dn.endpoint.starts_with("http://") {
            let why = "not an address; example: https://demarche.numerique.gouv.fr/api/v2/graphql";
            return Err(ConfigError::new("dn.endpoint", why));
        }
        if self.act.annotations && self.dn.instructeur.is_none() {
            let why = "nobody to write as: set dn.instructeur = \"robot@organisme.example\", or act.annotations = false";
            return Err(ConfigError::new("dn.instructeur", why));
        }
        if self.act.mail && self.mail.smtp.is_none() {
            let why = "no way to send: set mail.smtp = \"smtps://user:password@smtp.example:465\" (or \"file:FOLDER\"), or act.mail = false";
            return Err(ConfigError::new("mail.smtp", why));
        }
        if self.act.mail && self.mail.from.is_none() {
            let why = "no sender: set mail.from = \"Label SP+ <label@organisme.example>\"";
            return Err(ConfigError::new("mail.from", why));
        }
        if self.act.messages {
            let why = "messages on the platform are not available yet: leave act.messages = false";
            return Err(ConfigError::new("act.messages", why));
        }
        if !self.web.listen.ip().is_loopback() {
            let why = "only a loopback address is accepted (127.0.0.1:8080): the pages have no authentication of their own yet";
            return Err(ConfigError::new("web.listen", why));
        }
        Ok(())
    }

    /// # Errors
    /// When `form.toml` cannot be read or understood.
    pub fn form_map(&self) -> Result<FormMap, ConfigError> {
        self.beside_file(&self.form.path, "form.path")
    }

    /// # Errors
    /// When `choices.toml` cannot be understood; absent, the defaults are taken.
    pub fn choices(&self) -> Result<Choices, ConfigError> {
        if !self.beside(&self.guide.choices).exists() {
            return Ok(Choices::default());
        }
        self.beside_file(&self.guide.choices, "guide.choices")
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
            Some(path) if !path.starts_with(':') && !path.starts_with("//") && Path::new(path).is_relative() => {
                format!("{scheme}{}", self.folder.join(path).display())
            }
            _ => url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

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
        assert!(settings.form_map().unwrap().champs.len() > 30);
        assert_eq!(settings.choices().unwrap(), Choices::default());
        let (shipped, default) = (settings.schedule, Schedule::default());
        assert_eq!((shipped.poll, shipped.morning), (default.poll, default.morning));
    }

    #[test]
    fn the_environment_wins_and_is_typed() {
        let settings = read(
            "[dn]\ndemarche = 1",
            &[("VIGIE_DN__TOKEN", "123"), ("VIGIE_DN__DEMARCHE", "77"), ("VIGIE_RECIPIENTS__DITP", "a@b.example, c@d.example")],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.dn.demarche, Some(77));
        assert_eq!(settings.token().unwrap().expose_secret(), "123");
        assert_eq!(settings.recipients.ditp.len(), 2);
    }

    #[test]
    fn an_error_names_its_place_and_shows_no_secret() {
        let said = |text: &str, variables: &[(&str, &str)]| read(text, variables).unwrap_err().to_string();
        assert!(said("[dn]\ndemrche = 1", &[]).contains("demrche"));
        assert!(said("[act]\nmail = \"oui\"", &[]).contains("act.mail"));
        assert!(said("[dn]\ntoken_expires = \"demain\"", &[]).contains("dn.token_expires"));
        assert!(said("", &[("VIGIE_DN__DEMARCHE", "abc")]).contains("VIGIE_DN__DEMARCHE"));
        let syntax = said("[dn]\ntoken = \"secret-abc\ndemarche = 1", &[]);
        assert!(syntax.contains("line 2") && !syntax.contains("secret-abc"), "{syntax}");
    }
}

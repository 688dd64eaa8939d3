//! Reads `vigie.toml`, then the environment over it.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::error::ConfigError;
use super::sections::Settings;

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
pub(super) fn parse<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, ConfigError> {
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

//! Reads `vigie.toml`, then the environment over it.
//!
//! `VIGIE_`, then the names of the sections and of the key, separated by two underscores: `VIGIE_WEB__OIDC__ISSUER`.
//! A list is separated by commas; an entry of a list of sections is named by its index: `VIGIE_WEBHOOKS__0__URL`. A
//! variable without any text is absent. A name without `__` is not a setting: container schedulers add such variables
//! for every service (`VIGIE_PORT`).

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Segment, Track};

use super::error::{ConfigError, ValueError};
use super::node::Node;
use super::sections::Settings;

/// A variable and the key that it sets.
struct Variable {
    name: String,
    path: Vec<String>,
    text: String,
}

/// Reads the file, then the environment over it. A file that is only a default may be absent.
///
/// # Errors
/// [`ConfigError`] naming the file and line, or the key, and the variable that set it.
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
    let table: toml::Table = parse(&text, &path.display().to_string())?;
    let holds_secrets = table.iter().any(|(key, value)| is_secret(&[key], value));
    let mut tree = Node::from(toml::Value::Table(table));
    let variables = settings_of(environment);
    for variable in &variables {
        let steps: Vec<&str> = variable.path.iter().map(String::as_str).collect();
        tree.set(&steps, variable.text.clone())
            .map_err(|why| ConfigError::new(place(&variable.path, &variables), why))?;
    }
    let mut settings = typed(tree, path, &variables)?;
    settings.folder = path.parent().filter(|_| path.exists()).map(Path::to_owned).unwrap_or_default();
    settings.secret_file = holds_secrets.then(|| path.to_owned());
    Ok(settings)
}

/// Whether a value of the file is a secret, or holds one: a token, a password in an address, the address of a webhook.
fn is_secret(keys: &[&str], value: &toml::Value) -> bool {
    match value {
        toml::Value::Table(table) => {
            table.iter().any(|(key, value)| is_secret(&[keys, &[key.as_str()]].concat(), value))
        }
        toml::Value::Array(list) => list.iter().any(|value| is_secret(keys, value)),
        toml::Value::String(text) if text.trim().is_empty() => false,
        toml::Value::String(text) => match keys.last() {
            Some(&("token" | "secret" | "client_secret" | "secret_key")) => true,
            Some(&"url") if keys.contains(&"webhooks") => true,
            _ => {
                let authority = text.split_once("://").and_then(|(_, rest)| rest.split('/').next());
                let user = authority.and_then(|authority| authority.rsplit_once('@'));
                user.is_some_and(|(user, _)| user.contains(':'))
            }
        },
        _ => false,
    }
}

/// The variables that are settings, in the order of their lists' indices.
fn settings_of(environment: impl Iterator<Item = (String, String)>) -> Vec<Variable> {
    let mut found: Vec<Variable> = environment
        .filter(|(name, text)| name.starts_with("VIGIE_") && name.contains("__") && !text.trim().is_empty())
        .map(|(name, text)| {
            let key = name.strip_prefix("VIGIE_").unwrap_or_default().to_lowercase();
            Variable { path: key.split("__").map(str::to_owned).collect(), name, text }
        })
        .collect();
    let step = |step: &String| (step.parse::<usize>().ok(), step.clone());
    found.sort_by_cached_key(|variable| variable.path.iter().map(step).collect::<Vec<_>>());
    found
}

fn typed(tree: Node, file: &Path, variables: &[Variable]) -> Result<Settings, ConfigError> {
    let mut track = Track::new();
    Settings::deserialize(serde_path_to_error::Deserializer::new(tree, &mut track)).map_err(|error| {
        let mut key: Vec<String> = track.path().iter().filter_map(step).collect();
        if let ValueError::UnknownKey { key: unknown, .. } = &error
            && key.last() != Some(unknown)
        {
            key.push(unknown.clone());
        }
        let place = if key.is_empty() { file.display().to_string() } else { place(&key, variables) };
        ConfigError::new(place, plain(&error.to_string()))
    })
}

fn step(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// The key as the file writes it, after the variable that set it or a part of it.
fn place(key: &[String], variables: &[Variable]) -> String {
    let mut written = String::new();
    for step in key {
        match step.parse::<usize>() {
            Ok(index) => written.push_str(&format!("[{index}]")),
            Err(_) if written.is_empty() => written.push_str(step),
            Err(_) => written.push_str(&format!(".{step}")),
        }
    }
    let set_by = |variable: &&Variable| variable.path.starts_with(key) || key.starts_with(&variable.path);
    match variables.iter().find(set_by) {
        Some(variable) => format!("{} ({written})", variable.name),
        None => written,
    }
}

/// Parses TOML; an error gives the line and not its content.
pub(super) fn parse<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or("").lines().count().max(1));
        let place = line.map_or_else(|| file.to_owned(), |line| format!("{file}, line {line}"));
        let twice = error.span().filter(|_| error.message().starts_with("duplicate key"));
        // The name of a key is no secret.
        let name = twice.and_then(|span| text.get(span)).and_then(|rest| rest.split(['=', '\n']).next());
        let why = plain(error.message());
        ConfigError::new(
            place,
            name.map_or(why.clone(), |name| format!("{why} {}: keep one of the lines", name.trim())),
        )
    })
}

/// The first line, without the quoted source that some errors append.
fn plain(text: &str) -> String {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("cannot be understood").trim().to_owned()
}

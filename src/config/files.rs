//! Paths of the configuration, and the files that it names beside itself.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::error::ConfigError;
use super::load::parse;
use super::reading;
use super::sections::{DnAlso, DocumentSettings, Settings};
use crate::dn::form::FormMap;
use crate::dn::propose::words::Synonyms;
use crate::documents::tables::layout::Layouts;
use label::Choices;

impl Settings {
    /// A path of the configuration, relative to its file.
    #[must_use]
    pub fn beside(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_owned() } else { self.folder.join(path) }
    }

    /// The map of a section's form.
    ///
    /// # Errors
    /// When `form.toml` cannot be read or understood, or gives one field to two keys of which vigie writes one.
    pub fn form_map(&self, section: &DnAlso) -> Result<FormMap, ConfigError> {
        let (path, key) = match &section.form {
            Some(path) => (path, "dn.also.form"),
            None => (&self.form.path, "form.path"),
        };
        let map: FormMap = self.beside_file(path, key)?;
        map.written_once().map_err(|why| ConfigError::new(self.beside(path).display().to_string(), why))?;
        Ok(map)
    }

    /// The words by which fields are recognised: the shipped ones, and those of `synonymes.toml` beside `form.toml`.
    ///
    /// # Errors
    /// When that file cannot be understood, or names a key that vigie does not have.
    pub fn synonyms(&self) -> Result<Synonyms, ConfigError> {
        let mut all = Synonyms::shipped()
            .map_err(|why| ConfigError::new("synonymes.toml", why.message().to_owned()))?;
        let path = self.form.path.with_file_name("synonymes.toml");
        if self.beside(&path).exists() {
            let own: Synonyms = self.beside_file(&path, "synonymes.toml")?;
            all.add(own).map_err(|why| ConfigError::new(self.beside(&path).display().to_string(), why))?;
        }
        Ok(all)
    }

    /// The map of the form whose exports are read, which names fields by their label.
    ///
    /// # Errors
    /// When `form.toml` cannot be read or understood.
    pub fn exported_form_map(&self) -> Result<FormMap, ConfigError> {
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
        parse(&reading::text(&path, key)?, &path.display().to_string())
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

//! `[web.site]`: whom the open pages come from.

use std::path::PathBuf;

use jiff::civil::Date;
use serde::Deserialize;

use super::error::ConfigError;
use super::sections::Settings;
use crate::web::site::{Accessibility, LICENCE, Site};
use label::wording::legal::Publisher;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    pub publisher: Option<String>,
    pub address: Option<String>,
    pub director: Option<String>,
    pub host: Option<String>,
    /// Address of the licence of the open files.
    pub licence: String,
    pub accessibility: Accessibility,
    pub accessibility_checked: Option<Date>,
    pub accessibility_method: Option<String>,
    /// Files whose text replaces ours.
    pub notices: Option<PathBuf>,
    pub declaration: Option<PathBuf>,
    pub privacy: Option<PathBuf>,
}

impl Default for SiteSettings {
    fn default() -> SiteSettings {
        SiteSettings {
            publisher: None,
            address: None,
            director: None,
            host: None,
            licence: LICENCE.to_owned(),
            accessibility: Accessibility::default(),
            accessibility_checked: None,
            accessibility_method: None,
            notices: None,
            declaration: None,
            privacy: None,
        }
    }
}

impl Settings {
    /// # Errors
    /// When the licence is no address, or a text cannot be read.
    pub fn site(&self) -> Result<Site, ConfigError> {
        let site = &self.web.site;
        if !site.licence.starts_with("https://") && !site.licence.starts_with("http://") {
            let why = format!("not an address; example: \"{LICENCE}\"");
            return Err(ConfigError::new("web.site.licence", why));
        }
        let text = |key: &str, path: &Option<PathBuf>| {
            let read = |path: &PathBuf| {
                let path = self.beside(path);
                std::fs::read_to_string(&path)
                    .map_err(|error| ConfigError::new(key, format!("{}: {error}", path.display())))
            };
            path.as_ref().map(read).transpose()
        };
        Ok(Site {
            publisher: Publisher {
                name: site.publisher.clone(),
                address: site.address.clone(),
                director: site.director.clone(),
                host: site.host.clone(),
            },
            licence: site.licence.clone(),
            accessibility: site.accessibility.into(),
            checked: site.accessibility_checked,
            method: site.accessibility_method.clone(),
            notices: text("web.site.notices", &site.notices)?,
            declaration: text("web.site.declaration", &site.declaration)?,
            privacy: text("web.site.privacy", &site.privacy)?,
        })
    }
}

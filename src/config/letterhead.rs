//! `[mail.signature]` and `[dn.begin]`: what letters say of who writes, and where a new dossier is begun.

use std::path::PathBuf;

use serde::Deserialize;

/// In whose name letters are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignatureSettings {
    pub name: Option<String>,
    /// Lines of the postal address.
    pub address: Vec<String>,
    pub telephone: Option<String>,
    /// A PNG, JPEG or GIF, sent within each mail.
    pub logo: Option<PathBuf>,
}

/// The pages of the platform where a new dossier is begun.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BeginSettings {
    pub application: Option<String>,
    pub follow_up: Option<String>,
    pub renewal: Option<String>,
}

impl BeginSettings {
    /// Each with its key.
    pub(super) fn all(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("dn.begin.application", self.application.as_deref()),
            ("dn.begin.follow_up", self.follow_up.as_deref()),
            ("dn.begin.renewal", self.renewal.as_deref()),
        ]
    }
}

//! How servers are reached. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`).

use std::path::PathBuf;

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkSettings {
    /// PEM of private authorities that every client trusts beside those of the machine.
    pub ca_file: Option<PathBuf>,
}

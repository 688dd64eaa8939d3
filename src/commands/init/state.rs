//! The folder that the service writes.

use std::path::Path;

use super::options::InitOptions;

/// The account of the shipped unit, and the name of its folder.
pub(super) const ACCOUNT: &str = "vigie";
/// Below it is the only folder that the unit lets it write.
const STATES: &str = "/var/lib";

/// The name of the folder that the service writes (`StateDirectory=`): its unit's own, so that two installations on one machine
/// do not share a base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(String);

impl Default for State {
    fn default() -> State {
        State(ACCOUNT.to_owned())
    }
}

impl State {
    pub(super) fn of(options: &InitOptions) -> State {
        let unit = options.unit.as_deref().and_then(Path::file_stem);
        unit.map_or_else(State::default, |unit| State(unit.to_string_lossy().into_owned()))
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }

    pub(super) fn folder(&self) -> String {
        format!("{STATES}/{}", self.0)
    }

    /// The base that the unit names.
    pub(super) fn store(&self) -> String {
        format!("sqlite:{}/vigie.db", self.folder())
    }

    /// The folder of mails that replaces a server.
    pub(super) fn mails(&self) -> String {
        format!("file:{}/courriels", self.folder())
    }
}

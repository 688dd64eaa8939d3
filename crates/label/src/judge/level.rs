//! How serious a finding is.

use serde::{Deserialize, Serialize};

/// The level of a finding, in order of seriousness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The rule is met, or what is found is only told.
    Ok,
    /// A value is not known yet, or the form has no field for it. Not a failure.
    Unknown,
    /// A person must check it.
    ToCheck,
    /// Expected and absent.
    Missing,
    /// The rule is not met.
    Ko,
}

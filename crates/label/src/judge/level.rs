//! How serious a finding is.

use serde::Serialize;

/// How a finding stands. The order is that of seriousness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Ok,
    /// Nobody can tell yet, or the form has no field for it: not a failure.
    Unknown,
    /// A person must look.
    ToCheck,
    /// Expected and absent.
    Missing,
    Ko,
}

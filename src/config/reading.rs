//! Reads the files that the configuration names. What is wrong with one is said in one line: key, cause, remedy.

use std::io::{Error, ErrorKind};
use std::path::Path;

use super::error::ConfigError;

/// The text of a file that `key` names.
///
/// # Errors
/// When it cannot be read, or is no UTF-8.
pub(super) fn text(path: &Path, key: &str) -> Result<String, ConfigError> {
    let bytes = bytes(path, key)?;
    String::from_utf8(bytes).map_err(|error| {
        let why = encoding(error.as_bytes());
        ConfigError::new(key, format!("{} cannot be read: {why}", path.display()))
    })
}

/// The content of a file that `key` names.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path, key: &str) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|error| {
        let remedy = remedy(&error, key);
        ConfigError::new(key, format!("{} cannot be read ({error}). Remedy: {remedy}", path.display()))
    })
}

fn remedy(error: &Error, key: &str) -> String {
    match error.kind() {
        ErrorKind::NotFound if matches!(key, "form.path" | "dn.also.form") => {
            format!("write it (« vigie form > form.toml » proposes it), or correct {key}")
        }
        ErrorKind::NotFound => format!("put the file there, or correct {key}"),
        ErrorKind::PermissionDenied => {
            "let the account that runs vigie read it, and the folders above (chown, chmod)".to_owned()
        }
        ErrorKind::IsADirectory => format!("name the file in {key}, and not its folder"),
        _ => format!("check that disk, or correct {key}"),
    }
}

fn encoding(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "it is written in UTF-16. Remedy: save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)"
    } else {
        "it is not written in UTF-8, but in Latin-1 perhaps. Remedy: save it as UTF-8 (iconv -f latin1 -t utf8)"
    }
}

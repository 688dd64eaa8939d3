//! What the service sees and writes. Its account and its folder are those of the shipped unit.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use anyhow::Context;

use super::answers::Answers;
use super::options::InitOptions;
use super::state::{ACCOUNT, State};
use crate::config::ConfigError;
use label::wording::init as words;

const UNIT: &str = include_str!("../../../packaging/systemd/vigie.service");
const PROGRAM: &str = "/usr/bin/vigie";
const CONFIG: &str = "/etc/vigie/vigie.toml";
/// What the unit does not show to it: ProtectHome= and PrivateTmp=.
const HIDDEN: [&str; 5] = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];
/// Where systemd looks for units.
const UNITS: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Flags with which the service could not work.
pub(super) fn flags(config: &Path, options: &InitOptions) -> Result<(), ConfigError> {
    if let Some(unit) = &options.unit {
        if unit.extension().is_none_or(|end| end != "service") {
            let why = "systemd knows a service by a name that ends with .service; example: /etc/systemd/system/vigie.service";
            return Err(ConfigError::new("--unit", why));
        }
        let state = State::of(options);
        let name = state.name();
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) || name.starts_with('.') {
            let why = "its name is that of its folder below /var/lib too: letters, digits, « - » and « _ » alone; example: vigie-essai.service";
            return Err(ConfigError::new("--unit", why));
        }
        let program = std::env::current_exe().unwrap_or_default();
        for path in [whole(config), whole(unit), program] {
            let path = path.display().to_string();
            if path.contains(char::is_whitespace) || path.contains(['%', '"', '\\']) {
                let why =
                    format!("{path}: a unit cannot name it; choose a path without blanks, quotes and %");
                return Err(ConfigError::new("--unit", why));
            }
        }
    } else if options.service && whole(config) != Path::new(CONFIG) {
        let why = format!(
            "the unit of the package reads {CONFIG}: give --config {CONFIG}, or --unit /etc/systemd/system/vigie.service for a \
             unit that reads {}",
            config.display()
        );
        return Err(ConfigError::new("--service", why));
    }
    Ok(())
}

fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// An address of files that the service writes: a relative one starts from its folder.
///
/// # Errors
/// What a person reads, where the unit lets it write nothing.
pub(super) fn written(url: &str, scheme: &str, state: &State) -> Result<String, String> {
    let Some(rest) = url.strip_prefix(scheme).filter(|rest| !rest.starts_with(':')) else {
        return Ok(url.to_owned());
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let query = if scheme == "sqlite:" { rest.find('?') } else { None };
    let (path, query) = rest.split_at(query.unwrap_or(rest.len()));
    let own = state.folder();
    let path = Path::new(&own).join(path);
    if !path.starts_with(&own) || path.components().any(|part| part == Component::ParentDir) {
        return Err(words::not_of_the_service(&path.display().to_string(), ACCOUNT, &own));
    }
    Ok(format!("{scheme}{}{query}", path.display()))
}

/// What is in the way of the service on this machine.
pub(super) fn warnings(folder: &Path, answers: &Answers) -> Vec<String> {
    let mut all = Vec::new();
    let program = std::env::current_exe().unwrap_or_default();
    if is_hidden(&program) {
        all.push(words::hidden_program(&program.display().to_string()));
    }
    let folder = whole(folder);
    let exports = answers.exports.as_ref().map(|exports| folder.join(exports));
    for path in [Some(folder), exports].into_iter().flatten() {
        let shown = path.display().to_string();
        if is_hidden(&path) {
            all.push(words::hidden_folder(&shown));
        } else if let Some(closed) = path.ancestors().find(|folder| is_closed(folder)) {
            all.push(words::closed_folder(&closed.display().to_string(), ACCOUNT));
        }
    }
    all
}

fn is_hidden(path: &Path) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| whole(path));
    HIDDEN.iter().any(|hidden| path.starts_with(hidden))
}

/// Whether a folder that exists cannot be entered by the account.
fn is_closed(folder: &Path) -> bool {
    let Ok(about) = fs::metadata(folder) else { return false };
    about.permissions().mode() & 0o001 == 0 && account() != Some(about.uid())
}

/// The account, if this machine has it.
fn account() -> Option<u32> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(ACCOUNT)?.strip_prefix(':'))?;
    line.split(':').nth(1)?.parse().ok()
}

/// The shipped unit for this program and this folder.
pub(super) fn unit(folder: &Path, config: &Path, state: &State) -> anyhow::Result<String> {
    let program = std::env::current_exe().context("this program's own path")?;
    let folder = fs::canonicalize(folder)?.display().to_string();
    let name = config.file_name().unwrap_or_default().to_string_lossy();
    let (shipped, own) = (State::default(), state);
    // Before the paths of this machine, which may lie in such a folder too.
    let text = UNIT.replace(&shipped.folder(), &own.folder());
    let text = text.replace(
        &format!("StateDirectory={}\n", shipped.name()),
        &format!("StateDirectory={}\n", own.name()),
    );
    let text =
        text.replace(PROGRAM, &program.display().to_string()).replace(CONFIG, &format!("{folder}/{name}"));
    Ok(text.replace("/etc/vigie/", &format!("{folder}/")))
}

/// What to do next. The files of a service are read by its account, with what its unit adds: a command run by hand under
/// another account would make and read another base.
pub(super) fn next(
    config: &Path,
    folder: &Path,
    answers: &Answers,
    options: &InitOptions,
) -> anyhow::Result<String> {
    let by_exports = answers.exports.is_some();
    if !options.for_a_service() {
        return Ok(words::next(&config.display().to_string(), answers.listen(), by_exports));
    }
    let folder = fs::canonicalize(folder)?.display().to_string();
    let config = format!("{folder}/{}", config.file_name().unwrap_or_default().to_string_lossy());
    let program = std::env::current_exe().context("this program's own path")?.display().to_string();
    let path = options.unit.as_deref().map(whole);
    let unit = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let elsewhere =
        path.as_deref().filter(|path| !is_of_systemd(path)).map(|path| path.display().to_string());
    let service = words::Service {
        unit: unit.as_deref().unwrap_or("vigie"),
        is_new: unit.is_some(),
        elsewhere: elsewhere.as_deref(),
        account: ACCOUNT,
        has_account: account().is_some(),
        state: answers.state.name(),
        // Another one stands in secrets.env, which the command reads.
        store: (answers.store == answers.state.store()).then_some(answers.store.as_str()),
        program: &program,
        folder: &folder,
        config: &config,
        has_token: answers.api.is_some(),
    };
    Ok(words::next_of_service(&service, answers.listen(), by_exports))
}

fn is_of_systemd(unit: &Path) -> bool {
    let folder = unit.parent().map(|folder| fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()));
    folder.is_some_and(|folder| UNITS.iter().any(|known| folder == Path::new(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_and_the_folders_are_those_of_the_shipped_unit() {
        let state = State::default();
        let base = format!("Environment=VIGIE_STORE__URL={}\n", state.store());
        let (account, folder) =
            (format!("User={ACCOUNT}\n"), format!("WorkingDirectory={}\n", state.folder()));
        let (program, config) =
            (format!("ExecStart={PROGRAM} run\n"), format!("Environment=VIGIE_CONFIG={CONFIG}\n"));
        for line in [
            &base,
            &account,
            &folder,
            &program,
            &config,
            "StateDirectory=vigie\n",
            "ProtectHome=yes\nPrivateTmp=yes\n",
        ] {
            assert!(UNIT.contains(line), "{line}");
        }
    }

    #[test]
    fn what_a_service_writes_is_in_its_folder() {
        for (said, scheme, kept) in [
            ("sqlite:vigie.db", "sqlite:", "sqlite:/var/lib/vigie/vigie.db"),
            ("sqlite://autre.db?mode=rwc", "sqlite:", "sqlite:/var/lib/vigie/autre.db?mode=rwc"),
            ("sqlite:/var/lib/vigie/a.db", "sqlite:", "sqlite:/var/lib/vigie/a.db"),
            ("postgres://base/vigie", "sqlite:", "postgres://base/vigie"),
            ("file:courriels", "file:", "file:/var/lib/vigie/courriels"),
            ("smtp://127.0.0.1:25", "file:", "smtp://127.0.0.1:25"),
        ] {
            assert_eq!(written(said, scheme, &State::default()).as_deref(), Ok(kept));
        }
        for (said, scheme) in
            [("sqlite:/srv/x.db", "sqlite:"), ("file:/etc/vigie/courriels", "file:"), ("file:../x", "file:")]
        {
            assert!(written(said, scheme, &State::default()).is_err(), "{said}");
        }
    }

    #[test]
    fn a_second_unit_writes_in_a_folder_of_its_own() {
        let options = InitOptions {
            unit: Some("/etc/systemd/system/vigie-essai.service".into()),
            ..Default::default()
        };
        let state = State::of(&options);
        assert_eq!(
            written("sqlite:vigie.db", "sqlite:", &state).as_deref(),
            Ok("sqlite:/var/lib/vigie-essai/vigie.db")
        );
        assert!(written("sqlite:/var/lib/vigie/vigie.db", "sqlite:", &state).is_err(), "that of the first");
        let place = tempfile::tempdir().unwrap();
        let unit = unit(place.path(), &place.path().join("vigie.toml"), &state).unwrap();
        for line in [
            "StateDirectory=vigie-essai\n",
            "WorkingDirectory=/var/lib/vigie-essai\n",
            "Environment=VIGIE_STORE__URL=sqlite:/var/lib/vigie-essai/vigie.db\n",
            "Environment=VIGIE_EVIDENCE__FOLDER=/var/lib/vigie-essai/pieces\n",
            "User=vigie\n",
        ] {
            assert!(unit.contains(line), "{line} in {unit}");
        }
        assert!(!unit.contains("/var/lib/vigie/") && !unit.contains("/var/lib/vigie\n"), "{unit}");
    }

    #[test]
    fn a_unit_is_found_where_systemd_looks() {
        assert!(is_of_systemd(Path::new("/etc/systemd/system/vigie.service")));
        assert!(!is_of_systemd(Path::new("/srv/vigie.service")));
        assert!(is_hidden(Path::new("/root/vigie")) && is_hidden(Path::new("/home/a/vigie")));
        assert!(!is_hidden(Path::new("/usr/local/bin/vigie")));
    }

    #[test]
    fn a_service_is_given_what_its_unit_reads() {
        let options = |service, unit: Option<&str>| InitOptions {
            service,
            unit: unit.map(PathBuf::from),
            ..InitOptions::default()
        };
        let said = |config: &str, options: &InitOptions| {
            flags(Path::new(config), options).map_err(|error| error.place)
        };
        assert_eq!(said(CONFIG, &options(true, None)), Ok(()));
        assert_eq!(said("/srv/vigie.toml", &options(true, None)), Err("--service".to_owned()));
        assert_eq!(said("/srv/vigie.toml", &options(false, None)), Ok(()));
        assert_eq!(said("/srv/vigie.toml", &options(true, Some("/srv/vigie.service"))), Ok(()));
        assert_eq!(said("/srv/vigie.toml", &options(false, Some("/srv/vigie"))), Err("--unit".to_owned()));
        assert_eq!(
            said("/srv/a b/vigie.toml", &options(false, Some("/srv/v.service"))),
            Err("--unit".to_owned())
        );
        assert_eq!(
            said("/srv/vigie.toml", &options(false, Some("/srv/vigie@.service"))),
            Err("--unit".to_owned())
        );
    }
}

//! The files that `vigie init` writes: secrets for this account alone, nothing replaced without a yes.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use secrecy::ExposeSecret as _;

use super::answers::Answers;
use super::ask::{Asker, is_secret};
use super::options::InitOptions;
use super::service;
use super::state::State;
use crate::config::ConfigError;
use label::wording::init as words;

pub(super) const SHIPPED_FORM: &str = include_str!("../../../config/form.toml");
/// The token that a file holds.
pub(super) fn token_in(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("--token-file: {} cannot be read", path.display()))
}

pub(super) fn addresses(text: &str) -> Vec<String> {
    text.split([',', ';']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// What a service reads from a file of its own: a password, and any base over which its unit would otherwise put its own.
fn is_apart(url: &str, state: &State) -> bool {
    let is_base = url.starts_with("postgres") || url.starts_with("sqlite:");
    is_secret(url) || is_base && url != state.store()
}

/// `vigie.toml`; `apart`: addresses that hold a password are in a file of their own.
pub(super) fn configuration(answers: &Answers, apart: bool) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let list = |all: &[String]| toml::Value::from(all.to_vec()).to_string();
    let mut off = Vec::new();
    let mut text = String::from("# Every key and what it does: config/vigie.toml of the distribution.\n");
    if let Some(api) = &answers.api {
        text.push_str(&format!("\n[dn]\nendpoint = {}\ntoken_file = \"jeton\"\n", quoted(&api.endpoint)));
        let number =
            |key: &str, number: Option<i64>| number.map(|n| format!("{key} = {n}\n")).unwrap_or_default();
        text.push_str(&number("demarche", api.demarche));
        text.push_str(&number("groupe", api.groupe));
        if let Some(expires) = api.expires {
            text.push_str(&format!("token_expires = \"{expires}\"\n"));
        }
        match &api.instructeur {
            Some(member) => text.push_str(&format!("instructeur = {}\n", quoted(member))),
            None => off.push("annotations = false"),
        }
    }
    if answers.no_mail {
        off.push("mail = false");
    }
    if !off.is_empty() {
        text.push_str(&format!("\n[act]\n{}\n", off.join("\n")));
    }
    if let Some(folder) = &answers.exports {
        text.push_str(&format!("\n[exports]\nfolder = {}\n", quoted(folder)));
    }
    let hidden = apart && is_apart(&answers.store, &answers.state);
    if !answers.store.is_empty() && !hidden {
        text.push_str(&format!("\n[store]\nurl = {}\n", quoted(&answers.store)));
    }
    if !answers.smtp.is_empty() {
        text.push_str("\n[mail]\n");
        if !(apart && is_secret(&answers.smtp)) {
            text.push_str(&format!("smtp = {}\n", quoted(&answers.smtp)));
        }
        text.push_str(&format!("from = {}\n", quoted(&answers.from)));
    }
    let (body, ditp) = (list(&answers.organisme), list(&answers.ditp));
    text.push_str(&format!("\n[recipients]\norganisme = {body}\nditp = {ditp}\n"));
    text.push_str(&format!("\n[web]\nlisten = {}\n", quoted(answers.listen())));
    text
}

/// The addresses that are kept apart, as systemd reads variables.
fn secrets(answers: &Answers) -> String {
    let mut text = String::new();
    for (name, url) in [("VIGIE_STORE__URL", &answers.store), ("VIGIE_MAIL__SMTP", &answers.smtp)] {
        if is_apart(url, &answers.state) {
            text.push_str(&format!("{name}={url}\n"));
        }
    }
    text
}

/// The files that may be written.
pub(super) fn all(config: &Path, folder: &Path, options: &InitOptions) -> Vec<PathBuf> {
    let mut all = vec![config.to_owned(), folder.join("form.toml"), folder.join("jeton")];
    if options.for_a_service() {
        all.push(folder.join("secrets.env"));
    }
    all.extend(options.unit.clone());
    all
}

/// Whether all of them can be written: nothing is asked before that, and no file is written without the others.
pub(super) fn try_all(config: &Path, folder: &Path, options: &InitOptions) -> Result<(), ConfigError> {
    let place = |path: &Path| if Some(path) == options.unit.as_deref() { "--unit" } else { "--config" };
    for path in all(config, folder, options) {
        if path.is_dir() {
            return Err(ConfigError::new(
                place(&path),
                format!("{} is a folder: name a file", path.display()),
            ));
        }
    }
    let mut places = vec![("--config", folder)];
    places.extend(options.unit.as_deref().map(|unit| ("--unit", beside(unit))));
    for (flag, place) in places {
        if flag == "--unit" && !place.is_dir() {
            return Err(ConfigError::new(
                flag,
                format!("{} is no folder: make it, or name another", place.display()),
            ));
        }
        crate::private::try_out(place).map_err(|error| {
            // Its text would name the file of the trial.
            let why = "choose a folder that this account may write, or run the command as the account that may (root for a service)";
            ConfigError::new(flag, format!("{} cannot be written ({}): {why}", place.display(), error.kind()))
        })?;
    }
    Ok(())
}

fn beside(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The folders that are not there yet, from this one upwards.
pub(super) fn missing(folder: &Path) -> Vec<PathBuf> {
    let named = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    folder.ancestors().take_while(named).map(Path::to_owned).collect()
}

/// Makes a folder with those above it; the account of a service enters them.
fn make(folder: &Path, shared: bool) -> anyhow::Result<()> {
    let missing: Vec<PathBuf> = missing(folder);
    crate::private::folder(folder).with_context(|| folder.display().to_string())?;
    let mode = if shared { 0o755 } else { 0o700 };
    for made in missing {
        fs::set_permissions(&made, Permissions::from_mode(mode))
            .with_context(|| made.display().to_string())?;
    }
    Ok(())
}

/// Writes all files; those that a person wants to keep are kept, and said.
pub(super) fn write(
    config: &Path,
    folder: &Path,
    answers: &Answers,
    form: &str,
    options: &InitOptions,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let shared = options.for_a_service();
    make(folder, shared)?;
    let open = if shared { 0o644 } else { 0o600 };
    let mut files: Vec<(PathBuf, String, u32)> = Vec::new();
    if let Some(api) = &answers.api {
        files.push((folder.join("jeton"), format!("{}\n", api.token.expose_secret()), 0o600));
    }
    if shared {
        let secrets = secrets(answers);
        if !secrets.is_empty() {
            files.push((folder.join("secrets.env"), secrets, 0o600));
        }
    }
    files.push((folder.join("form.toml"), form.to_owned(), open));
    files.push((config.to_owned(), configuration(answers, shared), open));
    if let Some(path) = &options.unit {
        files.push((path.clone(), service::unit(folder, config, &answers.state)?, 0o644));
    }
    for (path, text, mode) in files {
        let shown = path.display().to_string();
        if path.exists() && !options.overwrite && !asker.yes(&words::replace(&shown), false)? {
            asker.tell(&words::kept(&shown));
            continue;
        }
        // Whole or not at all, and never open to others on the way.
        let mut file = tempfile::NamedTempFile::new_in(beside(&path)).with_context(|| shown.clone())?;
        file.write_all(text.as_bytes()).with_context(|| shown.clone())?;
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
        file.persist(&path).with_context(|| shown.clone())?;
        asker.good(&words::written(&shown, mode));
    }
    match &answers.exports {
        Some(exports) => make(&folder.join(exports), shared),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::commands::init::answers::Api;

    #[test]
    fn a_password_is_seen_where_one_is() {
        assert!(is_secret("smtps://moi:secret@smtp.example:465"));
        assert!(is_secret("postgres://vigie:x@base/vigie"));
        assert!(!is_secret("file:courriels") && !is_secret("sqlite:vigie.db"));
        assert!(!is_secret("smtp://127.0.0.1:25/?helo=a@b"));
    }

    #[test]
    fn what_is_written_is_what_the_program_reads() {
        let mut answers = Answers {
            api: Some(Api {
                endpoint: "https://dn.example/api/v2/graphql".to_owned(),
                token: SecretString::from("jeton-secret".to_owned()),
                expires: Some(jiff::civil::date(2027, 6, 30)),
                demarche: None,
                groupe: Some(678),
                instructeur: None,
            }),
            store: State::default().store(),
            smtp: "smtps://moi:secret@smtp.example:465".to_owned(),
            from: "Label « SP+ » <a@b.example>".to_owned(),
            organisme: addresses("a@b.example; c@d.example"),
            ..Answers::default()
        };
        let text = configuration(&answers, false);
        let settings: crate::config::Settings = toml::from_str(&text).unwrap();
        settings.validate().unwrap();
        assert!(!settings.act.annotations && settings.dn.groupe == Some(678));
        assert_eq!(settings.recipients.organisme.len(), 2);
        assert!(!text.contains("jeton-secret"));
        let apart = configuration(&answers, true);
        assert!(!apart.contains("secret"), "{apart}");
        assert_eq!(secrets(&answers), "VIGIE_MAIL__SMTP=smtps://moi:secret@smtp.example:465\n");
        answers.store = "postgres:///vigie?host=/run/postgresql".to_owned();
        assert!(secrets(&answers).contains("VIGIE_STORE__URL=postgres:///vigie"), "the unit names a file");
        assert!(!configuration(&answers, true).contains("[store]"));
        answers.store = "sqlite:/var/lib/vigie/autre.db".to_owned();
        assert!(secrets(&answers).contains("VIGIE_STORE__URL=sqlite:/var/lib/vigie/autre.db\n"));
        answers.store = State::default().store();
        assert!(!secrets(&answers).contains("VIGIE_STORE__URL"), "the unit says it");
        answers.api = None;
        answers.exports = Some("exports".to_owned());
        let settings: crate::config::Settings = toml::from_str(&configuration(&answers, false)).unwrap();
        settings.validate().unwrap();
        assert!(settings.dn.all().is_empty());
    }
}

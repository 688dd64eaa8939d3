//! The files that `vigie init` writes: secrets for this account alone, nothing replaced without a yes.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;
use secrecy::{ExposeSecret, SecretString};

use super::ask::Asker;
use super::options::InitOptions;
use label::wording::init as words;

pub(super) const SHIPPED_FORM: &str = include_str!("../../../config/form.toml");
const UNIT: &str = include_str!("../../../packaging/systemd/vigie.service");
const LISTEN: &str = "127.0.0.1:8080";

/// What was answered.
#[derive(Default)]
pub(super) struct Answers {
    pub api: Option<Api>,
    pub exports: Option<String>,
    pub store: String,
    pub smtp: String,
    /// No mail is sent.
    pub no_mail: bool,
    pub from: String,
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    pub listen: Option<String>,
}

pub(super) struct Api {
    pub endpoint: String,
    pub token: SecretString,
    pub expires: Option<Date>,
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
    pub instructeur: Option<String>,
}

impl Answers {
    pub(super) fn listen(&self) -> &str {
        self.listen.as_deref().unwrap_or(LISTEN)
    }
}

/// The token that a file holds.
pub(super) fn token_in(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("--token-file: {} cannot be read", path.display()))
}

pub(super) fn addresses(text: &str) -> Vec<String> {
    text.split([',', ';']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// An address that holds a password.
fn is_secret(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
}

/// What a service reads from a file of its own: a password, and any server of bases, over which its unit would otherwise
/// put a file.
fn is_apart(url: &str) -> bool {
    is_secret(url) || url.starts_with("postgres")
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
    let hidden = apart && is_apart(&answers.store);
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
        if is_apart(url) {
            text.push_str(&format!("{name}={url}\n"));
        }
    }
    text
}

/// The shipped unit for this program and this folder.
fn unit(folder: &Path, config: &Path) -> anyhow::Result<String> {
    let program = std::env::current_exe().context("this program's own path")?;
    let folder = fs::canonicalize(folder)?;
    let name = config.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (program, folder) = (program.display().to_string(), folder.display().to_string());
    for path in [&program, &folder, &name] {
        if path.contains(char::is_whitespace) || path.contains(['%', '"', '\\']) {
            bail!("{path}: a unit cannot name it; choose a path without blanks, quotes and %");
        }
    }
    let text = UNIT
        .replace("/usr/bin/vigie", &program)
        .replace("/etc/vigie/vigie.toml", &format!("{folder}/{name}"));
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
    let unit = options.unit.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let service = words::Service {
        unit: unit.as_deref().unwrap_or("vigie"),
        is_new: unit.is_some(),
        program: &program,
        folder: &folder,
        config: &config,
        has_token: answers.api.is_some(),
    };
    Ok(words::next_of_service(&service, answers.listen(), by_exports))
}

/// The files of this configuration that exist.
pub(super) fn there(config: &Path, folder: &Path, options: &InitOptions) -> Vec<String> {
    let mut all = vec![config.to_owned(), folder.join("form.toml"), folder.join("jeton")];
    if options.for_a_service() {
        all.push(folder.join("secrets.env"));
    }
    all.extend(options.unit.clone());
    all.into_iter().filter(|path| path.exists()).map(|path| path.display().to_string()).collect()
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
    // A folder that is made for a service is entered by its account.
    let shared = options.for_a_service();
    if !folder.exists() {
        crate::private::folder(folder)?;
        let mode = if shared { 0o755 } else { 0o700 };
        fs::set_permissions(folder, Permissions::from_mode(mode))?;
    }
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
        files.push((path.clone(), unit(folder, config)?, 0o644));
    }
    for (path, text, mode) in files {
        let shown = path.display().to_string();
        if path.exists() && !options.overwrite && !asker.yes(&words::replace(&shown), false)? {
            asker.tell(&words::kept(&shown));
            continue;
        }
        let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Whole or not at all, and never open to others on the way.
        let mut file = tempfile::NamedTempFile::new_in(beside).with_context(|| shown.clone())?;
        file.write_all(text.as_bytes()).with_context(|| shown.clone())?;
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
        file.persist(&path).with_context(|| shown.clone())?;
        asker.good(&words::written(&shown, mode));
    }
    if let Some(exports) = &answers.exports {
        let path = folder.join(exports);
        if !path.exists() {
            crate::private::folder(&path).with_context(|| path.display().to_string())?;
            let mode = if shared { 0o755 } else { 0o700 };
            fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            store: "sqlite:vigie.db".to_owned(),
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
        answers.api = None;
        answers.exports = Some("exports".to_owned());
        let settings: crate::config::Settings = toml::from_str(&configuration(&answers, false)).unwrap();
        settings.validate().unwrap();
        assert!(settings.dn.all().is_empty());
    }
}

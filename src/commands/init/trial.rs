//! Each answer tried live, as the daemon would use it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::answers::Answers;
use super::files::{configuration, missing};
use crate::clock::Clock;
use crate::commands::access::access;
use crate::commands::{check_platform, form, mail_lines, mailer_of, open, platform as door, recipients};
use crate::config::{ConfigError, DnAlso, Settings};
use crate::daemon::schedule::Duties;
use crate::dn::RawDossier;
use crate::dn::form::{Descriptor, FormMap, LiveForm};
use crate::dn::propose::FormProposal;
use crate::dn::resolve::resolve;
use label::wording::init as words;

/// The settings that the answers so far make.
fn settings(folder: &Path, answers: &Answers) -> anyhow::Result<Settings> {
    let text = configuration(answers, false);
    let mut settings: Settings = toml::from_str(&text).context("the configuration")?;
    folder.clone_into(&mut settings.folder);
    settings.dn.token_file = None;
    settings.dn.token = answers.api.as_ref().map(|api| api.token.clone());
    Ok(settings)
}

/// Whether the pages may be served there: it is asked nowhere else who may read them.
pub(super) fn pages(listen: Option<&str>) -> Result<(), ConfigError> {
    let Some(listen) = listen else { return Ok(()) };
    let why = || ConfigError::new("--listen", "not an address and a port; example: 127.0.0.1:8080");
    let listen: std::net::SocketAddr = listen.parse().map_err(|_| why())?;
    if listen.ip().is_loopback() {
        return Ok(());
    }
    let why = format!(
        "only a loopback address is accepted without [web.oidc] or [web.proxy], which init does not write: keep \
         127.0.0.1:{0} behind a proxy, or add one of them afterwards, then set web.listen = \"{listen}\"",
        listen.port()
    );
    Err(ConfigError::new("--listen", why))
}

/// Why the pages could not be served there now, if they could not.
pub(super) fn taken(listen: &str) -> Option<String> {
    std::net::TcpListener::bind(listen).err().map(|error| words::taken(listen, &error.to_string()))
}

/// What the daemon would refuse of the whole when it starts.
pub(super) fn whole(folder: &Path, answers: &Answers) -> anyhow::Result<()> {
    let settings = settings(folder, answers)?;
    settings.validate()?;
    Duties::new(&settings.schedule)?;
    recipients(&settings)?;
    access(&settings)?;
    mailer_of(&settings)?;
    Ok(())
}

/// The form, and a first dossier.
pub(super) async fn platform(
    folder: &Path,
    answers: &Answers,
) -> anyhow::Result<(LiveForm, Vec<RawDossier>)> {
    form::read(&door(&settings(folder, answers)?)?, &Clock::System).await
}

/// The number of the dossier in whose group the member is; `None` where no dossier shows it.
pub(super) async fn member(
    folder: &Path,
    live: &LiveForm,
    proposal: &FormProposal,
    dossiers: &[RawDossier],
    answers: &Answers,
) -> anyhow::Result<Option<i64>> {
    let settings = settings(folder, answers)?;
    let section: DnAlso = settings.dn.all().into_iter().next().unwrap_or_default();
    let mut text = Vec::new();
    form::write(live, proposal, "", &mut text);
    let map: FormMap = toml::from_str(&String::from_utf8_lossy(&text)).context("form.toml")?;
    let resolved = resolve(&map, live);
    let member = section.instructeur.as_deref();
    let facts = dossiers.iter().find_map(|raw| raw.read(&resolved, member).ok());
    match facts {
        None => Ok(None),
        Some(facts) if facts.author.is_some() => Ok(Some(facts.number)),
        Some(facts) => bail!("{}", words::no_member(facts.number)),
    }
}

/// Folders that a trial made: nothing is written before the last answer.
struct Tried(Vec<PathBuf>);

impl Drop for Tried {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// The engine of the store.
pub(super) async fn store(folder: &Path, answers: &Answers) -> anyhow::Result<String> {
    let settings = settings(folder, answers)?;
    let Some(file) = answers.store.strip_prefix("sqlite:") else {
        return Ok(open(&settings).await?.0.engine().to_string());
    };
    let file = folder.join(file.trim_start_matches("//").split('?').next().unwrap_or_default());
    let is_ours = !file.exists();
    let place = file.parent().unwrap_or(folder);
    let _made = Tried(missing(place));
    crate::private::folder(place).map_err(|error| {
        let why = format!(
            "{} cannot be written ({error}): name a file in a folder that this account may write",
            place.display()
        );
        ConfigError::new("store.url", why)
    })?;
    let engine = open(&settings).await.map(|(store, _)| store.engine().to_string());
    if is_ours {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
    }
    engine
}

/// Whether the server takes us and our sender; nothing is sent. What a service writes in a folder is not tried: this account
/// could write where that of the service cannot.
pub(super) async fn mail(folder: &Path, answers: &Answers, service: bool) -> anyhow::Result<()> {
    let settings = settings(folder, answers)?;
    let Some(mailer) = mailer_of(&settings)? else { bail!("{}", words::NO_MAIL) };
    if service && answers.smtp.starts_with("file:") {
        return Ok(());
    }
    if let Err(error) = mail_lines::each(&mailer, &[]).await {
        bail!("{}", mail_lines::meaning(&error));
    }
    Ok(())
}

/// Whether mails can be sent to these addresses.
pub(super) fn addresses(folder: &Path, answers: &Answers) -> Result<(), ConfigError> {
    recipients(&settings(folder, answers).map_err(|error| ConfigError::new("recipients", error.to_string()))?)
        .map(drop)
}

/// Whether a text is the address of a platform.
pub(super) fn endpoint(text: &str) -> Result<(), ConfigError> {
    let address = reqwest::Url::parse(text).ok();
    match address.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        true => Ok(()),
        false => {
            let why = "not an address; example: https://demarche.numerique.gouv.fr/api/v2/graphql";
            Err(ConfigError::new("dn.endpoint", why))
        }
    }
}

/// Whether the folder of exports can be made, or read where it is.
pub(super) fn exports(folder: &Path, exports: &str) -> Result<(), ConfigError> {
    let path = folder.join(exports);
    let tried =
        if path.is_dir() { std::fs::read_dir(&path).map(drop) } else { crate::private::try_out(&path) };
    tried.map_err(|error| {
        let why = format!(
            "{} cannot be used ({}): name a folder that this account may make",
            path.display(),
            error.kind()
        );
        ConfigError::new("exports.folder", why)
    })
}

/// The last day of a token is to come.
pub(super) fn last_day(expires: Option<Date>) -> Result<(), ConfigError> {
    match expires.filter(|day| *day < Clock::System.today()) {
        None => Ok(()),
        Some(day) => {
            let why = format!("{day} is over: make a new token on the platform, and give its last day");
            Err(ConfigError::new("--token-expires", why))
        }
    }
}

pub(super) fn said(error: &anyhow::Error) -> String {
    check_platform::said(error, "dn.endpoint")
}

/// The label of a field of the form.
pub(super) fn label_of(live: &LiveForm, id: Option<&str>) -> Option<String> {
    let all = live.champs.iter().chain(&live.annotations);
    let found = all.flat_map(|field: &Descriptor| std::iter::once(field).chain(&field.children));
    found
        .into_iter()
        .find(|field| Some(field.id.as_str()) == id)
        .map(|field| label::plain::line(&field.label))
}

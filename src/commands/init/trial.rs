//! Each answer tried live, as the daemon would use it.

use std::path::Path;

use anyhow::{Context, bail};

use super::files::{Answers, configuration};
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

/// The engine of the store. What a service keeps in a file is made by its own account, when it starts.
pub(super) async fn store(folder: &Path, answers: &Answers, service: bool) -> anyhow::Result<String> {
    let settings = settings(folder, answers)?;
    if service && answers.store.starts_with("sqlite:") {
        return Ok("SQLite".to_owned());
    }
    let Some(file) = answers.store.strip_prefix("sqlite:") else {
        return Ok(open(&settings).await?.0.engine().to_string());
    };
    crate::private::folder(folder)?;
    let file = folder.join(file.trim_start_matches("//").split('?').next().unwrap_or_default());
    let is_ours = !file.exists();
    let (store, _) = open(&settings).await?;
    let engine = store.engine().to_string();
    drop(store);
    // Nothing is written before the last answer: the program makes it again when it starts.
    if is_ours {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
    }
    Ok(engine)
}

/// Whether the server takes us and our sender; nothing is sent.
pub(super) async fn mail(folder: &Path, answers: &Answers, service: bool) -> anyhow::Result<()> {
    if service && answers.smtp.starts_with("file:") {
        return Ok(());
    }
    let settings = settings(folder, answers)?;
    let Some(mailer) = mailer_of(&settings)? else { bail!("{}", words::NO_MAIL) };
    if let Err(error) = mail_lines::each(&mailer, &[]).await {
        bail!("{}", mail_lines::meaning(&error));
    }
    Ok(())
}

pub(super) fn said(error: &anyhow::Error) -> String {
    check_platform::said(error)
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

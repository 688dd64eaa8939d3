//! What each command does. Printing goes through the writer that `main.rs` gives: what a person reads is French,
//! errors about the configuration are English.

mod access;
pub mod agenda;
pub mod annex;
pub mod backup;
pub mod calendar;
pub mod callback;
pub mod check;
mod check_bodies;
mod check_machine;
mod check_platform;
mod check_private;
mod checker;
pub mod conformance;
#[cfg(feature = "simulator")]
pub mod demo;
pub mod draw;
pub mod explain;
pub mod forget;
pub mod form;
pub mod import;
pub mod init;
pub mod journal;
mod letterhead;
pub mod mail;
mod mail_lines;
#[cfg(feature = "simulator")]
mod narrator;
pub mod record;
pub mod register;
pub mod replay;
pub mod run;
mod seat;
pub mod sessions;
mod sign_in_lines;
mod signals;
#[cfg(feature = "simulator")]
pub mod simulate;
pub mod template;
pub mod token;
pub mod upcoming;
mod watch;
pub mod webhook;

use std::io::{IsTerminal, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use access::access;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::config::{BodySettings, ConfigError, DnAlso, Settings, Since};
use crate::copies::{BucketKeys, Copies};
use crate::daemon::attachments::AttachmentReading;
use crate::daemon::exports::ExportReading;
use crate::daemon::progress::Progress;
use crate::daemon::quiet::Quiet;
use crate::daemon::schedule::Duties;
use crate::daemon::source::Source;
use crate::daemon::{Acting, Daemon, Desk};
use crate::dn::files::FileDoor;
use crate::dn::{Dn, Endpoint, Scope};
use crate::documents::tables::layout::requests;
use crate::documents::{Clamd, Documents};
use crate::exports::Columns;
use crate::hooks::Hook;
use crate::mail::{self as post, DropFolder, Mailer};
use crate::store::{self, Store};

/// How a command ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandOutcome {
    Done,
    /// Something failed and was printed.
    Failed,
}

/// Writes one line. A write error (a closed pipe) is ignored.
pub fn say(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}");
}

fn scope(section: &DnAlso) -> Scope {
    Scope { demarche: section.demarche, groupe: section.groupe }
}

/// The section of `[dn]` itself.
fn platform(settings: &Settings) -> anyhow::Result<Dn> {
    let sections = settings.dn.all();
    let Some(section) = sections.first() else {
        return Err(ConfigError::new(
            "dn.demarche",
            "no démarche is read by the API: there is no live form to look at",
        )
        .into());
    };
    Ok(Dn::new(endpoint(settings, section)?, scope(section), section.instructeur.clone()))
}

fn endpoint(settings: &Settings, section: &DnAlso) -> anyhow::Result<Endpoint> {
    let (token, file) = settings.token(section)?;
    let url = section.endpoint.as_deref().unwrap_or_default();
    let pace = NonZeroU32::new(settings.dn.requests_per_minute).unwrap_or(NonZeroU32::MIN);
    Ok(Endpoint::new(url, token)?.with_token_file(file).with_pace(pace))
}

/// Every section of `[dn]`. Sections with the same address and token share one rate limiter, because the platform
/// counts requests by token.
fn sources(settings: &Settings) -> anyhow::Result<Vec<Source>> {
    let mut endpoints: Vec<(String, String, Endpoint)> = Vec::new();
    let mut sources = Vec::new();
    for section in settings.dn.all() {
        let token = settings.token(&section)?.0.expose_secret().to_owned();
        let url = section.endpoint.clone().unwrap_or_default();
        let shared = endpoints.iter().find(|(at, with, _)| *at == url && *with == token);
        let endpoint = match shared {
            Some((_, _, endpoint)) => endpoint.clone(),
            None => {
                let endpoint = endpoint(settings, &section)?;
                endpoints.push((url, token, endpoint.clone()));
                endpoint
            }
        };
        let dn = Dn::new(endpoint, scope(&section), section.instructeur.clone());
        sources.push(Source::new(dn, settings.form_map(&section)?).set_by(section.keys));
    }
    Ok(sources)
}

/// What sends mails, where it may.
fn mailer(settings: &Settings) -> anyhow::Result<Option<Mailer>> {
    let mailer = mailer_of(settings)?;
    Ok(mailer.filter(|_| settings.act.mail))
}

/// What can send mails, even where `act.mail` is false.
fn mailer_of(settings: &Settings) -> anyhow::Result<Option<Mailer>> {
    let (Some(url), Some(from)) = (&settings.mail.smtp, &settings.mail.from) else { return Ok(None) };
    let url = settings.resolve_url(url.expose_secret(), "file:");
    let authority = settings
        .mail
        .ca_file
        .as_ref()
        .map(|path| settings.beside(path))
        .map(|path| crate::config::read_bytes(&path, "mail.ca_file"));
    let authority = authority.transpose()?;
    let server = post::MailServer {
        authority: authority.as_deref(),
        connections: settings.mail.connections,
        ..post::MailServer::at(&url)
    };
    let mailer = Mailer::over(&server, from, settings.mail.reply_to.as_deref()).map_err(configuration)?;
    let mut mailer = mailer.signed(letterhead::letterhead(settings));
    for (rank, body) in settings.organismes.iter().enumerate() {
        let letterhead = letterhead::letterhead_of(settings, rank, body);
        let reply_to = body.reply_to.as_ref().or(body.addresses.first());
        mailer = mailer
            .signed_for(body.nom.trim(), reply_to.map(String::as_str), letterhead)
            .map_err(configuration)?;
    }
    Ok(Some(mailer))
}

/// The addresses of the certification body and of DITP, as mails go to them.
fn recipients(settings: &Settings) -> Result<[Vec<String>; 2], ConfigError> {
    let read = |key, list: &[String]| {
        post::recipients(list).map_err(|(rank, fault)| {
            let why = format!(
                "number {rank} is no address to write to ({fault}); example: label@organisme.example"
            );
            ConfigError::new(key, why)
        })
    };
    let (organisme, ditp) = (&settings.recipients.organisme, &settings.recipients.ditp);
    Ok([read("recipients.organisme", organisme)?, read("recipients.ditp", ditp)?])
}

/// Each of several certification bodies, with its addresses as mails go to them.
fn desks(settings: &Settings) -> Result<Vec<Desk>, ConfigError> {
    let desk = |(rank, body): (usize, &BodySettings)| {
        let addresses = post::recipients(&body.addresses).map_err(|(number, fault)| {
            let why = format!(
                "number {number} is no address to write to ({fault}); example: label@organisme.example"
            );
            ConfigError::new(format!("organismes[{rank}].addresses"), why)
        })?;
        Ok(Desk { name: body.nom.trim().to_owned(), addresses })
    };
    settings.organismes.iter().enumerate().map(desk).collect()
}

/// The receivers of `[[webhooks]]`, then those of each body; an error names the key and quotes neither address nor secret.
fn hooks(settings: &Settings) -> anyhow::Result<Vec<Hook>> {
    let general = settings.webhooks.iter().enumerate();
    let general = general.map(|(rank, section)| (format!("webhooks[{rank}]"), None, section));
    let of_bodies = settings.organismes.iter().enumerate().flat_map(|(rank, body)| {
        let name = body.nom.trim();
        let place = move |hook| format!("organismes[{rank}].webhooks[{hook}]");
        body.webhooks.iter().enumerate().map(move |(hook, section)| (place(hook), Some(name), section))
    });
    let mut hooks: Vec<Hook> = Vec::new();
    for (rank, (section_place, body, section)) in general.chain(of_bodies).enumerate() {
        let place = |key: &str| format!("{section_place}.{key}");
        let secret =
            settings.webhook_secret(section).map_err(|why| ConfigError::new(place("secret_file"), why))?;
        let url = section.url.as_ref().map_or("", |url| url.expose_secret());
        let hook = Hook::new(rank + 1, url, secret.expose_secret(), &section.events)
            .map_err(|(key, why)| ConfigError::new(place(key), why))?
            .about(body);
        if hooks.iter().any(|other| other.id == hook.id) {
            return Err(ConfigError::new(place("url"), "already named by an earlier section").into());
        }
        hooks.push(hook);
    }
    Ok(hooks)
}

/// The store, and the case book over it.
async fn open(settings: &Settings) -> anyhow::Result<(Store, CaseBook)> {
    let (url, direct) = store_urls(settings);
    over(settings, Store::open_with(&url, direct).await)
}

/// The same, for a look: no mode of a file is changed.
async fn open_as_it_is(settings: &Settings) -> anyhow::Result<(Store, CaseBook)> {
    let (url, direct) = store_urls(settings);
    over(settings, Store::open_as_it_is(&url, direct).await)
}

/// The address of the store, and that of PostgreSQL itself.
fn store_urls(settings: &Settings) -> (String, Option<&str>) {
    let direct = settings.store.direct_url.as_ref().map(|url| url.expose_secret());
    (settings.resolve_url(&settings.store.url, "sqlite:"), direct)
}

/// The case book over a store that was opened, or why it was not, with the key that names it.
fn over(settings: &Settings, opened: store::Result<Store>) -> anyhow::Result<(Store, CaseBook)> {
    let store = opened.map_err(|error| match error {
        store::Error::Url(why) => ConfigError::new("store.url", why).into(),
        store::Error::Direct(why) => ConfigError::new("store.direct_url", why).into(),
        store::Error::Unopened(unopened) => {
            let key = unopened.key;
            anyhow::Error::from(store::Error::Unopened(unopened)).context(key)
        }
        other => anyhow::Error::from(other).context("store.url"),
    })?;
    let extra_holidays = settings.guide.extra_holidays.clone();
    let book = CaseBook::new(&store, Clock::System, settings.choices()?, extra_holidays)
        .shared_by(settings.bodies());
    Ok((store, book))
}

/// Why a store could not be opened, for whoever runs the program.
fn store_said(error: &anyhow::Error) -> String {
    match error.downcast_ref::<store::Error>() {
        Some(own) if own.said() != own.to_string() => own.said(),
        _ => format!("{error:#}"),
    }
}

/// Marks the error as a configuration error, for which the program exits with 2.
fn configuration(error: post::MailError) -> anyhow::Error {
    match error {
        post::MailError::Configuration { key, why } => ConfigError::new(key, why).into(),
        other => other.into(),
    }
}

/// What reading attachments takes.
fn reading(settings: &Settings) -> anyhow::Result<AttachmentReading> {
    let clamd = settings.documents.clamd.as_deref().map(Clamd::parse).transpose();
    let documents = Documents {
        program: std::env::current_exe()?,
        antivirus: clamd.map_err(|why| ConfigError::new("documents.clamd", why))?,
        max_bytes: settings.documents.max_bytes,
        tables: requests(&settings.tables()?, &settings.choices()?),
    };
    let door = FileDoor::new(&settings.dn.endpoint, &settings.dn.file_hosts)?;
    Ok(AttachmentReading { door, documents, copies: copies(settings)? })
}

/// Where copies of attachments are stored; `None` when the settings ask for no copies.
fn copies(settings: &Settings) -> anyhow::Result<Option<Copies>> {
    let evidence = &settings.evidence;
    if !evidence.keep {
        return Ok(None);
    }
    let Some(url) = evidence.bucket.as_deref().filter(|url| !url.trim().is_empty()) else {
        return Ok(Some(Copies::in_folder(settings.beside(&evidence.folder))));
    };
    let secret_key = &settings.bucket_secret()?;
    let access_key = evidence.access_key.as_deref().unwrap_or_default().trim();
    let keys = BucketKeys { url, region: evidence.region.trim(), access_key, secret_key };
    let copies = Copies::in_bucket(&keys);
    Ok(Some(copies.map_err(|(key, why)| ConfigError::new(format!("evidence.{key}"), why))?))
}

/// The daemon that the settings describe.
async fn daemon(settings: &Settings, dry_run: bool, quiet: Quiet) -> anyhow::Result<Arc<Daemon>> {
    settings.validate()?;
    Duties::new(&settings.schedule)?;
    let since = match settings.act.since {
        Since::Start => None,
        Since::On(day) => Some(day),
    };
    let mut token_ends: Vec<_> =
        settings.dn.all().iter().filter_map(|section| section.token_expires).collect();
    token_ends.sort();
    token_ends.dedup();
    let [organisme, ditp] = recipients(settings)?;
    let (store, book) = open(settings).await?;
    let reading = if settings.documents.inspect { Some(reading(settings)?) } else { None };
    let exports = ExportReading {
        folder: settings.exports.folder.as_ref().map(|folder| settings.beside(folder)),
        columns: Columns::of(&settings.exported_form_map()?),
        demarche: settings.exports.demarche,
        program: std::env::current_exe()?,
    };
    // Nothing can be written without the API.
    let by_api = !settings.dn.all().is_empty();
    Ok(Arc::new(Daemon {
        reading,
        exports: Some(exports),
        stop: CancellationToken::new(),
        sources: sources(settings)?,
        store,
        book,
        mailer: mailer(settings)?,
        hooks: hooks(settings)?,
        acting: Acting {
            annotations: settings.act.annotations && by_api,
            mail: settings.act.mail,
            messages: settings.act.messages && by_api,
            dry_run,
            since,
            token_ends,
            organisme,
            desks: desks(settings)?,
            ditp,
            returned: settings.mail.returned.as_ref().map(|path| DropFolder::at(settings.beside(path))),
            mails_per_day: settings.mail.per_day,
            known_days: settings.mail.known_days,
            quiet,
        },
        terms: settings.record.keep.terms(),
        replica: Default::default(),
        activity: Default::default(),
        progress: if std::io::stderr().is_terminal() { Progress::on_terminal() } else { Progress::default() },
    }))
}

/// Where the settings were looked for: `--config`, else `$VIGIE_CONFIG`, else `config/vigie.toml`.
#[must_use]
pub fn default_config() -> PathBuf {
    PathBuf::from("config/vigie.toml")
}

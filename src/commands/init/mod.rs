//! `vigie init`: asks what is needed, tries each answer, proposes the form, and writes the files.

mod ask;
mod files;
mod options;
mod trial;

use std::io::{BufRead, Write};
use std::path::Path;

use secrecy::SecretString;

use super::CommandOutcome;
use crate::config::ConfigError;
use crate::dn::form::LiveForm;
use crate::dn::propose::words::Synonyms;
use crate::dn::propose::{FieldMatch, FormProposal, propose};
use ask::{Asker, CannotAsk};
use files::{Answers, Api};
use label::wording::init as words;
pub use options::InitOptions;

/// Where one step ended without an answer that works.
#[derive(Debug, thiserror::Error)]
#[error("stopped: nothing was written")]
struct Stopped;

/// # Errors
/// When an answer is missing and nothing may be asked, or a file cannot be written.
pub async fn init(
    config: &Path,
    options: InitOptions,
    token: Option<String>,
    input: &mut (dyn BufRead + Send),
    out: &mut (dyn Write + Send),
) -> anyhow::Result<CommandOutcome> {
    let mut asker = Asker { input, out, silent: options.yes };
    match Box::pin(run(config, &options, token, &mut asker)).await {
        Err(error) if error.is::<CannotAsk>() => Err(ConfigError::new("init", error.to_string()).into()),
        Err(error) if error.is::<Stopped>() => {
            asker.tell(words::STOPPED);
            Ok(CommandOutcome::Failed)
        }
        outcome => outcome,
    }
}

async fn run(
    config: &Path,
    options: &InitOptions,
    token: Option<String>,
    asker: &mut Asker<'_>,
) -> anyhow::Result<CommandOutcome> {
    let folder = config.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let there = files::there(config, folder, options);
    if options.yes && !options.overwrite && !there.is_empty() {
        let why = format!("{} is already there; --overwrite replaces it", there.join(", "));
        return Err(ConfigError::new("init", why).into());
    }
    trial::pages(options.listen.as_deref())?;
    asker.tell(&words::heading(&config.display().to_string()));
    let mut answers = Answers { listen: options.listen.clone(), ..Answers::default() };
    let found = match by_api(options, token.is_some(), asker)? {
        true => Some(Box::pin(api(folder, options, token, &mut answers, asker)).await?),
        false => {
            let folder = options.exports.as_ref().map(|path| path.display().to_string());
            answers.exports = Some(asker.text(words::EXPORTS, folder, Some("exports"))?);
            None
        }
    };
    store(folder, options, &mut answers, asker).await?;
    mail(folder, options, &mut answers, asker).await?;
    let form = match found {
        Some((live, mut proposal)) => {
            decide(&live, &mut proposal, asker)?;
            let mut text = Vec::new();
            super::form::write(&live, &proposal, "", &mut text);
            String::from_utf8_lossy(&text).into_owned()
        }
        None => files::SHIPPED_FORM.to_owned(),
    };
    trial::whole(folder, &answers)?;
    files::write(config, folder, &answers, &form, options, asker)?;
    asker.tell(&files::next(config, folder, &answers, options)?);
    Ok(CommandOutcome::Done)
}

fn by_api(options: &InitOptions, token: bool, asker: &mut Asker<'_>) -> Result<bool, CannotAsk> {
    if options.exports.is_some() {
        return Ok(false);
    }
    if token || options.token_file.is_some() || options.demarche.or(options.groupe).is_some() {
        return Ok(true);
    }
    if asker.silent {
        return Err(CannotAsk(
            "--demarche N or --groupe N with --token-file FILE; without a token, --exports FOLDER",
        ));
    }
    asker.yes(words::HAS_TOKEN, true)
}

/// Reads the form with the token, and proposes its map; asked again until it works.
async fn api(
    folder: &Path,
    options: &InitOptions,
    mut token: Option<String>,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<(LiveForm, FormProposal)> {
    if let Some(path) = &options.token_file {
        token = Some(files::token_in(path)?);
    }
    let mut first = Some(options);
    loop {
        let given = first.take();
        let usual = crate::config::DnSettings::default().endpoint;
        let endpoint = given.and_then(|given| given.endpoint.clone());
        let endpoint = asker.text(words::ENDPOINT, endpoint, Some(&usual))?;
        let token_text = asker.secret(words::TOKEN, given.and(token.take()))?;
        let (demarche, groupe) = match given.map(|given| (given.demarche, given.groupe)) {
            Some((None, None)) | None => asker.scope()?,
            Some(numbers) => numbers,
        };
        let read =
            crate::dn::token::read(&token_text).map_err(|why| anyhow::anyhow!("{}", words::token(why)));
        answers.api = Some(Api {
            endpoint,
            token: SecretString::from(read.as_ref().cloned().unwrap_or_default()),
            expires: options.token_expires,
            demarche,
            groupe,
            instructeur: options.instructeur.clone(),
        });
        let tried = match read {
            Ok(_) => trial::platform(folder, answers).await,
            Err(error) => Err(error),
        };
        match tried {
            Ok((live, dossiers)) => {
                asker.good(&words::platform(live.demarche, &live.title));
                let proposal = propose(&live, &synonyms(folder)?);
                member(folder, &live, &proposal, &dossiers, answers, asker).await?;
                return Ok((live, proposal));
            }
            Err(error) => again(&trial::said(&error), asker)?,
        }
    }
}

fn synonyms(folder: &Path) -> anyhow::Result<Synonyms> {
    let settings = crate::config::Settings { folder: folder.to_owned(), ..Default::default() };
    Ok(settings.synonyms()?)
}

/// In whose name vigie writes; nobody: nothing is written on the platform.
async fn member(
    folder: &Path,
    live: &LiveForm,
    proposal: &FormProposal,
    dossiers: &[crate::dn::RawDossier],
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    loop {
        let Some(api) = answers.api.as_mut() else { return Ok(()) };
        let address = asker.text(words::INSTRUCTEUR, api.instructeur.take(), Some(""))?;
        if address.is_empty() {
            asker.tell(words::WRITES_NOTHING);
            return Ok(());
        }
        api.instructeur = Some(address);
        match trial::member(folder, live, proposal, dossiers, answers).await {
            Ok(None) => break asker.good(words::NO_DOSSIER),
            Ok(Some(number)) => break asker.good(&words::member(number)),
            Err(error) => again(&error.to_string(), asker)?,
        }
        answers.api.iter_mut().for_each(|api| api.instructeur = None);
    }
    Ok(())
}

async fn store(
    folder: &Path,
    options: &InitOptions,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let mut given = options.store.clone();
    loop {
        answers.store = asker.text(words::STORE, given.take(), Some("sqlite:vigie.db"))?;
        match trial::store(folder, answers, options.for_a_service()).await {
            Ok(engine) => break asker.good(&words::store(engine)),
            Err(error) => again(&format!("{error:#}"), asker)?,
        }
    }
    Ok(())
}

async fn mail(
    folder: &Path,
    options: &InitOptions,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let mut given = (options.smtp.clone(), options.from.clone());
    loop {
        let smtp = given.0.take().or(options.no_mail.then(|| words::NO_SERVER.to_owned()));
        let smtp = asker.text(words::SMTP, smtp, Some("file:courriels"))?;
        if smtp == words::NO_SERVER {
            answers.no_mail = true;
            asker.tell(words::SENDS_NOTHING);
            return Ok(());
        }
        answers.smtp = smtp;
        let body = options.organisme.first().map(String::as_str);
        answers.from = asker.text(words::FROM, given.1.take(), body)?;
        match trial::mail(folder, answers, options.for_a_service()).await {
            Ok(()) => break asker.good(words::MAIL),
            Err(error) => again(&error.to_string(), asker)?,
        }
    }
    let list = |asker: &mut Asker<'_>, question, given: &[String], usual: Option<&str>| {
        let given = (!given.is_empty()).then(|| given.join(", "));
        asker.text(question, given, usual).map(|text| files::addresses(&text))
    };
    answers.organisme = list(asker, words::ORGANISME, &options.organisme, Some(&answers.from.clone()))?;
    answers.ditp = list(asker, words::DITP, &options.ditp, Some(""))?;
    Ok(())
}

/// Has a person decide where the proposal is not sure; a key that is refused is left out.
fn decide(live: &LiveForm, proposal: &mut FormProposal, asker: &mut Asker<'_>) -> anyhow::Result<()> {
    let sure = proposal.lines.iter().filter(|line| matches!(line.found, FieldMatch::Sure(_))).count();
    asker.good(&words::fields(sure, proposal.lines.len()));
    for line in &mut proposal.lines {
        let FieldMatch::Maybe(label, _) = &line.found else { continue };
        let shown = trial::label_of(live, line.field.as_deref()).unwrap_or_else(|| label.clone());
        if !asker.silent && !asker.yes(&words::is_it(line.key, &shown), true)? {
            line.found = FieldMatch::Missing;
            line.field = None;
        }
    }
    // The last lines of the file say which field each key has.
    for field in &mut proposal.fields {
        let used = |line: &crate::dn::propose::ProposedLine| line.field.as_deref() == Some(field.id.as_str());
        field.used_by = proposal.lines.iter().find(|line| used(line)).map(|line| line.key);
    }
    let left = proposal.lines.iter().filter(|line| matches!(line.found, FieldMatch::Ambiguous(_))).count();
    if left > 0 {
        asker.tell(&words::left(left));
    }
    Ok(())
}

/// Says why it does not work; whoever does not want to answer again stops here.
fn again(why: &str, asker: &mut Asker<'_>) -> anyhow::Result<()> {
    asker.bad(why);
    if asker.silent || !asker.yes(words::AGAIN, true)? {
        return Err(Stopped.into());
    }
    Ok(())
}

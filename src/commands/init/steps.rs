//! Each question, asked again until its answer works; the last answers are the usual ones of the next round.

use std::path::Path;

use secrecy::SecretString;

use super::answers::{Answers, Api};
use super::ask::Asker;
use super::options::InitOptions;
use super::{files, service, trial};
use crate::config::ConfigError;
use crate::dn::form::LiveForm;
use crate::dn::propose::words::Synonyms;
use crate::dn::propose::{FormProposal, propose};
use label::wording::init as words;

/// Where one step ended without an answer that works.
#[derive(Debug, thiserror::Error)]
#[error("stopped: nothing was written")]
pub(super) struct Stopped;

/// Reads the form with the token, and proposes its map.
pub(super) async fn api(
    folder: &Path,
    options: &InitOptions,
    mut token: Option<String>,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<(LiveForm, FormProposal)> {
    if let Some(path) = &options.token_file {
        token = Some(files::token_in(path)?);
    }
    let (mut given, mut number) = (options.endpoint.clone(), None::<String>);
    let mut last = (crate::config::DnSettings::default().endpoint, None::<String>);
    let mut numbers = (options.demarche, options.groupe);
    loop {
        last.0 = endpoint(given.take(), &last.0, asker)?;
        let text = asker.secret(words::TOKEN, token.take(), last.1.as_deref())?;
        let (demarche, groupe) = match std::mem::take(&mut numbers) {
            (None, None) => asker.scope(number.as_deref())?,
            numbers => numbers,
        };
        number = groupe.map(|number| format!("g{number}")).or(demarche.map(|number| number.to_string()));
        let read = crate::dn::token::read(&text).map_err(|why| anyhow::anyhow!("{}", words::token(why)));
        last.1 = read.as_ref().ok().cloned();
        answers.api = Some(Api {
            endpoint: last.0.clone(),
            token: SecretString::from(last.1.clone().unwrap_or_default()),
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

fn endpoint(mut given: Option<String>, usual: &str, asker: &mut Asker<'_>) -> anyhow::Result<String> {
    loop {
        let text = asker.text(words::ENDPOINT, given.take(), Some(usual))?;
        match trial::endpoint(&text) {
            Ok(()) => return Ok(text),
            Err(error) => malformed(error, words::AN_ENDPOINT, asker)?,
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

/// Without a token: where exports are put.
pub(super) fn exports(folder: &Path, options: &InitOptions, asker: &mut Asker<'_>) -> anyhow::Result<String> {
    let mut given = options.exports.as_ref().map(|path| path.display().to_string());
    loop {
        let exports = asker.text(words::EXPORTS, given.take(), Some("exports"))?;
        match trial::exports(folder, &exports) {
            Ok(()) => return Ok(exports),
            Err(error) => again(&error.to_string(), asker)?,
        }
    }
}

pub(super) async fn store(
    folder: &Path,
    options: &InitOptions,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let (mut given, service) = (options.store.clone(), options.for_a_service());
    let mut usual = if service { answers.state.store() } else { "sqlite:vigie.db".to_owned() };
    loop {
        usual = asker.text(words::STORE, given.take(), Some(&usual))?;
        answers.store = usual.clone();
        if service && usual.starts_with("sqlite:") {
            match service::written(&usual, "sqlite:", &answers.state) {
                Ok(store) => answers.store = store,
                Err(why) => {
                    again(&why, asker)?;
                    continue;
                }
            }
            asker.good(&words::store_of_service(&answers.store));
            return Ok(());
        }
        match trial::store(folder, answers).await {
            Ok(engine) => {
                asker.good(&words::store(engine));
                return Ok(());
            }
            Err(error) => again(&crate::commands::store_said(&error), asker)?,
        }
    }
}

pub(super) async fn mail(
    folder: &Path,
    options: &InitOptions,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let (mut server, mut from) = (options.smtp.clone(), options.from.clone());
    if options.no_mail {
        server = Some(words::NO_SERVER.to_owned());
    }
    let service = options.for_a_service();
    let mut usual = if service { answers.state.mails() } else { "file:courriels".to_owned() };
    let mut sender = options.organisme.first().cloned();
    loop {
        usual = asker.text(words::SMTP, server.take(), Some(&usual))?;
        if usual == words::NO_SERVER {
            answers.no_mail = true;
            asker.tell(words::SENDS_NOTHING);
            return Ok(());
        }
        let placed =
            if service { service::written(&usual, "file:", &answers.state) } else { Ok(usual.clone()) };
        answers.smtp = match placed {
            Ok(smtp) => smtp,
            Err(why) => {
                again(&why, asker)?;
                continue;
            }
        };
        answers.from = asker.text(words::FROM, from.take(), sender.as_deref())?;
        match trial::mail(folder, answers, service).await {
            Ok(()) => break,
            Err(error) => again(&error.to_string(), asker)?,
        }
        sender = Some(answers.from.clone());
    }
    match answers.smtp.strip_prefix("file:") {
        Some(mails) => asker.good(&words::mails_in(&folder.join(mails).display().to_string())),
        None => asker.good(words::MAIL),
    }
    recipients(folder, options, answers, asker)
}

/// To whom mails go.
fn recipients(
    folder: &Path,
    options: &InitOptions,
    answers: &mut Answers,
    asker: &mut Asker<'_>,
) -> anyhow::Result<()> {
    let joined = |given: &[String]| (!given.is_empty()).then(|| given.join(", "));
    let mut given = joined(&options.organisme);
    loop {
        let text = asker.text(words::ORGANISME, given.take(), Some(&answers.from))?;
        answers.organisme = files::addresses(&text);
        match trial::addresses(folder, answers) {
            Ok(()) => break,
            Err(error) => malformed(error, words::AN_ADDRESS, asker)?,
        }
    }
    given = joined(&options.ditp);
    loop {
        let text = asker.text(words::DITP, given.take(), Some(""))?;
        answers.ditp = files::addresses(&text);
        match trial::addresses(folder, answers) {
            Ok(()) => return Ok(()),
            Err(error) => malformed(error, words::AN_ADDRESS, asker)?,
        }
    }
}

/// Says why it does not work; whoever does not want to answer again stops here.
fn again(why: &str, asker: &mut Asker<'_>) -> anyhow::Result<()> {
    asker.bad(why);
    if asker.silent || !asker.yes(words::AGAIN, true)? {
        return Err(Stopped.into());
    }
    Ok(())
}

/// Says what an answer should look like, to be asked once more.
fn malformed(error: ConfigError, why: &str, asker: &mut Asker<'_>) -> Result<(), ConfigError> {
    if asker.silent {
        return Err(error);
    }
    asker.bad(why);
    Ok(())
}

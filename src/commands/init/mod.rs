//! `vigie init`: asks what is needed, tries each answer, proposes the form, and writes the files.

mod answers;
mod ask;
mod files;
mod options;
mod service;
mod state;
mod steps;
mod trial;

use std::io::{BufRead, Write};
use std::path::Path;

use super::CommandOutcome;
use crate::config::ConfigError;
use crate::dn::form::LiveForm;
use crate::dn::propose::{FieldMatch, FormProposal};
use answers::Answers;
use ask::{Asker, CannotAsk};
use label::wording::init as words;
pub use options::InitOptions;
use steps::Stopped;

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
    ready(config, folder, options)?;
    asker.tell(&words::heading(&config.display().to_string()));
    let state = state::State::of(options);
    let mut answers = Answers { listen: options.listen.clone(), state, ..Answers::default() };
    let found = match by_api(options, token.is_some(), asker)? {
        true => Some(Box::pin(steps::api(folder, options, token, &mut answers, asker)).await?),
        false => {
            answers.exports = Some(steps::exports(folder, options, asker)?);
            None
        }
    };
    steps::store(folder, options, &mut answers, asker).await?;
    steps::mail(folder, options, &mut answers, asker).await?;
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
    trial::taken(answers.listen()).iter().for_each(|why| asker.warn(why));
    if options.for_a_service() {
        service::warnings(folder, &answers).iter().for_each(|why| asker.warn(why));
    }
    asker.tell(&service::next(config, folder, &answers, options)?);
    Ok(CommandOutcome::Done)
}

/// What is wrong with the flags and the places of the files: asking could not mend it.
fn ready(config: &Path, folder: &Path, options: &InitOptions) -> Result<(), ConfigError> {
    service::flags(config, options)?;
    let there = files::all(config, folder, options).into_iter().filter(|path| path.is_file());
    let there: Vec<String> = there.map(|path| path.display().to_string()).collect();
    if options.yes && !options.overwrite && !there.is_empty() {
        let why = format!("{} is already there; --overwrite replaces it", there.join(", "));
        return Err(ConfigError::new("init", why));
    }
    trial::pages(options.listen.as_deref())?;
    trial::last_day(options.token_expires)?;
    files::try_all(config, folder, options)
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

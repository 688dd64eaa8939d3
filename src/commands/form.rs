//! `vigie form`: reads the live form and proposes `form.toml`.

use std::io::Write;

use anyhow::{Context, bail};

use super::{CommandOutcome, platform, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::dn::form::{LiveForm, Table};
use crate::dn::propose::{FormProposal, propose};
use crate::dn::{Ask, Cursors, Dn, RawDossier, Streams};

/// # Errors
/// When the platform cannot be read.
pub async fn form(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    if settings.dn.demarche.is_none() && settings.dn.groupe.is_none() {
        settings.validate()?;
    }
    let live = live(&platform(settings)?, &Clock::System).await?;
    say(out, &format!("# Proposition pour la démarche {} « {} »", live.demarche, one_line(&live.title)));
    say(
        out,
        "# À relire : « sûr » = libellé reconnu ; « à confirmer » = ressemblance ; sinon rien de convenable.",
    );
    let proposal = propose(&live);
    for table in [Table::Champs, Table::Annotations] {
        say(out, &format!("\n[{table}]"));
        for line in proposal.lines.iter().filter(|line| line.table == table) {
            say(out, &line.to_string());
        }
    }
    choices(&proposal, out);
    Ok(CommandOutcome::Done)
}

fn choices(proposal: &FormProposal, out: &mut dyn Write) {
    for (key, options) in &proposal.choices {
        say(out, &format!("\n[choix.{key}]"));
        for (ours, option) in options {
            match option {
                Some(option) => say(out, &format!("{ours} = {}", toml::Value::from(option.as_str()))),
                None => say(out, &format!("# {ours} : aucune option ressemblante")),
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The live form, by one request; two when only the group's number is known.
///
/// # Errors
/// When the platform refuses or cannot answer, or the group holds no dossier that gives the form.
pub async fn live(dn: &Dn, clock: &Clock) -> anyhow::Result<LiveForm> {
    Ok(read(dn, clock).await?.0)
}

/// The live form, and the first dossier.
///
/// # Errors
/// As [`live`].
pub async fn read(dn: &Dn, clock: &Clock) -> anyhow::Result<(LiveForm, Vec<RawDossier>)> {
    let ask = |form_of| Ask {
        streams: Streams::Dossiers,
        cursors: Cursors::default(),
        since: jiff::Timestamp::UNIX_EPOCH,
        size: 1,
        form_of,
    };
    let number = match dn.scope().demarche {
        Some(number) => number,
        None => match dn.observe(&ask(None), clock).await?.demarche() {
            Some(number) => number,
            None => bail!(
                "dn.groupe: the group holds no dossier yet, its form cannot be known; set dn.demarche too"
            ),
        },
    };
    let page = dn.observe(&ask(Some(number)), clock).await?;
    let form = page.form.with_context(|| {
        format!("the form of démarche {number} cannot be seen with this token; check dn.demarche")
    })?;
    Ok((form, page.dossiers))
}

//! `vigie form`: reads the live form and proposes `form.toml`; with `--create`, what an administrator adds to the démarche.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, bail};

use super::{CommandOutcome, platform, say};
use crate::clock::Clock;
use crate::config::{ConfigError, Settings};
use crate::dn::form::{LiveForm, Table};
use crate::dn::propose::create::fields_to_add;
use crate::dn::propose::moved::{moved, remembered};
use crate::dn::propose::{FieldMatch, FormProposal, ProposedChoices, propose};
use crate::dn::{Ask, Cursors, Dn, RawDossier, Streams};
use label::case::keys::Key;
use label::wording::form as words;

/// # Errors
/// When the platform cannot be read, or `synonymes.toml` not be understood.
pub async fn form(settings: &Settings, create: bool, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let by_api = settings.dn.demarche.is_some() || settings.dn.groupe.is_some();
    if create && !by_api {
        to_create(&BTreeSet::new(), out);
        return Ok(CommandOutcome::Done);
    }
    if !by_api {
        settings.validate()?;
    }
    let synonyms = settings.synonyms()?;
    let live = live(&platform(settings)?, &Clock::System).await?;
    let proposal = propose(&live, &synonyms);
    if create {
        let found = proposal.lines.iter().filter(|line| line.field.is_some()).map(|line| line.key);
        to_create(&found.collect(), out);
        return Ok(CommandOutcome::Done);
    }
    let path = settings.beside(&settings.form.path);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        // What moved since could not be told, and nothing would say so.
        Err(error) => {
            let why = format!("{} cannot be read ({error})", path.display());
            return Err(ConfigError::new("form.path", why).into());
        }
    };
    write(&live, &proposal, &before, out);
    Ok(CommandOutcome::Done)
}

/// The proposal as a file; `before` is the one in use, to say what moved.
pub fn write(live: &LiveForm, proposal: &FormProposal, before: &str, out: &mut dyn Write) {
    say(out, &words::heading(live.demarche, &one_line(&live.title)));
    let count =
        |wanted: fn(&FieldMatch) -> bool| proposal.lines.iter().filter(|line| wanted(&line.found)).count();
    let sure = count(|found| matches!(found, FieldMatch::Sure(_)));
    let to_confirm = count(|found| matches!(found, FieldMatch::Maybe(..)));
    say(out, &words::counted(sure, to_confirm, proposal.lines.len() - sure - to_confirm));
    let changes = moved(before, &proposal.fields);
    if !changes.is_empty() {
        say(out, &format!("#\n{}", words::MOVED));
        changes.iter().for_each(|line| say(out, &format!("# - {}", one_line(line))));
    }
    for table in [Table::Champs, Table::Annotations] {
        say(out, &format!("\n[{table}]"));
        for line in proposal.lines.iter().filter(|line| line.table == table) {
            say(out, &line.to_string());
        }
    }
    proposal.choices.iter().for_each(|list| choices(list, out));
    say(out, &format!("\n{}", words::FIELDS));
    proposal.fields.iter().for_each(|field| say(out, &remembered(field)));
}

fn choices(ProposedChoices { table, key, values, left }: &ProposedChoices, out: &mut dyn Write) {
    let table = table.map(|table| format!("{table}.")).unwrap_or_default();
    say(out, &format!("\n[choix.{table}{key}]"));
    for (ours, option) in values {
        match option {
            Some(option) => say(out, &format!("{ours} = {}", toml::Value::from(option.as_str()))),
            None => say(out, &words::no_option(ours)),
        }
    }
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|option| one_line(option)).collect();
        say(out, &words::options_left(&left));
    }
}

fn to_create(present: &BTreeSet<Key>, out: &mut dyn Write) {
    let fields = fields_to_add(present);
    if fields.is_empty() {
        return say(out, words::NOTHING_TO_CREATE);
    }
    say(out, &words::create_heading(present.is_empty()));
    for table in [Table::Champs, Table::Annotations] {
        let of_table: Vec<_> = fields.iter().filter(|field| field.table == table).collect();
        if !of_table.is_empty() {
            say(out, &format!("\n{}\n", words::create_list(table == Table::Annotations)));
        }
        let mut rank = 0;
        for field in of_table {
            // A block that the form has already is not listed: its new cells stand alone.
            let in_block = field.block.is_some_and(|block| fields.iter().any(|other| other.key == block));
            rank += usize::from(!in_block);
            let own = [words::OWN_OPTIONS.to_owned()];
            let options = if field.key == Key::Organisme { own.as_slice() } else { &field.options };
            let kind = format!("{:?}", field.kind);
            say(out, &words::create_field(rank, &field.label, &kind, field.key.name(), options, in_block));
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
            None => bail!(words::EMPTY_GROUP),
        },
    };
    let page = dn.observe(&ask(Some(number)), clock).await?;
    let form = page.form.with_context(|| words::form_not_seen(number))?;
    Ok((form, page.dossiers))
}

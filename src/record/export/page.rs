//! The file as a page: every judgement with what was said, the facts that it was made from, and the acts that followed.

use jiff::civil::Date;
use minijinja::{Environment, Value, context};

use super::Export;
use crate::record::judged::JudgedBody;
use crate::record::said::day_of;
use crate::record::{Error, Result};
use crate::store::chain::{EntryType, RecordEntry};
use label::case::facts::{Facts, Row, Value as Fact};
use label::case::keys::Key;
use label::wording::cause;
use label::wording::record as words;
use label::wording::statement::Statement;
use label::wording::{date_full, fields, names};

const PAGE: &str = include_str!("case.html");
pub(super) const STYLE: &str = include_str!("style.css");

/// What the page is read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Earlier judgements are folded.
    Screen,
    /// Everything is open, each judgement on a sheet of its own.
    Sheet,
}

/// The page, whole: no script, no other file.
///
/// # Errors
/// When a template fails, or a day cannot be read.
pub fn html(export: &Export, paper: Paper, made: Date) -> Result<String> {
    let mut judgements = Vec::new();
    for (place, (entry, body)) in export.judgements.iter().enumerate().rev() {
        judgements.push(judgement(export, entry, body, place + 1 == export.judgements.len())?);
    }
    let acts = export.entries.iter().filter(|entry| entry.kind == EntryType::Act.word());
    let name = export.statement(&export.last.1).map(|said| said.name);
    let values = context! {
        style => STYLE,
        open => paper == Paper::Sheet,
        name => name.unwrap_or_else(|| format!("Dossier {}", export.case)),
        case => export.case,
        made => date_full(made),
        head => export.head.0,
        head_hash => export.head.1.as_str(),
        judgements,
        acts => acts.map(|entry| act(export, entry)).collect::<Result<Vec<_>>>()?,
    };
    render(PAGE, values)
}

pub(super) fn render(template: &str, values: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.add_template("page.html", template)?;
    Ok(environment.get_template("page.html")?.render(values)?)
}

fn judgement(export: &Export, entry: &RecordEntry, body: &JudgedBody, last: bool) -> Result<Value> {
    let day = day_of(entry)?;
    let statement = export.statement(body);
    let why = match cause::sentence(&body.causes) {
        why if why.is_empty() => words::FIRST.to_owned(),
        why => why,
    };
    let facts = body.dossiers.iter().map(|(number, hash)| {
        let facts = export.contents.get(hash).cloned();
        let facts: Option<Facts> = facts.and_then(|facts| serde_json::from_value(facts).ok());
        context! { number, hash => words::short(hash), facts => facts.as_ref().map(fact_lines) }
    });
    Ok(context! {
        last,
        seq => entry.seq,
        hash => entry.hash.as_str(),
        previous => words::short(&entry.previous),
        day => date_full(day),
        version => body.version.as_str(),
        edition => body.edition.as_str(),
        case_hash => words::short(&body.case),
        frame_hash => words::short(&body.frame),
        why,
        facts => facts.collect::<Vec<_>>(),
        lines => statement.as_ref().map(|said| lines(said, day)),
    })
}

fn lines(said: &Statement, day: Date) -> Vec<Value> {
    said.lines(day).into_iter().map(|(depth, text)| context! { depth, text }).collect()
}

/// The values of a dossier in words; nobody's name or address is among them.
fn fact_lines(facts: &Facts) -> Vec<Value> {
    let values = facts.values.iter().map(|(key, value)| (*key, value_of(value)));
    let unreadable = facts.unreadable.keys().map(|key| (*key, words::UNREADABLE_VALUE.to_owned()));
    let line = |(key, value): (Key, String)| context! { name => names::capital(&fields::key(key)), value };
    values.chain(unreadable).map(line).collect()
}

/// A value in words; of a repeated block, each row.
fn value_of(value: &Fact) -> String {
    let Fact::Rows(rows) = value else { return fields::value(value) };
    let cell = |(key, value): (&Key, &Fact)| format!("{} : {}", fields::key(*key), fields::value(value));
    let row = |row: &Row| row.iter().map(cell).collect::<Vec<_>>().join(", ");
    rows.iter().map(row).collect::<Vec<_>>().join(" ; ")
}

fn act(export: &Export, entry: &RecordEntry) -> Result<Value> {
    let body: serde_json::Value =
        serde_json::from_str(&entry.body).map_err(|_| Error::OtherEntry { seq: entry.seq })?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let line = export.lines.get(&text("line"));
    Ok(context! {
        seq => entry.seq,
        day => entry.day.as_str(),
        what => text("what"),
        key => text("key"),
        rule => text("rule"),
        detail => line.map(|line| if line.erased { words::ERASED_TEXT.to_owned() } else { line.detail.clone() }),
        answer => line.and_then(|line| line.answer.clone()),
        hash => words::short(&entry.hash),
    })
}

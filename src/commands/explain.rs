//! `vigie explain DOSSIER`: facts → rules → arithmetic → verdict → deadlines, on 80 columns; today, or as it was said on a
//! day of the record.

use std::io::Write;

use jiff::civil::Date;

use super::{CommandOutcome, open, say};
use crate::casebook::CaseBook;
use crate::config::Settings;
use crate::record::{again, said};
use crate::store::Store;
use label::case::Case;
use label::judge::Review;
use label::wording::exports::not_known;
use label::wording::record as words;
use label::wording::statement::Statement;

const WIDTH: usize = 80;

/// What is asked for beside the dossier.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExplainQuery {
    pub json: bool,
    /// What was said on that day, from the record.
    pub on: Option<Date>,
    /// Beside it, what this version says of the same facts.
    pub again: bool,
    /// In place of it, what was true on that day as it is known now, and what was known then.
    pub as_of: bool,
}

/// # Errors
/// When the store, the record or the configuration cannot be read.
pub async fn explain(
    settings: &Settings,
    dossier: i64,
    asked: ExplainQuery,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    if let Some(on) = asked.on {
        return recorded(settings, (&store, &book), dossier, (on, asked), out).await;
    }
    let Some((case, review)) = book.review_of(dossier).await? else {
        return Ok(unknown(settings, dossier, out));
    };
    if asked.json {
        say(out, &serde_json::to_string_pretty(&review)?);
        return Ok(CommandOutcome::Done);
    }
    if let Some(age) = super::import::age(settings, &store, &book).await? {
        print(&indented(&[age]), out);
        say(out, "");
    }
    print(&text(&case, &review), out);
    Ok(CommandOutcome::Done)
}

fn unknown(settings: &Settings, dossier: i64, out: &mut dyn Write) -> CommandOutcome {
    say(out, &not_known(dossier, settings.dn.all().is_empty()));
    CommandOutcome::Failed
}

fn print(lines: &[String], out: &mut dyn Write) {
    for line in lines {
        say(out, line);
    }
}

/// What the record holds of a day.
async fn recorded(
    settings: &Settings,
    (store, book): (&Store, &CaseBook),
    dossier: i64,
    (on, asked): (Date, ExplainQuery),
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let record = store.record();
    let found = said::on(&record, dossier, on).await?;
    if asked.as_of {
        let Some((case, review)) = book.review_of(dossier).await? else {
            return Ok(unknown(settings, dossier, out));
        };
        let known = found.as_ref().map(|said| &said.statement);
        let lines = words::as_of(on, known, &Statement::of(&case, &review), &review);
        print(&indented(&lines), out);
        return Ok(CommandOutcome::Done);
    }
    let Some(said) = found else {
        let first = said::first(&record, dossier).await?;
        say(out, &words::nothing(dossier, on, first));
        return Ok(CommandOutcome::Failed);
    };
    if asked.json {
        let value =
            serde_json::json!({ "entry": said.entry, "judgement": said.body, "statement": said.statement });
        say(out, &serde_json::to_string_pretty(&value)?);
        return Ok(CommandOutcome::Done);
    }
    let judged_on = said::day_of(&said.entry)?;
    let source = words::Source {
        seq: said.entry.seq,
        hash: &said.entry.hash,
        on: judged_on,
        until: said.until,
        version: &said.body.version,
        edition: &said.body.edition,
    };
    print(&indented(&words::source(&source)), out);
    say(out, "");
    print(&wrapped(&said.statement, judged_on), out);
    if asked.again {
        let (_, all) = again::judge(&record, &said, judged_on, &book.frame().await?).await?;
        say(out, "");
        print(&indented(&words::again(&all)), out);
    }
    Ok(CommandOutcome::Done)
}

/// Lines broken at eighty characters; what follows keeps the depth of its line.
fn indented(lines: &[String]) -> Vec<String> {
    let wrapped = lines.iter().flat_map(|line| {
        let text = line.trim_start();
        wrap(text, &" ".repeat(line.len() - text.len()))
    });
    wrapped.collect()
}

/// The whole judgement, in lines of at most eighty characters.
#[must_use]
pub fn text(case: &Case, review: &Review) -> Vec<String> {
    wrapped(&Statement::of(case, review), review.today)
}

/// What a statement says on a day, in lines of at most eighty characters.
fn wrapped(statement: &Statement, day: Date) -> Vec<String> {
    let lines = statement.lines(day);
    lines.iter().flat_map(|(depth, line)| wrap(line, &"  ".repeat(*depth))).collect()
}

/// Breaks `text` at spaces. The lines after the first are indented by two more columns.
fn wrap(text: &str, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = indent.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, format!("{indent}  ")));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_hold_on_eighty_columns() {
        let text = "mot ".repeat(60);
        let lines = wrap(text.trim(), "  ");
        assert!(lines.len() > 3 && lines.iter().all(|line| line.chars().count() <= 80));
        assert!(lines[0].starts_with("  mot") && lines[1].starts_with("    mot"));
    }
}

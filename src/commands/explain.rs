//! `vigie explain DOSSIER`: facts → rules → arithmetic → verdict → deadlines, on 80 columns.

use std::io::Write;

use jiff::civil::Date;

use super::{CommandOutcome, open, say};
use crate::config::Settings;
use label::case::Case;
use label::judge::Review;
use label::wording::statement::Statement;

const WIDTH: usize = 80;

/// # Errors
/// When the store or the configuration cannot be read.
pub async fn explain(
    settings: &Settings,
    dossier: i64,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (_, book) = open(settings).await?;
    let Some((case, review)) = book.review_of(dossier).await? else {
        say(
            out,
            &format!(
                "Dossier {dossier} inconnu. Lancez d’abord « vigie run --once » pour lire la plateforme."
            ),
        );
        return Ok(CommandOutcome::Failed);
    };
    if json {
        say(out, &serde_json::to_string_pretty(&review)?);
    } else {
        for line in text(&case, &review) {
            say(out, &line);
        }
    }
    Ok(CommandOutcome::Done)
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

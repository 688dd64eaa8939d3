//! `vigie explain DOSSIER`: facts → rules → arithmetic → verdict → deadlines, on 80 columns.

use std::io::Write;

use super::{Outcome, open, say};
use crate::config::Settings;
use label::case::Case;
use label::judge::Review;
use label::wording::{self, date_full, findings, names};

const WIDTH: usize = 80;

/// # Errors
/// When the store or the configuration cannot be read.
pub async fn explain(
    settings: &Settings,
    dossier: i64,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let (_, book) = open(settings).await?;
    let Some((case, review)) = book.review_of(dossier).await? else {
        say(
            out,
            &format!(
                "Dossier {dossier} inconnu. Lancez d’abord « vigie run --once » pour lire la plateforme."
            ),
        );
        return Ok(Outcome::Failed);
    };
    if json {
        say(out, &serde_json::to_string_pretty(&review)?);
    } else {
        for line in text(&case, &review) {
            say(out, &line);
        }
    }
    Ok(Outcome::Done)
}

/// The whole judgement, in lines of at most eighty characters.
#[must_use]
pub fn text(case: &Case, review: &Review) -> Vec<String> {
    let mut lines = Vec::new();
    let mut put = |text: &str, indent: &str| lines.extend(wrap(text, indent));
    put(&format!("{} — {}", review.name, names::service(review.service)), "");
    put(&format!("Jugé au {}. État : {}.", date_full(review.today), wording::state(review.state)), "");
    if let Some(label) = review.standing() {
        let tier = label.tier.map_or("palier non précisé", names::tier);
        let validity = wording::standing::validity(label);
        put(&format!("Label {tier} obtenu le {}. {validity}", date_full(label.starts)), "");
        if let Some(suspension) = wording::standing::suspension(label) {
            put(&suspension, "");
        }
    }
    for facts in &case.dossiers {
        put("", "");
        let deposited = date_full(facts.deposited);
        put(
            &format!(
                "DOSSIER {} — déposé le {deposited}, {}",
                facts.number,
                names::platform_state(facts.state)
            ),
            "",
        );
        for finding in review.findings.iter().filter(|finding| finding.dossier == facts.number) {
            put(&wording::finding(finding), "  ");
        }
        for tier in review.tiers.iter().filter(|tier| tier.dossier == facts.number) {
            for line in wording::tier_text(tier).lines() {
                put(line, "  ");
            }
        }
    }
    if let Some(network) = &review.network {
        put("", "");
        put("RÉSEAU", "");
        for line in wording::network_text(network).lines() {
            put(line, "  ");
        }
    }
    if !review.entries.is_empty() {
        put("", "");
        put("DÉCISIONS", "");
        for entry in &review.entries {
            let event = &entry.event;
            let on = event.on().map_or_else(|| "sans date".to_owned(), date_full);
            let tier = event.tier.map(|tier| format!(" ({})", names::tier(tier))).unwrap_or_default();
            put(
                &format!(
                    "{on} : {}{tier}, dossier {}, {}",
                    names::decision(event.decision),
                    event.dossier,
                    wording::outcome(entry)
                ),
                "  ",
            );
        }
    }
    put("", "");
    put("ÉCHÉANCES", "");
    for due in &review.agenda {
        put(&findings::due_line(due), "  ");
    }
    if review.agenda.is_empty() {
        put("Aucune : la date d’audit n’est pas fixée.", "  ");
    }
    lines
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

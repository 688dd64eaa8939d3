//! §1.4, 3.3, 5.2 — the sites that an audit visited, among those that the label covers: each is drawn, or covered without a
//! visit.

use crate::case::facts::{Facts, Row, Value};
use crate::case::keys::Key;
use crate::case::{Case, Demande};
use crate::guide::departements::words;
use crate::judge::finding::Level;
use crate::judge::of_perimeter::OfPerimeter;

/// One finding: rule, section, level, and what was found.
type Found = (&'static str, &'static str, Level, OfPerimeter);

/// R-1.4-b, R-5.2-b — the visited sites, one on each line of their field, compared with the rows of the dossier.
pub(super) fn visited(case: &Case, facts: &Facts, asked: bool, audited: Option<usize>) -> Vec<Found> {
    let sites = facts.rows(Key::Sites);
    let Some(written) = facts.text(Key::SitesVisites) else {
        let reported =
            [Key::RapportTransmisLe, Key::RapportRecuLe].into_iter().any(|key| facts.date(key).is_some());
        let untold = asked && reported && sites.len() > 1;
        let what = OfPerimeter::SitesNotTold { declared: sites.len() };
        return untold.then_some(("R-1.4-b", "1.4", Level::ToCheck, what)).into_iter().collect();
    };
    let lines: Vec<&str> =
        written.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()).collect();
    let seen = |row: &&Row| lines.iter().any(|line| is_named(row, line));
    let unknown: Vec<String> = lines
        .iter()
        .filter(|line| !sites.iter().any(|row| is_named(row, line)))
        .map(|line| (*line).to_owned())
        .collect();
    let left: Vec<String> = sites.iter().filter(|row| !seen(row)).filter_map(name).collect();
    let visited = sites.iter().filter(seen).count();
    let mut found = Vec::new();
    if !unknown.is_empty() {
        found.push(("R-1.4-b", "1.4", Level::ToCheck, OfPerimeter::SitesUnknown(unknown)));
    }
    if let Some(audited) = audited.filter(|audited| *audited != lines.len()) {
        let what = OfPerimeter::SitesOfTheGrid { visited: lines.len(), audited };
        found.push(("R-1.4-b", "1.4", Level::ToCheck, what));
    }
    let added = added(case, facts).filter(|row| !seen(row)).filter_map(name);
    let added: Vec<String> = added.collect();
    if !added.is_empty() {
        found.push(("R-5.2-b", "5.2", Level::ToCheck, OfPerimeter::AddedNotVisited(added)));
    }
    if !sites.is_empty() {
        let level = if visited == 0 { Level::ToCheck } else { Level::Ok };
        let what = OfPerimeter::SitesVisited { declared: sites.len(), visited, left };
        found.push(("R-1.4-b", "1.4", level, what));
    }
    found
}

/// The sites that an extension adds: none of an earlier dossier.
fn added<'a>(case: &'a Case, facts: &'a Facts) -> impl Iterator<Item = &'a Row> {
    let extends = Demande::of(facts) == Demande::Extension;
    let earlier = |one: &&Facts| (one.deposited, one.number) < (facts.deposited, facts.number);
    let before: Vec<&Row> =
        case.dossiers.iter().filter(earlier).flat_map(|one| one.rows(Key::Sites)).collect();
    let new = move |row: &&Row| extends && !before.iter().any(|one| full_name(one) == full_name(row));
    facts.rows(Key::Sites).iter().filter(new)
}

fn cell(row: &Row, key: Key) -> Option<&str> {
    match row.get(&key) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    }
}

fn name(row: &Row) -> Option<String> {
    cell(row, Key::SiteNom).map(str::to_owned)
}

fn full_name(row: &Row) -> Vec<String> {
    [Key::SiteNom, Key::SiteCommune].into_iter().filter_map(|key| cell(row, key)).flat_map(words).collect()
}

/// Whether a line names that site, with its town or without, however it is spelt: « Mairie annexe (Nîmes) ».
fn is_named(row: &Row, line: &str) -> bool {
    let line = words(line);
    !line.is_empty()
        && (line == full_name(row) || cell(row, Key::SiteNom).is_some_and(|name| words(name) == line))
}

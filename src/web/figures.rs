//! The tables of the statistics: each figure with the address of what it counts.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::behind::{FigureQuery, UNSTATED};
use crate::register::statistics::{Counts, FLOWS, Statistics};
use crate::store::behind::Fact;
use label::Tier;
use label::life::State;
use label::wording::{self, lists};

const ALL_TYPES: &str = "Tous les services";
/// The place, in a line of the labels in force, of those whose tier is not stated, and of those that are suspended.
const NO_TIER: usize = 3;
const SUSPENDED: usize = 5;

/// A line for each type of service, a column for each tier, and the sums; each leads to its labels, while they are those of
/// today.
pub(super) fn in_force(statistics: &Statistics, today: bool) -> Value {
    let mut lines: BTreeMap<&str, [i64; 6]> = BTreeMap::new();
    for ((type_key, tier), counts) in &statistics.in_force {
        let place =
            tier.and_then(|tier| Tier::ALL.iter().position(|other| *other == tier)).unwrap_or(NO_TIER);
        for key in [type_key.as_str(), ALL_TYPES] {
            let line = lines.entry(key).or_default();
            line[place] += counts.labels;
            line[4] += counts.labels;
            line[SUSPENDED] += counts.suspendus;
        }
    }
    let total = lines.remove(ALL_TYPES).unwrap_or_default();
    let line = |(key, numbers): (&str, [i64; 6])| {
        let name = if key == ALL_TYPES { ALL_TYPES } else { lists::service(key) };
        let cell = |(place, count): (usize, i64)| {
            // The list of labels knows no word for what is not stated.
            let known = today && count > 0 && !key.is_empty() && place != NO_TIER;
            let tier = Tier::ALL.get(place).map_or("", |tier| tier.key());
            let state = if place == SUSPENDED { State::Suspendu.key() } else { "" };
            let type_word = if key == ALL_TYPES { "" } else { key };
            let link = known.then(|| labels(&[("type", type_word), ("palier", tier), ("etape", state)]));
            context! { count, link }
        };
        context! { name, cells => numbers.into_iter().enumerate().map(cell).collect::<Vec<_>>() }
    };
    let lines: Vec<Value> = lines.into_iter().chain([(ALL_TYPES, total)]).map(line).collect();
    context! { lines, total => total[4], suspended => total[SUSPENDED], unstated => total[NO_TIER] }
}

fn labels(words: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(words.iter().filter(|(_, word)| !word.is_empty()));
    format!("/labels?{}", query.finish())
}

/// The labels in force by département and by certification body.
pub(super) fn places(statistics: &Statistics, today: bool) -> Vec<Value> {
    let lines = |counts: &[(String, i64)], word: &str, unstated: &str| -> Vec<Value> {
        let line = |(name, count): &(String, i64)| {
            let known = today && !name.is_empty();
            let shown = if name.is_empty() { unstated } else { name.as_str() };
            let link = known.then(|| labels(&[(word, name)]));
            context! { name => shown, cell => context! { count, link } }
        };
        counts.iter().map(line).collect()
    };
    vec![
        context! { title => "Par département", head => "Département",
        lines => lines(&statistics.departements, "departement", "Département non précisé") },
        context! { title => "Par organisme de certification", head => "Organisme",
        lines => lines(&statistics.bodies, "organisme", "Organisme non précisé") },
    ]
}

/// What happened in each month of the year that is shown, or of the last twelve.
pub(super) fn months(
    statistics: &Statistics,
    (year, day): (Option<&str>, Date),
    any: &FigureQuery,
) -> Vec<Value> {
    let december = year.and_then(|year| Date::new(year.parse().ok()?, 12, 1).ok());
    let first = december.unwrap_or_else(|| day.first_of_month()).saturating_sub(11.months());
    let line = |rank: i32| {
        let month = first.saturating_add(rank.months()).strftime("%Y-%m").to_string();
        let numbers = statistics.flows.get(&month).copied().unwrap_or_default();
        let of = FigureQuery { annee: month.clone(), ..any.clone() };
        let cells: Vec<Value> =
            FLOWS.into_iter().zip(numbers).map(|(what, count)| of.cell(what, count)).collect();
        context! { name => month, cells }
    };
    (0..12).map(line).collect()
}

/// What is not stated has a word of its own in an address.
pub(super) fn stated(word: &str) -> String {
    if word.is_empty() { UNSTATED.to_owned() } else { word.to_owned() }
}

pub(super) fn rows(
    sums: &BTreeMap<String, Counts>,
    named: impl Fn(&str) -> (String, FigureQuery),
) -> Vec<Value> {
    let row = |(key, c): (&String, &Counts)| {
        let (name, of) = named(key);
        context! { name, cells => cells(c, &of) }
    };
    sums.iter().map(row).collect()
}

/// What happened, each with its list.
pub(super) fn cells(c: &Counts, of: &FigureQuery) -> Vec<Value> {
    vec![
        of.cell(Fact::Applied, c.candidatures),
        of.cell(Fact::Audited, c.audits),
        of.cell(Fact::Labelled, c.labellises),
        of.cell(Fact::Refused, c.refuses),
    ]
}

pub(super) fn tiers(all: &Counts, of: &FigureQuery) -> Vec<Value> {
    let unstated = all.labellises - all.bronze - all.argent - all.or;
    let cell =
        |key: &str, count| FigureQuery { palier: stated(key), ..of.clone() }.cell(Fact::Labelled, count);
    let known = [("bronze", all.bronze), ("argent", all.argent), ("or", all.or)];
    let named = known.into_iter().filter_map(|(key, count)| {
        Some(context! { name => wording::tier(Tier::from_key(key)?), cell => cell(key, count) })
    });
    named
        .chain((unstated > 0).then(|| context! { name => "Palier non précisé", cell => cell("", unstated) }))
        .collect()
}

pub(super) fn delays(all: &Counts, of: &FigureQuery) -> Vec<Value> {
    let line = |name: &str, section: &str, met: (Fact, i64), late: (Fact, i64)| {
        let total = met.1 + late.1;
        let share = if total == 0 { None } else { Some(100 * met.1 / total) };
        context! { name, section, met => of.cell(met.0, met.1), late => of.cell(late.0, late.1), share }
    };
    vec![
        line(
            "Plan d’audit dix jours ouvrés avant la visite",
            "3.7.1",
            (Fact::PlanMet, all.plans_a_temps),
            (Fact::PlanLate, all.plans_en_retard),
        ),
        line(
            "Rapport dans les 21 jours après la visite",
            "3.7.1",
            (Fact::ReportMet, all.rapports_a_temps),
            (Fact::ReportLate, all.rapports_en_retard),
        ),
    ]
}

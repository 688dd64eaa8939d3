//! `/statistiques/details`: how candidatures advance, which delays are kept, what refused dossiers lacked, how surveys are
//! marked; for a year, a type of service, a body, a département or a tier. Each figure leads to its list.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::behind::FigureQuery;
use super::list_file::{Format, ListFile, text};
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::register::statistics::{days, twice_median};
use crate::store::behind::{Fact, Figure};
use crate::store::measures::{MeasureGroup, MeasureKind, MeasureTally};
use label::Tier;
use label::judge::measures::{ApplicationStep, bronze_of, criterion_of};
use label::wording::{self, date_full, drawings, lists};

/// Of a drawing, in pixels.
const ROW: i64 = 34;
const TALL: i64 = 110;
/// Bodies and départements offered: more would not be a list to choose from.
const OFFERED: i64 = 200;
/// Lines of the file, one more than it may have.
const LINES: i64 = 200_001;

const COLUMNS: [&str; 9] =
    ["annee", "type", "departement", "organisme", "palier", "mesure", "objet", "valeur", "dossiers"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/statistiques/details", get(page))
        .route("/statistiques/details.csv", get(|app, who, asked| file(app, who, asked, Format::Csv)))
        .route("/statistiques/details.xlsx", get(|app, who, asked| file(app, who, asked, Format::Xlsx)))
}

/// What is counted: nothing of a figure but what narrows it.
fn scope(asked: &FigureQuery, app: &AppState) -> Result<(FigureQuery, Figure), PageError> {
    let narrowed = FigureQuery {
        fait: Fact::Applied.word().to_owned(),
        mot: String::new(),
        apres: String::new(),
        ..asked.clone()
    };
    let figure = narrowed.figure(app)?;
    Ok((narrowed, figure))
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<FigureQuery>,
) -> Result<Html<String>, PageError> {
    let (of, scope) = scope(&asked, &app)?;
    let register = app.store.register().of(viewer.of_body());
    let applied: i64 = register.by_month(&scope).await?.iter().map(|(_, count)| count).sum();
    let tallies = register.measures(&scope).await?;
    let values = context! {
        day => date_full(scope.day),
        form => form(&app, &viewer, &asked).await?,
        funnel => funnel(&of, applied, &tallies),
        delays => delays(&of, &tallies),
        limits => limits(&of, &tallies),
        surveys => ["usagers", "agents"].map(|word| survey(&of, word, &tallies)),
        csv => of.link("/statistiques/details.csv", ""),
        xlsx => of.link("/statistiques/details.xlsx", ""),
        sync => sync::state(&app).await?,
    };
    app.render("details.html", "statistiques", values)
}

/// The lists to choose from, each with what is chosen.
async fn form(app: &AppState, viewer: &Viewer, asked: &FigureQuery) -> Result<Value, PageError> {
    let options = |all: Vec<(String, String)>, chosen: &str| -> Vec<Value> {
        let option = |(value, label): (String, String)| {
            context! { chosen => value == chosen, value, label }
        };
        all.into_iter().map(option).collect()
    };
    let types = ["local_independant", "local_rattache", "central"];
    let types = types.map(|key| (key.to_owned(), lists::service(key).to_owned())).to_vec();
    let tiers = Tier::ALL.map(|tier| (tier.key().to_owned(), wording::tier(tier).to_owned())).to_vec();
    let bodies = match viewer.body {
        Some(_) => Vec::new(),
        None => app.store.work().organismes(OFFERED).await?,
    };
    let departements = app.store.work().departements(viewer.body.as_deref(), OFFERED).await?;
    let named = |all: Vec<String>| all.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>();
    let narrowed =
        [&asked.annee, &asked.r#type, &asked.organisme, &asked.palier, &asked.departement, &asked.au];
    Ok(context! {
        annee => asked.annee.as_str(),
        au => asked.au.as_str(),
        types => options(types, &asked.r#type),
        tiers => options(tiers, &asked.palier),
        bodies => options(named(bodies), &asked.organisme),
        departements => options(named(departements), &asked.departement),
        narrowed => narrowed.iter().any(|word| !word.is_empty()),
    })
}

fn of_kind(tallies: &[MeasureTally], kind: MeasureKind) -> impl Iterator<Item = &MeasureTally> {
    tallies.iter().filter(move |tally| tally.kind == kind)
}

/// The applications deposited, and how many came to each step: a bar for each, on one scale.
fn funnel(of: &FigureQuery, applied: i64, tallies: &[MeasureTally]) -> Value {
    let width = |count: i64| 100 * count / applied.max(1);
    let row = |rank: i64, word: &str, cell: Value, count: i64, half: Option<i64>| {
        let (guide, section) = if word.is_empty() { ("", "") } else { drawings::guide_delay(word) };
        context! {
            name => drawings::step(word), cell, count, share => width(count), median => half.map(|half| days(half, ",")),
            guide, section, y => rank * ROW, text_y => rank * ROW + 14, bar_y => rank * ROW + 18,
        }
    };
    let mut rows = vec![row(0, "", of.cell(Fact::Applied, applied), applied, None)];
    for (rank, (_, word)) in (1..).zip(ApplicationStep::ALL) {
        let steps: Vec<(i64, i64)> = of_kind(tallies, MeasureKind::Step)
            .filter(|tally| tally.word == word)
            .map(|tally| (tally.number, tally.count))
            .collect();
        let count = steps.iter().map(|(_, count)| count).sum();
        rows.push(row(rank, word, of.about(Fact::Stepped, word, count), count, twice_median(&steps)));
    }
    context! { height => ROW * 4, rows, applied }
}

/// A line for each obligation: how often it was kept, and how often not.
fn delays(of: &FigureQuery, tallies: &[MeasureTally]) -> Vec<Value> {
    let mut lines: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
    for tally in of_kind(tallies, MeasureKind::Delay) {
        let [missed, kept] = lines.entry(tally.word.as_str()).or_default();
        *(if tally.number == 1 { kept } else { missed }) += tally.count;
    }
    let line = |(word, [missed, kept]): (&str, [i64; 2])| {
        context! {
            name => drawings::measured(MeasureKind::Delay.word(), word),
            section => drawings::delay_section(word),
            owner => drawings::delay_owner(word),
            kept => of.about(Fact::Kept, word, kept),
            missed => of.about(Fact::Missed, word, missed),
            share => (100 * kept).checked_div(kept + missed),
        }
    };
    lines.into_iter().map(line).collect()
}

/// What refused dossiers lacked, the most frequent first.
fn limits(of: &FigureQuery, tallies: &[MeasureTally]) -> Vec<Value> {
    let mut lines: Vec<&MeasureTally> = of_kind(tallies, MeasureKind::Limit).collect();
    lines.sort_by_key(|tally| std::cmp::Reverse(tally.count));
    let most = lines.first().map_or(1, |tally| tally.count.max(1));
    let line = |tally: &&MeasureTally| {
        context! {
            name => drawings::measured(tally.kind.word(), &tally.word),
            cell => of.about(Fact::Limited, &tally.word, tally.count),
            width => 100 * tally.count / most,
            asked => criterion_of(&tally.word).and_then(bronze_of),
        }
    };
    lines.iter().map(line).collect()
}

/// The marks of a survey, in tens: ten bars on one scale, and the mark that Bronze asks.
fn survey(of: &FigureQuery, word: &str, tallies: &[MeasureTally]) -> Value {
    let mut counts = [0_i64; 10];
    for tally in of_kind(tallies, MeasureKind::Survey).filter(|tally| tally.word == word) {
        let place = usize::try_from(tally.number / 10).ok().and_then(|ten| counts.get_mut(ten));
        *place.unwrap_or(&mut 0) += tally.count;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(rank, count): (i64, i64)| {
        let height = if count == 0 { 0 } else { ((TALL - 40) * count / most).max(3) };
        context! {
            name => drawings::ten(10 * rank), from => 10 * rank, count, height,
            cell => of.about(Fact::Surveyed, &format!("{word}~{}", 10 * rank), count),
            x => 10 * rank + 1, middle => 10 * rank + 5, y => TALL - 20 - height, text_y => TALL - 25 - height,
        }
    };
    let bars: Vec<Value> = (0..).zip(counts).map(bar).collect();
    let criterion = criterion_of(word);
    context! {
        word, name => criterion.map(drawings::survey), bronze => criterion.and_then(bronze_of), bars,
        total => counts.iter().sum::<i64>(), height => TALL, base => TALL - 20, name_y => TALL - 5,
    }
}

async fn file(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<FigureQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let (_, scope) = scope(&asked, &app)?;
    let groups = app.store.register().of(viewer.of_body()).measure_groups(&scope, LINES).await?;
    let mut file = ListFile::new("details", &COLUMNS, format)?;
    file = file.add(groups.iter().map(cells)).await?;
    file.answer(&app, &viewer).await
}

fn cells(group: &MeasureGroup) -> Vec<RegisterCell> {
    let MeasureTally { kind, word, number, count } = &group.tally;
    let value = if *kind == MeasureKind::Limit { String::new() } else { number.to_string() };
    let words = [&group.year, &group.type_key, &group.departement, &group.organisme, &group.tier];
    let named = words.into_iter().map(|word| text(Some(word)));
    let counted = [kind.word(), word.as_str(), &value, &count.to_string()].map(|word| text(Some(word)));
    named.chain(counted).collect()
}

//! `/statistiques/dossiers`: the dossiers behind a figure of the statistics, as a page and as files; and the addresses that
//! lead there.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use jiff::civil::{Date, date};
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::filters::{asked_day, tier_word};
use super::labels::parse_place;
use super::list_file::{BATCH, Format, ListFile, text};
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::store::behind::{About, Behind, Fact, Figure};
use crate::store::work::FIRST_DAY;
use label::wording::{date_full, date_short, drawings, lists};

const PAGE: i64 = 50;
/// In an address: what is not stated.
pub(super) const UNSTATED: &str = "-";
/// Letters of what a figure is about.
const MAX_WORD: usize = 30;

const COLUMNS: [&str; 10] = [
    "service",
    "dossier",
    "demande",
    "type",
    "organisme",
    "depose_le",
    "audite_le",
    "decide_le",
    "decision",
    "palier",
];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/statistiques/dossiers", get(page))
        .route("/statistiques/dossiers.csv", get(|app, who, asked| file(app, who, asked, Format::Csv)))
        .route("/statistiques/dossiers.xlsx", get(|app, who, asked| file(app, who, asked, Format::Xlsx)))
}

/// Which figure; a word that is not given narrows nothing.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct FigureQuery {
    #[serde(default)]
    pub fait: String,
    /// « 2027 », « 2027-03 ».
    #[serde(default)]
    pub annee: String,
    #[serde(default)]
    pub r#type: String,
    #[serde(default)]
    pub organisme: String,
    #[serde(default)]
    pub palier: String,
    #[serde(default)]
    pub departement: String,
    /// What a figure of dossiers is about: « O-16-1 », « engagement-3 », « usagers~60 ».
    #[serde(default)]
    pub mot: String,
    /// As of that day; today when absent.
    #[serde(default)]
    pub au: String,
    #[serde(default)]
    pub apres: String,
}

impl FigureQuery {
    /// # Errors
    /// When the figure is none, or a day or a year cannot be read.
    pub(super) fn figure(&self, app: &AppState) -> Result<Figure, PageError> {
        let unknown = || PageError::NotFound(lists::NO_FIGURE.to_owned());
        let what = Fact::from_word(&self.fait).ok_or_else(unknown)?;
        let (from, to) = period(&self.annee).ok_or_else(unknown)?;
        let day = asked_day(Some(&self.au))?.unwrap_or_else(|| app.book.today());
        let word = |given: &str| match given {
            "" => None,
            UNSTATED => Some(String::new()),
            word => Some(word.to_owned()),
        };
        let (type_key, organisme, tier) = (word(&self.r#type), word(&self.organisme), word(&self.palier));
        let (departement, about) = (word(&self.departement), about(&self.mot).ok_or_else(unknown)?);
        if what.kind().is_some() == about.word.is_empty() {
            return Err(unknown());
        }
        Ok(Figure { what, from, to, day, type_key, organisme, tier, departement, about })
    }

    /// A figure of dossiers with the address of its list.
    pub(super) fn about(&self, what: Fact, word: &str, count: i64) -> Value {
        FigureQuery { mot: word.to_owned(), ..self.clone() }.cell(what, count)
    }

    /// Its address, with another place.
    pub(super) fn link(&self, page: &str, apres: &str) -> String {
        let words = [
            ("fait", self.fait.as_str()),
            ("annee", &self.annee),
            ("type", &self.r#type),
            ("organisme", &self.organisme),
            ("palier", &self.palier),
            ("departement", &self.departement),
            ("mot", &self.mot),
            ("au", &self.au),
            ("apres", apres),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(words.into_iter().filter(|(_, word)| !word.is_empty()));
        format!("{page}?{}", query.finish())
    }

    /// A figure with the address of its list.
    pub(super) fn cell(&self, what: Fact, count: i64) -> Value {
        let of = FigureQuery { fait: what.word().to_owned(), ..self.clone() };
        context! { count, link => (count > 0).then(|| of.link("/statistiques/dossiers", "")) }
    }
}

/// « usagers~60 »: a word, and the ten of its marks when one is given.
fn about(mot: &str) -> Option<About> {
    let (word, ten) = match mot.split_once('~') {
        Some((word, ten)) => (word, Some(ten.parse().ok().filter(|ten| (0..=90).contains(ten))?)),
        None => (mot, None),
    };
    (word.len() <= MAX_WORD).then(|| About { word: word.to_owned(), ten })
}

/// The days of a year or a month; of everything when nothing is given.
fn period(text: &str) -> Option<(Date, Date)> {
    let digits =
        |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
    match text.split_once('-') {
        None if text.is_empty() => Some((FIRST_DAY, date(9999, 12, 31))),
        None => {
            let year = digits(text).filter(|year| (1900..=2999).contains(year))?;
            Some((date(year, 1, 1), date(year, 12, 31)))
        }
        Some((year, month)) => {
            let year = digits(year).filter(|year| (1900..=2999).contains(year))?;
            let first = Date::new(year, i8::try_from(digits(month)?).ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
    }
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<FigureQuery>,
) -> Result<Html<String>, PageError> {
    let figure = asked.figure(&app)?;
    let register = app.store.register().of(viewer.of_body());
    let count: i64 = register.by_month(&figure).await?.iter().map(|(_, count)| count).sum();
    let place = parse_place(&asked.apres).unwrap_or((FIRST_DAY, i64::MIN));
    let mut found = register.behind(&figure, place, PAGE + 1).await?;
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = (found.len() > limit).then(|| found.get(limit - 1)).flatten();
    let more = more.map(|last| format!("{}~{}", last.day, last.row.dossier));
    found.truncate(limit);
    let line = |one: &Behind| {
        let row = &one.row;
        let decided = row.decided.filter(|day| *day <= figure.day);
        context! {
            case => row.case_id,
            dossier => row.dossier,
            name => one.name.as_str(),
            service => lists::service(&row.type_key),
            organisme => lists::body(&row.organisme),
            deposited => date_short(row.deposited),
            audited => row.audited.map(date_short),
            decided => decided.map(date_short),
            outcome => row.outcome.as_deref().map(lists::outcome),
            tier => tier_word(row.tier.as_deref().filter(|_| decided.is_some())),
            tier_key => row.tier.as_deref(),
        }
    };
    let of = (asked.annee.as_str(), asked.r#type.as_str(), asked.organisme.as_str());
    let named = |word: &str, name: String| (!word.is_empty()).then_some(name);
    let unstated = |word: &str| if word == UNSTATED { String::new() } else { word.to_owned() };
    let narrowed = [
        named(of.0, of.0.to_owned()),
        named(of.1, lists::service(&unstated(of.1)).to_owned()),
        named(of.2, lists::body(&unstated(of.2))),
        tier_word(Some(asked.palier.as_str())).map(|tier| format!("palier {tier}")),
        named(&asked.departement, lists::departement(&unstated(&asked.departement))),
    ];
    let about = figure.what.kind().map(|kind| {
        let name = drawings::measured(kind.word(), &figure.about.word);
        figure.about.ten.map_or_else(|| name.clone(), |ten| format!("{name}, note de {}", drawings::ten(ten)))
    });
    let values = context! {
        title => about.map_or_else(
            || lists::counted(figure.what.word()).to_owned(),
            |about| format!("{} : {about}", lists::counted(figure.what.word())),
        ),
        count,
        narrowed => narrowed.into_iter().flatten().collect::<Vec<_>>(),
        day => date_full(figure.day),
        lines => found.iter().map(line).collect::<Vec<_>>(),
        more => more.map(|place| asked.link("/statistiques/dossiers", &place)),
        csv => asked.link("/statistiques/dossiers.csv", ""),
        xlsx => asked.link("/statistiques/dossiers.xlsx", ""),
        sync => sync::state(&app).await?,
    };
    app.render("behind.html", "statistiques", values)
}

async fn file(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<FigureQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let figure = asked.figure(&app)?;
    let register = app.store.register().of(viewer.of_body());
    let mut file = ListFile::new("dossiers", &COLUMNS, format)?;
    let mut place = (FIRST_DAY, i64::MIN);
    loop {
        let found = register.behind(&figure, place, BATCH).await?;
        let last = found.last().map(|last| (last.day, last.row.dossier));
        let Some(last) = last else { return file.answer(&app, &viewer).await };
        place = last;
        file = file.add(found.iter().map(|one| cells(one, figure.day))).await?;
    }
}

/// As of `on`: what was decided later is not said.
fn cells(one: &Behind, on: Date) -> Vec<RegisterCell> {
    let row = &one.row;
    let day = |day: Option<Date>| day.map_or(RegisterCell::Nothing, RegisterCell::Day);
    let decided = row.decided.filter(|day| *day <= on);
    let said = |word: &Option<String>| text(word.as_deref().filter(|_| decided.is_some()));
    vec![
        text(Some(&one.name)),
        text(Some(&row.dossier.to_string())),
        text(Some(&row.demande)),
        text(Some(&row.type_key)),
        text(Some(&row.organisme)),
        RegisterCell::Day(row.deposited),
        day(row.audited),
        day(decided),
        said(&row.outcome),
        said(&row.tier),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_year_a_month_or_all() {
        assert_eq!(period("2028"), Some((date(2028, 1, 1), date(2028, 12, 31))));
        assert_eq!(period("2028-02"), Some((date(2028, 2, 1), date(2028, 2, 29))));
        assert_eq!(period("").map(|(from, _)| from), Some(FIRST_DAY));
        for bad in ["28", "2028-13", "2028-0", "deux", "2028-02-01", "-2028", "2028-"] {
            assert_eq!(period(bad), None, "{bad}");
        }
    }
}

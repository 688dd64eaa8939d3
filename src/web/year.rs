//! `/annee`: the year of a certification body, drawn: its audits, the windows of its follow-ups, the ends of its labels, month
//! by month; what is behind a figure, and the year as a file.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::list_file::{BATCH, Format, ListFile, text};
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::store::year::{YearPart, YearPlace, YearRow};
use label::wording::{date_full, date_short, drawings, lists};

const PAGE: i64 = 50;
/// Height of the bars of one part, and of its band with the words above and below.
const BAR: i64 = 60;
const BAND: i64 = 110;

const COLUMNS: [&str; 7] = ["quoi", "mois", "du", "au", "service", "dossier", "organisme"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/annee", get(page))
        .route("/annee.csv", get(|app, who, asked| file(app, who, asked, Format::Csv)))
        .route("/annee.xlsx", get(|app, who, asked| file(app, who, asked, Format::Xlsx)))
}

#[derive(Debug, Default, Deserialize)]
struct YearQuery {
    #[serde(default)]
    annee: String,
    /// « 2028-05 »: what is behind a figure, with `quoi`.
    #[serde(default)]
    mois: String,
    #[serde(default)]
    quoi: String,
    /// « 2028-05-24~4242~O-16-0 »: after this line.
    #[serde(default)]
    apres: String,
}

impl YearQuery {
    /// The month and the part of a figure; `None` when none is asked for.
    fn behind(&self) -> Option<(Date, YearPart)> {
        let first = format!("{}-01", self.mois).parse::<Date>().ok().filter(|_| self.mois.len() == 7)?;
        Some((first, YearPart::from_word(&self.quoi)?))
    }

    fn year(&self, today: Date) -> i16 {
        let asked = self.annee.parse().ok().or_else(|| self.behind().map(|(first, _)| first.year()));
        asked.filter(|year| (1900..=2200).contains(year)).unwrap_or_else(|| today.year())
    }
}

fn place(text: &str) -> YearPlace {
    let mut parts = text.splitn(3, '~');
    let mut read = || {
        let (day, dossier) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(YearPlace { day, dossier, mark: parts.next()?.to_owned() })
    };
    read().unwrap_or_else(YearPlace::start)
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<YearQuery>,
) -> Result<Html<String>, PageError> {
    let today = app.book.today();
    let year = asked.year(today);
    let register = app.store.register().of(viewer.of_body());
    let mut parts = Vec::new();
    for (part, _) in YearPart::ALL {
        parts.push((part, register.year_counts(part, year).await?));
    }
    let months: Vec<Date> = (1..=12).filter_map(|month| Date::new(year, month, 1).ok()).collect();
    let link = |first: &Date, part: YearPart| {
        format!("/annee?mois={}&quoi={}#liste", first.strftime("%Y-%m"), part.word())
    };
    let rows: Vec<Value> = months
        .iter()
        .enumerate()
        .map(|(rank, first)| {
            let cell = |(part, counts): &(YearPart, [i64; 12])| {
                let count = counts.get(rank).copied().unwrap_or_default();
                context! { count, link => (count > 0).then(|| link(first, *part)) }
            };
            context! { name => drawings::month(*first), cells => parts.iter().map(cell).collect::<Vec<_>>() }
        })
        .collect();
    let totals: Vec<i64> = parts.iter().map(|(_, counts)| counts.iter().sum()).collect();
    let values = context! {
        year,
        before => year - 1,
        next => year + 1,
        heads => YearPart::ALL.map(|(_, word)| drawings::part(word)),
        rows,
        totals,
        drawing => drawing(&parts, year, today),
        behind => match asked.behind() {
            Some(behind) => Some(lines(&app, &viewer, behind, &asked.apres).await?),
            None => None,
        },
        sync => sync::state(&app).await?,
    };
    app.render("year.html", "echeances", values)
}

/// Three bands of bars with one scale each: positions in percent, heights in pixels.
fn drawing(parts: &[(YearPart, [i64; 12])], year: i16, today: Date) -> Value {
    let band = |(rank, (part, counts)): (usize, &(YearPart, [i64; 12]))| {
        let top = BAND * i64::try_from(rank).unwrap_or(0);
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let bar = |(month, count): (usize, &i64)| {
            let height = if *count == 0 { 0 } else { (BAR * count / most).max(3) };
            // Twelve columns of a hundred, in tenths of percent.
            let tenths = 1000 * month / 12;
            context! {
                x => format!("{}.{}", (tenths + 12) / 10, (tenths + 12) % 10),
                middle => format!("{}.{}", (tenths + 41) / 10, (tenths + 41) % 10),
                y => top + 30 + BAR - height, height, count,
                text_y => top + 24 + BAR - height, name_y => top + 30 + BAR + 14,
                letter => drawings::MONTH_LETTERS[month],
            }
        };
        context! {
            name => drawings::part(part.word()), word => part.word(), title_y => top + 12, base => top + 30 + BAR,
            bars => counts.iter().enumerate().map(bar).collect::<Vec<_>>(),
        }
    };
    let now = (today.year() == year).then(|| {
        let tenths = 1000 * (i64::from(today.day_of_year()) - 1) / 366;
        format!("{}.{}", tenths / 10, tenths % 10)
    });
    let bands: Vec<Value> = parts.iter().enumerate().map(band).collect();
    context! { bands, height => BAND * 3, now }
}

/// What is behind a figure, page by page.
async fn lines(
    app: &AppState,
    viewer: &Viewer,
    (first, part): (Date, YearPart),
    after: &str,
) -> Result<Value, PageError> {
    let register = app.store.register().of(viewer.of_body());
    let days = (first, first.last_of_month());
    let mut found = register.year_lines(part, days, &place(after), PAGE + 1).await?;
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = (found.len() > limit).then(|| found.get(limit - 1)).flatten().map(YearRow::place);
    found.truncate(limit);
    let line = |row: &YearRow| {
        let day = row.day(part);
        context! {
            case => row.case_id,
            name => row.name.as_str(),
            dossier => row.dossier,
            organisme => lists::body(&row.organisme),
            opens => (part == YearPart::Windows).then(|| date_short(row.opens)),
            day => date_full(day),
        }
    };
    let more = more.map(|place| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let place = format!("{}~{}~{}", place.day, place.dossier, place.mark);
        query.append_pair("mois", &first.strftime("%Y-%m").to_string());
        query.append_pair("quoi", part.word()).append_pair("apres", &place);
        format!("/annee?{}#liste", query.finish())
    });
    Ok(context! {
        title => drawings::part_in(part.word(), first),
        lines => found.iter().map(line).collect::<Vec<_>>(),
        more,
    })
}

async fn file(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<YearQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let year = asked.year(app.book.today());
    let register = app.store.register().of(viewer.of_body());
    let (Ok(from), Ok(to)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else {
        return Err(PageError::BadAddress(drawings::NO_YEAR.to_owned()));
    };
    let mut file = ListFile::new("annee", &COLUMNS, format)?;
    for (part, _) in YearPart::ALL {
        let mut after = YearPlace::start();
        loop {
            let found = register.year_lines(part, (from, to), &after, BATCH).await?;
            let Some(last) = found.last() else { break };
            after = last.place();
            file = file.add(found.iter().map(|row| cells(row, part))).await?;
        }
    }
    file.answer(&app, &viewer).await
}

fn cells(row: &YearRow, part: YearPart) -> Vec<RegisterCell> {
    let day = row.day(part);
    vec![
        text(Some(part.word())),
        text(Some(&day.strftime("%Y-%m").to_string())),
        if part == YearPart::Windows { RegisterCell::Day(row.opens) } else { RegisterCell::Nothing },
        RegisterCell::Day(day),
        text(Some(&row.name)),
        text(Some(&row.dossier.to_string())),
        text(Some(&row.organisme)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_is_asked_for_by_itself_or_by_one_of_its_months() {
        let asked = |annee: &str, mois: &str, quoi: &str| {
            let query = YearQuery {
                annee: annee.to_owned(),
                mois: mois.to_owned(),
                quoi: quoi.to_owned(),
                apres: String::new(),
            };
            (query.year(date(2029, 3, 1)), query.behind().is_some())
        };
        assert_eq!(asked("2028", "", ""), (2028, false));
        assert_eq!(asked("", "2027-05", "fenetres"), (2027, true));
        for bad in [("x", "", ""), ("99999", "", ""), ("", "2027-13", "fins"), ("", "2027-05", "rien")] {
            assert_eq!(asked(bad.0, bad.1, bad.2), (2029, false), "{bad:?}");
        }
        let somewhere = place("2028-05-24~4242~O-16-0");
        assert_eq!(
            (somewhere.day, somewhere.dossier, somewhere.mark.as_str()),
            (date(2028, 5, 24), 4242, "O-16-0")
        );
        assert_eq!(place("nonsense"), YearPlace::start());
    }
}

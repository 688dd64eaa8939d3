//! `/services`: every service, whatever became of its dossiers; found by its name, its SIRET, the number of a dossier or the
//! domain of its contact. The list that is shown can be taken away as CSV or XLSX.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::filters::{ListQuery, MOST, state_word, tier_word};
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::register::files::{harmless, plain, record};
use crate::register::workbook::sheet;
use crate::store::cases::Summary;
use crate::store::narrowed::Narrowed;
use crate::store::services::Order;
use label::Tier;
use label::life::Standing;
use label::wording::{boards, date_full};

const PAGE: i64 = 50;
/// Lines of a file that are in memory at once.
const BATCH: i64 = 500;
/// Lines of a file: a spreadsheet has a million of them.
const FILE: usize = 200_000;

const ORDERS: [(&str, &str, Order); 2] =
    [("", "Par nom", Order::Name), ("echeance", "Par échéance", Order::Next)];

const COLUMNS: [&str; 12] = [
    "service",
    "siret",
    "type",
    "departement",
    "organisme",
    "etape",
    "palier",
    "dernier_jour_du_label",
    "prochaine_echeance",
    "prochaine_echeance_le",
    "en_retard",
    "dossier",
];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/services", get(page))
        .route("/services.csv", get(csv))
        .route("/services.xlsx", get(xlsx))
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Response, PageError> {
    let today = app.book.today();
    let narrowed = app.store.work().narrowed(&asked.filter(&viewer)).await?;
    let (word, _, order) = order(&asked);
    let count = app.store.work().services_count(&narrowed, MOST).await?;
    let (key, case_id) = place(&asked.apres);
    let mut found = app.store.work().services(&narrowed, order, (&key, case_id), PAGE + 1).await?;
    // Who types the number of a dossier wants its page.
    if let ([only], true) = (found.as_slice(), is_number(&asked.texte)) {
        return Ok(Redirect::to(&app.address(&format!("/cas/{}", only.case_id))).into_response());
    }
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = (found.len() > limit).then(|| found.get(limit - 1)).flatten().map(|last| order.place(last));
    found.truncate(limit);
    let line = |summary: &Summary| {
        let tier = summary.standing_on(today).and_then(|label| label.tier).map(Tier::key);
        context! {
            case => summary.case_id,
            name => summary.name.as_str(),
            service => summary.service.as_str(),
            departement => summary.departement.as_str(),
            organisme => summary.organisme.as_str(),
            state => state_word(&summary.state),
            late => summary.late,
            tier => tier_word(tier),
            tier_key => tier,
            next => summary.next_what.as_deref(),
            next_day => summary.next_due.map(date_full),
            dossier => summary.dossier,
            url => app.platform_address(summary.demarche, summary.dossier),
        }
    };
    let orders: Vec<Value> = ORDERS
        .into_iter()
        .map(|(value, label, _)| context! { value, label, chosen => value == word })
        .collect();
    let values = context! {
        count => boards::count(count, MOST),
        single => count < 2,
        lines => found.iter().map(line).collect::<Vec<_>>(),
        more => more.map(|(key, case_id)| asked.link("/services", word, &format!("{key}~{case_id}"))),
        orders,
        csv => asked.link("/services.csv", word, ""),
        xlsx => asked.link("/services.xlsx", word, ""),
        form => asked.form(&app, &viewer).await?,
        sync => sync::state(&app).await?,
    };
    Ok(app.render("services.html", "services", values)?.into_response())
}

fn order(asked: &ListQuery) -> (&'static str, &'static str, Order) {
    ORDERS.into_iter().find(|(word, ..)| *word == asked.vue).unwrap_or(ORDERS[0])
}

/// « guichet de valdoree~4242 ».
fn place(text: &str) -> (String, i64) {
    let place = text.rsplit_once('~').and_then(|(key, id)| Some((key.to_owned(), id.parse().ok()?)));
    place.unwrap_or_else(|| (String::new(), i64::MIN))
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Calls `write` with each line of the list, in its order.
async fn each_line(
    (app, viewer): (&AppState, &Viewer),
    asked: &ListQuery,
    mut write: impl FnMut(Vec<RegisterCell>),
) -> Result<(), PageError> {
    let narrowed: Narrowed = app.store.work().narrowed(&asked.filter(viewer)).await?;
    let (_, _, order) = order(asked);
    let (mut after, mut written) = ((String::new(), i64::MIN), 0);
    loop {
        let found = app.store.work().services(&narrowed, order, (&after.0, after.1), BATCH).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = order.place(last);
        for summary in &found {
            write(cells(app, summary));
        }
        written += found.len();
        if written > FILE {
            return Err(PageError::BadAddress(boards::too_many_lines(FILE)));
        }
    }
}

fn cells(app: &AppState, summary: &Summary) -> Vec<RegisterCell> {
    let label = summary.standing_on(app.book.today());
    let text = |text: Option<&str>| match text {
        None | Some("") => RegisterCell::Nothing,
        Some(text) => RegisterCell::Text(text.to_owned()),
    };
    let day = |day: Option<Date>| day.map_or(RegisterCell::Nothing, RegisterCell::Day);
    vec![
        text(Some(&summary.name)),
        text(summary.siret.as_deref()),
        text(Some(&summary.service)),
        text(Some(&summary.departement)),
        text(Some(&summary.organisme)),
        text(state_word(&summary.state)),
        text(tier_word(label.and_then(|label| label.tier).map(Tier::key))),
        day(label.map(Standing::last_day_if_nothing_is_done)),
        text(summary.next_what.as_deref()),
        day(summary.next_due),
        text(Some(if summary.late { "oui" } else { "non" })),
        text(Some(&summary.dossier.to_string())),
    ]
}

async fn csv(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Response, PageError> {
    let mut file = record(COLUMNS.iter().map(|name| (*name).to_owned()));
    let line = |cells: Vec<RegisterCell>| record(cells.iter().map(plain).map(harmless));
    each_line((&app, &viewer), &asked, |cells| file.extend(line(cells))).await?;
    Ok(attached("csv", "text/csv; charset=utf-8; header=present", file))
}

async fn xlsx(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Response, PageError> {
    let mut lines = Vec::new();
    each_line((&app, &viewer), &asked, |cells| lines.push(cells)).await?;
    let file = sheet("Services", &COLUMNS, lines).await.map_err(PageError::File)?;
    Ok(attached("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file))
}

fn attached(extension: &str, media: &str, file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"services.{extension}\"")),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (headers, file).into_response()
}

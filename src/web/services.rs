//! `/services`: every service, whatever became of its dossiers; found by its name, its SIRET, the number of a dossier or the
//! domain of its contact. The list that is shown can be taken away as CSV or XLSX.

use axum::Router;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::filters::{ListQuery, MOST, state_word, tier_word};
use super::list_file::{BATCH, Format, ListFile, text};
use super::owned::{searched, shown};
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::store::cases::Summary;
use crate::store::narrowed::Narrowed;
use crate::store::services::Order;
use label::Tier;
use label::life::Standing;
use label::wording::{boards, date_full};

const PAGE: i64 = 50;

const ORDERS: [(&str, &str, Order); 4] = [
    ("", "Par nom", Order::Name),
    ("echeance", "Par échéance", Order::Next),
    ("departement", "Par département", Order::Departement),
    ("change", "Par dernier changement", Order::Changed),
];

pub(super) const COLUMNS: [&str; 13] = [
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
    "auditeur",
];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/services", get(page))
        .route("/recherche", get(search))
        .route("/services.csv", get(|app, who, asked| file(app, who, asked, Format::Csv)))
        .route("/services.xlsx", get(|app, who, asked| file(app, who, asked, Format::Xlsx)))
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Response, PageError> {
    let today = app.book.today();
    let (word, _, order) = order(&asked);
    let filter = searched(asked.filter(&viewer)?, &viewer, order);
    let narrowed = app.store.work().narrowed(&filter).await?;
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
    let found = shown(&app, &viewer, found).await?;
    let line = |summary: &Summary| {
        let tier = summary.standing_on(today).and_then(|label| label.tier).map(Tier::key);
        context! {
            case => summary.case_id,
            name => summary.name.as_str(),
            service => summary.service.as_str(),
            departement => summary.departement.as_str(),
            auditor => summary.auditor.as_str(),
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
        files => asked.files("/services", word),
        here => asked.link("/services", word, ""),
        form => asked.form(&app, &viewer).await?,
        sync => sync::state(&app).await?,
    };
    Ok(app.render("services.html", "services", values)?.into_response())
}

/// The search is a filter of the list of services.
async fn search(State(app): State<AppState>, RawQuery(query): RawQuery) -> Redirect {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&app.address(&format!("/services{query}")))
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

async fn file(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let (_, _, order) = order(&asked);
    let filter = searched(asked.filter(&viewer)?, &viewer, order);
    let narrowed: Narrowed = app.store.work().narrowed(&filter).await?;
    let mut file = ListFile::new("services", &COLUMNS, format)?;
    let mut after = (String::new(), i64::MIN);
    loop {
        let found = app.store.work().services(&narrowed, order, (&after.0, after.1), BATCH).await?;
        let Some(last) = found.last() else { return file.answer(&app, &viewer).await };
        after = order.place(last);
        let found = shown(&app, &viewer, found).await?;
        file = file.add(found.iter().map(|summary| cells(&app, summary))).await?;
    }
}

pub(super) fn cells(app: &AppState, summary: &Summary) -> Vec<RegisterCell> {
    let label = summary.standing_on(app.book.today());
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
        text(Some(&summary.auditor)),
    ]
}

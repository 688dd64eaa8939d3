//! `/labels`: the labelled services by the last day of their label if nothing is done, and why it ends then.

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::filters::{ListQuery, MOST, state_word, tier_word};
use super::page_error::PageError;
use super::sync;
use crate::store::cases::Summary;
use crate::store::labels::Labels;
use crate::store::work::FIRST_DAY;
use label::Tier;
use label::wording::{boards, date_full};

const PAGE: i64 = 50;

/// The periods of the list: the word in the address, and what it is called.
const PERIODS: [(&str, &str); 5] = [
    ("", "Tous les labels en vigueur"),
    ("trimestre", "D’ici la fin du trimestre"),
    ("six-mois", "D’ici six mois"),
    ("perdus-trimestre", "Déjà perdus ce trimestre"),
    ("perdus", "Tous les labels perdus"),
];

pub async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Html<String>, PageError> {
    let today = app.book.today();
    let store = &app.store;
    let narrowed = store.work().narrowed(&asked.filter(&viewer)?).await?;
    let (period, title) =
        PERIODS.into_iter().find(|(word, _)| *word == asked.vue).unwrap_or((PERIODS[0].0, PERIODS[0].1));
    let labels = labels(period, today);
    let count = store.work().labels_count(labels, &narrowed, MOST).await?;
    let place = parse_place(&asked.apres).unwrap_or((FIRST_DAY, i64::MIN));
    let mut found = store.work().labels(labels, &narrowed, place, PAGE + 1).await?;
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = (found.len() > limit).then(|| found.get(limit - 1)).flatten().and_then(written_place);
    found.truncate(limit);
    let periods: Vec<Value> = PERIODS
        .into_iter()
        .map(|(value, label)| context! { value, label, chosen => value == period })
        .collect();
    let values = context! {
        title,
        count => boards::count(count, MOST),
        until => labels.to.lt(&Date::MAX).then(|| date_full(labels.to)),
        lines => found.iter().filter_map(|summary| line(summary, today)).collect::<Vec<_>>(),
        more => more.map(|next| asked.link("/labels", period, &next)),
        periods,
        files => asked.files("/labels", period),
        here => asked.link("/labels", period, ""),
        form => asked.form(&app, &viewer).await?,
        sync => sync::state(&app).await?,
    };
    app.render("labels.html", "labels", values)
}

/// The labels that a period takes. One in force is there however long ago its suspension had to be lifted.
pub(super) fn labels(period: &str, today: Date) -> Labels {
    let first_month = (today.month() - 1) / 3 * 3 + 1;
    let begins = date(today.year(), first_month, 1);
    let yesterday = today.saturating_sub(1.day());
    let held = |to| Labels { today, in_force: true, from: FIRST_DAY, to };
    let lost = |from| Labels { today, in_force: false, from, to: yesterday };
    match period {
        "trimestre" => held(begins.saturating_add(3.months()).saturating_sub(1.day())),
        "six-mois" => held(today.saturating_add(6.months())),
        "perdus-trimestre" => lost(begins),
        "perdus" => lost(FIRST_DAY),
        _ => held(Date::MAX),
    }
}

fn written_place(summary: &Summary) -> Option<String> {
    summary.loss.map(|loss| format!("{loss}~{}", summary.case_id))
}

pub(super) fn parse_place(text: &str) -> Option<(Date, i64)> {
    let (day, id) = text.split_once('~')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

fn line(summary: &Summary, today: Date) -> Option<Value> {
    let label = summary.standing_on(today)?;
    let last = label.last_day_if_nothing_is_done();
    Some(context! {
        case => summary.case_id,
        name => summary.name.as_str(),
        service => summary.service.as_str(),
        organisme => summary.organisme.as_str(),
        tier => tier_word(label.tier.map(Tier::key)),
        tier_key => label.tier.map(Tier::key),
        state => state_word(&summary.state),
        late => summary.late,
        lost => date_full(last),
        distance => boards::distance(today, last),
        why => boards::loss(label, &summary.state, today),
        next => summary.next_what.as_deref(),
        next_day => summary.next_due.map(date_full),
    })
}

//! `/`: every case by its next deadline. In the demo, the story and the mailbox stand beside it.

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::Unit;
use minijinja::{Value, context};
use serde::Deserialize;

use super::{PageError, Window, case_page};
use crate::review::life::State as LabelState;
use crate::review::wording::{self, date_short};
use crate::store::cases::Summary;

const PAGE: i64 = 100;
/// The demo shows every detail on the page itself.
const DEMO_PAGE: i64 = 40;

#[derive(Debug, Default, Deserialize)]
pub struct Where {
    /// « 2027-05-24~4242 »: after this line.
    apres: Option<String>,
}

pub async fn page(
    State(window): State<Window>,
    Query(place): Query<Where>,
) -> Result<Html<String>, PageError> {
    let values = body(&window, &place).await?;
    window.render("work_list.html", "dossiers", values)
}

/// The list alone, as the demo's script asks for it.
pub async fn fragment(window: &Window) -> Result<String, PageError> {
    let values = body(window, &Where::default()).await?;
    Ok(window.render("work_list_body.html", "dossiers", values)?.0)
}

async fn body(window: &Window, place: &Where) -> Result<Value, PageError> {
    let limit = if window.demo.is_some() { DEMO_PAGE } else { PAGE };
    let after = place.apres.as_deref().and_then(|text| {
        let (due, id) = text.split_once('~')?;
        Some((due, id.parse().ok()?))
    });
    let summaries = window.book.store.work_list(after, limit + 1).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = summaries.get(shown).and(summaries.get(shown.saturating_sub(1))).map(place_of);
    let mut cases = Vec::new();
    for summary in summaries.iter().take(shown) {
        cases.push(line(window, summary).await?);
    }
    let (captions, mails, mail_count) = match &window.demo {
        Some(demo) => demo.story(),
        None => (Vec::new(), Vec::new(), 0),
    };
    let sync = sync(window).await?;
    Ok(context! { cases, more, sync, captions, mails, mail_count })
}

fn place_of(summary: &Summary) -> String {
    let due = summary.next_due.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
    format!("{due}~{}", summary.case_id)
}

async fn line(window: &Window, summary: &Summary) -> Result<Value, PageError> {
    let detail = match window.demo {
        Some(_) => case_page::detail(window, summary.case_id).await?,
        None => None,
    };
    let state = LabelState::ALL.iter().find(|(_, key)| *key == summary.state);
    let tier = summary.tier.as_deref().and_then(crate::review::Tier::from_key);
    Ok(context! {
        id => summary.case_id,
        name => summary.name.as_str(),
        state => state.map(|(state, _)| wording::state(*state)),
        tier => tier.map(wording::tier),
        tier_key => summary.tier.as_deref(),
        late => summary.late,
        faults => summary.faults,
        next_day => summary.next_due.map(date_short),
        next_what => summary.next_what.as_deref(),
        detail,
    })
}

/// How fresh the page is: a list that looks right and is a day old would mislead.
async fn sync(window: &Window) -> Result<Value, PageError> {
    let last =
        window.book.store.setting("last_pass").await?.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let error = window.book.store.setting("last_error").await?.filter(|text| !text.is_empty());
    let age = last.and_then(|at| (window.book.clock.now() - at).total(Unit::Minute).ok());
    let (class, text) = match (age, error) {
        (None, None) => ("stale", "La plateforme n’a pas encore été lue.".to_owned()),
        (_, Some(error)) => ("stale", format!("Dernière lecture en échec : {error}")),
        (Some(age), None) if age > 15.0 && window.demo.is_none() => (
            "stale",
            format!("Dernière lecture complète il y a {} : les données peuvent être anciennes.", spoken(age)),
        ),
        (Some(_), None) => ("fresh", "Lecture de la plateforme à jour.".to_owned()),
    };
    Ok(context! { class, text })
}

fn spoken(minutes: f64) -> String {
    match minutes {
        m if m < 120.0 => format!("{m:.0} min"),
        m if m < 2880.0 => format!("{:.0} h", m / 60.0),
        m => format!("{:.0} jours", m / 1440.0),
    }
}

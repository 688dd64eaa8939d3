//! `/cas/{id}` and `/dossiers/{number}`: one service's life, marks, findings, deadlines, documents, and all that was
//! written or sent with its reason. A central service also has its network's board ([`super::central_page`]).

use axum::extract::{Path, Query, State};
use axum::response::Html;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::access::{Area, may};
use super::app_state::AppState;
use super::filters::asked_day;
use super::owned::{Owned, hidden_locals, owned};
use super::page_error::PageError;
use super::{case_parts, central_page, evidence, settling, time_line, told};
use crate::casebook::Readers;
use label::case::facts::Facts;
use label::case::{Case, Demande};
use label::judge::Review;
use label::judge::marks;
use label::judge::readings;
use label::wording::{self, boards, bodies, date_full, names};

#[derive(Debug, Default, Deserialize)]
pub struct CaseQuery {
    /// The seed of the draw among the locals of a central.
    graine: Option<String>,
    /// What was said on that day, in place of today's page.
    au: Option<String>,
    /// With it, what this version says of the same facts.
    encore: Option<String>,
}

pub async fn case(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(asked): Query<CaseQuery>,
) -> Result<Html<String>, PageError> {
    page((&app, &viewer), &id, &asked).await
}

/// The page of the service that a dossier belongs to.
pub async fn dossier(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(number): Path<String>,
    Query(asked): Query<CaseQuery>,
) -> Result<Html<String>, PageError> {
    page((&app, &viewer), &number, &asked).await
}

async fn page(
    (app, viewer): (&AppState, &Viewer),
    number: &str,
    asked: &CaseQuery,
) -> Result<Html<String>, PageError> {
    let unknown = || {
        PageError::NotFound(format!(
            "Le dossier « {} » n’est pas connu de vigie.",
            number.chars().take(20).collect::<String>()
        ))
    };
    let number: i64 = number.parse().map_err(|_| unknown())?;
    let on = asked_day(asked.au.as_deref())?;
    // What was said on a day tells of all dossiers at once: a body sees it when all are its own.
    if let (Some(day), None) = (on, &viewer.body) {
        return super::said::page(app, number, (day, asked.encore.as_deref() == Some("oui"))).await;
    }
    let (case, review) = app.book.review_of(number).await?.ok_or_else(unknown)?;
    let frame = app.book.frame().await?;
    let Owned { case, review, partly } = owned(case, review, viewer, &frame).ok_or_else(unknown)?;
    if let Some(day) = on {
        if partly {
            return Err(unknown());
        }
        return super::said::page(app, number, (day, asked.encore.as_deref() == Some("oui"))).await;
    }
    // It needs all dossiers, and shows those of all.
    let line = match partly {
        true => None,
        false => label::judge::time_line::time_line(&case, &review, &frame.choices),
    };
    let boards: Vec<Value> = case
        .dossiers
        .iter()
        .rev()
        .filter_map(|facts| marks::board(case.service, facts))
        .map(|board| case_parts::board(&board, &review))
        .collect();
    // They are found by judging again, for which all dossiers are needed.
    let open = if partly { Vec::new() } else { readings::open_readings(&case, &review, &frame) };
    let hidden = hidden_locals(app, viewer, &case).await?;
    let values = context! {
        head => head(app, &case, &review, partly),
        unreachable => unreachable(app, &case).await?,
        line => line.map(|line| time_line::view(&line, review.today)),
        boards,
        elsewhere => partly.then_some(bodies::ELSEWHERE),
        network => central_page::network(&case, &review, asked.graine.as_deref(), &hidden),
        findings => case_parts::findings(&review),
        readings => open.iter().map(case_parts::reading).collect::<Vec<_>>(),
        agenda => case_parts::agenda(&review, &settling::settlers(app, &case).await?),
        may_settle => may(viewer, Area::Decisions, &app.access),
        iso => review.today.to_string(),
        documents => evidence::documents(app, &case).await?,
        written => case_parts::written(&case),
        mails => told::mails(app, &case).await?,
        entries => told::entries(app, &case).await?,
        sync => super::sync::state(app).await?,
    };
    app.render("case.html", "", values)
}

/// That the address of the contact refuses mails, whichever dossier this was noticed for.
async fn unreachable(app: &AppState, case: &Case) -> Result<Option<String>, PageError> {
    let readers = Readers::of(case);
    let refusing = app.store.ledger().addresses_refused(&readers.prints()).await?;
    let reached = !readers.open(&refusing).is_empty();
    let since = readers.refuse_since(&refusing).map(label::paris_date);
    Ok(since.map(|since| boards::unreachable(since, reached)))
}

/// The service and its present state, in a few lines.
fn head(app: &AppState, case: &Case, review: &Review, partly: bool) -> Value {
    let held = review.label.as_ref().and_then(|label| label.tier);
    let next = review.next_due();
    let current = case.current();
    context! {
        id => review.case,
        name => review.name.as_str(),
        service => names::service(review.service),
        organisme => current.and_then(|facts| review.body_of(facts.number)),
        state => if partly { of_the_label(review) } else { wording::state(review.state) },
        held => held.map(wording::tier),
        held_key => held.map(|tier| tier.key()),
        late => review.is_late(),
        faults => review.faults(None).count(),
        validity => validity(review),
        suspended => suspended(review),
        next_day => next.map(|due| date_full(due.deadline.nominal)),
        next_what => next.map(wording::findings::due_title),
        next_who => next.map(|due| names::role(due.obligation.owner())),
        next_section => next.map(|due| due.obligation.reference().2),
        next_in => next.map(|due| boards::distance(review.today, due.deadline.nominal)),
        central => case.central_named(),
        central_standing => case.central.map(wording::network::standing),
        dossiers => case.dossiers.iter().rev().map(|facts| dossier_line(app, facts)).collect::<Vec<_>>(),
    }
}

/// Where the latest dossier is another body's, how its application stands is not shown: only what the register says.
fn of_the_label(review: &Review) -> &'static str {
    review.standing().map_or(bodies::NO_LABEL, |label| names::label_status(label.status))
}

fn dossier_line(app: &AppState, facts: &Facts) -> Value {
    context! {
        number => facts.number,
        kind => boards::demande(Demande::of(facts)),
        deposited => date_full(facts.deposited),
        state => names::platform_state(facts.state),
        gone => facts.gone,
        url => app.platform_page(facts),
    }
}

fn validity(review: &Review) -> Option<String> {
    review.standing().map(wording::standing::validity)
}

fn suspended(review: &Review) -> Option<String> {
    review.standing().and_then(|label| wording::standing::suspension(label, review.today))
}

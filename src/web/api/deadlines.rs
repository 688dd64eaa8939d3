//! `/api/v1/deadlines`: what is to be done, by day, as the work list shows it.

use jiff::ToSpan;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::{DuePaging, DuePlace};
use super::shapes::Echeance;
use super::words::{Filters, choice, wanted};
use crate::store::deadlines::After;
use crate::store::work::{FIRST_DAY, Span};

choice!(SpanWord, vec!["retard", "semaine", "ensuite"]);
parameters! {
    /// Which part of the work list; all that is open when nothing is said.
    Part { "vue" => view: SpanWord }
}

#[utoipa::path(get, path = "/api/v1/deadlines", params(Filters, Part, DuePaging),
    responses((status = 200, body = Page<Echeance>)))]
pub(super) async fn deadlines(call: Call<(Filters, Part, DuePaging)>) -> Answer {
    let (filters, part, paging) = &call.asked;
    let (work, limit) = (call.app.store.work(), wanted(paging.limit));
    let week = call.app.book.today().saturating_add(7.days());
    let span = match part.view.as_ref().map(|view| view.0) {
        Some("retard") => Span::Late,
        Some("semaine") => Span::Until(week),
        Some(_) => Span::Beyond(week),
        None => Span::Open,
    };
    let narrowed = work.narrowed(&filters.filter(&call.viewer)?).await?;
    let start = || After::start_of(FIRST_DAY);
    let after = paging.after.as_ref().map_or_else(start, |place| place.0.clone());
    let mut found = work.lines(span, &narrowed, &after, limit + 1).await?;
    let next = cut(&mut found, limit).map(DuePlace::written);
    call.page(found.iter().map(Echeance::from).collect(), next)
}

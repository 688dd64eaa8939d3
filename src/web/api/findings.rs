//! `/api/v1/findings`: what was found in the dossiers, case by case. Findings are not stored: each page judges the cases that
//! it shows, so that `limit` counts cases.

use label::judge::review;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::NamePlace;
use super::shapes::{Constat, LEVELS};
use super::words::{Count, Filters, choice, wanted};
use crate::store::services::Order;
use crate::web::owned::owned;

choice!(LevelWord, LEVELS.iter().map(|(_, key)| *key).collect());
parameters! {
    /// Which findings, of how many cases.
    FindingPaging { "niveau" => level: LevelWord, "after" => after: NamePlace, "limit" => limit: Count<20, 50> }
}

#[utoipa::path(get, path = "/api/v1/findings", params(Filters, FindingPaging),
    responses((status = 200, body = Page<Constat>)))]
pub(super) async fn findings(call: Call<(Filters, FindingPaging)>) -> Answer {
    let (filters, paging) = &call.asked;
    let (work, book, limit) = (call.app.store.work(), &call.app.book, wanted(paging.limit));
    let narrowed = work.narrowed(&filters.filter(&call.viewer)?).await?;
    let after = NamePlace::or_start(&paging.after);
    let mut found = work.services(&narrowed, Order::Name, after, limit + 1).await?;
    let more = cut(&mut found, limit).is_some();
    let frame = book.frame().await?;
    let numbers: Vec<i64> = found.iter().map(|summary| summary.dossier).collect();
    let mut read = book.cases_of(&numbers, &frame).await?;
    // A large family fills a batch alone: the next page begins after the last case that was read.
    read.covered = read.covered.min(found.len());
    let last = found.get(read.covered.saturating_sub(1)).filter(|_| more || read.covered < found.len());
    let next = last.map(|last| {
        let (key, case) = Order::Name.place(last);
        NamePlace::written(&key, case)
    });
    let mut items = Vec::new();
    for case in read.cases {
        let review = review(&case, book.today(), &frame);
        let Some(own) = owned(case, review, &call.viewer, &frame) else { continue };
        let constats = own.review.findings.iter().map(|one| Constat::of(one, &own.review));
        items.extend(constats.filter(|one| paging.level.as_ref().is_none_or(|level| one.is(level.0))));
    }
    call.page(items, next)
}

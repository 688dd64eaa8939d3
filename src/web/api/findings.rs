//! `/api/v1/findings`: what was found in the dossiers, case by case, as each was last judged. `limit` counts cases.

use std::collections::BTreeMap;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::NamePlace;
use super::shapes::{Constat, LEVELS};
use super::words::{Count, Filters, choice, wanted};
use crate::store::found::FoundRow;
use crate::store::narrowed::{Filter, Whose};
use crate::store::services::Order;

choice!(LevelWord, LEVELS.iter().map(|(_, key)| *key).collect());
parameters! {
    /// Which findings, of how many cases.
    FindingPaging { "niveau" => level: LevelWord, "after" => after: NamePlace, "limit" => limit: Count<20, 50> }
}

#[utoipa::path(get, path = "/api/v1/findings", params(Filters, FindingPaging),
    responses((status = 200, body = Page<Constat>)))]
pub(super) async fn findings(call: Call<(Filters, FindingPaging)>) -> Answer {
    let (filters, paging) = &call.asked;
    let (work, limit) = (call.app.store.work(), wanted(paging.limit));
    // Each dossier is its own body's, whichever has the service now. Where its state or its auditor is asked for, it is that
    // of the latest dossier.
    let filter = filters.filter(&call.viewer)?;
    let any = filter.state.is_empty() && filter.auditor.is_empty();
    let filter = Filter { whose: if any { Whose::Any } else { Whose::Latest }, ..filter };
    let narrowed = work.narrowed(&filter).await?;
    let after = NamePlace::or_start(&paging.after);
    let mut found = work.services(&narrowed, Order::Name, after, limit + 1).await?;
    let more = cut(&mut found, limit).is_some();
    let next = more.then(|| found.last()).flatten().map(|last| {
        let (key, case) = Order::Name.place(last);
        NamePlace::written(&key, case)
    });
    let cases: Vec<i64> = found.iter().map(|summary| summary.case_id).collect();
    let mut of_case: BTreeMap<i64, Vec<FoundRow>> = BTreeMap::new();
    for row in call.app.store.found().found_of(&cases).await? {
        of_case.entry(row.case_id).or_default().push(row);
    }
    let mut items = Vec::new();
    for summary in &found {
        let mut rows = of_case.remove(&summary.case_id).unwrap_or_default();
        rows.retain(|row| filter.organisme.is_empty() || row.organisme == filter.organisme);
        // The rule that is asked for may be one of another body's dossier.
        let ruled = |row: &FoundRow| row.found.iter().any(|one| one.rule == filter.rule);
        if !filter.rule.is_empty() && !filter.organisme.is_empty() && !rows.iter().any(ruled) {
            continue;
        }
        for row in &rows {
            let of = (row.case_id, row.dossier);
            let all = row.found.iter().map(|one| Constat::of(one, of, &summary.name, &row.organisme));
            items.extend(all.filter(|one| paging.level.as_ref().is_none_or(|level| one.is(level.0))));
        }
    }
    call.page(items, next)
}

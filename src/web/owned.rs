//! What of a case is shown to the people of one certification body, where several share the pages: its own dossiers, and the
//! life of the label, which anybody may know from the register.

use std::collections::BTreeSet;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::cases::Summary;
use crate::store::narrowed::{Filter, Whose};
use crate::store::services::Order;
use label::case::{Case, Frame, body_name};
use label::judge::Review;

/// Whether a dossier belongs to the viewer's body; one that was never judged belongs to none.
pub async fn owns(app: &AppState, viewer: &Viewer, dossier: i64) -> Result<bool, PageError> {
    if viewer.body.is_none() {
        return Ok(true);
    }
    Ok(app.store.register().body_of(dossier).await?.is_some_and(|body| viewer.sees(&body)))
}

/// A case as its viewer may see it.
pub struct Owned {
    pub case: Case,
    pub review: Review,
    /// Some of its dossiers are another body's, and left out.
    pub partly: bool,
}

/// The part of a case that its viewer may see; `None` when none of its dossiers is theirs.
pub fn owned(case: Case, review: Review, viewer: &Viewer, frame: &Frame) -> Option<Owned> {
    let own = |number: &i64| case.dossier(*number).is_some_and(|facts| viewer.sees(body_name(facts, frame)));
    let numbers: BTreeSet<i64> = case.dossiers.iter().map(|facts| facts.number).filter(own).collect();
    if viewer.body.is_none() || numbers.len() == case.dossiers.len() {
        return Some(Owned { case, review, partly: false });
    }
    if numbers.is_empty() {
        return None;
    }
    let (mut case, mut review) = (case, review);
    case.dossiers.retain(|facts| numbers.contains(&facts.number));
    review.findings.retain(|finding| numbers.contains(&finding.dossier));
    review.tiers.retain(|tier| numbers.contains(&tier.dossier));
    review.agenda.retain(|due| numbers.contains(&due.dossier));
    Some(Owned { case, review, partly: true })
}

/// What a search looks for, to the people of one body: their former dossiers too. Where something else of the service is asked
/// for, or orders the list, it is of its latest dossier, and so is the list.
pub fn searched(filter: Filter, viewer: &Viewer, order: Order) -> Filter {
    let alone = Filter {
        text: filter.text.clone(),
        organisme: filter.organisme.clone(),
        type_key: filter.type_key.clone(),
        departement: filter.departement.clone(),
        ..Filter::default()
    };
    let former = viewer.body.is_some()
        && filter == alone
        && !filter.text.is_empty()
        && matches!(order, Order::Name | Order::Departement);
    Filter { whose: if former { Whose::Any } else { filter.whose }, ..filter }
}

/// The services of a list as their viewer may see them: one whose latest dossier is another body's has the number of theirs,
/// the label, which anybody may know, and nothing of how the other's dossier stands.
pub async fn shown(app: &AppState, viewer: &Viewer, found: Vec<Summary>) -> Result<Vec<Summary>, PageError> {
    let mut shown = Vec::new();
    for summary in found {
        let Some(body) = viewer.body.as_ref().filter(|_| !viewer.sees(&summary.organisme)) else {
            shown.push(summary);
            continue;
        };
        let rows = app.store.register().applications_of(summary.case_id).await?;
        let own = rows.into_iter().filter(|row| row.organisme == *body).map(|row| row.dossier).max();
        let Some(dossier) = own else { continue };
        let Summary { case_id, name, service, type_key, siret, departement, demarche, standings, .. } =
            summary;
        let organisme = body.clone();
        shown.push(Summary {
            case_id,
            name,
            service,
            type_key,
            siret,
            departement,
            organisme,
            demarche,
            dossier,
            standings,
            ..Summary::default()
        });
    }
    Ok(shown)
}

/// The locals of a central that another body than the viewer's certifies, or none.
pub async fn hidden_locals(app: &AppState, viewer: &Viewer, case: &Case) -> Result<BTreeSet<i64>, PageError> {
    if viewer.body.is_none() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<i64> = case.locals.iter().map(|local| local.case).collect();
    let own = app.store.cases().summaries(&ids).await?.into_iter().filter(|one| viewer.sees(&one.organisme));
    let own: BTreeSet<i64> = own.map(|one| one.case_id).collect();
    Ok(ids.into_iter().filter(|id| !own.contains(id)).collect())
}

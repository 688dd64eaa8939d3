//! `/api/v1/cases`: each case with its label today, and one case with all that its page tells of its life.

use axum::extract::Path;
use jiff::civil::Date;
use label::case::Demande;
use label::case::facts::Facts;
use label::judge::Review;
use label::wording::found::Found;
use label::wording::{boards, names};
use label::{Tier, plain};
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call, Page, cut};
use super::places::{NamePaging, NamePlace};
use super::shapes::{Constat, Echeance, LabelStanding, named};
use super::words::{Filters, number, wanted};
use crate::store::cases::Summary;
use crate::store::services::Order;
use crate::web::app_state::AppState;
use crate::web::owned::{Owned, owned, searched, shown};
use crate::web::page_error::PageError;

/// A case, as it was last judged.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Cas {
    cas: i64,
    dossier: i64,
    nom: String,
    organisme: Option<String>,
    /// None of a service that is another body's now.
    etape: Option<String>,
    en_retard: bool,
    constats: i64,
    change_le: Option<Date>,
    label: Option<LabelStanding>,
}

#[utoipa::path(get, path = "/api/v1/cases", params(Filters, NamePaging), responses((status = 200, body = Page<Cas>)))]
pub(super) async fn cases(call: Call<(Filters, NamePaging)>) -> Answer {
    let (filters, paging) = &call.asked;
    let (work, today, limit) = (call.app.store.work(), call.app.book.today(), wanted(paging.limit));
    let filter = searched(filters.filter(&call.viewer)?, &call.viewer, Order::Name);
    let narrowed = work.narrowed(&filter).await?;
    let after = NamePlace::or_start(&paging.after);
    let mut found = work.services(&narrowed, Order::Name, after, limit + 1).await?;
    let next = cut(&mut found, limit).map(|last| {
        let (key, case) = Order::Name.place(last);
        NamePlace::written(&key, case)
    });
    let found = shown(&call.app, &call.viewer, found).await?;
    let line = |summary: &Summary| Cas {
        cas: summary.case_id,
        dossier: summary.dossier,
        nom: plain::line(&summary.name),
        organisme: named(&summary.organisme),
        etape: named(&summary.state),
        en_retard: summary.late,
        constats: summary.faults,
        change_le: summary.changed_on,
        label: summary.standing_on(today).map(LabelStanding::from),
    };
    call.page(found.iter().map(line).collect(), next)
}

/// A dossier of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Dossier {
    dossier: i64,
    demande: String,
    depose_le: Date,
    etat_plateforme: String,
    disparu: bool,
    organisme: Option<String>,
    palier_calcule: Option<String>,
    adresse: Option<String>,
}

/// The label from a day on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changement {
    le: Date,
    label: LabelStanding,
}

/// A case, judged today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasEntier {
    cas: i64,
    nom: String,
    type_libelle: String,
    organisme: Option<String>,
    jour: Date,
    etape: Option<String>,
    partiel: bool,
    en_retard: bool,
    label: Option<LabelStanding>,
    histoire: Vec<Changement>,
    dossiers: Vec<Dossier>,
    constats: Vec<Constat>,
    echeances: Vec<Echeance>,
}

#[utoipa::path(get, path = "/api/v1/cases/{id}", params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, body = CasEntier), (status = 404)))]
pub(super) async fn case(Path(id): Path<String>, call: Call<()>) -> Answer {
    let unknown = || PageError::NotFound(label::wording::api::unknown_case(&id));
    let book = &call.app.book;
    let (case, review) = match number(&id) {
        Some(number) => book.review_of(number).await?.ok_or_else(unknown)?,
        None => return Err(unknown()),
    };
    let frame = book.frame().await?;
    let owned = owned(case, review, &call.viewer, &frame).ok_or_else(unknown)?;
    call.one(&whole(&call.app, &owned))
}

fn whole(app: &AppState, Owned { case, review, partly }: &Owned) -> CasEntier {
    let dossiers = case.dossiers.iter().rev().map(|facts| dossier(app, facts, review));
    let change =
        |(from, standing): &(Date, _)| Changement { le: *from, label: LabelStanding::from(standing) };
    CasEntier {
        cas: review.case,
        nom: plain::line(&review.name),
        type_libelle: names::service(review.service).to_owned(),
        organisme: case.current().and_then(|facts| review.body_of(facts.number)).and_then(named),
        jour: review.today,
        // How an application with another body stands is not shown.
        etape: (!partly).then(|| review.state.key().to_owned()),
        partiel: *partly,
        en_retard: review.is_late(),
        label: review.standing().map(LabelStanding::from),
        // It tells of the decisions of all dossiers.
        histoire: review.standings.iter().filter(|_| !partly).map(change).collect(),
        dossiers: dossiers.collect(),
        constats: case.dossiers.iter().flat_map(|facts| found(facts.number, review)).collect(),
        echeances: review.agenda.iter().map(|due| Echeance::of(due, review)).collect(),
    }
}

fn found(dossier: i64, review: &Review) -> Vec<Constat> {
    let body = review.body_of(dossier).unwrap_or_default();
    let found = Found::of(review, dossier);
    found.iter().map(|one| Constat::of(one, (review.case, dossier), &review.name, body)).collect()
}

fn dossier(app: &AppState, facts: &Facts, review: &Review) -> Dossier {
    let judged = review.tiers.iter().find(|tier| tier.dossier == facts.number);
    Dossier {
        dossier: facts.number,
        demande: boards::demande(Demande::of(facts)).to_owned(),
        depose_le: facts.deposited,
        etat_plateforme: names::platform_state(facts.state).to_owned(),
        disparu: facts.gone,
        organisme: review.body_of(facts.number).and_then(named),
        palier_calcule: judged.and_then(|judged| judged.result.tier).map(Tier::key).map(str::to_owned),
        adresse: app.platform_page(facts),
    }
}

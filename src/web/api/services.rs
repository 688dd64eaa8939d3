//! `/api/v1/services`: the list of the page of that name.

use jiff::civil::Date;
use label::Tier;
use label::life::Standing;
use label::plain;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::{NamePaging, NamePlace};
use super::shapes::named;
use super::words::{Filters, choice, wanted};
use crate::store::cases::Summary;
use crate::store::services::Order;
use crate::web::owned::{searched, shown};

choice!(OrderWord, vec!["echeance"]);
parameters! {
    /// In which order: by name when nothing is said.
    Sorting { "vue" => view: OrderWord }
}

/// A service, whatever became of its dossiers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Service {
    cas: i64,
    dossier: i64,
    nom: String,
    siret: Option<String>,
    #[serde(rename = "type")]
    type_service: Option<String>,
    departement: Option<String>,
    organisme: Option<String>,
    sites: Vec<String>,
    central_dossier: Option<i64>,
    /// None of a service that is another body's now.
    etape: Option<String>,
    palier: Option<String>,
    dernier_jour: Option<Date>,
    prochaine_echeance: Option<String>,
    prochaine_echeance_le: Option<Date>,
    en_retard: bool,
    constats: i64,
    adresse: Option<String>,
}

#[utoipa::path(get, path = "/api/v1/services", params(Filters, Sorting, NamePaging),
    responses((status = 200, body = Page<Service>)))]
pub(super) async fn services(call: Call<(Filters, Sorting, NamePaging)>) -> Answer {
    let (filters, sorting, paging) = &call.asked;
    let work = call.app.store.work();
    let order = match sorting.view.as_ref().map(|view| view.0) {
        Some("echeance") => Order::Next,
        _ => Order::Name,
    };
    let filter = searched(filters.filter(&call.viewer)?, &call.viewer, order);
    let narrowed = work.narrowed(&filter).await?;
    let limit = wanted(paging.limit);
    let mut found = work.services(&narrowed, order, NamePlace::or_start(&paging.after), limit + 1).await?;
    let next = cut(&mut found, limit).map(|last| {
        let (key, case) = order.place(last);
        NamePlace::written(&key, case)
    });
    let found = shown(&call.app, &call.viewer, found).await?;
    call.page(found.iter().map(|summary| service(&call, summary)).collect(), next)
}

fn service<P>(Call { app, viewer, .. }: &Call<P>, summary: &Summary) -> Service {
    let label = summary.standing_on(app.book.today());
    Service {
        cas: summary.case_id,
        dossier: summary.dossier,
        nom: plain::line(&summary.name),
        siret: summary.siret.as_deref().and_then(named),
        type_service: named(&summary.type_key),
        departement: named(&summary.departement),
        organisme: named(&summary.organisme),
        sites: summary.sites.iter().map(|site| plain::line(site)).collect(),
        // The central service may be another body's.
        central_dossier: summary.central.filter(|_| viewer.body.is_none()),
        etape: named(&summary.state),
        palier: label.and_then(|label| label.tier).map(Tier::key).map(str::to_owned),
        dernier_jour: label.map(Standing::last_day_if_nothing_is_done),
        prochaine_echeance: summary.next_what.clone(),
        prochaine_echeance_le: summary.next_due,
        en_retard: summary.late,
        constats: summary.faults,
        adresse: app.platform_address(summary.demarche, summary.dossier),
    }
}

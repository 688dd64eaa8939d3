//! `/api/v1/statistics`: the counts of the page of that name, on a day.

use jiff::civil::Date;
use label::Tier;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call};
use super::parameters::parameters;
use super::shapes::named;
use super::words::Day;
use crate::register::statistics::{Statistics, days};
use crate::web::statistics::exact_on;

parameters! {
    /// The day; today when nothing is said.
    Counting { "au" => day: Day }
}

/// The counts of a year, kind of service and certification body.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Compte {
    annee: String,
    #[serde(rename = "type")]
    type_service: Option<String>,
    organisme: Option<String>,
    candidatures: i64,
    audits: i64,
    labellises: i64,
    refuses: i64,
    bronze: i64,
    argent: i64,
    or: i64,
    plans_a_temps: i64,
    plans_en_retard: i64,
    rapports_a_temps: i64,
    rapports_en_retard: i64,
}

/// The labels in force, of one kind of service and tier.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EnVigueur {
    #[serde(rename = "type")]
    type_service: Option<String>,
    palier: Option<String>,
    labels: i64,
    suspendus: i64,
}

/// From deposit to decision, in a year.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Delai {
    annee: String,
    jours: String,
}

/// All counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Statistiques {
    jour: Date,
    en_vigueur: Vec<EnVigueur>,
    comptes: Vec<Compte>,
    delais_medians: Vec<Delai>,
}

#[utoipa::path(get, path = "/api/v1/statistics", params(Counting), responses((status = 200, body = Statistiques)))]
pub(super) async fn statistics(call: Call<Counting>) -> Answer {
    let asked = call.asked.day.map(|day| day.0);
    let (day, counted) = exact_on(&call.app, &call.viewer, asked).await?;
    call.one(&statistiques(day, &counted))
}

fn statistiques(jour: Date, counted: &Statistics) -> Statistiques {
    let in_force = counted.in_force.iter().map(|((kind, tier), counts)| EnVigueur {
        type_service: named(kind),
        palier: tier.map(Tier::key).map(str::to_owned),
        labels: counts.labels,
        suspendus: counts.suspendus,
    });
    let groups = counted.groups.iter().map(|(group, counts)| Compte {
        annee: group.annee.clone(),
        type_service: named(&group.type_service),
        organisme: named(&group.organisme),
        candidatures: counts.candidatures,
        audits: counts.audits,
        labellises: counts.labellises,
        refuses: counts.refuses,
        bronze: counts.bronze,
        argent: counts.argent,
        or: counts.or,
        plans_a_temps: counts.plans_a_temps,
        plans_en_retard: counts.plans_en_retard,
        rapports_a_temps: counts.rapports_a_temps,
        rapports_en_retard: counts.rapports_en_retard,
    });
    let medians = counted.half_days.iter();
    let medians = medians.map(|(year, half)| Delai { annee: year.clone(), jours: days(*half, ".") });
    Statistiques {
        jour,
        en_vigueur: in_force.collect(),
        comptes: groups.collect(),
        delais_medians: medians.collect(),
    }
}

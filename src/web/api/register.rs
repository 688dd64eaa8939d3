//! `/api/v1/register`: the register on a day, page by page, with the columns and the words of `/registre.json`.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call, Page};
use super::parameters::parameters;
use super::places::{NamePaging, NamePlace};
use super::words::{Day, choice, wanted};
use crate::register::{Audience, Next, RegisterCell, RegisterLine, page};
use crate::web::register::{MOST_ALIKE, RegisterQuery};

choice!(VersionWord, vec!["publique"]);
choice!(ListWord, vec!["termines"]);
parameters! {
    /// Which register.
    OnDay { "au" => day: Day, "version" => version: VersionWord, "liste" => list: ListWord }
}

/// A line of the register.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct LigneRegistre {
    nom: Option<String>,
    siret: Option<String>,
    #[serde(rename = "type")]
    type_service: Option<String>,
    departement: Option<String>,
    palier: Option<String>,
    date_decision: Option<Date>,
    date_notification: Option<Date>,
    debut_periode: Option<Date>,
    date_fin: Option<Date>,
    statut: Option<String>,
    statut_depuis: Option<Date>,
    suspension_debut: Option<Date>,
    suspension_delai: Option<Date>,
    suspension_fin_max: Option<Date>,
    retrait_le: Option<Date>,
    sites: Vec<String>,
    organisme: Option<String>,
    central: Option<String>,
    identifiant: Option<String>,
    /// Left out of the public register.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/register", params(OnDay, NamePaging),
    responses((status = 200, body = Page<LigneRegistre>)))]
pub(super) async fn register(call: Call<(OnDay, NamePaging)>) -> Answer {
    let (on, paging) = &call.asked;
    let asked = RegisterQuery {
        version: on.version.as_ref().map(|word| word.0.to_owned()),
        liste: on.list.as_ref().map(|word| word.0.to_owned()),
        ..RegisterQuery::default()
    };
    let (audience, which) = (asked.audience(&call.viewer), asked.which(&call.viewer));
    let register = asked.register(&call.app, &call.viewer);
    let day = on.day.map_or_else(|| call.app.book.today(), |day| day.0);
    // As on the page: after so many lines of a name, since the number of a case is that of a dossier.
    let (place, shown) = match &paging.after {
        Some(NamePlace(name, shown)) => {
            let shown = usize::try_from(*shown).unwrap_or(MOST_ALIKE).min(MOST_ALIKE);
            (Some((name.clone(), i64::MIN)), shown)
        }
        None => (None, 0),
    };
    let count = wanted(paging.limit).saturating_add(i64::try_from(shown).unwrap_or_default());
    let (lines, more) = page(&register, which, audience, day, place, count).await?;
    let alike = |next: &Next| i64::try_from(next.alike).unwrap_or_default();
    let next = more.map(|next| NamePlace::written(&next.place.0, alike(&next)));
    call.page(lines.iter().skip(shown).map(|line| ligne(line, audience)).collect(), next)
}

fn ligne(line: &RegisterLine, audience: Audience) -> LigneRegistre {
    let cell = |name: &str| {
        let rank = audience.columns().iter().position(|column| *column == name);
        rank.and_then(|rank| line.cells.get(rank))
    };
    let text = |name| match cell(name) {
        Some(RegisterCell::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let day = |name| match cell(name) {
        Some(RegisterCell::Day(day)) => Some(*day),
        _ => None,
    };
    LigneRegistre {
        nom: text("nom"),
        siret: text("siret"),
        type_service: text("type"),
        departement: text("departement"),
        palier: text("palier"),
        date_decision: day("date_decision"),
        date_notification: day("date_notification"),
        debut_periode: day("debut_periode"),
        date_fin: day("date_fin"),
        statut: text("statut"),
        statut_depuis: day("statut_depuis"),
        suspension_debut: day("suspension_debut"),
        suspension_delai: day("suspension_delai"),
        suspension_fin_max: day("suspension_fin_max"),
        retrait_le: day("retrait_le"),
        sites: match cell("sites") {
            Some(RegisterCell::List(sites)) => sites.clone(),
            _ => Vec::new(),
        },
        organisme: text("organisme"),
        central: text("central"),
        identifiant: text("identifiant"),
        dossier: match cell("dossier") {
            Some(RegisterCell::Number(number)) => Some(*number),
            _ => None,
        },
    }
}

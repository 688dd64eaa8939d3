//! `/api/v1/health`: the state of the work, as `/sante` shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call};
use crate::web::sync;

/// How many.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Nombre {
    quoi: String,
    nombre: i64,
}

/// Tasks of one kind in one state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taches {
    quoi: String,
    etat: String,
    nombre: i64,
}

/// The state of the work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sante {
    version: &'static str,
    lecture: String,
    #[schema(format = DateTime)]
    derniere_lecture: Option<String>,
    erreur: Option<String>,
    dossiers: i64,
    a_juger: i64,
    mis_de_cote: i64,
    illisibles: i64,
    a_redemander: Vec<Nombre>,
    taches: Vec<Taches>,
    courriels_perdus: Vec<Nombre>,
    jetons_plateforme: Vec<Date>,
}

#[utoipa::path(get, path = "/api/v1/health", responses((status = 200, body = Sante)))]
pub(super) async fn health(call: Call<()>) -> Answer {
    let (app, store) = (&call.app, &call.app.store);
    let overview = store.health().overview(app.book.clock.now()).await?;
    let last = store.settings().read::<Timestamp>("last_pass").await?;
    let said = sync::state(app).await?.get_attr("text")?;
    let count = |(quoi, nombre): (String, i64)| Nombre { quoi, nombre };
    let task = |(quoi, etat, nombre): (String, String, i64)| Taches { quoi, etat, nombre };
    call.one(&Sante {
        version: env!("CARGO_PKG_VERSION"),
        lecture: said.to_string(),
        derniere_lecture: last.map(|at| at.to_string()),
        erreur: store.settings().get("last_error").await?.filter(|text| !text.is_empty()),
        dossiers: overview.dossiers,
        a_juger: overview.to_judge,
        mis_de_cote: overview.set_aside,
        illisibles: overview.unreadable.iter().map(|(_, count)| count).sum(),
        a_redemander: overview.asks.into_iter().map(count).collect(),
        taches: store.health().tasks_by_state().await?.into_iter().map(task).collect(),
        courriels_perdus: store.health().mails_given_up().await?.into_iter().map(count).collect(),
        jetons_plateforme: app.token_ends.clone(),
    })
}

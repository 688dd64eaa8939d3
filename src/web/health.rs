//! `/sante`: the state of the work, for people. `/healthz`: the process answers. `/readyz`: the store answers and the
//! last complete reading is recent.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use jiff::Timestamp;
use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use super::templates::moment;
use crate::retry::{pages, watching};
use crate::store::asks::AskReason;
use crate::store::exported::{PICTURE, SCOPE};
use crate::store::outbox::TaskKind;
use label::wording;
use label::wording::date_full;
use label::wording::mail_server::{self, Refused};
use label::wording::names::{self, role_from_key};
use label::{paris_date, plain};

pub async fn alive() -> &'static str {
    "alive\n"
}

pub async fn ready(State(app): State<AppState>) -> (StatusCode, String) {
    let last = match app.store.settings().get("last_pass").await {
        Ok(last) => last.and_then(|text| text.parse::<jiff::Timestamp>().ok()),
        Err(error) => {
            tracing::error!("readyz: {error}");
            return (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read\n".to_owned());
        }
    };
    let oldest = app.book.clock.now().saturating_sub(pages::READY).unwrap_or(jiff::Timestamp::MIN);
    match last {
        Some(at) if at >= oldest => (StatusCode::OK, format!("last complete pass {at}\n")),
        Some(at) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("last complete pass {at}, more than 30 minutes ago\n"))
        }
        None => (StatusCode::SERVICE_UNAVAILABLE, "no complete pass yet\n".to_owned()),
    }
}

/// `/sante`: the reading, the token, what waits, what is set aside and why.
pub async fn page(State(app): State<AppState>) -> Result<Html<String>, PageError> {
    let store = &app.store;
    let now = app.book.clock.now();
    let overview = store.health().overview(now).await?;
    let last = store.settings().read::<Timestamp>("last_pass").await?;
    let error = store.settings().get("last_error").await?.filter(|text| !text.is_empty());
    let readings: Vec<Value> = store
        .health()
        .readings()
        .await?
        .into_iter()
        .map(|reading| {
            context! { scope => reading.scope, filled => reading.filled,
            began => reading.sweep_began.map(moment), swept => reading.swept_at.map(moment) }
        })
        .collect();
    let aside = store.dossiers().set_aside().await?;
    let aside_count = aside.len();
    let aside: Vec<Value> =
        aside.into_iter().take(LINES).map(|(number, why)| context! { number, why }).collect();
    let unreadable: Vec<Value> = store
        .health()
        .unreadable(100)
        .await?
        .into_iter()
        .map(|(place, line, dossier)| context! { place, line, dossier })
        .collect();
    let unreadable_count: i64 = overview.unreadable.iter().map(|(_, count)| count).sum();
    let today = app.book.today();
    let tokens: Vec<Value> = app
        .token_ends
        .iter()
        .map(|end| context! { day => date_full(*end), left => (*end - today).get_days() })
        .collect();
    let reason = |why: &str| AskReason::from_word(why).map(ask_reason).map(str::to_owned);
    let asks: Vec<Value> = overview
        .asks
        .iter()
        .map(|(why, count)| context! { why => reason(why).unwrap_or_else(|| why.clone()), count })
        .collect();
    let mut lost = waiting(&app, "given_up").await?;
    lost.extend(waiting(&app, "undeliverable").await?);
    lost.truncate(LINES);
    let (export, unread) = exports(&app).await?;
    let present = store.replicas().present().await?;
    let acts = present.iter().find(|replica| replica.observes).map(|observer| observer.acts.clone());
    let replicas: Vec<Value> = present
        .iter()
        .map(|replica| {
            let differs = acts.as_ref().is_some_and(|acts| *acts != replica.acts);
            context! { name => replica.name.clone(), observes => replica.observes, differs, listens => replica.listens }
        })
        .collect();
    let values = context! {
        waits => waits(&app), export, unread, replicas, by_api => app.scope != SCOPE,
        last => last.map(moment), error, readings, aside, aside_count, unreadable, unreadable_count, tokens, asks,
        dossiers => overview.dossiers, to_judge => overview.to_judge,
        given_up => lost, mails_given_up => mails_given_up(&app).await?, refusals => refusals(&app).await?,
        pending => waiting(&app, "pending").await?,
        version => env!("CARGO_PKG_VERSION"),
    };
    app.render("health.html", "sante", values)
}

/// What the pass of this process has waited for without progress for some minutes.
fn waits(app: &AppState) -> Option<String> {
    let (step, waited) = app.activity.as_ref()?.waits()?;
    let minutes = waited.as_secs() / 60;
    (waited >= watching::SAID).then(|| wording::passes::waits_for(step.word(), minutes))
}

/// The age of the last export, and what of the files is not read, or not as it stands.
async fn exports(app: &AppState) -> Result<(Option<String>, Vec<String>), PageError> {
    let settings = app.store.settings();
    let picture = settings.read::<Timestamp>(PICTURE).await?.map(paris_date);
    let said = picture.map(|picture| wording::exports::freshness(picture, app.book.today()));
    let unread = settings.told_of_exports().await?;
    // Whole: what is to be done stands at the end of each.
    Ok((said, unread.iter().map(|line| plain::line(line)).collect()))
}

/// Readers whose mails did not arrive, with their number.
async fn mails_given_up(app: &AppState) -> Result<Vec<Value>, PageError> {
    let counts = app.store.health().mails_given_up().await?;
    let named =
        |role: &str| role_from_key(role).map_or_else(|| role.to_owned(), |role| names::role(role).to_owned());
    Ok(counts.iter().map(|(role, count)| context! { to => named(role), count }).collect())
}

/// Why mails wait that the server refuses for good.
async fn refusals(app: &AppState) -> Result<Vec<String>, PageError> {
    let known = app.store.ledger().refusals("").await?;
    let told = |(about, (count, said)): (&String, &(i64, String))| {
        let refused = Refused { count: u64::try_from(*count).unwrap_or(0), said: said.clone() };
        mail_server::about(about, &refused)
    };
    Ok(known.iter().map(told).collect())
}

/// Lines of each table.
const LINES: usize = 100;

async fn waiting(app: &AppState, state: &str) -> Result<Vec<Value>, PageError> {
    let tasks = app.store.health().waiting(state, 100).await?;
    let line = |task: crate::store::overview::Waiting| {
        let kind = match TaskKind::from_word(&task.kind) {
            Some(kind) => kind_word(kind),
            None => task.kind.as_str(),
        };
        context! { kind, dossier => (task.dossier > 0).then_some(task.dossier), attempts => task.attempts,
        why => task.last_error, at => moment(task.at) }
    };
    Ok(tasks.into_iter().map(line).collect())
}

fn kind_word(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Mail => "courriel",
        TaskKind::Message => "message au candidat",
        TaskKind::Annotation | TaskKind::Webhook => kind.word(),
    }
}

/// Why a dossier is asked for by number, for people.
fn ask_reason(why: AskReason) -> &'static str {
    match why {
        AskReason::Aside => "mis de côté, redemandé plus tard",
        AskReason::Scan => "antivirus de la plateforme attendu",
        AskReason::Siret => "registre des entreprises attendu",
        AskReason::Attestation => "attestation attendue",
        AskReason::Files => "pièces à relire",
        AskReason::Unheard => "à relire avant d’y écrire : la réponse d’une écriture s’est perdue",
        AskReason::Late => "apparu ou déplacé dans la liste",
        AskReason::Missing => "plus dans la liste",
        AskReason::Replay => "à relire, sur demande",
        AskReason::Unreadable => "à relire : une ligne de la base est illisible",
    }
}

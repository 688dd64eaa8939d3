//! `/metrics`: what an operator's Prometheus reads; `docs/metriques.md` says what each means.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicI64;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::app_state::AppState;
use super::exposition::Exposition;
use super::page_error::PageError;
use crate::activity::Step;
use crate::store::Store;
use crate::store::asks::AskReason;
use crate::store::exported::PICTURE;
use crate::store::ledger::RefusedFor;
use crate::store::outbox::TaskKind;
use crate::store::overview::{CERTIFICATE, done_setting};
use crate::store::unreadable::Place;
use label::judge::agenda::Role;

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge<i64, AtomicI64>>;

/// The values of the store are read at the moment they are asked for: any replica gives the same. Those of the process are
/// its own: how long it runs, what its pass waits for, its requests to the platform.
pub(super) async fn page(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, PageError> {
    let registry = registry(&app).await?;
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| PageError::File(error.into()))?;
    let wanted = Exposition::wanted(&headers);
    // A cache in between would give one reader the other's format.
    Ok(([(header::CONTENT_TYPE, wanted.media()), (header::VARY, "accept")], wanted.of(text)))
}

async fn registry(app: &AppState) -> Result<Registry, PageError> {
    let store = &app.store;
    let now = app.book.clock.now();
    let overview = store.health().overview(now).await?;
    let mut made = Made::new(Registry::with_prefix("vigie"));
    made.gauges(
        "build",
        "Version of the program",
        [(vec![("version", env!("CARGO_PKG_VERSION").to_owned())], 1)],
    );
    replicas(app, &mut made).await?;
    process(app, &mut made, now);
    for outcome in ["done", "failed"] {
        let count = store.settings().read(&format!("passes/{outcome}")).await?;
        let (name, help) = match outcome {
            "done" => ("passes", "Complete passes since the store was made"),
            _ => ("passes_failed", "Passes that stopped since the store was made"),
        };
        made.counter(name, help, count.unwrap_or(0));
    }
    let last = store.settings().read("last_pass").await?;
    made.gauges(
        "last_pass_age_seconds",
        "Since the last complete pass",
        last.map(|at| (vec![], age(now, at))),
    );
    let failing = store.settings().get("last_error").await?.is_some_and(|text| !text.is_empty());
    made.gauge("last_pass_failed", "1 while the last pass stopped", i64::from(failing));
    made.gauges("tasks", "Things to do, by kind and state", tasks(store).await?);
    let mut done = Vec::new();
    for kind in TaskKind::ALL {
        let count = store.settings().read::<u64>(&done_setting(kind)).await?;
        done.push((vec![("kind", kind.word().to_owned())], count.unwrap_or(0)));
    }
    made.counters("tasks_done", "Things that were done, by kind", done);
    made.gauges("mails_given_up", "Mails that did not reach their reader, by role", given_up(store).await?);
    made.gauges(
        "mails_refused",
        "Mails that wait because the server refuses something for good, by what",
        refused(store).await?,
    );
    let oldest = overview.oldest_due.map_or(0, |at| age(now, at));
    made.gauge("oldest_due_mail_seconds", "How late the oldest mail that should have left is", oldest);
    made.gauge("dossiers", "Dossiers known", overview.dossiers);
    made.gauge("dossiers_gone", "Dossiers no longer on the platform", overview.gone);
    made.gauge("dossiers_to_judge", "Dossiers that changed since their case was judged", overview.to_judge);
    made.gauge("dossiers_set_aside", "Dossiers that cannot be read", overview.set_aside);
    let places = Place::ALL.iter().map(|place| place.as_str().to_owned());
    let unreadable = labelled("place", from_zero(places, overview.unreadable));
    made.gauges("rows_unreadable", "Stored rows that cannot be read, by table and column", unreadable);
    let reasons = AskReason::ALL.iter().map(|(why, _)| why.word().to_owned());
    let asks = labelled("why", from_zero(reasons, overview.asks));
    made.gauges("asks", "Dossiers to be asked for by number, by reason", asks);
    let states = label::life::State::ALL.iter().map(|(_, key)| (*key).to_owned());
    let cases = labelled("state", from_zero(states, store.health().cases_by_state().await?));
    made.gauges("cases", "Services followed, by state", cases);
    made.gauge("cases_late", "Services with a deadline that is late", overview.late);
    let today = app.book.today();
    let left = app
        .token_ends
        .iter()
        .map(|end| (vec![("ends", end.to_string())], i64::from((*end - today).get_days())));
    made.gauges("token_days_left", "Days before the token ends", left);
    let mut ends = Vec::new();
    for (name, end) in store.settings().starting(CERTIFICATE).await? {
        if let Ok(end) = end.parse::<Timestamp>() {
            let scope = name.strip_prefix(CERTIFICATE).unwrap_or_default().to_owned();
            ends.push((vec![("scope", scope)], (end.as_second() - now.as_second()).div_euclid(86_400)));
        }
    }
    made.gauges("certificate_days_left", "Days before the platform's certificate ends", ends);
    let export = store.settings().read::<Timestamp>(PICTURE).await?;
    made.gauges(
        "last_export_age_seconds",
        "Since the last export that was read was made",
        export.map(|at| (vec![], age(now, at))),
    );
    for reading in store.health().readings().await? {
        let scope = || vec![("scope", reading.scope.clone())];
        made.readings.get_or_create(&scope()).set(i64::from(reading.filled));
        if let Some(at) = reading.swept_at {
            made.swept.get_or_create(&scope()).set(age(now, at));
        }
    }
    Ok(made.registry)
}

/// The processes that share the database. On a file of SQLite, this one.
async fn replicas(app: &AppState, made: &mut Made) -> Result<(), PageError> {
    let present = app.store.replicas().present().await?;
    let observer = present.iter().find(|replica| replica.observes);
    let count = i64::try_from(present.len()).unwrap_or(i64::MAX).max(1);
    made.gauge("replicas", "Processes that share the database and were there lately", count);
    let alone = (!app.store.replicas().are_possible()).then(|| "seule".to_owned());
    let observing = observer.map(|observer| observer.name.clone()).or(alone);
    let observing = observing.map(|name| (vec![("replica", name)], 1));
    made.gauges("observer", "1: the process that observes and judges", observing);
    let differ = present.iter().filter(|other| observer.is_some_and(|observer| observer.acts != other.acts));
    let differ = i64::try_from(differ.count()).unwrap_or(i64::MAX);
    made.gauge(
        "replicas_differing",
        "Processes with other settings than the observer: they deliver nothing",
        differ,
    );
    Ok(())
}

/// What is of this process alone.
fn process(app: &AppState, made: &mut Made, now: Timestamp) {
    made.gauge("started_age_seconds", "Since this process began to serve its pages", age(now, app.started));
    let waits = app.activity.as_ref().and_then(|activity| activity.waits());
    let waiting = Step::ALL.map(|step| {
        let waited = waits.filter(|(waits, _)| *waits == step).map_or(0, |(_, waited)| waited.as_secs());
        (vec![("waits_for", step.word().to_owned())], i64::try_from(waited).unwrap_or(i64::MAX))
    });
    made.gauges(
        "pass_waiting_seconds",
        "Since the pass of this process made progress, by what it waits for",
        waiting,
    );
    let requests = app.requests.as_ref().map(|requests| requests()).unwrap_or_default();
    let requests = requests.into_iter().map(|(what, count)| (vec![("what", what.to_owned())], count));
    made.counters("requests", "Requests to the platform of this process, by what they ask for", requests);
}

fn labelled(name: &'static str, counts: BTreeMap<String, i64>) -> Vec<(Labels, i64)> {
    counts.into_iter().map(|(value, count)| (vec![(name, value)], count)).collect()
}

/// How often each of these was counted, zero for those that were not: an alert sees the first one.
fn from_zero<K: Ord>(all: impl Iterator<Item = K>, counted: Vec<(K, i64)>) -> BTreeMap<K, i64> {
    let mut counts: BTreeMap<K, i64> = all.map(|name| (name, 0)).collect();
    counts.extend(counted);
    counts
}

/// The states of a task that people wait for.
const STATES: [&str; 3] = ["pending", "given_up", "undeliverable"];

async fn tasks(store: &Store) -> Result<Vec<(Labels, i64)>, PageError> {
    let all =
        TaskKind::ALL.iter().flat_map(|kind| STATES.map(|state| (kind.word().to_owned(), state.to_owned())));
    let counted = store.health().tasks_by_state().await?;
    let counted = counted.into_iter().map(|(kind, state, n)| ((kind, state), n)).collect();
    let tasks = from_zero(all, counted).into_iter();
    Ok(tasks.map(|((kind, state), n)| (vec![("kind", kind), ("state", state)], n)).collect())
}

async fn given_up(store: &Store) -> Result<Vec<(Labels, i64)>, PageError> {
    let all = [Role::Organisme, Role::Ditp, Role::Candidat, Role::Central].map(|role| role.key().to_owned());
    let counts = from_zero(all.into_iter(), store.health().mails_given_up().await?);
    Ok(counts.into_iter().map(|(role, n)| (vec![("role", role)], n)).collect())
}

async fn refused(store: &Store) -> Result<Vec<(Labels, i64)>, PageError> {
    let all = RefusedFor::ALL.iter().map(|about| about.word().to_owned());
    let counted = store.ledger().refusals("").await?.into_iter().map(|(about, (n, _))| (about, n)).collect();
    Ok(from_zero(all, counted).into_iter().map(|(about, n)| (vec![("about", about)], n)).collect())
}

fn age(now: Timestamp, at: Timestamp) -> i64 {
    (now.as_second() - at.as_second()).max(0)
}

/// The registry being filled.
struct Made {
    registry: Registry,
    readings: Gauges,
    swept: Gauges,
}

impl Made {
    fn new(mut registry: Registry) -> Made {
        let (readings, swept) = (Gauges::default(), Gauges::default());
        registry.register("first_reading_done", "1 once all of a scope was read", readings.clone());
        registry.register(
            "last_sweep_age_seconds",
            "Since the last whole nightly reading began",
            swept.clone(),
        );
        Made { registry, readings, swept }
    }

    fn gauge(&mut self, name: &str, help: &str, value: i64) {
        let gauge = Gauge::<i64, AtomicI64>::default();
        gauge.set(value);
        self.registry.register(name, help, gauge);
    }

    fn gauges(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, i64)>) {
        let family = Gauges::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        self.registry.register(name, help, family);
    }

    fn counters(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, u64)>) {
        let family = Family::<Labels, Counter<u64>>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).inc_by(value);
        }
        self.registry.register(name, help, family);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        let counter = Counter::<u64>::default();
        counter.inc_by(value);
        self.registry.register(name, help, counter);
    }
}

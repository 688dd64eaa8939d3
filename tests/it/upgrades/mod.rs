//! Stores of every past schema, opened, brought up to date and judged; texts that earlier versions wrote; stores that
//! are newer than the program, saved, lost or restored.

mod dumped;
mod restored;
mod saved;

use std::path::Path;

use jiff::civil::{Date, date};
use label::case::facts::{Facts, PlatformState, Scan, UnreadableValue, Value};
use label::case::keys::Key;
use label::guide::tiers::Tier;
use label::outgoing::Action;
use label::plan::Known;
use label::plan::mails::wanted_mails;
use simulator::{Scenario, Simulator};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr, SqlitePool};
use vigie::daemon::Hours;
use vigie::store::register::Which;
use vigie::store::{Error, Store};

use crate::bench::{Bench, FORM, demarche};
use crate::store::postgres;

const STEPS: [i64; 17] = [1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 35];
const SINCE: Date = date(2026, 9, 15);

fn path(of: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// The migrations up to a step, as the program of that time had them.
fn migrations(last: i64) -> Migrator {
    let mut steps = Vec::new();
    for entry in std::fs::read_dir(path("src/store/migrations")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let number: i64 = name[..4].parse().unwrap();
        if number <= last {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let text = AssertSqlSafe(text).into_sql_str();
            steps.push(Migration::new(number, name.into(), MigrationType::Simple, text, false));
        }
    }
    steps.sort_by_key(|step| step.version);
    Migrator::with_migrations(steps)
}

/// The rows that a version of that step wrote. Steps that changed no column of them have those of the step before, and
/// rows of their own tables.
fn rows_at(step: i64) -> String {
    let own = format!("step-{step:02}");
    let files: &[&str] = match step {
        11 => &["step-10"],
        13 => &["step-12", "added-13"],
        14..=18 => &["step-12", "added-13", "added-14"],
        _ => &[&own],
    };
    let read = |file: &&str| std::fs::read_to_string(path(&format!("tests/it/upgrades/{file}.sql"))).unwrap();
    files.iter().map(read).collect()
}

/// A store as a version of that step left it.
pub async fn store_at(url: &str, step: i64) {
    let rows = rows_at(step);
    // Each engine has its own way to write bytes.
    let bytes = if url.starts_with("sqlite") { "x'" } else { "'\\x" };
    let rows = rows.replace("(bytes'", &format!("({bytes}"));
    let (migrations, rows) = (migrations(step), AssertSqlSafe(rows));
    if url.starts_with("sqlite") {
        let pool = SqlitePool::connect(&format!("{url}?mode=rwc")).await.unwrap();
        migrations.run(&pool).await.unwrap();
        sqlx::raw_sql(rows).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        migrations.run(&pool).await.unwrap();
        sqlx::raw_sql(rows).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

/// Runs one statement on a store, without the program.
pub async fn sql(url: &str, text: &'static str) {
    if url.starts_with("sqlite") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::raw_sql(text).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::raw_sql(text).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

pub async fn platform() -> Simulator {
    let mut scenario = Scenario::named("petit", 1, 0).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    let any = "127.0.0.1:0".parse().unwrap();
    Simulator::start(any, any, world).await.unwrap()
}

async fn upgraded(url: &str, step: i64) {
    store_at(url, step).await;
    let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.set_now("2027-03-01T09:00:00Z".parse().unwrap());
    let book = bench.daemon.book.clone();
    if step == 1 {
        // That version had one form; the next reading of it writes this.
        let view = bench.daemon.store.settings().get("form_view").await.unwrap().unwrap();
        bench.daemon.store.settings().set("form_view/12345", &view).await.unwrap();
    }
    let (case, review) = book.review_of(501).await.unwrap().unwrap();
    let label = review.label.as_ref().unwrap();
    assert_eq!((label.tier, label.ends), (Some(Tier::Argent), date(2030, 1, 5)), "step {step}");
    assert_eq!(case.postponements[&501], 1, "step {step}");

    // The notices of the award are wanted: only the ledger of that version prevents a second sending.
    let nothing = Known::nothing(book.clock.now(), SINCE);
    let wanted = wanted_mails(&review, &case, &book.frame().await.unwrap(), &nothing);
    assert_eq!(wanted.iter().filter(|mail| mail.key.to_string().starts_with("501/N-labellise/")).count(), 2);
    bench.daemon.store.judgements().new_day(book.today(), &[demarche().key()]).await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench.daemon.deliver_mails(Hours::ALL).await.unwrap();
    let keys = |bench: &Bench| bench.mails().into_iter().map(|kept| kept.mail.key).collect::<Vec<_>>();
    let told = keys(&bench);
    assert!(told.iter().all(|key| !key.contains("N-labellise")), "step {step}: {told:?}");
    let sent = bench
        .daemon
        .store
        .ledger()
        .mails_sent(&[502])
        .await
        .unwrap()
        .into_values()
        .flatten()
        .collect::<Vec<_>>();
    let arrival =
        sent.iter().filter(|sent| sent.key.to_string() == "502/N-depot/2027-02-10/avis/organisme").count();
    assert_eq!(arrival, 1, "step {step}: what waited leaves");
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench.daemon.deliver_mails(Hours::ALL).await.unwrap();
    assert_eq!(keys(&bench), told, "step {step}: nothing leaves twice");

    let register = bench.daemon.store.register();
    let lines = register.registered(Which::Current, book.today(), None, 10).await.unwrap();
    let lines: Vec<_> = lines.into_iter().map(|(_, line)| line.summary).collect();
    assert_eq!(lines.len(), 1, "step {step}");
    let (tier, granted) =
        (lines[0].tier.as_deref(), lines[0].standing_on(book.today()).unwrap().decided.unwrap());
    assert_eq!((lines[0].case_id, tier, granted), (501, Some("argent"), date(2027, 1, 5)), "step {step}");

    // The letters of that version can still be read.
    bench.daemon.acting.dry_run = true;
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    let would_do = bench.daemon.judge().await.unwrap().would_do;
    let journal = would_do.iter().find_map(|action| match action {
        Action::Annotate(annotation) if annotation.dossier == 501 => {
            annotation.changes.iter().find(|(key, _)| *key == Key::AutoJournal)
        }
        _ => None,
    });
    let Some((_, Value::Text(journal))) = journal else { panic!("step {step}: no journal in {would_do:?}") };
    let line = "08/01/2027 — service candidat — Votre service est labellisé, palier Argent";
    assert!(journal.contains(line), "step {step}: {journal}");
}

#[tokio::test]
async fn a_store_of_every_past_step_is_judged_on_sqlite() {
    for step in STEPS {
        let folder = tempfile::tempdir().unwrap();
        upgraded(&format!("sqlite:{}", folder.path().join("v.db").display()), step).await;
    }
}

#[tokio::test]
async fn a_store_of_every_past_step_is_judged_on_postgresql() {
    for step in STEPS {
        let Some(base) = postgres().await else { return };
        upgraded(&base.url, step).await;
        base.drop().await;
    }
}

const NEWER: &str = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
    select 9999, description, success, checksum, execution_time from _sqlx_migrations where version = 1";

async fn refused(url: &str) {
    store_at(url, 10).await;
    sql(url, NEWER).await;
    let error = Store::open(url).await.unwrap_err();
    assert!(matches!(error, Error::Newer { found: 9999, .. }), "{error:?}");
    let error = error.to_string();
    for word in ["newer version", "step 9999", "restore a backup", "docs/mise-a-jour.md"] {
        assert!(error.contains(word), "{word} in {error}");
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    refused(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
    if let Some(base) = postgres().await {
        refused(&base.url).await;
        base.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_refuses_a_newer_schema() {
    let folder = crate::cli::folder("http://127.0.0.1:9/api/v2/graphql");
    let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
    store_at(&url, 10).await;
    sql(&url, NEWER).await;
    let check = crate::cli::vigie(folder.path(), &["check"], &[]);
    let said = crate::cli::said(&check);
    assert_eq!(check.status.code(), Some(1), "{said}");
    let line = said.lines().find(|line| line.starts_with("ERREUR    base")).unwrap_or_default();
    assert!(line.contains("newer version") && line.contains("docs/mise-a-jour.md"), "{said}");
}

fn written(name: &str) -> Facts {
    let text = std::fs::read_to_string(path(&format!("tests/it/upgrades/facts/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn facts_of_the_first_version_are_read_to_the_right_values() {
    let facts = written("step-01-single-decision");
    assert_eq!((facts.number, facts.demarche, facts.state), (501, 0, PlatformState::Accepte));
    assert_eq!((facts.deposited, facts.decided), (date(2026, 9, 1), Some(date(2027, 1, 5))));
    assert_eq!((facts.submitted, facts.attestation.clone(), facts.degraded), (None, None, false));
    assert_eq!(facts.choice(Key::PalierDecide), Some("argent"));
    assert_eq!(facts.mark(Key::NoteUsagers).unwrap().to_string(), "159/2");
    assert_eq!(facts.count(Key::UsagersRecevables), Some(212));
    assert_eq!(facts.declared[&Key::NoteUsagers], Value::Mark(82.into()));
    assert_eq!(facts.unreadable[&Key::ScoreE1], UnreadableValue::OutOfRange);
    assert_eq!(facts.unreadable[&Key::AuditFin], UnreadableValue::NotADate);

    let facts = written("step-01-decisions-in-rows");
    assert_eq!((facts.state, facts.siret.clone()), (PlatformState::SansSuite, None));
    let events = facts.rows(Key::Evenements);
    assert_eq!(events[1][&Key::MotifSuspension], Value::Choice("plan_non_produit".to_owned()));
    assert_eq!(events[0][&Key::DecisionLe], Value::Date(date(2027, 1, 5)));
    let site = &facts.rows(Key::Sites)[0];
    assert_eq!(
        (&site[&Key::SiteEffectif], &site[&Key::SitePrincipal]),
        (&Value::Count(7), &Value::Flag(true))
    );
    assert_eq!((facts.link(Key::DossierPrecedent), facts.flag(Key::AutoRetard)), (Some(501), Some(false)));
    assert_eq!(facts.values[&Key::AutoMaj], Value::Moment("2027-01-08T09:00:00Z".parse().unwrap()));
    let file = &facts.files(Key::Certificats)[0];
    assert_eq!((file.bytes, file.scan, file.media_type.as_str()), (2048, Scan::Pending, "application/pdf"));
}

#[test]
fn facts_of_the_second_version_are_read_to_the_right_values() {
    let facts = written("step-02-attestation");
    assert_eq!((facts.demarche, facts.state, facts.degraded), (12345, PlatformState::Unknown, true));
    assert_eq!(facts.submitted, Some("2026-10-03T07:08:09Z".parse().unwrap()));
    assert_eq!((facts.correction, facts.expires), (Some(date(2026, 10, 2)), Some(date(2029, 10, 1))));
    assert_eq!(facts.attestation.as_ref().map(|file| (file.bytes, file.scan)), Some((9, Scan::Safe)));
    assert_eq!(facts.link(Key::CentralDossier), Some(77));
    assert_eq!(facts.unreadable[&Key::Decision], UnreadableValue::UnknownOption);
    assert_eq!(facts.unreadable[&Key::TypeService], UnreadableValue::OtherType);
    assert_eq!(facts.unreadable[&Key::NLocaux], UnreadableValue::NotANumber);
}

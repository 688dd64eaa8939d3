//! The rows of a store as this version leaves them, for the versions to come: a step has its file before the next one is added.

#![expect(clippy::unwrap_used, reason = "a helper of tests")]

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Row as _, SqlitePool};

use super::{path, platform, store_at};
use crate::bench::{Bench, FORM, demarche};

/// The last step whose rows a store of that time wrote: what this version makes of them are the rows of its own.
const FROM: i64 = 18;

/// A statement that both engines read, for each row of a table.
async fn rows(pool: &SqlitePool, table: &str) -> String {
    let columns =
        sqlx::query(AssertSqlSafe(format!("pragma table_info({table})"))).fetch_all(pool).await.unwrap();
    let columns: Vec<(String, String)> =
        columns.iter().map(|row| (row.get("name"), row.get::<String, _>("type").to_lowercase())).collect();
    let value = |(name, kind): &(String, String)| match kind.as_str() {
        "bytea" => format!("coalesce('(bytes''' || nullif(hex({name}), '') || ''')', 'null')"),
        "boolean" => format!("case {name} when 1 then 'true' when 0 then 'false' else 'null' end"),
        _ => format!("quote({name})"),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(" || ', ' || ");
    let names = columns.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
    let asked = format!("select {values} from {table} order by 1");
    let found = sqlx::query_scalar::<_, String>(AssertSqlSafe(asked)).fetch_all(pool).await.unwrap();
    // Some steps put rows of their own into a new store.
    let before = if found.is_empty() { String::new() } else { format!("delete from {table};\n") };
    found.iter().fold(before, |mut text, row| {
        writeln!(text, "insert into {table} ({names})\nvalues ({row});").unwrap();
        text
    })
}

#[tokio::test]
#[ignore = "writes the file of the newest step, before another is added: see docs/contributing.md"]
async fn the_rows_of_the_newest_step_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("v.db");
    let url = format!("sqlite:{}", file.display());
    store_at(&url, FROM).await;
    let bench = Bench::over(platform().await, &url, FORM, demarche()).await;
    bench.set_now("2027-03-01T09:00:00Z".parse().unwrap());
    bench.daemon.store.judgements().new_day(bench.daemon.book.today(), &[demarche().key()]).await.unwrap();
    bench.daemon.judge().await.unwrap();

    let pool = SqlitePool::connect(&url).await.unwrap();
    let step: i64 =
        sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&pool).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master where type = 'table' and name not like '!_sqlx%' escape '!'
            and name not like 'sqlite!_%' escape '!' order by name",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let mut text = format!(
        "-- Rows as a store at step {step} held them: those of step {FROM}, judged by that version.\n\n"
    );
    for table in tables {
        text.push_str(&rows(&pool, &table).await);
    }
    std::fs::write(path(&format!("tests/it/upgrades/step-{step:02}.sql")), text).unwrap();
}

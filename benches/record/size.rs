//! The bytes of the record in the file.

use jiff::civil::Date;
use sqlx::{PgPool, SqlitePool};

use crate::table::{Cell, Column};

const DAY: f64 = 365.25;

/// What is counted: its name, and the statement that gives its bytes.
const COUNTED: [(&str, &str); 2] = [
    ("entrées", "select kind, count(*), sum(length(cast(body as blob)) + 160) from record group by kind"),
    (
        "contenus",
        "select kind, count(*), coalesce(sum(length(packed) + 64), 0) from record_contents group by kind",
    ),
];

/// The pages of the tables of the record with their indexes, and of the whole file.
const PAGES: &str =
    "select coalesce(sum(case when name like 'record%' or name like 'sqlite_autoindex_record%'
    then pgsize else 0 end), 0), sum(pgsize) from dbstat";

/// Days from the first judgement of each case to the last day.
const LIVED: &str = "select min(day) from record where kind = 'judgement' group by case_id";

/// The tables of the record with their indexes, and the whole database.
const RELATIONS: &str =
    "select cast(coalesce(sum(pg_total_relation_size(oid)) filter (where relname like 'record%'), 0) as bigint),
    cast(pg_database_size(current_database()) as bigint)
    from pg_class where relkind = 'r'";

/// The same life on PostgreSQL, by whole tables only.
pub async fn tell_postgresql(url: &str, last: Date, life: &str) {
    let pool = PgPool::connect(url).await.unwrap();
    sqlx::raw_sql("vacuum full").execute(&pool).await.unwrap();
    let days: Vec<(String,)> = sqlx::query_as(LIVED).fetch_all(&pool).await.unwrap();
    let lived = |(day,): &(String,)| f64::from((last - day.parse::<Date>().unwrap()).get_days());
    let years = days.iter().map(lived).sum::<f64>() / DAY;
    let (record, whole): (i64, i64) = sqlx::query_as(RELATIONS).fetch_one(&pool).await.unwrap();
    line("PostgreSQL : tables du dossier de preuve, index compris", 0, record, years);
    line("PostgreSQL : base entière, catalogues compris", 0, whole, years);
    told(Column::Postgres, (record, whole), years, life);
}

fn told(column: Column, (record, whole): (i64, i64), years: f64, life: &str) {
    let each = |bytes: i64| f64::from(i32::try_from(bytes).unwrap()) / years / 1000.0;
    let cell = |what: &str, bytes: i64, budget| Cell {
        what: format!("{what}{life}"),
        column,
        value: format!("{:.0} ko", each(bytes)),
        budget,
    };
    crate::table::write(&[
        cell("dossier de preuve, par service et par an, index compris", record, "200 ko"),
        cell("base entière, par service et par an", whole, ""),
    ]);
}

pub async fn tell(url: &str, last: Date, life: &str) {
    let pool = SqlitePool::connect(url).await.unwrap();
    let days: Vec<(String,)> = sqlx::query_as(LIVED).fetch_all(&pool).await.unwrap();
    let lived = |(day,): &(String,)| f64::from((last - day.parse::<Date>().unwrap()).get_days());
    let years = days.iter().map(lived).sum::<f64>() / DAY;
    println!("{} services, {years:.1} années de service", days.len());
    println!("| part | combien | octets | octets par service et par an |\n|---|---|---|---|");
    for (name, sql) in COUNTED {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
        for (kind, count, bytes) in rows {
            line(&format!("{name} {kind}"), count, bytes, years);
        }
    }
    let (record, whole): (i64, i64) = sqlx::query_as(PAGES).fetch_one(&pool).await.unwrap();
    line("pages du dossier de preuve, index compris", 0, record, years);
    line("fichier entier", 0, whole, years);
    told(Column::Sqlite, (record, whole), years, life);
}

fn line(what: &str, count: i64, bytes: i64, years: f64) {
    let bytes_a_year = f64::from(i32::try_from(bytes).unwrap()) / years;
    println!("| {what} | {count} | {bytes} | {bytes_a_year:.0} |");
}

//! Erases what is over, or was asked to be forgotten. Hashes, days and keys stay, so that the chain of the record holds.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{EntryType, NewEntry};
use super::lists::{among, texts_among};
use super::loose::forget_loose;
use super::observed::Begin as _;
use super::pools::{Pools, Result, micros, on};
use super::record::append_entries;
use super::sql;

/// Free bytes in the file of SQLite that are worth rewriting it: less is used again soon.
pub const WORTH_A_VACUUM: i64 = 16 * 1024 * 1024;

/// A content that may name a service: its hash and its bytes.
pub type PackedContent = (String, Vec<u8>);

/// Tables with a row or several for each dossier, all of whose content goes.
const OF_DOSSIER: [(&str, &str); 18] = [
    ("dossiers", "number"),
    ("decisions", "dossier"),
    ("audit_days", "dossier"),
    ("reported_marks", "dossier"),
    ("vanished", "dossier"),
    ("evidence", "dossier"),
    ("asks", "number"),
    ("set_aside", "number"),
    ("written", "dossier"),
    ("refused", "dossier"),
    ("refused_addresses", "dossier"),
    ("unreadable", "dossier"),
    ("applications", "dossier"),
    ("dossier_measures", "dossier"),
    ("coming", "dossier"),
    ("exported", "dossier"),
    ("settled", "dossier"),
    ("found", "dossier"),
];

/// Tables of a case, which go with its last dossier.
const OF_CASE: [&str; 4] = ["deadlines", "standings", "case_findings", "cases"];

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    pub contents: u64,
    pub mails: u64,
    pub lines: u64,
}

/// What is erased, and what says that it was.
#[derive(Clone, Debug)]
pub struct LifeToForget<'a> {
    pub dossiers: &'a [i64],
    pub cases: &'a [i64],
    /// What a text must contain to be about it, in the texts of others: the names of the service.
    pub names: &'a [String],
    /// Contents of others that name it.
    pub contents: &'a [String],
    /// Why, as a word of the record.
    pub why: &'static str,
}

/// Erases; nothing else of the store does.
#[derive(Clone, Debug)]
pub struct Forgetting(pub(super) Pools);

impl Forgetting {
    /// Contents of the record about these subjects.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn contents_of(&self, subjects: &[i64]) -> Result<Vec<PackedContent>> {
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "select hash, packed from record_contents where packed is not null and subject in (");
            among(&mut query, subjects);
            Ok(query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await?)
        })
    }

    /// The names of the copies of files that only these dossiers have.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn copies_of(&self, dossiers: &[i64]) -> Result<BTreeSet<String>> {
        if dossiers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(String,)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select kept from evidence where kept is not null and dossier in (");
            among(&mut query, dossiers);
            query.push(" except select kept from evidence where kept is not null and dossier not in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Forgets a life: all that is stored of its dossiers, and the texts of others that name it. It is not read again.
    ///
    /// # Errors
    /// When the store cannot be written: nothing is then erased.
    pub async fn forget(&self, life: &LifeToForget<'_>, today: Date, now: Timestamp) -> Result<Erased> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let mut erased = Erased::default();
            let subjects: Vec<i64> = life.dossiers.iter().chain(life.cases).copied().collect();
            let mut query = sqlx::QueryBuilder::new("update record_contents set packed = null, erased_at = ");
            query.push_bind(micros(now)).push(" where packed is not null and (subject in (");
            among(&mut query, &subjects);
            if !life.contents.is_empty() {
                query.push(" or hash in (");
                texts_among(&mut query, life.contents);
            }
            erased.contents = query.push(")").build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
            // A bundle carries the texts of several: those that carried a mail of this life go too.
            let mut query = sqlx::QueryBuilder::new(BUNDLES);
            among(&mut query, life.dossiers);
            erased.mails += query.push(")").build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
            let mut query = sqlx::QueryBuilder::new(MAILS);
            among(&mut query, life.dossiers);
            erased.mails += query.build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
            let mut query = sqlx::QueryBuilder::new(LINES);
            among(&mut query, &subjects);
            erased.lines += query.build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
            for name in life.names {
                for (sql, count) in [(MAILS_NAMING, &mut erased.mails), (LINES_NAMING, &mut erased.lines)] {
                    *count += sql::query(sql).bind(like(name)).execute(&mut *tx).await?.rows_affected();
                }
            }
            let mut query = sqlx::QueryBuilder::new(KEEP_REFUSALS);
            among(&mut query, life.dossiers);
            query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            for (table, column) in OF_DOSSIER {
                let mut query = sqlx::QueryBuilder::new(format!("delete from {table} where {column} in ("));
                among(&mut query, life.dossiers);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            forget_loose!(tx, life.dossiers);
            for table in OF_CASE {
                let mut query = sqlx::QueryBuilder::new(format!("delete from {table} where case_id in ("));
                among(&mut query, &subjects);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            for number in life.dossiers {
                sql::query("insert into forgotten (number, at) values ($1, $2) on conflict (number) do nothing")
                    .bind(number).bind(micros(now)).execute(&mut *tx).await?;
            }
            let body = serde_json::json!({
                "why": life.why, "dossiers": life.dossiers, "cases": life.cases, "contents": erased.contents,
                "mails": erased.mails, "lines": erased.lines,
            });
            let entry = NewEntry { day: today, kind: EntryType::Erasure, case: None,
                dossier: life.dossiers.first().copied(), body: body.to_string() };
            append_entries!(tx, now, vec![entry]);
            sql::query(super::judgement::NEXT_EDITION).bind(super::judgement::EDITION).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(erased)
        })
    }

    /// Gives back the space that erased rows leave in the file of SQLite, once it is more than a quarter of the file and
    /// more than [`WORTH_A_VACUUM`]; the bytes of the file before and after. PostgreSQL does it by itself.
    ///
    /// # Errors
    /// When somebody else is using the store.
    pub async fn give_space_back(&self) -> Result<Option<(i64, i64)>> {
        let Some(sqlite) = self.0.file() else { return Ok(None) };
        let (pages, free, size) = file_pages(&sqlite.pool).await?;
        if free.saturating_mul(4) < pages || free.saturating_mul(size) < WORTH_A_VACUUM {
            return Ok(None);
        }
        sql::query("vacuum").execute(&sqlite.pool).await?;
        sql::query("pragma wal_checkpoint(truncate)").execute(&sqlite.pool).await?;
        let (left, _, _) = file_pages(&sqlite.pool).await?;
        Ok(Some((pages.saturating_mul(size), left.saturating_mul(size))))
    }

    /// Gives the pages of the file back, so that nothing erased is left in it. On PostgreSQL, the space is only marked free.
    ///
    /// # Errors
    /// When somebody else is using the store.
    pub async fn wipe(&self) -> Result<()> {
        match &self.0 {
            Pools::Sqlite(sqlite) => {
                sql::query("vacuum").execute(&sqlite.pool).await?;
                sql::query("pragma wal_checkpoint(truncate)").execute(&sqlite.pool).await?;
            }
            #[cfg(feature = "postgres")]
            Pools::Postgres(pool) => {
                for table in ["record_contents", "outbox", "journal", "dossiers", "cases"] {
                    // No statement of a transaction, which those of a pooler are.
                    let vacuum = sqlx::AssertSqlSafe(format!("vacuum full {table}"));
                    sqlx::raw_sql(vacuum).execute(pool.pool()).await?;
                }
            }
        }
        Ok(())
    }
}

/// Pages of a file of SQLite, those of them that hold nothing, and the bytes of one.
async fn file_pages(pool: &sqlx::SqlitePool) -> Result<(i64, i64, i64)> {
    let pragma = async |sql: &'static str| -> Result<i64> {
        let (value,): (i64,) = sql::query_as(sql).fetch_one(pool).await?;
        Ok(value)
    };
    Ok((
        pragma("pragma page_count").await?,
        pragma("pragma freelist_count").await?,
        pragma("pragma page_size").await?,
    ))
}

/// A pattern of `like` for a text that contains `name` as it stands in JSON.
fn like(name: &str) -> String {
    let json = serde_json::Value::from(name).to_string();
    let bare = json.trim_matches('"');
    format!("%{}%", bare.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// An address that others have too still refuses: its row then names one of them. Mails of this life name no reader any
/// more.
const KEEP_REFUSALS: &str =
    "update refused_addresses set dossier = coalesce((select min(outbox.dossier) from outbox
    where outbox.recipient = refused_addresses.address and outbox.dossier > 0), dossier) where dossier in (";
pub(super) const BUNDLES: &str = "update outbox set payload = '', answer = null, last_error = null
    where payload <> '' and key in (select bundle from outbox where bundle is not null and dossier in (";
const MAILS: &str = "update outbox set payload = '', answer = null, last_error = null, recipient = null,
    state = case when state in ('pending', 'bundled') then 'cancelled' else state end where dossier in (";
const MAILS_NAMING: &str =
    "update outbox set payload = '', answer = null where payload like $1 escape '!' and state <> 'pending'";
const LINES: &str = "update journal set detail = '', answer = null, erased = true where dossier in (";
const LINES_NAMING: &str =
    "update journal set detail = '', answer = null, erased = true where detail like $1 escape '!'";

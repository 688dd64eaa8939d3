//! What is over: the texts, the facts, the contacts and the copies of cases that ended long enough ago.

use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{EntryType, NewEntry};
use super::forget::{BUNDLES, Erased, Forgetting};
use super::lists::among;
use super::loose::forget_loose;
use super::observed::Begin as _;
use super::pools::{Result, micros, on};
use super::record::append_entries;
use super::sql;
use label::case::facts::Facts;

/// Cases whose term is looked at in one transaction.
const PAGE: i64 = 200;

/// A kind of data that is kept for so long after the end of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// Names and addresses of contacts.
    Contacts,
    /// The texts of mails, and the lines of the journal that tell of them.
    Mails,
    /// The facts in the record, and what was said of them.
    Facts,
    /// Copies of attachments.
    Copies,
}

impl TermKind {
    pub const ALL: [TermKind; 4] = [TermKind::Contacts, TermKind::Mails, TermKind::Facts, TermKind::Copies];

    /// Its word in the configuration, in the record and in the settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            TermKind::Contacts => "contacts",
            TermKind::Mails => "mails",
            TermKind::Facts => "facts",
            TermKind::Copies => "copies",
        }
    }
}

impl Forgetting {
    /// The dossiers of cases that ended before `day` and of which this kind was not erased yet, a page of cases at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn over(&self, kind: TermKind, day: Date) -> Result<Vec<i64>> {
        const SQL: &str =
            "select dossiers.number from dossiers join cases on cases.case_id = dossiers.case_id
            where not cases.living and cases.changed_on <> '' and cases.changed_on < $1
                and not exists (select 1 from erased_terms where kind = $2 and number = dossiers.number)
            order by dossiers.case_id, dossiers.number limit $3";
        let rows: Vec<(i64,)> = on!(&self.0, pool => sql::query_as(SQL).bind(day.to_string()).bind(kind.word())
            .bind(PAGE).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Erases one kind of data of dossiers whose term is over, and says so in the record.
    ///
    /// # Errors
    /// When the store cannot be written: nothing is then erased.
    pub async fn erase(
        &self,
        kind: TermKind,
        dossiers: &[i64],
        today: Date,
        now: Timestamp,
    ) -> Result<Erased> {
        if dossiers.is_empty() {
            return Ok(Erased::default());
        }
        let without_contacts = match kind {
            TermKind::Contacts => self.without_contacts(dossiers).await?,
            _ => Vec::new(),
        };
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let mut erased = Erased::default();
            match kind {
                TermKind::Contacts => {
                    for (number, json) in &without_contacts {
                        sql::query("update dossiers set facts = $1 where number = $2").bind(json).bind(number)
                            .execute(&mut *tx).await?;
                    }
                    let mut query = sqlx::QueryBuilder::new(NO_PEOPLE);
                    among(&mut query, dossiers);
                    query.push(")").build().persistent(sql::persistent()).execute(&mut *tx).await?;
                    let mut query = sqlx::QueryBuilder::new("delete from exported where dossier in (");
                    among(&mut query, dossiers);
                    query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
                    forget_loose!(tx, dossiers);
                }
                TermKind::Mails => {
                    // The mail that carried one of them is as old, and repeats its text.
                    let mut query = sqlx::QueryBuilder::new(BUNDLES);
                    among(&mut query, dossiers);
                    erased.mails = query.push(")").build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
                    let mut query = sqlx::QueryBuilder::new(MAILS);
                    among(&mut query, dossiers);
                    erased.mails += query.build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
                    let mut query = sqlx::QueryBuilder::new(LINES);
                    among(&mut query, dossiers);
                    erased.lines = query.build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
                }
                TermKind::Facts => {
                    let mut query = sqlx::QueryBuilder::new("update record_contents set packed = null, erased_at = ");
                    query.push_bind(micros(now)).push(" where packed is not null and subject in (");
                    among(&mut query, dossiers);
                    query.push(" or packed is not null and subject in (select case_id from dossiers where case_id is not null and number in (");
                    among(&mut query, dossiers);
                    erased.contents = query.push(")").build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
                }
                TermKind::Copies => {
                    let mut query = sqlx::QueryBuilder::new("update evidence set kept = null where dossier in (");
                    among(&mut query, dossiers);
                    query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
                }
            }
            for number in dossiers {
                sql::query("insert into erased_terms (kind, number, at) values ($1, $2, $3)
                    on conflict (kind, number) do nothing")
                    .bind(kind.word()).bind(number).bind(micros(now)).execute(&mut *tx).await?;
            }
            let body = serde_json::json!({ "why": "term", "kind": kind.word(), "dossiers": dossiers,
                "contents": erased.contents, "mails": erased.mails, "lines": erased.lines });
            let entry = NewEntry { day: today, kind: EntryType::Erasure, case: None, dossier: None,
                body: body.to_string() };
            append_entries!(tx, now, vec![entry]);
            tx.commit().await?;
            Ok(erased)
        })
    }
}

impl Forgetting {
    /// The facts of these dossiers without the people whom they name. A row that cannot be read is left.
    async fn without_contacts(&self, dossiers: &[i64]) -> Result<Vec<(i64, String)>> {
        let rows: Vec<(i64, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, facts from dossiers where number in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let bare = |(number, json): (i64, String)| {
            let mut facts: Facts = serde_json::from_str(&json).ok()?;
            facts.remove_people();
            Some((number, serde_json::to_string(&facts).ok()?))
        };
        Ok(rows.into_iter().filter_map(bare).collect())
    }
}

/// The next judgement writes what later dossiers of the case say.
const NO_PEOPLE: &str =
    "update cases set auditor = '', auditor_folded = '', contact_domain = '', next_look = '', rows_print = ''
    where case_id in (select case_id from dossiers where case_id is not null and number in (";
/// Those that wait are of no finished case.
const MAILS: &str = "update outbox set payload = '', answer = null, last_error = null
    where state not in ('pending', 'bundled') and kind in ('mail', 'message') and dossier in (";
const LINES: &str = "update journal set detail = '', answer = null, erased = true
    where kind in ('courriel', 'courriel abandonné', 'courriel reconnu', 'courriel revenu', 'message') and dossier in (";

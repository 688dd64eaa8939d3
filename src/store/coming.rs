//! The mails to come, as they were worked out last, and those that a person stopped. A mail that is stopped before it was put
//! gets its line in the ledger at once: a key that is there is not put again.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::journal::{NewLine, add_lines};
use super::ledger::{Fate, Ledger};
use super::observed::Begin as _;
use super::of_body::OfBody;
use super::outbox::TaskKind;
use super::pools::{Result, micros, on, timestamp};
use super::sql;

/// A mail that will leave, waits, or was stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComingMail {
    pub key: String,
    pub dossier: i64,
    pub case_id: i64,
    pub role: String,
    pub rule: String,
    /// The day on which it leaves, as text; empty for one that waits or was stopped.
    pub leaves: String,
    pub service: String,
    /// The letter, as JSON.
    pub payload: String,
}

/// A mail of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutMail {
    /// When it was put, in microseconds.
    pub at: i64,
    /// When it left, or was stopped or given up.
    pub over: Option<Timestamp>,
    pub mail: ComingMail,
}

type Row = (String, i64, i64, String, String, String, String, String);

fn mail((key, dossier, case_id, role, rule, leaves, service, payload): Row) -> ComingMail {
    ComingMail { key, dossier, case_id, role, rule, leaves, service, payload }
}

/// What lists show of the ledger beside its own columns, before a condition on `$3`; the first column of the case is missing
/// for one that was never judged.
const OF_LEDGER: &str = "
    select outbox.key, outbox.dossier, coalesce(cases.case_id, outbox.dossier), coalesce(outbox.role, ''),
        coalesce(outbox.rule, ''), '', coalesce(cases.name, ''), outbox.payload
    from outbox left join dossiers on dossiers.number = outbox.dossier
        left join cases on cases.case_id = dossiers.case_id
        left join applications on applications.dossier = outbox.dossier
    where outbox.kind = 'mail' and outbox.state = $1 and outbox.role <> 'organisme' and outbox.dossier > 0 and ";

const LATEST: &str = " order by outbox.created_at desc, outbox.key limit $2";

impl Ledger {
    /// Replaces all that was said to come.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn keep_coming(&self, mails: &[ComingMail]) -> Result<()> {
        const ADD: &str = "
            insert into coming (key, dossier, case_id, role, rule, leaves, service, payload)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            sql::query("delete from coming").execute(&mut *tx).await?;
            for mail in mails {
                sql::query(ADD).bind(&mail.key).bind(mail.dossier).bind(mail.case_id).bind(&mail.role).bind(&mail.rule)
                    .bind(&mail.leaves).bind(&mail.service).bind(&mail.payload).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// The mails to come that were not put meanwhile, by day; `after` is the last line seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn coming(&self, body: &OfBody, after: (&str, &str), limit: i64) -> Result<Vec<ComingMail>> {
        let of_body = body
            .condition("(select organisme from applications where applications.dossier = coming.dossier)", 4);
        let sql = format!(
            "select key, dossier, case_id, role, rule, leaves, service, payload from coming
            where (leaves, key) > ($1, $2) and {of_body}
                and not exists (select 1 from outbox where outbox.key = coming.key and outbox.state <> 'cancelled')
            order by leaves, key limit $3"
        );
        let rows: Vec<Row> = on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql))
            .bind(after.0).bind(after.1).bind(limit).bind(body.name()).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(mail).collect())
    }

    /// The mails to others than the certification body that wait to leave, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waiting_mails(&self, body: &OfBody, limit: i64) -> Result<Vec<ComingMail>> {
        self.in_state("pending", body, limit).await
    }

    /// Those that a person stopped, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stopped(&self, body: &OfBody, limit: i64) -> Result<Vec<ComingMail>> {
        self.in_state(Fate::Stopped.state(), body, limit).await
    }

    /// A page of mails to others than the certification body in a state, the latest put first. `before` is the last line
    /// seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_in(
        &self,
        state: &str,
        body: &OfBody,
        before: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<PutMail>> {
        let (at, key) = before.unwrap_or((i64::MAX, ""));
        let (from, of_body) = (
            OF_LEDGER.replacen("select", "select outbox.created_at, outbox.done_at,", 1),
            body.condition("applications.organisme", 3),
        );
        let sql = format!(
            "{from}{of_body} and (outbox.created_at, outbox.key) < ($4, $5)
            order by outbox.created_at desc, outbox.key desc limit $2"
        );
        type PutRow = (i64, Option<i64>, String, i64, i64, String, String, String, String, String);
        let rows: Vec<PutRow> = on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql))
            .bind(state).bind(limit).bind(body.name()).bind(at).bind(key).fetch_all(pool).await)?;
        let line = |(at, over, key, dossier, case_id, role, rule, leaves, service, payload): PutRow| {
            let mail = mail((key, dossier, case_id, role, rule, leaves, service, payload));
            PutMail { at, over: over.map(timestamp), mail }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    async fn in_state(&self, state: &str, body: &OfBody, limit: i64) -> Result<Vec<ComingMail>> {
        let sql = format!("{OF_LEDGER}{}{LATEST}", body.condition("applications.organisme", 3));
        let rows: Vec<Row> = on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql))
            .bind(state).bind(limit).bind(body.name()).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(mail).collect())
    }

    /// A mail that waits, is to come or was stopped; `None` when it is none of these.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn one_to_decide(&self, key: &str) -> Result<Option<ComingMail>> {
        const SQL: &str = "
            select key, dossier, 0, coalesce(role, ''), coalesce(rule, ''), '', '', payload from outbox
            where key = $1 and kind = 'mail' and state in ('pending', 'stopped')
            union all
            select key, dossier, case_id, role, rule, leaves, service, payload from coming where key = $1
            limit 1";
        let row: Option<Row> = on!(&self.0, pool => sql::query_as(SQL).bind(key).fetch_optional(pool).await)?;
        Ok(row.map(mail))
    }

    /// Stops a mail that waits or is to come, and says so in the journal. False when it left meanwhile, is being sent, is a
    /// part of a bundle, or is not known.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn stop(&self, key: &str, why: &str, line: &NewLine, now: Timestamp) -> Result<bool> {
        const WAITING: &str = "
            update outbox set state = $1, last_error = $2, done_at = $3
            where key = $4 and kind = $5 and state in ('pending', 'cancelled') and claimed_until <= $3
                and (state = 'pending' or exists (select 1 from coming where coming.key = outbox.key))";
        const TO_COME: &str = "
            insert into outbox (key, kind, dossier, role, rule, payload, state, last_error, not_before, claimed_until,
                attempts, created_at, done_at)
            select key, $5, dossier, role, rule, payload, $1, $2, $3, 0, 0, $3, $3 from coming where key = $4
            on conflict (key) do nothing";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let mut stopped = 0;
            for sql in [WAITING, TO_COME] {
                if stopped == 0 {
                    stopped = sql::query(sql).bind(Fate::Stopped.state()).bind(why).bind(micros(now)).bind(key)
                        .bind(TaskKind::Mail.word()).execute(&mut *tx).await?.rows_affected();
                }
            }
            if stopped > 0 {
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(stopped > 0)
        })
    }

    /// Lets a stopped mail leave after all: at once when it is wanted today, else on its day. False when it is not stopped.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn let_go(&self, key: &str, line: &NewLine, now: Timestamp) -> Result<bool> {
        const SQL: &str = "
            update outbox set state = 'pending', last_error = null, done_at = null, not_before = $1, claimed_until = 0
            where key = $2 and state = $3";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let freed = sql::query(SQL).bind(micros(now)).bind(key).bind(Fate::Stopped.state()).execute(&mut *tx).await?
                .rows_affected();
            if freed > 0 {
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(freed > 0)
        })
    }
}

//! The ledger of mails: what was put and sent, to whom, in which bundle; which addresses refuse. A key that was put
//! once is never put again, save one that was cancelled, or whose address has changed since it refused.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::journal::next_id;
use super::outbox::{NewTask, Task, TaskRow, is_mail_key, readable, task};
use super::pools::{Pools, Result, micros, on, timestamp};
use super::unreadable::{Place, Readable, Unreadable};
use label::outgoing::Letter;
use label::wording::journal::EntryKind;
use label::wording::names::role_from_key;

/// How a mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// By itself.
    Now,
    /// In the certification body's daily mail.
    Digest,
    /// With the others of its reader, past the number that one reader is sent in a day.
    Overflow,
}

impl Lane {
    fn key(self) -> &'static str {
        match self {
            Lane::Now => "now",
            Lane::Digest => "digest",
            Lane::Overflow => "overflow",
        }
    }
}

/// What became of a mail that will not be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// No longer wanted: the date moved, the thing was done.
    Cancelled,
    /// The server refuses the reader's address: wanted again once that changes.
    Undeliverable,
    GivenUp,
}

impl Fate {
    fn state(self) -> &'static str {
        match self {
            Fate::Sent => "done",
            Fate::Cancelled => "cancelled",
            Fate::Undeliverable => "undeliverable",
            Fate::GivenUp => "given_up",
        }
    }
}

/// A mail that was put, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub key: String,
    pub dossier: i64,
    pub role: String,
    pub rule: String,
    pub payload: String,
    pub state: String,
    pub last_error: Option<String>,
    pub at: Timestamp,
}

type SentRow =
    (String, i64, Option<String>, Option<String>, String, String, Option<String>, i64, Option<i64>);

fn sent(row: SentRow) -> Sent {
    let (key, dossier, role, rule, payload, state, last_error, created_at, done_at) = row;
    let at = timestamp(done_at.unwrap_or(created_at));
    let (role, rule) = (role.unwrap_or_default(), rule.unwrap_or_default());
    Sent { key, dossier, role, rule, payload, state, last_error, at }
}

/// A mail that left: its key, its reader and its letter still tell what was said.
fn whole(sent: Sent) -> Readable<Sent> {
    let letter = serde_json::from_str::<Letter>(&sent.payload).is_ok();
    if letter && role_from_key(&sent.role).is_some() && is_mail_key(&sent.key, sent.dossier) {
        return Ok(sent);
    }
    Err(Unreadable::of(Place::Mail, sent.dossier, sent.key))
}

/// The mails: put, bundled, sent, refused.
#[derive(Clone, Debug)]
pub struct Ledger(pub(super) Pools);

impl Ledger {
    /// Puts a mail; true when its key was new, or had been cancelled or undeliverable and is wanted again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_mail(&self, task: &NewTask<'_>, lane: Lane, now: Timestamp) -> Result<bool> {
        on!(&self.0, pool => {
            let done = sqlx::query(PUT_MAIL)
                .bind(task.key).bind(task.kind).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).bind(lane.key()).execute(pool).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// Notes a mail that left at `sent`, before this store was restored, with its line in the journal; true when its key
    /// was new, or had been cancelled or undeliverable.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn put_sent(
        &self,
        task: &NewTask<'_>,
        sent: Timestamp,
        detail: &str,
        now: Timestamp,
    ) -> Result<bool> {
        on!(&self.0, pool => {
            let mut tx = pool.begin().await?;
            let put = sqlx::query(PUT_SENT)
                .bind(task.key).bind(task.kind).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).bind(micros(sent)).execute(&mut *tx).await?.rows_affected();
            if put == 1 {
                sqlx::query("insert into journal (id, at, kind, dossier, detail, role, rule, key)
                    values ($1, $2, $3, $4, $5, $6, $7, $8)")
                    .bind(next_id(now)).bind(micros(now)).bind(EntryKind::MailRecognised.word()).bind(task.dossier).bind(detail)
                    .bind(task.role).bind(task.rule).bind(task.key).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(put == 1)
        })
    }

    /// Keys of all mails put for a dossier and not cancelled since; with `refused`, also of those that met an address
    /// that refuses, which are wanted again once it has changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mail_keys(&self, dossier: i64, refused: bool) -> Result<BTreeSet<String>> {
        const SQL: &str = "select key from outbox where dossier = $1 and kind = 'mail'
            and state <> 'cancelled' and (state <> 'undeliverable' or $2)";
        let rows: Vec<(String,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).bind(refused).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }

    /// Mails of a dossier that went out, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_sent(&self, dossier: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(&self.0, pool => sqlx::query_as(MAILS_SENT).bind(dossier).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(sent).map(whole)).await
    }

    /// Every mail of a dossier, whatever became of it, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_of(&self, dossier: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(&self.0, pool => sqlx::query_as(MAILS_OF).bind(dossier).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }

    /// The latest mails, sent, waiting or given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn latest_mails(&self, limit: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(&self.0, pool => sqlx::query_as(LATEST_MAILS).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }

    /// How many mails left by themselves to a reader since an instant.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sent_since(&self, recipient: &str, since: Timestamp) -> Result<i64> {
        const SQL: &str = "select count(*) from outbox
            where recipient = $1 and done_at >= $2 and state = 'done' and bundle is null";
        let (count,): (i64,) = on!(&self.0, pool =>
            sqlx::query_as(SQL).bind(recipient).bind(micros(since)).fetch_one(pool).await)?;
        Ok(count)
    }

    /// Lets a claimed mail go, to leave with the others of its reader.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn overflow(&self, key: &str, recipient: &str) -> Result<()> {
        const SQL: &str = "update outbox set lane = 'overflow', recipient = $1, claimed_until = 0,
            attempts = attempts - 1 where key = $2";
        on!(&self.0, pool => sqlx::query(SQL).bind(recipient).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Readers for whom mails overflow: print, role.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn overflowing(&self) -> Result<Vec<(String, String)>> {
        const SQL: &str = "select distinct recipient, role from outbox
            where state = 'pending' and lane = 'overflow' and recipient is not null and role is not null";
        Ok(on!(&self.0, pool => sqlx::query_as(SQL).fetch_all(pool).await)?)
    }

    /// Puts the mail that carries those of a lane for one reader, once for its key. False when it exists already
    /// (what came later waits for the next), or when nothing waits.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn bundle(
        &self,
        mail: &NewTask<'_>,
        lane: Lane,
        recipient: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        on!(&self.0, pool => {
            let mut tx = pool.begin().await?;
            let put = sqlx::query(PUT_BUNDLE)
                .bind(mail.key).bind(mail.kind).bind(mail.dossier).bind(mail.role).bind(mail.rule).bind(mail.payload)
                .bind(micros(now)).bind(recipient).execute(&mut *tx).await?.rows_affected();
            if put == 0 {
                return Ok(false);
            }
            let taken = sqlx::query(TAKE_INTO_BUNDLE)
                .bind(mail.key).bind(lane.key()).bind(mail.role).bind(recipient.unwrap_or_default())
                .bind(recipient.is_none()).bind(micros(now)).execute(&mut *tx).await?.rows_affected();
            if taken > 0 {
                tx.commit().await?;
            }
            Ok(taken > 0)
        })
    }

    /// The mails that a bundle carries.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn bundled(&self, key: &str) -> Result<Vec<Task>> {
        const SQL: &str = "select key, kind, dossier, role, rule, payload, attempts, reached from outbox
            where bundle = $1 and state = 'bundled' order by key";
        let rows: Vec<TaskRow> = on!(&self.0, pool => sqlx::query_as(SQL).bind(key).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(task).map(readable)).await
    }

    /// Takes a mail out of the bundle that carries it: it waits for the next one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn unbundle(&self, key: &str) -> Result<()> {
        const SQL: &str =
            "update outbox set bundle = null, state = 'pending' where key = $1 and state = 'bundled'";
        on!(&self.0, pool => sqlx::query(SQL).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Ends a mail, and with it all that it carries.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn settle(&self, key: &str, end: &Ending<'_>, now: Timestamp) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.begin().await?;
            for sql in [SETTLE_ONE, SETTLE_CARRIED] {
                sqlx::query(sql).bind(end.fate.state()).bind(end.why).bind(micros(now)).bind(end.recipient)
                    .bind(end.answer).bind(key).execute(&mut *tx).await?;
            }
            if let Some(payload) = end.payload {
                sqlx::query("update outbox set payload = $1 where key = $2").bind(payload).bind(key)
                    .execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// Some addresses accepted the mail, others could not yet: only these are tried again, at `at`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn later_for_some(&self, key: &str, why: &str, reached: &str, at: Timestamp) -> Result<()> {
        const SQL: &str =
            "update outbox set not_before = $1, last_error = $2, reached = $3, claimed_until = 0
            where key = $4";
        on!(&self.0, pool => sqlx::query(SQL).bind(micros(at)).bind(why).bind(reached).bind(key)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Remembers that an address refuses for good. True when that was not known.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn refuse_address(&self, print: &str, dossier: i64, why: &str, now: Timestamp) -> Result<bool> {
        const SQL: &str = "insert into refused_addresses (address, dossier, why, at) values ($1, $2, $3, $4)
            on conflict (address) do nothing";
        on!(&self.0, pool => {
            let done = sqlx::query(SQL).bind(print).bind(dossier).bind(why).bind(micros(now)).execute(pool).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// Since when an address refuses.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn address_refused(&self, print: &str) -> Result<Option<Timestamp>> {
        const SQL: &str = "select at from refused_addresses where address = $1";
        let row: Option<(i64,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(print).fetch_optional(pool).await)?;
        Ok(row.map(|(at,)| timestamp(at)))
    }

    /// Tries again the addresses that refused mails about a dossier: somebody says that they were mended.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_refused_addresses(&self, dossier: i64) -> Result<()> {
        const SQL: &str = "delete from refused_addresses where dossier = $1";
        on!(&self.0, pool => sqlx::query(SQL).bind(dossier).execute(pool).await.map(|_| ()))?;
        Ok(())
    }
}

/// How a mail ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    pub fate: Fate,
    pub why: Option<&'a str>,
    /// Print of its reader.
    pub recipient: Option<&'a str>,
    /// What the server said.
    pub answer: Option<&'a str>,
    /// The letter as it left, when it is not the one that was put.
    pub payload: Option<&'a str>,
}

impl Ending<'_> {
    #[must_use]
    pub fn of(fate: Fate, why: Option<&str>) -> Ending<'_> {
        Ending { fate, why, recipient: None, answer: None, payload: None }
    }
}

const PUT_MAIL: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at,
        lane)
    values ($1, $2, $3, $4, $5, $6, 'pending', $7, 0, 0, $7, $8)
    on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before, lane = excluded.lane, bundle = null, reached = ''
    where outbox.state in ('cancelled', 'undeliverable')";

const PUT_SENT: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at,
        done_at)
    values ($1, $2, $3, $4, $5, $6, 'done', $7, 0, 0, $7, $8)
    on conflict (key) do update set state = 'done', done_at = excluded.done_at
    where outbox.state in ('cancelled', 'undeliverable')";

const PUT_BUNDLE: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at,
        recipient)
    values ($1, $2, $3, $4, $5, $6, 'pending', $7, 0, 0, $7, $8)
    on conflict (key) do nothing";

const TAKE_INTO_BUNDLE: &str = "
    update outbox set bundle = $1, state = 'bundled'
    where kind = 'mail' and state = 'pending' and lane = $2 and role = $3 and ($5 or recipient = $4)
        and not_before <= $6 and claimed_until <= $6";

const SETTLE_ONE: &str = "
    update outbox set state = $1, last_error = $2, done_at = $3, recipient = coalesce($4, recipient), answer = $5,
        claimed_until = 0
    where key = $6";

const SETTLE_CARRIED: &str = "
    update outbox set state = $1, last_error = $2, done_at = $3, recipient = coalesce($4, recipient), answer = $5,
        claimed_until = 0
    where bundle = $6 and state = 'bundled'";

const MAILS_SENT: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where dossier = $1 and kind = 'mail' and state = 'done' order by done_at, key";

const MAILS_OF: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where dossier = $1 and kind = 'mail' order by coalesce(done_at, created_at) desc, key";

const LATEST_MAILS: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where kind = 'mail' order by coalesce(done_at, created_at) desc, key limit $1";

//! The ledger of mails: what was put and sent, to whom, in which bundle; which addresses refuse. A key that was put
//! once is never put again, save one that was cancelled, or whose address has changed since it refused.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::carried::Carried;
use super::journal::{NewLine, add_lines};
use super::many_rows::{insert_rows, last_of_each};
use super::observed::Begin as _;
use super::outbox::{NO_DOSSIER, NewTask, Task, TaskRow, task};
use super::pools::{Pools, Result, micros, on};
use super::sql;

/// How a mail is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailLane {
    /// By itself.
    Now,
    /// In the certification body's daily mail.
    Digest,
    /// With the others of its reader, past the number that one reader is sent in a day.
    Overflow,
}

impl MailLane {
    fn key(self) -> &'static str {
        match self {
            MailLane::Now => "now",
            MailLane::Digest => "digest",
            MailLane::Overflow => "overflow",
        }
    }
}

/// What became of a mail that will not be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// No longer wanted: the date changed, the thing was done.
    Cancelled,
    /// The server refuses the reader's address: wanted again once that changes.
    Undeliverable,
    GivenUp,
    /// By a person: it is not put again, and leaves once a person lets it go.
    Stopped,
}

impl Fate {
    pub(super) fn state(self) -> &'static str {
        match self {
            Fate::Sent => "done",
            Fate::Cancelled => "cancelled",
            Fate::Undeliverable => "undeliverable",
            Fate::GivenUp => "given_up",
            Fate::Stopped => "stopped",
        }
    }
}

/// What a server refuses for good of a mail that is tried again all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusedFor {
    /// The sender, the policy, a quota.
    Us,
    Address,
    Message,
}

impl RefusedFor {
    pub const ALL: [RefusedFor; 3] = [RefusedFor::Us, RefusedFor::Address, RefusedFor::Message];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            RefusedFor::Us => "us",
            RefusedFor::Address => "address",
            RefusedFor::Message => "message",
        }
    }
}

/// The mails: put, bundled, sent, refused.
#[derive(Clone, Debug)]
pub struct Ledger(pub(super) Pools);

impl Ledger {
    /// Puts a mail; true when its key was new, or had been cancelled or undeliverable and is wanted again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_mail(&self, task: &NewTask<'_>, lane: MailLane, now: Timestamp) -> Result<bool> {
        Ok(self.put_mails(&[(task.clone(), lane)], now).await? == 1)
    }

    /// Puts mails; how many of their keys were new, or had been cancelled or undeliverable and are wanted again.
    ///
    /// # Errors
    /// When the store cannot be written: none of them is then put.
    pub async fn put_mails(&self, mails: &[(NewTask<'_>, MailLane)], now: Timestamp) -> Result<u64> {
        self.put(mails, now, false).await
    }

    /// The same for corrections: one that was given up is put again too.
    ///
    /// # Errors
    /// When the store cannot be written: none of them is then put.
    pub async fn put_corrections(&self, mails: &[(NewTask<'_>, MailLane)], now: Timestamp) -> Result<u64> {
        self.put(mails, now, true).await
    }

    async fn put(
        &self,
        mails: &[(NewTask<'_>, MailLane)],
        now: Timestamp,
        given_up_too: bool,
    ) -> Result<u64> {
        if mails.is_empty() {
            return Ok(0);
        }
        let now = micros(now);
        let mails = last_of_each(mails.iter(), |(task, _)| task.key);
        let statement = (PUT_MAIL.0, if given_up_too { PUT_CORRECTION } else { PUT_MAIL.1 });
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let put = insert_rows!(tx, mails, statement, |line, mail| {
                let (task, lane) = mail;
                line.push_bind(task.key).push_bind(task.kind.word()).push_bind(task.dossier).push_bind(task.role)
                    .push_bind(task.rule).push_bind(task.payload).push("'pending'").push_bind(now).push("0, 0")
                    .push_bind(now).push_bind(lane.key());
            });
            tx.commit().await?;
            Ok(put)
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
        line: &NewLine,
        now: Timestamp,
    ) -> Result<bool> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let put = sql::query(PUT_SENT)
                .bind(task.key).bind(task.kind.word()).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).bind(micros(sent)).execute(&mut *tx).await?.rows_affected();
            if put == 1 {
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(put == 1)
        })
    }

    /// How many mails left by themselves to a reader since an instant.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sent_since(&self, recipient: &str, since: Timestamp) -> Result<i64> {
        const SQL: &str = "select count(*) from outbox
            where recipient = $1 and done_at >= $2 and state = 'done' and bundle is null";
        let (count,): (i64,) = on!(&self.0, pool =>
            sql::query_as(SQL).bind(recipient).bind(micros(since)).fetch_one(pool).await)?;
        Ok(count)
    }

    /// Releases a claimed mail, to be sent in one mail with the others of its reader.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn overflow(&self, key: &str, recipient: &str) -> Result<()> {
        const SQL: &str = "update outbox set lane = 'overflow', recipient = $1, claimed_until = 0,
            attempts = attempts - 1 where key = $2";
        on!(&self.0, pool => sql::query(SQL).bind(recipient).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Readers for whom mails overflow: hash, role.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn overflowing(&self) -> Result<Vec<(String, String)>> {
        const SQL: &str = "select distinct recipient, role from outbox
            where state = 'pending' and lane = 'overflow' and recipient is not null and role is not null";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?)
    }

    /// Puts the mail that carries others of its lane and role, once for its key. False when it exists already
    /// (what came later waits for the next), or when nothing waits.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn bundle(
        &self,
        mail: &NewTask<'_>,
        lane: MailLane,
        carried: Carried<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let (condition, bound) = carried.condition();
        let take = format!("{TAKE_INTO_BUNDLE}{condition}");
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let put = sql::query(PUT_BUNDLE)
                .bind(mail.key).bind(mail.kind.word()).bind(mail.dossier).bind(mail.role).bind(mail.rule).bind(mail.payload)
                .bind(micros(now)).bind(carried.reader()).execute(&mut *tx).await?.rows_affected();
            if put == 0 {
                return Ok(false);
            }
            let query = sql::query(AssertSqlSafe(take.clone()))
                .bind(mail.key).bind(lane.key()).bind(mail.role).bind(micros(now));
            let query = bound.iter().fold(query, |query, one| query.bind(*one));
            let taken = query.execute(&mut *tx).await?.rows_affected();
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
        const SQL: &str =
            "select key, kind, dossier, role, rule, payload, attempts, reached, claimed_until, refused_at from outbox
            where bundle = $1 and state = 'bundled' order by key";
        let rows: Vec<TaskRow> = on!(&self.0, pool => sql::query_as(SQL).bind(key).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(task)).await
    }

    /// Takes a mail out of the bundle that carries it: it waits for the next one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn unbundle(&self, key: &str) -> Result<()> {
        const SQL: &str =
            "update outbox set bundle = null, state = 'pending' where key = $1 and state = 'bundled'";
        on!(&self.0, pool => sql::query(SQL).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Takes a mail out of the bundle that carries it, whose reader is no longer its own.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn let_out(&self, key: &str) -> Result<()> {
        const SQL: &str = "
            update outbox set bundle = null, state = 'pending', recipient = null,
                lane = case when lane = 'overflow' then 'now' else lane end
            where key = $1 and state = 'bundled'";
        on!(&self.0, pool => sql::query(SQL).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Ends a mail, and with it all that it carries, with the lines that say so. Unless they were cancelled, their dossiers
    /// are to be judged: an annotation lists the mails that left, and the body is told of an address that refuses.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn settle(&self, key: &str, end: &Ending<'_>, lines: &[NewLine], now: Timestamp) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            if end.fate != Fate::Cancelled {
                sql::query(JUDGE_TOLD).bind(true).bind(key).bind(NO_DOSSIER).execute(&mut *tx).await?;
            }
            for sql in [SETTLE_ONE, SETTLE_CARRIED] {
                sql::query(sql).bind(end.fate.state()).bind(end.why).bind(micros(now)).bind(end.recipient)
                    .bind(end.answer).bind(key).execute(&mut *tx).await?;
            }
            if let Some(payload) = end.payload {
                sql::query("update outbox set payload = $1 where key = $2").bind(payload).bind(key)
                    .execute(&mut *tx).await?;
            }
            add_lines!(tx, now, lines);
            tx.commit().await?;
            Ok(())
        })
    }

    /// Some addresses accepted the mail, others could not yet: only these are tried again. The lines say what left.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn later_for_some(
        &self,
        key: &str,
        put_off: &PutOff<'_>,
        lines: &[NewLine],
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str =
            "update outbox set not_before = $1, last_error = $2, reached = $3, refusal = $4, claimed_until = 0,
            refused_at = case when $5 then coalesce(refused_at, $6) else refused_at end
            where key = $7";
        let refusal = put_off.refusal.map(RefusedFor::word);
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            sql::query(SQL).bind(micros(put_off.at)).bind(put_off.why).bind(put_off.reached).bind(refusal)
                .bind(put_off.refusal == Some(RefusedFor::Message)).bind(micros(now)).bind(key)
                .execute(&mut *tx).await?;
            add_lines!(tx, now, lines);
            tx.commit().await?;
            Ok(())
        })
    }
}

/// Why a mail did not leave to all its addresses.
#[derive(Clone, Copy, Debug)]
pub struct PutOff<'a> {
    pub why: &'a str,
    /// Hashes of the addresses that accepted it.
    pub reached: &'a str,
    pub at: Timestamp,
    /// What the server refuses for good, and is asked again all the same.
    pub refusal: Option<RefusedFor>,
}

/// How a mail ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    pub fate: Fate,
    pub why: Option<&'a str>,
    /// Print of its reader.
    pub recipient: Option<&'a str>,
    /// The server's answer.
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

const PUT_MAIL: (&str, &str) = (
    "insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at,
        lane) ",
    " on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before, lane = excluded.lane, bundle = null, reached = '', refusal = null,
        refused_at = null
    where outbox.state in ('cancelled', 'undeliverable')",
);

const PUT_CORRECTION: &str =
    " on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before, lane = excluded.lane, bundle = null, reached = '', refusal = null,
        refused_at = null
    where outbox.state in ('cancelled', 'undeliverable', 'given_up')";

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
    where kind = 'mail' and state = 'pending' and lane = $2 and role = $3 and not_before <= $4 and claimed_until <= $4";

const JUDGE_TOLD: &str = "update dossiers set dirty = $1, revision = revision + 1 where number in (
    select dossier from outbox
    where dossier <> $3 and (key = $2 or (bundle = $2 and state = 'bundled')))";

const SETTLE_ONE: &str = "
    update outbox set state = $1, last_error = $2, done_at = $3, recipient = coalesce($4, recipient), answer = $5,
        claimed_until = 0, refusal = null
    where key = $6";

const SETTLE_CARRIED: &str = "
    update outbox set state = $1, last_error = $2, done_at = $3, recipient = coalesce($4, recipient), answer = $5,
        claimed_until = 0, refusal = null
    where bundle = $6 and state = 'bundled'";

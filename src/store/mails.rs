//! The mails of the ledger as they are read: their keys, those that left, whatever became of the others.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ledger::{Fate, Ledger};
use super::lists::among;
use super::pools::{Result, micros, on, timestamp};
use super::sql;
use super::unreadable::{Place, Readable, SET_ASIDE, Unreadable};
use label::outgoing::{Announced, Letter, MailCode, MailKey};
use label::plan::Told;
use label::wording::names::role_from_key;

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

/// A mail that the ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutMail {
    pub key: MailKey,
    /// It met an address that refuses: it is wanted again once its reader has another.
    pub undeliverable: bool,
    /// It is not tried again.
    pub given_up: bool,
    /// It had left, and did not arrive.
    pub came_back: bool,
}

/// A mail that did not reach its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostMail {
    pub key: MailKey,
    pub undeliverable: bool,
    /// What it announced, when its letter can be read.
    pub announced: Option<Announced>,
    pub at: Timestamp,
    /// Print of the reader that it was tried with.
    pub reader: Option<String>,
}

/// A mail that left, as the plan compares it with the annotation that lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSent {
    pub key: MailKey,
    pub at: Timestamp,
    pub letter: Letter,
}

/// The mails that left, oldest first, as a plan knows them. Of those of one instant, what takes days out follows what gave
/// them, and what gives them again follows that.
#[must_use]
pub fn told(mut sent: Vec<MailSent>) -> Vec<Told> {
    let follows = |code| match code {
        MailCode::DateGone => 1,
        MailCode::DateBack => 2,
        _ => 0,
    };
    sent.sort_by_key(|sent| (sent.at, follows(sent.key.code), sent.key.to_string()));
    let told = |sent: MailSent| {
        let Letter { subject, announced, events, .. } = sent.letter;
        Told {
            on: label::paris_date(sent.at),
            role: sent.key.role,
            subject,
            key: sent.key,
            announced,
            events,
        }
    };
    sent.into_iter().map(told).collect()
}

/// The mail, when its key, its reader and its letter can be read.
fn whole(sent: Sent) -> Readable<MailSent> {
    let letter = serde_json::from_str::<Letter>(&sent.payload);
    match (sent.key.parse::<MailKey>(), letter, role_from_key(&sent.role)) {
        (Ok(key), Ok(letter), Some(_)) if key.dossier == sent.dossier => {
            Ok(MailSent { key, at: sent.at, letter })
        }
        _ => Err(Unreadable::of(Place::Mail, sent.dossier, sent.key)),
    }
}

impl Ledger {
    /// All mails put for these dossiers and not cancelled since, by dossier. One that this version cannot read is set
    /// aside.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn mail_keys(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, Vec<PutMail>>> {
        let mut keys: BTreeMap<i64, Vec<PutMail>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(keys);
        }
        let rows: Vec<(String, String, i64, Option<String>)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select key, state, dossier, answer from outbox
                where kind = 'mail' and state <> 'cancelled' and dossier in (");
            among(&mut query, dossiers);
            query.push(" order by dossier, key").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        // Rows that were set aside are on the health page already.
        let known =
            rows.into_iter().filter_map(|(key, state, dossier, answer)| match key.parse::<MailKey>() {
                Ok(known) if known.dossier == dossier => {
                    let is = |fate: Fate| state == fate.state();
                    let (undeliverable, given_up) = (is(Fate::Undeliverable), is(Fate::GivenUp));
                    // One that was refused at once has no answer of a server that took it.
                    let came_back = undeliverable && answer.is_some();
                    Some(Ok(PutMail { key: known, undeliverable, given_up, came_back }))
                }
                _ if state == SET_ASIDE => None,
                _ => Some(Err(Unreadable::of(Place::Mail, dossier, key))),
            });
        for put in self.0.readable(known).await? {
            keys.entry(put.key.dossier).or_default().push(put);
        }
        Ok(keys)
    }

    /// Mails of a dossier that did not reach their reader, as things stood.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_lost(&self, dossier: i64) -> Result<Vec<LostMail>> {
        const SQL: &str = "select key, state, payload, coalesce(done_at, created_at), recipient from outbox
            where dossier = $1 and kind = 'mail' and state in ('given_up', 'undeliverable') order by key";
        type LostRow = (String, String, String, i64, Option<String>);
        let rows: Vec<LostRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        // A key that cannot be read is set aside where all keys are read.
        let lost = rows.into_iter().filter_map(|(key, state, payload, at, reader)| {
            let letter = serde_json::from_str::<Letter>(&payload).ok();
            Some(LostMail {
                key: key.parse().ok()?,
                undeliverable: state == Fate::Undeliverable.state(),
                announced: letter.and_then(|letter| letter.announced),
                at: timestamp(at),
                reader,
            })
        });
        Ok(lost.collect())
    }

    /// Mails of these dossiers that went out, by dossier, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_sent(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, Vec<MailSent>>> {
        let mut mails: BTreeMap<i64, Vec<MailSent>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(mails);
        }
        let rows: Vec<SentRow> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(MAILS_SENT);
            among(&mut query, dossiers);
            query.push(" order by dossier, done_at, key").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        for mail in self.0.readable(rows.into_iter().map(sent).map(whole)).await? {
            mails.entry(mail.key.dossier).or_default().push(mail);
        }
        Ok(mails)
    }

    /// Whether a mail reached a reader after an instant.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reached_after(&self, reader: &str, at: Timestamp) -> Result<bool> {
        const SQL: &str = "select count(*) from outbox
            where recipient = $1 and done_at > $2 and kind = 'mail' and state = 'done'";
        let (count,): (i64,) = on!(&self.0, pool =>
            sql::query_as(SQL).bind(reader).bind(micros(at)).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// Marks the dossiers with a correction that this reader was not sent: it can be written to.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn judge_lost(&self, reader: &str) -> Result<()> {
        on!(&self.0, pool =>
            sql::query(JUDGE_LOST).bind(true).bind(reader).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Every mail of a dossier, whatever became of it, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_of(&self, dossier: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(&self.0, pool => sql::query_as(MAILS_OF).bind(dossier).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }

    /// The latest mails, sent, waiting or given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn latest_mails(&self, limit: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(&self.0, pool => sql::query_as(LATEST_MAILS).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }
}

const JUDGE_LOST: &str = "update dossiers set dirty = $1, revision = revision + 1 where number in (
    select dossier from outbox
    where recipient = $2 and kind = 'mail' and state = 'given_up' and key like '%/N-corrige-%')";

const MAILS_SENT: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where kind = 'mail' and state = 'done' and dossier in (";

const MAILS_OF: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where dossier = $1 and kind = 'mail' order by coalesce(done_at, created_at) desc, key";

const LATEST_MAILS: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where kind = 'mail' order by coalesce(done_at, created_at) desc, key limit $1";

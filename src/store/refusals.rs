//! Addresses that refuse mails, and how far they are believed; the mails that wait because something was refused.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ledger::{Ledger, RefusedFor};
use super::lists::texts_among;
use super::observed::Begin as _;
use super::pools::{Result, micros, on, timestamp};
use super::sql;

/// How far the refusal of an address is believed. The words are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// On one day, by a reply that says little: nobody is told.
    Suspect,
    /// On one day, by a reply that names it: the body is told.
    Certain,
    /// On two days, or it is no address: nothing is sent to it.
    Dead,
}

impl Blame {
    fn word(self) -> &'static str {
        match self {
            Blame::Suspect => "suspect",
            Blame::Certain => "certain",
            Blame::Dead => "dead",
        }
    }

    /// A word of another version is believed.
    fn from_word(word: &str) -> Blame {
        [Blame::Suspect, Blame::Certain].into_iter().find(|blame| blame.word() == word).unwrap_or(Blame::Dead)
    }
}

/// An address that refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusing {
    pub since: Timestamp,
    pub last: Timestamp,
    /// Times that it refused.
    pub tries: i64,
    pub blame: Blame,
}

impl Ledger {
    /// Notes that an address refuses for good; `blame` is how far this reply alone is believed. A refusal on another day
    /// than the first ends all doubt. How it stands now.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn refuse_address(
        &self,
        print: &str,
        (dossier, why): (i64, &str),
        blame: Blame,
        now: Timestamp,
    ) -> Result<Refusing> {
        const SQL: &str = "insert into refused_addresses (address, dossier, why, at, last_at, tries, blame)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (address) do update set why = excluded.why, last_at = excluded.last_at,
                tries = excluded.tries, blame = excluded.blame";
        let before = self.addresses_in_doubt(&[print.to_owned()]).await?.remove(print);
        let another_day = |before: &Refusing| label::paris_date(before.since) != label::paris_date(now);
        let refusing = match before {
            None => Refusing { since: now, last: now, tries: 1, blame },
            Some(before) => {
                let blame = if another_day(&before) { Blame::Dead } else { before.blame.max(blame) };
                Refusing { last: now, tries: before.tries + 1, blame, ..before }
            }
        };
        on!(&self.0, pool => {
            sql::query(SQL).bind(print).bind(dossier).bind(why).bind(micros(refusing.since)).bind(micros(now))
                .bind(refusing.tries).bind(refusing.blame.word()).execute(pool).await.map(|_| ())
        })?;
        Ok(refusing)
    }

    /// An address that refused accepts.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn address_accepts(&self, print: &str) -> Result<()> {
        const SQL: &str = "delete from refused_addresses where address = $1";
        on!(&self.0, pool => sql::query(SQL).bind(print).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// How each of these addresses stands that has refused; one that has not is absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn addresses_in_doubt(&self, prints: &[String]) -> Result<BTreeMap<String, Refusing>> {
        if prints.is_empty() {
            return Ok(BTreeMap::new());
        }
        type Row = (String, i64, i64, i64, String);
        let rows: Vec<Row> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "select address, at, last_at, tries, blame from refused_addresses where address in (");
            texts_among(&mut query, prints);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let refusing = |(print, since, last, tries, blame): Row| {
            let (since, last) = (timestamp(since), timestamp(last));
            (print, Refusing { since, last, tries, blame: Blame::from_word(&blame) })
        };
        Ok(rows.into_iter().map(refusing).collect())
    }

    /// Since when an address refuses, as far as people are told.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn address_refused(&self, print: &str) -> Result<Option<Timestamp>> {
        Ok(self.addresses_refused(&[print.to_owned()]).await?.remove(print))
    }

    /// Since when each of these addresses refuses, as far as people are told; one that does not is absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn addresses_refused(&self, prints: &[String]) -> Result<BTreeMap<String, Timestamp>> {
        let known = self.addresses_in_doubt(prints).await?;
        let told = known.into_iter().filter(|(_, refusing)| refusing.blame > Blame::Suspect);
        Ok(told.map(|(print, refusing)| (print, refusing.since)).collect())
    }

    /// Lets a claimed mail go whose addresses are not to be asked before `at`; its attempt does not count.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn ask_no_more_until(&self, key: &str, why: &str, at: Timestamp) -> Result<()> {
        const SQL: &str =
            "update outbox set not_before = $1, last_error = $2, claimed_until = 0, refusal = $3,
            attempts = case when attempts > 0 then attempts - 1 else 0 end where key = $4";
        on!(&self.0, pool => sql::query(SQL).bind(micros(at)).bind(why).bind(RefusedFor::Address.word()).bind(key)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// How many mails wait because something was refused, by what, and the last reply to one of them. Those whose keys
    /// begin with `except` are left out: they tell of the others.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn refusals(&self, except: &str) -> Result<BTreeMap<String, (i64, String)>> {
        const SQL: &str = "select refusal, count(*), max(coalesce(last_error, '')) from outbox
            where kind = 'mail' and state = 'pending' and refusal is not null and ($1 = 0 or substr(key, 1, $1) <> $2)
            group by refusal";
        let length = i32::try_from(except.len()).unwrap_or(i32::MAX);
        let rows: Vec<(String, i64, String)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(length).bind(except).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(what, count, why)| (what, (count, why))).collect())
    }

    /// Tries again the addresses that refused mails about a dossier, and those with these prints, when a person says that
    /// they were corrected. The row of an address names the first dossier only; others may have it too.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_refused_addresses(&self, dossier: i64, prints: &[String]) -> Result<()> {
        const OF_DOSSIER: &str = "delete from refused_addresses where dossier = $1 or address in (
            select recipient from outbox where dossier = $1 and state = 'undeliverable')";
        const OF_PRINT: &str = "delete from refused_addresses where address = $1";
        on!(&self.0, pool => {
            sql::query(OF_DOSSIER).bind(dossier).execute(pool).await?;
            for print in prints {
                sql::query(OF_PRINT).bind(print).execute(pool).await?;
            }
            Ok(())
        })
    }

    /// Puts again the mails that were given up, or met an address that refuses, since an instant: of one role, or of all.
    /// Their addresses are believed again, and so are these. How many will be tried, those that a bundle carries included.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn retry(
        &self,
        role: Option<&str>,
        since: Timestamp,
        prints: &[String],
        now: Timestamp,
    ) -> Result<u64> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            for sql in [FORGIVE_DOSSIERS, FORGIVE_READERS] {
                sql::query(sql).bind(role).bind(micros(since)).execute(&mut *tx).await?;
            }
            for print in prints {
                sql::query("delete from refused_addresses where address = $1").bind(print).execute(&mut *tx).await?;
            }
            let mut count = 0;
            // What a bundle carries first: it is found by the state of its bundle.
            for sql in [RETRY_CARRIED, RETRY] {
                count += sql::query(sql).bind(role).bind(micros(since)).bind(micros(now)).execute(&mut *tx).await?
                    .rows_affected();
            }
            tx.commit().await?;
            Ok(count)
        })
    }
}

const FORGIVE_DOSSIERS: &str = "delete from refused_addresses where dossier > 0 and dossier in (
    select dossier from outbox where kind = 'mail' and state in ('given_up', 'undeliverable')
        and ($1 is null or role = $1) and coalesce(done_at, created_at) >= $2)";

const FORGIVE_READERS: &str = "delete from refused_addresses where address in (
    select recipient from outbox where kind = 'mail' and state in ('given_up', 'undeliverable')
        and ($1 is null or role = $1) and coalesce(done_at, created_at) >= $2)";

const RETRY_CARRIED: &str = "
    update outbox set state = 'bundled', last_error = null, refusal = null, refused_at = null, done_at = null,
        not_before = $3
    where kind = 'mail' and state in ('given_up', 'undeliverable') and bundle in (
        select key from outbox where kind = 'mail' and state in ('given_up', 'undeliverable') and bundle is null
            and ($1 is null or role = $1) and coalesce(done_at, created_at) >= $2)";

const RETRY: &str = "
    update outbox set state = 'pending', last_error = null, refusal = null, refused_at = null, done_at = null,
        not_before = $3, claimed_until = 0, attempts = 0
    where kind = 'mail' and state in ('given_up', 'undeliverable') and bundle is null
        and ($1 is null or role = $1) and coalesce(done_at, created_at) >= $2";

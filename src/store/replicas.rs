//! Processes that share one database: one of them observes, under a lease with a number that grows with each holder
//! (« fence ») and that every transaction of the observer compares; each says that it is there; the requests that the
//! platform allows for one token are shared.
//!
//! All instants are of the clock of the database, which is the same for all.

use super::observed::Begin as _;
use super::pools::{Pools, Result, on};
use super::sql;
use crate::retry::platform::COUNTED;
use crate::retry::replicas as limits;

/// Who is there, as it says of itself.
#[derive(Clone, Debug)]
pub struct Presence {
    pub id: String,
    /// The machine, and the process on it.
    pub name: String,
    /// The session that ends with the process; 0: none.
    pub session: i64,
    /// A hash of the settings by which it acts.
    pub acts: String,
}

/// A process that was there lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    pub id: String,
    pub name: String,
    pub acts: String,
    pub observes: bool,
    /// Whether it hears the others at once.
    pub listens: bool,
}

/// The processes that share a database.
#[derive(Clone, Debug)]
pub struct Replicas(pub(super) Pools);

impl Replicas {
    /// Whether several processes may share this store: a file of SQLite has one.
    #[must_use]
    pub fn are_possible(&self) -> bool {
        self.0.file().is_none()
    }

    async fn clock(&self) -> Result<i64> {
        let text = match &self.0 {
            Pools::Sqlite(_) => "select cast(unixepoch('subsec') * 1000000 as integer)",
            #[cfg(feature = "postgres")]
            Pools::Postgres(_) => "select (extract(epoch from clock_timestamp()) * 1000000)::bigint",
        };
        let (now,): (i64,) = on!(&self.0, pool => sql::query_as(text).fetch_one(pool).await)?;
        Ok(now)
    }

    /// The instant now, by the clock of the database.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn now(&self) -> Result<i64> {
        self.clock().await
    }

    /// Says that a process is there, and renews its lease as observer, or takes it when it is free: the number under which
    /// it observes, 0 when another one does. `fence`: the number of the lease that it believes to hold.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn beat(&self, me: &Presence, fence: i64) -> Result<i64> {
        let now = self.clock().await?;
        let until = now.saturating_add(micros(limits::LEASE));
        on!(&self.0, pool => {
            sql::query(SEEN).bind(&me.id).bind(&me.name).bind(me.session).bind(&me.acts).bind(now)
                .execute(pool).await?;
            // Two statements: one that could change the number would wait for the transactions that compare it.
            if fence > 0 {
                let renewed = sql::query(RENEW).bind(until).bind(&me.id).bind(fence).execute(pool).await?;
                if renewed.rows_affected() == 1 {
                    return Ok(fence);
                }
            }
            let taken: Option<(i64,)> =
                sql::query_as(TAKE).bind(&me.id).bind(until).bind(now).fetch_optional(pool).await?;
            Ok(taken.map_or(0, |(fence,)| fence))
        })
    }

    /// A process ends in order: its lease is free at once, and what it asked of the platform counts for a minute more.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn leave(&self, id: &str, fence: i64, used: &[(String, i64)]) -> Result<()> {
        let now = self.clock().await?;
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            sql::query("update leases set until = 0 where name = 'observer' and holder = $1 and fence = $2")
                .bind(id).bind(fence).execute(&mut *tx).await?;
            for (token, used) in used {
                sql::query("update quotas set granted = $1, until = $2 where token = $3 and replica = $4")
                    .bind(*used).bind(now).bind(token).bind(id).execute(&mut *tx).await?;
            }
            sql::query("delete from replicas where id = $1").bind(id).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// The processes that were there lately, the observer first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn present(&self) -> Result<Vec<Replica>> {
        let since = self.clock().await?.saturating_sub(micros(limits::SILENT));
        let rows: Vec<(String, String, String, i64, i64)> =
            on!(&self.0, pool => sql::query_as(PRESENT).bind(since).fetch_all(pool).await)?;
        let replica = |(id, name, acts, session, observes): (String, String, String, i64, i64)| Replica {
            id,
            name,
            acts,
            observes: observes > 0,
            listens: session != 0,
        };
        Ok(rows.into_iter().map(replica).collect())
    }

    /// How many requests to the platform a process may make in any minute with one token, until [`limits::LEASE`] from now.
    /// It asks for `wanted` of `most`, and sent `used` in the last minute; what others were granted counts for a minute after it ended, since the platform
    /// counts what they sent until then. Each process that is there and was granted nothing keeps its least.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn share(&self, id: &str, token: &str, (wanted, used): (i64, i64), most: i64) -> Result<i64> {
        let now = self.clock().await?;
        let (counted, since) = (now - micros(COUNTED), now - micros(limits::SILENT));
        let until = now.saturating_add(micros(limits::LEASE));
        let least = least_share(most);
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            // One at a time: two that read the same sum would both take what is left.
            sql::query("update leases set until = until where name = 'quota'").execute(&mut *tx).await?;
            sql::query("delete from quotas where until < $1").bind(counted).execute(&mut *tx).await?;
            let (granted, reserved): (i64, i64) =
                sql::query_as(OTHERS).bind(token).bind(id).bind(since).bind(least).fetch_one(&mut *tx).await?;
            let free = (most - granted - reserved).max(0);
            let share = wanted.max(least).min(free);
            sql::query(GRANT).bind(token).bind(id).bind(share.max(used)).bind(until).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(share)
        })
    }

    /// Frees the mails that processes had taken which are known to have ended: nothing was heard of them for a while, and
    /// their session has ended too, which a process that is only slow, stopped or cut off keeps. Returns how many mails.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn free_those_of_the_dead(&self) -> Result<u64> {
        let now = self.clock().await?;
        let (silent, forgotten) = (now - micros(limits::SILENT), now - micros(limits::FORGOTTEN));
        let gone: Vec<(String, i64)> = on!(&self.0, pool =>
            sql::query_as("select id, session from replicas where seen_at < $1").bind(silent).fetch_all(pool).await)?;
        let mut freed = 0;
        for (id, session) in gone {
            if session != 0 && !self.is_open(session).await? {
                on!(&self.0, pool => {
                    let mut tx = pool.transaction().await?;
                    freed += sql::query(FREE).bind(&id).execute(&mut *tx).await?.rows_affected();
                    sql::query("delete from replicas where id = $1 and seen_at < $2").bind(&id).bind(silent)
                        .execute(&mut *tx).await?;
                    tx.commit().await?;
                });
            }
        }
        on!(&self.0, pool => sql::query("delete from replicas where seen_at < $1").bind(forgotten).execute(pool)
            .await.map(|_| ()))?;
        Ok(freed)
    }

    /// Whether the lock that a session holds as long as it lasts is held.
    async fn is_open(&self, session: i64) -> Result<bool> {
        match &self.0 {
            Pools::Sqlite(_) => Ok(session != 0),
            #[cfg(feature = "postgres")]
            Pools::Postgres(pool) => {
                let (open,): (i64,) = sql::query_as(OPEN).bind(session).fetch_one(pool).await?;
                Ok(open > 0)
            }
        }
    }

    /// Tells the other processes something, where they listen.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn tell(&self, from: &str, word: &str) -> Result<()> {
        let said = format!("{from} {word}");
        match &self.0 {
            Pools::Sqlite(_) => drop(said),
            #[cfg(feature = "postgres")]
            Pools::Postgres(pool) => {
                sql::query("select pg_notify('vigie', $1)").bind(said).execute(pool).await?;
            }
        }
        Ok(())
    }
}

/// What each process may always ask, however much the others want: some for annotations, most for the observer.
#[must_use]
pub fn least_share(most: i64) -> i64 {
    (most / limits::SHARES).max(1)
}

fn micros(wait: std::time::Duration) -> i64 {
    i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)
}

const SEEN: &str = "
    insert into replicas (id, name, session, acts, started_at, seen_at) values ($1, $2, $3, $4, $5, $5)
    on conflict (id) do update set session = excluded.session, acts = excluded.acts, seen_at = excluded.seen_at";

const RENEW: &str = "update leases set until = $1 where name = 'observer' and holder = $2 and fence = $3";

const TAKE: &str = "
    update leases set holder = $1, fence = fence + 1, until = $2 where name = 'observer' and until < $3
    returning fence";

const PRESENT: &str = "
    select replicas.id, replicas.name, replicas.acts, replicas.session,
        cast(case when leases.holder = replicas.id and leases.until > 0 then 1 else 0 end as bigint)
    from replicas join leases on leases.name = 'observer'
    where replicas.seen_at >= $1
    order by case when leases.holder = replicas.id and leases.until > 0 then 0 else 1 end, replicas.started_at,
        replicas.id";

/// What others may ask, and what is kept for those that were granted less than their least.
const OTHERS: &str = "
    select cast(coalesce((select sum(granted) from quotas where token = $1 and replica <> $2), 0) as bigint),
        cast(coalesce((select sum($4 - coalesce(quotas.granted, 0)) from replicas
            left join quotas on quotas.token = $1 and quotas.replica = replicas.id
            where replicas.id <> $2 and replicas.seen_at >= $3 and coalesce(quotas.granted, 0) < $4), 0) as bigint)";

const GRANT: &str = "
    insert into quotas (token, replica, granted, until) values ($1, $2, $3, $4)
    on conflict (token, replica) do update set granted = excluded.granted, until = excluded.until";

/// It may have been sent: whoever claims it notes that it was interrupted.
const FREE: &str = "update outbox set claimed_until = 1
    where state = 'pending' and kind = 'mail' and claimed_until > 1 and claimed_by = $1";

#[cfg(feature = "postgres")]
const OPEN: &str = "
    select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and ((classid::bigint << 32) | objid::bigint) = $1";

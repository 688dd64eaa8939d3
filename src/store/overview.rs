//! Numbers about everything: what waits, what is late, how many cases in which state.

use jiff::Timestamp;

use super::outbox::TaskKind;
use super::pools::{Pools, Result, micros, on, timestamp};
use super::room::{self, Room};
use super::sql;

/// The state of the work, as one reading of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Since when the oldest mail that should have left waits.
    pub oldest_due: Option<Timestamp>,
    pub dossiers: i64,
    pub gone: i64,
    pub to_judge: i64,
    /// Dossiers whose text from the platform could not be read.
    pub set_aside: i64,
    /// Table and column, and how many stored rows cannot be read there.
    pub unreadable: Vec<(String, i64)>,
    /// Reason, and how many dossiers are to be asked for by number.
    pub asks: Vec<(String, i64)>,
    pub late: i64,
}

/// The position of the reading of one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingState {
    pub scope: String,
    /// False until the first reading came to its end.
    pub filled: bool,
    pub sweep_began: Option<Timestamp>,
    pub swept_at: Option<Timestamp>,
}

/// Counts for the health page and the metrics.
#[derive(Clone, Debug)]
pub struct Health(pub(super) Pools);

/// The name of the counter of tasks of a kind that were done.
#[must_use]
pub fn done_setting(kind: TaskKind) -> String {
    format!("done/{}", kind.word())
}

/// The name under which the end of the platform's certificate is kept, for a section of `[dn]`.
pub const CERTIFICATE: &str = "certificate/";

impl Health {
    /// # Errors
    /// When the store cannot be read.
    pub async fn overview(&self, now: Timestamp) -> Result<Overview> {
        const OLDEST: &str = "select min(not_before) from outbox where state = 'pending' and kind = 'mail' and not_before <= $1";
        const DOSSIERS: &str = "select count(*) from dossiers";
        const GONE: &str = "select count(*) from dossiers where gone_at is not null";
        // Written so, and not against a parameter, or SQLite does not see that an index holds these rows alone.
        const TO_JUDGE: &str = "select count(*) from dossiers where dirty";
        const ASIDE: &str = "select count(*) from set_aside";
        const UNREADABLE: &str = "select place, count(*) from unreadable group by place order by place";
        const ASKS: &str = "select why, count(*) from asks group by why order by why";
        const LATE: &str = "select count(*) from cases where late";
        Ok(on!(&self.0, pool => {
            let (oldest,): (Option<i64>,) = sql::query_as(OLDEST).bind(micros(now)).fetch_one(pool).await?;
            let (dossiers,): (i64,) = sql::query_as(DOSSIERS).fetch_one(pool).await?;
            let (gone,): (i64,) = sql::query_as(GONE).fetch_one(pool).await?;
            let (to_judge,): (i64,) = sql::query_as(TO_JUDGE).fetch_one(pool).await?;
            let (set_aside,): (i64,) = sql::query_as(ASIDE).fetch_one(pool).await?;
            let (late,): (i64,) = sql::query_as(LATE).fetch_one(pool).await?;
            Overview {
                oldest_due: oldest.map(timestamp),
                dossiers,
                gone,
                to_judge,
                set_aside,
                unreadable: sql::query_as(UNREADABLE).fetch_all(pool).await?,
                asks: sql::query_as(ASKS).fetch_all(pool).await?,
                late,
            }
        }))
    }

    /// Stored rows that cannot be read: where, their key, and the dossier that they belong to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unreadable(&self, limit: i64) -> Result<Vec<(String, String, Option<i64>)>> {
        const SQL: &str = "select place, line, dossier from unreadable order by place, line limit $1";
        Ok(on!(&self.0, pool => sql::query_as(SQL).bind(limit).fetch_all(pool).await)?)
    }

    /// Kind, state, how many tasks that are not over; those that are would be more each day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tasks_by_state(&self) -> Result<Vec<(String, String, i64)>> {
        const SQL: &str =
            "select kind, state, count(*) from outbox where state in ('pending', 'given_up', 'undeliverable')
            group by state, kind order by state, kind";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?)
    }

    /// Role of the reader, how many mails were given up or met an address that refuses.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_given_up(&self) -> Result<Vec<(String, i64)>> {
        const SQL: &str = "select coalesce(role, ''), count(*) from outbox
            where state in ('given_up', 'undeliverable') and kind = 'mail' group by role order by role";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?)
    }

    /// State, how many cases; reads them all in their index.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn cases_by_state(&self) -> Result<Vec<(String, i64)>> {
        const SQL: &str = "select state, count(*) from cases group by state order by state";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?)
    }

    /// The position of each reading.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn readings(&self) -> Result<Vec<ReadingState>> {
        const SQL: &str = "select scope, filled, sweep_began, swept_at from cursors order by scope";
        let rows: Vec<(String, bool, i64, i64)> =
            on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        let moment = |micros: i64| (micros > 0).then(|| timestamp(micros));
        let reading = |(scope, filled, began, swept): (String, bool, i64, i64)| ReadingState {
            scope,
            filled,
            sweep_began: moment(began),
            swept_at: moment(swept),
        };
        Ok(rows.into_iter().map(reading).collect())
    }
}

/// A task that waits, or that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kind: String,
    pub dossier: i64,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub at: Timestamp,
}

impl Health {
    /// What waits (`pending`), was given up (`given_up`), or met an address that refuses (`undeliverable`), the oldest
    /// first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waiting(&self, state: &str, limit: i64) -> Result<Vec<Waiting>> {
        const SQL: &str = "
            select kind, dossier, attempts, last_error, not_before from outbox
            where state = $1 order by kind, not_before limit $2";
        type WaitingRow = (String, i64, i64, Option<String>, i64);
        let rows: Vec<WaitingRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(state).bind(limit).fetch_all(pool).await)?;
        let waiting = |(kind, dossier, attempts, last_error, at): WaitingRow| Waiting {
            kind,
            dossier,
            attempts,
            last_error,
            at: timestamp(at),
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// Adds one to a counter.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn count(&self, name: &str) -> Result<()> {
        self.count_more(name, 1).await
    }

    /// Adds `more` to a counter.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn count_more(&self, name: &str, more: usize) -> Result<()> {
        const SQL: &str = "
            insert into settings (name, value) values ($1, $2)
            on conflict (name) do update set value = case
        when settings.value <> '' and ltrim(settings.value, '0123456789') = ''
        then cast(cast(settings.value as bigint) + $3 as text) else $2 end";
        let count = i64::try_from(more).unwrap_or(i64::MAX);
        on!(&self.0, pool => sql::query(SQL).bind(name).bind(more.to_string()).bind(count).execute(pool)
            .await.map(|_| ()))?;
        Ok(())
    }
}

impl Health {
    /// `None` for PostgreSQL, whose disk only its own machine knows, and for a store in memory.
    #[must_use]
    pub fn room(&self) -> Option<Room> {
        let options = self.0.file()?.pool.connect_options();
        let file = options.get_filename();
        room::around(file).filter(|_| file.exists())
    }
}

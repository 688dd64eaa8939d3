//! Calendars with a secret address. Only a hash of the secret is stored.

use jiff::Timestamp;

use super::pools::{Pools, Result, micros, on, timestamp};
use super::sql;

/// A calendar that was given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedCalendar {
    pub print: String,
    pub role: String,
    pub created_at: Timestamp,
    /// To the day.
    pub used_at: Option<Timestamp>,
}

const DAY: i64 = 86_400_000_000;

/// The calendars that people subscribed to.
#[derive(Clone, Debug)]
pub struct Subscriptions(pub(super) Pools);

impl Subscriptions {
    /// # Errors
    /// When the store cannot be written.
    pub async fn add_calendar(&self, print: &str, role: &str, now: Timestamp) -> Result<()> {
        const SQL: &str = "insert into calendars (print, role, created_at) values ($1, $2, $3)";
        on!(&self.0, pool =>
            sql::query(SQL).bind(print).bind(role).bind(micros(now)).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn calendars(&self) -> Result<Vec<SharedCalendar>> {
        const SQL: &str = "select print, role, created_at, used_at from calendars order by created_at, print";
        let rows: Vec<(String, String, i64, Option<i64>)> =
            on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        let calendar = |(print, role, created_at, used_at): (String, String, i64, Option<i64>)| {
            SharedCalendar { print, role, created_at: timestamp(created_at), used_at: used_at.map(timestamp) }
        };
        Ok(rows.into_iter().map(calendar).collect())
    }

    /// Closes the calendars whose hash begins with `print`; returns how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn revoke_calendar(&self, print: &str) -> Result<u64> {
        const SQL: &str = "delete from calendars where substr(print, 1, length($1)) = $1";
        Ok(on!(&self.0, pool => sql::query(SQL).bind(print).execute(pool).await?.rows_affected()))
    }

    /// The role of the calendar with this hash; its use is recorded once a day.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn open_calendar(&self, print: &str, now: Timestamp) -> Result<Option<String>> {
        const USED: &str = "
            update calendars set used_at = $1 where print = $2 and coalesce(used_at, 0) <= $3";
        let row: Option<(String,)> = on!(&self.0, pool => {
            sql::query(USED).bind(micros(now)).bind(print).bind(micros(now) - DAY).execute(pool).await?;
            sql::query_as("select role from calendars where print = $1").bind(print).fetch_optional(pool).await
        })?;
        Ok(row.map(|(role,)| role))
    }
}

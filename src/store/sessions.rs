//! Sessions of people who signed in. Only a hash of what their browser holds is stored, so that a copy of the store opens
//! no page.

use jiff::Timestamp;

use super::pools::{Pools, Result, micros, on, timestamp};
use super::sql;

/// Somebody who signed in, until their session ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    pub print: String,
    /// The provider's id in the configuration.
    pub provider: String,
    /// As the provider named them; empty when it names nobody.
    pub address: String,
    /// What else the provider said of them, as the pages wrote it.
    pub person: String,
    /// What signing out at the provider takes, sealed.
    pub hint: String,
    pub opened_at: Timestamp,
    pub ends_at: Timestamp,
}

/// Which sessions.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// Whose hash begins so.
    Print(&'a str),
    /// Of this address, at whichever provider.
    Address(&'a str),
    All,
}

/// The sessions that are open.
#[derive(Clone, Debug)]
pub struct Sessions(pub(super) Pools);

type Row = (String, String, String, String, String, i64, i64);

fn session(row: Row) -> StoredSession {
    let (print, provider, address, person, hint, opened_at, ends_at) = row;
    let (opened_at, ends_at) = (timestamp(opened_at), timestamp(ends_at));
    StoredSession { print, provider, address, person, hint, opened_at, ends_at }
}

impl Sessions {
    /// Those that are over are erased with it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn open(&self, session: &StoredSession) -> Result<()> {
        const OVER: &str = "delete from sessions where ends_at <= $1";
        const SQL: &str = "
            insert into sessions (print, provider, address, person, hint, opened_at, ends_at)
            values ($1, $2, $3, $4, $5, $6, $7)";
        on!(&self.0, pool => {
            sql::query(OVER).bind(micros(session.opened_at)).execute(pool).await?;
            let insert = sql::query(SQL).bind(&session.print).bind(&session.provider).bind(&session.address);
            let insert = insert.bind(&session.person).bind(&session.hint);
            insert.bind(micros(session.opened_at)).bind(micros(session.ends_at)).execute(pool).await?;
        });
        Ok(())
    }

    /// The one with this hash, unless it is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(&self, print: &str, now: Timestamp) -> Result<Option<StoredSession>> {
        const SQL: &str = "select print, provider, address, person, hint, opened_at, ends_at from sessions
            where print = $1 and ends_at > $2";
        let row: Option<Row> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(print).bind(micros(now)).fetch_optional(pool).await)?;
        Ok(row.map(session))
    }

    /// Those that are not over, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self, now: Timestamp) -> Result<Vec<StoredSession>> {
        const SQL: &str = "select print, provider, address, person, hint, opened_at, ends_at from sessions
            where ends_at > $1 order by opened_at desc, print";
        let rows: Vec<Row> =
            on!(&self.0, pool => sql::query_as(SQL).bind(micros(now)).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends sessions at once; returns how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn revoke(&self, which: Which<'_>) -> Result<u64> {
        let (sql, word) = match which {
            Which::Print(print) => {
                ("delete from sessions where substr(print, 1, length($1)) = $1", print.to_owned())
            }
            Which::Address(address) => ("delete from sessions where address = $1", address.to_lowercase()),
            Which::All => ("delete from sessions where $1 = ''", String::new()),
        };
        Ok(on!(&self.0, pool => sql::query(sql).bind(word).execute(pool).await?.rows_affected()))
    }
}

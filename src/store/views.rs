//! The lists that people named, each their own.

use jiff::Timestamp;

use super::pools::{Result, micros, on};
use super::sessions::Sessions;
use super::sql;

/// As many as one person keeps.
pub const MOST: i64 = 50;

/// A list that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub name: String,
    /// One of our addresses, with its filters.
    pub address: String,
}

impl Sessions {
    /// The lists of one person, by name; `whose` is a hash.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn views(&self, whose: &str) -> Result<Vec<View>> {
        const SQL: &str = "select name, address from views where whose = $1 order by name limit $2";
        let rows: Vec<(String, String)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(whose).bind(MOST).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(name, address)| View { name, address }).collect())
    }

    /// Keeps a list under a name, in place of the one that has it. False when the person has [`MOST`] others.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_view(&self, whose: &str, view: &View, now: Timestamp) -> Result<bool> {
        const SQL: &str = "insert into views (whose, name, address, at)
            select $1, $2, $3, $4 where (select count(*) from views where whose = $1 and name <> $2) < $5
            on conflict (whose, name) do update set address = excluded.address, at = excluded.at";
        let kept = on!(&self.0, pool => sql::query(SQL).bind(whose).bind(&view.name).bind(&view.address)
            .bind(micros(now)).bind(MOST).execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(kept > 0)
    }

    /// Gives a list another name. False when there is none of the old name, or one of the new name already.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn rename_view(&self, whose: &str, name: &str, new: &str) -> Result<bool> {
        const SQL: &str = "update views set name = $3 where whose = $1 and name = $2
            and not exists (select 1 from views other where other.whose = $1 and other.name = $3)";
        let renamed = on!(&self.0, pool => sql::query(SQL).bind(whose).bind(name).bind(new)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(renamed > 0)
    }

    /// Forgets a list. False when there is none of that name.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_view(&self, whose: &str, name: &str) -> Result<bool> {
        const SQL: &str = "delete from views where whose = $1 and name = $2";
        let forgotten = on!(&self.0, pool => sql::query(SQL).bind(whose).bind(name)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(forgotten > 0)
    }
}

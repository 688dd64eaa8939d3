//! Tokens of programs that read the API. Only a hash of each is stored, so that a copy of the store opens nothing.

use jiff::civil::Date;

use super::pools::{Pools, Result, on};
use super::sql;

/// A token that was given to a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub print: String,
    /// Whose rights it has, as a seat is written.
    pub seat: String,
    /// What the operator calls it; empty when it has no name.
    pub name: String,
    pub created_on: Date,
    /// The last day on which it opens anything.
    pub ends_on: Option<Date>,
    /// The last day on which it was used.
    pub used_on: Option<Date>,
}

type Row = (String, String, String, String, Option<String>, Option<String>);

/// A day that cannot be read ends the token: it opens nothing, and can still be listed and revoked.
fn token((print, seat, name, created_on, ends_on, used_on): Row) -> ApiToken {
    let day = |text: String| text.parse().unwrap_or(Date::MIN);
    ApiToken {
        print,
        seat,
        name,
        created_on: day(created_on),
        ends_on: ends_on.map(day),
        used_on: used_on.map(day),
    }
}

/// The tokens that were given and not revoked.
#[derive(Clone, Debug)]
pub struct Tokens(pub(super) Pools);

impl Tokens {
    /// # Errors
    /// When the store cannot be written.
    pub async fn add(&self, token: &ApiToken) -> Result<()> {
        const SQL: &str =
            "insert into tokens (print, seat, name, created_on, ends_on) values ($1, $2, $3, $4, $5)";
        let (from, to) = (token.created_on.to_string(), token.ends_on.map(|day| day.to_string()));
        on!(&self.0, pool => sql::query(SQL).bind(&token.print).bind(&token.seat).bind(&token.name).bind(from).bind(to)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<Vec<ApiToken>> {
        const SQL: &str = "select print, seat, name, created_on, ends_on, used_on from tokens
            order by created_on, print";
        let rows: Vec<Row> = on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(token).collect())
    }

    /// Revokes the tokens whose hash begins with `print`; returns how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn revoke(&self, print: &str) -> Result<u64> {
        const SQL: &str = "delete from tokens where substr(print, 1, length($1)) = $1";
        Ok(on!(&self.0, pool => sql::query(SQL).bind(print).execute(pool).await?.rows_affected()))
    }

    /// The token with this hash, while it lasts. Its use is written once a day, so that requests do not write.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn open(&self, print: &str, today: Date) -> Result<Option<ApiToken>> {
        const FIND: &str =
            "select print, seat, name, created_on, ends_on, used_on from tokens where print = $1";
        const USED: &str =
            "update tokens set used_on = $1 where print = $2 and (used_on is null or used_on < $1)";
        let row: Option<Row> =
            on!(&self.0, pool => sql::query_as(FIND).bind(print).fetch_optional(pool).await)?;
        let Some(found) = row.map(token).filter(|token| token.ends_on.is_none_or(|last| last >= today))
        else {
            return Ok(None);
        };
        if found.used_on.is_none_or(|day| day < today) {
            on!(&self.0, pool => sql::query(USED).bind(today.to_string()).bind(print).execute(pool).await
                .map(|_| ()))?;
        }
        Ok(Some(found))
    }
}

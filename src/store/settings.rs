//! Values stored under a name: the last pass, the hash of a form, the day of the first pass.

use std::str::FromStr;

use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Place, Unreadable};

/// Name of the hash of the secret under which the platform may call; an empty text: closed.
pub const CALLBACK: &str = "callback";

/// Texts by name.
#[derive(Clone, Debug)]
pub struct StoredSettings(pub(super) Pools);

impl StoredSettings {
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(&self, name: &str) -> Result<Option<String>> {
        on!(&self.0, pool => {
            let row: Option<(String,)> =
                sql::query_as("select value from settings where name = $1").bind(name).fetch_optional(pool).await?;
            Ok(row.map(|(value,)| value))
        })
    }

    /// A value that is more than a text; one that cannot be read is set aside, and counts as absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.get(name).await? else { return Ok(None) };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => {
                self.set_aside(name).await?;
                Ok(None)
            }
        }
    }

    /// Sets aside a value that this version cannot read, until it is written again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_aside(&self, name: &str) -> Result<()> {
        let row = Unreadable { place: Place::Setting, line: name.to_owned(), dossier: None };
        self.0.set_row_aside(&row).await
    }

    /// The settings whose name begins so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn starting(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        const SQL: &str = "select name, value from settings where substr(name, 1, length($1)) = $1";
        Ok(on!(&self.0, pool => sql::query_as(SQL).bind(prefix).fetch_all(pool).await)?)
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn set(&self, name: &str, value: &str) -> Result<()> {
        const SQL: &str = "insert into settings (name, value) values ($1, $2)
            on conflict (name) do update set value = excluded.value";
        on!(&self.0, pool => sql::query(SQL).bind(name).bind(value).execute(pool).await.map(|_| ()))?;
        self.0.healed(Place::Setting, name).await
    }
}

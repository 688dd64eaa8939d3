//! Values stored under a name: the last pass, the hash of a form, the day of the first pass.

use std::str::FromStr;

use super::pools::{Error, Pools, Result, Sqlite, on};
use super::unopened::Unopened;
use super::unreadable::{Place, Unreadable};
use super::{room, sql};
use crate::private;

/// Name of the hash of the secret under which the platform may call; an empty text: closed.
pub const CALLBACK: &str = "callback";

/// Name and value of a trial, which is never kept.
const TRIED: &str = "essai";

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

    /// Whether the store can be written now: a value is written and taken back, and what stands beside a file can be
    /// lengthened.
    ///
    /// # Errors
    /// Where it is, why it cannot, and what to do.
    pub async fn try_out(&self) -> Result<()> {
        const SQL: &str = "insert into settings (name, value) values ($1, $1)
            on conflict (name) do update set value = excluded.value";
        match &self.0 {
            Pools::Sqlite(Sqlite { pool, .. }) => {
                // The lock of the writer at once: a plain transaction would read until the first write.
                let mut tx = Box::pin(pool.begin_with("begin immediate")).await?;
                sql::query(SQL).bind(TRIED).execute(&mut *tx).await?;
                tx.rollback().await?;
                let options = pool.connect_options();
                let file = options.get_filename();
                if file.exists() {
                    private::try_out_there(room::folder(file))
                        .map_err(|error| Error::Unopened(Unopened::file(file, &error)))?;
                }
            }
            #[cfg(feature = "postgres")]
            Pools::Postgres(postgres) => {
                let mut tx = Box::pin(postgres.begin()).await?;
                sql::query(SQL).bind(TRIED).execute(&mut *tx).await?;
                tx.rollback().await?;
            }
        }
        Ok(())
    }
}

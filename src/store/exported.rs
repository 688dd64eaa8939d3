//! What the platform's spreadsheets said of each dossier, as a text that only `crate::exports` reads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::lists::among;
pub use super::loose::FILES_READ;
use super::loose::{LOOSE, LooseFiles};
use super::observed::Begin as _;
use super::pools::{Pools, Result, micros, on};
use super::settings::StoredSettings;
use super::sql;
use label::wording::exports as words;

/// In the place of the démarche or the group that a dossier was read from.
pub const SCOPE: &str = "exports";
/// The setting with the instant of the newest picture.
pub const PICTURE: &str = "exports/picture";
/// The setting with the columns that stood in an export so far.
pub const KNOWN: &str = "exports/columns";

/// The setting with what is not read as it stands in files that were read, by name.
pub const NOTES: &str = "exports/notes";

/// What is not read as it stands in a file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNotes {
    /// It stands in the folder; else it was named by hand.
    pub of_folder: bool,
    /// For people.
    pub lines: Vec<String>,
}

impl FileNotes {
    /// The notes in the text of the setting; none where there is no setting yet.
    ///
    /// # Errors
    /// When it cannot be read: the next pass makes it again.
    pub fn all(setting: Option<&str>) -> serde_json::Result<BTreeMap<String, FileNotes>> {
        setting.map_or_else(|| Ok(BTreeMap::new()), serde_json::from_str)
    }
}

/// A file of the folder as it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// Size, time of change, and the columns that were asked for.
    pub print: String,
    /// Why it could not be read, for people.
    #[serde(default)]
    pub unread: Option<String>,
}

impl FileMark {
    /// The marks in the text of the setting; none where there is no setting yet.
    ///
    /// # Errors
    /// When it cannot be read: the next pass makes it again.
    pub fn all(setting: Option<&str>) -> serde_json::Result<BTreeMap<String, FileMark>> {
        setting.map_or_else(|| Ok(BTreeMap::new()), serde_json::from_str)
    }
}

impl StoredSettings {
    /// What of the files of exports is not read, or not as it stands, for people.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn told_of_exports(&self) -> Result<Vec<String>> {
        let marks = FileMark::all(self.get(FILES_READ).await?.as_deref());
        let notes = FileNotes::all(self.get(NOTES).await?.as_deref());
        let loose = LooseFiles::of(self.get(LOOSE).await?.as_deref());
        let is_remade = marks.is_err() || notes.is_err() || loose.is_err();
        let mut told: Vec<String> =
            marks.unwrap_or_default().into_values().filter_map(|mark| mark.unread).collect();
        let notes = notes.unwrap_or_default();
        told.extend(notes.iter().flat_map(|(name, notes)| words::noted(name, &notes.lines)));
        let (named, more) = loose.unwrap_or_default().told();
        told.extend(words::loose(&named, &more));
        told.extend(is_remade.then(|| words::REMADE.to_owned()));
        Ok(told)
    }
}

/// What was read from spreadsheets.
#[derive(Clone, Debug)]
pub struct Exported(pub(super) Pools);

/// A dossier that another reading holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    pub scope: String,
    pub seen_at: i64,
}

impl Elsewhere {
    /// Whether it was read after this picture was taken.
    #[must_use]
    pub fn is_newer(&self, picture: Timestamp) -> bool {
        self.seen_at >= micros(picture)
    }
}

impl Exported {
    /// What is known of these dossiers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn lives(&self, numbers: &[i64]) -> Result<BTreeMap<i64, String>> {
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(i64, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, life from exported where dossier in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Of these dossiers, those of which something is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn known(&self, numbers: &[i64]) -> Result<BTreeSet<i64>> {
        if numbers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(i64,)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier from exported where dossier in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// The dossiers after `number`, in order, at most `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn after(&self, number: i64, most: i64) -> Result<Vec<i64>> {
        const SQL: &str = "select dossier from exported where dossier > $1 order by dossier limit $2";
        let rows: Vec<(i64,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(number).bind(most).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Keeps what is known of these dossiers, but of those that were asked to be forgotten, or whose contacts were erased
    /// at their term.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn keep(&self, lives: &[(i64, String)]) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            for (number, life) in lives {
                sql::query(KEEP).bind(*number).bind(life).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// Of these dossiers, those that were last read otherwise than from an export.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn elsewhere(&self, scope: &str, numbers: &[i64]) -> Result<BTreeMap<i64, Elsewhere>> {
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(i64, String, i64)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, scope, seen_at from dossiers where scope <> ");
            query.push_bind(scope).push(" and number in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(number, scope, seen_at)| (number, Elsewhere { scope, seen_at })).collect())
    }
}

const KEEP: &str = "insert into exported (dossier, life)
    select cast($1 as bigint), $2 where cast($1 as bigint) not in (select number from forgotten)
        and cast($1 as bigint) not in (select number from erased_terms where kind = 'contacts')
    on conflict (dossier) do update set life = excluded.life";

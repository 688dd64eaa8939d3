//! The attachments that were seen, and what their inspection found. They are kept because the platform deletes finished
//! dossiers long before a label of three years ends.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::lists::texts_among;
use super::pools::{Pools, Result, micros, on};
use super::settings::StoredSettings;
use super::sql;
use super::unreadable::{Place, Readable, Unreadable, known_key};
use crate::retry::store as limits;
use label::case::facts::Attachment;
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;

/// One attachment as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub key: Key,
    pub checksum: String,
    pub name: String,
    pub bytes: i64,
    pub media_type: String,
    pub seen_at: i64,
    /// The name of the copy, when copies are kept.
    pub kept: Option<String>,
}

const PURPOSE: &str = "piece";
const COPY: &str = "copie";
/// The version of the code that inspects, and how far its second look has come: a dossier, or [`THROUGH`].
const INSPECTED: &str = "inspections";
const THROUGH: &str = "through";
/// Set while copies are kept.
const COPYING: &str = "copies";

/// Attachments: inspections, copies, tables that were read.
#[derive(Clone, Debug)]
pub struct Files(pub(super) Pools);

impl Files {
    /// The inspections of these files, by checksum; a file not inspected yet is absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn inspections(&self, checksums: &[String]) -> Result<BTreeMap<String, Inspection>> {
        let mut rows: Vec<(String, Option<String>)> = Vec::new();
        for sums in checksums.chunks(limits::VALUES) {
            let page: Vec<_> = on!(&self.0, pool => {
                let mut query = sqlx::QueryBuilder::new("select checksum, inspection from inspections where state = 'done' and purpose = 'piece' and checksum in (");
                texts_among(&mut query, sums);
                query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
            })?;
            rows.extend(page);
        }
        let inspection = |(sum, json): (String, Option<String>)| content(sum, PURPOSE, json);
        Ok(self.0.readable(rows.into_iter().map(inspection)).await?.into_iter().collect())
    }

    /// Saves the inspection of a file, by this version of the code that inspects.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn inspected(
        &self,
        checksum: &str,
        inspection: &Inspection,
        version: i64,
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str =
            "update inspections set version = $1 where checksum = $2 and purpose = $3 and version <> $1";
        let json = super::json(inspection)?;
        self.keep_inspection(checksum, PURPOSE, json, now).await?;
        on!(&self.0, pool => sql::query(SQL).bind(version).bind(checksum).bind(PURPOSE).execute(pool).await
            .map(|_| ()))?;
        Ok(())
    }

    /// Records that the zip of a file was taken away before the file was inspected; false when something was said of it
    /// already. Version 0 inspected it: whoever can fetch these bytes, of whatever dossier, inspects them.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away(&self, checksum: &str, now: Timestamp) -> Result<bool> {
        const SQL: &str =
            "insert into inspections (checksum, purpose, state, inspection, attempts, due_at, at, version)
            values ($1, $2, 'done', $3, 0, 0, $4, 0) on conflict (checksum, purpose) do nothing";
        let json = super::json(&Inspection::faulty(FileFault::Away))?;
        let new = on!(&self.0, pool => sql::query(SQL).bind(checksum).bind(PURPOSE).bind(json).bind(micros(now))
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(new > 0)
    }

    /// By which version of the code a file was inspected; `None` before it was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn inspected_by(&self, checksum: &str) -> Result<Option<i64>> {
        const SQL: &str =
            "select version from inspections where checksum = $1 and purpose = $2 and state = 'done'";
        let row: Option<(i64,)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(checksum).bind(PURPOSE).fetch_optional(pool).await)?;
        Ok(row.map(|(version,)| version))
    }

    /// Once the code that inspects is another version, asks for the files of the next dossiers that an older one looked at,
    /// `most` dossiers gone through at a time; how many were asked for. One reading of a setting once all were gone through.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn look_again(&self, version: i64, most: i64, now: Timestamp) -> Result<u64> {
        const PAGE: &str =
            "select distinct dossier from evidence where dossier > $1 order by dossier limit $2";
        const ASK: &str = "insert into asks (number, why, scope, due_at, attempts)
            select number, 'files', scope, cast($1 as bigint), 0 from dossiers
            where gone_at is null and number > $2 and number <= $3 and exists (
                select 1 from evidence join inspections on inspections.checksum = evidence.checksum
                where evidence.dossier = dossiers.number and inspections.purpose = 'piece'
                    and inspections.state = 'done' and inspections.version < $4)
            on conflict (number, why) do nothing";
        let settings = StoredSettings(self.0.clone());
        let stored = settings.get(INSPECTED).await?.unwrap_or_default();
        let (by, place) = stored.split_once(' ').unwrap_or_default();
        let place = if by == version.to_string() { place } else { "" };
        if place == THROUGH {
            return Ok(0);
        }
        let after: i64 = place.parse().unwrap_or(i64::MIN);
        let page: Vec<(i64,)> =
            on!(&self.0, pool => sql::query_as(PAGE).bind(after).bind(most).fetch_all(pool).await)?;
        let Some((last,)) = page.last() else {
            settings.set(INSPECTED, &format!("{version} {THROUGH}")).await?;
            return Ok(0);
        };
        let asked = on!(&self.0, pool => sql::query(ASK).bind(micros(now)).bind(after).bind(*last).bind(version)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        settings.set(INSPECTED, &format!("{version} {last}")).await?;
        Ok(asked)
    }

    /// Counts one more download that did not match its checksum; returns how many there were.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn came_altered(&self, checksum: &str) -> Result<i64> {
        const SQL: &str = "insert into inspections (checksum, purpose, state, attempts, due_at, at)
            values ($1, 'altered', 'pending', 1, 0, 0)
            on conflict (checksum, purpose) do update set attempts = inspections.attempts + 1 returning attempts";
        let (times,): (i64,) = on!(&self.0, pool => sql::query_as(SQL).bind(checksum).fetch_one(pool).await)?;
        Ok(times)
    }

    pub(super) async fn keep_inspection(
        &self,
        checksum: &str,
        purpose: &str,
        json: String,
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str = "insert into inspections (checksum, purpose, state, inspection, attempts, due_at, at)
            values ($1, $2, 'done', $3, 0, 0, $4)
            on conflict (checksum, purpose) do update set state = 'done', inspection = excluded.inspection, at = excluded.at";
        on!(&self.0, pool => sql::query(SQL).bind(checksum).bind(purpose).bind(json).bind(micros(now))
            .execute(pool).await.map(|_| ()))?;
        self.0.healed(Place::Inspection, &format!("{checksum}/{purpose}")).await
    }

    /// Records an attachment, the first time it is seen.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn witness(
        &self,
        dossier: i64,
        key: Key,
        file: &Attachment,
        kept: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str =
            "insert into evidence (dossier, key, checksum, name, bytes, media_type, seen_at, kept)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (dossier, key, checksum) do update set kept = coalesce(excluded.kept, evidence.kept)";
        let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        on!(&self.0, pool => sql::query(SQL).bind(dossier).bind(key.name()).bind(&file.checksum).bind(&file.name)
            .bind(bytes).bind(&file.media_type).bind(micros(now)).bind(kept).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The name of a file's copy, whichever dossier it was made for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn copy_of(&self, checksum: &str) -> Result<Option<String>> {
        const SQL: &str = "select inspection from inspections where checksum = $1 and purpose = $2";
        let row: Option<(Option<String>,)> = on!(&self.0, pool => sql::query_as(SQL).bind(checksum).bind(COPY)
            .fetch_optional(pool).await)?;
        Ok(row.and_then(|(name,)| name))
    }

    /// A copy was made.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn copied(&self, dossier: i64, checksum: &str, name: &str, now: Timestamp) -> Result<()> {
        const SQL: &str = "update evidence set kept = $1 where dossier = $2 and checksum = $3";
        self.keep_inspection(checksum, COPY, name.to_owned(), now).await?;
        on!(&self.0, pool => sql::query(SQL).bind(name).bind(dossier).bind(checksum).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Records that copies are kept from now on, or no longer. When they are, every dossier's attachments are read
    /// again; returns how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn copies_switched(&self, on: bool, now: Timestamp) -> Result<u64> {
        let state = if on { "on" } else { "" };
        if StoredSettings(self.0.clone()).get(COPYING).await?.unwrap_or_default() == state {
            return Ok(0);
        }
        const SQL: &str = "insert into asks (number, why, scope, due_at, attempts)
            select number, 'files', scope, cast($1 as bigint), 0 from dossiers where gone_at is null
            on conflict (number, why) do nothing";
        let asked = match on {
            true => on!(&self.0, pool => sql::query(SQL).bind(micros(now)).execute(pool).await
                .map(|done| done.rows_affected()))?,
            false => 0,
        };
        StoredSettings(self.0.clone()).set(COPYING, state).await?;
        Ok(asked)
    }

    /// The recorded attachments of a dossier, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn evidence(&self, dossier: i64) -> Result<Vec<Evidence>> {
        const SQL: &str = "select key, checksum, name, bytes, media_type, seen_at, kept from evidence
            where dossier = $1 order by seen_at, key, checksum";
        type EvidenceRow = (String, String, String, i64, String, i64, Option<String>);
        let rows: Vec<EvidenceRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        let evidence = |(key, checksum, name, bytes, media_type, seen_at, kept): EvidenceRow| {
            let key = known_key(Place::Evidence, dossier, &key)?;
            Ok(Evidence { key, checksum, name, bytes, media_type, seen_at, kept })
        };
        self.0.readable(rows.into_iter().map(evidence)).await
    }
}

/// The stored result for a checksum and a purpose.
pub(super) fn content<T: DeserializeOwned>(
    checksum: String,
    purpose: &str,
    json: Option<String>,
) -> Readable<(String, T)> {
    match json.and_then(|json| serde_json::from_str(&json).ok()) {
        Some(content) => Ok((checksum, content)),
        None => {
            let line = format!("{checksum}/{purpose}");
            Err(Unreadable { place: Place::Inspection, line, dossier: None })
        }
    }
}

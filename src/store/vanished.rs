//! Attachments that disappeared from a dossier without a change by its candidate.

use std::collections::{BTreeMap, BTreeSet};

use super::dossiers::{Dossiers, Prepared, Seen, decode};
use super::lists::among;
use super::pools::{Result, on};
use super::sql;
use super::unreadable::{Place, known_key};
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::lost_pieces::{LostPiece, lost_pieces};

impl Dossiers {
    /// Attachments that left (with their name) or came back (without), for the dossiers that were known before.
    pub(super) async fn vanished_with(
        &self,
        known: &[i64],
        changed: &[(&Seen, Prepared)],
    ) -> Result<Vec<(i64, Key, Option<String>)>> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        type StoredFacts = Vec<(i64, String)>;
        type VanishedRows = Vec<(i64, String, String)>;
        let (old, left): (StoredFacts, VanishedRows) = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, facts from dossiers where print is not null and number in (");
            among(&mut query, known);
            let old = query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await?;
            let mut query = sqlx::QueryBuilder::new("select dossier, key, name from vanished where dossier in (");
            among(&mut query, known);
            (old, query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await?)
        });
        let mut vanished = Vec::new();
        for (number, json) in old {
            let new = changed
                .iter()
                .find(|(seen, _)| seen.number == number)
                .and_then(|(seen, _)| seen.facts.as_ref());
            // Facts that cannot be read do not show what left; this page overwrites them.
            let (Some(new), Ok(old)) = (new, decode(number, &json, None)) else { continue };
            let stored = |key: Key| {
                left.iter().find(|(dossier, name, _)| (*dossier, name.as_str()) == (number, key.name()))
            };
            let there = |key: &Key| stored(*key).is_some();
            vanished
                .extend(compare(&old, new).into_iter().filter(|(_, key, name)| name.is_some() || there(key)));
            let before = stored(Key::PreuvePiece).map_or("", |(_, _, text)| text.as_str());
            let text = LostPiece::text(&lost_pieces(&LostPiece::list(before), &old, new));
            if text != before {
                vanished.push((number, Key::PreuvePiece, Some(text).filter(|text| !text.is_empty())));
            }
        }
        Ok(vanished)
    }

    /// Attachments that left each of these dossiers without its candidate touching it: key and name; a dossier without
    /// any is absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn vanished(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, BTreeMap<Key, String>>> {
        let mut vanished: BTreeMap<i64, BTreeMap<Key, String>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(vanished);
        }
        let rows: Vec<(i64, String, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, key, name from vanished where dossier in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let known = |(dossier, key, name): (i64, String, String)| {
            Ok((dossier, known_key(Place::Vanished, dossier, &key)?, name))
        };
        for (dossier, key, name) in self.0.readable(rows.into_iter().map(known)).await? {
            vanished.entry(dossier).or_default().insert(key, name);
        }
        Ok(vanished)
    }
}

/// The candidate's own change explains an attachment that left; without it, the antivirus may have taken it, or the
/// platform emptied the field after the decision (API §3.6).
fn compare(old: &Facts, new: &Facts) -> Vec<(i64, Key, Option<String>)> {
    let with_files = |facts: &Facts| -> BTreeSet<Key> {
        facts
            .values
            .iter()
            .filter(|(_, value)| matches!(value, Value::Files(_)))
            .map(|(key, _)| *key)
            .collect()
    };
    let (before, after) = (with_files(old), with_files(new));
    let touched = old.submitted != new.submitted;
    let mut found: Vec<(i64, Key, Option<String>)> =
        after.iter().map(|key| (new.number, *key, None)).collect();
    for key in before.difference(&after) {
        let name = old.files(*key).first().map(|file| file.name.clone()).filter(|_| !touched);
        found.push((new.number, *key, name));
    }
    if touched {
        let files = Key::ALL.iter().filter(|key| !before.contains(key) && !after.contains(key));
        let emptied = files.filter(|key| {
            matches!(key.kind(), label::case::keys::Kind::Files | label::case::keys::Kind::FilesOrWords)
        });
        found.extend(emptied.map(|key| (new.number, *key, None)));
    }
    found
}

pub(super) const SAVE_VANISHED: &str = "
    insert into vanished (dossier, key, name, at) values ($1, $2, $3, $4)
    on conflict (dossier, key) do update set name = excluded.name";

//! One page as it is saved: what changed, what was seen again, what left, and the position after it, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::asks::{AskReason, PUT_ASK};
use super::awarded::VOID;
use super::decisions::{SAVE_DECISIONS, Shown, new_decisions};
use super::dossiers::{Dossiers, Prepared, Seen, decode, new_audit_days, prepare};
use super::journal::next_id;
use super::lists::among;
use super::observed::BeginObserved as _;
use super::pools::{Result, micros, on};
use super::position::{MOVE_SLICE, Pages, Position, SAVE_POSITION, Slice, Sweep, from_instant};
use super::reported::{SAVE_MARKS, new_marks};
use super::sql;
use super::sweep::MOVE_SWEEP;
use super::unreadable::{HEALED, HEALED_BY_A_TABLE, HEALED_BY_READING, Place};
use super::vanished::SAVE_VANISHED;
use label::case::facts::Facts;
use label::case::keys::Key;
use label::wording::journal::{self, Departure, EntryKind};

/// What is known of a dossier before a page is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownDossier {
    pub print: Option<String>,
    hash: String,
    /// Gone, or another scope's.
    gone: bool,
}

/// The position that is saved with the page.
#[derive(Clone, Debug)]
pub enum Advance<'a> {
    Streams(&'a Position),
    Slice(&'a Slice),
    /// The nightly reading, with its new position.
    Sweep(&'a Sweep),
    /// Dossiers asked for by number: no position changes.
    Nothing,
}

/// One page as it is to be saved.
#[derive(Debug)]
pub struct PageToSave<'a> {
    pub scope: &'a str,
    pub known: &'a BTreeMap<i64, KnownDossier>,
    pub seen: &'a [Seen],
    /// Number, why, and when to try again.
    pub set_aside: &'a [(i64, String, Timestamp)],
    pub gone: &'a [(i64, Departure)],
    pub advance: Advance<'a>,
    pub now: Timestamp,
    /// When its reading began, by the clock of the database, where another process may write meanwhile.
    pub began: Option<i64>,
}

/// What a page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    pub changed: Vec<i64>,
    pub gone: Vec<i64>,
}

/// The reasons to ask again that depend on the content of a dossier; the others are removed by the code that asks.
const CONTENT_WAITS: &str =
    "delete from asks where why in ('scan', 'siret', 'attestation', 'files') and number in (";

fn shown<'a>((_, prepared): &'a (&Seen, Prepared)) -> Shown<'a> {
    let Prepared { number, present, emptied, .. } = prepared;
    Shown { dossier: *number, present: present.as_ref(), emptied: *emptied }
}

impl Pages {
    /// What is known of these dossiers. One that was last read in another scope counts as new there: it is judged and
    /// written to by its section.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn known(&self, scope: &str, numbers: &[i64]) -> Result<BTreeMap<i64, KnownDossier>> {
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        type KnownRow = (i64, Option<String>, String, Option<i64>, String);
        let rows: Vec<KnownRow> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, print, hash, gone_at, scope from dossiers where number in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let known = |(number, print, hash, gone_at, read_in): KnownRow| {
            let gone = gone_at.is_some() || read_in != scope;
            (number, KnownDossier { print: print.filter(|_| !gone), hash, gone })
        };
        Ok(rows.into_iter().map(known).collect())
    }

    /// Of these dossiers, those with a row that could not be read.
    async fn unreadable_among(&self, numbers: &[i64]) -> Result<Vec<i64>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64,)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select distinct dossier from unreadable where dossier in (");
            among(&mut query, numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Of these dossiers, those that were asked to be forgotten: what the platform still shows of them is not kept.
    async fn forgotten_among(&self, seen: &[Seen]) -> Result<BTreeSet<i64>> {
        let numbers: Vec<i64> = seen.iter().map(|seen| seen.number).collect();
        if numbers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(i64,)> = on!(pages &self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number from forgotten where number in (");
            among(&mut query, &numbers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Saves a page and the position after it in one transaction.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of the page is then kept.
    pub async fn save_page(&self, page: &PageToSave<'_>) -> Result<Saved> {
        let mut changed: Vec<(&Seen, Prepared)> = Vec::new();
        let mut again: Vec<&Seen> = Vec::new();
        let forgotten = self.forgotten_among(page.seen).await?;
        for seen in page.seen.iter().filter(|seen| !forgotten.contains(&seen.number)) {
            match &seen.facts {
                Some(facts) => {
                    let prepared = prepare(facts, seen.answerable)?;
                    let known = page.known.get(&seen.number);
                    let same = known.is_some_and(|known| known.hash == prepared.hash && !known.gone);
                    if same { again.push(seen) } else { changed.push((seen, prepared)) }
                }
                None => again.push(seen),
            }
        }
        let numbers: Vec<i64> = changed.iter().map(|(_, dossier)| dossier.number).collect();
        // For a dossier that was never seen, nothing is stored either.
        let known = numbers.iter().copied().filter(|number| page.known.contains_key(number));
        let known: Vec<i64> = known.collect();
        let vanished = Dossiers(self.0.clone()).vanished_with(&known, &changed).await?;
        let (decisions, days) = Dossiers(self.0.clone()).remembered(&known).await?;
        let (decisions, days) =
            (new_decisions(&decisions, changed.iter().map(shown))?, new_audit_days(&days, &changed));
        // What stood first is kept: of two rows of one mark the first is.
        let mut marks = Dossiers(self.0.clone()).marks_before(&known, &changed, page.now).await?;
        marks.extend(new_marks(&changed, page.now));
        let void = {
            let awards = Box::pin(Dossiers(self.0.clone()).awards(&known, &changed)).await?;
            changed.iter_mut().for_each(|(_, dossier)| awards.place(dossier));
            marks.extend(awards.new);
            awards.void
        };
        let unreadable = self.unreadable_among(&known).await?;
        let is_tabled = |number: &i64| {
            let facts = changed.iter().find(|(seen, _)| seen.number == *number);
            let facts = facts.and_then(|(seen, _)| seen.facts.as_ref());
            facts.is_some_and(|facts| !facts.rows(Key::Evenements).is_empty())
        };
        let tabled: Vec<i64> = unreadable.iter().copied().filter(is_tabled).collect();
        let now = micros(page.now);
        let waits: Vec<_> =
            changed.iter().flat_map(|(seen, _)| seen.waits.iter().map(|wait| (seen.number, wait))).collect();
        // Each statement has a cost of its own: each kind of row is one statement, however long the page.
        on!(pages &self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            let mut saved = Saved { changed: numbers.clone(), gone: Vec::new() };
            if !again.is_empty() {
                let mut query = sqlx::QueryBuilder::new("with seen (print, place, modified, number) as (");
                query.push_values(&again, |mut row, seen| {
                    row.push_bind(&seen.print).push_bind(&seen.place).push_bind(seen.modified.map(micros))
                        .push_bind(seen.number);
                });
                query.push(SEEN_AGAIN).push_bind(now).push(SEEN_AGAIN_WHERE);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            if !changed.is_empty() {
                let mut query = sqlx::QueryBuilder::new(SAVE_DOSSIERS);
                query.push_values(&changed, |mut row, (seen, dossier)| {
                    row.push_bind(dossier.number).push_bind(page.scope).push_bind(&dossier.siret)
                        .push_bind(dossier.previous).push_bind(dossier.central).push_bind(&dossier.hash)
                        .push_bind(&dossier.json).push_bind(true).push_bind(now).push_bind(false)
                        .push_bind(&seen.print).push_bind(&seen.place)
                        .push_bind(seen.modified.map_or(0, micros));
                });
                query.push(ON_CONFLICT).push_bind(page.began.unwrap_or(i64::MAX)).build().persistent(sql::persistent())
                    .execute(&mut *tx).await?;
                if let Some(began) = page.began {
                    let mut query = sqlx::QueryBuilder::new("insert into asks (number, why, scope, due_at, attempts)
                        select number, 'late', scope, ");
                    query.push_bind(now).push(", 0 from dossiers where written_at >= ").push_bind(began)
                        .push(" and number in (");
                    among(&mut query, &numbers);
                    query.push(" on conflict (number, why) do nothing").build().persistent(sql::persistent())
                        .execute(&mut *tx).await?;
                }
                let mut query = sqlx::QueryBuilder::new("insert into journal (id, at, kind, dossier, detail) ");
                query.push_values(&changed, |mut row, (_, dossier)| {
                    row.push_bind(next_id(page.now)).push_bind(now).push_bind(EntryKind::Read.word()).push_bind(dossier.number)
                        .push_bind(journal::READ);
                });
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            for number in &unreadable {
                for sql in HEALED_BY_READING {
                    sql::query(sql).bind(*number).execute(&mut *tx).await?;
                }
            }
            for (number, sql) in tabled.iter().flat_map(|number| HEALED_BY_A_TABLE.map(|sql| (number, sql))) {
                sql::query(sql).bind(*number).execute(&mut *tx).await?;
            }
            if !decisions.is_empty() {
                let mut query = sqlx::QueryBuilder::new("insert into decisions (dossier, position, event) ");
                query.push_values(&decisions, |mut row, ((dossier, position, event), _)| {
                    row.push_bind(*dossier).push_bind(*position).push_bind(event);
                });
                query.push(SAVE_DECISIONS).build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            for ((dossier, position, _), undone) in &decisions {
                if *undone {
                    sql::query("delete from decisions where dossier = $1 and position > $2").bind(*dossier).bind(*position)
                        .execute(&mut *tx).await?;
                }
                sql::query(HEALED).bind(Place::Decision.as_str()).bind(format!("{dossier}/{position}"))
                    .execute(&mut *tx).await?;
            }
            if !days.is_empty() {
                let mut query = sqlx::QueryBuilder::new("insert into audit_days (dossier, position, day) ");
                query.push_values(&days, |mut row, (dossier, position, day)| {
                    row.push_bind(*dossier).push_bind(*position).push_bind(day);
                });
                query.push(" on conflict (dossier, position) do update set day = excluded.day").build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            if !void.is_empty() {
                let mut query = sqlx::QueryBuilder::new(VOID);
                among(&mut query, &void);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            if !marks.is_empty() {
                let mut query = sqlx::QueryBuilder::new("insert into reported_marks (dossier, report, key, value) ");
                query.push_values(&marks, |mut row, (dossier, report, key, value)| {
                    row.push_bind(*dossier).push_bind(report).push_bind(*key).push_bind(value);
                });
                query.push(SAVE_MARKS).build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            if !known.is_empty() {
                let mut query = sqlx::QueryBuilder::new(CONTENT_WAITS);
                among(&mut query, &known);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            if !waits.is_empty() {
                let mut query = sqlx::QueryBuilder::new("insert into asks (number, why, scope, due_at, attempts) ");
                query.push_values(&waits, |mut row, (number, (why, due))| {
                    row.push_bind(*number).push_bind(why.word()).push_bind(page.scope).push_bind(micros(*due)).push_bind(0_i64);
                });
                query.push(" on conflict (number, why) do update set scope = excluded.scope").build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            for (number, key, name) in &vanished {
                match name {
                    Some(name) => sql::query(SAVE_VANISHED).bind(*number).bind(key.name()).bind(name).bind(now).execute(&mut *tx).await?,
                    None => sql::query("delete from vanished where dossier = $1 and key = $2")
                        .bind(*number).bind(key.name()).execute(&mut *tx).await?,
                };
            }
            let read: Vec<i64> = page.seen.iter().map(|seen| seen.number).collect();
            if !read.is_empty() {
                let mut query = sqlx::QueryBuilder::new("delete from set_aside where number in (");
                among(&mut query, &read);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            for (number, why, due) in page.set_aside {
                sql::query(SAVE_ASIDE).bind(number).bind(why).bind(now).execute(&mut *tx).await?;
                sql::query(PUT_ASK).bind(number).bind(AskReason::Aside.word()).bind(page.scope).bind(micros(*due)).execute(&mut *tx).await?;
            }
            for (number, why) in page.gone {
                let touched = sql::query(MARK_GONE).bind(now).bind(*why == Departure::Erased).bind(true).bind(number).bind(page.scope)
                    .execute(&mut *tx).await?.rows_affected();
                if touched > 0 {
                    saved.gone.push(*number);
                    sql::query("insert into journal (id, at, kind, dossier, detail) values ($1, $2, $3, $4, $5)")
                        .bind(next_id(page.now)).bind(now).bind(EntryKind::Gone.word()).bind(*number).bind(journal::gone(*why)).execute(&mut *tx).await?;
                    sql::query("delete from asks where number = $1").bind(*number).execute(&mut *tx).await?;
                    sql::query("delete from set_aside where number = $1").bind(*number).execute(&mut *tx).await?;
                }
            }
            match &page.advance {
                Advance::Streams(position) => {
                    sql::query(SAVE_POSITION)
                        .bind(page.scope).bind(micros(position.since)).bind(&position.dossiers).bind(&position.pending)
                        .bind(&position.deleted).bind(position.filled).execute(&mut *tx).await?;
                }
                Advance::Slice(slice) => {
                    sql::query(MOVE_SLICE).bind(&slice.place).bind(slice.done).bind(page.scope)
                        .bind(micros(slice.since)).execute(&mut *tx).await?;
                }
                Advance::Sweep(sweep) => {
                    sql::query(MOVE_SWEEP).bind(&sweep.place).bind(from_instant(sweep.low)).bind(page.scope)
                        .execute(&mut *tx).await?;
                }
                Advance::Nothing => {}
            }
            tx.commit().await?;
            Ok(saved)
        })
    }
}

impl Dossiers {
    /// The facts of a dossier with the scope they were read in.
    ///
    /// # Errors
    /// When the store cannot be read; [`Error::SetAside`](super::Error::SetAside) when its row cannot.
    pub async fn facts_in(&self, number: i64) -> Result<Option<(Facts, String)>> {
        const SQL: &str = "select facts, gone_at, scope from dossiers where number = $1";
        let row: Option<(String, Option<i64>, String)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(number).fetch_optional(pool).await)?;
        match row {
            Some((json, gone_at, scope)) => {
                Ok(Some((self.whole(decode(number, &json, gone_at)).await?, scope)))
            }
            None => Ok(None),
        }
    }
}

const SAVE_DOSSIERS: &str = "
    insert into dossiers (number, scope, siret, previous, central, hash, facts, dirty, seen_at, erased, print, place,
        modified) ";

const ON_CONFLICT: &str = "
    on conflict (number) do update set scope = excluded.scope, siret = excluded.siret, previous = excluded.previous,
        central = excluded.central, hash = excluded.hash, facts = excluded.facts, dirty = excluded.dirty,
        revision = dossiers.revision + 1, seen_at = excluded.seen_at, gone_at = null, erased = excluded.erased, print = excluded.print,
        place = coalesce(excluded.place, dossiers.place),
        modified = case when excluded.modified = 0 then dossiers.modified else excluded.modified end
    where dossiers.written_at < ";

const SEEN_AGAIN: &str =
    ") update dossiers set print = seen.print, place = coalesce(seen.place, dossiers.place),
    modified = coalesce(seen.modified, dossiers.modified), seen_at = ";

const SEEN_AGAIN_WHERE: &str = " from seen where dossiers.number = seen.number";

const MARK_GONE: &str = "
    update dossiers set gone_at = $1, erased = $2, dirty = $3, revision = revision + 1
    where number = $4 and scope = $5 and (gone_at is null or (erased <> $2 and $2))";

const SAVE_ASIDE: &str = "
    insert into set_aside (number, why, at) values ($1, $2, $3)
    on conflict (number) do update set why = excluded.why, at = excluded.at";

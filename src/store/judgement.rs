//! Saves a judgement with all that lists, the register and the statistics show of it, in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::cases::{Cases, Summary, summaries_among};
use super::chain::NewEntry;
use super::changes::{Before, Changes};
use super::deadlines::{DEADLINES_IN_ORDER, DeadlineRow, deadlines_among};
use super::found::{FoundRow, SAVE_FOUND};
use super::journal::{NewLine, add_lines};
use super::judged_print::{FORGET_OF_DOSSIERS, rows_print};
use super::judged_rows::save_rows;
use super::lists::among;
use super::many_rows::{insert_rows, is_kept, last_of_each};
use super::observed::BeginObserved as _;
use super::pools::{Error, Pools, Result, micros, on};
use super::record::{NewContent, append_entries, keep_contents};
use super::register::{APPLICATIONS_AMONG, APPLICATIONS_IN_ORDER, ApplicationRow};
use super::settings::StoredSettings;
use super::sql;
use super::unreadable::HEALED_BY_JUDGEMENT;
use crate::retry::store as limits;

/// What is saved of a judgement.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    pub summary: &'a Summary,
    /// The dossiers of the case, each with the revision that was judged.
    pub dossiers: &'a [(i64, i64)],
    /// Every obligation; none of a case that is over.
    pub deadlines: &'a [DeadlineRow],
    pub applications: &'a [ApplicationRow],
    /// What was found in its dossiers, of those in which it is not what is stored.
    pub found: &'a [FoundRow],
    /// What the record gets of it; nothing when it says what the last entry says.
    pub recorded: Option<&'a Recording>,
    /// The next day on which it may be another one, if nothing is read meanwhile.
    pub next_look: Date,
    /// The day that was judged; the clock may show a later one by now.
    pub today: Date,
    pub now: Timestamp,
}

/// What the record gets of a judgement.
#[derive(Clone, Debug)]
pub struct Recording {
    pub contents: Vec<NewContent>,
    pub entry: NewEntry,
    /// The number of the case's last entry, with which it was compared; 0 when there was none. When another one came
    /// since, nothing is recorded, and the case is judged again.
    pub follows: i64,
    /// The line of the journal, when lists show something else than before.
    pub line: Option<NewLine>,
}

/// What is to be judged, and what is saved of a judgement.
#[derive(Clone, Debug)]
pub struct Judgements(pub(super) Pools);

impl Judgements {
    /// Saves judgements together. The marks of their dossiers are cleared, save of one that was marked again since it was
    /// read: what another replica saved meanwhile is still to be judged, even when that replica judged it already. What
    /// did not change is not written again.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of them is then kept.
    pub async fn save_judgements(&self, judgements: &[Judgement<'_>]) -> Result<()> {
        let mut tries = 0;
        loop {
            match self.try_to_save(judgements).await {
                Err(error) if error.is_deadlock() && tries < limits::DEADLOCKS => tries += 1,
                other => return other,
            }
        }
    }

    async fn try_to_save(&self, judgements: &[Judgement<'_>]) -> Result<()> {
        let Some(first) = judgements.first() else { return Ok(()) };
        let (today, now) = (first.today, first.now);
        let cases: Vec<i64> = judgements.iter().map(|judgement| judgement.summary.case_id).collect();
        let columns: Vec<CaseColumns> = judgements.iter().map(columns).collect::<Result<_>>()?;
        let others = others(judgements);
        let prints: Vec<String> = judgements
            .iter()
            .map(|one| rows_print(&(one.summary, one.deadlines, one.applications)))
            .collect();
        let (begin, held) = hold_cases(&self.0);
        on!(&self.0, pool => {
            let mut tx = pool.begin_observed().await?;
            // Another machine that saves one of these cases waits here, and then compares with what this one saved.
            if let Some(begin) = begin {
                sql::query(begin).execute(&mut *tx).await?;
            }
            let mut query = sqlx::QueryBuilder::new("select case_id, rows_print from cases where case_id in (");
            among(&mut query, &cases);
            let stored: Vec<(i64, String)> =
                query.push(held).build_query_as().persistent(sql::persistent()).fetch_all(&mut *tx).await?;
            let stored: BTreeMap<i64, String> = stored.into_iter().collect();
            let known = |case: i64, print: &String| stored.get(&case) == Some(print);
            let unknown = cases.iter().zip(&prints).filter(|(case, print)| !known(**case, print));
            let unknown: Vec<i64> = unknown.map(|(case, _)| *case).collect();
            let before = if unknown.is_empty() { Before::default() } else {
            let mut query = sqlx::QueryBuilder::new(deadlines_among());
            among(&mut query, &unknown);
            let deadlines = query.push(DEADLINES_IN_ORDER).build_query_as().persistent(is_kept(unknown.len())).fetch_all(&mut *tx).await?;
            let mut query = sqlx::QueryBuilder::new(APPLICATIONS_AMONG);
            among(&mut query, &unknown);
            let applications = query.push(APPLICATIONS_IN_ORDER).build_query_as().persistent(is_kept(unknown.len())).fetch_all(&mut *tx).await?;
            let mut query = sqlx::QueryBuilder::new(summaries_among());
            among(&mut query, &unknown);
            let summaries = query.build_query_as().persistent(is_kept(unknown.len())).fetch_all(&mut *tx).await?;
            Before::of(deadlines, applications, summaries)
            };
            let changes: Vec<Changes> = judgements.iter().zip(&prints).map(|(one, print)| {
                match known(one.summary.case_id, print) {
                    true => Changes::NONE,
                    false => before.changes(one.summary, one.deadlines, one.applications, micros(one.now)),
                }
            }).collect();
            // Of most cases only the day of the judgement is another one.
            let quiet = judgements.iter().zip(&prints).zip(&changes).filter(|(_, changes)| changes.none());
            let quiet: Vec<(&Judgement<'_>, &String)> = quiet.map(|(quiet, _)| quiet).collect();
            if !quiet.is_empty() {
                let mut query = sqlx::QueryBuilder::new("with judged (case_id, next_look, rows_print) as (");
                query.push_values(quiet, |mut row, (judgement, print)| {
                    row.push_bind(judgement.summary.case_id).push_bind(judgement.next_look.to_string()).push_bind(print);
                });
                query.push(") update cases set next_look = judged.next_look, rows_print = judged.rows_print, judged_on = ")
                    .push_bind(today.to_string()).push(" from judged where cases.case_id = judged.case_id");
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            let dossiers = judgements.iter().flat_map(|judgement| {
                judgement.dossiers.iter().map(|(number, revision)| (judgement.summary.case_id, *revision, *number))
            });
            let dossiers: Vec<(i64, i64, i64)> = dossiers.collect();
            if !unknown.is_empty() {
                let (taken, kept) = FORGET_OF_DOSSIERS;
                let numbers: Vec<i64> = dossiers.iter().map(|(.., number)| *number).collect();
                for page in numbers.chunks(limits::VALUES / 2) {
                    let mut query = sqlx::QueryBuilder::new(taken);
                    among(&mut query, page);
                    query.push(kept);
                    among(&mut query, &cases);
                    query.build().persistent(false).execute(&mut *tx).await?;
                }
            }
            for page in dossiers.chunks(limits::VALUES / 3) {
                let mut query = sqlx::QueryBuilder::new("with judged (case_id, revision, number) as (");
                query.push_values(page, |mut row, (case_id, revision, number)| {
                    row.push_bind(*case_id).push_bind(*revision).push_bind(*number);
                });
                query.push(CLEAR_MARKS).build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            let mut query = sqlx::QueryBuilder::new(HEALED_BY_JUDGEMENT);
            among(&mut query, &cases);
            query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            let written = judgements.iter().zip(&columns).zip(&prints).zip(&changes);
            let written = written.map(|(((judgement, columns), print), changes)| (judgement, (columns, print), changes));
            save_rows!(tx, written.filter(|(_, _, changes)| !changes.none()).collect());
            let found = judgements.iter().flat_map(|judgement| judgement.found);
            let found = found.map(|row| Ok((row, found_text(row)?))).collect::<Result<Vec<_>>>()?;
            let found = last_of_each(found.into_iter(), |(row, _)| row.dossier);
            insert_rows!(tx, found, SAVE_FOUND, |line, row| {
                let (row, text) = row;
                line.push_bind(row.dossier).push_bind(row.case_id).push_bind(&row.organisme).push_bind(1_i64).push_bind(text);
            });
            // A case whose only dossier now belongs to another case is deleted.
            let mut ghosts = 0;
            if !others.is_empty() {
                for sql in LEFT_EMPTY {
                    let mut query = sqlx::QueryBuilder::new(sql);
                    among(&mut query, &others);
                    ghosts += query.build().persistent(sql::persistent()).execute(&mut *tx).await?.rows_affected();
                }
            }
            let found = judgements.iter().any(|judgement| !judgement.found.is_empty());
            if ghosts > 0 || found || changes.iter().any(|changes| !changes.none()) {
                sql::query(NEXT_EDITION).bind(EDITION).execute(&mut *tx).await?;
            }
            let last: Vec<(i64, i64)> = match recorded(judgements, |_| true).next() {
                Some(_) => {
                    let mut query = sqlx::QueryBuilder::new("with judged (case_id) as (");
                    query.push_values(&cases, |mut row, case| {
                        row.push_bind(*case);
                    });
                    query.push(LAST_ENTRIES).build_query_as().persistent(sql::persistent()).fetch_all(&mut *tx).await?
                }
                None => Vec::new(),
            };
            let last: BTreeMap<i64, i64> = last.into_iter().collect();
            let in_turn = |case: i64, follows: i64| last.get(&case).copied().unwrap_or_default() == follows;
            let overtaken = judgements.iter().filter(|one| {
                one.recorded.is_some_and(|recorded| !in_turn(one.summary.case_id, recorded.follows))
            });
            let overtaken: Vec<i64> = overtaken.map(|one| one.summary.case_id).collect();
            if !overtaken.is_empty() {
                let mut query = sqlx::QueryBuilder::new(
                    "update dossiers set dirty = true, revision = revision + 1 where case_id in (");
                among(&mut query, &overtaken);
                query.build().persistent(sql::persistent()).execute(&mut *tx).await?;
            }
            let recorded = || recorded(judgements, |case| !overtaken.contains(&case));
            keep_contents!(tx, now, recorded().flat_map(|recorded| &recorded.contents));
            add_lines!(tx, now, recorded().filter_map(|recorded| recorded.line.as_ref()));
            append_entries!(tx, now, recorded().map(|recorded| recorded.entry.clone()).collect());
            tx.commit().await?;
            Ok(())
        })
    }

    /// Saves one judgement.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn save_judgement(&self, judgement: &Judgement<'_>) -> Result<()> {
        self.save_judgements(std::slice::from_ref(judgement)).await
    }
}

/// What the record gets of these judgements, of the cases that `wanted` names.
fn recorded<'a>(
    judgements: &'a [Judgement<'a>],
    wanted: impl Fn(i64) -> bool,
) -> impl Iterator<Item = &'a Recording> {
    let wanted = move |one: &&Judgement<'_>| wanted(one.summary.case_id);
    judgements.iter().filter(wanted).filter_map(|judgement| judgement.recorded)
}

/// The columns of a case that are texts made of values.
struct CaseColumns {
    sites: String,
    found: String,
    standings: String,
    /// Of each application.
    measures: Vec<String>,
}

fn found_text(row: &FoundRow) -> Result<String> {
    let content = |_| Error::Content { table: "found", column: "found", row: row.dossier.to_string() };
    serde_json::to_string(&row.found).map_err(content)
}

fn columns(judgement: &Judgement<'_>) -> Result<CaseColumns> {
    let summary = judgement.summary;
    let content =
        |column| move |_| Error::Content { table: "cases", column, row: summary.case_id.to_string() };
    let sites = serde_json::to_string(&summary.sites).map_err(content("sites"))?;
    let standings = serde_json::to_string(&summary.standings).map_err(content("standings"))?;
    let found = serde_json::to_string(&summary.found).map_err(content("found"))?;
    let measures = judgement.applications.iter().map(|line| serde_json::to_string(&line.measures));
    let measures = measures.collect::<serde_json::Result<_>>().map_err(content("measures"))?;
    Ok(CaseColumns { sites, found, standings, measures })
}

/// The dossiers of these cases by whose number no case is named now.
fn others(judgements: &[Judgement<'_>]) -> Vec<i64> {
    let others = judgements.iter().flat_map(|judgement| {
        let case = judgement.summary.case_id;
        judgement.dossiers.iter().map(|(number, _)| *number).filter(move |number| *number != case)
    });
    others.collect()
}

/// What comes before cases are read, and after their numbers, so that they are locked until the end of the transaction.
/// PostgreSQL locks them in order, so that two machines never wait for one another. SQLite has one writer: a statement that
/// writes, be it no row, makes it this one before anything is read.
fn hold_cases(pools: &Pools) -> (Option<&'static str>, &'static str) {
    match pools {
        Pools::Sqlite(_) => (Some("update cases set case_id = case_id where case_id is null"), ""),
        #[cfg(feature = "postgres")]
        Pools::Postgres(_) => (None, " order by case_id for update"),
    }
}

impl Cases {
    /// Grows with each judgement that differs from the one before: what was computed for one edition is valid until the
    /// next.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn edition(&self) -> Result<String> {
        Ok(StoredSettings(self.0.clone()).get(EDITION).await?.unwrap_or_default())
    }
}

pub(super) const EDITION: &str = "edition";

/// The marks of dossiers that were judged as they were read.
const CLEAR_MARKS: &str =
    ") update dossiers set case_id = judged.case_id, dirty = (dossiers.revision <> judged.revision)
    from judged where dossiers.number = judged.number";

const LEFT_EMPTY: [&str; 6] = [
    "delete from dossier_measures where not exists (select 1 from dossiers
        where dossiers.case_id = dossier_measures.case_id) and case_id in (",
    "delete from case_findings where not exists (select 1 from dossiers
        where dossiers.case_id = case_findings.case_id) and case_id in (",
    "delete from standings where not exists (select 1 from dossiers where dossiers.case_id = standings.case_id)
        and case_id in (",
    "delete from deadlines where not exists (select 1 from dossiers where dossiers.case_id = deadlines.case_id)
        and case_id in (",
    "delete from applications where not exists (select 1 from dossiers where dossiers.case_id = applications.case_id)
        and case_id in (",
    "delete from cases where not exists (select 1 from dossiers where dossiers.case_id = cases.case_id)
        and case_id in (",
];

pub(super) const NEXT_EDITION: &str = "
    insert into settings (name, value) values ($1, '1')
    on conflict (name) do update set value = case
        when settings.value <> '' and ltrim(settings.value, '0123456789') = ''
        then cast(cast(settings.value as bigint) + 1 as text) else '1' end";

const LAST_ENTRIES: &str = ") select case_id, coalesce((select last.seq from record last
    where last.case_id = judged.case_id and last.kind = 'judgement' order by last.seq desc limit 1), 0) from judged";

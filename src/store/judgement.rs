//! Saves a judgement with all that lists, the register and the statistics show of it, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::cases::{Cases, Summary, summaries_among};
use super::chain::NewEntry;
use super::deadlines::{DEADLINES_IN_ORDER, DeadlineRow, deadlines_among};
use super::journal::{NewLine, add_lines};
use super::pools::{Error, Pools, Result, among, micros, on};
use super::record::{NewContent, append_entries, keep_contents};
use super::register::{APPLICATIONS_AMONG, APPLICATIONS_IN_ORDER, ApplicationRow};
use super::settings::StoredSettings;
use super::unreadable::{HEALED_BY_JUDGEMENT, Stored};
use crate::folding::folded;
use crate::retry::store as limits;
use label::Tier;
use label::life::Standing;

/// Writes the rows of one case that changed, within a transaction.
macro_rules! save_rows {
    ($tx:expr, $judgement:expr, $columns:expr, $changes:expr) => {
        let (judgement, changes): (&Judgement<'_>, &Changes) = ($judgement, $changes);
        let summary = judgement.summary;
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        if !changes.none() {
            sqlx::query(SAVE_CASE)
                .bind(summary.case_id)
                .bind(&summary.name)
                .bind(&summary.service)
                .bind(&summary.state)
                .bind(&summary.tier)
                .bind(summary.living)
                .bind(summary.late)
                .bind(summary.faults)
                .bind(day(summary.next_due))
                .bind(&summary.next_what)
                .bind(judgement.today.to_string())
                .bind(folded(&summary.name))
                .bind(&summary.siret)
                .bind(&summary.type_key)
                .bind(&summary.departement)
                .bind(&summary.organisme)
                .bind(summary.central)
                .bind(summary.demarche)
                .bind(summary.dossier)
                .bind(day(summary.audit))
                .bind(&$columns.sites)
                .bind(&$columns.standings)
                .bind(day(summary.loss))
                .execute(&mut *$tx)
                .await?;
        }
        if changes.summary {
            sqlx::query("delete from standings where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for (since, until, standing) in spans(&summary.standings) {
                sqlx::query(SAVE_STANDING)
                    .bind(summary.case_id)
                    .bind(since.to_string())
                    .bind(until.to_string())
                    .bind(standing.status.key())
                    .bind(standing.tier.map(Tier::key))
                    .execute(&mut *$tx)
                    .await?;
            }
        }
        // The lines repeat the columns that filters use, so they are written again with the case.
        if changes.deadlines || changes.summary {
            sqlx::query("delete from deadlines where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for line in &changes.moved {
                sqlx::query(SAVE_DEADLINE)
                    .bind(line.case_id)
                    .bind(line.dossier)
                    .bind(&line.code)
                    .bind(line.occurrence)
                    .bind(&line.title)
                    .bind(&line.rule)
                    .bind(&line.section)
                    .bind(line.due.to_string())
                    .bind(line.extended.to_string())
                    .bind(day(line.opens))
                    .bind(line.status.word())
                    .bind(&line.name)
                    .bind(&line.organisme)
                    .bind(line.moves)
                    .bind(line.moved_at)
                    .bind(folded(&summary.name))
                    .bind(&summary.state)
                    .bind(&summary.type_key)
                    .bind(&summary.tier)
                    .execute(&mut *$tx)
                    .await?;
            }
        }
        if changes.applications {
            sqlx::query("delete from applications where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for line in judgement.applications {
                sqlx::query(SAVE_APPLICATION)
                    .bind(line.dossier)
                    .bind(line.case_id)
                    .bind(&line.demande)
                    .bind(&line.type_key)
                    .bind(&line.organisme)
                    .bind(line.deposited.to_string())
                    .bind(day(line.audited))
                    .bind(line.plan_met)
                    .bind(line.report_met)
                    .bind(&line.outcome)
                    .bind(&line.tier)
                    .bind(day(line.decided))
                    .bind(line.days)
                    .execute(&mut *$tx)
                    .await?;
            }
        }
    };
}

/// What is saved of a judgement.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    pub summary: &'a Summary,
    /// The dossiers of the case, each with the revision that was judged.
    pub dossiers: &'a [(i64, i64)],
    /// Every obligation; none of a case that is over.
    pub deadlines: &'a [DeadlineRow],
    pub applications: &'a [ApplicationRow],
    /// What the record gets of it; nothing when it says what the last entry says.
    pub recorded: Option<&'a Recording>,
    /// The day that was judged; the clock may show a later one by now.
    pub today: Date,
    pub now: Timestamp,
}

/// What the record gets of a judgement.
#[derive(Clone, Debug)]
pub struct Recording {
    pub contents: Vec<NewContent>,
    pub entry: NewEntry,
    /// The line of the journal, when lists show something else than before.
    pub line: Option<NewLine>,
}

/// The stored rows: how often the day of each changed, and when.
type Moves = BTreeMap<(i64, String, i64), (Date, i64, i64)>;

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
        let (hold, held) = hold_cases(&self.0);
        on!(&self.0, pool => {
            let mut tx = pool.begin().await?;
            // Another machine that saves one of these cases waits here, and then compares with what this one saved.
            let mut query = sqlx::QueryBuilder::new(hold);
            among(&mut query, &cases);
            query.push(held).build().execute(&mut *tx).await?;
            let mut query = sqlx::QueryBuilder::new(deadlines_among());
            among(&mut query, &cases);
            let deadlines = query.push(DEADLINES_IN_ORDER).build_query_as().fetch_all(&mut *tx).await?;
            let mut query = sqlx::QueryBuilder::new(APPLICATIONS_AMONG);
            among(&mut query, &cases);
            let applications = query.push(APPLICATIONS_IN_ORDER).build_query_as().fetch_all(&mut *tx).await?;
            let mut query = sqlx::QueryBuilder::new(summaries_among());
            among(&mut query, &cases);
            let summaries = query.build_query_as().fetch_all(&mut *tx).await?;
            let before = Before::of(deadlines, applications, summaries);
            let changes: Vec<Changes> = judgements.iter().map(|judgement| before.changes(judgement)).collect();
            // Of most cases only the day of the judgement is another one.
            let quiet = judgements.iter().zip(&changes).filter(|(_, changes)| changes.none());
            let quiet: Vec<i64> = quiet.map(|(judgement, _)| judgement.summary.case_id).collect();
            if !quiet.is_empty() {
                let mut query = sqlx::QueryBuilder::new("update cases set judged_on = ");
                query.push_bind(today.to_string()).push(" where case_id in (");
                among(&mut query, &quiet);
                query.build().execute(&mut *tx).await?;
            }
            let dossiers = judgements.iter().flat_map(|judgement| {
                judgement.dossiers.iter().map(|(number, revision)| (judgement.summary.case_id, *revision, *number))
            });
            let dossiers: Vec<(i64, i64, i64)> = dossiers.collect();
            for page in dossiers.chunks(limits::VALUES / 3) {
                let mut query = sqlx::QueryBuilder::new("with judged (case_id, revision, number) as (");
                query.push_values(page, |mut row, (case_id, revision, number)| {
                    row.push_bind(*case_id).push_bind(*revision).push_bind(*number);
                });
                query.push(CLEAR_MARKS).build().execute(&mut *tx).await?;
            }
            let mut query = sqlx::QueryBuilder::new(HEALED_BY_JUDGEMENT);
            among(&mut query, &cases);
            query.build().execute(&mut *tx).await?;
            for ((judgement, columns), changes) in judgements.iter().zip(&columns).zip(&changes) {
                save_rows!(tx, judgement, columns, changes);
            }
            // A case whose only dossier now belongs to another case is deleted.
            let mut ghosts = 0;
            if !others.is_empty() {
                for sql in LEFT_EMPTY {
                    let mut query = sqlx::QueryBuilder::new(sql);
                    among(&mut query, &others);
                    ghosts += query.build().execute(&mut *tx).await?.rows_affected();
                }
            }
            if ghosts > 0 || changes.iter().any(|changes| !changes.none()) {
                sqlx::query(NEXT_EDITION).bind(EDITION).execute(&mut *tx).await?;
            }
            let recorded = || judgements.iter().filter_map(|judgement| judgement.recorded);
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

/// The columns of a case that are texts made of values.
struct CaseColumns {
    sites: String,
    standings: String,
}

fn columns(judgement: &Judgement<'_>) -> Result<CaseColumns> {
    let summary = judgement.summary;
    let content =
        |column| move |_| Error::Content { table: "cases", column, row: summary.case_id.to_string() };
    let sites = serde_json::to_string(&summary.sites).map_err(content("sites"))?;
    let standings = serde_json::to_string(&summary.standings).map_err(content("standings"))?;
    Ok(CaseColumns { sites, standings })
}

/// The dossiers of these cases by whose number no case is named now.
fn others(judgements: &[Judgement<'_>]) -> Vec<i64> {
    let others = judgements.iter().flat_map(|judgement| {
        let case = judgement.summary.case_id;
        judgement.dossiers.iter().map(|(number, _)| *number).filter(move |number| *number != case)
    });
    others.collect()
}

/// The statement that locks cases until the end of the transaction, before and after their numbers. PostgreSQL locks
/// them in order, so that two machines never wait for one another; SQLite has one writer, and this begins the writing.
fn hold_cases(pools: &Pools) -> (&'static str, &'static str) {
    match pools {
        Pools::Sqlite(_) => ("update cases set case_id = case_id where case_id in (", ""),
        Pools::Postgres(_) => {
            ("select case_id from cases where case_id in (", " order by case_id for update")
        }
    }
}

/// What the store holds of cases before their judgements are saved.
struct Before {
    deadlines: BTreeMap<i64, Vec<DeadlineRow>>,
    applications: BTreeMap<i64, Vec<ApplicationRow>>,
    summaries: BTreeMap<i64, Summary>,
    /// Cases with a row that cannot be read: all are written again.
    broken: BTreeSet<i64>,
}

/// What a judgement changes of a case.
struct Changes {
    summary: bool,
    deadlines: bool,
    applications: bool,
    /// The lines to write, each with the count of its changes of day.
    moved: Vec<DeadlineRow>,
}

impl Changes {
    fn none(&self) -> bool {
        !self.summary && !self.deadlines && !self.applications
    }
}

impl Before {
    fn of(
        deadlines: Vec<Stored<DeadlineRow>>,
        applications: Vec<Stored<ApplicationRow>>,
        summaries: Vec<Stored<Summary>>,
    ) -> Before {
        let mut broken = BTreeSet::new();
        let deadlines = by_case(deadlines, |line| line.case_id, &mut broken);
        let applications = by_case(applications, |line| line.case_id, &mut broken);
        let summaries = by_case(summaries, |summary| summary.case_id, &mut broken);
        let summaries =
            summaries.into_iter().filter_map(|(case, mut rows)| rows.pop().map(|summary| (case, summary)));
        Before { deadlines, applications, summaries: summaries.collect(), broken }
    }

    fn changes(&self, judgement: &Judgement<'_>) -> Changes {
        let summary = judgement.summary;
        let case = summary.case_id;
        let broken = self.broken.contains(&case);
        let deadlines = self.deadlines.get(&case).map(Vec::as_slice).unwrap_or_default();
        let applications = self.applications.get(&case).map(Vec::as_slice).unwrap_or_default();
        let moved = moved(deadlines, judgement);
        let same = self.summaries.get(&case).is_some_and(|before| {
            let changed_on = summary.changed_on;
            before.changed_on.is_some() && Summary { changed_on, ..before.clone() } == *summary
        });
        Changes {
            summary: broken || !same,
            deadlines: broken || moved != deadlines,
            applications: broken || applications != judgement.applications,
            moved,
        }
    }
}

/// The rows that can be read, by case.
fn by_case<T>(
    rows: Vec<Stored<T>>,
    case: impl Fn(&T) -> i64,
    broken: &mut BTreeSet<i64>,
) -> BTreeMap<i64, Vec<T>> {
    let mut read: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    for row in rows {
        match row.0 {
            Ok(row) => read.entry(case(&row)).or_default().push(row),
            Err(row) => broken.extend(row.dossier),
        }
    }
    read
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

/// The new lines in the order of their key, each with the count of its changes of day.
fn moved(stored: &[DeadlineRow], judgement: &Judgement<'_>) -> Vec<DeadlineRow> {
    let key = |line: &DeadlineRow| (line.dossier, line.code.clone(), line.occurrence);
    let before: Moves =
        stored.iter().map(|line| (key(line), (line.due, line.moves, line.moved_at))).collect();
    let mut lines: BTreeMap<_, DeadlineRow> = BTreeMap::new();
    for line in judgement.deadlines {
        let mut line = line.clone();
        (line.moves, line.moved_at) = match before.get(&key(&line)) {
            Some((due, moves, moved_at)) if *due == line.due => (*moves, *moved_at),
            Some((_, moves, _)) => (moves + 1, micros(judgement.now)),
            None => (0, micros(judgement.now)),
        };
        // The same obligation twice would be one event in a calendar: the first one, the earlier, is shown.
        lines.entry(key(&line)).or_insert(line);
    }
    lines.into_values().collect()
}

/// Each standing with its first day and the first day of the next one.
fn spans(standings: &[(Date, Standing)]) -> impl Iterator<Item = (Date, Date, &Standing)> {
    let next = standings.iter().skip(1).map(|(since, _)| *since).chain([Date::MAX]);
    standings.iter().zip(next).map(|((since, standing), until)| (*since, until, standing))
}

pub(super) const EDITION: &str = "edition";

/// The marks of dossiers that were judged as they were read.
const CLEAR_MARKS: &str =
    ") update dossiers set case_id = judged.case_id, dirty = (dossiers.revision <> judged.revision)
    from judged where dossiers.number = judged.number";

const LEFT_EMPTY: [&str; 4] = [
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

const SAVE_CASE: &str = "
    insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on,
        folded, siret, type_key, departement, organisme, central, demarche, dossier, audit, sites, standings, changed_on,
        loss)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $11,
        $23)
    on conflict (case_id) do update set
        changed_on = case when cases.state = excluded.state and cases.tier is not distinct from excluded.tier
            and cases.late = excluded.late and cases.faults = excluded.faults
            and cases.next_due is not distinct from excluded.next_due
            and cases.next_what is not distinct from excluded.next_what and cases.changed_on <> ''
            then cases.changed_on else excluded.changed_on end,
        name = excluded.name, service = excluded.service, state = excluded.state,
        tier = excluded.tier, living = excluded.living, late = excluded.late, faults = excluded.faults,
        next_due = excluded.next_due, next_what = excluded.next_what, judged_on = excluded.judged_on,
        folded = excluded.folded, siret = excluded.siret, type_key = excluded.type_key,
        departement = excluded.departement, organisme = excluded.organisme, central = excluded.central,
        demarche = excluded.demarche, dossier = excluded.dossier, audit = excluded.audit, sites = excluded.sites,
        standings = excluded.standings, loss = excluded.loss";

const SAVE_STANDING: &str = "
    insert into standings (case_id, since, until, status, tier) values ($1, $2, $3, $4, $5)";

const SAVE_DEADLINE: &str = "
    insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name,
        organisme, moves, moved_at, folded, state, type_key, tier)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    on conflict (dossier, code, occurrence) do update set case_id = excluded.case_id, title = excluded.title,
        rule = excluded.rule, section = excluded.section, due = excluded.due, extended = excluded.extended,
        opens = excluded.opens, status = excluded.status, name = excluded.name, organisme = excluded.organisme,
        moves = deadlines.moves + 1, moved_at = excluded.moved_at, folded = excluded.folded, state = excluded.state,
        type_key = excluded.type_key, tier = excluded.tier";

const SAVE_APPLICATION: &str = "
    insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met,
        outcome, tier, decided, days)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    on conflict (dossier) do update set case_id = excluded.case_id, demande = excluded.demande,
        type_key = excluded.type_key, organisme = excluded.organisme, deposited = excluded.deposited,
        audited = excluded.audited, plan_met = excluded.plan_met, report_met = excluded.report_met,
        outcome = excluded.outcome, tier = excluded.tier, decided = excluded.decided, days = excluded.days";

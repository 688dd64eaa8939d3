//! Rows that were set aside, looked at again each day and by each new version: the record of one that can be read, or is
//! gone, goes; what the others came from is asked for again; what nothing brings back any more is let go.

use std::collections::BTreeMap;

use super::asks::AskReason;
use super::decisions::event;
use super::dossiers::decode;
use super::judged_print::FORGET;
use super::ledger::Fate;
use super::lists::texts_among;
use super::outbox::{TaskKind, TaskRow, task};
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{
    ASK_AGAIN, FORGET_TEXT, HEALED, HEALED_BY_READING, JUDGE_AGAIN, OPEN_AGAIN, Place, Remedy, SET_ASIDE,
    Unreadable,
};
use label::case::facts::Value;
use label::case::inspection::Inspection;
use label::case::keys::Key;
use label::case::table::{TableKind, TableReading};
use label::outgoing::Letter;

/// The records of rows that cannot be read.
#[derive(Clone, Debug)]
pub struct Healing(pub(super) Pools);

/// Where the dossier of a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    /// On the platform, in a section that is read.
    Watched,
    /// No longer on the platform; its case may still be judged.
    Gone,
    /// In a section that is not read any more, or nowhere.
    Nowhere,
}

impl Healing {
    /// Looks at every record. `scopes` are the sections that are read; `is_told` says whether the body of a notice can be
    /// read, by its key.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn look_again(&self, scopes: &[String], is_told: impl Fn(&str, &str) -> bool) -> Result<()> {
        self.put_back(is_told).await?;
        const SQL: &str = "select place, line, dossier from unreadable order by place, line";
        let rows: Vec<(String, String, Option<i64>)> =
            on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        let mut homes = BTreeMap::new();
        for (word, line, dossier) in rows {
            let Some(place) = Place::ALL.into_iter().find(|place| place.as_str() == word) else {
                self.let_go(&word, &line).await?;
                continue;
            };
            let row = Unreadable { place, line, dossier };
            if !self.stands(&row).await? {
                self.let_go(&word, &row.line).await?;
                continue;
            }
            let home = match (dossier, homes.get(&dossier)) {
                (_, Some(home)) => *home,
                (Some(number), None) => self.home(number, scopes).await?,
                (None, None) => Home::Nowhere,
            };
            homes.insert(dossier, home);
            self.bring_back(&row, home).await?;
        }
        self.leave_asides(scopes).await
    }

    /// Tasks that an earlier version could not read, and this one can: they wait again, or count as sent again.
    async fn put_back(&self, is_told: impl Fn(&str, &str) -> bool) -> Result<()> {
        const SQL: &str =
            "select key, kind, dossier, role, rule, payload, attempts, reached, claimed_until, refused_at from outbox
            where state = 'set_aside' order by key";
        const PUT_BACK: &str = "update outbox set claimed_until = 0,
            state = case when done_at is null then 'pending' when last_error is null then $1 else $2 end,
            bundle = case when done_at is null then null else bundle end
            where key = $3 and state = 'set_aside'";
        let rows: Vec<TaskRow> = on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        for task in rows.into_iter().filter_map(|row| task(row).ok()) {
            let whole = match task.kind {
                TaskKind::Mail => serde_json::from_str::<Letter>(&task.payload).is_ok(),
                TaskKind::Webhook => is_told(&task.key, &task.payload),
                TaskKind::Message | TaskKind::Annotation => true,
            };
            if whole {
                on!(&self.0, pool => sql::query(PUT_BACK).bind(Fate::Sent.state()).bind(Fate::GivenUp.state())
                    .bind(&task.key).execute(pool).await.map(|_| ()))?;
            }
        }
        Ok(())
    }

    /// Whether the row is there and can still not be read.
    async fn stands(&self, row: &Unreadable) -> Result<bool> {
        let sql = stored(row.place);
        let texts: Vec<(String,)> = on!(&self.0, pool => sql::query_as(sql)
            .bind(row.dossier.unwrap_or_default()).bind(&row.line).fetch_all(pool).await)?;
        Ok(texts.iter().any(|(text,)| !is_readable(row, text)))
    }

    async fn home(&self, number: i64, scopes: &[String]) -> Result<Home> {
        const SQL: &str = "select scope, gone_at from dossiers where number = $1";
        let row: Option<(String, Option<i64>)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(number).fetch_optional(pool).await)?;
        Ok(match row {
            Some((scope, gone)) if scopes.contains(&scope) => {
                if gone.is_some() {
                    Home::Gone
                } else {
                    Home::Watched
                }
            }
            _ => Home::Nowhere,
        })
    }

    /// Asks again for what the row came from, or lets it go.
    async fn bring_back(&self, row: &Unreadable, home: Home) -> Result<()> {
        let dossier = row.dossier.unwrap_or_default();
        match (row.place, row.place.remedy(), home) {
            // Written again by whoever needs it: absent is what it counts as already.
            (Place::Setting, ..) => self.run("delete from settings where name = $1", &row.line).await?,
            // A person said it, and the journal still does: the deadline is overdue again until somebody says it once more.
            (Place::Settled, ..) => {
                const SQL: &str =
                    "delete from settled where cast(dossier as text) || '/' || code || '/' || due = $1";
                self.run(SQL, &row.line).await?;
            }
            (Place::Inspection, ..) => {
                let checksum = row.line.split_once('/').map_or(row.line.as_str(), |(sum, _)| sum);
                self.run(OPEN_AGAIN, checksum).await?;
                self.run("delete from inspections where checksum || '/' || purpose = $1", &row.line).await?;
            }
            (_, Remedy::Judgement, Home::Watched | Home::Gone) => {
                on!(&self.0, pool => sql::query(FORGET).bind(dossier).execute(pool).await.map(|_| ()))?;
                on!(&self.0, pool => sql::query(JUDGE_AGAIN).bind(true).bind(dossier).execute(pool).await
                    .map(|_| ()))?;
                return Ok(());
            }
            (_, _, Home::Watched) => {
                for sql in [FORGET_TEXT, ASK_AGAIN] {
                    on!(&self.0, pool => sql::query(sql).bind(dossier).execute(pool).await.map(|_| ()))?;
                }
                return Ok(());
            }
            // Its case is judged with them, or not at all: only a person can tell.
            (Place::Facts | Place::Decision, _, Home::Gone) => return Ok(()),
            (_, _, Home::Gone) => {
                // The last one drops the records, those of the facts too.
                for sql in HEALED_BY_READING.into_iter().take(HEALED_BY_READING.len() - 1) {
                    on!(&self.0, pool => sql::query(sql).bind(dossier).execute(pool).await.map(|_| ()))?;
                }
            }
            (Place::Ask, _, Home::Nowhere) => {
                self.run("delete from asks where cast(number as text) || '/' || why = $1", &row.line).await?;
            }
            (_, _, Home::Nowhere) => {}
        }
        self.let_go(row.place.as_str(), &row.line).await
    }

    /// Dossiers set aside whose section is not read any more will not be read: they fail no pass.
    async fn leave_asides(&self, scopes: &[String]) -> Result<()> {
        if scopes.is_empty() {
            return Ok(());
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "delete from set_aside where number not in (select number from asks where scope in (");
            texts_among(&mut query, scopes);
            query.push(")");
            query.build().persistent(sql::persistent()).execute(pool).await.map(|_| ())
        })?;
        Ok(())
    }

    async fn let_go(&self, place: &str, line: &str) -> Result<()> {
        on!(&self.0, pool => sql::query(HEALED).bind(place).bind(line).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    async fn run(&self, sql: &'static str, word: &str) -> Result<()> {
        on!(&self.0, pool => sql::query(sql).bind(word).execute(pool).await.map(|_| ()))?;
        Ok(())
    }
}

/// What a row holds: by the dossier (or case) of its record, and its line.
fn stored(place: Place) -> &'static str {
    match place {
        Place::Facts => "select facts from dossiers where number = $1 and cast(number as text) = $2",
        Place::Decision => {
            "select event from decisions where dossier = $1 and cast(dossier as text) || '/' || cast(position as text) = $2"
        }
        Place::AuditDay => {
            "select day from audit_days where dossier = $1 and cast(dossier as text) || '/' || cast(position as text) = $2"
        }
        Place::ReportedMark => {
            "select value from reported_marks
            where dossier = $1 and cast(dossier as text) || '/' || report || '/' || key = $2"
        }
        Place::Vanished => {
            "select key from vanished where dossier = $1 and cast(dossier as text) || '/' || key = $2"
        }
        Place::Settled => {
            "select due || '/' || settled_on from settled
            where dossier = $1 and cast(dossier as text) || '/' || code || '/' || due = $2"
        }
        Place::Evidence => {
            "select key from evidence where dossier = $1 and cast(dossier as text) || '/' || key = $2"
        }
        Place::Written => {
            "select key from written where dossier = $1 and cast(dossier as text) || '/' || key = $2"
        }
        Place::Refused => {
            "select key from refused where dossier = $1 and cast(dossier as text) || '/' || key = $2"
        }
        Place::Ask => "select why from asks where number = $1 and cast(number as text) || '/' || why = $2",
        Place::Case => "select name from cases where case_id = $1 and cast(case_id as text) = $2",
        Place::Deadline => {
            "select code from deadlines where case_id = $1
            and cast(dossier as text) || '/' || code || '/' || cast(occurrence as text) = $2"
        }
        Place::Application => {
            "select organisme from applications where case_id = $1 and cast(dossier as text) = $2"
        }
        Place::Found => "select organisme from found where case_id = $1 and cast(dossier as text) = $2",
        Place::Inspection => {
            "select coalesce(inspection, '') from inspections
            where cast($1 as bigint) is not null and checksum || '/' || purpose = $2"
        }
        Place::Mail | Place::Message | Place::Notice | Place::Task => {
            "select state from outbox where cast($1 as bigint) is not null and key = $2"
        }
        Place::Setting => "select value from settings where cast($1 as bigint) is not null and name = $2",
    }
}

/// Whether this version can read what a row holds. A judgement tells of its own rows, and a setting when it is used.
fn is_readable(row: &Unreadable, text: &str) -> bool {
    let last = row.line.rsplit('/').next().unwrap_or_default();
    match row.place {
        Place::Facts => decode(0, text, None).is_ok(),
        Place::Decision => event(0, 0, text).is_ok(),
        Place::AuditDay => text.parse::<jiff::civil::Date>().is_ok(),
        Place::ReportedMark => Key::from_name(last).is_some() && serde_json::from_str::<Value>(text).is_ok(),
        Place::Vanished | Place::Evidence | Place::Written | Place::Refused => Key::from_name(text).is_some(),
        Place::Settled => text.split('/').all(|day| day.parse::<jiff::civil::Date>().is_ok()),
        Place::Ask => AskReason::from_word(text).is_some(),
        Place::Inspection => match TableKind::from_name(last) {
            Some(_) => serde_json::from_str::<TableReading>(text).is_ok(),
            None => serde_json::from_str::<Inspection>(text).is_ok(),
        },
        Place::Mail | Place::Message | Place::Notice | Place::Task => text != SET_ASIDE,
        Place::Case | Place::Deadline | Place::Application | Place::Found | Place::Setting => false,
    }
}

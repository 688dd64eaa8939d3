//! How many dossiers share a figure, for the statistics.

use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::behind::{Figure, PLAN, REPORT, figure};
use super::measures::{DelayTally, MeasureGroup, MeasureKind, MeasureTally};
use super::pools::{Result, on};
use super::register::Register;
use super::sql;

impl Register {
    /// The figures that a period counts, whatever `scope` says of what it counts. A step counts on the day of its
    /// application's deposit, all else on its own.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn measures(&self, scope: &Figure) -> Result<Vec<MeasureTally>> {
        let sql = format!(
            "select m.kind, m.word, m.number, count(*) from {} where {} group by 1, 2, 3 order by 1, 2, 3",
            scope.measured(false),
            scope.measured_condition(&self.1.condition("a.organisme", 2))
        );
        let lines: Vec<(String, String, i64, i64)> =
            on!(&self.0, pool => figure!(sql, self, scope).fetch_all(pool).await)?;
        Ok(lines
            .into_iter()
            .filter_map(|(kind, word, number, count)| tally(&kind, word, number, count))
            .collect())
    }

    /// The delays of plans and of reports whose last day came by `day`, in the year of that day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn plans_and_reports(&self, day: Date) -> Result<Vec<DelayTally>> {
        type Line = (String, String, String, String, i64, i64);
        let sql = format!(
            "select substr(m.day, 1, 4), a.type_key, a.organisme, m.word, m.number, count(*)
            from applications a join dossier_measures m on m.dossier = a.dossier
            where m.kind = '{}' and m.word in ('{PLAN}', '{REPORT}') and m.day <= $1 and a.deposited <= $1 and {}
            group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5",
            MeasureKind::Delay.word(),
            self.1.condition("a.organisme", 2)
        );
        let lines: Vec<Line> = on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql)).bind(day.to_string()).bind(self.1.name()).fetch_all(pool).await)?;
        let tally = |(year, type_key, organisme, word, kept, count): Line| DelayTally {
            year,
            type_key,
            organisme,
            of_plan: word == PLAN,
            kept: kept == 1,
            count,
        };
        Ok(lines.into_iter().map(tally).collect())
    }

    /// The same in groups, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn measure_groups(&self, scope: &Figure, limit: i64) -> Result<Vec<MeasureGroup>> {
        type Line = (String, String, String, String, String, String, String, i64, i64);
        let sql = format!(
            "select case when m.kind = 'etape' then substr(a.deposited, 1, 4) else substr(m.day, 1, 4) end,
                a.type_key, coalesce(cases.departement, ''), a.organisme,
                case when a.decided <= $1 then coalesce(a.tier, '') else '' end, m.kind, m.word, m.number, count(*)
            from {} where {} group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8 limit $10",
            scope.measured(true),
            scope.measured_condition(&self.1.condition("a.organisme", 2))
        );
        let lines: Vec<Line> =
            on!(&self.0, pool => figure!(sql, self, scope).bind(limit).fetch_all(pool).await)?;
        let group = |(year, type_key, departement, organisme, tier, kind, word, number, count): Line| {
            let tally = tally(&kind, word, number, count)?;
            Some(MeasureGroup { year, type_key, departement, organisme, tier, tally })
        };
        Ok(lines.into_iter().filter_map(group).collect())
    }
}

/// A kind of a later version is not counted by this one.
fn tally(kind: &str, word: String, number: i64, count: i64) -> Option<MeasureTally> {
    Some(MeasureTally { kind: MeasureKind::from_word(kind)?, word, number, count })
}

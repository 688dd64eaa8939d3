//! What changed in the register between two days: one line for each label whose public line differs.

use jiff::civil::Date;

use super::files::{TextFile, harmless, plain, record};
use super::{Audience, COLUMNS, RegisterCell, RegisterLine, RegisterPlace};
use crate::retry::passes;
use crate::store::Result;
use crate::store::identifiers::Identifiers;
use crate::store::register::{Register, Registered, Which};
use label::life::{LabelStatus, Standing};
use label::wording::open_data::Change;

/// The columns of a file of changes before those of the register.
pub const OWN_COLUMNS: [&str; 3] = ["changement", "jour", "champs"];

/// A label that is not on the second day what it was on the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub change: Change,
    /// The day of the change; none of an announced date that moved.
    pub day: Option<Date>,
    /// The columns that differ; all that hold something, of a label that was not there.
    pub columns: Vec<&'static str>,
    /// As it is after the change.
    pub line: RegisterLine,
}

/// Reads the changes page by page, by name.
#[derive(Debug)]
pub struct Changes {
    register: Register,
    before: Date,
    until: Date,
    after: Option<RegisterPlace>,
    over: bool,
    /// Every change between the two days, and not only what differs on the second.
    each: bool,
}

impl Changes {
    /// From the end of `before` to the end of `until`.
    #[must_use]
    pub fn between(register: Register, before: Date, until: Date) -> Changes {
        Changes { register, before, until, after: None, over: false, each: false }
    }

    /// The same, with every change of a label that falls between the two: a suspension, then its lifting.
    #[must_use]
    pub fn each_between(register: Register, before: Date, until: Date) -> Changes {
        Changes { each: true, ..Changes::between(register, before, until) }
    }

    /// The changes among the next page of labels, perhaps none; `None` after the last page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<Changed>>> {
        if self.over {
            return Ok(None);
        }
        let after = self.after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let rows = self.register.registered(Which::All, self.until, after, passes::LINES).await?;
        self.over = i64::try_from(rows.len()).unwrap_or(i64::MAX) < passes::LINES;
        self.after = rows.last().map(|(name, row)| (name.clone(), row.summary.case_id));
        let named = self.register.identifiers().await?;
        let rows = rows.iter().map(|(_, row)| row);
        Ok(Some(match self.each {
            true => rows.flat_map(|row| each(row, self.before, self.until, &named)).collect(),
            false => rows.filter_map(|row| changed(row, self.before, self.until, &named)).collect(),
        }))
    }
}

/// What each change of the standing of a label made of its line, with its day.
fn each(row: &Registered, before: Date, until: Date, named: &Identifiers) -> Vec<Changed> {
    let days = row.summary.standings.iter().map(|(from, _)| *from);
    let days = days.filter(|day| *day > before && *day <= until);
    let change = |day: Date| {
        let changed = changed(row, day.yesterday().ok()?, day, named)?;
        Some(Changed { day: changed.day.or(Some(day)), ..changed })
    };
    days.filter_map(change).collect()
}

fn changed(row: &Registered, before: Date, until: Date, named: &Identifiers) -> Option<Changed> {
    let was = row.summary.standing_on(before);
    let is = row.summary.standing_on(until)?;
    let old = was.map(|_| RegisterLine::of(row, before, Audience::Public, named));
    let line = RegisterLine::of(row, until, Audience::Public, named);
    let (change, day) = between(was, is, old.as_ref() != Some(&line))?;
    let differs = |(rank, cell): (usize, &RegisterCell)| match &old {
        Some(old) => old.cells.get(rank) != Some(cell),
        None => *cell != RegisterCell::Nothing,
    };
    let columns = line.cells.iter().enumerate().filter(|cell| differs(*cell));
    let columns = columns.filter_map(|(rank, _)| COLUMNS.get(rank).copied()).collect();
    Some(Changed { change, day, columns, line })
}

/// What happened, and when; `None` when the public sees no difference.
fn between(was: Option<&Standing>, is: &Standing, differs: bool) -> Option<(Change, Option<Date>)> {
    let over = |standing: &Standing| matches!(standing.status, LabelStatus::Withdrawn | LabelStatus::Expired);
    match (was.filter(|was| !over(was)), is.status) {
        (None, LabelStatus::Active | LabelStatus::Suspended) => Some((Change::Granted, Some(is.starts))),
        // What was over stays over.
        (None, _) if was.is_some() => None,
        (_, LabelStatus::Withdrawn) => Some((Change::Withdrawn, Some(is.since))),
        (_, LabelStatus::Expired) => Some((Change::Expired, Some(is.since))),
        (Some(was), _) if was.starts != is.starts => Some((Change::Renewed, Some(is.starts))),
        (Some(was), LabelStatus::Suspended) if was.status != is.status => {
            Some((Change::Suspended, Some(is.since)))
        }
        (Some(was), LabelStatus::Active) if was.status != is.status => Some((Change::Lifted, Some(is.since))),
        (Some(_), _) => differs.then_some((Change::Updated, None)),
    }
}

/// The first line of the file.
#[must_use]
pub fn head() -> Vec<u8> {
    let columns = OWN_COLUMNS.iter().chain(Audience::Public.columns());
    record(columns.map(|name| (*name).to_owned()))
}

/// Lines of the file, as the register's own are written.
#[must_use]
pub fn lines(changes: &[Changed]) -> Vec<u8> {
    let mut text = Vec::new();
    for changed in changes {
        let own = [
            changed.change.word().to_owned(),
            changed.day.map(|day| day.to_string()).unwrap_or_default(),
            changed.columns.join(TextFile::BETWEEN),
        ];
        text.extend(record(own.into_iter().chain(changed.line.cells.iter().map(plain).map(harmless))));
    }
    text
}

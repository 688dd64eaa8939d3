//! What a judgement changes of the stored rows of its case: only that is written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::cases::Summary;
use super::deadlines::DeadlineRow;
use super::register::ApplicationRow;
use super::unreadable::Stored;

/// The stored rows: how often the day of each changed, and when.
type Moves = BTreeMap<(i64, String, i64), (Date, i64, i64)>;

/// What the store holds of cases before their judgements are saved.
#[derive(Default)]
pub(super) struct Before {
    deadlines: BTreeMap<i64, Vec<DeadlineRow>>,
    applications: BTreeMap<i64, Vec<ApplicationRow>>,
    summaries: BTreeMap<i64, Summary>,
    /// Cases with a row that cannot be read: all are written again.
    broken: BTreeSet<i64>,
}

/// What a judgement changes of a case.
pub(super) struct Changes {
    pub(super) summary: bool,
    pub(super) deadlines: bool,
    pub(super) applications: bool,
    /// The lines to write, each with the count of its changes of day.
    pub(super) moved: Vec<DeadlineRow>,
}

impl Changes {
    /// Those of a judgement that writes what is stored.
    pub(super) const NONE: Changes =
        Changes { summary: false, deadlines: false, applications: false, moved: Vec::new() };

    pub(super) fn none(&self) -> bool {
        !self.summary && !self.deadlines && !self.applications
    }
}

impl Before {
    pub(super) fn of(
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

    /// What these rows of a case change; a deadline moved at `now`, in microseconds.
    pub(super) fn changes(
        &self,
        summary: &Summary,
        deadlines: &[DeadlineRow],
        applications: &[ApplicationRow],
        now: i64,
    ) -> Changes {
        let case = summary.case_id;
        let broken = self.broken.contains(&case);
        let stored = self.deadlines.get(&case).map(Vec::as_slice).unwrap_or_default();
        let applied = self.applications.get(&case).map(Vec::as_slice).unwrap_or_default();
        let moved = moved(stored, deadlines, now);
        let same = self.summaries.get(&case).is_some_and(|before| {
            let changed_on = summary.changed_on;
            before.changed_on.is_some() && Summary { changed_on, ..before.clone() } == *summary
        });
        Changes {
            summary: broken || !same,
            deadlines: broken || moved != stored,
            applications: broken || applications != applied,
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

/// The new lines in the order of their key, each with the count of its changes of day.
fn moved(stored: &[DeadlineRow], wanted: &[DeadlineRow], now: i64) -> Vec<DeadlineRow> {
    let key = |line: &DeadlineRow| (line.dossier, line.code.clone(), line.occurrence);
    let before: Moves =
        stored.iter().map(|line| (key(line), (line.due, line.moves, line.moved_at))).collect();
    let mut lines: BTreeMap<_, DeadlineRow> = BTreeMap::new();
    for line in wanted {
        let mut line = line.clone();
        (line.moves, line.moved_at) = match before.get(&key(&line)) {
            Some((due, moves, moved_at)) if *due == line.due => (*moves, *moved_at),
            Some((_, moves, _)) => (moves + 1, now),
            None => (0, now),
        };
        // The same obligation twice would be one event in a calendar: the first one, the earlier, is shown.
        lines.entry(key(&line)).or_insert(line);
    }
    lines.into_values().collect()
}

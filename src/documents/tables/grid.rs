//! An audit grid: one row per control point, by engagement and site for a local service, met or not for a central one.

use super::Body;
use super::header::column;
use super::layout::GridLayout;
use super::tally::Tally;
use super::text::{Cell, KnownTitles, fold};
use super::totals::{sums_up, sums_up_after};
use label::case::table::{CentralGrid, GridPoints, LocalGrid, TableContent, TableKind};

/// Index of « not applicable », after the four notes.
const NOT_APPLICABLE: usize = 4;
/// Largest number of sites, so that their scores fit into the child's answer.
const MAX_SITES: usize = 100;

struct Columns {
    engagement: Option<usize>,
    point: Option<usize>,
    number: Option<usize>,
    note: usize,
    possible: Option<usize>,
    site: Option<usize>,
}

struct Grid {
    columns: Columns,
    central: bool,
    engagements: KnownTitles<usize>,
    notes: KnownTitles<usize>,
    ignored: KnownTitles<()>,
    /// The folded words of rows that sum up.
    sums: Vec<String>,
    /// The engagement of the rows above, for cells merged over several rows; `None` after a row about something else.
    last: Option<usize>,
    /// Names of the sites met so far. They are not part of the answer.
    sites: Vec<String>,
    site: usize,
    local: LocalGrid,
    totals: CentralGrid,
    tally: Tally,
}

/// The reader of the rows below, when `titles` is the row of titles of a grid.
pub(super) fn body(layout: &GridLayout, kind: TableKind, titles: &[String]) -> Option<Box<dyn Body>> {
    let of = |words: &[String]| column(titles, words);
    let central = kind == TableKind::GrilleCentral;
    let columns = Columns {
        engagement: of(&layout.engagement),
        point: of(&layout.point),
        number: of(&layout.number),
        note: of(&layout.note)?,
        possible: of(&layout.possible),
        site: of(&layout.site),
    };
    if central {
        columns.point?
    } else {
        columns.engagement?
    };
    Some(Box::new(Grid {
        columns,
        central,
        engagements: KnownTitles::new(layout.engagements.iter().map(Vec::as_slice).zip(0..)),
        notes: KnownTitles::new(layout.notes.all().into_iter().map(Vec::as_slice).zip(0..)),
        ignored: KnownTitles::new([(layout.ignored.as_slice(), ())]),
        sums: layout.ignored.iter().map(|word| fold(word)).collect(),
        last: None,
        sites: Vec::new(),
        site: 0,
        local: LocalGrid::default(),
        totals: CentralGrid::default(),
        tally: Tally::new(layout, central),
    }))
}

impl Body for Grid {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) {
        let text = |column: Option<usize>| {
            column.and_then(|column| cells.get(column)).map(Cell::folded).unwrap_or_default()
        };
        let (engagement, point, note) =
            (text(self.columns.engagement), text(self.columns.point), text(Some(self.columns.note)));
        let after = self.engagements.after(&engagement);
        if sums_up(&point, &self.sums) || after.is_some_and(|rest| sums_up_after(rest, &self.sums)) {
            return self.left_aside();
        }
        if !self.central && !engagement.is_empty() {
            self.last = self.engagements.beginning(&engagement);
            if self.last.is_none() {
                match self.ignored.beginning(&engagement) {
                    Some(()) => self.left_aside(),
                    None => self.local.unknown_rows += 1,
                }
                return;
            }
        }
        if note.is_empty() && point.is_empty() {
            // A row with only the title of an engagement.
            return;
        }
        if !self.choose_site(&text(self.columns.site)) {
            return self.bad(at, self.columns.site.unwrap_or(self.columns.note));
        }
        if let Some(rank) = if self.central { Some(0) } else { self.last } {
            self.tally.row(rank, self.site, &text(self.columns.number), &point);
        }
        let possible = self.possible(&text(self.columns.possible));
        match (note.is_empty(), possible) {
            (_, None) => self.bad(at, self.columns.possible.unwrap_or(self.columns.note)),
            (_, Some(false)) => self.point(NOT_APPLICABLE),
            (true, Some(true)) => self.blank(at),
            (false, Some(true)) => {
                let cell = cells.get(self.columns.note).unwrap_or(&Cell::Blank);
                let known = self.notes.exactly(&note);
                match known.or_else(|| cell.points().and_then(|points| self.notes.exactly(&points))) {
                    Some(worth) => self.point(worth),
                    None => {
                        self.bad(at, self.columns.note);
                        self.unknown_word(cell);
                    }
                }
            }
        }
    }

    fn finish(self: Box<Self>) -> TableContent {
        let editions = self.tally.finish();
        if self.central {
            TableContent::CentralGrid(CentralGrid { editions, ..self.totals })
        } else {
            TableContent::LocalGrid(LocalGrid { editions, ..self.local })
        }
    }
}

impl Grid {
    /// Whether a point applies; `None` when the text of the cell is neither of the two.
    fn possible(&self, folded: &str) -> Option<bool> {
        match folded {
            "" | "1" | "1 0" | "1 00" => Some(true),
            "0" | "0 0" | "0 00" => Some(false),
            other => (self.notes.exactly(other) == Some(NOT_APPLICABLE)).then_some(false),
        }
    }

    /// Selects the site of a row; an empty cell keeps the site of the row above. False when there are too many sites.
    fn choose_site(&mut self, folded: &str) -> bool {
        if folded.is_empty() && !self.sites.is_empty() {
            return self.site < MAX_SITES;
        }
        let known = self.sites.iter().position(|site| site == folded);
        self.site = known.unwrap_or(self.sites.len());
        if known.is_none() && self.site < MAX_SITES {
            self.sites.push(folded.to_owned());
        }
        self.site < MAX_SITES
    }

    fn point(&mut self, worth: usize) {
        if self.central {
            let slot = match worth {
                0 => &mut self.totals.unmet,
                NOT_APPLICABLE => &mut self.totals.not_applicable,
                _ => &mut self.totals.met,
            };
            *slot += 1;
            return;
        }
        let Some(engagement) = self.last else {
            self.local.unknown_rows += 1;
            return;
        };
        if self.local.sites.len() <= self.site {
            self.local.sites.resize(self.site + 1, [GridPoints::default(); 9]);
        }
        if let Some(points) = self.local.sites.get_mut(self.site).and_then(|site| site.get_mut(engagement)) {
            *points.scored.get_mut(worth).unwrap_or(&mut points.not_applicable) += 1;
        }
    }

    fn bad(&mut self, at: u32, column: usize) {
        let cells = if self.central { &mut self.totals.bad } else { &mut self.local.bad };
        cells.add(at, column);
    }

    /// A short word in place of a note, so that somebody may declare it.
    fn unknown_word(&mut self, cell: &Cell<'_>) {
        let cells = if self.central { &mut self.totals.bad } else { &mut self.local.bad };
        if let Some(word) = cell.short_word() {
            cells.word(word);
        }
    }

    fn left_aside(&mut self) {
        let rows = if self.central { &mut self.totals.left_aside } else { &mut self.local.left_aside };
        *rows = rows.saturating_add(1);
    }

    fn blank(&mut self, at: u32) {
        let cells = if self.central { &mut self.totals.blank } else { &mut self.local.blank };
        cells.add(at, self.columns.note);
    }
}

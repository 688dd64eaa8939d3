//! An audit grid: one row per control point, by engagement and site for a local service, met or not for a central one.

use super::grid_titles::GridColumns;
use super::layout::GridLayout;
use super::tally::Tally;
use super::text::{Cell, KnownTitles, fold};
use super::totals::{sums_up, sums_up_after};
use label::case::beside::Beside;
use label::case::cells::Cells;
use label::case::table::{CentralGrid, GridPoints, LocalGrid, TableContent, TableKind};

/// Index of « not applicable », after the four notes.
const NOT_APPLICABLE: usize = 4;
/// Largest number of sites, so that their scores fit into the child's answer.
const MAX_SITES: usize = 100;

/// Words that begin what stands beneath a grid, or beside its points: a legend, a synthesis, a signature.
const BENEATH: [&str; 16] = [
    "legende",
    "nota",
    "nb",
    "n b",
    "synthese",
    "recapitulatif",
    "recapitulation",
    "recap",
    "bareme",
    "signature",
    "signatures",
    "fait a",
    "fait le",
    "mode de calcul",
    "echelle de notation",
    "cle de lecture",
];
/// The same, when a blank row stands above.
const BENEATH_A_GAP: [&str; 12] = [
    "remarque",
    "remarques",
    "observation",
    "observations",
    "commentaire",
    "commentaires",
    "source",
    "sources",
    "date",
    "auditeur",
    "lecture",
    "conclusion",
];

/// One reading of a grid, for one column that may hold its notes.
pub(super) struct Grid {
    columns: GridColumns,
    note: usize,
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
    /// The row before, to see a gap.
    previous: u32,
    /// A point of the first engagement was met.
    begun: bool,
    /// What follows is beneath the grid, until a point is met again.
    is_beneath: bool,
    under: Cells,
    /// A control point was written in some row.
    has_points: bool,
    /// Rows beneath that would be points if they had a note: they lack one where the grid goes on.
    unnoted: Vec<u32>,
    /// What the column says, row by row.
    pub(super) said: Vec<Said>,
}

/// What a cell of notes says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// By rank, as [`NOT_APPLICABLE`].
    Note(usize),
    Blank,
    Other,
}

impl Grid {
    pub(super) fn new(
        layout: &GridLayout,
        kind: TableKind,
        columns: &GridColumns,
        note: usize,
        at: u32,
    ) -> Grid {
        let central = kind == TableKind::GrilleCentral;
        Grid {
            columns: columns.clone(),
            note,
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
            previous: at,
            begun: false,
            is_beneath: false,
            under: Cells::default(),
            has_points: false,
            unnoted: Vec::new(),
            said: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, at: u32, cells: &[Cell<'_>]) {
        let gap = at > self.previous.saturating_add(1);
        self.previous = at;
        let text = |column: Option<usize>| {
            column.and_then(|column| cells.get(column)).map(Cell::folded).unwrap_or_default()
        };
        let row = GridRow {
            engagement: self.engagement(text(self.columns.engagement)),
            point: text(self.columns.point),
            number: text(self.columns.number),
            site: text(self.columns.site),
            first: cells.iter().find(|cell| !cell.is_blank()).map(Cell::folded).unwrap_or_default(),
            note: text(Some(self.note)),
        };
        let cell = cells.get(self.note).unwrap_or(&Cell::Blank);
        let worth = self.worth(&row.note, cell);
        if self.sums_up(&row) {
            return self.left_aside();
        }
        if self.stands_beneath(&row, worth, gap) {
            return self.beneath(at, &row);
        }
        if std::mem::take(&mut self.is_beneath) {
            std::mem::take(&mut self.unnoted).into_iter().for_each(|at| self.blank(at));
        }
        if !self.central && !row.engagement.is_empty() {
            self.last = self.engagements.beginning(&row.engagement);
            if self.last.is_none() {
                match self.ignored.beginning(&row.engagement) {
                    Some(()) => self.left_aside(),
                    None => self.local.unknown_rows += 1,
                }
                return;
            }
        }
        if row.note.is_empty() && row.point.is_empty() {
            // A row with only the title of an engagement.
            return;
        }
        self.has_points |= !row.point.is_empty();
        if row.names_no_point(&self.columns) {
            if worth.is_none() && self.has_points {
                // A mean, without a word for it.
                return self.left_aside();
            }
            let pointless = if self.central { &mut self.totals.pointless } else { &mut self.local.pointless };
            pointless.add(at, self.note);
        }
        self.begun |= self.last == Some(0);
        if !self.choose_site(&row.site) {
            return self.bad(at, self.columns.site.unwrap_or(self.note));
        }
        if let Some(rank) = if self.central { Some(0) } else { self.last } {
            self.tally.row(rank, self.site, &row.number, &row.point);
        }
        let possible = self.possible(&text(self.columns.possible));
        match (row.note.is_empty(), possible) {
            (_, None) => self.bad(at, self.columns.possible.unwrap_or(self.note)),
            (_, Some(false)) => self.point(NOT_APPLICABLE),
            (true, Some(true)) => self.blank(at),
            (false, Some(true)) => match worth {
                Some(worth) => self.point(worth),
                None => {
                    self.bad(at, self.note);
                    self.unknown_word(cell);
                }
            },
        }
    }

    pub(super) fn finish(mut self) -> TableContent {
        if !self.has_points {
            // Nobody wrote the points: their number is what counts.
            (self.local.pointless, self.totals.pointless) = (Cells::default(), Cells::default());
        }
        let editions = self.tally.finish();
        let beside = Beside { under: self.under, ..Beside::default() };
        if self.central {
            TableContent::CentralGrid(CentralGrid { editions, beside, ..self.totals })
        } else {
            TableContent::LocalGrid(LocalGrid { editions, beside, ..self.local })
        }
    }
}

/// The folded texts of one row.
struct GridRow {
    engagement: String,
    point: String,
    number: String,
    site: String,
    /// The first cell that is not blank.
    first: String,
    note: String,
}

impl GridRow {
    /// A note beside which the column of control points is empty, and nothing else says what it is about.
    fn names_no_point(&self, columns: &GridColumns) -> bool {
        columns.point.is_some() && self.point.is_empty() && self.number.is_empty() && self.site.is_empty()
    }
}

impl Grid {
    /// What a note is worth, by rank.
    fn worth(&self, note: &str, cell: &Cell<'_>) -> Option<usize> {
        let known = self.notes.exactly(note).filter(|_| !note.is_empty());
        known.or_else(|| cell.points().and_then(|points| self.notes.exactly(&points)))
    }

    /// « Engagement n° 1 », « Eng. 1 », « E 1 »: as the layout writes it, where it is not known as it stands.
    fn engagement(&self, text: String) -> String {
        if text.is_empty() || self.engagements.beginning(&text).is_some() {
            return text;
        }
        let mut words = text.split(' ').peekable();
        let named =
            words.next_if(|word| matches!(*word, "engagement" | "engagements" | "eng" | "e")).is_some();
        let numbered = words.next_if(|word| matches!(*word, "n" | "no" | "num" | "numero")).is_some();
        let rest: Vec<&str> = words.collect();
        let plain = format!("engagement {}", rest.join(" "));
        let known = (named || numbered) && self.engagements.beginning(&plain).is_some();
        if known { plain } else { text }
    }

    /// A row of totals or means, by any of its words.
    fn sums_up(&self, row: &GridRow) -> bool {
        let after = self.engagements.after(&row.engagement);
        [&row.point, &row.number, &row.site].into_iter().any(|text| sums_up(text, &self.sums))
            || after.is_some_and(|rest| sums_up_after(rest, &self.sums))
    }

    /// A legend, a synthesis or a signature beneath the grid, and what follows it until a point has a note again.
    fn stands_beneath(&self, row: &GridRow, worth: Option<usize>, gap: bool) -> bool {
        let begins = |words: &[&str]| {
            let rest = words.iter().filter_map(|word| row.first.strip_prefix(word));
            rest.into_iter().any(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let known = if self.central {
            !row.point.is_empty()
        } else {
            let of = if row.engagement.is_empty() {
                self.last
            } else {
                self.engagements.beginning(&row.engagement)
            };
            of.is_some() && (self.columns.point.is_none() || !row.point.is_empty())
        };
        if worth.is_some() && known {
            return false;
        }
        // « 0,25 : peu conforme », or « 1 » once more than the first engagement.
        let explains = if self.central {
            gap && self.notes.beginning(&row.first).is_some()
        } else {
            let note = self.notes.exactly(&row.engagement).is_some();
            match self.engagements.beginning(&row.engagement) {
                Some(engagement) => note && gap && engagement == 0 && self.begun,
                None => note || (gap && self.notes.beginning(&row.engagement).is_some()),
            }
        };
        self.is_beneath
            || begins(&BENEATH)
            || (gap && begins(&BENEATH_A_GAP))
            || (explains && row.note.is_empty())
    }

    fn beneath(&mut self, at: u32, row: &GridRow) {
        self.is_beneath = true;
        self.under.add_row(at);
        if row.engagement.is_empty() {
            if !row.point.is_empty() && row.note.is_empty() && self.last.is_some() {
                self.unnoted.push(at);
            }
            return;
        }
        // « 1 : respecté » is a line of a legend; an engagement goes for the points below it.
        let explains = !row.point.is_empty() && self.notes.exactly(&row.engagement).is_some();
        self.last = self.engagements.beginning(&row.engagement).filter(|_| !explains);
        if self.last.is_some() && !row.point.is_empty() {
            self.unnoted.push(at);
        }
    }

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
        self.said.push(Said::Note(worth));
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
        self.said.push(Said::Other);
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
        self.said.push(Said::Blank);
        let cells = if self.central { &mut self.totals.blank } else { &mut self.local.blank };
        cells.add(at, self.note);
    }
}

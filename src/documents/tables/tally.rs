//! Compares the rows of a grid with the control points of each edition.

use std::collections::BTreeSet;

use super::editions::{Edition, Points, id, ranks};
use super::layout::GridLayout;
use super::text::KnownTitles;
use label::case::grid_points::{AgainstEdition, PointsGap};

/// The rows met so far, by engagement.
pub(super) struct Tally {
    central: bool,
    /// Rows on each site, by rank of the engagement.
    rows: Vec<Vec<u32>>,
    editions: Vec<Compared>,
}

struct Compared {
    edition: Edition,
    /// By rank of the engagement; `None` where only a number of points is known, or nothing.
    known: Vec<Option<Known>>,
}

struct Known {
    ids: Vec<String>,
    titles: KnownTitles<usize>,
    /// Site and place in `ids`.
    seen: BTreeSet<(usize, usize)>,
    twice: u32,
    unknown: u32,
}

impl Tally {
    pub(super) fn new(layout: &GridLayout, central: bool) -> Tally {
        let known = |points: &Points| {
            let ids: Vec<String> = points.texts().into_iter().map(|text| id(text).to_owned()).collect();
            let titles = KnownTitles::new(ids.chunks(1).zip(0..));
            (!ids.is_empty()).then_some(Known { ids, titles, seen: BTreeSet::new(), twice: 0, unknown: 0 })
        };
        let compared = |edition: &Edition| Compared {
            known: (0..ranks(central)).map(|rank| edition.of(rank, central).and_then(known)).collect(),
            edition: edition.clone(),
        };
        Tally {
            central,
            rows: vec![Vec::new(); ranks(central)],
            editions: layout.editions.iter().map(compared).collect(),
        }
    }

    /// Notes a control point; `number` and `point` are the folded texts of its cells.
    pub(super) fn row(&mut self, rank: usize, site: usize, number: &str, point: &str) {
        let Some(rows) = self.rows.get_mut(rank) else { return };
        if rows.len() <= site {
            rows.resize(site + 1, 0);
        }
        if let Some(count) = rows.get_mut(site) {
            *count = count.saturating_add(1);
        }
        for compared in &mut self.editions {
            if let Some(known) = compared.known.get_mut(rank).and_then(Option::as_mut) {
                known.row(site, number, point);
            }
        }
    }

    /// What differs from each edition. A point counts as soon as one site has it.
    pub(super) fn finish(self) -> Vec<AgainstEdition> {
        let most = |rank: usize| self.rows.get(rank).and_then(|rows| rows.iter().max()).copied().unwrap_or(0);
        let against = |compared: &Compared| {
            let gap = |rank: usize| {
                let points = compared.edition.of(rank, self.central)?;
                let found = most(rank);
                let gap = match compared.known.get(rank).and_then(Option::as_ref) {
                    Some(known) => known.gap(rank, points.count()),
                    None => PointsGap { rank, expected: points.count(), found, ..PointsGap::default() },
                };
                (!gap.is_none()).then_some(gap)
            };
            AgainstEdition {
                name: compared.edition.name.clone(),
                from: compared.edition.from,
                gaps: (0..ranks(self.central)).filter_map(gap).collect(),
            }
        };
        self.editions.iter().map(against).collect()
    }
}

impl Known {
    fn row(&mut self, site: usize, number: &str, point: &str) {
        match self.titles.exactly(number).or_else(|| self.titles.beginning(point)) {
            Some(place) => self.twice += u32::from(!self.seen.insert((site, place))),
            None => self.unknown += 1,
        }
    }

    fn gap(&self, rank: usize, expected: u32) -> PointsGap {
        let seen: BTreeSet<usize> = self.seen.iter().map(|(_, place)| *place).collect();
        let missing = self.ids.iter().enumerate().filter(|(place, _)| !seen.contains(place));
        PointsGap {
            rank,
            expected,
            found: u32::try_from(seen.len()).unwrap_or(u32::MAX),
            missing: missing.map(|(_, id)| id.clone()).take(PointsGap::SHOWN).collect(),
            twice: self.twice,
            unknown: self.unknown,
        }
    }
}

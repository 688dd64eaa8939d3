//! The control points of an audit grid against those of the editions that are described (annexes 6 and 7 of the guide).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A grid compared with one edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgainstEdition {
    /// The name of the edition in `tables.toml`.
    pub name: String,
    /// First day of audit for which the edition holds, inclusive.
    pub from: Date,
    /// Only the engagements that differ.
    pub gaps: Vec<PointsGap>,
}

/// One engagement of a grid that has not exactly the points of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsGap {
    /// 0 to 7 the engagements, 8 the Or criteria; 0 in a central service's grid.
    pub rank: usize,
    /// How many points the edition has for it.
    pub expected: u32,
    /// Expected points that stand in the grid, or, when only their number is described, its rows.
    pub found: u32,
    /// The first [`PointsGap::SHOWN`] points that are absent, as the edition names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Rows for a point that the same site has already.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub twice: u32,
    /// Rows that name no point of the edition.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unknown: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl PointsGap {
    /// How many absent points are named at most.
    pub const SHOWN: usize = 8;

    /// Whether nothing differs.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.expected == self.found && self.twice == 0 && self.unknown == 0
    }
}

/// The comparison with the edition in force on the day of an audit; `None` before the first one.
#[must_use]
pub fn in_force(editions: &[AgainstEdition], audited: Date) -> Option<&AgainstEdition> {
    editions.iter().filter(|edition| edition.from <= audited).max_by_key(|edition| edition.from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_edition_is_that_of_the_day_of_the_audit() {
        let edition = |name: &str, year| AgainstEdition {
            name: name.to_owned(),
            from: date(year, 3, 1),
            gaps: Vec::new(),
        };
        let editions = [edition("second", 2027), edition("first", 2025)];
        let on = |day| in_force(&editions, day).map(|edition| edition.name.as_str());
        assert_eq!(
            [on(date(2025, 2, 28)), on(date(2025, 3, 1)), on(date(2027, 2, 28)), on(date(2027, 3, 1))],
            [None, Some("first"), Some("first"), Some("second")]
        );
    }
}

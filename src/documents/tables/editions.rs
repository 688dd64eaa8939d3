//! The control points of each edition of an audit grid, as `tables.toml` lists them (annexes 6 and 7 of the guide).
//!
//! A grid has more points than its scores tell: with their list, a grid that lacks some is told from a complete one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::text::fold;

/// Limits on `tables.toml`, so that a setting cannot make the child too slow or its answer too long.
const MAX_EDITIONS: usize = 10;
const MAX_POINTS: u32 = 200;
const MAX_LENGTH: usize = 300;
/// The keys of [`Edition::points`] for a local service's grid, in the order of its engagements.
const LOCAL_KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "or"];
const CENTRAL_KEYS: [&str; 1] = ["all"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    pub name: String,
    /// First day of audit for which it holds, inclusive.
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// By engagement (`1` to `8`, then `or`); in a central service's grid, `all`.
    pub points: BTreeMap<String, Points>,
}

/// The control points of one engagement: how many, one a line, or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number of points, a text with one point a line, or a list")]
pub enum Points {
    Number(u32),
    Lines(String),
    List(Vec<String>),
}

impl Points {
    /// The points by what a template writes for them; empty when only their number is known.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let all: Vec<&str> = match self {
            Points::Number(_) => Vec::new(),
            Points::Lines(text) => text.lines().collect(),
            Points::List(texts) => texts.iter().map(String::as_str).collect(),
        };
        all.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect()
    }

    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            Points::Number(count) => *count,
            _ => u32::try_from(self.texts().len()).unwrap_or(u32::MAX),
        }
    }
}

/// How a point is recognised: its number (« 3.2 Les délais… » → « 3.2 »), or its whole text when it has none.
#[must_use]
pub fn id(text: &str) -> &str {
    let first = text.split_whitespace().next().unwrap_or(text);
    let numbered = first.chars().any(|letter| letter.is_ascii_digit());
    if numbered { first.trim_end_matches([':', '.', ')', '-', '–', '—']) } else { text }
}

impl Edition {
    /// The points of the engagement of that rank from 0; `None` when nothing is known of them.
    #[must_use]
    pub fn of(&self, rank: usize, central: bool) -> Option<&Points> {
        keys(central).get(rank).and_then(|key| self.points.get(*key))
    }
}

/// How many engagements a grid has, the Or criteria included.
#[must_use]
pub fn ranks(central: bool) -> usize {
    keys(central).len()
}

fn keys(central: bool) -> &'static [&'static str] {
    if central { &CENTRAL_KEYS } else { &LOCAL_KEYS }
}

/// # Errors
/// The first key that cannot be used, and why.
pub(super) fn check(place: &str, editions: &[Edition], central: bool) -> Result<(), String> {
    let place = format!("{place}.editions");
    if editions.len() > MAX_EDITIONS {
        return Err(format!("{place}: {MAX_EDITIONS} at most"));
    }
    let (mut names, mut days) = (BTreeSet::new(), BTreeSet::new());
    for edition in editions {
        let named = fold(&edition.name);
        if named.is_empty() || edition.name.len() > MAX_LENGTH || !names.insert(named) {
            return Err(format!("{place}.name: a name for each edition, and not twice the same"));
        }
        if !days.insert(edition.from) {
            return Err(format!("{place}.from: two editions begin on {}", edition.from));
        }
        check_points(&format!("{place} « {} »", edition.name), edition, central)?;
    }
    Ok(())
}

fn check_points(place: &str, edition: &Edition, central: bool) -> Result<(), String> {
    let known = keys(central);
    if let Some(other) = edition.points.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("{place}: {other} is not one of {}", known.join(", ")));
    }
    if edition.points.is_empty() {
        return Err(format!("{place}: no points"));
    }
    let mut seen = BTreeMap::new();
    for (key, points) in &edition.points {
        if !(1..=MAX_POINTS).contains(&points.count()) {
            return Err(format!("{place}, {key}: between 1 and {MAX_POINTS} points"));
        }
        for text in points.texts() {
            let folded = fold(id(text));
            if folded.is_empty() || text.len() > MAX_LENGTH {
                return Err(format!(
                    "{place}, {key}: a point of 1 to {MAX_LENGTH} bytes with a letter or digit expected"
                ));
            }
            if let Some(other) = seen.insert(folded, key) {
                return Err(format!("{place}: « {} » stands twice, in {other} and {key}", id(text)));
            }
        }
    }
    Ok(())
}

/// A date of TOML, or a text.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a day, as in 2025-01-01")]
    enum Written {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Toml(day) => day.to_string(),
        Written::Text(text) => text,
    };
    text.trim().parse().map_err(|_| serde::de::Error::custom("expected a day, as in 2025-01-01"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Edition, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn points_are_a_number_lines_or_a_list() {
        let edition = read(
            "name = \"2025\"\nfrom = 2025-01-01\n[points]\n1 = \"\"\"\n1.1 L’accueil…\n\n  1.2) Les horaires\n\"\"\"\n2 = 6\nor = [\"Or.1\"]\n",
        )
        .unwrap();
        assert_eq!(edition.from, date(2025, 1, 1));
        check("grille-local", std::slice::from_ref(&edition), false).unwrap();
        let of = |rank| edition.of(rank, false).map(|points| (points.count(), points.texts()));
        assert_eq!(of(0), Some((2, vec!["1.1 L’accueil…", "1.2) Les horaires"])));
        assert_eq!([of(1), of(2)], [Some((6, vec![])), None]);
        assert_eq!(of(8), Some((1, vec!["Or.1"])));
        let texts = ["1.1 L’accueil", "1.2) Les horaires", "1.3. Les", "Or.1", "Sans numéro ici"];
        assert_eq!(texts.map(id), ["1.1", "1.2", "1.3", "Or.1", "Sans numéro ici"]);
        // What the child receives is what was read.
        let json = serde_json::to_string(&edition).unwrap();
        assert_eq!(serde_json::from_str::<Edition>(&json).unwrap(), edition);
    }

    #[test]
    fn an_edition_that_cannot_be_used_is_refused_by_its_key() {
        let refused = |points: &str, central| {
            let edition =
                read(&format!("name = \"2025\"\nfrom = \"2025-01-01\"\npoints = {points}\n")).unwrap();
            check("grille", &[edition], central).unwrap_err()
        };
        assert!(refused("{ 9 = 4 }", false).contains("9 is not one of 1, 2"));
        assert!(refused("{ 1 = 4 }", true).contains("1 is not one of all"));
        assert!(refused("{}", false).contains("no points"));
        assert!(refused("{ 1 = 0 }", false).contains("between 1 and 200"));
        assert!(refused("{ 1 = 4000000000 }", false).contains("between 1 and 200"));
        assert!(
            refused("{ 1 = [\"1.1 A\", \"1.2 B\"], 2 = \"1.1 C\" }", false).contains("« 1.1 » stands twice")
        );
        assert!(refused("{ 1 = [\"…\"] }", false).contains("a letter or digit"));
        let one = read("name = \"2025\"\nfrom = 2025-01-01\npoints = { 1 = 3 }").unwrap();
        let other = Edition { name: "2027".to_owned(), ..one.clone() };
        assert!(check("grille", &[one.clone(), other], false).unwrap_err().contains("begin on 2025-01-01"));
        assert!(check("grille", &[one.clone(), one], false).unwrap_err().contains("editions.name"));
        assert!(
            read("name = \"x\"\nfrom = \"demain\"\npoints = { 1 = 3 }").unwrap_err().contains("2025-01-01")
        );
        assert!(
            read("name = \"x\"\nfrom = 2025-01-01\npoints = { 1 = true }")
                .unwrap_err()
                .contains("a number of points")
        );
    }
}

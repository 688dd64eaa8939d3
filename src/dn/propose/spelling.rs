//! Misspelt words of labels: read as the one known word that is spelt nearly so, never where two may be meant.

use std::collections::{BTreeMap, BTreeSet};

/// Letters from which one slip is read over, and two.
const ONE_SLIP: usize = 5;
const TWO_SLIPS: usize = 9;

/// Endings of verbs, without the last letters that stems lose, and the letters that must be left before them.
const ENDINGS: [&str; 8] = ["eron", "erez", "eront", "era", "ent", "on", "ez", "er"];
const SHORTEST_ROOT: usize = 4;

/// The words that are known, by their first letter and their length, and those that only look like one.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    known: BTreeMap<(char, usize), BTreeSet<String>>,
    distinct: BTreeSet<String>,
}

impl Spelling {
    /// Of stems.
    pub fn new(known: impl Iterator<Item = String>, distinct: impl Iterator<Item = String>) -> Spelling {
        let mut spelling = Spelling { known: BTreeMap::new(), distinct: distinct.collect() };
        for stem in known {
            spelling.known.entry(shape(&stem)).or_default().insert(stem);
        }
        spelling
    }

    pub fn knows(&self, stem: &str) -> bool {
        self.known.get(&shape(stem)).is_some_and(|known| known.contains(stem))
    }

    /// The stems with the misspelt ones replaced, and which of them were.
    pub fn corrected(&self, stems: Vec<String>) -> (Vec<String>, Vec<bool>) {
        let read = |stem: String| match self.meant(&stem) {
            Some(meant) => (meant.to_owned(), true),
            None => (stem, false),
        };
        stems.into_iter().map(read).unzip()
    }

    /// The word that is meant by one that is not known.
    fn meant(&self, stem: &str) -> Option<&str> {
        let is_word = !stem.bytes().any(|byte| byte.is_ascii_digit());
        let other = self.knows(stem) || self.distinct.contains(stem);
        (is_word && !other).then(|| self.nearest(stem).or_else(|| self.root(stem))).flatten()
    }

    /// A first letter is hardly ever wrong, and many other words differ by it.
    fn nearest(&self, stem: &str) -> Option<&str> {
        let admitted = |length: usize| usize::from(length >= ONE_SLIP) + usize::from(length >= TWO_SLIPS);
        let (initial, length) = shape(stem);
        if length < ONE_SLIP {
            return None;
        }
        let around = self.known.range((initial, length.saturating_sub(2))..=(initial, length + 2));
        let near = around.flat_map(|((_, other), known)| {
            let admitted = admitted(length.min(*other));
            let close = known.iter().filter(move |_| length.abs_diff(*other) <= admitted);
            close
                .map(|known| (strsim::osa_distance(stem, known), known))
                .filter(move |(slips, _)| *slips <= admitted)
        });
        let near: Vec<(usize, &String)> = near.collect();
        let fewest = near.iter().map(|(slips, _)| *slips).min()?;
        let mut best = near.iter().filter(|(slips, _)| *slips == fewest);
        match (best.next(), best.next()) {
            (Some((_, only)), None) => Some(only.as_str()),
            _ => None,
        }
    }

    /// The known word of which this is another form: « nous rejetons », « vous demandez ».
    fn root(&self, stem: &str) -> Option<&str> {
        let roots = ENDINGS.iter().filter_map(|ending| stem.strip_suffix(ending));
        let mut long = roots.filter(|root| root.len() >= SHORTEST_ROOT);
        long.find_map(|root| self.known.get(&shape(root))?.get(root)).map(String::as_str)
    }
}

fn shape(stem: &str) -> (char, usize) {
    (stem.chars().next().unwrap_or_default(), stem.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_read_over_and_another_word_is_not() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let known =
            words("enquet agent argent note audit organigramm autodiagnostic precedent president point");
        let spelling = Spelling::new(known.into_iter(), words("audio").into_iter());
        let (read, guessed) = spelling.corrected(words("enquett agetn organigram autodiagnostiqu"));
        assert_eq!(read, words("enquet agent organigramm autodiagnostic"));
        assert_eq!(guessed, [true; 4]);
        // A form of a verb; « lever » is too short to be one of « lev ».
        assert_eq!(spelling.corrected(words("auditon argenter lever")).0, words("audit argent lever"));
        // Too short, another first letter, declared as another word, between two known ones, a number in it.
        let left = words("nots jagent audio agrent agency point1");
        assert_eq!(spelling.corrected(left.clone()), (left, vec![false; 6]));
    }
}

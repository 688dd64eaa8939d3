//! Misspelt words of labels: read as the one known word that is spelt nearly so, never where two may be meant.

use std::collections::{BTreeMap, BTreeSet};

/// Letters from which one slip is read over, and two.
const ONE_SLIP: usize = 5;
const TWO_SLIPS: usize = 9;

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

    /// The word that is meant by one that is not known; a first letter is hardly ever wrong, and many other words differ by it.
    fn meant(&self, stem: &str) -> Option<&str> {
        if self.knows(stem) || self.distinct.contains(stem) || stem.bytes().any(|byte| byte.is_ascii_digit())
        {
            return None;
        }
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
        // Too short, another first letter, declared as another word, between two known ones, a number in it.
        let left = words("nots jagent audio agrent agency point1");
        assert_eq!(spelling.corrected(left.clone()), (left, vec![false; 6]));
    }
}

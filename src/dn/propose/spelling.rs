//! Misspelt words of labels: read as the one known word that is spelt nearly so, never where two may be meant.

use std::collections::{BTreeMap, BTreeSet};

/// Letters from which one slip is read over, and two.
const ONE_SLIP: usize = 5;
const TWO_SLIPS: usize = 9;

/// Endings of verbs, without the last letters that stems lose, and the letters that must be left before them.
const ENDINGS: [&str; 8] = ["eron", "erez", "eront", "era", "ent", "on", "ez", "er"];
const SHORTEST_ROOT: usize = 4;

/// Letters of an abbreviation from which it is told from another.
const SHORTEST_CUT: usize = 4;

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
        (is_word && !other)
            .then(|| self.abbreviated(stem).or_else(|| self.nearest(stem)).or_else(|| self.root(stem)))
            .flatten()
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
        let best: Vec<&str> =
            near.iter().filter(|(slips, _)| *slips == fewest).map(|(_, known)| known.as_str()).collect();
        // A letter written once for twice is the commonest slip: « raport » is « rapport », and no « report ».
        let doubled = best.iter().copied().filter(|known| single_letters(known) == single_letters(stem));
        match (best.as_slice(), doubled.collect::<Vec<_>>().as_slice()) {
            ([only], _) | (_, [only]) => Some(only),
            _ => None,
        }
    }

    /// The one known word of which a word that cannot be spoken keeps the beginning and the last letters, or the consonants:
    /// « engagt », « qstnr ».
    fn abbreviated(&self, stem: &str) -> Option<&str> {
        if !is_cut(stem) {
            return None;
        }
        let (initial, length) = shape(stem);
        let longer = self.known.range((initial, length + 1)..=(initial, usize::MAX));
        let mut meant = longer.flat_map(|(_, known)| known).filter(|known| shortens(stem, known));
        match (meant.next(), meant.next()) {
            (Some(only), None) => Some(only.as_str()),
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

/// Each letter once where it stands twice in a row.
fn single_letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters
}

fn is_vowel(letter: char) -> bool {
    "aeiouy".contains(letter)
}

/// No vowel in it, or it ends with two consonants with which no word ends.
fn is_cut(stem: &str) -> bool {
    let letters: Vec<char> = stem.chars().collect();
    match letters.as_slice() {
        [.., before, last] if letters.len() >= SHORTEST_CUT => {
            let mute = !letters.iter().any(|letter| is_vowel(*letter));
            mute || (!"nrsclpx".contains(*before)
                && !is_vowel(*before)
                && before != last
                && "tmn".contains(*last))
        }
        _ => false,
    }
}

/// Its beginning and its last letter, or its consonants.
fn shortens(cut: &str, known: &str) -> bool {
    let consonants = |word: &str| word.chars().filter(|letter| !is_vowel(*letter)).collect::<String>();
    let begins = cut.char_indices().next_back().is_some_and(|(end, last)| {
        end >= SHORTEST_ROOT
            && known.ends_with(last)
            && cut.get(..end).is_some_and(|start| known.starts_with(start))
    });
    begins || single_letters(&consonants(known)) == single_letters(cut)
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
        // A doubled letter written once counts for less than another letter.
        let twins = Spelling::new(words("rapport report").into_iter(), words("").into_iter());
        assert_eq!(twins.corrected(words("raport")), (words("rapport"), vec![true]));
        // Too short, another first letter, declared as another word, between two known ones, a number in it.
        let left = words("nots jagent audio agrent agency point1");
        assert_eq!(spelling.corrected(left.clone()), (left, vec![false; 6]));
    }

    #[test]
    fn an_abbreviation_that_cannot_be_spoken_is_the_one_word_it_shortens() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let known = words("engagement questionnair recevabl palier plier");
        let spelling = Spelling::new(known.into_iter(), words("consign").into_iter());
        let read = spelling.corrected(words("engagt engagemt qstnr rcvbl"));
        assert_eq!(read.0, words("engagement engagement questionnair recevabl"));
        assert_eq!(read.1, [true; 4]);
        // Two words, one that can be spoken, too short, nothing that it shortens.
        let left = words("plr engant rcv dgcl");
        assert_eq!(spelling.corrected(left.clone()), (left, vec![false; 4]));
    }
}

//! The row of titles: which column is what.

use super::text::Known;

/// The column whose title is one of `titles`, the first from the left.
pub(super) fn column(titles: &[String], wanted: &[String]) -> Option<usize> {
    let known = Known::new([(wanted, ())]);
    titles.iter().position(|title| known.exactly(title).is_some())
}

/// The columns whose titles are known, each with what it stands for; of two for the same thing, the first.
pub(super) fn columns<T: Copy + PartialEq>(
    titles: &[String],
    recognise: impl Fn(&str) -> Option<T>,
) -> Vec<(usize, T)> {
    let mut found: Vec<(usize, T)> = Vec::new();
    for (place, title) in titles.iter().enumerate() {
        let meaning = Some(title).filter(|title| !title.is_empty()).and_then(|title| recognise(title));
        if let Some(meaning) = meaning.filter(|meaning| found.iter().all(|(_, other)| other != meaning)) {
            found.push((place, meaning));
        }
    }
    found
}

//! Finds columns by their title.

use super::text::KnownTitles;

/// The first column from the left whose title is one of `wanted`.
pub(super) fn column(titles: &[String], wanted: &[String]) -> Option<usize> {
    let known = KnownTitles::new([(wanted, ())]);
    titles.iter().position(|title| known.exactly(title).is_some())
}

/// The columns whose titles are known, each with its meaning; when two columns have the same meaning, the first only.
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

/// Columns with the same meaning as one further left: the first, then the other.
pub(super) fn twins<T: Copy + PartialEq>(
    titles: &[String],
    recognise: impl Fn(&str) -> Option<T>,
) -> Vec<(usize, usize)> {
    let first = columns(titles, &recognise);
    let meanings = titles.iter().enumerate().filter(|(_, title)| !title.is_empty());
    let meanings = meanings.filter_map(|(place, title)| Some((place, recognise(title)?)));
    let pair = |(place, meaning)| {
        let (first, _) = first.iter().find(|(first, other)| *other == meaning && *first != place)?;
        Some((*first, place))
    };
    meanings.filter_map(pair).collect()
}

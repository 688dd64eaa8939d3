//! The text of a cell, normalised for comparison: capitals, accents, punctuation and blanks are ignored.

use std::borrow::Cow;

use label::folding::folded;

/// A cell, independent of the format that it was read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    #[default]
    Blank,
    Text(Cow<'a, str>),
    Number(f64),
    /// A date or an error value, which no table expects.
    Other,
}

/// A cell that is not a whole number of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACount;

/// Largest count of people, above the population of France.
const MAX_COUNT: i64 = 100_000_000;
/// Longer texts are neither titles nor answers from a list.
const MAX_CHARS: usize = 300;

impl Cell<'_> {
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Blank => true,
            Cell::Text(text) => text.trim().is_empty(),
            Cell::Number(_) | Cell::Other => false,
        }
    }

    /// The normalised text. A cell that is neither text nor number gives a text that equals no title.
    pub fn folded(&self) -> String {
        match self {
            Cell::Blank => String::new(),
            Cell::Text(text) => fold(text),
            Cell::Number(number) => fold(&number.to_string()),
            Cell::Other => "\u{fffd}".to_owned(),
        }
    }

    /// A number of people; `None` when the cell is blank.
    pub fn count(&self) -> Result<Option<i64>, NotACount> {
        match self {
            Cell::Blank => Ok(None),
            Cell::Text(text) if text.trim().is_empty() => Ok(None),
            Cell::Text(text) => written_count(text).map(Some),
            Cell::Number(number) => written_count(&number.to_string()).map(Some),
            Cell::Other => Err(NotACount),
        }
    }
}

/// Reads « 1 234 » or « 12,0 ». Three decimals are refused even when they are zeros: « 1,000 » may mean a thousand.
fn written_count(text: &str) -> Result<i64, NotACount> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (whole, decimals) = plain.split_once([',', '.']).unwrap_or((&plain, ""));
    let idle = decimals.bytes().all(|digit| digit == b'0') && decimals.len() != 3;
    let digits = !whole.is_empty() && whole.len() <= 12 && whole.bytes().all(|digit| digit.is_ascii_digit());
    let count = whole.parse::<i64>().map_err(|_| NotACount)?;
    if idle && digits && count <= MAX_COUNT { Ok(count) } else { Err(NotACount) }
}

/// « Non concerné / ne se prononce pas » → « non concerne ne se prononce pas »; a minus sign stays.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    let is_negative =
        text.starts_with(['-', '\u{2212}']) && text.chars().nth(1).is_some_and(|next| next.is_ascii_digit());
    let words = folded(&text.chars().take(MAX_CHARS).collect::<String>());
    if is_negative { format!("-{words}") } else { words }
}

/// Titles to recognise, each with its meaning.
#[derive(Clone, Debug)]
pub struct KnownTitles<T>(Vec<(String, T)>);

impl<T: Copy> KnownTitles<T> {
    pub fn new<'t>(titles: impl IntoIterator<Item = (&'t [String], T)>) -> KnownTitles<T> {
        let each = titles
            .into_iter()
            .flat_map(|(titles, meaning)| titles.iter().map(move |title| (fold(title), meaning)));
        KnownTitles(each.collect())
    }

    /// The meaning of a normalised text that equals a title.
    pub fn exactly(&self, folded: &str) -> Option<T> {
        self.0.iter().find(|(title, _)| title == folded).map(|(_, meaning)| *meaning)
    }

    /// The meaning of a text that equals a title, else of the longest title that it begins with: « Engagement 1 : nous… ».
    pub fn beginning(&self, folded: &str) -> Option<T> {
        let begins = |title: &str| {
            folded.strip_prefix(title).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        self.0
            .iter()
            .filter(|(title, _)| begins(title))
            .max_by_key(|(title, _)| title.len())
            .map(|(_, meaning)| *meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_accents_and_punctuation_do_not_count() {
        assert_eq!(fold(" Non  concerné\u{a0}/\nNE se prononce pas. "), "non concerne ne se prononce pas");
        assert_eq!(fold("Tout à fait d'accord"), fold("tout à fait d’accord"));
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("0,25"), fold("0.25"));
        assert_eq!([fold("-1"), fold("\u{2212}1"), fold("- oui")], ["-1", "-1", "oui"]);
        assert_eq!([fold("…"), fold("")], ["", ""]);
        assert!(fold(&"é".repeat(10_000)).len() <= 2 * MAX_CHARS);
    }

    #[test]
    fn a_count_is_a_whole_number_of_people() {
        let read = |text: &str| Cell::Text(text.into()).count();
        assert_eq!(read("1\u{202f}234"), Ok(Some(1234)));
        assert_eq!([read("12,0"), read(" 12.00 "), read("")], [Ok(Some(12)), Ok(Some(12)), Ok(None)]);
        for bad in ["-3", "1e3", "12,5", "1,000", "douze", "=1+1", "999999999", "1.2.3", ",5", "12 %"] {
            assert_eq!(read(bad), Err(NotACount), "{bad}");
        }
        let number = |number: f64| Cell::Number(number).count();
        assert_eq!([number(0.0), number(57.0)], [Ok(Some(0)), Ok(Some(57))]);
        for bad in [-1.0, 0.5, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(number(bad), Err(NotACount), "{bad}");
        }
        assert_eq!(Cell::Other.count(), Err(NotACount));
    }

    #[test]
    fn the_longest_title_wins() {
        let titles = [vec!["E1".to_owned()], vec!["E1 bis".to_owned(), "Premier".to_owned()]];
        let known = KnownTitles::new(titles.iter().zip(1..).map(|(titles, rank)| (titles.as_slice(), rank)));
        assert_eq!(known.beginning("e1 nous sommes"), Some(1));
        assert_eq!(known.beginning("e1 bis nous"), Some(2));
        assert_eq!([known.beginning("e10"), known.exactly("e1 nous")], [None, None]);
        assert_eq!(known.exactly(&fold("PREMIER")), Some(2));
    }
}

//! The text of a cell, normalised for comparison: capitals, accents, punctuation and blanks are ignored.

use std::borrow::Cow;

use label::folding::{folded, is_unseen, tick};

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
            Cell::Number(number) => fold(&shown(*number)),
            Cell::Other => "\u{fffd}".to_owned(),
        }
    }

    /// The normalised text of a title: « % » is a word there, since it tells a column of shares from one of counts.
    pub fn title(&self) -> String {
        match self {
            Cell::Text(text) if text.contains('%') => {
                format!("{} pour cent", self.folded()).trim().to_owned()
            }
            _ => self.folded(),
        }
    }

    /// The points that are written otherwise than as a layout does: « 1,0 », « 0,750 », « 75 % », « 1 pt ». As a layout would
    /// write them, folded.
    pub fn points(&self) -> Option<String> {
        let text = match self {
            Cell::Text(text) => {
                text.to_lowercase().replace('¼', "1/4").replace('½', "1/2").replace('¾', "3/4")
            }
            Cell::Number(number) => shown(*number),
            Cell::Blank | Cell::Other => return None,
        };
        let plain: String =
            text.chars().filter(|letter| !letter.is_whitespace() && !is_unseen(*letter)).collect();
        let (plain, hundredths) = match plain.strip_suffix('%') {
            Some(rest) => (rest, true),
            None => {
                let endings = ["points", "point", "pts", "pt"];
                (endings.iter().find_map(|ending| plain.strip_suffix(ending)).unwrap_or(&plain), false)
            }
        };
        if let Some((part, whole)) = plain.split_once(['/', '\u{2044}']) {
            return share(part, whole);
        }
        let written = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
        let number = plain.replace(',', ".").parse::<f64>().ok();
        let number = number.filter(|number| written && number.is_finite())?;
        Some(fold(&shown(if hundredths { number / 100.0 } else { number })))
    }

    /// The text of a short word, as it stands; nothing of a longer one, or of one with a number or a sign in it, which may
    /// be about a person.
    pub fn short_word(&self) -> Option<&str> {
        let Cell::Text(text) = self else { return None };
        let text = text.trim();
        let is_short = !text.is_empty() && text.chars().count() <= 20 && text.split_whitespace().count() <= 2;
        let plain =
            |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '\'' | '’' | '-' | '/' | '.');
        (is_short && text.chars().all(plain)).then_some(text)
    }

    /// A number of people; `None` when the cell is blank.
    pub fn count(&self) -> Result<Option<i64>, NotACount> {
        match self {
            Cell::Blank => Ok(None),
            Cell::Text(text) if text.trim().is_empty() => Ok(None),
            Cell::Text(text) => written_count(text).map(Some),
            Cell::Number(number) => written_count(&shown(*number)).map(Some),
            Cell::Other => Err(NotACount),
        }
    }
}

/// « 3/4 », « 0,75/1 », « 75/100 »: as a layout would write it.
fn share(part: &str, whole: &str) -> Option<String> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let number = |text: &str| text.replace(',', ".").parse::<f64>().ok().filter(|_| digits(text));
    let (part, whole) = (number(part)?, number(whole)?);
    (whole > 0.0 && part <= whole).then(|| fold(&shown(part / whole)))
}

/// A number as a person sees it: spreadsheets store 0,3 as 0.30000000000000004.
fn shown(number: f64) -> String {
    let rounded = (number * 1e9).round() / 1e9;
    if number.abs() < 1e6 && rounded.is_finite() { rounded.to_string() } else { number.to_string() }
}

/// Reads « 1 234 » or « 12,0 ». Three decimals are refused even when they are zeros: « 1,000 » may mean a thousand.
fn written_count(text: &str) -> Result<i64, NotACount> {
    let apart = |letter: char| letter.is_whitespace() || is_unseen(letter) || matches!(letter, '\'' | '’');
    let plain: String = text.chars().filter(|letter| !apart(*letter)).collect();
    // What a spreadsheet shows for zero in a format of accounts.
    if matches!(plain.as_str(), "-" | "–" | "—") {
        return Ok(0);
    }
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
    match tick(text) {
        // A box that is ticked is an answer, though it has no letter.
        Some(ticked) if words.is_empty() => (if ticked { "oui" } else { "non" }).to_owned(),
        _ if is_negative => format!("-{words}"),
        _ => words,
    }
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

    /// What follows the longest title that a text begins with.
    pub fn after<'t>(&self, folded: &'t str) -> Option<&'t str> {
        let rests = self.0.iter().filter_map(|(title, _)| folded.strip_prefix(title.as_str()));
        rests.filter(|rest| rest.is_empty() || rest.starts_with(' ')).min_by_key(|rest| rest.len())
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
        for text in ["1\u{202f}234", "1\u{a0}234", "1'234", "1’234", "\u{200b}1 234,0"] {
            assert_eq!(read(text), Ok(Some(1234)), "{text}");
        }
        assert_eq!([read(" - "), read("–")], [Ok(Some(0)), Ok(Some(0))]);
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
    fn points_are_read_however_a_person_or_a_spreadsheet_writes_them() {
        let read = |text: &str| Cell::Text(text.into()).points();
        for (text, points) in [
            ("1,0", "1"),
            ("0,750", "0 75"),
            ("75 %", "0 75"),
            ("1 pt", "1"),
            ("0.25 point", "0 25"),
            ("100%", "1"),
            ("3/4", "0 75"),
            ("¾", "0 75"),
            ("0,25/1", "0 25"),
            ("25 / 100", "0 25"),
            ("0,\u{200b}75\u{202f}pt", "0 75"),
            (",75", "0 75"),
        ] {
            assert_eq!(read(text).as_deref(), Some(points), "{text}");
        }
        for other in ["NA", "oui", "-1", "1e3", "", "1.2.3", "un pt", "%", "4/3", "1/0", "3/4/5", "/"] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(Cell::Number(0.750_000_000_000_000_1).points().as_deref(), Some("0 75"));
        assert_eq!(Cell::Number(2.999_999_999_999_999_6).count(), Ok(Some(3)));
        assert_eq!([fold("✓"), fold("☒"), fold(" ✔\u{fe0f} "), fold("…")], ["oui", "", "oui", ""]);
        let word = |text: &str| Cell::Text(text.to_owned().into()).short_word().map(str::to_owned);
        assert_eq!(word(" Conforme "), Some("Conforme".to_owned()));
        for hidden in ["Mme Martin à rappeler", "06 12", "a@b", "abcdefghijklmnopqrstu"] {
            assert_eq!(word(hidden), None, "{hidden}");
        }
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

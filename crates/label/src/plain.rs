//! Text that somebody typed, as it may stand in a file or a line for others.

use crate::folding::is_unseen;

/// A control character, or one that changes the direction in which the text after it is shown. French needs neither.
#[must_use]
pub fn turns_or_controls(letter: char) -> bool {
    turns(letter) || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// A control of writing direction.
#[must_use]
pub fn turns(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text on one line: line ends and controls are blanks, what turns the text is gone.
#[must_use]
pub fn line(text: &str) -> String {
    let plain = |letter: char| if turns_or_controls(letter) { ' ' } else { letter };
    text.chars().filter(|letter| !turns(*letter)).map(plain).collect()
}

/// The same, with its lines.
#[must_use]
pub fn lines(text: &str) -> String {
    let kept = |letter: &char| matches!(letter, '\n' | '\r' | '\t') || !turns_or_controls(*letter);
    text.chars().filter(kept).collect()
}

/// A name as people compare and look it up: ordinary blanks, and nothing that has no width (a soft hyphen, a mark that a
/// web page left). Its lines stay.
#[must_use]
pub fn name(text: &str) -> String {
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    let blank = |letter: char| match letter {
        '\n' | '\r' | '\t' => letter,
        other if other.is_whitespace() => ' ',
        other => other,
    };
    seen.map(blank).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_has_ordinary_blanks_and_nothing_without_width() {
        let typed = "\u{feff}Mairie\u{a0}d’É\u{ad}vry\u{200b}\u{2060}\u{202f}: accueil\u{200e} ";
        assert_eq!(name(typed), "Mairie d’Évry : accueil");
        assert_eq!([name("\u{200b}\u{a0}"), name("a\nb"), name("Le Mans")], ["", "a\nb", "Le Mans"]);
    }
}

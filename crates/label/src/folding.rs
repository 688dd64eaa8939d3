//! Text without accents and capitals: how names, titles and labels are compared, sorted and looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and digits in lower case without accents, words separated by one space: « Cœur — d’Évry » → `coeur d evry`.
///
/// Compatible forms are the same (`½` → `1 2`, `²` → `2`, the ligature `ﬁ` → `fi`), whether an accent is part of its
/// letter or follows it.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        // The lower case of a few letters is again a letter and a mark.
        // So do soft hyphens, joiners and zero-width spaces inside a word: a reader does not see them.
        if is_combining_mark(letter) || is_unseen(letter) {
            continue;
        }
        // U+02BC, an apostrophe, is a letter for Unicode.
        if !letter.is_alphanumeric() || letter == '\u{2bc}' {
            gap = true;
            continue;
        }
        if gap && !words.is_empty() {
            words.push(' ');
        }
        gap = false;
        match letter {
            // Letters of their own for Unicode, two letters for a French reader.
            'œ' => words.push_str("oe"),
            'æ' => words.push_str("ae"),
            other => words.push(other),
        }
    }
    words
}

/// Characters that have no width and part no words.
#[must_use]
pub fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A box that is ticked or crossed out, where no letter is written; `None` of anything else.
#[must_use]
pub fn tick(text: &str) -> Option<bool> {
    let mut signs =
        text.chars().filter(|sign| !sign.is_whitespace() && *sign != '\u{fe0f}' && !is_unseen(*sign));
    let (sign, rest) = (signs.next()?, signs.next());
    match sign {
        _ if rest.is_some() => None,
        '✓' | '✔' | '☑' | '✅' | '🗸' => Some(true),
        '✗' | '✘' | '❌' | '❎' | '✖' => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_accents_capitals_or_signs() {
        assert_eq!(folded("  Mairie d’Évry — Cœur (Sud)"), "mairie d evry coeur sud");
        assert_eq!(folded("ÎLE-DE-FRANCE"), folded("ile de france"));
        assert_eq!(folded("e\u{301}te\u{301} ÆGIR ŸÑãõ"), "ete aegir ynao");
        assert_eq!(folded("n° 12½ m² oﬃce"), "n 121 2 m2 office");
        assert_eq!(folded("palier_superieur."), "palier superieur");
        assert_eq!([folded(""), folded("… —")], ["", ""]);
        assert_eq!(folded("İstanbul"), "istanbul");
    }
}

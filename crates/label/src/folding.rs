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
        if is_combining_mark(letter) {
            continue;
        }
        if !letter.is_alphanumeric() {
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

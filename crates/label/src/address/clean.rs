//! What a keyboard, a word processor or another program left in the text.

use unicode_normalization::UnicodeNormalization;

/// The text with ordinary blanks, hyphens and signs, without what nobody sees, accents in one piece.
pub(super) fn clean(typed: &str) -> String {
    typed.chars().filter_map(plain).nfc().collect()
}

fn plain(letter: char) -> Option<char> {
    Some(match letter {
        '\r' | '\n' | '\u{85}' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => '\n',
        blank if blank.is_whitespace() => ' ',
        hidden if is_hidden(hidden) => return None,
        '\u{ff20}' | '\u{fe6b}' => '@',
        '\u{ff0e}' | '\u{3002}' | '\u{ff61}' => '.',
        '\u{ff1b}' => ';',
        '\u{ff0c}' => ',',
        '\u{ff1a}' => ':',
        '\u{ff1c}' => '<',
        '\u{ff1e}' => '>',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '«' | '»' | '\u{201c}'..='\u{201f}' | '\u{2039}' | '\u{203a}' => ' ',
        other => other,
    })
}

/// Characters without a shape of their own, and those that change how the others are shown.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

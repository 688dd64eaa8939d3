//! The text cut into words, and which of them are meant as addresses.

use super::AddressFault;

/// Stands for a quoted text before an @, which no server of today has: no address holds it.
const NONE: char = '\u{1}';

/// Words that may stand alone before an address.
const BEFORE: [&str; 13] = [
    "adresse", "and", "contact", "courriel", "e-mail", "email", "et", "mail", "mel", "mél", "or", "ou",
    "puis",
];

/// A word, and how it is separated from the one before.
struct Word {
    text: String,
    gap: Gap,
    /// Between `<` and `>`: what stands before is a name.
    in_brackets: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Blank,
    /// A comma with no blank after it: between two addresses, or by mistake in one.
    Comma,
    /// `;`, a new line, a comma and a blank: another entry.
    Entry,
}

/// The words meant as addresses, or why they cannot be taken for one.
pub(super) fn candidates(text: &str) -> Vec<Result<String, AddressFault>> {
    let words = words(&closed(&unquoted(text)));
    let is_address = |at: usize| words.get(at).is_some_and(|word| word.text.contains('@'));
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.text.contains('@')) {
        let next = words.get(at + 1);
        // « a@b.example <c@d.example> »: the first is how the second is shown.
        let shows_next =
            next.is_some_and(|next| next.in_brackets && next.text.contains('@') && next.gap == Gap::Blank);
        if shows_next && !word.in_brackets {
            continue;
        }
        let cut_after = next.is_some_and(|next| {
            !next.text.contains('@')
                && (next.gap == Gap::Comma || (next.gap == Gap::Blank && next.text.starts_with('.')))
        });
        let cut_before = !word.in_brackets
            && match word.gap {
                Gap::Comma => at > 0 && !is_address(at - 1),
                Gap::Blank => may_be_cut(&words, at),
                Gap::Entry => false,
            };
        if (cut_after && !word.in_brackets) || cut_before {
            found.push(Err(AddressFault::Doubtful));
            continue;
        }
        let several = word.text.matches('@').count() > 1 && word.text.contains('/');
        match several {
            true => found
                .extend(word.text.split('/').filter(|part| !part.is_empty()).map(|part| Ok(part.to_owned()))),
            false => found.push(Ok(word.text.clone())),
        }
    }
    found
}

/// One word alone before it, « jean dupont@mairie.example », may be its beginning; two are somebody's name.
fn may_be_cut(words: &[Word], at: usize) -> bool {
    let mut before = Vec::new();
    for word in words.iter().take(at).rev() {
        if word.text.contains('@') || word.in_brackets {
            break;
        }
        before.push(word.text.as_str());
        if word.gap != Gap::Blank {
            break;
        }
    }
    match before.as_slice() {
        [one] => {
            let says_so = one.ends_with(':') || BEFORE.contains(&one.to_lowercase().as_str());
            !says_so && one.chars().any(char::is_alphabetic)
        }
        _ => false,
    }
}

/// Without the quotes, and without a quoted name before `<`.
fn unquoted(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('"') {
        left.push_str(before);
        let Some((inside, after)) = quoted.split_once('"') else {
            left.push(' ');
            rest = quoted;
            continue;
        };
        match after.trim_start().chars().next() {
            Some('<') => left.push(' '),
            Some('@') => left.push(NONE),
            _ => left.extend([" ", inside, " "]),
        }
        rest = after;
    }
    left.push_str(rest);
    left
}

/// « jean @ mairie.example » in one word.
fn closed(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut parts = text.split('@').peekable();
    while let Some(part) = parts.next() {
        let part = if left.ends_with('@') { part.trim_start_matches(' ') } else { part };
        match parts.peek() {
            Some(_) => left.extend([part.trim_end_matches(' '), "@"]),
            None => left.push_str(part),
        }
    }
    left
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut text_of = String::new();
    let (mut gap, mut in_brackets) = (Gap::Entry, false);
    let mut letters = text.chars().peekable();
    let mut end = |text_of: &mut String, gap: &mut Gap, in_brackets: bool| {
        if !text_of.is_empty() {
            words.push(Word { text: std::mem::take(text_of), gap: *gap, in_brackets });
            *gap = Gap::Blank;
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '<' => {
                end(&mut text_of, &mut gap, in_brackets);
                in_brackets = true;
            }
            '>' => {
                end(&mut text_of, &mut gap, in_brackets);
                in_brackets = false;
            }
            ';' | '\n' => {
                end(&mut text_of, &mut gap, in_brackets);
                (gap, in_brackets) = (Gap::Entry, false);
            }
            ',' => {
                end(&mut text_of, &mut gap, in_brackets);
                let blank = letters.peek().is_none_or(|next| matches!(next, ' ' | '\n' | ';' | ','));
                if gap != Gap::Entry {
                    gap = if blank { Gap::Entry } else { Gap::Comma };
                }
            }
            ' ' | '(' | ')' | '[' | ']' | '|' => end(&mut text_of, &mut gap, in_brackets),
            other => text_of.push(other),
        }
    }
    end(&mut text_of, &mut gap, in_brackets);
    words
}

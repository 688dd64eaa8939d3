//! A token as people paste it: with a byte order mark, in quotes, after « Bearer », with what an editor adds.

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    #[error("is empty")]
    Empty,
    #[error("holds several lines or words: keep the token alone, on one line")]
    Several,
    #[error(
        "holds a character that no token has (an accent, or one that is not seen): paste the token again"
    )]
    Foreign,
}

/// The token in a text.
///
/// # Errors
/// [`BadToken`], which quotes nothing of it.
pub fn read(text: &str) -> Result<String, BadToken> {
    const QUOTES: [char; 5] = ['"', '\'', '`', '«', '»'];
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}');
    let trimmed =
        |text: &str| -> String { text.trim_matches(|c| blank(c) || QUOTES.contains(&c)).to_owned() };
    let mut token = trimmed(text);
    if let Some(rest) = token.strip_prefix("Authorization:") {
        token = trimmed(rest);
    }
    let scheme = token.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    if let Some(rest) = scheme.and_then(|_| token.get(6..)).filter(|rest| rest.starts_with([' ', ':', '\t']))
    {
        token = trimmed(rest.trim_start_matches(':'));
    }
    match token.as_str() {
        "" => Err(BadToken::Empty),
        word if word.eq_ignore_ascii_case("bearer") => Err(BadToken::Empty),
        token if token.contains(char::is_whitespace) => Err(BadToken::Several),
        token if !token.chars().all(|c| c.is_ascii_graphic()) => Err(BadToken::Foreign),
        _ => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_around_a_token_is_taken_off() {
        for text in [
            "YWJj;ZGVm==",
            "YWJj;ZGVm==\r\n",
            "\u{feff}YWJj;ZGVm==\n\n",
            "\"YWJj;ZGVm==\"",
            "'YWJj;ZGVm=='\n",
            "« YWJj;ZGVm== »",
            "Bearer YWJj;ZGVm==",
            "\"bearer  YWJj;ZGVm==\"",
            "Authorization: Bearer YWJj;ZGVm==",
            "YWJj;ZGVm==\u{200b}",
        ] {
            assert_eq!(read(text).as_deref(), Ok("YWJj;ZGVm=="), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_token_is_said_and_not_quoted() {
        assert_eq!(read(" \n\u{feff}"), Err(BadToken::Empty));
        assert_eq!(read("\"\""), Err(BadToken::Empty));
        assert_eq!(read("Bearer "), Err(BadToken::Empty));
        assert_eq!(read("abc\ndef"), Err(BadToken::Several));
        assert_eq!(read("# jeton\nabc"), Err(BadToken::Several));
        assert_eq!(read("abc\u{a0}def"), Err(BadToken::Several));
        assert_eq!(read("abcé"), Err(BadToken::Foreign));
        assert_eq!(read("ab\u{200b}c"), Err(BadToken::Foreign));
    }
}

//! Text that is fit for a header.

/// A form's text never adds a header: line ends and controls become spaces.
pub(super) fn header_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// The key as the left part of a Message-ID, or a file name.
#[must_use]
pub fn identifier(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect()
}

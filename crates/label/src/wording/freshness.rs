//! What a file says of how fresh it is: in its name, for programs, and on a sheet of its own.

/// What a file's name says of the last reading, by the word of its state; nothing when it is fresh.
#[must_use]
pub fn reading_suffix(class: &str) -> &'static str {
    match class {
        "stale" => "-lecture-ancienne",
        "failing" => "-lecture-en-echec",
        "never" => "-jamais-lu",
        _ => "",
    }
}

/// The state of the last reading in one word, for programs, by the word of its state.
#[must_use]
pub fn reading_word(class: &str) -> &'static str {
    match class {
        "stale" => "ancienne",
        "failing" => "en-echec",
        "never" => "jamais",
        _ => "a-jour",
    }
}

/// The sheet of a workbook that says how fresh it is.
pub const READING_SHEET: &str = "Lecture";

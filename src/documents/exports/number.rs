//! The number of a dossier as a spreadsheet has it, and as people type it again.

use label::folding::{folded, is_unseen};

/// What people write before a number, folded.
const BEFORE: [&str; 8] = ["dossier", "numero", "num", "no", "n", "id", "de", "du"];

/// The number, when the text can mean no other one: « 1003 », « n° 1 003 », « Dossier n°1003 », « 1003.0 ».
pub(super) fn dossier_of(text: &str) -> Option<i64> {
    let text = without_zeros(text.trim());
    // A comma or a point between digits may be one of thousands as well as of decimals.
    let is_plain = |sign: char| {
        let beside = matches!(sign, '°' | '#' | '№') || is_unseen(sign);
        beside || sign.is_alphabetic() || sign.is_ascii_digit() || sign.is_whitespace()
    };
    if !text.chars().all(is_plain) {
        return None;
    }
    let folded = folded(text);
    let mut parts = folded.split(' ').skip_while(|part| BEFORE.contains(part));
    let first = parts.next()?;
    // « nº1003 » without a blank.
    let bare = BEFORE.iter().find_map(|word| first.strip_prefix(word)).unwrap_or(first);
    let groups: Vec<&str> = parts.collect();
    // « 1 003 », and not « 1003 1004 ».
    let is_grouped = groups.is_empty() || bare.len() <= 3 && groups.iter().all(|group| group.len() == 3);
    let digits = format!("{bare}{}", groups.concat());
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && is_grouped && *number > 0)
}

/// « 1003.0 », as floats are written: one zero, or two; three may be thousands.
fn without_zeros(text: &str) -> &str {
    let cut = text.rsplit_once(['.', ',']).filter(|(_, zeros)| matches!(*zeros, "0" | "00"));
    cut.map_or(text, |(whole, _)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for text in [
            "1003",
            " 1003 ",
            "1 003",
            "1\u{a0}003",
            "1\u{202f}003",
            "n° 1003",
            "N°1003",
            "nº 1003",
            "no 1003",
            "№ 1003",
            "n°\u{a0}1\u{a0}003",
            "#1003",
            "Dossier 1003",
            "dossier n° 1003",
            "Numéro 1003",
            "1003.0",
            "1003,0",
            "1003.00",
            "\u{feff}1003",
            "1003\u{200b}",
        ] {
            assert_eq!(dossier_of(text), Some(1003), "{text:?}");
        }
        for text in [
            "",
            "Total",
            "n°",
            "0",
            "-1003",
            "1.003",
            "1,003",
            "1003.5",
            "1003 bis",
            "1003-1004",
            "1003/2",
            "1003 et 1004",
            "A1003",
            "1e3",
            "1003 1004",
            "12 34",
            "1003½",
            "1003²",
            "(1003)",
            "99999999999999999999",
        ] {
            assert_eq!(dossier_of(text), None, "{text:?}");
        }
    }
}

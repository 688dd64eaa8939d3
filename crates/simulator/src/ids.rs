//! Global identifiers and cursors: base64 of `Type-value` (§3.5), of `time;number` (§2.2); ULIDs of rows.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use std::fmt::Display;

pub(super) fn global(kind: &str, value: impl Display) -> String {
    STANDARD.encode(format!("{kind}-{value}"))
}

/// Tolerates the URL alphabet and missing padding, as the platform does.
pub(super) fn parse(id: &str) -> Option<(String, String)> {
    let plain = decode(id)?;
    let (kind, value) = plain.split_once('-')?;
    Some((kind.to_owned(), value.to_owned()))
}

pub(super) fn number(id: &str, kind: &str) -> Option<u32> {
    let (found, value) = parse(id)?;
    if found == kind { value.parse().ok() } else { None }
}

fn decode(text: &str) -> Option<String> {
    let url: String = text
        .trim_end_matches('=')
        .chars()
        .map(|symbol| match symbol {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    String::from_utf8(URL_SAFE_NO_PAD.decode(url).ok()?).ok()
}

pub(super) fn cursor(at: Timestamp, number: u32) -> String {
    // Nine digits are printed although only six are kept.
    let time = at.strftime("%Y-%m-%dT%H:%M:%S");
    let micros = at.as_microsecond().rem_euclid(1_000_000);
    URL_SAFE_NO_PAD.encode(format!("{time}.{micros:06}000Z;{number}"))
}

pub(super) enum BadCursor {
    NotBase64,
    Garbage,
}

pub(super) fn read_cursor(text: &str) -> Result<(Timestamp, u32), BadCursor> {
    let plain = decode(text).ok_or(BadCursor::NotBase64)?;
    let (time, number) = plain.split_once(';').ok_or(BadCursor::Garbage)?;
    let at = time.parse().map_err(|_| BadCursor::Garbage)?;
    Ok((at, number.parse().map_err(|_| BadCursor::Garbage)?))
}

/// Sorts by time, then by serial number: two runs give the same rows the same names.
pub(super) fn ulid(at: Timestamp, serial: u64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let millis = u128::try_from(at.as_millisecond()).unwrap_or(0);
    let value = (millis << 80) | u128::from(serial);
    (0..26)
        .rev()
        .map(|place| char::from(ALPHABET[usize::try_from((value >> (place * 5)) & 31).unwrap_or(0)]))
        .collect()
}

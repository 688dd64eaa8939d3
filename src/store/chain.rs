//! The chain of the record: how an entry is hashed, so that a later change of any of them shows.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::pools::micros;

/// What the first entry names as the one before it.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What an entry of the record is about. Its word is stored: one is added, none is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryType {
    Judgement,
    /// Something done in the world, or given up, with the answer that was had.
    Act,
    /// Another version of the program, or other readings, from here on.
    Rules,
    /// Contents were erased.
    Erasure,
}

impl EntryType {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EntryType::Judgement => "judgement",
            EntryType::Act => "act",
            EntryType::Rules => "rules",
            EntryType::Erasure => "erasure",
        }
    }
}

/// An entry to append.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub day: Date,
    pub kind: EntryType,
    pub case: Option<i64>,
    pub dossier: Option<i64>,
    /// JSON of hashes, days, keys and counts.
    pub body: String,
}

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordEntry {
    /// From 1, without a gap.
    pub seq: i64,
    pub at: Timestamp,
    pub day: String,
    pub kind: String,
    pub case: Option<i64>,
    pub dossier: Option<i64>,
    pub body: String,
    pub previous: String,
    pub hash: String,
}

impl RecordEntry {
    /// The hash that its contents give; [`RecordEntry::hash`] when nobody changed it.
    #[must_use]
    pub fn computed(&self) -> String {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let fields = [
            self.previous.clone(),
            self.seq.to_string(),
            micros(self.at).to_string(),
            self.day.clone(),
            self.kind.clone(),
            number(self.case),
            number(self.dossier),
            self.body.clone(),
        ];
        // No field but the last can hold a line feed, so that two entries never give the same text.
        sha256(fields.join("\n").as_bytes())
    }
}

/// The entries that follow the one of number `last`, whose hash is `previous`.
pub(super) fn chained(last: i64, previous: &str, now: Timestamp, new: Vec<NewEntry>) -> Vec<RecordEntry> {
    let mut previous = previous.to_owned();
    let mut chained = Vec::with_capacity(new.len());
    for (entry, seq) in new.into_iter().zip(last + 1..) {
        let mut entry = RecordEntry {
            seq,
            at: now,
            day: entry.day.to_string(),
            kind: entry.kind.word().to_owned(),
            case: entry.case,
            dossier: entry.dossier,
            body: entry.body,
            previous,
            hash: String::new(),
        };
        entry.hash = entry.computed();
        previous = entry.hash.clone();
        chained.push(entry);
    }
    chained
}

/// The hash of what a line of the journal says, with the answer of the server.
#[must_use]
pub fn said(detail: &str, answer: Option<&str>) -> String {
    sha256(format!("{detail}\n{}", answer.unwrap_or_default()).as_bytes())
}

/// Sixty-four hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let mut text = String::with_capacity(64);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: &str) -> NewEntry {
        let day = jiff::civil::date(2027, 3, 12);
        NewEntry { day, kind: EntryType::Judgement, case: Some(1), dossier: None, body: body.to_owned() }
    }

    #[test]
    fn each_entry_names_the_one_before_and_no_field_can_be_changed() {
        let at = Timestamp::UNIX_EPOCH;
        let chain = chained(0, ORIGIN, at, vec![entry("a"), entry("b")]);
        assert_eq!(chain[0].previous, ORIGIN);
        assert_eq!(chain[1].previous, chain[0].hash);
        assert_eq!((chain[0].seq, chain[1].seq), (1, 2));
        let changed = [
            RecordEntry { body: "c".into(), ..chain[1].clone() },
            RecordEntry { day: "2027-03-13".into(), ..chain[1].clone() },
            RecordEntry { case: None, dossier: Some(1), ..chain[1].clone() },
            RecordEntry { seq: 3, ..chain[1].clone() },
            RecordEntry { kind: "act".into(), ..chain[1].clone() },
        ];
        for changed in changed {
            assert_ne!(changed.computed(), changed.hash, "{changed:?}");
        }
        // The known digest of « abc » (FIPS 180-2).
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

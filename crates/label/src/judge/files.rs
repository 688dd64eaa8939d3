//! What is wrong with attached files: empty, refused by an antivirus, or not what can be read.

use jiff::civil::Date;

use crate::case::facts::{Attachment, Facts, Scan};
use crate::case::inspection::{FileFault, Inspections};
use crate::case::keys::Key;
use crate::case::lost_pieces::LostPiece;
use crate::case::proofs::{Proof, faulty_rows, pieces};
use crate::case::{Case, Frame};
use crate::judge::finding::{Finding, Level, What};

/// The faults of the files of one field: what the platform says of all of them, then what their bytes show.
pub(super) fn file_faults<'a>(
    key: Key,
    files: impl Iterator<Item = &'a Attachment> + Clone,
    inspections: &Inspections,
) -> Vec<(Level, What)> {
    let listed = files.clone().filter_map(|file| {
        let name = file.name.clone();
        match file.scan {
            Scan::Unknown => None,
            _ if file.bytes == 0 => Some((Level::Ko, What::EmptyFile { key, name })),
            Scan::Safe => None,
            Scan::Pending => Some((Level::ToCheck, What::ScanPending { key, name })),
            Scan::Refused => Some((Level::Ko, What::ScanRefused { key, name })),
        }
    });
    let opened = files.filter(|file| is_there(file)).filter_map(|file| {
        let fault = fault_of(file, inspections)?;
        let level = if fault.is_fatal() { Level::Ko } else { Level::ToCheck };
        Some((level, What::BadFile { key, name: file.name.clone(), fault }))
    });
    listed.chain(opened).collect()
}

/// Whether a file can be used, as far as is known.
pub(super) fn is_usable(file: &Attachment, inspections: &Inspections) -> bool {
    is_there(file) && !fault_of(file, inspections).is_some_and(FileFault::is_fatal)
}

fn is_there(file: &Attachment) -> bool {
    file.scan == Scan::Unknown || (file.bytes > 0 && file.scan != Scan::Refused)
}

fn fault_of(file: &Attachment, inspections: &Inspections) -> Option<FileFault> {
    inspections.of(file).and_then(|inspection| inspection.fault)
}

/// R-3.9.1-c — rows of yearly proofs that are not used, or doubted, and their files that left or cannot be read. A fault of
/// a proof is to be checked: it is asked for after the application, which stays complete.
pub(super) fn yearly_proofs(case: &Case, facts: &Facts, today: Date, frame: &Frame) -> Vec<Finding> {
    let form = frame.form(facts);
    let vanished = case.vanished.get(&facts.number).and_then(|vanished| vanished.get(&Key::PreuvePiece));
    let lost = vanished.map(|text| LostPiece::list(text)).unwrap_or_default();
    let had = |proof: Proof| lost.iter().any(|one| (one.kind, one.on) == (proof.kind, proof.on));
    let rows = faulty_rows(facts, frame.tells(facts, Key::PreuvePiece), had, today);
    let lost = lost.into_iter().map(|one| What::Vanished { key: Key::PreuvePiece, name: one.name });
    let rows = rows.into_iter().map(|(row, fault)| What::ProofRow { row, fault });
    let files: Vec<&Attachment> = pieces(facts).collect();
    let files = file_faults(Key::PreuvePiece, files.iter().copied(), &case.inspections);
    let whats = rows.chain(lost).chain(files.into_iter().map(|(_, what)| what));
    whats
        .map(|what| Finding {
            dossier: facts.number,
            rule: "R-3.9.1-c",
            section: "3.9.1",
            level: Level::ToCheck,
            owner: what.owner(form),
            what,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::case::inspection::Inspection;

    /// What was deposited: the platform's word, the size, what its bytes showed; then whether it counts as a document.
    #[test]
    fn a_file_is_used_unless_it_is_empty_refused_or_cannot_be_opened() {
        let (fatal, other) = (Some(FileFault::Unopenable), Some(FileFault::TooLarge));
        let cases = [
            (Scan::Safe, 9, None, true),
            (Scan::Safe, 1, other, true),
            (Scan::Safe, 9, fatal, false),
            (Scan::Safe, 0, None, false),
            (Scan::Pending, 9, None, true),
            (Scan::Pending, 0, None, false),
            (Scan::Refused, 9, None, false),
            (Scan::Refused, 0, None, false),
            // An export says neither.
            (Scan::Unknown, 0, None, true),
            (Scan::Unknown, 9, None, true),
            (Scan::Unknown, 0, fatal, false),
        ];
        for (scan, bytes, fault, usable) in cases {
            let inspected = fault.map(|fault| ("c".to_owned(), Inspection::faulty(fault)));
            let inspections = Inspections(inspected.into_iter().collect::<BTreeMap<_, _>>());
            let (name, checksum, media_type) = ("piece".to_owned(), "c".to_owned(), String::new());
            let file = Attachment { name, bytes, checksum, media_type, scan };
            assert_eq!(is_usable(&file, &inspections), usable, "{scan:?} {bytes} {fault:?}");
        }
    }
}

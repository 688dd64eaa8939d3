//! The zip of attachments: a folder for each dossier, with its PDF, the files of its fields and those of its messages.
//! Nothing says which field a file belongs to, and a file that was not scanned safe is missing.

use crate::dates;
use crate::dossier::{Dossier, Value};
use crate::files::File;
use crate::world::World;
use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(super) fn write(world: &World) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut taken = BTreeSet::new();
    // The platform gives each attachment a number of its own; only what it leaves of ten thousand is shown.
    let mut number = 0_usize;
    for dossier in world.all_seen().filter(|dossier| dossier.is_visible()) {
        let folder = format!("export/dossier-{}", dossier.number);
        zip.start_file(format!("{folder}/export-{}.pdf", dossier.number), stored)?;
        zip.write_all(&File::pdf("dossier.pdf", &format!("Dossier {}", dossier.number)).bytes)?;
        let messages = dossier.messages.iter().flat_map(|message| &message.attachments);
        let all = of_fields(dossier).map(|file| ("pieces_justificatives", file));
        for (within, file) in all.chain(messages.map(|file| ("messagerie", file))) {
            number += 1;
            if file.verdict(world.now()) != Some("safe") {
                continue;
            }
            let path = format!("{folder}/{within}/{}", stamped(file, number));
            if taken.insert(path.clone()) {
                zip.start_file(path, stored)?;
                zip.write_all(&file.bytes)?;
            }
        }
    }
    Ok(zip.finish()?.into_inner())
}

/// « plan-24-05-2027-09-30-12.pdf », in Paris.
fn stamped(file: &File, number: usize) -> String {
    let at = dates::paris(file.created_at).strftime("%d-%m-%Y-%H-%M").to_string();
    let id = number % 10_000;
    match file.filename.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem}-{at}-{id}.{extension}"),
        _ => format!("{}-{at}-{id}", file.filename),
    }
}

/// The files of the fields, on both sides, and of the rows of blocks.
fn of_fields(dossier: &Dossier) -> impl Iterator<Item = &File> {
    let sides = [&dossier.champs, &dossier.annotations].into_iter();
    let cells = sides.flat_map(|side| {
        let rows = side.rows.values().flatten().flat_map(|row| row.cells.values());
        side.cells.values().chain(rows)
    });
    cells.filter_map(|cell| if let Value::Files(files) = &cell.value { Some(files) } else { None }).flatten()
}

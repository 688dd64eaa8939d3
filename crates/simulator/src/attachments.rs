//! How attachments are shown, and how their addresses are resolved (§3.6).

use super::dossier::{Dossier, State, Value};
use super::files::{self, File};
use super::node::{Failure, Node};
use super::world::{Edition, World};
use jiff::Timestamp;

/// Made on demand: the platform gives their metadata as if they were empty (§3.1).
pub(super) fn generated(world: &World, key: &str, name: &str, at: Timestamp) -> Node {
    file_node(world, key, name, "application/pdf", 0, String::new(), "pending", at)
}

/// A stored file, made some seconds after the decision.
pub(super) fn attestation(world: &World, number: u32, at: Timestamp) -> Node {
    let key = format!("attestation-{number}");
    match download(world, &key) {
        Some(file) => {
            let (size, checksum) = (file.size(), file.checksum());
            file_node(world, &key, &file.filename, &file.content_type, size, checksum, "safe", at)
        }
        None => Node::Null,
    }
}

pub(super) fn file(world: &World, file: &File) -> Option<Node> {
    let verdict = file.verdict(world.now())?;
    Some(file_node(
        world,
        &file.key,
        &file.filename,
        &file.content_type,
        file.size(),
        file.checksum(),
        verdict,
        file.created_at,
    ))
}

#[expect(clippy::too_many_arguments, reason = "one per field of the platform's own type")]
fn file_node(
    world: &World,
    key: &str,
    name: &str,
    kind: &str,
    size: u64,
    checksum: String,
    verdict: &'static str,
    at: Timestamp,
) -> Node {
    Node::fields(
        "File",
        vec![
            ("filename", name.into()),
            ("contentType", kind.into()),
            ("byteSize", byte_size(world.edition, size)),
            ("byteSizeBigInt", size.to_string().into()),
            ("checksum", checksum.into()),
            ("createdAt", Node::when(at)),
            ("virusScanResult", verdict.into()),
            ("url", files::address(&world.files, "fichiers", key, name, world.now()).into()),
        ],
    )
}

/// Beyond 31 bits January fails the whole request, September answers the largest number.
fn byte_size(edition: Edition, size: u64) -> Node {
    match (i32::try_from(size), edition) {
        (Ok(size), _) => size.unsigned_abs().into(),
        (Err(_), Edition::September2026) => i32::MAX.unsigned_abs().into(),
        (Err(_), Edition::January2026) => Node::Broken(Failure {
            status: Some(500),
            ..Failure::new("internal_server_error", "Internal Server Error")
        }),
    }
}

/// The file at an address: what a person uploaded, or what the platform makes on demand.
pub(super) fn download(world: &World, key: &str) -> Option<File> {
    if let Some(number) = key.strip_prefix("pdf-").and_then(|number| number.parse::<u32>().ok()) {
        world.dossiers.get(&number)?;
        return Some(File::pdf(&format!("dossier-{number}.pdf"), &format!("Dossier {number}")));
    }
    if let Some(number) = key.strip_prefix("attestation-").and_then(|number| number.parse::<u32>().ok()) {
        let dossier = world.dossiers.get(&number).filter(|dossier| dossier.state == State::Accepte)?;
        return Some(File::pdf("attestation.pdf", &format!("Attestation {}", dossier.number)));
    }
    if let Some(number) = key.strip_prefix("geojson-").and_then(|number| number.parse::<u32>().ok()) {
        world.dossiers.get(&number)?;
        let empty = br#"{"type":"FeatureCollection","features":[]}"#;
        return Some(File::new("geo.json", "application/json", empty.to_vec()));
    }
    let number: u32 = key.split('-').next()?.parse().ok()?;
    files(world.dossiers.get(&number)?).find(|file| file.key == key).cloned()
}

/// Every file that a person uploaded into a dossier.
fn files(dossier: &Dossier) -> impl Iterator<Item = &File> {
    let rows = dossier
        .champs
        .rows
        .values()
        .chain(dossier.annotations.rows.values())
        .flatten()
        .flat_map(|row| row.cells.values());
    let cells = dossier.champs.cells.values().chain(dossier.annotations.cells.values()).chain(rows);
    let files = cells
        .filter_map(|cell| if let Value::Files(files) = &cell.value { Some(files) } else { None })
        .flatten();
    let joined = dossier
        .messages
        .iter()
        .flat_map(|message| &message.attachments)
        .chain(dossier.avis.iter().flat_map(|avis| &avis.attachments))
        .chain(&dossier.justificatif);
    files.chain(joined)
}

impl World {
    /// A file that was uploaded into a dossier, by its checksum as the platform announces it.
    pub fn file(&self, number: u32, checksum: &str) -> Option<File> {
        files(self.dossiers.get(&number)?).find(|file| file.checksum() == checksum).cloned()
    }
}

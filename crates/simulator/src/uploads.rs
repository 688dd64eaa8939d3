//! Uploads in two steps: an address given by the API, the bytes put there, the file attached by its signed id (§4.6).

use super::files::{self, File};
use super::world::World;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

const BAD_BLOB: &str = "L’identifiant du fichier téléversé est invalide";
const NOT_SENT: &str = "Le fichier n’a pas été correctement téléversé sur le serveur de stockage";
const BAD_HASH: &str = "Le hash du fichier téléversé est invalide";

/// An announced file, and its bytes once they came.
#[derive(Clone, Debug)]
pub(super) struct Blob {
    id: u32,
    filename: String,
    content_type: String,
    size: i64,
    checksum: String,
    created_at: Timestamp,
    bytes: Option<Bytes>,
}

/// What the API answers: where to put the bytes, and under which name to attach them.
pub(super) struct Slot {
    pub(super) id: u32,
    pub(super) url: String,
    /// JSON in a text, as the platform has it.
    pub(super) headers: String,
    pub(super) signed: String,
}

impl Blob {
    fn key(&self) -> String {
        format!("blob-{}", self.id)
    }

    fn signed(&self) -> String {
        let (key, end) = (self.key(), (self.created_at + HOUR).as_second());
        format!("{}--{}", STANDARD.encode(&key), files::signature(&key, end))
    }

    fn etag(&self) -> String {
        let digest = STANDARD.decode(&self.checksum).unwrap_or_default();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const UNATTACHED: SignedDuration = SignedDuration::from_hours(24);

impl World {
    pub(super) fn announce(&mut self, filename: &str, kind: &str, size: i64, checksum: &str) -> Slot {
        let (id, now) = (self.serial(), self.now());
        self.blobs.retain(|blob| blob.created_at + UNATTACHED > now);
        let blob = Blob {
            id,
            filename: filename.to_owned(),
            content_type: kind.to_owned(),
            size,
            checksum: checksum.to_owned(),
            created_at: now,
            bytes: None,
        };
        let headers = serde_json::json!({"Content-Type": kind, "ETag": blob.etag()}).to_string();
        let url = files::address(&self.files, "depots", &blob.key(), filename, now);
        let slot = Slot { id, url, headers, signed: blob.signed() };
        self.blobs.push(blob);
        slot
    }

    /// False when it is refused: already written, without the announced headers, or with an `Authorization` header.
    pub(super) fn receive(&mut self, key: &str, headers: &HeaderMap, body: Bytes) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some(blob) = self.blobs.iter_mut().find(|blob| blob.key() == key) else { return false };
        let right = text(header::CONTENT_TYPE) == blob.content_type
            && text(header::ETAG) == blob.etag()
            && !headers.contains_key(header::AUTHORIZATION);
        if right && blob.bytes.is_none() {
            blob.bytes = Some(body);
            true
        } else {
            false
        }
    }

    /// Only now are the bytes compared with what was announced of them.
    pub(super) fn uploaded(&self, signed: &str) -> Result<File, &'static str> {
        let alive = |blob: &&Blob| blob.signed() == signed && self.now() <= blob.created_at + HOUR;
        let blob = self.blobs.iter().find(alive).ok_or(BAD_BLOB)?;
        let bytes = blob.bytes.as_ref().ok_or(NOT_SENT)?;
        let file = File::new(&blob.filename, &blob.content_type, bytes.to_vec());
        if file.checksum() != blob.checksum || i64::try_from(bytes.len()).ok() != Some(blob.size) {
            return Err(BAD_HASH);
        }
        Ok(file)
    }
}

//! A local's attestation, beside the copy of the decision that its central service receives.

use tokio::io::AsyncReadExt as _;

use super::error::Error;
use super::postman::Postman;
use super::source::source_of;
use crate::mail::Attached;
use crate::store::outbox::Task;
use label::case::Decision;
use label::judge::agenda::Role;
use label::outgoing::{MailCode, MailKey};

/// Bytes; a larger file is not attached, and the mail says where it is on the platform.
const MAX_BYTES: u64 = 5 * 1024 * 1024;

impl Postman<'_> {
    /// The attestation of the local that a copy is about; none when it cannot be fetched now: the mail is sent without it.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn attestation_for(
        &self,
        task: &Task,
        key: Option<MailKey>,
    ) -> Result<Vec<Attached>, Error> {
        let awards =
            |code| matches!(code, MailCode::Decision(Decision::Labellise | Decision::PalierSuperieur));
        let copy = key.is_some_and(|key| awards(key.code) && key.role == Role::Central);
        let Some(reading) = self.reading.filter(|_| copy) else { return Ok(Vec::new()) };
        let Some((facts, scope)) = self.dossiers.facts_in(task.dossier).await? else {
            return Ok(Vec::new());
        };
        let file = facts.attestation.filter(|file| file.bytes > 0 && file.bytes <= MAX_BYTES);
        let (Some(file), Some(source)) = (file, source_of(self.sources, &scope)) else {
            return Ok(Vec::new());
        };
        let Ok(Some(addresses)) = source.dn.addresses(task.dossier, self.clock).await else {
            return Ok(Vec::new());
        };
        let Some(address) = addresses.iter().find(|address| address.checksum == file.checksum) else {
            return Ok(Vec::new());
        };
        let Ok(mut stream) = reading.door.fetch(address, &file).await else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        // It is attached without being opened here, and only if it begins as a PDF, which its name announces.
        let whole = stream.read_to_end(&mut bytes).await.is_ok() && bytes.starts_with(b"%PDF-");
        let name = format!("attestation-{}.pdf", task.dossier);
        Ok(whole.then(|| Attached { name, media: "application/pdf".to_owned(), bytes }).into_iter().collect())
    }
}

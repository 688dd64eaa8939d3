//! Mutations without an instructeur: labels, and the first step of an upload (§4.5, §4.6).

use super::ids;
use super::mutations::{Done, Loaded, shown, told};
use super::node::{Failure, Node};
use super::reading::{Call, label_node};
use super::variables::Arguments;

pub(super) fn put(
    call: &mut Call<'_>,
    loaded: &Loaded,
    payload: &str,
    input: &Arguments,
    wanted: bool,
) -> Done {
    let number = input.text("labelId").and_then(|id| ids::number(id, "Label"));
    let label = call.world.labels.iter().find(|label| Some(label.number) == number).cloned();
    let label = label.ok_or_else(|| Failure::not_found(payload))?;
    if call.world.put_label(loaded.number, label.number, wanted) {
        Ok(vec![shown(loaded.number), ("label", label_node(&label))])
    } else if wanted {
        Err(told("Ce label est déjà associé au dossier"))
    } else {
        Err(told("Ce label n’est pas associé au dossier"))
    }
}

pub(super) fn direct_upload(call: &mut Call<'_>, input: &Arguments) -> Vec<(&'static str, Node)> {
    let text = |name| input.text(name).unwrap_or_default();
    let size = input.integer("byteSize").unwrap_or(0);
    let slot = call.world.announce(text("filename"), text("contentType"), size, text("checksum"));
    let node = Node::fields(
        "DirectUpload",
        vec![
            ("url", slot.url.into()),
            ("headers", slot.headers.into()),
            ("blobId", slot.id.to_string().into()),
            ("signedBlobId", slot.signed.into()),
        ],
    );
    vec![("directUpload", node)]
}

//! Whether a PDF can be opened: it parses, has at least one page, and is not protected by a password.

use lopdf::Document;

use label::case::inspection::{FileFault, Inspection, Media};

pub(super) fn inspect(bytes: &[u8]) -> Inspection {
    let with = |pages, fault| Inspection { media: Media::Pdf, pages, fault };
    // The pages of an encrypted file cannot be listed, but the dictionary of the file names the encryption.
    let locked = || bytes.windows(8).any(|window| window == b"/Encrypt");
    let Ok(document) = Document::load_mem(bytes) else {
        return with(None, Some(if locked() { FileFault::Encrypted } else { FileFault::Unopenable }));
    };
    let pages = u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX);
    if document.is_encrypted() || (pages == 0 && locked()) {
        return with(None, Some(FileFault::Encrypted));
    }
    with(Some(pages), (pages == 0).then_some(FileFault::NoPages))
}

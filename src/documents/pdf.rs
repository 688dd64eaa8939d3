//! A PDF that a person could open: it parses, it has pages, it asks for no password.

use lopdf::Document;

use label::case::inspection::{FileFault, Inspection, Media};

pub(super) fn inspect(bytes: &[u8]) -> Inspection {
    let with = |pages, fault| Inspection { media: Media::Pdf, pages, fault };
    // Behind a password the pages themselves cannot be found; the dictionary still says so.
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

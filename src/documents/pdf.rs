//! Whether a PDF can be opened: it parses, has at least one page, and is not protected by a password.

use lopdf::Document;

use label::case::inspection::{FileFault, Inspection, Media};

pub(super) fn inspect(bytes: &[u8]) -> Inspection {
    let with = |pages, fault| Inspection { media: Media::Pdf, pages, fault };
    let locked = || names_encryption(bytes);
    // Where other bytes stand before the header, places are counted from either.
    let header = bytes.windows(5).take(8192).position(|window| window == b"%PDF-").unwrap_or(0);
    let loaded = Document::load_mem(bytes).or_else(|error| match header {
        0 => Err(error),
        header => Document::load_mem(&bytes[header..]),
    });
    let Ok(document) = loaded else {
        return with(None, Some(if locked() { FileFault::Encrypted } else { FileFault::Unopenable }));
    };
    let pages = u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX);
    if document.is_encrypted() || (pages == 0 && locked()) {
        return with(None, Some(FileFault::Encrypted));
    }
    with(Some(pages), (pages == 0).then_some(FileFault::NoPages))
}

/// The pages of an encrypted file cannot be listed, but a dictionary of the file names the encryption: « /Encrypt 12 0 R »
/// or « /Encrypt << ». The word alone stands in texts and comments too.
fn names_encryption(bytes: &[u8]) -> bool {
    let mark = b"/Encrypt";
    let places = bytes.windows(mark.len()).enumerate().filter(|(_, window)| window == mark);
    places.into_iter().any(|(at, _)| {
        let rest = bytes.get(at + mark.len()..).unwrap_or_default();
        let spaces = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let rest = &rest[spaces..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_reference = digits > 0 && rest.get(digits).is_some_and(u8::is_ascii_whitespace);
        let line = bytes[..at].rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let is_comment = line.contains(&b'%');
        !is_comment && (rest.starts_with(b"<<") || (spaces > 0 && is_reference))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_encryption() {
        assert!(names_encryption(b"trailer << /Encrypt 12 0 R >>"));
        assert!(names_encryption(b"<</Type/XRef/Encrypt<</Filter/Standard>>>>"));
        assert!(!names_encryption(b"%PDF-1.4\n% /Encrypt 12 0 R\nBT (/Encrypt) ET"));
    }
}

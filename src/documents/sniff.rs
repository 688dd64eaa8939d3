//! Recognises a file by its first bytes and compares it with the type that its name announces.

use label::case::inspection::{Inspection, Media};

use super::pdf;

/// Inspects a whole file.
pub(super) fn inspect(name: &str, bytes: &[u8]) -> Inspection {
    let media = recognise(bytes);
    let found = match media {
        Media::Pdf => pdf::inspect(bytes),
        _ => Inspection { media, pages: None, fault: None },
    };
    found.under(name)
}

fn recognise(bytes: &[u8]) -> Media {
    use infer::MatcherType as Kind;
    // The byte order mark is skipped: it would hide the first bytes of the format.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Some(found) = infer::get(bytes) else {
        return if looks_like_text(bytes) { Media::Text } else { Media::Unknown };
    };
    match (found.mime_type(), found.matcher_type()) {
        ("application/pdf", _) => Media::Pdf,
        ("text/html", _) => Media::Html,
        (_, Kind::Image) => Media::Image,
        (_, Kind::Doc) => Media::Office,
        (_, Kind::App) => Media::Program,
        (_, Kind::Text) => Media::Text,
        // Some office documents are only recognised as their container (ZIP or OLE).
        ("application/zip" | "application/x-ole-storage", _) => Media::Office,
        (_, Kind::Archive) => Media::Archive,
        _ => Media::Unknown,
    }
}

/// No NUL in the first kilobytes: plain text, in whatever encoding.
fn looks_like_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.iter().take(8192).any(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use label::case::inspection::FileFault;

    #[test]
    fn a_name_that_lies_is_seen() {
        let html = inspect("certificat.pdf", b"<!DOCTYPE html><html><body>x</body></html>");
        let fault = FileFault::OtherMedia { announced: Media::Pdf, found: Media::Html };
        assert_eq!(html.fault, Some(fault));
        assert!(fault.is_fatal());
        let marked = inspect("certificat.pdf", b"\xef\xbb\xbf<html><head></head></html>");
        assert_eq!(marked.fault, html.fault);
        let program = inspect("plan.docx", &[b"\x7fELF\x02\x01\x01".as_slice(), &[0; 100]].concat());
        assert!(program.fault.is_some_and(FileFault::is_fatal), "{program:?}");
        assert!(inspect("a.pdf", b"\0\0\0").fault.is_some());
    }

    #[test]
    fn what_is_what_it_says_has_no_fault() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(inspect("../../Organigramme\nété.PNG", png).fault, None);
        assert_eq!(inspect("r\u{e9}sultats.csv", b"question;oui;non\n=1+1;2;3\n").media, Media::Text);
        assert_eq!(inspect("sans-extension", b"\x00\x01\x02").fault, None);
        assert_eq!(inspect("grille.xlsx", b"PK\x03\x04\x14\0\0\0\0\0").fault, None);
    }
}

//! Recognises a file by its first bytes and compares it with the type that its name announces.

use label::case::inspection::{Inspection, Media};

use super::{kinds, pdf};

/// Inspects a whole file.
pub(super) fn inspect(name: &str, bytes: &[u8]) -> Inspection {
    let media = recognise(bytes);
    let found = match media {
        Media::Pdf => pdf::inspect(bytes),
        _ => Inspection { media, pages: None, fault: None },
    };
    found.under(name)
}

/// A PDF may have other bytes before its header: an HTTP head, a comment.
const HEADER_WITHIN: usize = 8192;

/// What the bytes are, whatever they are named.
pub(super) fn recognise(bytes: &[u8]) -> Media {
    use infer::MatcherType as Kind;
    // The byte order mark is skipped: it would hide the first bytes of the format.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = &bytes[..bytes.len().min(HEADER_WITHIN)];
    if is_pdf(bytes, head) {
        return Media::Pdf;
    }
    let found = infer::get(bytes);
    // Two or three letters are the mark of some formats, and the beginning of many a text (« BCommune;Oui;Non »).
    if reads_as_text(head) {
        return match found.map(|found| found.mime_type()) {
            Some("text/html") => Media::Html,
            _ if head.starts_with(b"{\\rtf") => Media::Office,
            _ => Media::Text,
        };
    }
    if let Some(media) = kinds::of_container(bytes) {
        return media;
    }
    let Some(found) = found else {
        return if looks_like_text(bytes) { Media::Text } else { Media::Unknown };
    };
    match (found.mime_type(), found.matcher_type()) {
        ("text/html", _) => Media::Html,
        // A signed document (PKCS #7) begins as a certificate does.
        ("application/x-x509-ca-cert", _) => Media::Unknown,
        (_, Kind::Image) => Media::Image,
        (_, Kind::Doc) => Media::Office,
        // The marks of the others are two or three bytes, with which documents begin too.
        (_, Kind::App) if kinds::is_program(bytes) => Media::Program,
        (_, Kind::App) => Media::Unknown,
        (_, Kind::Text) => Media::Text,
        ("application/rtf", _) => Media::Office,
        (kind, Kind::Archive) if kinds::is_archive(kind) => Media::Archive,
        _ => Media::Unknown,
    }
}

/// A header near the beginning and, when it is not the very first bytes, what ends a PDF.
fn is_pdf(bytes: &[u8], head: &[u8]) -> bool {
    let has = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    bytes.starts_with(b"%PDF-")
        || (has(head, b"%PDF-") && has(&bytes[bytes.len().saturating_sub(HEADER_WITHIN)..], b"startxref"))
}

/// No control character: a text in an encoding of one byte a letter, or in UTF-8.
fn reads_as_text(head: &[u8]) -> bool {
    let allowed = |byte: u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    !head.is_empty() && head.iter().all(|byte| allowed(*byte) && *byte != 0x7f)
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

    /// Two or three letters that are the mark of a format begin many a text too.
    #[test]
    fn a_text_is_no_program_whatever_its_first_letters() {
        for text in
            ["BCommune;Oui;Non\n1;2;3\n", "MZ;conseil\n", "BM note", "GIF au format", "BZh;1", "BCA conseil"]
        {
            assert_eq!(
                inspect("avis.csv", text.as_bytes()),
                Inspection { media: Media::Text, pages: None, fault: None },
                "{text}"
            );
        }
        let windows = |header: &[u8]| {
            let mut program = vec![0; 128];
            program[..2].copy_from_slice(b"MZ");
            program[60] = 64;
            program[64..64 + header.len()].copy_from_slice(header);
            inspect("plan.doc", &program).fault
        };
        assert!(windows(b"PE\0\0").is_some_and(FileFault::is_fatal));
        assert_eq!(windows(b"WZ\0\0"), None);
        // A certificate's first bytes are those of a signed document: nobody is asked to deposit it again.
        let signed = inspect("contrat.pdf", b"\x30\x82\x0b\x1c\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
        assert!(signed.fault.is_some_and(|fault| !fault.is_fatal()), "{signed:?}");
        let mail = inspect("contrat.pdf", b"-----BEGIN PKCS7-----\nMIIL\n");
        assert!(mail.fault.is_some_and(|fault| !fault.is_fatal()), "{mail:?}");
    }

    /// Programs that make reports save web pages under the names of office documents, which office programs open.
    #[test]
    fn a_web_page_under_an_office_name_goes_to_a_person() {
        for name in ["résultats.xls", "résultats.xlsx", "plan.doc", "liste.csv"] {
            let page = inspect(name, b"<html><table><tr><td>Question</td></tr></table></html>");
            assert!(page.fault.is_some_and(|fault| !fault.is_fatal()), "{name}: {page:?}");
        }
        let page = inspect("photo.png", b"<!DOCTYPE html><html></html>");
        assert!(page.fault.is_some_and(FileFault::is_fatal));
        assert_eq!(inspect("plan.doc", b"{\\rtf1\\ansi Plan}").fault, None);
        assert_eq!(inspect("plan.rtf", b"{\\rtf1\\ansi Plan}").media, Media::Office);
    }

    #[test]
    fn what_is_what_it_says_has_no_fault() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(inspect("../../Organigramme\nété.PNG", png).fault, None);
        assert_eq!(inspect("r\u{e9}sultats.csv", b"question;oui;non\n=1+1;2;3\n").media, Media::Text);
        assert_eq!(inspect("sans-extension", b"\x00\x01\x02").fault, None);
        assert_eq!(inspect("grille.xlsx", b"PK\x03\x04\x14\0\0\0\0\0").fault, None);
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// A name that announces nothing makes no document of an archive or a program.
    #[test]
    fn what_is_no_document_goes_to_a_person_or_back() {
        let elf = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 100]].concat();
        let photos = archive(&["photos/1.jpg", "photos/2.jpg"]);
        for name in ["contrat", "contrat.zip", "contrat signé du 3.3.2027", "pièces.7z"] {
            let zip = inspect(name, &photos);
            assert_eq!(zip.fault, Some(FileFault::NoDocument { found: Media::Archive }), "{name}");
            assert!(!zip.fault.unwrap().is_fatal(), "{name}");
            assert!(inspect(name, &elf).fault.is_some_and(FileFault::is_fatal), "{name}");
        }
        let gzip = [b"\x1f\x8b\x08".as_slice(), &[0; 30]].concat();
        assert_eq!(inspect("contrat", &gzip).media, Media::Archive);
        assert_eq!(inspect("contrat", &photos[..45]).media, Media::Archive, "cut short");
        let script = inspect("contrat.bat", b"@echo off\r\nformat c:\r\n");
        assert!(script.fault.is_some_and(|fault| !fault.is_fatal()), "{script:?}");
        assert_eq!(
            inspect("contrat.pdf", &photos).fault,
            Some(FileFault::OtherMedia { announced: Media::Pdf, found: Media::Archive })
        );
    }

    /// What an office program opens is a document, with its extension or without it.
    #[test]
    fn a_document_is_neither_an_archive_nor_a_program() {
        let ole = |stream: &str| {
            let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &name].concat()
        };
        let documents = [
            ole("WordDocument"),
            ole("Workbook"),
            ole("PowerPoint Document"),
            ole("?"),
            archive(&["[Content_Types].xml", "word/document.xml"]),
            archive(&["mimetype", "content.xml"]),
            archive(&["content.xml", "styles.xml"]),
            archive(&["Index/Document.iwa", "preview.jpg"]),
            archive(&["Word\\Document.xml"]),
            archive(&["[Content_Types].xml", "word/document.xml"])[..60].to_vec(),
        ];
        for document in &documents {
            for name in ["contrat", "contrat.doc", "plan d’actions v1.2", "contrat.odt"] {
                let read = inspect(name, document);
                assert_eq!((read.media, read.fault), (Media::Office, None), "{name}: {:?}", &document[..20]);
            }
        }
        // Old formats, of which only a few bytes are known, and signed or unusual ones.
        for head in [
            b"\xdb\xa5\x2d\0".as_slice(),
            b"\x09\x02\x06\0\0\0\x10\0",
            b"\x31\xbe\0\0\0\xab",
            b"\xffWPC\x10\0",
            b"\0\0\x02\0\x06\x04",
            b"BC\0\x01",
            b"L\x01\0\0",
            b"d\x86\0\0",
            b"\0\x02\0\0",
            b"MZ\0\x01",
            b"\x1f\xa0\0\0",
        ] {
            let bytes = [head, &[0; 200]].concat();
            for name in ["contrat", "contrat.doc", "contrat.wps", "budget.xls"] {
                let read = inspect(name, &bytes);
                assert!(
                    !matches!(read.media, Media::Archive | Media::Program) && read.fault.is_none(),
                    "{name}: {read:?} {head:?}"
                );
            }
        }
    }
}

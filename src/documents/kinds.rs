//! What a container holds, and what is certainly a program or an archive.

use std::io::Cursor;

use label::case::inspection::Media;
use zip::ZipArchive;

/// Names of streams in a compound file that an office or a mail program wrote.
const STREAMS: [&str; 6] = [
    "WordDocument",
    "Workbook",
    "Book",
    "PowerPoint Document",
    "EncryptedPackage",
    "__properties_version1.0",
];
/// The class of an installation package, as its root directory stores it.
const INSTALLER: [u8; 16] = [0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// A document, an archive or an installer in a ZIP or compound file; `None` of anything else.
pub(super) fn of_container(bytes: &[u8]) -> Option<Media> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zipped(bytes));
    }
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]).then(|| compound(bytes))
}

fn zipped(bytes: &[u8]) -> Media {
    let names: Vec<String> = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive.file_names().filter_map(|name| Some(name.ok()?.to_string())).collect(),
        // Cut short: its first part still has a name.
        Err(_) => first_part(bytes).into_iter().collect(),
    };
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase().replace('\\', "/")).collect();
    let is_of_document = |name: &String| {
        let folder = ["word/", "xl/", "ppt/", "visio/", "fixeddocseq"];
        let part =
            ["[content_types].xml", "mimetype", "content.xml", "index.xml", "index.apxl", "_rels/.rels"];
        let of_apple = name.starts_with("index/") && name.ends_with(".iwa");
        of_apple || folder.iter().any(|folder| name.starts_with(folder)) || part.contains(&name.as_str())
    };
    match names.first() {
        _ if names.iter().any(is_of_document) => Media::Office,
        Some(_) => Media::Archive,
        None if bytes.starts_with(b"PK\x05\x06") => Media::Archive,
        None => Media::Unknown,
    }
}

/// The name in the header of the first part: 26 bytes, its length, that of another field, then the name.
fn first_part(bytes: &[u8]) -> Option<String> {
    let length = u16::from_le_bytes(bytes.get(26..28)?.try_into().ok()?);
    let name = bytes.get(30..30 + usize::from(length)).filter(|name| !name.is_empty())?;
    Some(String::from_utf8_lossy(name).into_owned())
}

fn compound(bytes: &[u8]) -> Media {
    let has = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    let stream = |name: &&str| has(&name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    if has(&INSTALLER) && !STREAMS.iter().any(stream) { Media::Program } else { Media::Office }
}

/// Certainly a program: more than the first bytes says so.
pub(super) fn is_program(bytes: &[u8]) -> bool {
    is_windows(bytes)
        || is_elf(bytes)
        || is_apple_or_java(bytes)
        || bytes.starts_with(b"\0asm\x01\0\0\0")
        || bytes.starts_with(b"dex\n03")
}

/// Class, byte order and version, each of which has few values.
fn is_elf(bytes: &[u8]) -> bool {
    let about = bytes.get(4..7);
    bytes.len() > 52
        && bytes.starts_with(b"\x7fELF")
        && about.is_some_and(|about| matches!(about, [1 | 2, 1 | 2, 1]))
}

fn is_apple_or_java(bytes: &[u8]) -> bool {
    bytes.len() > 28
        && matches!(
            bytes[..4],
            [0xce | 0xcf, 0xfa, 0xed, 0xfe] | [0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xca, 0xfe, 0xba, 0xbe]
        )
}

/// « MZ », and a PE header where the fourth of the sixteen words points.
fn is_windows(bytes: &[u8]) -> bool {
    let place = bytes.get(60..64).and_then(|four| <[u8; 4]>::try_from(four).ok()).map(u32::from_le_bytes);
    let place = place.and_then(|place| usize::try_from(place).ok());
    place.is_some_and(|at| bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PE\0\0")))
}

/// The archives whose mark is long enough to be certain; others of that family are documents, pictures or unknown.
pub(super) fn is_archive(kind: &str) -> bool {
    matches!(
        kind,
        "application/x-tar"
            | "application/vnd.rar"
            | "application/gzip"
            | "application/x-bzip2"
            | "application/x-7z-compressed"
            | "application/x-xz"
            | "application/vnd.ms-cab-compressed"
            | "application/vnd.debian.binary-package"
            | "application/x-google-chrome-extension"
            | "application/x-rpm"
            | "application/zstd"
    )
}

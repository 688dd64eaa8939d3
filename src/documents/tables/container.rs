//! The container format of a table, and whether it may be opened: first by the unpacked size that it declares, then by
//! the size that it really unpacks to.

use std::io::{Cursor, Read, copy, sink};

use zip::ZipArchive;

use label::case::table::TableFault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::documents) enum Container {
    /// Not a table.
    None,
    Xlsx,
    Ods,
    Csv,
}

/// Largest total size of the unpacked parts, in bytes. A million cells take about thirty megabytes.
pub(super) const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
const MAX_PARTS: usize = 2_000;

pub(in crate::documents) fn recognise(name: &str, bytes: &[u8]) -> Result<Container, TableFault> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let workbook = matches!(extension.as_str(), "xlsx" | "xlsm" | "ods" | "xls" | "xlsb");
    if bytes.starts_with(b"PK") {
        return match zipped(bytes) {
            // Named like a workbook, but the ZIP archive does not contain one.
            Ok(Container::None) if workbook => Err(TableFault::Broken),
            // An unreadable archive that is not named like a workbook: not a table.
            Err(TableFault::Broken) if !workbook => Ok(Container::None),
            other => other,
        };
    }
    // OLE: the container of the old formats, and of encrypted new ones.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return match extension.as_str() {
            _ if workbook && is_encrypted(bytes) => Err(TableFault::Protected),
            _ if workbook => Err(TableFault::OldFormat),
            _ => Ok(Container::None),
        };
    }
    // A workbook of before 1993, which is in no container: the beginning of its stream.
    if workbook && matches!(bytes, [0x09, 0 | 2 | 4 | 8, 4 | 6 | 8 | 16, 0, ..]) {
        return Err(TableFault::OldFormat);
    }
    match extension.as_str() {
        "csv" | "tsv" => Ok(Container::Csv),
        // Programs that make reports write text under the name of a workbook.
        _ if workbook && super::encoding::reads_as_text(bytes) => Ok(Container::Csv),
        _ if workbook => Err(TableFault::Broken),
        _ => Ok(Container::None),
    }
}

/// The name of the part that holds an encrypted workbook, in UTF-16.
fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

fn zipped(bytes: &[u8]) -> Result<Container, TableFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableFault::Broken)?;
    // Some programs write « XL\\ » instead of « xl/ »; calamine accepts both.
    let plain = |name: &str| name.to_lowercase().replace('\\', "/");
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(plain(&name.ok()?))).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    let container = if names.iter().any(|name| name.starts_with("xl/")) {
        Container::Xlsx
    } else if has("content.xml") && is_ods(&mut archive) {
        Container::Ods
    } else {
        return Ok(Container::None);
    };
    if has("xl/workbook.bin") {
        return Err(TableFault::OldFormat);
    }
    measure(&mut archive)?;
    Ok(container)
}

fn is_ods(archive: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    let mut kind = Vec::new();
    let read = archive.by_name("mimetype").is_ok_and(|part| part.take(200).read_to_end(&mut kind).is_ok());
    read && kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
}

/// Unpacks every part to measure its real size, whatever the archive declares, and refuses more than [`MAX_UNPACKED`].
fn measure(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), TableFault> {
    if archive.len() > MAX_PARTS {
        return Err(TableFault::TooMuch);
    }
    let mut announced = 0_u64;
    for rank in 0..archive.len() {
        let part = archive.by_index_raw(rank).map_err(|_| TableFault::Broken)?;
        announced = announced.saturating_add(part.size());
    }
    if announced > MAX_UNPACKED {
        return Err(TableFault::TooMuch);
    }
    // The library refuses a part that unpacks to more than it declared. The real size is counted all the same.
    let mut left = MAX_UNPACKED;
    for rank in 0..archive.len() {
        let part = archive.by_index(rank).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                TableFault::Protected
            }
            _ => TableFault::Broken,
        })?;
        let taken = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| TableFault::Broken)?;
        left = left.checked_sub(taken).ok_or(TableFault::TooMuch)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_file_is_what_it_holds() {
        let xlsx = archive(&[("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")]);
        assert_eq!(recognise("résultats", &xlsx), Ok(Container::Xlsx));
        assert_eq!(recognise("a.xlsx", &archive(&[("Xl\\Workbook.xml", b"x")])), Ok(Container::Xlsx));
        let ods = archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b"x"),
        ]);
        assert_eq!(recognise("../a\nb.ods", &ods), Ok(Container::Ods));
        let letter =
            archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"x")]);
        assert_eq!(recognise("lettre.odt", &letter), Ok(Container::None));
        assert_eq!(recognise("lettre.ods", &letter), Err(TableFault::Broken));
        assert_eq!(recognise("a.xlsb", &archive(&[("xl/workbook.bin", b"x")])), Err(TableFault::OldFormat));
        let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        assert_eq!(recognise("a.xlsx", &old), Err(TableFault::OldFormat));
        let part: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(recognise("a.xlsx", &[old, part].concat()), Err(TableFault::Protected));
        assert_eq!(recognise("a.xls", b"Question\tOui\n"), Ok(Container::Csv));
        assert_eq!(recognise("a.xls", b"<html><table></table></html>"), Err(TableFault::Broken));
        assert_eq!(recognise("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(TableFault::OldFormat));
        assert_eq!(recognise("a.xls", b"\x09\x02\x06\0\0\0\x10\0"), Err(TableFault::OldFormat));
        assert_eq!(recognise("a.pdf", b"%PDF-1.4"), Ok(Container::None));
        assert_eq!(recognise("a.docx", b"PK\x03\x04"), Ok(Container::None));
        assert_eq!(recognise("a.xlsx", b"PK\x03\x04"), Err(TableFault::Broken));
        assert_eq!(recognise("a.CSV", b"a;b"), Ok(Container::Csv));
    }

    #[test]
    fn what_unpacks_to_more_than_a_table_is_refused_at_the_limit() {
        let zeros = |length: u64| vec![0; usize::try_from(length).unwrap()];
        let exactly = archive(&[("xl/workbook.xml", b"x"), ("xl/a", &zeros(MAX_UNPACKED - 1))]);
        assert_eq!(recognise("a.xlsx", &exactly), Ok(Container::Xlsx));
        let more = archive(&[("xl/workbook.xml", b"x"), ("xl/a", &zeros(MAX_UNPACKED))]);
        assert_eq!(recognise("a.xlsx", &more), Err(TableFault::TooMuch));
        // The same archive, declaring a small unpacked size.
        let mut liar = more;
        let size = u32::try_from(MAX_UNPACKED).unwrap().to_le_bytes();
        let places: Vec<usize> = (0..liar.len() - 4).filter(|at| liar[*at..*at + 4] == size).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|at| liar[at..at + 4].copy_from_slice(&9_u32.to_le_bytes()));
        assert_eq!(recognise("a.xlsx", &liar), Err(TableFault::Broken));
    }

    #[test]
    fn two_gigabytes_announced_are_refused_unopened() {
        let mut huge = archive(&[("xl/workbook.xml", b"0123456789")]);
        let size = 10_u32.to_le_bytes();
        let at = (0..huge.len() - 4).rev().find(|at| huge[*at..*at + 4] == size).unwrap();
        huge[at..at + 4].copy_from_slice(&0x8000_0000_u32.to_le_bytes());
        assert_eq!(recognise("a.xlsx", &huge), Err(TableFault::TooMuch));
    }
}

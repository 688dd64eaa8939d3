//! Of which dossier a file of a zip of attachments is, and under which name it was deposited.

/// The beginning of the column under which the files of one name are kept.
pub(super) const COLUMN: &str = "piece/";
/// A file system accepts no longer name, in bytes.
const MAX_NAME: usize = 255;
/// Folders of what belongs to no field of the form.
const OTHER_FOLDERS: [&str; 4] = ["dossier", "messagerie", "avis", "horodatage"];

/// Where an entry of a zip belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZipPlace {
    /// An attachment of a dossier, under the name that it was deposited with.
    Piece { dossier: i64, name: String },
    /// A message, an opinion, the dossier as a PDF, a file of the program that made the zip: nothing that is judged.
    Other,
    /// No dossier is named, or the path is not one that the platform writes.
    Nowhere,
}

impl ZipPlace {
    /// By the platform's own paths: `export/dossier-4242/pieces_justificatives/plan-24-05-2027-09-30-12.pdf`.
    #[must_use]
    pub fn of(path: &str) -> ZipPlace {
        // Some programs write `\`; beside `/` it is a sign of a name, which may not say of which dossier it is.
        let path = if path.contains('/') { path.to_owned() } else { path.replace('\\', "/") };
        let parts: Vec<&str> = path.strip_prefix("./").unwrap_or(&path).split('/').collect();
        let Some((name, folders)) = parts.split_last() else { return ZipPlace::Nowhere };
        let is_hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
        let hostile = |part: &&str| part.is_empty() || *part == ".." || part.chars().any(char::is_control);
        if parts.iter().any(hostile) || name.len() > MAX_NAME {
            return ZipPlace::Nowhere;
        }
        if parts.iter().any(|part| is_hidden(part)) {
            return ZipPlace::Other;
        }
        let numbered = folders.iter().position(|folder| number_of(folder).is_some());
        let Some((at, dossier)) = numbered.and_then(|at| Some((at, number_of(folders[at])?))) else {
            return ZipPlace::Nowhere;
        };
        let within = folders.get(at + 1).copied().unwrap_or_default();
        let is_whole = within.is_empty() && *name == format!("export-{dossier}.pdf");
        if is_whole || OTHER_FOLDERS.contains(&within) {
            return ZipPlace::Other;
        }
        ZipPlace::Piece { dossier, name: deposited(name) }
    }

    /// The column under which the files of this name are kept.
    #[must_use]
    pub fn column(name: &str) -> String {
        format!("{COLUMN}{name}")
    }
}

/// « dossier-4242 ».
fn number_of(folder: &str) -> Option<i64> {
    let digits = folder.strip_prefix("dossier-")?;
    digits.parse().ok().filter(|number| *number > 0)
}

/// Without the day, the minute and the number that the platform adds before the extension.
fn deposited(name: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if without_time(stem).is_some() => (stem, Some(extension)),
        _ => (name, None),
    };
    let Some(stem) = without_time(stem) else { return name.to_owned() };
    extension.map_or_else(|| stem.to_owned(), |extension| format!("{stem}.{extension}"))
}

/// « plan-24-05-2027-09-30-12 » → « plan ».
fn without_time(stem: &str) -> Option<&str> {
    let mut rest = stem;
    // From the right: a number below ten thousand, minute, hour, year, month, day.
    for widths in [1..=4, 2..=2, 2..=2, 4..=4, 2..=2, 2..=2] {
        let (before, digits) = rest.rsplit_once('-')?;
        if !widths.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = before;
    }
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(path: &str) -> Option<(i64, String)> {
        match ZipPlace::of(path) {
            ZipPlace::Piece { dossier, name } => Some((dossier, name)),
            _ => None,
        }
    }

    #[test]
    fn a_path_says_the_dossier_and_the_name() {
        let of = |name: &str| piece(&format!("export/dossier-4242/pieces_justificatives/{name}"));
        for (stored, name) in [
            ("plan-24-05-2027-09-30-12.pdf", "plan.pdf"),
            ("Plan d’accès-24-05-2027-09-30-9999.PDF", "Plan d’accès.PDF"),
            ("audit-2027-01-02-24-05-2027-09-30-7.tar.gz", "audit-2027-01-02-24-05-2027-09-30-7.tar.gz"),
            ("sans extension-24-05-2027-09-30-1", "sans extension"),
            ("renommé.pdf", "renommé.pdf"),
            ("-24-05-2027-09-30-12.pdf", "-24-05-2027-09-30-12.pdf"),
            ("a-24-05-2027-09-30-12345.pdf", "a-24-05-2027-09-30-12345.pdf"),
        ] {
            assert_eq!(of(stored), Some((4242, name.to_owned())), "{stored}");
        }
        assert_eq!(piece("dossier-7\\a.pdf"), Some((7, "a.pdf".to_owned())));
        // The name that a candidate gave chooses no other dossier.
        let hostile = "dossier-7/pieces_justificatives/dossier-9\\a.pdf";
        assert_eq!(piece(hostile), Some((7, "dossier-9\\a.pdf".to_owned())));
        for nested in ["dossier-7/x/dossier-9/a.pdf", "dossier-7\\x\\dossier-9\\a.pdf"] {
            assert_eq!(piece(nested), Some((7, "a.pdf".to_owned())), "{nested}");
        }
    }

    #[test]
    fn what_is_no_attachment_of_a_field_is_left_and_a_hostile_path_is_nowhere() {
        for path in [
            "export/dossier-7/export-7.pdf",
            "export/dossier-7/messagerie/a.pdf",
            "export/dossier-7/avis/a.pdf",
            "export/dossier-7/dossier/a.pdf",
            "__MACOSX/export/dossier-7/._a.pdf",
            "export/dossier-7/.DS_Store",
        ] {
            assert_eq!(ZipPlace::of(path), ZipPlace::Other, "{path}");
        }
        let long = format!("dossier-7/{}", "a".repeat(300));
        for path in [
            "a.pdf",
            "export/a.pdf",
            "export/dossier-x/a.pdf",
            "export/dossier-0/a.pdf",
            "dossier-99999999999999999999/a.pdf",
            "/dossier-7/a.pdf",
            "../dossier-7/a.pdf",
            "dossier-7/../../etc/passwd",
            "dossier-7/a\u{7}.pdf",
            "dossier-7/",
            "",
            &long,
        ] {
            assert_eq!(ZipPlace::of(path), ZipPlace::Nowhere, "{path}");
        }
    }
}

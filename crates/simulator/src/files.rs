//! Attachments: bytes, checksum, antivirus, and the signed addresses under which they are served (§3.6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};

/// One attachment. It has no identifier on the platform: only name and checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub filename: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
    /// Until then the scan is `pending`; afterwards, `infected` decides.
    pub scanned_at: Timestamp,
    pub infected: bool,
    pub created_at: Timestamp,
    /// The size that the platform announces, when it is not that of the bytes.
    pub announced: Option<u64>,
    pub(super) key: String,
}

impl File {
    /// A file already scanned. The world fills in the dates when it is deposited.
    pub fn new(filename: &str, content_type: &str, bytes: Vec<u8>) -> File {
        File {
            filename: filename.to_owned(),
            content_type: content_type.to_owned(),
            bytes,
            scanned_at: Timestamp::UNIX_EPOCH,
            infected: false,
            created_at: Timestamp::UNIX_EPOCH,
            announced: None,
            key: String::new(),
        }
    }

    pub fn pdf(filename: &str, title: &str) -> File {
        File::new(filename, "application/pdf", pdf(title))
    }

    /// Still to be scanned until `at`; then safe, or removed when infected.
    pub fn scanned_at(mut self, at: Timestamp, infected: bool) -> File {
        self.scanned_at = at;
        self.infected = infected;
        self
    }

    /// Announced with this size, whatever the real one.
    pub fn announced(mut self, size: u64) -> File {
        self.announced = Some(size);
        self
    }

    pub fn size(&self) -> u64 {
        self.announced.unwrap_or(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))
    }

    pub fn checksum(&self) -> String {
        STANDARD.encode(Md5::digest(&self.bytes))
    }

    /// Only these two verdicts are ever listed: an infected file silently disappears.
    pub(super) fn verdict(&self, now: Timestamp) -> Option<&'static str> {
        if now < self.scanned_at {
            Some("pending")
        } else if self.infected {
            None
        } else {
            Some("safe")
        }
    }
}

const SECRET: &str = "the file host of the simulator";

pub(super) fn signature(key: &str, expires: i64) -> String {
    Md5::digest(format!("{key};{expires};{SECRET}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Good for one hour from `now`, on another host than the API.
pub(super) fn address(base: &str, folder: &str, key: &str, filename: &str, now: Timestamp) -> String {
    let expires = (now + SignedDuration::from_hours(1)).as_second();
    let name = percent_encoded(filename);
    format!(
        "{base}/{folder}/{key}/{name}?temp_url_sig={}&temp_url_expires={expires}",
        signature(key, expires)
    )
}

/// 403 for a forged signature, 401 once the hour is over: clients must expect both.
pub(super) fn refusal(key: &str, sig: &str, expires: i64, now: Timestamp) -> Option<u16> {
    if sig != signature(key, expires) {
        Some(403)
    } else if now.as_second() > expires {
        Some(401)
    } else {
        None
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The smallest page a reader accepts, with a correct table of offsets. Titles are written without accents.
fn pdf(title: &str) -> Vec<u8> {
    let plain: String =
        title.chars().filter(|symbol| symbol.is_ascii() && !matches!(symbol, '(' | ')' | '\\')).collect();
    let text = format!("BT /F1 18 Tf 60 760 Td ({plain}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut body = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(body.len());
        body.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = body.len();
    body.push_str("xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        body.push_str(&format!("{offset:010} 00000 n \n"));
    }
    body.push_str(&format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    body.into_bytes()
}

//! Until when the certificate of the platform is valid, as its server showed it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::tls::TlsInfo;

/// The end of the certificate with which an answer came; `None` without TLS.
pub(super) fn end(answer: &reqwest::Response) -> Option<Timestamp> {
    not_after(answer.extensions().get::<TlsInfo>()?.peer_certificate()?)
}

/// Tags of DER that stand before the end of a certificate (RFC 5280 §4.1).
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// `notAfter`. A library that reads all of a certificate would bring fourteen crates for this one instant.
fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (certificate, _) = value(certificate, SEQUENCE)?;
    let (signed, _) = value(certificate, SEQUENCE)?;
    // The version stands there unless it is the first; then serial number, algorithm, issuer.
    let mut rest = value(signed, VERSION).map_or(signed, |(_, rest)| rest);
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (validity, _) = value(rest, SEQUENCE)?;
    let (_, _, rest) = element(validity)?;
    let (tag, end, _) = element(rest)?;
    let text = std::str::from_utf8(end).ok()?;
    let whole = match tag {
        // Two digits of a year from 1950 to 2049.
        UTC_TIME => format!("{}{text}", if text.get(..2)? >= "50" { "19" } else { "20" }),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let civil = DateTime::strptime("%Y%m%d%H%M%SZ", &whole).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// What an element of that tag holds, and what follows it.
fn value(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, value, rest) = element(bytes)?;
    (tag == wanted).then_some((value, rest))
}

/// The first element: its tag, what it holds, what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        length @ ..0x80 => (usize::from(*length), rest),
        // The length itself takes so many bytes.
        more => {
            let (length, rest) =
                rest.split_at_checked(usize::from(more & 0x7f)).filter(|(l, _)| l.len() <= 4)?;
            (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((*tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(year: i32) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["dn.example".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(year, 3, 17);
        parameters.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_read_in_both_of_its_forms() {
        for (year, end) in [(2027, "2027-03-17T00:00:00Z"), (2061, "2061-03-17T00:00:00Z")] {
            assert_eq!(not_after(&made(year)), Some(end.parse().unwrap()));
        }
    }

    #[test]
    fn what_is_cut_or_altered_ends_no_program() {
        let whole = made(2027);
        for length in 0..whole.len() {
            let _ = not_after(&whole[..length]);
        }
        for place in 0..whole.len().min(200) {
            for byte in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut altered = whole.clone();
                altered[place] = byte;
                let _ = not_after(&altered);
            }
        }
        assert_eq!(not_after(&whole[..60]), None);
    }
}

//! The encoding of a text file: which letters its bytes are.

use std::borrow::Cow;

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Cells in lines and not a web page: no control character in the first kilobytes once they are decoded, and no tag at the
/// beginning.
pub(super) fn reads_as_text(bytes: &[u8]) -> bool {
    let head = decode(&bytes[..bytes.len().min(8192)]);
    let control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    !head.trim().is_empty() && !head.contains(control) && !head.trim_start().starts_with('<')
}

/// Decodes by the byte order mark if there is one, else as UTF-8, else as Windows-1252.
pub(in crate::documents) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    let (text, broken) = UTF_8.decode_without_bom_handling(bytes);
    if !broken {
        return text;
    }
    let windows = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let mac = MACINTOSH.decode_without_bom_handling(bytes).0;
    let dos = Cow::Owned(bytes.iter().map(|byte| of_dos(*byte)).collect::<String>());
    // « é » of one is another sign in the others, sometimes a capital: the one with more letters of French is meant.
    let french = |text: &str| {
        let worth = |letter: char| match letter {
            _ if "éèêëàâçùûîïôœ".contains(letter) => 2,
            _ if "ÉÈÀÇ’«»".contains(letter) => 1,
            _ => 0,
        };
        text.chars().map(worth).sum::<usize>()
    };
    let best = if french(&mac) > french(&windows) { mac } else { windows };
    if french(&dos) > french(&best) { dos } else { best }
}

/// The upper half of code page 850, in which spreadsheets write « CSV (MS-DOS) ».
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

fn of_dos(byte: u8) -> char {
    let upper = byte.checked_sub(0x80).map(usize::from);
    upper.map_or(char::from(byte), |place| DOS.chars().nth(place).unwrap_or('\u{fffd}'))
}

/// UTF-16 without a mark: every second byte of a text in Latin letters is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match (10 * even >= 9 * half, 10 * odd >= 9 * half) {
        _ if half < 4 => None,
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_mark_or_utf_8_or_that_of_french_windows() {
        assert_eq!(decode("été".as_bytes()), "été");
        assert_eq!(decode(b"\xe9t\xe9 \x80"), "été €");
        assert_eq!(decode(b"\xff\xfee\0"), "e");
        assert_eq!(decode(b"Q\0u\0e\0s\0;\0\xe9\0"), "Ques;é");
        assert_eq!(decode(b"R\x8eponse ; \xc7 \x8f \xc8"), "Réponse ; « è »");
        assert_eq!(decode(b"R\x82ponse ; \x85 c\x93t\x82"), "Réponse ; à côté");
        assert_eq!((DOS.chars().count(), of_dos(0xff), of_dos(b'a')), (128, '\u{a0}', 'a'));
        assert_eq!(decode(b"\xef\xbb\xbfa"), "a");
    }
}

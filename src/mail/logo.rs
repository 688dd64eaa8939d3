//! The body's logo: a small picture of a local file, sent within each mail, so that nothing is fetched from elsewhere.

use std::path::Path;
use std::sync::Arc;

/// Bytes; it goes with every mail.
const MAX_BYTES: u64 = 64 * 1024;

/// Pixels on a side, as the file says: more would cover the letter.
const MAX_SIDE: usize = 600;

/// Pixels on a side as shown.
const SHOWN: usize = 96;

/// A picture that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    pub media: &'static str,
    pub bytes: Arc<[u8]>,
    /// As shown, in pixels.
    pub width: usize,
    pub height: usize,
}

/// Why a file is no logo.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    #[error("{0} cannot be read ({1})")]
    Unreadable(String, std::io::Error),
    #[error("{0} has more than {MAX_BYTES} bytes")]
    TooLarge(String),
    #[error("{0} is neither PNG, JPEG nor GIF")]
    OtherFormat(String),
    #[error("{0} is {1} × {2} pixels: at most {MAX_SIDE} on a side")]
    TooWide(String, usize, usize),
}

impl Logo {
    /// Reads the header of the picture and decodes nothing: what it shows is the concern of mail programs.
    ///
    /// # Errors
    /// [`LogoError`]; the mails then leave without it.
    pub fn read(path: &Path) -> Result<Logo, LogoError> {
        let name = path.display().to_string();
        let unreadable = |error| LogoError::Unreadable(name.clone(), error);
        let size = std::fs::metadata(path).map_err(unreadable)?;
        // A pipe or a device would never end.
        if !size.is_file() {
            return Err(unreadable(std::io::Error::other("not a file")));
        }
        if size.len() > MAX_BYTES {
            return Err(LogoError::TooLarge(name));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let media = match imagesize::image_type(&bytes) {
            Ok(imagesize::ImageType::Png) => "image/png",
            Ok(imagesize::ImageType::Jpeg) => "image/jpeg",
            Ok(imagesize::ImageType::Gif) => "image/gif",
            _ => return Err(LogoError::OtherFormat(name)),
        };
        let Ok(size) = imagesize::blob_size(&bytes) else { return Err(LogoError::OtherFormat(name)) };
        if size.width == 0 || size.height == 0 {
            return Err(LogoError::OtherFormat(name));
        }
        if size.width > MAX_SIDE || size.height > MAX_SIDE {
            return Err(LogoError::TooWide(name, size.width, size.height));
        }
        let longest = size.width.max(size.height).max(SHOWN);
        let shown = |side: usize| (side * SHOWN / longest).max(1);
        Ok(Logo { media, bytes: bytes.into(), width: shown(size.width), height: shown(size.height) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of a PNG of that size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Logo, LogoError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo");
        std::fs::write(&path, bytes).unwrap();
        Logo::read(&path)
    }

    #[test]
    fn a_small_picture_is_taken_and_shown_at_most_96_pixels_wide() {
        let logo = read(&png(480, 240)).unwrap();
        assert_eq!((logo.media, logo.width, logo.height), ("image/png", 96, 48));
        let small = read(&png(40, 20)).unwrap();
        assert_eq!((small.width, small.height), (40, 20));
    }

    #[test]
    fn what_is_absent_huge_or_no_picture_is_refused_with_a_reason() {
        assert!(matches!(Logo::read(Path::new("/nowhere/logo.png")), Err(LogoError::Unreadable(..))));
        assert!(matches!(Logo::read(Path::new("/dev/zero")), Err(LogoError::Unreadable(..))));
        assert!(matches!(read(&vec![0; 65 * 1024]), Err(LogoError::TooLarge(_))));
        assert!(matches!(read(&png(60_000, 60_000)), Err(LogoError::TooWide(_, 60_000, 60_000))));
        assert!(matches!(read(&png(0, 10)), Err(LogoError::OtherFormat(_))));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"[..], b"", b"\x89PNG", b"MZ"]
        {
            assert!(matches!(read(other), Err(LogoError::OtherFormat(_))), "{other:?}");
        }
    }
}

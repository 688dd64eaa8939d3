//! Words that only vigie can read and write, for cookies; and words that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

/// What seals; neither shown nor logged.
#[derive(Clone, Debug)]
pub struct SealingKey(LessSafeKey);

impl SealingKey {
    /// The same secret gives the same key, whichever machine.
    ///
    /// # Errors
    /// Never: the length is right.
    pub fn of(secret: &str) -> Result<SealingKey, Unspecified> {
        let digest = Sha256::digest(format!("vigie session\0{secret}"));
        UnboundKey::new(&AES_256_GCM, &digest).map(|key| SealingKey(LessSafeKey::new(key)))
    }

    /// Under another name it opens no more. Each time another nonce, written in front.
    ///
    /// # Errors
    /// When the machine has no random numbers.
    pub fn seal(&self, name: &str, text: &str) -> Result<String, Unspecified> {
        let nonce: [u8; NONCE_LEN] = bytes()?;
        let mut body = text.as_bytes().to_vec();
        let bound = Aad::from(name.as_bytes());
        self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut body)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &body].concat()))
    }

    /// What was sealed under this name with this key; nothing of anything else.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<String> {
        let whole = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, body) = whole.split_first_chunk::<NONCE_LEN>()?;
        let mut body = body.to_vec();
        let bound = Aad::from(name.as_bytes());
        let text = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), bound, &mut body).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

fn bytes<const N: usize>() -> Result<[u8; N], Unspecified> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 bits that nobody can guess, in 43 characters.
///
/// # Errors
/// When the machine has no random numbers.
pub fn random() -> Result<String, Unspecified> {
    bytes::<32>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_name_alone() {
        let key = SealingKey::of("secret").unwrap();
        let sealed = key.seal("a", "{\"who\":\"é\"}").unwrap();
        assert_eq!(SealingKey::of("secret").unwrap().open("a", &sealed).as_deref(), Some("{\"who\":\"é\"}"));
        assert_ne!(key.seal("a", "{\"who\":\"é\"}").unwrap(), sealed, "never twice the same");
        assert_eq!(key.open("b", &sealed), None);
        assert_eq!(SealingKey::of("other").unwrap().open("a", &sealed), None);
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("a", &URL_SAFE_NO_PAD.encode(changed)), None, "byte {at}");
            assert_eq!(key.open("a", &URL_SAFE_NO_PAD.encode(&bytes[..at])), None, "{at} bytes");
        }
        assert_eq!(key.open("a", "é"), None);
    }

    #[test]
    fn what_nobody_can_guess_is_long_and_never_the_same() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!((one.len(), other.len()), (43, 43));
        assert_ne!(one, other);
    }
}

//! Signatures of tokens, verified by ring: `jsonwebtoken` brings RSA and curves of its own only if it is asked to, and ring
//! is in the tree for TLS. Nothing is signed here.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature as sealed;

/// What verifies each of [`SIGNATURES`](crate::web::access::oidc::SIGNATURES).
pub(super) const ACCEPTED: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];

/// Where a provider does not say which ones it uses.
pub(super) fn all() -> Vec<Algorithm> {
    ACCEPTED.iter().map(|(_, algorithm)| *algorithm).collect()
}

#[cfg(test)]
#[test]
fn each_signature_that_the_configuration_takes_is_verified() {
    let verified: Vec<&str> = ACCEPTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(verified, crate::web::access::oidc::SIGNATURES);
}

static RING: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| unsupported(),
        rsa_pub_components_from_public_key: |_| unsupported(),
        ec_pub_components_from_private_key: |_, _| unsupported(),
        ed_pub_components_from_private_key: |_, _| unsupported(),
        compute_digest: |_, _| unsupported(),
    },
};

/// Before the first token is read: without a provider `jsonwebtoken` panics.
pub(super) fn install() {
    // An error only says that it stands already.
    let _ = RING.install_default();
}

fn unsupported<T>() -> Result<T> {
    Err(new_error(ErrorKind::UnsupportedAlgorithm))
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    unsupported()
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() != algorithm.family() || key.family() == AlgorithmFamily::Hmac {
        return unsupported();
    }
    Ok(Box::new(Signed { algorithm: *algorithm, key: key.clone() }))
}

struct Signed {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Signed {
    fn rsa(&self) -> Option<&'static sealed::RsaParameters> {
        Some(match self.algorithm {
            Algorithm::RS256 => &sealed::RSA_PKCS1_2048_8192_SHA256,
            Algorithm::RS384 => &sealed::RSA_PKCS1_2048_8192_SHA384,
            Algorithm::RS512 => &sealed::RSA_PKCS1_2048_8192_SHA512,
            Algorithm::PS256 => &sealed::RSA_PSS_2048_8192_SHA256,
            Algorithm::PS384 => &sealed::RSA_PSS_2048_8192_SHA384,
            Algorithm::PS512 => &sealed::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        })
    }

    fn curve(&self) -> Option<&'static dyn sealed::VerificationAlgorithm> {
        Some(match self.algorithm {
            Algorithm::ES256 => &sealed::ECDSA_P256_SHA256_FIXED,
            Algorithm::ES384 => &sealed::ECDSA_P384_SHA384_FIXED,
            Algorithm::EdDSA => &sealed::ED25519,
            _ => return None,
        })
    }
}

impl Verifier<Vec<u8>> for Signed {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let proved = match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => self.rsa().is_some_and(|parameters| {
                let key = sealed::RsaPublicKeyComponents { n: number(n), e: number(e) };
                key.verify(parameters, message, signature).is_ok()
            }),
            DecodingKeyKind::SecretOrDer(point) => self.curve().is_some_and(|curve| {
                sealed::UnparsedPublicKey::new(curve, point).verify(message, signature).is_ok()
            }),
        };
        proved.then_some(()).ok_or_else(signature::Error::new)
    }
}

impl JwtVerifier for Signed {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Without zeros in front, which some providers write and ring refuses.
fn number(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    &bytes[first..]
}

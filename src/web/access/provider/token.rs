//! What an identity token proves: who made it, for whom, when, and for which sign-in.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde_json::{Map, Value};

use crate::web::access::oidc::Refusal;

/// What two clocks may differ by, in seconds.
const SKEW: i64 = 60;

pub(super) type Claims = Map<String, Value>;

/// What must be in the token.
pub(super) struct Expected<'a> {
    /// How the provider may name itself.
    pub issuers: &'a [&'a str],
    pub client_id: &'a str,
    pub algorithms: &'a [Algorithm],
    /// Seconds since the epoch.
    pub now: i64,
}

/// Why a token proves nothing.
#[derive(Debug)]
pub(super) enum TokenError {
    /// None of these keys made its signature; the provider may have others by now.
    Key,
    Refused(Refusal),
}

fn refused(why: &str) -> TokenError {
    TokenError::Refused(Refusal::answer(why))
}

/// An identity token of the sign-in with this nonce.
///
/// # Errors
/// When anything of it is not as expected. Nothing of the token is repeated.
pub(super) fn prove(
    token: &str,
    keys: &[Jwk],
    expected: &Expected,
    nonce: &str,
) -> Result<Claims, TokenError> {
    let claims = signed(token, keys, expected, &["exp", "iss", "aud", "sub"])?;
    for_us(&claims, expected)?;
    in_time(&claims, expected.now)?;
    if claims.get("nonce").and_then(Value::as_str) != Some(nonce) {
        return Err(refused("the identity is of another sign-in"));
    }
    Ok(claims)
}

/// Signed UserInfo (OpenID Connect Core, 5.3.2), which has no nonce, and often no end.
///
/// # Errors
/// When anything of it is not as expected. Nothing of the token is repeated.
pub(super) fn prove_user_info(token: &str, keys: &[Jwk], expected: &Expected) -> Result<Claims, TokenError> {
    let claims = signed(token, keys, expected, &["iss", "aud", "sub"])?;
    if claims.get("nonce").is_some_and(|nonce| !nonce.is_null()) {
        return Err(refused("UserInfo is an identity token"));
    }
    for_us(&claims, expected)?;
    if claims.get("exp").is_some_and(|end| !end.is_null()) {
        in_time(&claims, expected.now)?;
    }
    Ok(claims)
}

/// What one of these keys signed, for this client, by this issuer.
fn signed(token: &str, keys: &[Jwk], expected: &Expected, required: &[&str]) -> Result<Claims, TokenError> {
    let header =
        decode_header(token).map_err(|_| refused("the identity is not signed in a way that is known"))?;
    if !expected.algorithms.contains(&header.alg) {
        return Err(refused("the identity is signed in a way that is not accepted"));
    }
    // The time is checked below, by our own clock.
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.set_required_spec_claims(required);
    validation.set_issuer(expected.issuers);
    validation.set_audience(&[expected.client_id]);
    for key in keys.iter().filter(|key| fits(key, &header)) {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        match decode::<Claims>(token, &key, &validation) {
            Ok(proved) => return Ok(proved.claims),
            Err(error) => match error.kind() {
                // Another key, or one of another kind.
                ErrorKind::InvalidSignature | ErrorKind::UnsupportedAlgorithm => {}
                ErrorKind::InvalidIssuer => return Err(refused("the identity is another issuer's")),
                ErrorKind::InvalidAudience => return Err(refused("the identity is for somebody else")),
                ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
                    return Err(refused("the identity lacks its issuer, audience, subject or end"));
                }
                _ => return Err(refused("the identity cannot be read")),
            },
        }
    }
    Err(TokenError::Key)
}

/// Whether a key may have made the signature: the one that is named, if one is, and not one for something else.
fn fits(key: &Jwk, header: &Header) -> bool {
    let common = &key.common;
    let named = header.kid.is_none() || common.key_id == header.kid;
    let signs = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let verifies = common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    let same = common.key_algorithm.is_none_or(|own| own == KeyAlgorithm::from(header.alg));
    named && signs && verifies && same
}

fn for_us(claims: &Claims, expected: &Expected) -> Result<(), TokenError> {
    // The library would take a list with ours in it.
    let issuer = claims.get("iss").and_then(Value::as_str);
    if !issuer.is_some_and(|issuer| expected.issuers.contains(&issuer)) {
        return Err(refused("the identity is another issuer's"));
    }
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    match claims.get("azp").filter(|party| !party.is_null()) {
        Some(party) if party.as_str() != Some(expected.client_id) => {
            Err(refused("the identity was asked for by somebody else"))
        }
        None if several => Err(refused("the identity is for several, and does not say who asked")),
        _ => Ok(()),
    }
}

fn in_time(claims: &Claims, now: i64) -> Result<(), TokenError> {
    // A moment that is none is not taken for one that is absent.
    if seconds(claims.get("exp")).is_none_or(|end| end.saturating_add(SKEW) <= now) {
        return Err(refused("the identity is over"));
    }
    let start = claims.get("nbf").filter(|start| !start.is_null());
    if start.is_some() && seconds(start).is_none_or(|start| start.saturating_sub(SKEW) > now) {
        return Err(refused("the identity does not hold yet"));
    }
    Ok(())
}

/// A moment, which some providers write with a fraction.
fn seconds(moment: Option<&Value>) -> Option<i64> {
    let moment = moment?;
    moment.as_i64().or_else(|| moment.as_f64().map(|seconds| seconds as i64))
}

//! Programs are known by a token, in the header of each of their requests.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::civil::Date;

use super::session::print;
use super::viewing::{Access, Door};
use super::who::{Seat, Viewer};
use crate::store::{self, Store};

/// What tells a token of ours from others: in a leak, it says where to revoke it.
pub const TOKEN_PREFIX: &str = "vigie_";
/// Characters of a token; a longer text is not looked up.
const MOST: usize = 100;

/// What the header of a request carries.
pub(super) enum Carried {
    Nothing,
    /// A token that was never given, is revoked or over, or whose body is no longer there.
    Unknown,
    Token {
        viewer: Viewer,
        print: String,
    },
}

/// # Errors
/// When the store cannot be used.
pub(super) async fn carried(
    access: &Access,
    headers: &HeaderMap,
    store: &Store,
    today: Date,
) -> store::Result<Carried> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(first) = values.next() else { return Ok(Carried::Nothing) };
    if values.next().is_some() {
        return Ok(Carried::Unknown);
    }
    // Other schemes are those of a proxy in front.
    let Some(secret) = first.to_str().ok().and_then(bearer) else { return Ok(Carried::Nothing) };
    if !secret.starts_with(TOKEN_PREFIX) || secret.len() > MOST {
        // A proxy that signs people in may pass on a token of its provider.
        let of_proxy = matches!(access.door, Door::Proxy { .. });
        return Ok(if of_proxy { Carried::Nothing } else { Carried::Unknown });
    }
    let print = print(secret);
    let found = store.tokens().open(&print, today).await?;
    let seat = found.and_then(|token| Seat::from_word(&token.seat)).filter(|seat| access.has(seat));
    Ok(match seat {
        None => Carried::Unknown,
        Some(seat) => {
            let viewer = Viewer { signed_in: true, ..Viewer::default() }.seated(Some(seat));
            Carried::Token { viewer, print }
        }
    })
}

/// The name of the scheme is written in any case (RFC 9110 § 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

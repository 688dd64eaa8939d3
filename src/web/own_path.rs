//! An address of ours that somebody else wrote: the page to return to after a sign-in, the page that a form was on. A
//! redirection to another site would look like ours.

use axum::response::Redirect;
use percent_encoding::percent_decode_str;
use url::Url;

/// Longer than any address that our pages make, and short enough for a cookie.
const MAX: usize = 1000;
/// How often a path may have been encoded: each proxy on the way may decode it once.
const LAYERS: usize = 8;

/// A path of this host with its query, as a browser will resolve it: no scheme, no host, no dot segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPath(String);

/// The first page.
impl Default for OwnPath {
    fn default() -> OwnPath {
        OwnPath("/".to_owned())
    }
}

impl OwnPath {
    /// `None` when any reader on the way, browser or proxy, could take the text for another host or another path.
    #[must_use]
    pub fn parse(text: &str) -> Option<OwnPath> {
        // Browsers leave out the spaces at the end: with them, a dot segment would not look like one.
        let text = text.trim_end_matches(' ');
        if text.len() > MAX || !is_plain(text) {
            return None;
        }
        let path = text.split(['?', '#']).next().unwrap_or_default();
        if !is_own(path) {
            return None;
        }
        // The parser of browsers has the last word, on what it makes of the text as well.
        let host = Url::parse("https://vigie.invalid/").ok()?;
        let url = host.join(text).ok()?;
        let written = url.as_str().strip_prefix(host.as_str())?;
        (url.origin() == host.origin() && written.len() < MAX).then(|| OwnPath(format!("/{written}")))
    }

    /// The path of an absolute address, whichever its host: that of a referrer.
    #[must_use]
    pub fn of_address(address: &str) -> Option<OwnPath> {
        let url = Url::parse(address).ok().filter(Url::has_host)?;
        OwnPath::parse(url.as_str().get(url[..url::Position::BeforePath].len()..)?)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split(['?', '#']).next().unwrap_or_default()
    }

    /// `root` is where browsers see our first page.
    pub fn redirect(&self, root: &str) -> Redirect {
        Redirect::to(&format!("{root}{}", self.0))
    }
}

/// Browsers read a backslash as a slash, and leave out tabs and line ends.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || c == '\\')
}

/// Whether the path begins with one slash and has neither empty nor dot segments, however often it is decoded.
fn is_own(path: &str) -> bool {
    let mut layer = path.to_owned();
    for _ in 0..LAYERS {
        let Some(segments) = layer.strip_prefix('/') else { return false };
        let mut segments = segments.split('/').rev();
        let last = segments.next().unwrap_or_default();
        let dots = |segment: &str| matches!(segment, "." | "..");
        if !is_plain(&layer) || dots(last) || segments.any(|segment| segment.is_empty() || dots(segment)) {
            return false;
        }
        let Ok(decoded) = percent_decode_str(&layer).decode_utf8() else { return false };
        if decoded == layer {
            return true;
        }
        layer = decoded.into_owned();
    }
    false
}

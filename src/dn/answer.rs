//! Reads an answer: whole, in part, or unusable; in the last case, whether the request may have been done all the same.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::{Error, Trouble};
use super::json::{given, shaped};
use super::meaning::{RootError, short};

/// An answer with status 200: data, and the errors that came with it.
#[derive(Debug)]
pub(super) struct Answer<T> {
    pub data: T,
    pub errors: Vec<RootError>,
    /// From when the request left until the answer was read.
    pub took: Duration,
}

/// The body of any answer of the API; the maintenance page says `error`.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct Envelope<T> {
    /// Null is not the same as nothing: a query that is not understood has no data at all.
    #[serde(default = "nothing", deserialize_with = "given")]
    pub data: Option<Option<T>>,
    #[serde(default)]
    pub errors: Option<Vec<RootError>>,
    #[serde(default)]
    pub error: Option<String>,
}

fn nothing<T>() -> Option<T> {
    None
}

/// A failed try, and how long the platform asked to wait.
pub(super) struct Failure {
    pub error: Error,
    pub after: Option<Duration>,
    pub about_token: bool,
    /// What was asked may have been done all the same.
    pub unheard: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, after: None, about_token: false, unheard: false }
    }
}

impl Failure {
    /// Whether the same request is tried again. A query that was too slow will be too slow again: the caller asks for less.
    /// A proxy that timed out is tried once more. A certificate that proves nothing will prove nothing a second later.
    pub(super) fn may_pass(&self, heavy: &mut u32) -> bool {
        match &self.error {
            Error::Later { trouble: Trouble::Away | Trouble::Broken, .. } => true,
            Error::Later { trouble: Trouble::Cut(culprit), .. } => !culprit.lasts(),
            Error::Later { trouble: Trouble::Heavy, .. } => {
                *heavy += 1;
                *heavy < 2
            }
            _ => false,
        }
    }

    pub(super) fn heavy(mut self) -> Failure {
        if let Error::Later { trouble, .. } = &mut self.error {
            *trouble = Trouble::Heavy;
        }
        self
    }
}

pub(super) fn unheard(error: Error) -> Failure {
    Failure { unheard: true, ..Failure::from(error) }
}

pub(super) fn accepted<T: DeserializeOwned>(bytes: &[u8]) -> Result<Answer<T>, Failure> {
    let Envelope { data, errors, .. } = match serde_json::from_slice::<Envelope<T>>(bytes) {
        Ok(envelope) => envelope,
        Err(_) => return Err(misshapen::<T>(bytes)),
    };
    let errors = errors.unwrap_or_default();
    let vague = errors.iter().find(|error| error.is_vague());
    match (data, vague) {
        (Some(_), Some(vague)) => Err(unheard(Error::later(short(&vague.message)))),
        (Some(Some(data)), None) => Ok(Answer { data, errors, took: Duration::ZERO }),
        _ => Err(without_data(&errors)),
    }
}

fn without_data(errors: &[RootError]) -> Failure {
    match errors.first() {
        Some(error) => Failure { unheard: error.may_come_late(), ..error.meaning().into() },
        None => unheard(Error::later("an answer without data")),
    }
}

/// The data has not the expected shape: explained by the errors beside it, else by the path of what is missing.
fn misshapen<T: DeserializeOwned>(bytes: &[u8]) -> Failure {
    let envelope: Option<Envelope<&RawValue>> = serde_json::from_slice(bytes).ok();
    let Some(Envelope { data, errors, .. }) = envelope else {
        return unheard(Error::later("the answer is not the API's JSON (cut, or from a proxy)"));
    };
    let place = data.flatten().and_then(|data| shaped::<T>(data.get()).err());
    match (errors.unwrap_or_default().as_slice(), place) {
        ([], Some(place)) => unheard(Error::later(place)),
        (errors, _) => without_data(errors),
    }
}

/// 429: plain text, the end of the minute in `RateLimit-Reset`, no `Retry-After` (API §1.6). The rest of the minute is
/// computed with the platform's clock or with ours, whichever puts that end within a minute.
pub(super) fn too_many(reset: Option<i64>, clocks: [Option<Timestamp>; 2]) -> Failure {
    let mut left = clocks.into_iter().flatten().filter_map(|now| Some(reset? - now.as_second()));
    let left = left.find(|left| (-2..=61).contains(left)).unwrap_or(60).max(1);
    let after = Some(Duration::from_secs(left.unsigned_abs()));
    Failure { after, ..Failure::from(Error::later("more than 400 requests in a minute")) }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn the_clock_under_which_the_quota_ends_within_a_minute_is_believed() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let waits = |reset, clocks| too_many(reset, clocks).after.unwrap().as_secs();
        assert_eq!(waits(Some(1_000_040), [at(1_000_010), at(1_000_010)]), 30);
        // Our clock is three hours ahead; when the answer has no date either, a whole minute is waited.
        assert_eq!(waits(Some(1_000_040), [at(1_000_010), at(1_010_810)]), 30);
        assert_eq!(waits(Some(1_000_040), [None, at(1_010_810)]), 60);
        assert_eq!(waits(Some(1_000_040), [at(1_000_041), None]), 1);
        assert_eq!(waits(None, [at(5), at(5)]), 60);
    }

    #[test]
    fn only_a_whole_answer_is_believed() {
        let read = |text: &str| accepted::<IgnoredAny>(text.as_bytes());
        assert!(read(r#"{"data":{"a":1}}"#).is_ok());
        let vague = read(r#"{"data":{"a":1},"errors":[{"message":"degraded"}]}"#).unwrap_err();
        assert!(vague.unheard && matches!(vague.error, Error::Later { trouble: Trouble::Away, .. }));
        let null = read(r#"{"data":null,"errors":[{"message":"degraded"}]}"#).unwrap_err();
        assert!(matches!(null.error, Error::Later { .. }), "{}", null.error);
        // A query that is not understood has no data at all: trying again is of no use.
        let refused = read(r#"{"errors":[{"message":"Field 'x' doesn't exist"}]}"#).unwrap_err();
        assert!(!refused.unheard && matches!(refused.error, Error::Changed { .. }), "{}", refused.error);
        assert!(read("{\"data\":{\"a\":").is_err() && read("<html>").is_err() && read("").is_err());
    }
}

//! What each kind of failure means, classified by what to do next (API §1.3).

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use super::error::{Error, Trouble};
use label::wording::platform::Remedy;

/// One entry of the root `errors`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RootError {
    pub message: String,
    /// Some servers write null where others write nothing.
    pub path: Option<Vec<Json>>,
    pub extensions: Option<Extensions>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extensions {
    pub code: Option<String>,
    pub exception_id: Option<String>,
}

/// Which part of a page an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PagePart {
    /// The dossier at this rank.
    Dossier(usize),
    /// A null by which nothing is lost: the same dossier under `edges`, or one row of the deleted ones.
    Harmless,
    Whole,
}

impl RootError {
    pub(super) fn place(&self) -> PagePart {
        let path = self.path.as_deref().unwrap_or_default();
        let [root, list, kind, Json::Number(rank), ..] = path else { return PagePart::Whole };
        if root != "perimetre" {
            return PagePart::Whole;
        }
        match (list.as_str(), kind.as_str()) {
            (Some("dossiers"), Some("nodes")) => rank
                .as_u64()
                .and_then(|rank| usize::try_from(rank).ok())
                .map_or(PagePart::Whole, PagePart::Dossier),
            // The pages of the list without contents are « p0 » to « p9 ».
            (Some("dossiers" | "recents"), Some("edges")) => PagePart::Harmless,
            (Some(page), Some("edges")) if page.len() == 2 && page.starts_with('p') => PagePart::Harmless,
            (Some("pendingDeletedDossiers" | "deletedDossiers"), Some("nodes")) => PagePart::Harmless,
            _ => PagePart::Whole,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.extensions.as_ref()?.code.as_deref()
    }

    /// Neither a path nor a code: nothing shows what failed, so the answer is not used.
    pub(super) fn is_vague(&self) -> bool {
        self.path.as_deref().unwrap_or_default().is_empty() && self.code().is_none()
    }

    /// The platform failed during the work and not before it: the work may have been done.
    pub(super) fn may_come_late(&self) -> bool {
        matches!(self.code(), Some("timeout" | "internal_server_error" | "invalid_null"))
    }

    /// What to do about an error beside a mutation. After a failure during the work, the mutation may have been done. A
    /// dossier that is hidden, moved or gone does not prevent the others from being written.
    pub(super) fn of_a_write(&self) -> Error {
        let why = short(&self.message);
        match self.code() {
            Some("not_found" | "unauthorized") => Error::Changed { why },
            _ if self.may_come_late() => Error::Later { why, trouble: Trouble::Unheard },
            _ => self.meaning(),
        }
    }

    /// What to do about an error of the whole answer.
    pub(super) fn meaning(&self) -> Error {
        let message = short(&self.message);
        let refused = |remedy: Remedy| Error::Refused { why: message.clone(), remedy: remedy.into() };
        match self.code() {
            Some("timeout") => Error::slow(message),
            None if message.starts_with("Timeout") => Error::slow(message),
            Some("unauthorized" | "deprecated_token") => refused(Remedy::Access),
            Some("not_found") => refused(Remedy::Numbers),
            Some("forbidden") => refused(Remedy::TokenOrNetworks),
            Some("internal_server_error" | "invalid_null") => Error::broken(message),
            _ if message.starts_with("Query has complexity") => Error::slow(message),
            _ => Error::Changed { why: message },
        }
    }
}

pub(super) fn moved(location: Option<String>) -> Error {
    let to = location.unwrap_or_else(|| "another address".to_owned());
    Error::Refused { why: format!("the platform moved to {to}"), remedy: Remedy::Moved(to).into() }
}

/// Any status but 200, 429 and the redirections.
pub(super) fn refused(status: StatusCode, first: Option<RootError>, said: Option<String>) -> Error {
    let message = first.as_ref().map(|error| error.message.clone()).or(said).unwrap_or_default();
    let message = short(&message);
    let refused = |why: String, remedy: Remedy| Error::Refused { why, remedy: remedy.into() };
    match status {
        StatusCode::UNAUTHORIZED => refused(format!("401 {message}"), Remedy::NewToken),
        StatusCode::FORBIDDEN if message.contains("network") => {
            refused(format!("403 {message}"), Remedy::ThisNetwork)
        }
        StatusCode::FORBIDDEN => {
            refused("403 the token is missing, mistyped or revoked".to_owned(), Remedy::TokenFile)
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            refused(format!("{status}: nothing answers there"), Remedy::Endpoint)
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            let quote = first.and_then(|error| error.extensions?.exception_id);
            let quote = quote.map(|id| format!(" (exception {})", short(&id))).unwrap_or_default();
            // The message is most often the status in words.
            Error::broken(format!("{} {message}{quote}", status.as_u16()))
        }
        // A proxy that timed out, or a success without the API's answer.
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Error::later(format!("{status} {message}")),
        status if status.is_server_error() || status.is_success() => {
            Error::later(format!("{status} {message}"))
        }
        status => refused(format!("{status} {message}"), Remedy::Version),
    }
}

/// « Dossier not found » and « An object of type Dossier was hidden due to permissions » (API §1.3).
pub(super) fn is_absent(why: &str) -> bool {
    why == "Dossier not found" || why.starts_with("An object of type Dossier was hidden")
}

/// A message of the platform, cut to 200 characters without control characters, for one line of a log.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_code(code: &str) -> RootError {
        let extensions = Some(Extensions { code: Some(code.to_owned()), exception_id: None });
        RootError {
            message: "Timeout on Mutation.dossierModifierAnnotations".to_owned(),
            path: None,
            extensions,
        }
    }

    #[test]
    fn a_write_that_ran_out_of_time_may_have_been_done() {
        let unheard = |error: Error| matches!(error, Error::Later { trouble: Trouble::Unheard, .. });
        assert!(unheard(with_code("timeout").of_a_write()));
        assert!(unheard(with_code("internal_server_error").of_a_write()));
        assert!(matches!(with_code("unauthorized").of_a_write(), Error::Changed { .. }));
        assert!(matches!(with_code("forbidden").of_a_write(), Error::Refused { .. }));
    }
}

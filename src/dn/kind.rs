//! What a request asks for, to be counted by.

use serde_json::Value as Json;

/// What a request asks for. The words are those of the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// What changed.
    Observe,
    /// The same, with the form.
    Form,
    /// The whole list, by night.
    List,
    /// One dossier by its number.
    Dossier,
    /// The addresses of attachments.
    Files,
    /// The messages of a dossier.
    Correspondence,
    Annotation,
    Message,
    Other,
}

impl RequestKind {
    pub const ALL: [RequestKind; 9] = [
        RequestKind::Observe,
        RequestKind::Form,
        RequestKind::List,
        RequestKind::Dossier,
        RequestKind::Files,
        RequestKind::Correspondence,
        RequestKind::Annotation,
        RequestKind::Message,
        RequestKind::Other,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            RequestKind::Observe => "observe",
            RequestKind::Form => "form",
            RequestKind::List => "list",
            RequestKind::Dossier => "dossier",
            RequestKind::Files => "files",
            RequestKind::Correspondence => "correspondence",
            RequestKind::Annotation => "annotation",
            RequestKind::Message => "message",
            RequestKind::Other => "other",
        }
    }

    /// By the name of its operation (`graphql/`).
    pub(super) fn of(body: &Json) -> RequestKind {
        match body["operationName"].as_str() {
            Some("ObserveDemarche" | "ObserveGroupe") => match body["variables"]["withForm"] == true {
                true => RequestKind::Form,
                false => RequestKind::Observe,
            },
            Some("ListDemarche" | "ListGroupe") => RequestKind::List,
            Some("ObserveDossier") => RequestKind::Dossier,
            Some("AttachmentAddresses") => RequestKind::Files,
            Some("Correspondence") => RequestKind::Correspondence,
            Some("Annotate") => RequestKind::Annotation,
            Some("SendMessage") => RequestKind::Message,
            _ => RequestKind::Other,
        }
    }
}

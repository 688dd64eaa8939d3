//! Why a sign-in failed.

/// Why a sign-in failed; for the log, without anything of the person's nor of what was exchanged.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    #[error("the answer proves nothing: {0}")]
    Answer(String),
}

impl Refusal {
    pub(super) fn provider(why: &str) -> Refusal {
        Refusal::Provider(why.to_owned())
    }

    pub(super) fn answer(why: &str) -> Refusal {
        Refusal::Answer(why.to_owned())
    }
}

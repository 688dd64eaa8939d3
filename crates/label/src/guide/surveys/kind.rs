//! §3.4 — the two surveys of the guide.

/// The people asked by a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SurveyKind {
    Users,
    Staff,
}

impl SurveyKind {
    pub const ALL: [SurveyKind; 2] = [SurveyKind::Users, SurveyKind::Staff];

    /// The guide's word, as the keys of mails hold it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            SurveyKind::Users => "usagers",
            SurveyKind::Staff => "agents",
        }
    }
}

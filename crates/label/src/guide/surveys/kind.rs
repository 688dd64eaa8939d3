//! §3.4 — the two surveys of the guide.

/// The people asked by a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SurveyKind {
    /// *Enquête usagers* (§3.4.1).
    Users,
    /// *Enquête agents* (§3.4.2).
    Staff,
}

impl SurveyKind {
    /// Both, in the order of the guide.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of a mail that was sent is compared with these words for as long as it is kept.
    #[test]
    fn the_words_of_both_surveys() {
        assert_eq!(SurveyKind::ALL.map(SurveyKind::key), ["usagers", "agents"]);
    }
}

//! The names of stages. They are part of the keys of mails in existing ledgers, so no text here may change.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Identifies one reminder among those of a deadline. `J` is the nominal day of the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageName {
    /// « J ».
    Day,
    /// « J-30 »: so many days before the nominal day.
    Before(u32),
    /// « J+30 »: so many days after the nominal day.
    After(u32),
    /// « R+7 »: so many days after the first day of lateness.
    Overdue(u32),
    /// « M »: a month before the visit.
    Month,
    /// « M-14 »: so many days before that month begins.
    BeforeMonth(u32),
    /// « M+3 »: so many months after a first notice.
    MonthsAfter(u32),
    /// « visite-1m »: so many months before the visit.
    BeforeVisit(u32),
    /// « demande »: the day of the certification body's request.
    Request,
    /// « franche »: the strict reading of a delay (F-09).
    Strict,
    /// « reception »: the day on which the report came.
    Reception,
    /// « debut »: the first day of a suspension.
    Start,
    /// « ouverture »: the first day of a window.
    Opening,
    /// « ouverture-30 »: so many days before a window opens.
    BeforeOpening(u32),
    /// « T »: the theoretical day of a follow-up.
    Theory,
    /// « T-30 »: so many days before the theoretical day.
    BeforeTheory(u32),
    /// « T-4m »: so many months before the theoretical day.
    MonthsBeforeTheory(u32),
    /// « cloture-7 »: so many days before a window closes.
    BeforeClosing(u32),
    /// « cloture+1 »: so many days after a window closed.
    AfterClosing(u32),
    /// « fin »: the last day of the label.
    End,
    /// « fin-6m »: so many months before the last day of the label.
    BeforeEnd(u32),
    /// « avis »: the only stage of a notice.
    Notice,
    /// « reponses »: the only stage of a survey that lacks answers.
    Answers,
    /// « perime »: documents that will be too old, in the keys of earlier versions.
    Stale,
}

/// Names without a number.
const PLAIN: [(StageName, &str); 12] = [
    (StageName::Day, "J"),
    (StageName::Month, "M"),
    (StageName::Request, "demande"),
    (StageName::Strict, "franche"),
    (StageName::Reception, "reception"),
    (StageName::Start, "debut"),
    (StageName::Opening, "ouverture"),
    (StageName::Theory, "T"),
    (StageName::End, "fin"),
    (StageName::Notice, "avis"),
    (StageName::Answers, "reponses"),
    (StageName::Stale, "perime"),
];

/// Makes the name that has a number.
type WithNumber = fn(u32) -> StageName;

/// Names with a number, and what stands before and after it.
const NUMBERED: [(WithNumber, &str, &str); 12] = [
    (StageName::Before, "J-", ""),
    (StageName::After, "J+", ""),
    (StageName::Overdue, "R+", ""),
    (StageName::BeforeMonth, "M-", ""),
    (StageName::MonthsAfter, "M+", ""),
    (StageName::BeforeVisit, "visite-", "m"),
    (StageName::BeforeOpening, "ouverture-", ""),
    (StageName::BeforeTheory, "T-", ""),
    (StageName::MonthsBeforeTheory, "T-", "m"),
    (StageName::BeforeClosing, "cloture-", ""),
    (StageName::AfterClosing, "cloture+", ""),
    (StageName::BeforeEnd, "fin-", "m"),
];

impl StageName {
    /// True around the last day of a window.
    #[must_use]
    pub fn is_closing(self) -> bool {
        matches!(self, StageName::BeforeClosing(_) | StageName::AfterClosing(_))
    }

    fn number(self) -> Option<u32> {
        match self {
            StageName::Before(number)
            | StageName::After(number)
            | StageName::Overdue(number)
            | StageName::BeforeMonth(number)
            | StageName::MonthsAfter(number)
            | StageName::BeforeVisit(number)
            | StageName::BeforeOpening(number)
            | StageName::BeforeTheory(number)
            | StageName::MonthsBeforeTheory(number)
            | StageName::BeforeClosing(number)
            | StageName::AfterClosing(number)
            | StageName::BeforeEnd(number) => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, text)) = PLAIN.iter().find(|(name, _)| name == self) {
            return f.write_str(text);
        }
        let Some(number) = self.number() else { return Ok(()) };
        match NUMBERED.iter().find(|(name, ..)| name(number) == *self) {
            Some((_, before, after)) => write!(f, "{before}{number}{after}"),
            None => Ok(()),
        }
    }
}

/// A text that is not the name of a stage in any version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a stage")]
pub struct UnknownStage(pub String);

impl FromStr for StageName {
    type Err = UnknownStage;

    fn from_str(text: &str) -> Result<StageName, UnknownStage> {
        let plain = PLAIN.iter().find(|(_, name)| *name == text).map(|(name, _)| *name);
        let numbered = || {
            NUMBERED.iter().find_map(|(name, before, after)| {
                let number = text.strip_prefix(before)?.strip_suffix(after)?;
                Some(name(number.parse().ok()?))
            })
        };
        // Refuses « J-07 », which `Display` would write as « J-7 ».
        let found = plain.or_else(numbered).filter(|name| name.to_string() == text);
        found.ok_or_else(|| UnknownStage(text.to_owned()))
    }
}

impl Serialize for StageName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_read_back_as_it_is_written() {
        let numbered = NUMBERED.iter().flat_map(|(name, ..)| [0, 1, 30, u32::MAX].map(name));
        for name in PLAIN.iter().map(|(name, _)| *name).chain(numbered) {
            let text = name.to_string();
            assert!(!text.is_empty(), "{name:?}");
            assert_eq!(text.parse(), Ok(name), "{text}");
        }
        for text in ["", "J-", "J-07", "J-+7", "T-4", "T-4m", "fin-3", "cloture", "J -1", "perimé"] {
            let read: Result<StageName, UnknownStage> = text.parse();
            let known = ["T-4", "T-4m"].contains(&text);
            assert_eq!(read.is_ok(), known, "{text}");
        }
    }
}

//! The identity of a mail, « DOSSIER/CODE/DAY/STAGE/ROLE »: the same key is never sent twice. Existing ledgers hold these
//! texts, so that none may change.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::case::Decision;
use crate::guide::surveys::kind::SurveyKind;
use crate::judge::agenda::{Obligation, Role, StageName};

/// The identity of a mail about one dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailKey {
    /// Number of the dossier that the mail is about.
    pub dossier: i64,
    /// What the mail is about: a deadline, a decision, another event.
    pub code: MailCode,
    /// The deadline's nominal day, or the day of the event.
    pub day: Date,
    /// Which of a deadline's reminders; « avis » for every other mail, save « reponses » for a survey that lacks answers.
    pub stage: StageName,
    /// The reader: each reader of the same thing has a key of their own.
    pub role: Role,
}

/// The subject of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailCode {
    /// « O-18 », or « O-18-2 » for the third of several alike: a reminder of a deadline.
    Deadline {
        /// The line of part C of the catalogue.
        obligation: Obligation,
        /// Its rank among deadlines of the same obligation, from 0; 0 is not written in the text.
        occurrence: u8,
    },
    /// « N-labellise »: a decision of the certification body.
    Decision(Decision),
    /// « N-corrige-labellise »: a decision that was announced no longer holds as it was.
    Corrected(Decision),
    /// « N-depot »: a dossier was deposited.
    Deposit,
    /// « N-retroplanning »: the timetable up to the audit.
    Timetable,
    /// « N-perime »: documents will be too old on the day of the audit.
    Stale,
    /// « N-enquete-usagers »: a survey lacks answers.
    Survey(SurveyKind),
    /// « N-date-retiree »: a day that was sent no longer exists.
    DateGone,
    /// « N-date-retablie »: a day that was taken out of a calendar stands again.
    DateBack,
    /// « N-doute-00f3… »: a decision is in doubt; the number that tells the doubt from the dossier's others.
    Doubted(u64),
    /// « N-adresse »: a mail server refuses the address of the service.
    Address,
}

impl MailCode {
    /// True for the reminders of a deadline.
    #[must_use]
    pub fn is_deadline(self) -> bool {
        matches!(self, MailCode::Deadline { .. })
    }

    /// The number of the doubt that the mail is about.
    #[must_use]
    pub fn doubt(self) -> Option<u64> {
        match self {
            MailCode::Doubted(id) => Some(id),
            _ => None,
        }
    }

    /// True when another day for the same thing replaces the one sent before.
    #[must_use]
    pub fn is_movable(self) -> bool {
        self.is_deadline() || self == MailCode::Timetable
    }
}

impl fmt::Display for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MailCode::Deadline { obligation, occurrence: 0 } => f.write_str(obligation.code()),
            MailCode::Deadline { obligation, occurrence } => write!(f, "{}-{occurrence}", obligation.code()),
            MailCode::Decision(decision) => write!(f, "N-{}", decision.key()),
            MailCode::Corrected(decision) => write!(f, "N-corrige-{}", decision.key()),
            MailCode::Deposit => f.write_str("N-depot"),
            MailCode::Timetable => f.write_str("N-retroplanning"),
            MailCode::Stale => f.write_str("N-perime"),
            MailCode::Survey(kind) => write!(f, "N-enquete-{}", kind.key()),
            MailCode::DateGone => f.write_str("N-date-retiree"),
            MailCode::DateBack => f.write_str("N-date-retablie"),
            MailCode::Doubted(id) => write!(f, "N-doute-{id:016x}"),
            MailCode::Address => f.write_str("N-adresse"),
        }
    }
}

/// Why a text is no key of a mail about a dossier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the key of a mail: {fault}")]
pub struct BadMailKey {
    /// The whole text, as it was given.
    pub text: String,
    /// The first part, from the left, that cannot be read; `Form` when each can.
    pub fault: MailKeyFault,
}

/// The part of a key that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailKeyFault {
    /// There are fewer or more than five parts between « / »: also for the keys of mails that are about no dossier.
    #[error("it does not have five parts")]
    Parts,
    /// The first part is not an integer.
    #[error("the dossier is not a number")]
    Dossier,
    /// The second part is none of the texts of [`MailCode`].
    #[error("the code is unknown")]
    Code,
    /// The third part is not a date that exists.
    #[error("the day is not a date")]
    Day,
    /// The fourth part is none of the texts of [`StageName`].
    #[error("the stage is unknown")]
    Stage,
    /// The fifth part is the key of no [`Role`].
    #[error("the role is unknown")]
    Role,
    /// Each part can be read, but is not written so: « 042 » for a dossier, « O-18-0 » for a code.
    #[error("it is not written as keys are")]
    Form,
}

impl FromStr for MailCode {
    type Err = MailKeyFault;

    fn from_str(text: &str) -> Result<MailCode, MailKeyFault> {
        if let Some(name) = text.strip_prefix("N-") {
            return notice(name).ok_or(MailKeyFault::Code);
        }
        if let Some(obligation) = Obligation::from_code(text) {
            return Ok(MailCode::Deadline { obligation, occurrence: 0 });
        }
        let (code, occurrence) = text.rsplit_once('-').ok_or(MailKeyFault::Code)?;
        let obligation = Obligation::from_code(code).ok_or(MailKeyFault::Code)?;
        let occurrence = occurrence.parse().map_err(|_| MailKeyFault::Code)?;
        Ok(MailCode::Deadline { obligation, occurrence })
    }
}

fn notice(name: &str) -> Option<MailCode> {
    match name {
        "depot" => Some(MailCode::Deposit),
        "retroplanning" => Some(MailCode::Timetable),
        "perime" => Some(MailCode::Stale),
        "date-retiree" => Some(MailCode::DateGone),
        "date-retablie" => Some(MailCode::DateBack),
        "adresse" => Some(MailCode::Address),
        _ => match name.split_once('-') {
            Some(("enquete", kind)) => {
                SurveyKind::ALL.into_iter().find(|known| known.key() == kind).map(MailCode::Survey)
            }
            Some(("doute", id)) => u64::from_str_radix(id, 16).ok().map(MailCode::Doubted),
            Some(("corrige", decision)) => Decision::from_key(decision).map(MailCode::Corrected),
            _ => Decision::from_key(name).map(MailCode::Decision),
        },
    }
}

impl fmt::Display for MailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}/{}", self.dossier, self.code, self.day, self.stage, self.role.key())
    }
}

impl FromStr for MailKey {
    type Err = BadMailKey;

    fn from_str(text: &str) -> Result<MailKey, BadMailKey> {
        let bad = |fault| BadMailKey { text: text.to_owned(), fault };
        let read = || {
            let parts: Vec<&str> = text.split('/').collect();
            let [dossier, code, day, stage, role] = parts.try_into().map_err(|_| MailKeyFault::Parts)?;
            Ok(MailKey {
                dossier: dossier.parse().map_err(|_| MailKeyFault::Dossier)?,
                code: code.parse()?,
                day: day.parse().map_err(|_| MailKeyFault::Day)?,
                stage: stage.parse().map_err(|_| MailKeyFault::Stage)?,
                role: Role::from_key(role).ok_or(MailKeyFault::Role)?,
            })
        };
        let key: MailKey = read().map_err(bad)?;
        // Refuses texts that `Display` would write otherwise (« 042 », « O-18-0 »).
        if key.to_string() == text { Ok(key) } else { Err(bad(MailKeyFault::Form)) }
    }
}

impl Serialize for MailKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> Vec<MailCode> {
        let deadline = |obligation| [0, 1, 9].map(|occurrence| MailCode::Deadline { obligation, occurrence });
        let mut codes: Vec<MailCode> = Obligation::ALL.iter().copied().flat_map(deadline).collect();
        codes.extend(Decision::ALL.map(|(decision, _)| MailCode::Decision(decision)));
        codes.extend(SurveyKind::ALL.map(MailCode::Survey));
        codes.extend([0, 9, u64::MAX].map(MailCode::Doubted));
        codes.extend([
            MailCode::Deposit,
            MailCode::Timetable,
            MailCode::Stale,
            MailCode::Address,
            MailCode::DateGone,
            MailCode::DateBack,
        ]);
        codes
    }

    #[test]
    fn every_code_is_read_back_as_it_is_written() {
        for code in codes() {
            assert_eq!(code.to_string().parse(), Ok(code));
        }
    }

    #[test]
    fn keys_of_existing_ledgers_are_read_and_written_to_the_letter() {
        for text in [
            "501/N-labellise/2026-09-01/avis/candidat",
            "502/N-depot/2027-02-10/avis/organisme",
            "1/O-04/2027-02-28/J-7/candidat",
            "4243/O-07/2027-06-21/franche/organisme",
            "4243/O-18-2/2029-06-21/R+84/central",
            "4243/O-02/2027-06-21/perime/organisme",
            "7/N-enquete-agents/2027-06-21/reponses/candidat",
            "7/N-doute-00f3a1b2c3d4e5f6/2027-06-21/avis/organisme",
        ] {
            let key: MailKey = text.parse().unwrap();
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_key_says_which_part_cannot_be_read() {
        for (text, fault) in [
            ("digest/2027-02-01/organisme", MailKeyFault::Parts),
            ("1/O-04/2027-02-28/J-7/candidat/x", MailKeyFault::Parts),
            ("x/O-04/2027-02-28/J-7/candidat", MailKeyFault::Dossier),
            ("1/O-99/2027-02-28/J-7/candidat", MailKeyFault::Code),
            ("1/N-autre/2027-02-28/avis/candidat", MailKeyFault::Code),
            ("1/O-04/2027-02-30/J-7/candidat", MailKeyFault::Day),
            ("1/O-04/2027-02-28/J/7/candidat", MailKeyFault::Parts),
            ("1/O-04/2027-02-28/K-7/candidat", MailKeyFault::Stage),
            ("1/O-04/2027-02-28/J-7/maire", MailKeyFault::Role),
            ("01/O-04/2027-02-28/J-7/candidat", MailKeyFault::Form),
            ("1/O-04-0/2027-02-28/J-7/candidat", MailKeyFault::Form),
            ("1/N-doute-f3/2027-02-28/avis/organisme", MailKeyFault::Form),
            ("1/N-doute-g/2027-02-28/avis/organisme", MailKeyFault::Code),
        ] {
            let read: Result<MailKey, BadMailKey> = text.parse();
            assert_eq!(read, Err(BadMailKey { text: text.to_owned(), fault }));
        }
    }
}

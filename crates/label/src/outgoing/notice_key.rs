//! The types of event of notices, and the identity of a notice: « DOSSIER/EVENT/DAY », or « 0/mois.bilan/MONTH »; findings,
//! deadlines and readings say after the day which of several it is. The same key is sent once to each receiver. Existing
//! stores and receivers hold these texts, so that none may change.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::judge::agenda::Obligation;

/// A type of event, as the configuration and the receivers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// A label was awarded or renewed, or an award was written for a follow-up or an extension.
    Awarded,
    /// A label went up to a higher tier.
    Raised,
    /// A label was suspended (§5.3.1).
    Suspended,
    /// A suspension was lifted (R-5.3.1-i).
    Lifted,
    /// A label was withdrawn by a decision (§5.3.2).
    Withdrawn,
    /// The last day of a label passed without a renewal (R-5.3.2-d).
    Expired,
    /// Decisions that were announced no longer hold as they were.
    Corrected,
    /// The report of a past month: labels that began and ended in it, and those in force.
    Month,
    /// Findings that a dossier did not have when it was last judged.
    Findings,
    /// The last day of an obligation came, and nothing shows that it was met.
    Deadline,
    /// Decisions that contradict the rest of the dossier.
    Doubtful,
    /// Decisions that were said to be doubtful no longer are.
    NoLongerDoubtful,
    /// A section of the platform can no longer be read.
    ReadingStopped,
    /// It is read again.
    ReadingResumed,
}

impl NoticeKind {
    /// Every type of event, in the order of the variants: those that the register shows come first.
    pub const ALL: [NoticeKind; 14] = [
        NoticeKind::Awarded,
        NoticeKind::Raised,
        NoticeKind::Suspended,
        NoticeKind::Lifted,
        NoticeKind::Withdrawn,
        NoticeKind::Expired,
        NoticeKind::Corrected,
        NoticeKind::Month,
        NoticeKind::Findings,
        NoticeKind::Deadline,
        NoticeKind::Doubtful,
        NoticeKind::NoLongerDoubtful,
        NoticeKind::ReadingStopped,
        NoticeKind::ReadingResumed,
    ];

    /// Its text in keys, in the configuration and in the body of a notice: « label.attribue ».
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeKind::Awarded => "label.attribue",
            NoticeKind::Raised => "label.palier_superieur",
            NoticeKind::Suspended => "label.suspendu",
            NoticeKind::Lifted => "label.suspension_levee",
            NoticeKind::Withdrawn => "label.retire",
            NoticeKind::Expired => "label.expire",
            NoticeKind::Corrected => "label.corrige",
            NoticeKind::Month => "mois.bilan",
            NoticeKind::Findings => "constats.nouveaux",
            NoticeKind::Deadline => "echeance.atteinte",
            NoticeKind::Doubtful => "decision.douteuse",
            NoticeKind::NoLongerDoubtful => "decision.doute_leve",
            NoticeKind::ReadingStopped => "lecture.arretee",
            NoticeKind::ReadingResumed => "lecture.reprise",
        }
    }

    /// Whether a receiver that names no event is told: of labels alone, which the register shows to everybody. What goes on
    /// in a dossier is told to whoever asks for it by name.
    #[must_use]
    pub fn is_of_the_register(self) -> bool {
        self <= NoticeKind::Month
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for NoticeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A text that names no type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a type of event")]
pub struct UnknownNoticeKind;

impl FromStr for NoticeKind {
    type Err = UnknownNoticeKind;

    fn from_str(text: &str) -> Result<NoticeKind, UnknownNoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownNoticeKind)
    }
}

/// A section of `[dn]`, as the store names it: « demarche/N », or « groupe/N ».
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadSection {
    /// The dossiers of the démarche of that number.
    Demarche(i64),
    /// The dossiers of the group of instructeurs of that number.
    Groupe(i64),
}

impl fmt::Display for ReadSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadSection::Demarche(number) => write!(f, "demarche/{number}"),
            ReadSection::Groupe(number) => write!(f, "groupe/{number}"),
        }
    }
}

impl FromStr for ReadSection {
    type Err = UnknownNoticeKind;

    fn from_str(text: &str) -> Result<ReadSection, UnknownNoticeKind> {
        let (kind, number) = text.split_once('/').ok_or(UnknownNoticeKind)?;
        let number = number.parse().map_err(|_| UnknownNoticeKind)?;
        match kind {
            "demarche" => Ok(ReadSection::Demarche(number)),
            "groupe" => Ok(ReadSection::Groupe(number)),
            _ => Err(UnknownNoticeKind),
        }
    }
}

/// The identity of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKey {
    /// An event of a label, of one of the first seven kinds.
    Label {
        /// Number of the dossier of the decision; that of the case for an expiry.
        dossier: i64,
        /// One of the first seven of [`NoticeKind::ALL`].
        kind: NoticeKind,
        /// Of an award, the day of deposit; of another decision, the day on which it counts; of an expiry, the last valid day;
        /// of a correction, the day on which it was first put, or a later one when that key is taken.
        day: Date,
    },
    /// The report of a month, about no dossier.
    Month {
        /// The year of the month that is reported.
        year: i16,
        /// The month that is reported, from 1 to 12.
        month: i8,
    },
    /// A change of the findings of a dossier.
    Found {
        /// Number of the dossier.
        dossier: i64,
        /// `Findings`, `Doubtful` or `NoLongerDoubtful`.
        kind: NoticeKind,
        /// The day of the judgement that found the change.
        day: Date,
        /// How often the findings of the dossier had changed before.
        after: i64,
        /// Which of several notices about the same change, from 1; 1 is not written in the text.
        part: u8,
    },
    /// The last working day of an obligation.
    Deadline {
        /// Number of the dossier that the deadline belongs to.
        dossier: i64,
        /// The extended day of the deadline: the last one on which it is not late.
        day: Date,
        /// The line of part C of the catalogue.
        obligation: Obligation,
        /// Its rank among deadlines of the same obligation, from 0, as in [`Due`](crate::judge::agenda::Due).
        occurrence: u8,
    },
    /// A section that cannot be read since an instant, or could not and is read again.
    Reading {
        /// `ReadingStopped` or `ReadingResumed`.
        kind: NoticeKind,
        /// The instant since which it cannot, or could not, be read: the same in both notices.
        since: Timestamp,
        /// The section of `[dn]`.
        section: ReadSection,
    },
}

impl NoticeKey {
    /// The key of the report of the month that holds `day`.
    #[must_use]
    pub fn month_of(day: Date) -> NoticeKey {
        NoticeKey::Month { year: day.year(), month: day.month() }
    }

    /// The type of event of the notice that has this key.
    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        match self {
            NoticeKey::Label { kind, .. }
            | NoticeKey::Found { kind, .. }
            | NoticeKey::Reading { kind, .. } => *kind,
            NoticeKey::Month { .. } => NoticeKind::Month,
            NoticeKey::Deadline { .. } => NoticeKind::Deadline,
        }
    }
}

impl fmt::Display for NoticeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoticeKey::Label { dossier, kind, day } => write!(f, "{dossier}/{kind}/{day}"),
            NoticeKey::Month { year, month } => write!(f, "0/{}/{year:04}-{month:02}", NoticeKind::Month),
            NoticeKey::Found { dossier, kind, day, after, part: 1 } => {
                write!(f, "{dossier}/{kind}/{day}/{after}")
            }
            NoticeKey::Found { dossier, kind, day, after, part } => {
                write!(f, "{dossier}/{kind}/{day}/{after}-{part}")
            }
            NoticeKey::Deadline { dossier, day, obligation, occurrence } => {
                write!(f, "{dossier}/{}/{day}/{}-{occurrence}", NoticeKind::Deadline, obligation.code())
            }
            NoticeKey::Reading { kind, since, section } => write!(f, "0/{kind}/{since}/{section}"),
        }
    }
}

/// A text that is not the key of a notice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the key of a notice")]
pub struct BadNoticeKey(pub String);

impl FromStr for NoticeKey {
    type Err = BadNoticeKey;

    fn from_str(text: &str) -> Result<NoticeKey, BadNoticeKey> {
        // Refuses texts that `Display` would write otherwise (« 042/… », « 7/mois.bilan/… »).
        read(text).filter(|key| key.to_string() == text).ok_or_else(|| BadNoticeKey(text.to_owned()))
    }
}

fn read(text: &str) -> Option<NoticeKey> {
    let mut parts = text.splitn(3, '/');
    let (dossier, kind, rest) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let (day, which) = rest.split_once('/').unwrap_or((rest, ""));
    match kind {
        NoticeKind::Month => format!("{rest}-01").parse().ok().map(NoticeKey::month_of),
        NoticeKind::Findings | NoticeKind::Doubtful | NoticeKind::NoLongerDoubtful => {
            let (after, part) = which.split_once('-').unwrap_or((which, "1"));
            let (after, part) = (after.parse().ok()?, part.parse().ok()?);
            Some(NoticeKey::Found { dossier, kind, day: day.parse().ok()?, after, part })
        }
        NoticeKind::Deadline => {
            let (code, occurrence) = which.rsplit_once('-')?;
            let (obligation, occurrence) = (Obligation::from_code(code)?, occurrence.parse().ok()?);
            Some(NoticeKey::Deadline { dossier, day: day.parse().ok()?, obligation, occurrence })
        }
        NoticeKind::ReadingStopped | NoticeKind::ReadingResumed => {
            Some(NoticeKey::Reading { kind, since: day.parse().ok()?, section: which.parse().ok()? })
        }
        kind => Some(NoticeKey::Label { dossier, kind, day: rest.parse().ok()? }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn keys_have_the_texts_of_existing_stores_and_are_read_back() {
        let day = date(2027, 5, 4);
        let texts = [
            "12/label.attribue/2027-05-04",
            "12/label.palier_superieur/2027-05-04",
            "12/label.suspendu/2027-05-04",
            "12/label.suspension_levee/2027-05-04",
            "12/label.retire/2027-05-04",
            "12/label.expire/2027-05-04",
            "12/label.corrige/2027-05-04",
            "0/mois.bilan/2027-05",
            "12/constats.nouveaux/2027-05-04/7",
            "12/echeance.atteinte/2027-05-04/O-18-2",
            "12/decision.douteuse/2027-05-04/7",
            "12/decision.doute_leve/2027-05-04/7",
            "0/lecture.arretee/2027-05-04T08:00:00.5Z/groupe/34",
            "0/lecture.reprise/2027-05-04T08:00:00.5Z/groupe/34",
        ];
        for (kind, text) in NoticeKind::ALL.into_iter().zip(texts) {
            let key = match kind {
                NoticeKind::Month => NoticeKey::month_of(day),
                NoticeKind::Findings | NoticeKind::Doubtful | NoticeKind::NoLongerDoubtful => {
                    NoticeKey::Found { dossier: 12, kind, day, after: 7, part: 1 }
                }
                NoticeKind::Deadline => {
                    let obligation = Obligation::from_code("O-18").unwrap();
                    NoticeKey::Deadline { dossier: 12, day, obligation, occurrence: 2 }
                }
                NoticeKind::ReadingStopped | NoticeKind::ReadingResumed => {
                    let since = "2027-05-04T08:00:00.5Z".parse().unwrap();
                    NoticeKey::Reading { kind, since, section: ReadSection::Groupe(34) }
                }
                kind => NoticeKey::Label { dossier: 12, kind, day },
            };
            assert_eq!((key.to_string().as_str(), key.kind()), (text, kind));
            assert_eq!(text.parse(), Ok(key));
        }
        let second = NoticeKey::Found { dossier: 12, kind: NoticeKind::Findings, day, after: 7, part: 2 };
        assert_eq!("12/constats.nouveaux/2027-05-04/7-2".parse(), Ok(second));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "12",
            "12/label.attribue",
            "12/label.vendu/2027-05-04",
            "012/label.expire/2027-05-04",
            "12/label.expire/2027-05",
            "12/label.expire/2027-05-04/2",
            "12/mois.bilan/2027-05",
            "0/mois.bilan/2027-05-04",
            "0/mois.bilan/2027-13",
            "0/label.expire/20270504",
            "12/constats.nouveaux/2027-05-04",
            "12/constats.nouveaux/2027-05-04/7-1",
            "12/echeance.atteinte/2027-05-04/O-18",
            "12/echeance.atteinte/2027-05-04/O-999-0",
            "0/lecture.arretee/2027-05-04T08:00:00Z/dossier/34",
            "7/lecture.arretee/2027-05-04T08:00:00Z/groupe/34",
        ] {
            assert!(text.parse::<NoticeKey>().is_err(), "{text}");
        }
    }
}

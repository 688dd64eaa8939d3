//! The types of event of notices, and the identity of a notice: « DOSSIER/EVENT/DAY », or « 0/mois.bilan/MONTH ». The same
//! key is sent once to each receiver. Existing stores and receivers hold these texts, so that none may change.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A type of event, as the configuration and the receivers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    Awarded,
    Raised,
    Suspended,
    Lifted,
    Withdrawn,
    Expired,
    /// Decisions that were announced no longer hold as they were.
    Corrected,
    /// The report of a past month: labels that began and ended in it, and those in force.
    Month,
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 8] = [
        NoticeKind::Awarded,
        NoticeKind::Raised,
        NoticeKind::Suspended,
        NoticeKind::Lifted,
        NoticeKind::Withdrawn,
        NoticeKind::Expired,
        NoticeKind::Corrected,
        NoticeKind::Month,
    ];

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
        }
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

/// The identity of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKey {
    /// An event of a label; `kind` is never [`NoticeKind::Month`].
    Label { dossier: i64, kind: NoticeKind, day: Date },
    /// The report of a month, about no dossier; `month` counts from 1.
    Month { year: i16, month: i8 },
}

impl NoticeKey {
    /// The key of the report of the month that holds `day`.
    #[must_use]
    pub fn month_of(day: Date) -> NoticeKey {
        NoticeKey::Month { year: day.year(), month: day.month() }
    }

    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        match self {
            NoticeKey::Label { kind, .. } => *kind,
            NoticeKey::Month { .. } => NoticeKind::Month,
        }
    }
}

impl fmt::Display for NoticeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoticeKey::Label { dossier, kind, day } => write!(f, "{dossier}/{kind}/{day}"),
            NoticeKey::Month { year, month } => write!(f, "0/{}/{year:04}-{month:02}", NoticeKind::Month),
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
        let read = || {
            let mut parts = text.splitn(3, '/');
            let (dossier, kind, day) = (parts.next()?, parts.next()?, parts.next()?);
            match kind.parse().ok()? {
                NoticeKind::Month => format!("{day}-01").parse().ok().map(NoticeKey::month_of),
                kind => {
                    Some(NoticeKey::Label { dossier: dossier.parse().ok()?, kind, day: day.parse().ok()? })
                }
            }
        };
        // Refuses texts that `Display` would write otherwise (« 042/… », « 7/mois.bilan/… »).
        read().filter(|key| key.to_string() == text).ok_or_else(|| BadNoticeKey(text.to_owned()))
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
        ];
        for (kind, text) in NoticeKind::ALL.into_iter().zip(texts) {
            let key = match kind {
                NoticeKind::Month => NoticeKey::month_of(day),
                kind => NoticeKey::Label { dossier: 12, kind, day },
            };
            assert_eq!((key.to_string().as_str(), key.kind()), (text, kind));
            assert_eq!(text.parse(), Ok(key));
        }
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
        ] {
            assert!(text.parse::<NoticeKey>().is_err(), "{text}");
        }
    }
}

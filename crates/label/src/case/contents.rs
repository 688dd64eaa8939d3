//! What a case holds: its dossiers and decisions, the results of inspecting its files, and its network.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::event::{Decision, Event};
use crate::case::facts::{Facts, PlatformState, Value};
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::service::{Demande, Service};
use crate::case::settled::Settled;
use crate::case::table::{TableKind, TableReading};
use crate::guide::attached::CentralStanding;
use crate::guide::tiers::Tier;

/// Something about a case that the certification body must settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Another application of the same service is open.
    SameService {
        /// Id of the other application's case.
        other: i64,
    },
    /// A follow-up, an extension or a renewal that fits no dossier, or several.
    Unattached {
        /// How many cases it could belong to: 0, or 2 and more.
        candidates: usize,
    },
    /// The decision is not in the form any more, and the form does not show why. The last one seen still counts.
    DecisionErased {
        /// The dossier whose form held the decision.
        dossier: i64,
    },
    /// The decision was emptied in the form, or declared void: it does not count any more.
    DecisionWithdrawn {
        /// The dossier whose form held the decision.
        dossier: i64,
        /// The decision that does not count any more.
        decision: Decision,
        /// The day on which it counted; `None` when it had no date.
        on: Option<Date>,
    },
    /// The dossier is decided on the platform, and no export tells what was decided in it.
    DecisionUntold {
        /// The dossier that was decided.
        dossier: i64,
    },
    /// « Annulée » without a decision that it could be about.
    NothingToAnnul {
        /// The dossier whose form says « annulée ».
        dossier: i64,
    },
    /// The dossier named as the previous one is not known here.
    UnknownPrevious {
        /// The number that it names (`dossier_precedent`).
        number: i64,
    },
    /// A follow-up, an extension or a renewal that names no dossier, whose SIRET has no first application, while another
    /// establishment of the same SIREN has one: the service may have moved.
    PerhapsMoved {
        /// The dossier that opened the case of the other establishment.
        number: i64,
    },
    /// The dossier named as the previous one is about another SIRET. `moved`: another establishment of the same SIREN, as
    /// after a move.
    OtherService {
        /// The number that it names (`dossier_precedent`).
        number: i64,
        /// True when both SIRET are of one SIREN.
        moved: bool,
    },
}

/// What a dossier says today in the place of what is kept since its award; `None`: nothing any more.
pub type SaidSince = BTreeMap<Key, Option<Value>>;

/// One service's life: application, follow-ups, renewal, suspension…
///
/// Its JSON leaves out the facts of its dossiers, which the record keeps apart: each version of them once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The number of the dossier that opened it.
    pub id: i64,
    /// The kind of service, from the dossier that opened it.
    pub service: Service,
    /// By day of deposit, then number; the first one opened the case.
    #[serde(skip)]
    pub dossiers: Vec<Facts>,
    /// Decisions, by day.
    pub events: Vec<Event>,
    /// What the certification body must settle about it; empty when nothing is doubtful.
    pub doubts: Vec<Doubt>,
    /// Days on which an earlier application of the same service was refused.
    pub refusals: Vec<Date>,
    /// By dossier, how many times its audit was postponed.
    pub postponements: BTreeMap<i64, usize>,
    /// By dossier, the marks as they were first read once the report was sent.
    pub reported_marks: BTreeMap<i64, BTreeMap<Key, Value>>,
    /// By dossier, what it says since the award in the place of what its facts still hold ([`awarded`](super::awarded)).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said_since: BTreeMap<i64, SaidSince>,
    /// The results of inspecting attachments, by checksum.
    pub inspections: Inspections,
    /// The contents of tables among them, by checksum and kind.
    #[serde(with = "pairs")]
    pub tables: BTreeMap<(String, TableKind), TableReading>,
    /// By dossier, attachments that disappeared without a change by the candidate: the field and the name of the file.
    pub vanished: BTreeMap<i64, BTreeMap<Key, String>>,
    /// Overdue deadlines that a person found settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<Settled>,
    /// For an attached local, what is true of its central service on the day that is judged; absent when the form has no
    /// field that names it.
    pub central: Option<CentralStanding>,
    /// For a central service: its locals, each once, in order of their case.
    pub locals: Vec<Local>,
}

/// What a central's judgement needs of one of its locals. A service that applied several times is one local.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// Its case; of several, the latest.
    pub case: i64,
    /// As shown to people: that of its latest dossier.
    pub name: String,
    /// Of its first dossier; `None` when not known. Cases of one SIRET are one local (F-41).
    pub siret: Option<String>,
    /// What its applications and renewals gave, by day.
    pub results: Vec<LocalResult>,
    /// Its periods of validity, by first day.
    pub held: Vec<Held>,
    /// The visits of its applications without a decision yet: first and last day.
    pub awaited: Vec<(Date, Date)>,
    /// The latest of each kind, for the network's board.
    pub self_assessment: Option<Date>,
    /// The day of the latest survey of users, not after the day that is judged; `None` when none is known.
    pub users_survey: Option<Date>,
    /// The day of the latest survey of staff, not after the day that is judged; `None` when none is known.
    pub staff_survey: Option<Date>,
}

/// The decision on one application or renewal of a local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalResult {
    /// The day on which the decision counts.
    pub on: Date,
    /// True for an award, false for a refusal.
    pub labelled: bool,
}

/// A local's label over one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    pub to: Date,
    /// The tier held from each day on; `None`: not stated.
    pub tiers: Vec<(Date, Option<Tier>)>,
}

impl Held {
    /// The tier held on a day; before the first one, that one. `None` when it is not stated. `to` is not looked at.
    #[must_use]
    pub fn tier_on(&self, day: Date) -> Option<Tier> {
        let before = self.tiers.iter().rev().find(|(from, _)| *from <= day);
        before.or(self.tiers.first()).and_then(|(_, tier)| *tier)
    }
}

impl Local {
    /// The period in which it is labelled on `day`.
    #[must_use]
    pub fn held_on(&self, day: Date) -> Option<&Held> {
        self.held.iter().rev().find(|held| held.from <= day && day <= held.to)
    }

    /// Its tier on `day`, when it is labelled: `Some(None)` is a label whose tier is not stated.
    #[must_use]
    pub fn tier_on(&self, day: Date) -> Option<Option<Tier>> {
        self.held_on(day).map(|held| held.tier_on(day))
    }

    /// The day of its last decision by `day`.
    #[must_use]
    pub fn decided_by(&self, day: Date) -> Option<Date> {
        self.results.iter().map(|result| result.on).filter(|on| *on <= day).max()
    }
}

impl Case {
    /// The dossier that matters now: the latest deposited.
    #[must_use]
    pub fn current(&self) -> Option<&Facts> {
        self.dossiers.last()
    }

    /// The SIRET whose first application is looked for among the other establishments of its SIREN: none is known for it.
    #[must_use]
    pub fn siret_without_application(&self) -> Option<&str> {
        self.siret().filter(|_| self.doubts.contains(&Doubt::Unattached { candidates: 0 }))
    }

    /// Proposes the application `other`, the only one known of another establishment of the same SIREN.
    pub fn perhaps_moved_from(&mut self, other: &Facts) {
        let kind = Service::of(other);
        let proposed = Demande::of(other) == Demande::Initial
            && (self.service == Service::Unknown || self.service == kind)
            && !self.holds(other.number)
            && same_siren(self.siret(), other.siret.as_deref());
        for doubt in self.doubts.iter_mut().filter(|_| proposed) {
            if *doubt == (Doubt::Unattached { candidates: 0 }) {
                *doubt = Doubt::PerhapsMoved { number: other.number };
            }
        }
    }

    /// Which label the decisions are about, or what was decided, is not known: nobody but the body is told of the label.
    #[must_use]
    pub fn label_is_doubtful(&self) -> bool {
        let untold = |doubt: &Doubt| matches!(doubt, Doubt::DecisionUntold { .. });
        self.attachment_is_doubtful() || self.doubts.iter().any(untold)
    }

    /// Which earlier dossier it follows is not known: what is decided in it may be about another label.
    #[must_use]
    pub fn attachment_is_doubtful(&self) -> bool {
        let unsure = |doubt: &Doubt| match doubt {
            Doubt::Unattached { .. }
            | Doubt::PerhapsMoved { .. }
            | Doubt::UnknownPrevious { .. }
            | Doubt::OtherService { .. } => true,
            Doubt::SameService { .. }
            | Doubt::DecisionErased { .. }
            | Doubt::DecisionUntold { .. }
            | Doubt::DecisionWithdrawn { .. }
            | Doubt::NothingToAnnul { .. } => false,
        };
        self.doubts.iter().any(unsure)
    }

    /// The number of the dossier that an attached local names as its central's: the latest dossier that says it.
    #[must_use]
    pub fn central_named(&self) -> Option<i64> {
        let named = |facts: &Facts| facts.link(Key::CentralDossier);
        self.dossiers.iter().rev().find_map(named).filter(|_| self.service == Service::LocalRattache)
    }

    /// Whether an attached local has a central service that can be written to.
    #[must_use]
    pub fn central_is_known(&self) -> bool {
        self.central.is_some_and(CentralStanding::is_known)
    }

    /// The SIRET of its first dossier; `None` when that one has none.
    #[must_use]
    pub fn siret(&self) -> Option<&str> {
        self.dossiers.first().and_then(|facts| facts.siret.as_deref())
    }

    /// The dossier of that number; `None` when it is not one of the case.
    #[must_use]
    pub fn dossier(&self, number: i64) -> Option<&Facts> {
        self.dossiers.iter().find(|facts| facts.number == number)
    }

    /// True when the dossier of that number is one of the case.
    #[must_use]
    pub fn holds(&self, dossier: i64) -> bool {
        self.dossiers.iter().any(|facts| facts.number == dossier)
    }

    /// What is known of an attached local's central before any other case is looked at.
    pub(super) fn central_alone(&self) -> Option<CentralStanding> {
        let standing = match self.central_named() {
            None => CentralStanding::NotNamed,
            Some(number) if self.holds(number) => CentralStanding::Itself(number),
            Some(number) => CentralStanding::Unknown(number),
        };
        (self.service == Service::LocalRattache).then_some(standing)
    }

    /// The name of the service, from its latest dossier; empty for a case without dossiers.
    #[must_use]
    pub fn name(&self) -> String {
        self.current().map(Facts::name).unwrap_or_default()
    }
}

impl Case {
    pub(crate) fn is_refused(&self) -> bool {
        let closed = |facts: &Facts| matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite);
        let rejected = self.events.last().is_some_and(|event| event.decision == Decision::Rejete);
        rejected || (self.events.is_empty() && self.dossiers.iter().all(closed))
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_refused() || self.events.last().is_some_and(|event| event.decision == Decision::Retrait)
    }
}

/// Whether two SIRET are of establishments of one SIREN.
pub(super) fn same_siren(one: Option<&str>, other: Option<&str>) -> bool {
    let siren = |siret: Option<&str>| siret.and_then(|siret| siret.get(..9)).map(str::to_owned);
    siren(one).is_some() && siren(one) == siren(other)
}

/// A map as a list of pairs, because a key of JSON is a text.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

//! Whose public holidays count for a dossier (F-29), and where that is read.

use serde::Serialize;

use crate::case::body::body_of;
use crate::case::facts::Facts;
use crate::case::frame::{DayOff, Frame};
use crate::case::keys::Key;
use crate::guide::calendar::{Calendar, Zone};
use crate::guide::choices::HolidaysOf;
use crate::guide::departements;

/// The zone whose public holidays are used, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneUsed {
    /// The zone, under the reading of F-29 in force.
    pub zone: Zone,
    /// Where the zone was read.
    pub origin: ZoneOrigin,
}

/// Where the zone of a dossier is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneOrigin {
    /// The field `zone_feries`.
    Stated,
    /// The field `departement`.
    Departement,
    /// Neither is filled in: the zone of its certification body.
    Body,
    /// Neither is filled in: the whole country's days.
    Unstated,
    /// The département is not recognised: the whole country's days.
    Unrecognised,
    /// The reading of F-29 takes the whole country's days for all.
    Reading,
}

impl ZoneUsed {
    /// The zone of a dossier: the stated one, else that of its département (F-29), else that of its certification body.
    #[must_use]
    pub fn of(facts: &Facts, frame: &Frame) -> ZoneUsed {
        let stated = facts.choice(Key::ZoneFeries).and_then(Zone::from_key);
        let written = facts.text(Key::Departement);
        let read = written.and_then(departements::zone);
        let of_body = body_of(facts, frame).0.and_then(|body| body.zone);
        let origin = match (frame.choices.holidays_of, stated, written, read) {
            (HolidaysOf::Metropole, ..) => ZoneOrigin::Reading,
            (_, Some(_), ..) => ZoneOrigin::Stated,
            (.., Some(_)) => ZoneOrigin::Departement,
            (.., Some(_), None) => ZoneOrigin::Unrecognised,
            (.., None, None) if of_body.is_some() => ZoneOrigin::Body,
            (.., None, None) => ZoneOrigin::Unstated,
        };
        let of_body = of_body.filter(|_| origin == ZoneOrigin::Body);
        ZoneUsed { zone: Zone::in_force(stated.or(read).or(of_body), &frame.choices), origin }
    }

    /// The working days of the zone, with the operator's own days off.
    #[must_use]
    pub fn calendar(self, frame: &Frame) -> Calendar {
        let here = |off: &&DayOff| off.zone.is_none_or(|zone| zone == self.zone);
        Calendar {
            zone: self.zone,
            extra: frame.extra_holidays.iter().filter(here).map(|off| off.day).collect(),
        }
    }
}

/// The working days of a dossier.
pub(crate) fn calendar(facts: &Facts, frame: &Frame) -> Calendar {
    ZoneUsed::of(facts, frame).calendar(frame)
}

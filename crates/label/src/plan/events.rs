//! What a machine is told of a label: the same occasions as the notices to DITP, and the label's expiry. Pure.
//!
//! What is told holds no personal data: the service, its label, the decision and its days, under the register's names.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame};
use crate::judge::Review;
use crate::life::State;
use crate::plan::mails::occasion;

/// Every type of event, as the configuration and the receivers name it.
pub const TYPES: [&str; 7] = [
    "label.attribue",
    "label.palier_superieur",
    "label.suspendu",
    "label.suspension_levee",
    "label.retire",
    "label.expire",
    MONTH,
];

/// The report of a month that is over: what began and ended in it, and what is in force.
pub const MONTH: &str = "mois.bilan";

/// One thing that happened to a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The identity of what happened: told once for it to each receiver.
    pub key: String,
    pub kind: &'static str,
    pub dossier: i64,
    pub data: Data,
}

/// The part of a notice that describes the label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Data {
    pub case: i64,
    pub dossier: i64,
    pub nom: String,
    pub siret: Option<String>,
    pub departement: Option<String>,
    pub organisme: Option<String>,
    pub palier: Option<&'static str>,
    pub statut: &'static str,
    pub decision: Option<&'static str>,
    pub date_decision: Option<Date>,
    pub date_notification: Option<Date>,
    pub date_effet: Option<Date>,
    pub date_fin: Option<Date>,
}

/// A notice for one receiver, to put in the outbox once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub key: String,
    /// The place of the receiver in the configuration, from 1: its address is nobody's business.
    pub receiver: usize,
    pub notice: Notice,
}

/// Every notice that should have gone out by today, of what happened since `since`.
#[must_use]
pub fn wanted_notices(review: &Review, case: &Case, frame: &Frame, since: Date) -> Vec<Notice> {
    let decided = case.events.iter().filter_map(|event| {
        let kind = kind(event.decision)?;
        let day = occasion(event, review, case, frame, since)?;
        Some(notice(kind, day, event.dossier, Some(event), review, case))
    });
    decided.chain(expiry(review, case, since)).collect()
}

fn kind(decision: Decision) -> Option<&'static str> {
    Some(match decision {
        Decision::Labellise => "label.attribue",
        Decision::PalierSuperieur => "label.palier_superieur",
        Decision::Suspension => "label.suspendu",
        Decision::Levee => "label.suspension_levee",
        Decision::Retrait => "label.retire",
        Decision::Rejete | Decision::Confirme | Decision::PlanActions => return None,
    })
}

fn expiry(review: &Review, case: &Case, since: Date) -> Option<Notice> {
    let ends = review.label.as_ref()?.ends;
    let over = review.state == State::Expire && ends < review.today && ends >= since;
    over.then(|| notice("label.expire", ends, case.id, None, review, case))
}

fn notice(
    kind: &'static str,
    day: Date,
    dossier: i64,
    event: Option<&Event>,
    review: &Review,
    case: &Case,
) -> Notice {
    let facts = case.dossiers.iter().find(|facts| facts.number == dossier).or(case.current());
    let text = |key| facts.and_then(|facts| facts.text(key)).map(str::to_owned);
    let label = review.label.as_ref();
    let tier = event.and_then(|event| event.tier).or(label.and_then(|label| label.tier));
    let data = Data {
        case: review.case,
        dossier,
        nom: review.name.clone(),
        siret: facts.and_then(|facts| facts.siret.clone()),
        departement: text(Key::Departement),
        organisme: text(Key::Organisme),
        palier: tier.map(|tier| tier.key()),
        statut: review.state.key(),
        decision: event.map(|event| event.decision.key()),
        date_decision: event.and_then(|event| event.decided),
        date_notification: event.and_then(|event| event.notified),
        date_effet: event.and_then(|event| event.effective),
        date_fin: label.map(|label| label.ends),
    };
    Notice { key: format!("{dossier}/{kind}/{day}"), kind, dossier, data }
}

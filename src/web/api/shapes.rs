//! What several answers hold: the label on a day, a finding, a deadline. Their fields have the names of the register's columns
//! where it has them; each is filled from what the pages show.

use jiff::civil::Date;
use label::judge::Review;
use label::judge::agenda::{Due, Obligation, Status};
use label::judge::finding::Level;
use label::life::Standing;
use label::wording::found::Found;
use label::wording::{findings, names};
use label::{Tier, plain};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::deadlines::DeadlineStatus;
use crate::store::work::WorkLine;

/// The label as it stands on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LabelStanding {
    statut: String,
    statut_depuis: Date,
    palier: Option<String>,
    date_decision: Option<Date>,
    date_notification: Option<Date>,
    debut_periode: Date,
    date_fin: Date,
    dernier_jour: Date,
    suspension_debut: Option<Date>,
    suspension_delai: Option<Date>,
    suspension_fin_max: Option<Date>,
    retrait_le: Option<Date>,
    renouvele_le: Option<Date>,
}

impl From<&Standing> for LabelStanding {
    fn from(label: &Standing) -> LabelStanding {
        let suspended = label.suspended();
        LabelStanding {
            statut: names::label_status(label.status).to_owned(),
            statut_depuis: label.since,
            palier: label.tier.map(Tier::key).map(str::to_owned),
            date_decision: label.decided,
            date_notification: label.notified,
            debut_periode: label.starts,
            date_fin: label.last_day(),
            dernier_jour: label.last_day_if_nothing_is_done(),
            suspension_debut: suspended.map(|one| one.since),
            suspension_delai: suspended.and_then(|one| one.lift_by),
            suspension_fin_max: suspended.map(|one| one.limit),
            retrait_le: label.withdrawn,
            renouvele_le: label.renewed_from,
        }
    }
}

/// What was found in a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Constat {
    cas: i64,
    dossier: i64,
    nom: String,
    organisme: Option<String>,
    id: String,
    niveau: &'static str,
    regle: Option<String>,
    section: Option<String>,
    qui: String,
    champ: Option<String>,
    texte: String,
}

pub(super) const LEVELS: [(Level, &str); 5] = [
    (Level::Ko, "ko"),
    (Level::Missing, "missing"),
    (Level::ToCheck, "to_check"),
    (Level::Unknown, "unknown"),
    (Level::Ok, "ok"),
];

impl Constat {
    /// Whether it has this level.
    pub fn is(&self, level: &str) -> bool {
        self.niveau == level
    }

    /// A finding of a dossier of a service of that name.
    pub fn of(found: &Found, (case, dossier): (i64, i64), name: &str, body: &str) -> Constat {
        // What the platform itself says follows from no rule of the guide.
        let of_the_guide = |text: &String| (found.rule != "DN").then(|| text.clone());
        let level = LEVELS.iter().find(|(level, _)| *level == found.level);
        Constat {
            cas: case,
            dossier,
            nom: plain::line(name),
            organisme: named(body),
            id: found.id.clone(),
            niveau: level.map_or("", |(_, key)| key),
            regle: of_the_guide(&found.rule),
            section: of_the_guide(&found.section),
            qui: found.owner.clone(),
            champ: found.field.map(|field| field.name().to_owned()),
            texte: found.text.clone(),
        }
    }
}

/// One dated obligation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Echeance {
    cas: i64,
    dossier: i64,
    nom: String,
    organisme: Option<String>,
    code: String,
    occurrence: i64,
    titre: String,
    qui: Option<&'static str>,
    ouvre_le: Option<Date>,
    le: Date,
    jour_ouvre: Date,
    etat: &'static str,
    regle: String,
    section: String,
}

fn word(status: DeadlineStatus) -> &'static str {
    match status {
        DeadlineStatus::Upcoming => "a_venir",
        DeadlineStatus::Late => "en_retard",
        DeadlineStatus::Passed => "passee",
        DeadlineStatus::Done | DeadlineStatus::DoneLate => "faite",
    }
}

impl From<&WorkLine> for Echeance {
    fn from(line: &WorkLine) -> Echeance {
        Echeance {
            cas: line.case_id,
            dossier: line.dossier,
            nom: plain::line(&line.name),
            organisme: named(&line.organisme),
            code: line.code.clone(),
            occurrence: line.occurrence,
            titre: line.title.clone(),
            qui: Obligation::from_code(&line.code).map(|obligation| obligation.owner().key()),
            ouvre_le: line.opens,
            le: line.due,
            jour_ouvre: line.extended,
            etat: word(line.status),
            regle: line.rule.clone(),
            section: line.section.clone(),
        }
    }
}

impl Echeance {
    pub fn of(due: &Due, review: &Review) -> Echeance {
        let (code, rule, section) = due.obligation.reference();
        Echeance {
            cas: review.case,
            dossier: due.dossier,
            nom: plain::line(&review.name),
            organisme: review.body_of(due.dossier).and_then(named),
            code: code.to_owned(),
            occurrence: i64::from(due.occurrence),
            titre: findings::due_title(due),
            qui: Some(due.obligation.owner().key()),
            ouvre_le: due.window.as_ref().map(|window| window.opens),
            le: due.deadline.nominal,
            jour_ouvre: due.deadline.extended,
            etat: word(<DeadlineStatus as From<Status>>::from(due.status)),
            regle: rule.to_owned(),
            section: section.to_owned(),
        }
    }
}

/// A text that may be empty.
pub(super) fn named(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| plain::line(text))
}

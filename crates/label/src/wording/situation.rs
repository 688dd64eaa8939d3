//! The simulator for candidates: what a head of office types, and what is answered.

use crate::Tier;
use crate::case::Service;
use crate::case::keys::Key;
use crate::judge::agenda::{Due, Obligation};
use crate::situation::Phase;

use super::findings;

/// Above the dates of a phase.
#[must_use]
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Audit => "Jusqu’à l’audit",
        Phase::Decision => "Du rapport à la décision, si chacun prend tout le délai qu’il a",
        Phase::Label => "Les trois années du label, s’il est accordé ce jour-là",
    }
}

/// What a date is, for a reader who does not know the guide.
#[must_use]
pub fn milestone(due: &Due) -> String {
    match due.obligation {
        Obligation::Launch => {
            "Lancer les deux enquêtes au plus tard (conseil : deux mois avant l’audit)".to_owned()
        }
        Obligation::Deposit => "Déposer le dossier au plus tard (un mois avant l’audit)".to_owned(),
        Obligation::Plan => "L’organisme envoie le plan d’audit au plus tard".to_owned(),
        Obligation::Report => "L’organisme transmet le rapport d’audit au plus tard".to_owned(),
        Obligation::Observations => "Fin du délai pour répondre au rapport".to_owned(),
        Obligation::Decide => {
            "Décision attendue (le guide ne fixe pas de délai : durée indicative)".to_owned()
        }
        Obligation::SurveyFresh => {
            "Dernier jour d’audit pour lequel les enquêtes restent valables".to_owned()
        }
        Obligation::SelfAssessmentFresh => {
            "Dernier jour d’audit pour lequel l’autodiagnostic reste valable".to_owned()
        }
        Obligation::NewCampaign => "Une nouvelle campagne d’enquêtes peut commencer".to_owned(),
        _ => findings::due_title(due),
    }
}

/// What the marks give; `failed` when one of them, or a condition of the network, is not met.
#[must_use]
pub fn verdict(service: Service, tier: Option<Tier>, any_mark: bool, failed: bool) -> String {
    let of = if service == Service::Central { "Le réseau donne" } else { "Les notes donnent" };
    match tier {
        Some(tier) => format!("{of} le palier {}.", super::tier(tier)),
        None if failed => "Le palier Bronze n’est pas encore atteint.".to_owned(),
        None if any_mark => "Le palier n’est pas encore connu : il manque des réponses.".to_owned(),
        None => "Donnez les notes que vous avez pour voir le palier.".to_owned(),
    }
}

/// That the calendar goes on from a label that nothing gives yet.
pub const SUPPOSED: &str =
    "La suite suppose un label Bronze : la situation décrite ne donne encore aucun palier.";

/// In place of the calendar of `/simulateur` when no first day of audit is typed.
pub const NO_AUDIT_DAY: &str = "Indiquez le premier jour d’audit souhaité pour voir le calendrier, en arrière jusqu’aux enquêtes et en avant sur trois ans.";

/// Title of the page `/simulateur` where its link is shared.
pub const TITLE: &str = "Label « Services Publics + » : où en est votre service ?";
/// Under the form of `/simulateur`: the address holds everything, nothing is stored.
pub const NOTHING_KEPT: &str =
    "Rien n’est enregistré : tout est dans l’adresse de cette page, que vous pouvez garder ou envoyer.";

/// What is asked for, as the question of a form.
#[must_use]
pub fn question(key: Key) -> &'static str {
    match key {
        Key::UsagersSollicites => "Usagers sollicités",
        Key::UsagersRecevables => "Réponses d’usagers recevables",
        Key::EnqueteUsagersCloture => "Fin de l’enquête usagers",
        Key::NoteUsagers => "Note de l’enquête usagers (sur 100)",
        Key::AgentsConcernes => "Agents du service (effectif concerné)",
        Key::AgentsSollicites => "Agents sollicités",
        Key::AgentsRecevables => "Réponses d’agents recevables",
        Key::EnqueteAgentsCloture => "Fin de l’enquête agents",
        Key::NoteAgents => "Note de l’enquête agents (sur 100)",
        Key::AutodiagnosticLe => "Date de l’autodiagnostic",
        Key::IndicateursDepuis => "Indicateurs affichés depuis le",
        Key::ScoreE1 => "Engagement 1",
        Key::ScoreE2 => "Engagement 2",
        Key::ScoreE3 => "Engagement 3",
        Key::ScoreE4 => "Engagement 4",
        Key::ScoreE5 => "Engagement 5",
        Key::ScoreE6 => "Engagement 6",
        Key::ScoreE7 => "Engagement 7",
        Key::ScoreE8 => "Engagement 8",
        Key::ScoreOr => "Critères Or",
        Key::NLocaux => "Services locaux rattachés",
        Key::AutodiagnosticsFournis => "Autodiagnostics fournis par les locaux",
        Key::PointsValides => "Points de contrôle validés au siège",
        Key::PointsTotal => "Points de contrôle vérifiés au siège",
        Key::AuditDebut => "Premier jour d’audit souhaité",
        Key::Departement => "Département",
        _ => "",
    }
}

/// Why something typed is not used.
#[must_use]
pub fn not_used(question: &str, typed: &str, why: NotUsed) -> String {
    let typed: String = typed.chars().take(40).collect();
    let why = match why {
        NotUsed::Count => "un nombre entier est attendu, par exemple 120",
        NotUsed::Mark => "une note de 0 à 100 est attendue, par exemple 79,5",
        NotUsed::Date => "une date est attendue, par exemple 2027-06-30",
        NotUsed::Locals => "c’est plus de locaux que le simulateur n’en compte",
    };
    format!("{question} : « {typed} » n’est pas pris en compte, {why}.")
}

/// What was expected in place of something typed into the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotUsed {
    /// A whole number.
    Count,
    /// A mark from 0 to 100, both inclusive.
    Mark,
    /// A civil date.
    Date,
    /// Fewer locals: the number is above what the simulator computes.
    Locals,
}

/// In the event of a date.
#[must_use]
pub fn note(section: &str, rule: &str) -> String {
    let of_the_guide = match rule {
        "DN" => String::new(),
        rule => format!("§ {section} du guide ({rule}). "),
    };
    format!("{of_the_guide}Calculé par le simulateur pour une situation décrite ; rien n’est déposé.")
}

//! Sentences about a network: what is missing for a central's label, and what is true of a local's central.

use jiff::civil::Date;

use crate::case::Decision;
use crate::guide::attached::CentralStanding;
use crate::guide::central::{CentralFault, CentralUnknown};
use crate::guide::follow_up::central::{CentralIssue, Comparison};
use crate::guide::tiers::Tier;
use crate::judge::coherence::incoherence::NetworkIncoherence;
use crate::judge::network::{ThreeQuarters, YearlySurveys};

use super::names::{self, date_full, date_short};

/// One condition of a central's label that is not met (§2.2.2).
pub(super) fn condition(fault: CentralFault) -> String {
    match fault {
        CentralFault::Sample { audited, required } => {
            format!(
                "Locaux audités dans l’année : {audited} ; il en faut {required} (racine carrée, arrondie au-dessus)"
            )
        }
        CentralFault::LabelledLocals { labelled, required } => {
            format!(
                "Locaux labellisés parmi les audités : {labelled} ; il en faut {required} (75 %, arrondis au-dessus)"
            )
        }
        CentralFault::Points { validated, checked } => {
            format!("Points de contrôle : {validated} sur {checked}")
        }
        CentralFault::SelfAssessments { missing } => format!("Autodiagnostics locaux manquants : {missing}"),
    }
}

/// A contradiction between a decision on a central, or an audit of it, and its network.
pub(super) fn incoherence(incoherence: NetworkIncoherence) -> String {
    match incoherence {
        NetworkIncoherence::Condition { decision, fault } => {
            format!("Service central {} : {} ; vérifiez la décision", done(decision), at_decision(fault))
        }
        NetworkIncoherence::NotEntered { decision, unknown } => format!(
            "Service central {} sans {} : à saisir, ou vérifiez la décision",
            done(decision),
            match unknown {
                CentralUnknown::Results => "résultat d’audit local",
                CentralUnknown::Points => "points de contrôle saisis",
                CentralUnknown::SelfAssessments => "nombre d’autodiagnostics locaux saisi",
            }
        ),
        NetworkIncoherence::Tier { decided, given } => format!(
            "Palier décidé {}, la majorité des locaux de l’année donne {} : vérifiez les décisions des locaux ou le palier",
            names::tier(decided),
            names::tier(given)
        ),
        NetworkIncoherence::AuditedBeforeLocals { audited, known, required, later } => {
            before_locals(&date_short(audited), known, required, later)
        }
        NetworkIncoherence::RaisedWithoutAudit => {
            "Palier supérieur décidé sans audit de ce service : un local rattaché est relevé à sa demande, par un audit, jamais par le suivi de son central (F-44) ; indiquez le dossier de l’audit ou corrigez la décision"
                .to_owned()
        }
    }
}

fn done(decision: Decision) -> &'static str {
    match decision {
        Decision::Confirme => "confirmé",
        Decision::PalierSuperieur => "passé au palier supérieur",
        _ => "labellisé",
    }
}

fn at_decision(fault: CentralFault) -> String {
    match fault {
        CentralFault::Points { validated, checked } => {
            format!("{validated} points de contrôle validés sur {checked}, il en faut 75 %")
        }
        other => condition(other),
    }
}

fn before_locals(audited: &str, known: u64, required: u64, later: u64) -> String {
    let waiting = match later {
        0 => String::new(),
        1 => " ; un local doit encore être visité ce jour-là ou après".to_owned(),
        many => format!(" ; {many} locaux doivent encore être visités ce jour-là ou après"),
    };
    format!(
        "Audit du service central le {audited} : résultats locaux connus ce jour-là, {known} sur {required}{waiting}. L’audit du central suit ceux de ses locaux, une fois leurs résultats disponibles : vérifiez les dates"
    )
}

/// Three quarters of the sample, still within reach.
pub(super) fn at_risk(three: &ThreeQuarters) -> String {
    format!(
        "75 % de locaux labellisés : {} refus sur un échantillon de {}, qui en permet {} ; le seuil peut encore être atteint",
        three.refused, three.sample, three.may_be_refused
    )
}

/// What the year's majority gives when it is compared with the tier held.
pub(super) fn compared_otherwise(other: Comparison) -> String {
    let result = match other.issue {
        CentralIssue::Raised => format!("le palier serait {}", names::tier(other.tier)),
        CentralIssue::Lowered => format!("le palier serait abaissé à {}", names::tier(other.tier)),
        CentralIssue::ActionPlan => "un plan d’actions serait demandé".to_owned(),
        CentralIssue::Confirmed | CentralIssue::MoreLocals if other.alert.is_some() => {
            "elle lui serait inférieure, et le palier maintenu".to_owned()
        }
        CentralIssue::Confirmed | CentralIssue::MoreLocals => "le palier serait confirmé".to_owned(),
    };
    format!(
        "Majorité de l’année comparée à celle des locaux de l’année N, comme l’écrit le guide ; comparée au palier détenu, {result} (F-38)"
    )
}

/// The yearly surveys of a central's labelled locals, at its follow-up.
pub(super) fn yearly_surveys(surveys: &YearlySurveys) -> String {
    let YearlySurveys { audit, labelled, missing } = surveys;
    let audit = date_short(*audit);
    match missing {
        0 => format!(
            "Enquêtes annuelles des locaux déjà labellisés : {labelled} sur {labelled} dans les douze mois avant l’audit de suivi du {audit}"
        ),
        _ => format!(
            "Enquêtes annuelles des locaux déjà labellisés : {} sur {labelled} dans les douze mois avant l’audit de suivi du {audit} ; rapports à produire par le service central, ou dates à saisir dans les dossiers des locaux (le § 3.9.2 laisse dix-huit mois au local, F-19)",
            labelled.saturating_sub(*missing)
        ),
    }
}

/// A local keeps its label, whatever became of its central's.
pub(super) fn label_kept(central: CentralStanding, ends: Date) -> String {
    format!(
        "Service central {} : ce service local garde son label, son palier et sa fin de validité ({})",
        standing(central),
        date_short(ends)
    )
}

/// An attached local's central service that cannot be known, and what to do.
pub(super) fn central_not_known(standing: CentralStanding) -> String {
    let why = match standing {
        CentralStanding::Unknown(number) => {
            format!(
                "Le dossier n° {number}, indiqué comme celui du service central, n’est pas connu de vigie"
            )
        }
        CentralStanding::Itself(number) => {
            format!("Le dossier n° {number}, indiqué comme celui du service central, est celui de ce service")
        }
        CentralStanding::NotCentral(number) => format!(
            "Le dossier n° {number}, indiqué comme celui du service central, n’est pas celui d’un service central"
        ),
        _ => "Le dossier du service central n’est pas indiqué".to_owned(),
    };
    format!(
        "{why} : ce service local rattaché est suivi comme si son central n’était pas labellisé (audit de suivi à 18 mois), et aucune copie n’est adressée ; indiquez le bon numéro"
    )
}

/// What is true of a local's central service.
#[must_use]
pub fn standing(standing: CentralStanding) -> String {
    match standing {
        CentralStanding::NotNamed => "non indiqué".to_owned(),
        CentralStanding::Unknown(_) => "inconnu".to_owned(),
        CentralStanding::Itself(_) | CentralStanding::NotCentral(_) => "numéro à corriger".to_owned(),
        CentralStanding::Pending => "pas encore labellisé".to_owned(),
        CentralStanding::Labelled => "labellisé".to_owned(),
        CentralStanding::Suspended => "label suspendu".to_owned(),
        CentralStanding::Refused(on) => format!("refusé le {}", date_short(on)),
        CentralStanding::Withdrawn(on) => format!("label retiré le {}", date_short(on)),
        CentralStanding::Expired(last) => format!("label arrivé à échéance le {}", date_short(last)),
    }
}

/// « Argent », or that it is not stated.
#[must_use]
pub fn tier_or_not_stated(tier: Option<Tier>) -> &'static str {
    tier.map_or("palier non précisé", names::tier)
}

/// R-5.3.2-g — why a local whose central lost its label owes a follow-up of its own; `None` while the central holds it.
pub(super) fn own_condition(central: CentralStanding) -> Option<String> {
    let lost = match central {
        CentralStanding::Withdrawn(from) => {
            format!("Le label du service central est retiré depuis le {}", date_full(from))
        }
        CentralStanding::Expired(last) => {
            format!("Le label du service central a pris fin le {} sans renouvellement", date_full(last))
        }
        _ => return None,
    };
    Some(format!(
        "{lost}, moins de deux ans après l’obtention du label local : l’usage de la marque n’est conservé qu’avec cet audit de suivi « service public local » et les rapports annuels de l’autodiagnostic et des enquêtes usagers et agents."
    ))
}

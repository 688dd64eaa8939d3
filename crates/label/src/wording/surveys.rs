//! Sentences about surveys, self-assessments and indicators: enough answers, and not too old.

use crate::case::keys::Key;
use crate::guide::application::Age;
use crate::guide::score::Fraction;
use crate::guide::surveys::validity::user_answers_required;
use crate::guide::surveys::{Freshness, StaffSurveyFault, UserSurveyFault};
use crate::judge::finding::What;

use super::agreement;
use super::names::{date_short, percent};

/// Whether a survey has enough answers.
pub(super) fn validity(what: &What) -> String {
    match what {
        What::UserSurvey { invited, admissible, faults } => {
            let shown = rate(*admissible, *invited);
            let start = format!(
                "Enquête usagers : {} sur {}{shown}",
                admissible_answers(*admissible),
                asked(*invited)
            );
            let needed = user_answers_required(*invited);
            let faults: Vec<_> = faults.iter().map(|fault| user_fault(fault, needed)).collect();
            conclude(start, "il faut 50 réponses et 5 %", &faults)
        }
        What::StaffSurvey { concerned, invited, admissible, required, faults } => {
            let shown = rate(*admissible, *invited);
            let start = format!(
                "Enquête agents : {} sur {}{shown}, {}",
                admissible_answers(*admissible),
                asked(*invited),
                agreement::count(*concerned, "agent concerné", "agents concernés")
            );
            let faults: Vec<_> = faults.iter().map(|fault| staff_fault(fault, *required)).collect();
            conclude(start, &format!("il en faut {required}"), &faults)
        }
        _ => String::new(),
    }
}

fn admissible_answers(count: i64) -> String {
    agreement::count(count, "réponse recevable", "réponses recevables")
}

fn asked(count: i64) -> String {
    agreement::count(count, "sollicité", "sollicités")
}

fn conclude(start: String, rule: &str, faults: &[String]) -> String {
    if faults.is_empty() {
        format!("{start} ; {rule}")
    } else {
        format!("{start} ; {rule} : {}", faults.join(", "))
    }
}

/// The return rate, to follow the two numbers.
pub(super) fn rate(admissible: i64, invited: i64) -> String {
    match Fraction::new(admissible, invited) {
        Some(rate) if invited > 0 => format!(" ({})", percent(&rate)),
        _ => String::new(),
    }
}

/// `needed` counts both conditions, as the number that is missing must.
fn user_fault(fault: &UserSurveyFault, needed: i64) -> String {
    match fault {
        UserSurveyFault::TooFewAnswers { admissible, required } => {
            format!("il manque {}", answers(needed.max(*required) - admissible))
        }
        UserSurveyFault::ReturnRate { .. } => "taux de retour insuffisant".to_owned(),
        UserSurveyFault::NobodyInvited => "nombre de sollicités nul".to_owned(),
    }
}

/// `needed` counts both conditions, as the number that is missing must.
fn staff_fault(fault: &StaffSurveyFault, needed: i64) -> String {
    match fault {
        StaffSurveyFault::TooFewAnswers { admissible, required } if needed > *required => {
            format!("il manque {}", answers(needed - admissible))
        }
        StaffSurveyFault::TooFewAnswers { admissible, required } => {
            format!("il manque {} pour le minimum de {required}", answers(required - admissible))
        }
        StaffSurveyFault::ReturnRate { required_percent, .. } => {
            format!("taux de retour inférieur à {required_percent} %")
        }
        StaffSurveyFault::NobodyInvited => "nombre de sollicités nul".to_owned(),
    }
}

fn answers(count: i64) -> String {
    agreement::count(count, "réponse", "réponses")
}

/// Whether a survey, a self-assessment or indicators are of the right time.
pub(super) fn age(what: &What) -> String {
    match what {
        What::Survey { key, closed, audit, freshness } => {
            let start = format!(
                "{} close le {} pour un audit le {}",
                if *key == Key::EnqueteUsagersCloture { "Enquête usagers" } else { "Enquête agents" },
                date_short(*closed),
                date_short(*audit)
            );
            match freshness {
                Freshness::Fresh => format!("{start} : valable"),
                Freshness::OnTheDay { accepted } => format!(
                    "{start} : six mois jour pour jour ; le guide dit « moins de 6 mois » et « dans les 6 mois » ({} par la lecture retenue)",
                    if *accepted { "acceptée" } else { "refusée" }
                ),
                Freshness::TooOld => format!("{start} : trop ancienne"),
                Freshness::TooLate => format!("{start} : close après le début de l’audit"),
            }
        }
        What::SelfAssessment { done, audit, age } => {
            let start =
                format!("Autodiagnostic du {} pour un audit le {}", date_short(*done), date_short(*audit));
            match age {
                Age::Good => format!("{start} : valable (moins de 12 mois)"),
                Age::TooOld { bound } => {
                    format!("{start} : trop ancien, il doit dater du {} au plus tôt", date_short(*bound))
                }
                Age::TooLate => format!("{start} : postérieur au début de l’audit"),
            }
        }
        What::Indicators { since, latest, met } => format!(
            "Indicateurs en place depuis le {} ; il faut le {} au plus tard (six mois){}",
            date_short(*since),
            date_short(*latest),
            if *met { "" } else { " : trop récents" }
        ),
        _ => String::new(),
    }
}

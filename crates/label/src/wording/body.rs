//! Reminders to the certification body and to DITP, who get many: the subject says all, the mail says it with whole dates.

use jiff::civil::Date;

use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Role, Stage, Status};

use super::agreement::limit;
use super::follow_up;
use super::late;
use super::names::{self, date_full, date_near, lower_first};
use super::suspension;

/// How a date is written.
type Written<'a> = &'a dyn Fn(Date) -> String;

/// What is to be done and by when, for the subject; then paragraphs.
pub(super) fn reminder(due: &Due, stage: &Stage, review: &Review, role: Role) -> (String, Vec<String>) {
    let near = |day: Date| date_near(day, review.today);
    let text = format!(
        "{} ({}) : {}.",
        review.name,
        names::service(review.service),
        what(due, stage, review, &date_full)
    );
    let decides = "La décision vous appartient : ce message rappelle une date du guide.".to_owned();
    let paragraphs = match role {
        Role::Ditp => vec![text],
        _ => vec![text, decides],
    };
    (what(due, stage, review, &near), paragraphs)
}

fn what(due: &Due, stage: &Stage, review: &Review, date: Written) -> String {
    let nominal = due.deadline.nominal;
    let (day, by) = (date(nominal), late::by(due, review.today, date));
    let over = late::is_over(due, review.today);
    let late = over || due.status == Status::Late;
    match due.obligation {
        Obligation::Plan if late => format!("RETARD, plan d’audit attendu depuis le {day}"),
        Obligation::Plan => format!("plan d’audit à transmettre {by}"),
        Obligation::Report if late => format!("RETARD, rapport d’audit attendu depuis le {day}"),
        Obligation::Report => format!("rapport d’audit à transmettre {by}"),
        Obligation::Prepare
        | Obligation::PrepareCentral
        | Obligation::FollowUp
        | Obligation::FollowUpCentral
        | Obligation::AttachedFollowUp
        | Obligation::ConditionalFollowUp => follow_up_due(due, stage, review, date),
        Obligation::ActionPlan if late => {
            format!("plan d’actions attendu depuis le {day}, suspension possible")
        }
        Obligation::ActionPlan => format!("plan d’actions du service attendu {by}"),
        Obligation::Suspension => suspension::what(due, review, date),
        Obligation::MarkStops => format!("usage de la marque à vérifier, il devait cesser {}", limit(&day)),
        Obligation::Renewal if refused(review) => {
            format!("renouvellement refusé, aucune nouvelle demande, {}", end_of(review, date))
        }
        Obligation::Renewal => format!("renouvellement pas encore demandé, {}", end_of(review, date)),
        Obligation::End => end(review, date),
        Obligation::SurveyFresh if over => {
            format!("enquêtes qui valaient pour un audit jusqu’au {day}, aucune date fixée")
        }
        Obligation::SelfAssessmentFresh if over => {
            format!("autodiagnostic qui valait pour un audit jusqu’au {day}, aucune date fixée")
        }
        Obligation::SurveyFresh => {
            format!("enquêtes valables pour un audit jusqu’au {day}, aucune date fixée")
        }
        Obligation::SelfAssessmentFresh => {
            format!("autodiagnostic valable pour un audit jusqu’au {day}, aucune date fixée")
        }
        Obligation::AttachedSurveys if late => {
            format!("enquêtes du service rattaché attendues depuis le {day}")
        }
        Obligation::AttachedSurveys => format!("enquêtes du service rattaché à refaire {by}"),
        Obligation::ThreeQuarters => {
            format!("75 % de locaux labellisés non atteints{}, à rétablir {by}", share(review))
        }
        Obligation::NotifyEnd => {
            let renewing = review.label.as_ref().is_some_and(|label| label.renewing);
            let renewing = if renewing { ", renouvellement pas encore décidé" } else { "" };
            format!("label arrivé à échéance le {day}{renewing}, retrait à notifier au service et à la DITP")
        }
        Obligation::Expiring if over => {
            format!("dossier à archiver, la plateforme devait l’effacer le {day}")
        }
        Obligation::Expiring => format!("dossier à archiver, la plateforme l’efface le {day}"),
        Obligation::Sample if over => {
            format!("locaux tirés au sort à auditer avant le service central, prévu vers le {day} et passé")
        }
        Obligation::Sample => {
            format!("locaux tirés au sort à auditer avant le service central, vers le {day}")
        }
        Obligation::Decide => {
            let proposed = follow_up::proposal(review, due.dossier);
            let proposed =
                proposed.map(|outcome| format!(", d’après les notes : {outcome}")).unwrap_or_default();
            format!("décision à prendre {by} (délai indicatif){proposed}")
        }
        Obligation::Acknowledge => format!("réception du dossier à accuser {by} (délai indicatif)"),
        Obligation::Notify => {
            format!("décision, rapport définitif et attestation à notifier {by} (délai indicatif)")
        }
        Obligation::List => format!("liste publique à actualiser {by} (délai indicatif)"),
        Obligation::TellDitp => format!("décision à communiquer à la DITP {by} (délai indicatif)"),
        Obligation::Unlist if over => format!("à retirer de la liste publique depuis le {day}"),
        Obligation::Unlist => format!("à retirer de la liste publique le {day}"),
        other => format!("{} : {day}", lower_first(names::obligation(other))),
    }
}

fn follow_up_due(due: &Due, stage: &Stage, review: &Review, date: Written) -> String {
    let prepared = || review.label.as_ref()?.windows.get(usize::from(due.occurrence)).copied();
    let prepares = matches!(due.obligation, Obligation::Prepare | Obligation::PrepareCentral);
    let Some(window) = due.window.or_else(prepared) else {
        return format!("audit de suivi à préparer {}", late::by(due, review.today, date));
    };
    let (opens, closes) = (date(window.opens), date(window.closes));
    if due.status == Status::Late || review.today > window.closes {
        format!("fenêtre d’audit de suivi close le {closes} sans audit")
    } else if prepares {
        format!("audit de suivi à préparer, entre le {opens} et le {closes}")
    } else if stage.name.is_closing() {
        format!("audit de suivi à tenir {}, aucune date fixée", limit(&closes))
    } else if review.today < window.opens {
        format!("audit de suivi à tenir {}, possible à partir du {opens}", limit(&closes))
    } else {
        format!("audit de suivi à tenir {}, possible depuis le {opens}", limit(&closes))
    }
}

fn end(review: &Review, date: Written) -> String {
    match review.label.as_ref() {
        Some(label) if label.renewing => format!("{}, renouvellement en cours", end_of(review, date)),
        _ if refused(review) => format!("{}, renouvellement refusé", end_of(review, date)),
        _ => format!("{}, sans renouvellement", end_of(review, date)),
    }
}

/// The renewal was asked for and refused.
fn refused(review: &Review) -> bool {
    review.label.as_ref().is_some_and(|label| label.reapply_from.is_some())
}

fn end_of(review: &Review, date: Written) -> String {
    match review.label.as_ref().map(|label| label.ends) {
        Some(ends) if ends < review.today => format!("label arrivé à échéance le {}", date(ends)),
        Some(ends) => format!("label valable jusqu’au {}", date(ends)),
        None => "fin de validité".to_owned(),
    }
}

/// « (5/8) »: labelled of audited, this year.
fn share(review: &Review) -> String {
    let Some(view) = &review.network else { return String::new() };
    format!(" ({}/{})", view.labelled_in_all(), view.audited)
}

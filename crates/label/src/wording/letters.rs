//! Mails about deadlines: what to do, by when, the guide's section, and where. Dates are written in full.

use crate::case::Case;
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Role, Stage, Status};

use crate::outgoing::{CalendarEvent, Letter, deadline_uid};

use super::candidate;
use super::central;
use super::findings::{what, zone_sentence};
use super::follow_up;
use super::names::{self, capital, date_full, date_short};
use super::sourced::letter;
use super::suspension;

/// The reminder of one deadline, for one of the three kinds of reader.
#[must_use]
pub fn reminder(due: &Due, stage: &Stage, role: Role, review: &Review, case: &Case) -> Letter {
    let (_, rule, section) = due.obligation.reference();
    let (subject, paragraphs) = match role {
        Role::Candidat => candidate::reminder(due, stage, review),
        Role::Central => central::reminder(due, review),
        Role::Organisme | Role::Ditp => to_body(due, stage, review, role),
    };
    let mut letter = letter(subject, paragraphs, section, rule);
    if due.obligation == Obligation::Complements {
        letter.points = review
            .faults(Some(due.dossier))
            .filter(|finding| finding.asks_candidate())
            .map(|finding| what(&finding.what))
            .collect();
    }
    letter.paragraphs.extend(zone_sentence(due));
    if role == Role::Candidat {
        letter.paragraphs.push(where_to(case));
        letter.sections.extend(central::board(due, review, case));
    }
    letter.events.push(event(due, &review.name));
    letter
}

/// The calendar event of a deadline. Its identity is that of the obligation.
#[must_use]
pub fn event(due: &Due, name: &str) -> CalendarEvent {
    CalendarEvent {
        uid: deadline_uid(due),
        day: due.deadline.nominal,
        title: format!("{} — {name}", names::due(due)),
        cancelled: false,
    }
}

fn where_to(case: &Case) -> String {
    let number = case.current().map_or(case.id, |facts| facts.number);
    format!(
        "Où : dans votre dossier n° {number} sur demarche.numerique.gouv.fr. Votre interlocuteur est votre organisme de certification."
    )
}

/// The certification body and DITP get many of these mails, so the subject names the service, the obligation and the day.
fn to_body(due: &Due, stage: &Stage, review: &Review, role: Role) -> (String, Vec<String>) {
    let name = &review.name;
    let short = date_short(due.deadline.nominal);
    let day = date_full(due.deadline.nominal);
    let prefix = if role == Role::Ditp { "[SP+ DITP]" } else { "[SP+]" };
    let late = due.status == Status::Late;
    let subject = match due.obligation {
        Obligation::Plan if late => format!("RETARD : plan d’audit attendu depuis le {short}"),
        Obligation::Plan => format!("plan d’audit à transmettre au plus tard le {short}"),
        Obligation::Report if late => format!("RETARD : rapport d’audit attendu depuis le {short}"),
        Obligation::Report => format!("rapport d’audit attendu le {short} (21 jours)"),
        Obligation::FollowUp
        | Obligation::FollowUpCentral
        | Obligation::AttachedFollowUp
        | Obligation::ConditionalFollowUp
        | Obligation::Prepare
        | Obligation::PrepareCentral => match due.window {
            Some(window) if late => {
                format!("fenêtre d’audit de suivi close le {} sans suivi", date_short(window.closes))
            }
            Some(window) if stage.name.is_closing() => {
                format!(
                    "fenêtre d’audit de suivi bientôt close (le {}), aucune date d’audit",
                    date_short(window.closes)
                )
            }
            Some(window) => format!(
                "fenêtre d’audit de suivi ouverte du {} au {}",
                date_short(window.opens),
                date_short(window.closes)
            ),
            None => format!("audit de suivi à préparer ({short})"),
        },
        Obligation::ActionPlan => format!("plan d’actions non reçu au {short} : suspension possible"),
        Obligation::Suspension => suspension::subject(due, review),
        Obligation::MarkStops => format!("usage de la marque à vérifier (fin le {short})"),
        Obligation::Renewal => format!("renouvellement à demander, fin de validité le {}", end_of(review)),
        Obligation::End if review.label.as_ref().is_some_and(|label| label.renewing) => {
            format!("fin de validité le {}, renouvellement en cours", end_of(review))
        }
        Obligation::End => format!("fin de validité le {} sans renouvellement", end_of(review)),
        Obligation::SurveyFresh => format!("enquêtes valables pour un audit jusqu’au {short}"),
        Obligation::SelfAssessmentFresh => format!("autodiagnostic valable pour un audit jusqu’au {short}"),
        Obligation::AttachedSurveys if late => {
            format!("enquêtes du service rattaché attendues depuis le {short}")
        }
        Obligation::AttachedSurveys => format!("enquêtes du service rattaché à refaire avant le {short}"),
        Obligation::ThreeQuarters => format!("75 % de locaux labellisés non atteints{}", supplements(review)),
        Obligation::NotifyEnd => {
            format!("label arrivé à échéance le {short} : retrait à notifier au service et à la DITP")
        }
        Obligation::Expiring => format!("dossier effacé de la plateforme le {short} : à archiver"),
        Obligation::Decide => {
            let proposed = follow_up::proposal(review, due.dossier);
            let proposed =
                proposed.map(|outcome| format!(", d’après les notes : {outcome}")).unwrap_or_default();
            format!("{} : {short}{proposed}", lower_first(names::obligation(due.obligation)))
        }
        other => format!("{} : {short}", lower_first(names::obligation(other))),
    };
    let text = format!(
        "{} — {} : {day}{}.",
        capital(names::service(review.service)),
        lower_first(names::due(due)),
        if late { ", en retard" } else { "" }
    );
    let text = vec![text, "La décision vous appartient : ce message rappelle une date du guide.".to_owned()];
    (format!("{prefix} {name} — {subject}"), if role == Role::Ditp { text[..1].to_vec() } else { text })
}

/// « (5/8) »: labelled of audited, this year.
fn supplements(review: &Review) -> String {
    let Some(view) = &review.network else { return String::new() };
    format!(" ({}/{})", view.labelled_in_all(), view.audited)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn end_of(review: &Review) -> String {
    review.label.as_ref().map(|label| date_short(label.ends)).unwrap_or_default()
}

//! Mails: what, by when, why (the guide's section), where. Plain sentences, dates in full.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::review::Review;
use crate::review::agenda::{Due, Obligation, Role, Status};
use crate::review::case::Case;

use super::central;
use super::findings::{capital, what};
use super::names::{self, date_full, date_short};

/// A mail before it has an address: text and HTML are both made from this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// A list of points, or of dates.
    pub points: Vec<String>,
    /// Further lists, each under its own heading.
    pub sections: Vec<Section>,
    /// « § 3.7.1 du guide du label (R-3.7.1-b) ».
    pub source: String,
    /// « R-3.7.1-b »; empty for what is no rule's.
    pub rule: String,
    /// The days to put in a calendar.
    pub events: Vec<CalendarEvent>,
}

/// A list under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub points: Vec<String>,
}

/// An all-day event whose identity is the obligation's: a moved date updates it in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    pub uid: String,
    pub day: Date,
    pub title: String,
}

pub(super) fn source(section: &str, rule: &str) -> String {
    format!("§ {section} du guide du label « Services Publics + » (règle {rule})")
}

pub(super) fn letter(subject: String, paragraphs: Vec<String>, section: &str, rule: &str) -> Letter {
    let (source, rule) = (source(section, rule), rule.to_owned());
    Letter { subject, paragraphs, points: Vec::new(), sections: Vec::new(), source, rule, events: Vec::new() }
}

/// The reminder of one deadline, for one of the three kinds of reader.
#[must_use]
pub fn reminder(due: &Due, role: Role, review: &Review, case: &Case) -> Letter {
    let (_, rule, section) = due.obligation.reference();
    let (subject, paragraphs) = match role {
        Role::Candidat => to_candidate(due, review),
        Role::Central => central::reminder(due, review),
        Role::Organisme | Role::Ditp => to_body(due, review, role),
    };
    let mut letter = letter(subject, paragraphs, section, rule);
    if due.obligation == Obligation::Complements {
        letter.points = review
            .faults(Some(due.dossier))
            .filter(|finding| finding.level >= crate::review::finding::Level::Missing)
            .map(|finding| what(&finding.what))
            .collect();
    }
    if role == Role::Candidat {
        letter.paragraphs.push(where_to(case));
        letter.sections.extend(central::board(due, review, case));
    }
    letter.events.push(event(due, &review.name));
    letter
}

/// The day of a deadline. Its identity is the obligation's.
#[must_use]
pub fn event(due: &Due, name: &str) -> CalendarEvent {
    CalendarEvent {
        uid: format!("{}-{}", due.dossier, due.code()),
        day: due.deadline.nominal,
        title: format!("{} — {name}", names::obligation(due.obligation)),
    }
}

fn where_to(case: &Case) -> String {
    let number = case.current().map_or(case.id, |facts| facts.number);
    format!(
        "Où : dans votre dossier n° {number} sur demarche.numerique.gouv.fr. Votre interlocuteur est votre organisme de certification."
    )
}

fn to_candidate(due: &Due, review: &Review) -> (String, Vec<String>) {
    let day = date_full(due.deadline.nominal);
    let short = date_short(due.deadline.nominal);
    let late = due.status == Status::Late;
    match due.obligation {
        Obligation::Observations => (
            format!("Rapport d’audit reçu : vos observations jusqu’au {short}"),
            vec![format!(
                "Vous avez reçu le rapport d’audit. Vous pouvez faire part de vos observations jusqu’au {day} ; elles ne modifient pas les notes."
            )],
        ),
        Obligation::Reapply => (
            format!("Nouvelle candidature possible à partir du {short}"),
            vec![format!(
                "Après la décision de rejet, une nouvelle demande de labellisation est possible à partir du {day}."
            )],
        ),
        Obligation::Complements => (
            format!("Dossier à compléter au plus tard le {short}"),
            vec![format!(
                "Il manque des éléments à votre dossier. Ils sont à transmettre sur la plateforme, si possible un mois avant l’audit, et au plus tard le {day}, veille de la visite."
            )],
        ),
        Obligation::Prepare
        | Obligation::PrepareCentral
        | Obligation::FollowUp
        | Obligation::FollowUpCentral
        | Obligation::AttachedFollowUp
        | Obligation::ConditionalFollowUp => follow_up_candidate(due, review),
        Obligation::ActionPlan => (
            if late {
                format!("Plan d’actions attendu depuis le {short}")
            } else {
                format!("Plan d’actions à proposer avant le {short}")
            },
            vec![format!(
                "À la suite de l’audit de suivi, un plan d’actions vous a été demandé : il est à proposer au plus tard le {day}. À défaut, le label peut être suspendu jusqu’à sa production."
            )],
        ),
        Obligation::Suspension => suspended_candidate(due, review),
        Obligation::MarkStops => (
            format!("Cessez d’utiliser la marque avant le {short}"),
            vec![format!(
                "Votre label a pris fin. Tout usage de la marque « Services Publics + » (sites, supports, affichage) doit cesser au plus tard le {day}."
            )],
        ),
        Obligation::Renewal => renewal_candidate(review),
        other => {
            let title = names::obligation(other);
            let advice = advice(other).unwrap_or_default();
            (format!("{title} : {short}"), vec![format!("{title} : {day}. {advice}").trim_end().to_owned()])
        }
    }
}

/// One more sentence where the title is not enough.
fn advice(obligation: Obligation) -> Option<&'static str> {
    Some(match obligation {
        Obligation::Launch | Obligation::FollowUpSurveys => {
            "Lancées deux mois avant l’audit, les deux enquêtes laissent le temps de relancer ; c’est un conseil du guide, pas un délai."
        }
        Obligation::SurveyFresh => {
            "Passé ce jour, l’enquête la plus ancienne aurait plus de six mois à l’audit et serait à refaire : convenez d’une date d’audit."
        }
        Obligation::SelfAssessmentFresh => {
            "Passé ce jour, l’autodiagnostic aurait plus de douze mois à l’audit et serait à refaire."
        }
        Obligation::NewCampaign => {
            "L’enquête précédente n’a pas atteint la note demandée ; un nouvel accès aux formulaires peut être demandé à partir de ce jour."
        }
        Obligation::SelfAssessment => {
            "Un autodiagnostic est à faire chaque année pendant la durée du label ; il est demandé au suivi et au renouvellement."
        }
        Obligation::AttachedSurveys => {
            "Un service rattaché refait les deux enquêtes dans les dix-huit mois qui suivent son audit ; elles sont vérifiées lors de l’audit du service central."
        }
        Obligation::YearlySurveys => {
            "Le guide demande aussi des enquêtes annuelles pour le réseau (§ 2.2.2) : votre service central en a besoin."
        }
        Obligation::Sample => "Les locaux tirés au sort sont audités avant le service central.",
        Obligation::ThreeQuarters => {
            "Des locaux supplémentaires sont à présenter avant l’audit de suivi ; le label du service central peut être suspendu dans l’attente."
        }
        _ => return None,
    })
}

fn follow_up_candidate(due: &Due, review: &Review) -> (String, Vec<String>) {
    let window = due.window.or_else(|| review.label.as_ref()?.next_window());
    let Some(window) = window else {
        let day = date_full(due.deadline.nominal);
        return (
            "Préparez l’audit de suivi".to_owned(),
            vec![format!(
                "L’audit de suivi de votre label est à préparer avec votre organisme de certification : {day}."
            )],
        );
    };
    let (opens, closes) = (date_full(window.opens), date_full(window.closes));
    let subject = format!(
        "Préparez l’audit de suivi (fenêtre du {} au {})",
        date_short(window.opens),
        date_short(window.closes)
    );
    let text = if due.status == Status::Late {
        format!(
            "L’audit de suivi de votre label devait avoir lieu entre le {opens} et le {closes}. Prenez contact sans attendre avec votre organisme de certification : faute de suivi, le label peut être suspendu ou retiré."
        )
    } else {
        format!(
            "L’audit de suivi de votre label doit avoir lieu entre le {opens} et le {closes}. Convenez d’une date avec votre organisme de certification et déposez votre demande de suivi un mois avant l’audit au plus tard. Les deux enquêtes et l’autodiagnostic de l’année sont à refaire d’ici là."
        )
    };
    (subject, vec![text])
}

fn suspended_candidate(due: &Due, review: &Review) -> (String, Vec<String>) {
    let short = date_short(due.deadline.nominal);
    let since = review.label.as_ref().and_then(|label| label.suspension.as_ref()).map(|s| s.since);
    let since_short = since.map(|day| format!(" depuis le {}", date_short(day))).unwrap_or_default();
    let since = since.map(|day| format!(" depuis le {}", date_full(day))).unwrap_or_default();
    (
        format!("Votre label est suspendu{since_short} : ce qu’il faut faire avant le {short}"),
        vec![format!(
            "Votre label est suspendu{since}. Les mesures demandées par votre organisme de certification doivent être prises au plus tard le {} ; passé cette date, le label peut être retiré. La suspension ne prolonge pas la durée du label.",
            date_full(due.deadline.nominal)
        )],
    )
}

fn renewal_candidate(review: &Review) -> (String, Vec<String>) {
    let ends = review.label.as_ref().map(|label| label.ends).unwrap_or(review.today);
    (
        format!("Vous pouvez demander le renouvellement de votre label (fin le {})", date_short(ends)),
        vec![format!(
            "Votre label est valable jusqu’au {} inclus. Vous pouvez dès maintenant demander son renouvellement, dans les mêmes conditions que la première demande, auprès de votre organisme de certification ou d’un autre. Sans renouvellement, le label prend fin à cette date.",
            date_full(ends)
        )],
    )
}

/// The certification body and DITP read many of these: the subject says service, thing and day.
fn to_body(due: &Due, review: &Review, role: Role) -> (String, Vec<String>) {
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
            Some(window) => format!(
                "fenêtre d’audit de suivi ouverte du {} au {}",
                date_short(window.opens),
                date_short(window.closes)
            ),
            None => format!("audit de suivi à préparer ({short})"),
        },
        Obligation::ActionPlan => format!("plan d’actions non reçu au {short} : suspension possible"),
        Obligation::Suspension => match review.label.as_ref().and_then(|label| label.suspension.as_ref()) {
            Some(suspension) if suspension.limit == due.deadline.nominal => {
                format!("suspension : 12 mois atteints le {short}")
            }
            _ => format!("suspension : délai de levée fixé au {short}"),
        },
        Obligation::MarkStops => format!("usage de la marque à vérifier (fin le {short})"),
        Obligation::Renewal => format!("renouvellement à demander, fin de validité le {}", end_of(review)),
        Obligation::End => format!("fin de validité le {} sans renouvellement", end_of(review)),
        other => format!("{} : {short}", lower_first(names::obligation(other))),
    };
    let text = format!(
        "{} — {} : {day}{}.",
        capital(names::service(review.service)),
        lower_first(names::obligation(due.obligation)),
        if late { ", en retard" } else { "" }
    );
    let text = vec![text, "La décision vous appartient : ce message rappelle une date du guide.".to_owned()];
    (format!("{prefix} {name} — {subject}"), if role == Role::Ditp { text[..1].to_vec() } else { text })
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn end_of(review: &Review) -> String {
    review.label.as_ref().map(|label| date_short(label.ends)).unwrap_or_default()
}

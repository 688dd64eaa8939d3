//! Reminders to a candidate or a labelled service: what to do, by when, and the consequences.

use crate::guide::follow_up::Window;
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Stage, StageName, Status};

use super::names::{self, date_full, date_short};
use super::suspension;

/// Subject, then paragraphs.
pub(super) fn reminder(due: &Due, stage: &Stage, review: &Review) -> (String, Vec<String>) {
    let (subject, text) = match due.obligation {
        Obligation::Prepare | Obligation::PrepareCentral => prepare(due, review),
        Obligation::FollowUp
        | Obligation::FollowUpCentral
        | Obligation::AttachedFollowUp
        | Obligation::ConditionalFollowUp => follow_up(due, review),
        Obligation::Observations => observations(due, stage),
        Obligation::ActionPlan => action_plan(due),
        Obligation::Suspension => suspension::to_service(due, review),
        Obligation::Renewal => renewal(stage, review),
        Obligation::SelfAssessment | Obligation::AttachedSurveys | Obligation::YearlySurveys => proof(due),
        _ => other(due, review),
    };
    (subject, vec![text])
}

fn prepare(due: &Due, review: &Review) -> (String, String) {
    // A central service has two windows: take the one that this preparation is for.
    let windows = review.label.as_ref().map_or(&[][..], |label| &label.windows);
    let Some(Window { opens, closes, .. }) = windows.get(usize::from(due.occurrence)).copied() else {
        return other(due, review);
    };
    let redo = match due.obligation {
        Obligation::PrepareCentral => {
            "D’ici là, les services locaux tirés au sort sont à auditer, et chaque service local fait son autodiagnostic de l’année."
        }
        _ => "Les deux enquêtes et l’autodiagnostic de l’année sont à refaire d’ici là.",
    };
    (
        format!("Préparez l’audit de suivi (fenêtre du {} au {})", date_short(opens), date_short(closes)),
        format!(
            "L’audit de suivi de votre label doit avoir lieu entre le {} et le {}. Convenez d’une date avec votre organisme de certification et déposez votre demande de suivi un mois avant l’audit au plus tard. {redo}",
            date_full(opens),
            date_full(closes)
        ),
    )
}

fn follow_up(due: &Due, review: &Review) -> (String, String) {
    let Some(Window { opens, closes, .. }) = due.window else { return other(due, review) };
    if due.status == Status::Late {
        return (
            format!("Audit de suivi non tenu : la fenêtre s’est close le {}", date_short(closes)),
            format!(
                "L’audit de suivi de votre label devait avoir lieu entre le {} et le {}. Prenez contact sans attendre avec votre organisme de certification : faute de suivi, le label peut être suspendu ou retiré.",
                date_full(opens),
                date_full(closes)
            ),
        );
    }
    if review.today < opens {
        return (
            format!("Audit de suivi : la fenêtre s’ouvre le {}", date_short(opens)),
            format!(
                "L’audit de suivi de votre label pourra avoir lieu à partir du {}, et au plus tard le {}. Si la date n’en est pas encore fixée, convenez-en avec votre organisme de certification.",
                date_full(opens),
                date_full(closes)
            ),
        );
    }
    (
        format!("Audit de suivi à tenir au plus tard le {}", date_short(closes)),
        format!(
            "La fenêtre de l’audit de suivi de votre label est ouverte depuis le {} et se ferme le {}. Aucune date d’audit n’y est encore inscrite : convenez-en avec votre organisme de certification.",
            date_full(opens),
            date_full(closes)
        ),
    )
}

fn observations(due: &Due, stage: &Stage) -> (String, String) {
    let (short, day) = (date_short(due.deadline.nominal), date_full(due.deadline.nominal));
    match stage.name {
        StageName::Reception => (
            format!("Rapport d’audit reçu : vos observations jusqu’au {short}"),
            format!(
                "Vous avez reçu le rapport d’audit. Vous pouvez faire part de vos observations jusqu’au {day} ; elles ne modifient pas les notes."
            ),
        ),
        _ => (
            format!("Vos observations sur le rapport d’audit : jusqu’au {short}"),
            format!(
                "Vous pouvez encore faire part de vos observations sur le rapport d’audit, jusqu’au {day}. Ensuite, votre organisme de certification peut décider."
            ),
        ),
    }
}

fn action_plan(due: &Due) -> (String, String) {
    let (short, day) = (date_short(due.deadline.nominal), date_full(due.deadline.nominal));
    let subject = match due.status {
        Status::Late => format!("Plan d’actions attendu depuis le {short}"),
        _ => format!("Plan d’actions à proposer avant le {short}"),
    };
    let text = format!(
        "À la suite de l’audit de suivi, un plan d’actions vous a été demandé : il est à proposer au plus tard le {day}. À défaut, le label peut être suspendu jusqu’à sa production."
    );
    (subject, text)
}

/// The last day of the mark, as the page and the calendar show it.
fn mark_stops(review: &Review) -> String {
    review.label.as_ref().map(|label| date_full(label.mark_stops)).unwrap_or_default()
}

/// §3.10: from nine months before the end. A renewal takes four months from the request to the decision.
fn renewal(stage: &Stage, review: &Review) -> (String, String) {
    let ends = review.label.as_ref().map_or(review.today, |label| label.ends);
    let (short, day) = (date_short(ends), date_full(ends));
    match stage.name {
        StageName::BeforeEnd(4) => (
            format!("Renouvellement : à demander maintenant pour éviter une interruption (fin le {short})"),
            format!(
                "Votre label est valable jusqu’au {day} inclus. Entre une demande et la décision, il faut compter environ quatre mois : une demande déposée plus tard risque de laisser une période sans label."
            ),
        ),
        StageName::BeforeEnd(3 | 1) => (
            format!("Votre label prend fin le {short} : aucun renouvellement n’est demandé"),
            format!(
                "Votre label est valable jusqu’au {day} inclus. Sans renouvellement, il prend fin à cette date, et l’usage de la marque doit cesser au plus tard le {}.",
                mark_stops(review)
            ),
        ),
        StageName::End if review.today > ends => (
            format!("Votre label a pris fin le {short}"),
            format!(
                "Votre label était valable jusqu’au {day} inclus. L’usage de la marque doit cesser au plus tard le {}. Une nouvelle demande de labellisation reste possible à tout moment.",
                mark_stops(review)
            ),
        ),
        StageName::End => (
            format!("Votre label prend fin aujourd’hui, {short}"),
            format!(
                "Votre label est valable jusqu’à aujourd’hui, {day}, inclus. Une nouvelle demande de labellisation reste possible à tout moment."
            ),
        ),
        _ => (
            format!("Vous pouvez demander le renouvellement de votre label (fin le {short})"),
            format!(
                "Votre label est valable jusqu’au {day} inclus. Vous pouvez dès maintenant demander son renouvellement, dans les mêmes conditions que la première demande, auprès de votre organisme de certification ou d’un autre. Sans renouvellement, le label prend fin à cette date."
            ),
        ),
    }
}

/// The proofs due every year, or within eighteen months.
fn proof(due: &Due) -> (String, String) {
    let (short, day) = (date_short(due.deadline.nominal), date_full(due.deadline.nominal));
    let late = due.status == Status::Late || due.status == Status::Passed;
    let (name, text) = match due.obligation {
        Obligation::SelfAssessment => (
            "Autodiagnostic annuel à réaliser",
            "Un autodiagnostic est à faire chaque année pendant la durée du label ; il est demandé au suivi et au renouvellement.",
        ),
        Obligation::AttachedSurveys => (
            "Enquêtes auprès des usagers et des agents à refaire",
            "Un service rattaché refait les deux enquêtes dans les dix-huit mois qui suivent son audit ; elles sont vérifiées lors de l’audit du service central.",
        ),
        _ => (
            "Enquêtes de l’année à réaliser",
            "Pour un service rattaché, le guide demande aussi des enquêtes annuelles (§ 2.2.2) : le label de votre service central s’appuie sur elles.",
        ),
    };
    if late {
        let text = format!(
            "{text} Rien n’indique encore que ce soit fait pour le {day} : si c’est le cas, faites-le savoir à votre organisme de certification."
        );
        let (thing, expected) = match due.obligation {
            Obligation::SelfAssessment => ("Autodiagnostic annuel", "attendu"),
            Obligation::AttachedSurveys => ("Enquêtes auprès des usagers et des agents", "attendues"),
            _ => ("Enquêtes de l’année", "attendues"),
        };
        return (format!("{thing} : {expected} depuis le {short}"), text);
    }
    (format!("{name} avant le {short}"), format!("{text} À faire au plus tard le {day}."))
}

fn other(due: &Due, review: &Review) -> (String, String) {
    let (short, day) = (date_short(due.deadline.nominal), date_full(due.deadline.nominal));
    match due.obligation {
        Obligation::Launch | Obligation::FollowUpSurveys => (
            format!("Vos deux enquêtes : à lancer vers le {short}"),
            format!(
                "Lancées vers le {day}, deux mois avant l’audit, les enquêtes auprès des usagers et des agents laissent le temps de relancer. C’est un conseil du guide, pas un délai."
            ),
        ),
        Obligation::SurveyFresh => (
            format!("Vos enquêtes valent pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. Après le {day}, l’enquête la plus ancienne aurait plus de six mois à l’audit et serait à refaire : convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::SelfAssessmentFresh => (
            format!("Votre autodiagnostic vaut pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. Après le {day}, l’autodiagnostic aurait plus de douze mois à l’audit et serait à refaire : convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::Complements => (
            format!("Dossier à compléter au plus tard le {short}"),
            format!(
                "Il manque des éléments à votre dossier. Ils sont à transmettre sur la plateforme, si possible un mois avant l’audit, et au plus tard le {day}, veille de la visite."
            ),
        ),
        Obligation::Reapply if review.today > due.deadline.nominal => (
            format!("Nouvelle candidature possible depuis le {short}"),
            format!(
                "Après la décision de rejet, une nouvelle demande de labellisation est possible depuis le {day}."
            ),
        ),
        Obligation::Reapply => (
            format!("Nouvelle candidature possible à partir du {short}"),
            format!(
                "Après la décision de rejet, une nouvelle demande de labellisation est possible à partir du {day}."
            ),
        ),
        Obligation::NewCampaign => (
            format!("Nouvelles enquêtes possibles à partir du {short}"),
            format!(
                "L’enquête précédente n’a pas atteint la note demandée. Un nouvel accès aux formulaires peut être demandé à partir du {day}."
            ),
        ),
        Obligation::Sample => (
            format!("Audits de vos services locaux tirés au sort : avant le {short}"),
            format!(
                "Les services locaux tirés au sort sont audités avant votre propre audit de suivi, prévu vers le {day}."
            ),
        ),
        Obligation::ThreeQuarters => (
            "Votre réseau : moins de trois services audités sur quatre sont labellisés".to_owned(),
            format!(
                "Des services locaux supplémentaires sont à présenter à l’audit avant le {day} ; le label du service central peut être suspendu dans l’attente."
            ),
        ),
        Obligation::MarkStops if review.today > due.deadline.nominal => (
            format!("L’usage de la marque devait cesser le {short}"),
            format!(
                "Votre label a pris fin. Tout usage de la marque « Services Publics + » (sites, supports, affichage) devait cesser au plus tard le {day}."
            ),
        ),
        Obligation::MarkStops => (
            format!("Cessez d’utiliser la marque avant le {short}"),
            format!(
                "Votre label a pris fin. Tout usage de la marque « Services Publics + » (sites, supports, affichage) doit cesser au plus tard le {day}."
            ),
        ),
        obligation => {
            let title = names::obligation(obligation);
            (format!("{title} : {short}"), format!("{title} : {day}."))
        }
    }
}

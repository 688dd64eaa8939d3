//! Reminders to a candidate or a labelled service: what to do, by when, the consequences, and where.

use jiff::civil::Date;

use crate::guide::follow_up::Window;
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Stage, StageName, Status};
use crate::outgoing::Place;

use super::agreement::{by, by_near};
use super::label_end;
use super::late;
use super::names::{self, date_full, date_near};
use super::suspension;

/// What to do and by when, for the subject; then a paragraph.
pub(super) fn reminder(due: &Due, stage: &Stage, review: &Review) -> (String, Vec<String>) {
    let (what, text) = match due.obligation {
        Obligation::Prepare | Obligation::PrepareCentral => prepare(due, review),
        Obligation::FollowUp
        | Obligation::FollowUpCentral
        | Obligation::AttachedFollowUp
        | Obligation::ConditionalFollowUp => follow_up(due, review),
        Obligation::Observations => observations(due, stage, review),
        Obligation::ActionPlan => action_plan(due, review),
        Obligation::Suspension => suspension::to_service(due, review),
        Obligation::Renewal => label_end::renewal(stage, review),
        Obligation::End => label_end::end(review),
        Obligation::SelfAssessment | Obligation::AttachedSurveys | Obligation::YearlySurveys => {
            proof(due, review)
        }
        _ => other(due, review),
    };
    (what, vec![text])
}

/// Where it is done; `None` for what is only to be stopped, or known.
pub(super) fn place(obligation: Obligation) -> Option<Place> {
    match obligation {
        Obligation::MarkStops | Obligation::End | Obligation::NotifyEnd => None,
        Obligation::Complements | Obligation::SelfAssessment => Some(Place::Dossier),
        Obligation::Renewal => Some(Place::Renewal),
        Obligation::Reapply => Some(Place::Application),
        Obligation::Prepare | Obligation::PrepareCentral | Obligation::RequestFollowUp => {
            Some(Place::FollowUp)
        }
        _ => Some(Place::Body),
    }
}

fn prepare(due: &Due, review: &Review) -> (String, String) {
    // A central service has two windows: take the one that this preparation is for.
    let windows = review.label.as_ref().map_or(&[][..], |label| &label.windows);
    let Some(Window { opens, closes, .. }) = windows.get(usize::from(due.occurrence)).copied() else {
        return other(due, review);
    };
    if review.today > closes {
        return window_over(opens, closes, review);
    }
    let redo = match due.obligation {
        Obligation::PrepareCentral => {
            "D’ici là, les services locaux tirés au sort sont à auditer, et chaque service local fait son autodiagnostic de l’année."
        }
        _ => "Les deux enquêtes et l’autodiagnostic de l’année sont à refaire d’ici là.",
    };
    (
        format!(
            "audit de suivi à préparer, entre le {} et le {}",
            date_near(opens, review.today),
            date_near(closes, review.today)
        ),
        format!(
            "L’audit de suivi de votre label doit avoir lieu entre le {} et le {}. Convenez d’une date avec votre organisme de certification et déposez votre demande de suivi au plus tard un mois avant l’audit. {redo}",
            date_full(opens),
            date_full(closes)
        ),
    )
}

fn follow_up(due: &Due, review: &Review) -> (String, String) {
    let Some(Window { opens, closes, .. }) = due.window else { return other(due, review) };
    if due.status == Status::Late || review.today > closes {
        return window_over(opens, closes, review);
    }
    let what = format!("audit de suivi à tenir {}", by_near(closes, review.today));
    if review.today < opens {
        return (
            format!("{what}, possible à partir du {}", date_near(opens, review.today)),
            format!(
                "L’audit de suivi de votre label pourra avoir lieu à partir du {}, et {}. Si la date n’en est pas encore fixée, convenez-en avec votre organisme de certification.",
                date_full(opens),
                by(closes)
            ),
        );
    }
    (
        what,
        format!(
            "L’audit de suivi de votre label peut avoir lieu depuis le {} ; il est à tenir {}. Aucune date d’audit n’est encore inscrite : convenez-en avec votre organisme de certification.",
            date_full(opens),
            by(closes)
        ),
    )
}

fn window_over(opens: Date, closes: Date, review: &Review) -> (String, String) {
    (
        format!("audit de suivi non tenu, fenêtre close le {}", date_near(closes, review.today)),
        format!(
            "L’audit de suivi de votre label devait avoir lieu entre le {} et le {}. Prenez contact sans attendre avec votre organisme de certification : faute de suivi, le label peut être suspendu ou retiré.",
            date_full(opens),
            date_full(closes)
        ),
    )
}

fn observations(due: &Due, stage: &Stage, review: &Review) -> (String, String) {
    let day = late::last(due, review.today);
    let limit = by_near(day, review.today);
    match stage.name {
        _ if review.today > day => (
            format!(
                "délai d’observations sur le rapport d’audit terminé le {}",
                date_near(day, review.today)
            ),
            format!(
                "Le délai pour faire part de vos observations sur le rapport d’audit s’est terminé le {}. Votre organisme de certification peut décider.",
                date_full(day)
            ),
        ),
        StageName::Reception => (
            format!("rapport d’audit reçu, vos observations {limit}"),
            format!(
                "Vous avez reçu le rapport d’audit. Vous pouvez faire part de vos observations {} ; elles ne modifient pas les notes.",
                by(day)
            ),
        ),
        _ => (
            format!("vos observations sur le rapport d’audit {limit}"),
            format!(
                "Vous pouvez encore faire part de vos observations sur le rapport d’audit, {}. Ensuite, votre organisme de certification peut décider.",
                by(day)
            ),
        ),
    }
}

fn action_plan(due: &Due, review: &Review) -> (String, String) {
    let day = due.deadline.nominal;
    if due.status == Status::Late || late::is_over(due, review.today) {
        return (
            format!("plan d’actions attendu depuis le {}", date_near(day, review.today)),
            format!(
                "À la suite de l’audit de suivi, un plan d’actions vous a été demandé : il était à proposer {}, et rien n’indique encore qu’il ait été transmis. Le label peut être suspendu jusqu’à sa production.",
                by(day)
            ),
        );
    }
    let day = late::last(due, review.today);
    (
        format!("plan d’actions à proposer {}", by_near(day, review.today)),
        format!(
            "À la suite de l’audit de suivi, un plan d’actions vous a été demandé : il est à proposer {}. À défaut, le label peut être suspendu jusqu’à sa production.",
            by(day)
        ),
    )
}

/// The proofs due every year, or within eighteen months.
fn proof(due: &Due, review: &Review) -> (String, String) {
    let day = due.deadline.nominal;
    let late = matches!(due.status, Status::Late | Status::Passed) || late::is_over(due, review.today);
    let (name, todo, expected, text) = match due.obligation {
        Obligation::SelfAssessment => (
            "autodiagnostic annuel",
            "à réaliser",
            "attendu",
            "Un autodiagnostic est à faire chaque année pendant la durée du label ; il est demandé au suivi et au renouvellement.",
        ),
        Obligation::AttachedSurveys => (
            "enquêtes auprès des usagers et des agents",
            "à refaire",
            "attendues",
            "Un service rattaché refait les deux enquêtes dans les dix-huit mois qui suivent son audit ; elles sont vérifiées lors de l’audit du service central.",
        ),
        _ => (
            "enquêtes de l’année",
            "à réaliser",
            "attendues",
            "Pour un service rattaché, le guide demande aussi des enquêtes annuelles (§ 2.2.2) : le label de votre service central s’appuie sur elles.",
        ),
    };
    if late {
        let text = format!(
            "{text} C’était à faire {}, et rien n’indique encore que cela ait été fait : si c’est le cas, faites-le savoir à votre organisme de certification.",
            by(day)
        );
        return (format!("{name} {expected} depuis le {}", date_near(day, review.today)), text);
    }
    let day = late::last(due, review.today);
    (format!("{name} {todo} {}", by_near(day, review.today)), format!("{text} À faire {}.", by(day)))
}

fn other(due: &Due, review: &Review) -> (String, String) {
    let nominal = due.deadline.nominal;
    let near = |day: Date| date_near(day, review.today);
    let (short, day, over) = (near(nominal), date_full(nominal), late::is_over(due, review.today));
    let until = late::last(due, review.today);
    match due.obligation {
        Obligation::Launch | Obligation::FollowUpSurveys => (
            format!("vos deux enquêtes à lancer vers le {short}"),
            format!(
                "Lancées vers le {day}, deux mois avant l’audit, les enquêtes auprès des usagers et des agents laissent le temps de relancer. C’est un conseil du guide, pas un délai."
            ),
        ),
        Obligation::SurveyFresh if over => (
            format!("vos enquêtes ne valent plus, elles valaient pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. L’enquête la plus ancienne valait pour un audit jusqu’au {day} : elle est à refaire avant l’audit. Convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::SelfAssessmentFresh if over => (
            format!("votre autodiagnostic ne vaut plus, il valait pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. L’autodiagnostic valait pour un audit jusqu’au {day} : il est à refaire avant l’audit. Convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::SurveyFresh => (
            format!("vos enquêtes valent pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. Après le {day}, l’enquête la plus ancienne aurait plus de six mois à l’audit et serait à refaire : convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::SelfAssessmentFresh => (
            format!("votre autodiagnostic vaut pour un audit jusqu’au {short}"),
            format!(
                "Aucune date d’audit n’est encore fixée. Après le {day}, l’autodiagnostic aurait plus de douze mois à l’audit et serait à refaire : convenez d’une date avec votre organisme de certification."
            ),
        ),
        Obligation::Complements if over => (
            format!("dossier à compléter {}", late::by(due, review.today, &near)),
            format!(
                "Il manque des éléments à votre dossier. Ils étaient à transmettre sur la plateforme {}, veille de la visite : transmettez-les sans attendre.",
                by(nominal)
            ),
        ),
        Obligation::Complements => (
            format!("dossier à compléter {}", by_near(until, review.today)),
            format!(
                "Il manque des éléments à votre dossier. Ils sont à transmettre sur la plateforme, si possible un mois avant l’audit, et {}, veille de la visite.",
                by(until)
            ),
        ),
        Obligation::Reapply if review.today > nominal => (
            format!("nouvelle candidature possible depuis le {short}"),
            format!(
                "Après la décision de rejet, une nouvelle demande de labellisation est possible depuis le {day}."
            ),
        ),
        Obligation::Reapply => (
            format!("nouvelle candidature possible à partir du {short}"),
            format!(
                "Après la décision de rejet, une nouvelle demande de labellisation est possible à partir du {day}."
            ),
        ),
        Obligation::NewCampaign if review.today > nominal => (
            format!("nouvelles enquêtes possibles depuis le {short}"),
            format!(
                "L’enquête précédente n’a pas atteint la note demandée. Un nouvel accès aux formulaires peut être demandé depuis le {day}."
            ),
        ),
        Obligation::NewCampaign => (
            format!("nouvelles enquêtes possibles à partir du {short}"),
            format!(
                "L’enquête précédente n’a pas atteint la note demandée. Un nouvel accès aux formulaires peut être demandé à partir du {day}."
            ),
        ),
        Obligation::Sample if over => (
            "services locaux tirés au sort à auditer avant votre audit de suivi".to_owned(),
            format!(
                "Les services locaux tirés au sort étaient à auditer avant votre propre audit de suivi, prévu vers le {day} : convenez de dates avec votre organisme de certification."
            ),
        ),
        Obligation::Sample => (
            format!("services locaux tirés au sort à auditer avant votre audit de suivi, vers le {short}"),
            format!(
                "Les services locaux tirés au sort sont à auditer avant votre propre audit de suivi, prévu vers le {day}."
            ),
        ),
        Obligation::ThreeQuarters if over => (
            format!(
                "moins de trois services locaux audités sur quatre sont labellisés, d’autres à présenter {}",
                late::by(due, review.today, &near)
            ),
            format!(
                "Moins de trois services locaux audités sur quatre sont labellisés. D’autres services locaux étaient à présenter à l’audit {} : prenez contact sans attendre avec votre organisme de certification, le label du service central peut être suspendu.",
                by(nominal)
            ),
        ),
        Obligation::ThreeQuarters => (
            format!(
                "moins de trois services locaux audités sur quatre sont labellisés, d’autres à présenter {}",
                by_near(until, review.today)
            ),
            format!(
                "Moins de trois services locaux audités sur quatre sont labellisés. D’autres services locaux sont à présenter à l’audit {} ; le label du service central peut être suspendu dans l’attente.",
                by(until)
            ),
        ),
        Obligation::MarkStops if review.today > nominal => (
            format!("l’usage de la marque devait cesser {}", by_near(nominal, review.today)),
            format!(
                "Votre label a pris fin. Tout usage de la marque « Services Publics + » (sites, supports, affichage) devait cesser {}.",
                by(nominal)
            ),
        ),
        Obligation::MarkStops => (
            format!("usage de la marque à cesser {}", by_near(nominal, review.today)),
            format!(
                "Votre label a pris fin. Tout usage de la marque « Services Publics + » (sites, supports, affichage) doit cesser {}.",
                by(nominal)
            ),
        ),
        obligation => {
            let title = names::obligation(obligation);
            (format!("{} : {short}", names::lower_first(title)), format!("{title} : {day}."))
        }
    }
}

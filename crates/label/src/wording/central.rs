//! Mails to a central service about its attached locals: copies of their decisions, their late deadlines, and a summary of
//! its network.

use jiff::civil::Date;

use crate::case::{Case, Local};
use crate::judge::agenda::{Due, Obligation};
use crate::judge::network::{CentralView, not_audited};
use crate::judge::{Change, Decided, Review};
use crate::outgoing::Section;

use super::agreement::{by, by_near, others};
use super::names::{self, date_full, date_near, date_short};
use super::network::tier_or_not_stated;

/// Largest number of locals named in the summary; the others are counted.
const LOCALS: usize = 20;

/// A decision on one of its locals: what happened, then paragraphs.
#[must_use]
pub(super) fn copy(decided: &Decided<'_>, review: &Review) -> (String, Vec<String>) {
    let (name, on, holds) = (&review.name, decided.on, decided.holds);
    let tier = decided.tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let (day, near) = (date_full(on), date_near(on, review.today));
    let (starts, ends) = (date_full(decided.period.starts), date_full(decided.period.ends));
    let local = format!("{name}, rattaché à votre service,");
    let of = names::of(&local);
    let (what, text) = match decided.change {
        Change::Raised => (
            format!("il passe au palier{tier}"),
            match holds {
                true => format!(
                    "{local} est au palier{tier} depuis le {day} ; la fin de son label ne change pas."
                ),
                false => format!("{local} est passé au palier{tier} le {day}."),
            },
        ),
        Change::Suspended if holds => (
            format!("son label est suspendu à compter du {near}"),
            format!(
                "Le label {of} est suspendu à compter du {day}. Il reste compté parmi vos locaux labellisés (75 % et majorité de l’année) ; seul un retrait l’en ôterait."
            ),
        ),
        Change::Suspended => (
            format!("son label a été suspendu à compter du {near}"),
            format!("Le label {of} a été suspendu à compter du {day}."),
        ),
        Change::Lifted => (
            format!("la suspension de son label est levée depuis le {near}"),
            match holds {
                true => format!("La suspension du label {of} est levée depuis le {day}."),
                false => format!("La suspension du label {of} a été levée le {day}."),
            },
        ),
        Change::Withdrawn if holds && decided.follows_an_expiry() => (
            format!("son label est arrivé à échéance le {}", date_near(decided.period.ends, review.today)),
            format!(
                "Le label {of} est arrivé à échéance le {ends}, sans renouvellement ; son retrait est notifié."
            ),
        ),
        Change::Withdrawn => (
            format!("son label est retiré à compter du {near}"),
            match holds {
                true => format!("Le label {of} est retiré à compter du {day}."),
                false => format!("Un retrait du label {of} avait été décidé, avec effet le {day}."),
            },
        ),
        Change::Extended => {
            ("son label est étendu".to_owned(), format!("L’extension du label {of} est accordée le {day}."))
        }
        Change::Renewed => (
            format!("attestation de son label{tier} renouvelé"),
            format!(
                "Le label{tier} {of} est renouvelé le {day}, pour une période du {starts} au {ends} inclus."
            ),
        ),
        Change::Confirmed => (
            format!("attestation de son label{tier} confirmé"),
            format!("Le label{tier} {of} est confirmé le {day}."),
        ),
        Change::Awarded => (
            format!("attestation de son label{tier}"),
            match holds {
                true => format!("{local} est labellisé{tier} depuis le {day}, jusqu’au {ends} inclus."),
                false => {
                    format!(
                        "{local} a été labellisé{tier} le {day}, pour une validité jusqu’au {ends} inclus."
                    )
                }
            },
        ),
    };
    let copied = "Copie vous en est adressée comme service central.";
    let place = match decided.change {
        Change::Awarded | Change::Renewed | Change::Confirmed | Change::Raised => format!(
            "{copied} L’attestation se trouve dans son dossier n° {} ; si elle n’est pas jointe à ce message, votre organisme de certification vous la transmet.",
            decided.event.dossier
        ),
        Change::Extended | Change::Suspended | Change::Lifted | Change::Withdrawn => copied.to_owned(),
    };
    (what, vec![text, place])
}

/// A deadline of one of its locals, open or late.
#[must_use]
pub(super) fn reminder(due: &Due, review: &Review) -> (String, Vec<String>) {
    let (name, day) = (&review.name, due.deadline.nominal);
    // Several of « enquêtes », one of « autodiagnostic ».
    let (thing, expected, made) = match due.obligation {
        Obligation::SelfAssessment => ("autodiagnostic annuel", "attendu", "qu’il ait été fait"),
        Obligation::YearlySurveys => ("enquêtes de l’année", "attendues", "qu’elles aient été faites"),
        _ => ("enquêtes auprès des usagers et des agents", "attendues", "qu’elles aient été faites"),
    };
    if review.today <= day {
        let text = format!(
            "{name}, rattaché à votre service : {thing} {expected} {}. Le label de votre service central s’appuie sur cette échéance.",
            by(day)
        );
        return (format!("{thing} {expected} {}", by_near(day, review.today)), vec![text]);
    }
    let were = if due.obligation == Obligation::SelfAssessment { "était" } else { "étaient" };
    let text = format!(
        "{name}, rattaché à votre service : {thing} qui {were} {expected} {}. Rien n’indique encore {made} ; le label de votre service central en dépend.",
        by(day)
    );
    (format!("{thing} {expected} depuis le {}, à vérifier", date_near(day, review.today)), vec![text])
}

/// The summary of the network, in reminders that prepare the central's own audit.
#[must_use]
pub(super) fn board(due: &Due, review: &Review, case: &Case) -> Option<Section> {
    let prepares = matches!(
        due.obligation,
        Obligation::PrepareCentral
            | Obligation::Sample
            | Obligation::FollowUpCentral
            | Obligation::ThreeQuarters
    );
    let view = review.network.as_ref().filter(|_| prepares)?;
    let [bronze, argent, or] = view.labelled;
    let mut points = vec![
        format!(
            "Services locaux : {} ; à auditer dans l’année : {} ; audités : {}",
            view.locals, view.pools.sample, view.audited
        ),
        format!(
            "Labellisés dans l’année : {} (Bronze {bronze}, Argent {argent}, Or {or})",
            view.labelled_in_all()
        ),
    ];
    let (heading, concerned) = concerned(due.obligation, view, case, review.today);
    if !concerned.is_empty() {
        points.push(format!("{heading} : {}", concerned.len()));
    }
    points.extend(concerned.iter().take(LOCALS).map(|one| local(one, review.today)));
    if let Some(rest) = concerned.len().checked_sub(LOCALS).filter(|rest| *rest > 0) {
        points.push(format!("… {}", others(rest)));
    }
    Some(Section::new("Votre réseau", points))
}

/// The locals that a deadline of their central is about, by what is to be done or was decided; the whole network is none of
/// its concern, and may be of other certification bodies.
fn concerned<'c>(
    obligation: Obligation,
    view: &CentralView,
    case: &'c Case,
    today: Date,
) -> (&'static str, Vec<&'c Local>) {
    let counted = || case.locals.iter().filter(|local| view.counted.contains(&local.case));
    match obligation {
        Obligation::Sample => {
            ("Services locaux pas encore audités dans ce cycle", not_audited(case, view.cycle))
        }
        Obligation::ThreeQuarters => (
            "Services locaux audités dans l’année et non labellisés",
            counted().filter(|local| local.held_on(today).is_none()).collect(),
        ),
        _ => ("Services locaux audités dans l’année", counted().collect()),
    }
}

fn local(local: &Local, today: Date) -> String {
    let state = match (local.held_on(today), local.decided_by(today)) {
        (Some(held), _) => {
            let tier = tier_or_not_stated(held.tier_on(today));
            format!("labellisé {tier} le {}", date_short(held.from))
        }
        (None, Some(day)) => format!("non labellisé (décision du {})", date_short(day)),
        (None, None) => "pas encore de décision".to_owned(),
    };
    format!("{} : {state}", local.name)
}

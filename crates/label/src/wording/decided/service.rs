//! To the service: what was decided about its label, good news included. A suspension is told by the first reminder of its
//! limit, which says what is to be done.

use crate::judge::agenda::Due;
use crate::judge::{Change, Decided, Review};
use crate::outgoing::Letter;

use super::super::agreement::by;
use super::super::corrections::situation;
use super::super::names::{self, capital, date_full, date_near};
use super::super::{findings, letters};
use super::sourced;

/// The letter; `None` when the service is told nothing of it: good news is not told once it is overtaken.
pub(super) fn letter_of(decided: &Decided<'_>, review: &Review) -> Option<Letter> {
    let (name, holds) = (&review.name, decided.holds);
    let of = names::of(name);
    let tier = decided.tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let (day, ends) = (date_full(decided.on), date_full(decided.period.ends));
    let starts = date_full(decided.period.starts);
    let (near, near_end) =
        (date_near(decided.on, review.today), date_near(decided.period.ends, review.today));
    let (what, text) = match decided.change {
        Change::Awarded if holds => return Some(award(decided, &tier, review)),
        Change::Renewed if holds => return Some(renewal(decided, &tier, review)),
        Change::Awarded => (
            format!("le label{tier} a été attribué le {near}"),
            format!(
                "Le label{tier} « Services Publics + » a été attribué à {name} le {day}, pour une validité du {starts} au {ends} inclus."
            ),
        ),
        Change::Renewed => (
            format!("le label{tier} a été renouvelé le {near}"),
            format!(
                "Le label{tier} {of} a été renouvelé le {day}, pour une période du {starts} au {ends} inclus."
            ),
        ),
        Change::Withdrawn => withdrawal(decided, review),
        _ if !holds => return None,
        Change::Confirmed => (
            format!("le label{tier} est confirmé, valable jusqu’au {near_end}"),
            format!(
                "À l’issue de l’audit de suivi, le label{tier} {of} est confirmé le {day}. Il reste valable jusqu’au {ends} inclus."
            ),
        ),
        Change::Raised => (
            match decided.tier {
                Some(_) => format!("le label passe au palier{tier}"),
                None => "le label passe à un palier supérieur".to_owned(),
            },
            format!(
                "Le label {of} est au palier{} depuis le {day}. Sa date de fin ne change pas : il est valable jusqu’au {ends} inclus.",
                if decided.tier.is_some() { tier } else { " supérieur".to_owned() }
            ),
        ),
        Change::Extended => (
            "l’extension du label est accordée".to_owned(),
            format!(
                "L’extension du label{tier} {of} est accordée le {day}. Le label est valable jusqu’au {ends} inclus."
            ),
        ),
        Change::Lifted => (
            format!("la suspension du label est levée, label valable jusqu’au {near_end}"),
            format!(
                "La suspension du label{tier} {of} {} le {day}. La suspension n’a pas prolongé le label : il est valable jusqu’au {ends} inclus.",
                if decided.on > review.today { "sera levée" } else { "est levée depuis" }
            ),
        ),
        Change::Suspended => return None,
    };
    let mut paragraphs = vec![text];
    if !holds {
        paragraphs.push(situation(review));
    } else if decided.change == Change::Withdrawn {
        paragraphs.extend(mark(review));
    }
    Some(sourced(decided, what, paragraphs))
}

/// The years to come, at the award.
fn award(decided: &Decided<'_>, tier: &str, review: &Review) -> Letter {
    let name = &review.name;
    let text = format!(
        "Le label{tier} « Services Publics + » est attribué à {name}. Il est valable du {} au {} inclus. Voici les rendez-vous à prévoir ; nous vous écrirons avant chacun.",
        date_full(decided.period.starts),
        date_full(decided.period.ends)
    );
    let mut letter = sourced(
        decided,
        format!(
            "le label{tier} est attribué, valable jusqu’au {}",
            date_near(decided.period.ends, review.today)
        ),
        vec![text],
    );
    to_come(&mut letter, review);
    letter
}

/// Granted before the running period ends, it begins after it: its dates are told once they are those of the label.
fn renewal(decided: &Decided<'_>, tier: &str, review: &Review) -> Letter {
    let (of, starts) = (names::of(&review.name), decided.period.starts);
    let ahead = starts > review.today;
    let text = format!(
        "Le label{tier} {of} est renouvelé. La nouvelle période va du {} au {} inclus. {}",
        date_full(starts),
        date_full(decided.period.ends),
        if ahead {
            "D’ici là, rien ne change. Nous vous écrirons avant chacun de ses rendez-vous."
        } else {
            "Voici les rendez-vous à prévoir ; nous vous écrirons avant chacun."
        }
    );
    let mut letter = sourced(
        decided,
        format!("le label{tier} est renouvelé jusqu’au {}", date_near(decided.period.ends, review.today)),
        vec![text],
    );
    if !ahead {
        to_come(&mut letter, review);
    }
    letter
}

/// The dates of the guide that are still ahead.
fn to_come(letter: &mut Letter, review: &Review) {
    let ahead = |due: &&Due| due.deadline.nominal > review.today && due.obligation.is_of_the_guide();
    for due in review.agenda.iter().filter(ahead) {
        let day = capital(&date_full(due.deadline.nominal));
        letter.points.push(format!("{day} : {}", findings::due_title(due)));
        letter.events.push(letters::event(due, &review.name));
    }
}

fn withdrawal(decided: &Decided<'_>, review: &Review) -> (String, String) {
    let (of, on) = (names::of(&review.name), decided.on);
    let (short, day) = (date_near(on, review.today), date_full(on));
    if decided.holds && decided.follows_an_expiry() {
        let ends = decided.period.ends;
        return (
            format!(
                "la fin du label est notifiée, il était valable jusqu’au {}",
                date_near(ends, review.today)
            ),
            format!(
                "Le label {of} est arrivé à échéance le {}, sans renouvellement ; votre organisme de certification en notifie le retrait.",
                date_full(ends)
            ),
        );
    }
    match decided.holds {
        true if on > review.today => (
            format!("le label sera retiré le {short}"),
            format!("Le retrait du label {of} est décidé, avec effet le {day}."),
        ),
        true => (
            format!("le label est retiré depuis le {short}"),
            format!("Le label {of} est retiré, avec effet le {day}."),
        ),
        false => (
            format!("un retrait du label avait été décidé, avec effet le {short}"),
            format!("Un retrait du label {of} avait été décidé, avec effet le {day}."),
        ),
    }
}

/// Until when the mark may be used: the day that the page and the calendar show.
fn mark(review: &Review) -> Option<String> {
    let stops = review.label.as_ref()?.mark_stops;
    let verb = if stops < review.today { "devait" } else { "doit" };
    Some(format!(
        "Tout usage de la marque « Services Publics + » (sites, supports, affichage) {verb} cesser {}.",
        by(stops)
    ))
}

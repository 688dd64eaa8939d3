//! Mails about events and not deadlines: a deposit, documents that will be too old, a timetable, a refusal. Those about the
//! other decisions are in `decided`.

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame};
use crate::guide::surveys::SurveyKind;
use crate::guide::{application, audit, decision};
use crate::judge::Review;
use crate::judge::agenda::Role;
use crate::judge::finding::{Finding, What};
use crate::outgoing::{CalendarEvent, Letter, audit_uid};
use jiff::civil::Date;

use super::findings::what;
use super::names::{self, capital, date_full, date_short};
use super::sourced::letter;

/// To the certification body: the mail server of the service refuses our mails.
#[must_use]
pub fn unreachable(review: &Review, case: &Case, since: Date, reached: bool) -> Letter {
    let now = match reached {
        true => "les rappels partent à une autre adresse du dossier",
        false => "les rappels ne lui parviennent plus",
    };
    let ask = match reached {
        true => "Demandez-lui de corriger cette adresse dans son dossier.",
        false => {
            "Demandez-lui de corriger cette adresse dans son dossier : les envois reprendront d’eux-mêmes, à commencer par ceux qui n’ont pas pu partir."
        }
    };
    let number = case.current().map_or(case.id, |facts| facts.number);
    Letter {
        subject: format!("[SP+] {} — l’adresse du service refuse nos courriels", review.name),
        paragraphs: vec![
            format!(
                "Depuis le {}, la messagerie du service refuse les courriels adressés au contact du dossier n° {number} : {now}.",
                date_full(since)
            ),
            ask.to_owned(),
        ],
        points: Vec::new(),
        sections: Vec::new(),
        source: "Adresse du contact, telle qu’elle figure dans le dossier".to_owned(),
        rule: String::new(),
        events: Vec::new(),
        announced: None,
    }
}

/// The sentence added to a mail when its date is not the one sent before.
#[must_use]
pub fn replaces(before: Date) -> String {
    format!("Cette date remplace celle du {}, indiquée précédemment.", date_full(before))
}

/// To the certification body: a dossier was deposited, with its findings.
#[must_use]
pub fn deposited(facts: &Facts, faults: &[&Finding]) -> Letter {
    let count = faults.len();
    let subject = match count {
        0 => format!("[SP+] {} — dossier déposé, complet", facts.name()),
        1 => format!("[SP+] {} — dossier déposé : 1 point à vérifier", facts.name()),
        _ => format!("[SP+] {} — dossier déposé : {count} points à vérifier", facts.name()),
    };
    let text = format!(
        "Le dossier n° {} a été déposé le {}.{}",
        facts.number,
        date_full(facts.deposited),
        if facts.state == PlatformState::EnConstruction {
            " Il reste à en accuser réception sur la plateforme."
        } else {
            ""
        }
    );
    let mut letter = letter(subject, vec![text], "3.5.2", "R-3.5.2-c");
    letter.points = faults.iter().map(|finding| super::finding(finding)).collect();
    letter
}

/// A survey or a self-assessment that will be too old on the day of the audit.
#[must_use]
pub fn stale(facts: &Facts, stale: &[&Finding], audit: Date, role: Role) -> Letter {
    let day = date_short(audit);
    let subject = match role {
        Role::Candidat => format!("Des pièces de votre dossier ne seront plus valables à l’audit du {day}"),
        _ => match stale {
            [only] => {
                format!("[SP+] {} — {} à la date d’audit du {day}", facts.name(), stale_piece(&only.what))
            }
            _ => format!("[SP+] {} — pièces périmées à la date d’audit du {day}", facts.name()),
        },
    };
    let text = format!(
        "Au regard de l’audit prévu le {}, les pièces ci-dessous sont hors délai. Elles sont à refaire, ou la date de l’audit à revoir.",
        date_full(audit)
    );
    let mut letter = letter(subject, vec![text], "3.4", "R-3.4-a");
    letter.points = stale.iter().map(|finding| what(&finding.what)).collect();
    letter
}

fn stale_piece(what: &What) -> &'static str {
    match what {
        What::Survey { key: Key::EnqueteUsagersCloture, .. } => "enquête usagers périmée",
        What::Survey { .. } => "enquête agents périmée",
        _ => "autodiagnostic périmé",
    }
}

/// A survey that lacks answers, while more can still be collected.
#[must_use]
pub fn answers_missing(finding: &Finding, survey: SurveyKind, missing: i64) -> Letter {
    let (plural, verb) = if missing > 1 { ("s", "manque") } else { ("", "manque") };
    let subject = format!(
        "Votre enquête {} : il {verb} {missing} réponse{plural} recevable{plural}",
        names::survey(survey)
    );
    let text = "Une enquête qui n’atteint pas le nombre de réponses attendu n’est pas valable : elle peut rester ouverte, ou être relancée auprès des personnes déjà sollicitées.";
    let mut letter = letter(subject, vec![text.to_owned()], finding.section, finding.rule);
    letter.points = vec![what(&finding.what)];
    letter
}

/// The candidate's dates up to the audit, sent each time that its day is set or changed.
#[must_use]
pub fn retroplanning(facts: &Facts, first: Date, frame: &Frame) -> Letter {
    let days = crate::case::calendar(facts, frame);
    let last = facts.date(Key::AuditFin).unwrap_or(first);
    let report = audit::report_due(last, &days).nominal;
    let line = |day: Date, text: &str| format!("{} : {text}", capital(&date_full(day)));
    let text = format!(
        "L’audit de votre service commence le {}. Voici les dates qui en découlent.",
        date_full(first)
    );
    let subject = format!("Votre rétroplanning jusqu’à l’audit du {}", date_short(first));
    let mut letter = letter(subject, vec![text], "3.5.1", "R-3.5.1-k");
    letter.points = vec![
        line(application::deposit_advised(first, &days), "dossier complet sur la plateforme, au plus tard"),
        line(
            audit::plan_limit(first, &days),
            "plan d’audit reçu de l’organisme de certification, au plus tard",
        ),
        line(application::complements_limit(first), "derniers compléments, au plus tard"),
        line(first, "premier jour de visite"),
        line(report, "rapport d’audit, au plus tard"),
    ];
    letter.events.push(CalendarEvent {
        uid: audit_uid(facts.number),
        day: first,
        title: format!("Audit du label — {}", facts.name()),
        cancelled: false,
    });
    letter
}

/// The API token of the platform expires soon. Without a new one nothing can be read or written.
#[must_use]
pub fn token_end(end: Date) -> Letter {
    let text = format!(
        "Le jeton avec lequel vigie lit et annote les dossiers sur demarche.numerique.gouv.fr est valable jusqu’au {} inclus. Sans nouveau jeton, plus aucun dossier ne sera lu et plus aucun rappel ne partira.",
        date_full(end)
    );
    let points = [
        "un administrateur de la démarche crée un nouveau jeton depuis son profil, avec droit d’écriture",
        "il y inscrit l’adresse de la machine qui exécute vigie",
        "l’exploitant le met dans le fichier dn.token_file et corrige dn.token_expires",
    ];
    Letter {
        subject: format!("Jeton de la plateforme à renouveler avant le {}", date_short(end)),
        paragraphs: vec![text],
        points: points.map(str::to_owned).to_vec(),
        source: "demarche.numerique.gouv.fr ne prévient que l’administrateur de la démarche".to_owned(),
        rule: String::new(),
        sections: Vec::new(),
        events: Vec::new(),
        announced: None,
    }
}

/// After a refusal: when to apply again. `None` once the service was labelled since.
#[must_use]
pub fn refused(event: &Event, review: &Review, case: &Case, frame: &Frame) -> Option<Letter> {
    let on = event.on()?;
    let since = |later: &Event| later.decision == Decision::Labellise && later.on() > Some(on);
    if review.decisions().any(since) {
        return None;
    }
    let from = decision::may_reapply_from(event.notified.unwrap_or(on), &frame.choices);
    let when = if from < review.today { "depuis le" } else { "à partir du" };
    let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier);
    let request = match facts.map_or(Demande::Initial, Demande::of) {
        Demande::Initial => "de labellisation",
        Demande::Suivi => "de suivi",
        Demande::Extension => "d’extension",
        Demande::Renouvellement => "de renouvellement",
    };
    let subject = format!("Nouvelle candidature possible {when} {}", date_short(from));
    let text = format!(
        "Votre demande {request} n’a pas abouti ; votre organisme de certification vous en a donné les raisons. Une nouvelle demande est possible {when} {}.",
        date_full(from)
    );
    Some(letter(subject, vec![text], "3.8.1", "R-3.8.1-g"))
}

//! Mails about events and not deadlines: a deposit, documents that will be too old, a timetable, a refusal. Those about the
//! other decisions are in `decided`.

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame};
use crate::guide::application::Age;
use crate::guide::surveys::Freshness;
use crate::guide::surveys::SurveyKind;
use crate::guide::{application, audit, decision};
use crate::judge::Review;
use crate::judge::agenda::Role;
use crate::judge::finding::{Finding, What};
use crate::outgoing::{CalendarEvent, Letter, Place, audit_uid};
use jiff::civil::Date;

use super::addressed::shortened;
use super::agreement;
use super::findings::what;
use super::found::Found;
use super::names::{self, capital, date_full, date_near, date_short, lower_first};
use super::sourced::{letter, unsourced};

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
    let what =
        format!("l’adresse du service refuse nos courriels depuis le {}", date_near(since, review.today));
    let text = vec![
        format!(
            "Depuis le {}, la messagerie du service refuse les courriels adressés au contact du dossier n° {number} : {now}.",
            date_full(since)
        ),
        ask.to_owned(),
    ];
    unsourced(what, text, "Adresse du contact, telle qu’elle figure dans le dossier".to_owned())
}

/// The sentence added to a mail when its date is not the one sent before.
#[must_use]
pub fn replaces(before: Date) -> String {
    format!("Cette date remplace celle du {}, indiquée précédemment.", date_full(before))
}

/// Findings named in the subject of a deposit.
const NAMED: usize = 2;

/// Characters of each; the mail has it whole.
const SAID: usize = 160;

/// To the certification body: a dossier was deposited, with its findings.
#[must_use]
pub fn deposited(facts: &Facts, faults: &[&Finding]) -> Letter {
    let what = match faults {
        [] => "dossier déposé, complet".to_owned(),
        faults => format!("dossier déposé, à vérifier : {}", named(faults)),
    };
    let text = format!(
        "Le dossier n° {} a été déposé le {}.{}",
        facts.number,
        date_full(facts.deposited),
        match facts.state {
            PlatformState::EnConstruction => " Il reste à en accuser réception sur la plateforme.",
            _ => "",
        }
    );
    let mut letter = letter(what, vec![text], "3.5.2", "R-3.5.2-c");
    letter.points = faults.iter().map(|finding| super::finding(finding)).collect();
    letter
}

/// To the certification body: a decision that was taken is in doubt, and what to do.
#[must_use]
pub fn doubted(facts: &Facts, doubt: &Found) -> Letter {
    let what = format!("décision à vérifier — {}", doubt.text);
    let text = vec![
        format!("{}.", doubt.text),
        format!(
            "Corrigez sur la plateforme, dans le dossier n° {}, ce qui ne convient pas : le constat disparaît à la lecture qui suit. D’ici là il reste sur la page du cas et dans la liste de travail ; aucun autre courriel ne le répétera.",
            facts.number
        ),
    ];
    match doubt.rule.as_str() {
        "DN" => unsourced(what, text, "Ce que dit le dossier, comparé à la décision".to_owned()),
        rule => letter(what, text, &doubt.section, rule),
    }
}

/// The first findings in a few words, and how many there are beside them.
fn named(faults: &[&Finding]) -> String {
    let said = |fault: &&Finding| match &fault.what {
        What::Piece(key) => format!("{} (manque)", super::fields::key(*key)),
        other => shortened(&lower_first(&what(other)), SAID),
    };
    let mut named: Vec<String> = faults.iter().take(NAMED).map(said).collect();
    if let Some(rest) = faults.len().checked_sub(NAMED).filter(|rest| *rest > 0) {
        named.push(agreement::others(rest));
    }
    named.join(" ; ")
}

/// A survey or a self-assessment that will be too old on the day of the audit, or that is dated after it begins.
#[must_use]
pub fn stale(facts: &Facts, stale: &[&Finding], audit: Date, role: Role, today: Date) -> Letter {
    let pieces: Vec<&str> = stale.iter().map(|finding| stale_piece(&finding.what)).collect();
    let (pieces, old) = match pieces.as_slice() {
        [only] => {
            (format!("l’{only}"), if *only == SELF_ASSESSMENT { "trop ancien" } else { "trop ancienne" })
        }
        pieces => (list(pieces), "trop anciens"),
    };
    let several = stale.len() > 1;
    let ahead = stale.iter().filter(|finding| is_ahead(&finding.what)).count();
    let will = agreement::agree(stale.len(), "sera", "seront");
    let on = date_near(audit, today);
    let (what_is_old, why) = if ahead == 0 {
        let why = match several {
            false => "Cet élément sera trop ancien à cette date : à refaire",
            true => "Ces éléments seront trop anciens à cette date : à refaire",
        };
        (format!("{pieces} {will} {old} à l’audit du {on}"), why)
    } else if ahead == stale.len() {
        let why = match several {
            false => "La date de cet élément vient après le début de l’audit : elle est à vérifier",
            true => "Les dates de ces éléments viennent après le début de l’audit : elles sont à vérifier",
        };
        let dated = agreement::agree(stale.len(), "a une date postérieure", "ont une date postérieure");
        (format!("{pieces} {dated} à l’audit du {on}"), why)
    } else {
        let why = "Certains seront trop anciens à cette date, d’autres sont datés après le début de l’audit : à refaire ou à vérifier";
        (format!("{pieces} ne conviennent pas à l’audit du {on}"), why)
    };
    let text =
        format!("L’audit est prévu le {}. {why}, ou la date de l’audit est à revoir.", date_full(audit));
    let mut letter = letter(what_is_old, vec![text], "3.4", "R-3.4-a");
    letter.points = stale.iter().map(|finding| what(&finding.what)).collect();
    letter.place = (role == Role::Candidat).then_some(Place::Body);
    if role == Role::Organisme {
        letter.paragraphs.push(format!("Le service {} en est prévenu aussi.", facts.name()));
    }
    letter
}

/// It is dated after the audit begins: not too old.
fn is_ahead(what: &What) -> bool {
    matches!(
        what,
        What::Survey { freshness: Freshness::TooLate, .. } | What::SelfAssessment { age: Age::TooLate, .. }
    )
}

const SELF_ASSESSMENT: &str = "autodiagnostic";

fn stale_piece(what: &What) -> &'static str {
    match what {
        What::Survey { key: Key::EnqueteUsagersCloture, .. } => "enquête usagers",
        What::Survey { .. } => "enquête agents",
        _ => SELF_ASSESSMENT,
    }
}

/// « l’enquête usagers, l’enquête agents et l’autodiagnostic ».
fn list(pieces: &[&str]) -> String {
    let pieces: Vec<String> = pieces.iter().map(|piece| format!("l’{piece}")).collect();
    match pieces.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} et {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A survey that lacks answers, while more can still be collected.
#[must_use]
pub fn answers_missing(finding: &Finding, survey: SurveyKind, missing: i64) -> Letter {
    let answers = agreement::count(missing, "réponse recevable", "réponses recevables");
    let short = format!("enquête {}, il manque {answers}", names::survey(survey));
    let text = "Une enquête qui n’atteint pas le nombre de réponses attendu n’est pas valable : elle peut rester ouverte, ou être relancée auprès des personnes déjà sollicitées.";
    let mut letter = letter(short, vec![text.to_owned()], finding.section, finding.rule);
    letter.points = vec![what(&finding.what)];
    letter.place = Some(Place::Body);
    letter
}

/// The candidate's dates up to the audit, sent each time that its day is set or changed.
#[must_use]
pub fn retroplanning(facts: &Facts, first: Date, frame: &Frame, today: Date) -> Letter {
    let days = crate::case::calendar(facts, frame);
    let last = facts.date(Key::AuditFin).unwrap_or(first);
    let report = audit::report_due(last, &days).nominal;
    let line = |day: Date, text: &str| format!("{} : {text}", capital(&date_full(day)));
    let text = format!("Votre audit commence le {}. Voici les dates qui en découlent.", date_full(first));
    let what = format!("le calendrier de votre audit du {}", date_near(first, today));
    let mut letter = letter(what, vec![text], "3.5.1", "R-3.5.1-k");
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
    letter.place = Some(Place::Dossier);
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
    let source = "demarche.numerique.gouv.fr ne prévient que l’administrateur de la démarche".to_owned();
    let what =
        format!("[SP+] vigie : jeton de la plateforme à renouveler au plus tard le {}", date_short(end));
    Letter { points: points.map(str::to_owned).to_vec(), ..unsourced(what, vec![text], source) }
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
    let what = format!("la demande {request} n’a pas abouti");
    let text = vec![
        format!(
            "Votre demande {request} n’a pas abouti ; votre organisme de certification vous en a donné les raisons."
        ),
        format!("Une nouvelle demande est possible {when} {}.", date_full(from)),
    ];
    let letter = letter(what, text, "3.8.1", "R-3.8.1-g");
    Some(Letter { place: Some(Place::Application), ..letter })
}

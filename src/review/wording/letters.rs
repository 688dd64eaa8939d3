//! Mails: what, by when, why (the guide's section), where. Plain sentences, dates in full.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::guide::tiers::Tier;
use crate::guide::{application, audit, decision, sanctions};
use crate::review::agenda::{Due, Obligation, Role, Status};
use crate::review::case::{Case, Decision, Event};
use crate::review::documents::Finding;
use crate::review::facts::Facts;
use crate::review::keys::Key;
use crate::review::life::Label;
use crate::review::{Frame, Review};

use super::findings::{capital, what};
use super::names::{self, date_full, date_short};

/// A mail before it has an address: text and HTML are both made from this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// A list of points, or of dates.
    pub points: Vec<String>,
    /// « § 3.7.1 du guide du label (R-3.7.1-b) ».
    pub source: String,
    /// The day to put in a calendar.
    pub event: Option<CalendarEvent>,
}

/// An all-day event whose identity is the obligation's: a moved date updates it in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    pub uid: String,
    pub day: Date,
    pub title: String,
}

fn source(section: &str, rule: &str) -> String {
    format!("§ {section} du guide du label « Services Publics + » (règle {rule})")
}

fn letter(subject: String, paragraphs: Vec<String>, section: &str, rule: &str) -> Letter {
    Letter { subject, paragraphs, points: Vec::new(), source: source(section, rule), event: None }
}

/// The reminder of one deadline, for one of the three kinds of reader.
#[must_use]
pub fn reminder(due: &Due, role: Role, review: &Review, case: &Case) -> Letter {
    let (code, rule, section) = due.obligation.reference();
    let (subject, paragraphs) = match role {
        Role::Candidat => to_candidate(due, review),
        Role::Organisme | Role::Ditp => to_body(due, review, role),
    };
    let mut letter = letter(subject, paragraphs, section, rule);
    if due.obligation == Obligation::Deposit {
        letter.points = review
            .faults(Some(due.dossier))
            .filter(|finding| finding.level >= crate::review::documents::Level::Missing)
            .map(|finding| what(&finding.what))
            .collect();
    }
    if matches!(role, Role::Candidat) {
        letter.paragraphs.push(where_to(case));
    }
    letter.event = Some(CalendarEvent {
        uid: format!("{}-{code}", due.dossier),
        day: due.deadline.nominal,
        title: format!("{} — {}", names::obligation(due.obligation), review.name),
    });
    letter
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
        Obligation::Deposit if late => (
            format!("Dossier attendu depuis le {short}"),
            vec![format!(
                "Votre dossier de candidature devait être complet le {day} au plus tard, un mois avant l’audit. Les points ci-dessous restent à compléter ; la tenue de l’audit à la date prévue dépend de votre organisme de certification."
            )],
        ),
        Obligation::Deposit => (
            format!("Dossier à déposer au plus tard le {short}"),
            vec![format!(
                "Votre dossier de candidature doit être complet au plus tard le {day}, un mois avant l’audit. Il reste à compléter les points ci-dessous."
            )],
        ),
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
        Obligation::Prepare | Obligation::FollowUp => follow_up_candidate(due, review),
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
        Obligation::Plan | Obligation::Report | Obligation::End => (
            format!("{} : {short}", names::obligation(due.obligation)),
            vec![format!("{} : {day}.", names::obligation(due.obligation))],
        ),
    }
}

fn follow_up_candidate(due: &Due, review: &Review) -> (String, Vec<String>) {
    let window = due.window.or_else(|| review.label.as_ref()?.next_window(review.service));
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
    let since = since.map(|day| format!(" depuis le {}", date_full(day))).unwrap_or_default();
    (
        format!("Votre label est suspendu : ce qu’il faut faire avant le {short}"),
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
        Obligation::Deposit => format!("dossier incomplet après le {short}"),
        Obligation::FollowUp | Obligation::Prepare => match due.window {
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
        Obligation::Suspension => format!("suspension : à lever au plus tard le {short}"),
        Obligation::MarkStops => format!("usage de la marque à vérifier (fin le {short})"),
        Obligation::Renewal => format!("renouvellement à demander, fin de validité le {}", end_of(review)),
        Obligation::End => format!("fin de validité le {} sans renouvellement", end_of(review)),
        Obligation::Observations | Obligation::Reapply => {
            format!("{} : {short}", names::obligation(due.obligation))
        }
    };
    let text = format!(
        "{} — {} : {day}{}.",
        capital(names::service(review.service)),
        names::obligation(due.obligation).to_lowercase(),
        if late { ", en retard" } else { "" }
    );
    let text = vec![text, "La décision vous appartient : ce message rappelle une date du guide.".to_owned()];
    (format!("{prefix} {name} — {subject}"), if role == Role::Ditp { text[..1].to_vec() } else { text })
}

fn end_of(review: &Review) -> String {
    review.label.as_ref().map(|label| date_short(label.ends)).unwrap_or_default()
}

/// A decision, told to those whom it concerns. `None`: that decision is not told to that role by vigie.
#[must_use]
pub fn decided(event: &Event, role: Role, review: &Review, case: &Case) -> Option<Letter> {
    let on = event.on()?;
    let name = &review.name;
    let section = match event.decision {
        Decision::Labellise => ("3.8.1", "R-3.8.1-e"),
        Decision::PalierSuperieur => ("3.9.1", "R-3.9.1-h"),
        Decision::Suspension | Decision::Levee => ("5.3.1", "R-5.3.1-g"),
        Decision::Retrait => ("5.3.2", "R-5.3.2-e"),
        _ => return None,
    };
    let tier = event.tier.map_or("palier non précisé", names::tier);
    let (subject, text) = match (event.decision, role) {
        (Decision::Labellise, Role::Ditp) => (
            format!("[SP+ DITP] Label attribué : {name} — {tier}{}", body_of(case)),
            format!("Label attribué le {} : à inscrire à la liste publique.", date_full(on)),
        ),
        (Decision::PalierSuperieur, Role::Ditp) => (
            format!("[SP+ DITP] Passage au palier {tier} : {name}"),
            format!(
                "Palier relevé le {} ; la date de fin ne change pas. Liste publique à actualiser.",
                date_full(on)
            ),
        ),
        (Decision::Suspension, Role::Ditp) => (
            format!("[SP+ DITP] Suspension à publier : {name} à compter du {}", date_short(on)),
            format!("Label suspendu à compter du {} : à publier pendant toute la suspension.", date_full(on)),
        ),
        (Decision::Levee, Role::Ditp) => (
            format!("[SP+ DITP] Levée de suspension : {name}"),
            format!("Suspension levée le {} ; la durée du label ne change pas.", date_full(on)),
        ),
        (Decision::Retrait, Role::Ditp) => (
            format!("[SP+ DITP] Retrait : {name}, effet le {} — retrait de la liste", date_short(on)),
            format!(
                "Label retiré, avec effet le {} : à retirer de la liste publique à cette date.",
                date_full(on)
            ),
        ),
        (Decision::Retrait, Role::Candidat) => {
            let stops = sanctions::mark_stops(on);
            (
                format!("Cessez d’utiliser la marque avant le {}", date_short(stops)),
                format!(
                    "Votre label est retiré avec effet le {}. Tout usage de la marque doit cesser au plus tard le {}.",
                    date_full(on),
                    date_full(stops)
                ),
            )
        }
        (Decision::Labellise, Role::Candidat) => {
            return review.label.as_ref().map(|label| award(label, event.tier, review));
        }
        _ => return None,
    };
    Some(letter(subject, vec![text], section.0, section.1))
}

fn body_of(case: &Case) -> String {
    let body = case.current().and_then(|facts| facts.text(Key::Organisme));
    body.map(|name| format!(" — {name}")).unwrap_or_default()
}

/// The three years to come, at the award.
fn award(label: &Label, tier: Option<Tier>, review: &Review) -> Letter {
    let tier = tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let subject = format!("Votre label{tier} : les rendez-vous des trois prochaines années");
    let text = format!(
        "Votre label est attribué. Il est valable du {} au {} inclus. Voici les rendez-vous à prévoir ; nous vous écrirons avant chacun.",
        date_full(label.obtained),
        date_full(label.ends)
    );
    let mut letter = letter(subject, vec![text], "2.3", "R-2.3-a");
    letter.points = review
        .agenda
        .iter()
        .filter(|due| due.deadline.nominal > label.obtained)
        .map(|due| {
            format!("{} : {}", capital(&date_full(due.deadline.nominal)), super::findings::due_title(due))
        })
        .collect();
    letter
}

/// To the certification body: a dossier came in, and what to look at.
#[must_use]
pub fn deposited(facts: &Facts, faults: &[&Finding]) -> Letter {
    let count = faults.len();
    let subject = match count {
        0 => format!("[SP+] {} — dossier déposé, complet", facts.name()),
        1 => format!("[SP+] {} — dossier déposé : 1 point à vérifier", facts.name()),
        _ => format!("[SP+] {} — dossier déposé : {count} points à vérifier", facts.name()),
    };
    let text = format!(
        "Le dossier n° {} a été déposé le {}. Il reste à en accuser réception sur la plateforme.",
        facts.number,
        date_full(facts.deposited)
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
        _ => format!("[SP+] {} — pièces périmées à la date d’audit du {day}", facts.name()),
    };
    let text = format!(
        "Au regard de l’audit prévu le {}, les pièces ci-dessous sont hors délai. Elles sont à refaire, ou la date de l’audit à revoir.",
        date_full(audit)
    );
    let mut letter = letter(subject, vec![text], "3.4", "R-3.4-a");
    letter.points = stale.iter().map(|finding| what(&finding.what)).collect();
    letter
}

/// A survey that lacks answers, while it can still be mended.
#[must_use]
pub fn answers_missing(finding: &Finding, survey: &str, missing: i64) -> Letter {
    let (plural, verb) = if missing > 1 { ("s", "manque") } else { ("", "manque") };
    let subject = format!("Votre enquête {survey} : il {verb} {missing} réponse{plural} recevable{plural}");
    let text = "Une enquête qui n’atteint pas le nombre de réponses attendu n’est pas valable : elle peut rester ouverte, ou être relancée auprès des personnes déjà sollicitées.";
    let mut letter = letter(subject, vec![text.to_owned()], finding.section, finding.rule);
    letter.points = vec![what(&finding.what)];
    letter
}

/// The candidate's dates up to the audit, each time that its day is set or moved.
#[must_use]
pub fn retroplanning(facts: &Facts, first: Date, frame: &Frame) -> Letter {
    let days = crate::review::life::calendar(facts, frame);
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
    letter.event = Some(CalendarEvent {
        uid: format!("{}-audit", facts.number),
        day: first,
        title: format!("Audit du label — {}", facts.name()),
    });
    letter
}

/// After a refusal: when to apply again.
#[must_use]
pub fn refused(event: &Event, frame: &Frame) -> Option<Letter> {
    let from = decision::may_reapply_from(event.notified.or(event.on())?, &frame.choices);
    let subject = format!("Nouvelle candidature possible à partir du {}", date_short(from));
    let text = format!(
        "Votre demande de labellisation n’a pas abouti ; votre organisme de certification vous en a donné les raisons. Une nouvelle demande est possible à partir du {}.",
        date_full(from)
    );
    Some(letter(subject, vec![text], "3.8.1", "R-3.8.1-g"))
}

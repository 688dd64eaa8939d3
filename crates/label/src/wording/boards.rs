//! The texts of the boards: the timeline of a case, and what another reading would change.

use jiff::civil::Date;

use crate::case::Demande;
use crate::case::inspection::Inspection;
use crate::guide::Rule;
use crate::guide::tiers::Tier;
use crate::judge::agenda::{Due, Status};
use crate::judge::finding::Finding;
use crate::judge::readings::Change;
use crate::judge::time_line::{Lane, Moment, Stretch};
use crate::life::Standing;

use super::findings::{due_title, level, what};
use super::names::{self, capital, date_full, date_short, decision};
use super::suspension;

/// Title of one lane of the timeline, on the page of a case.
#[must_use]
pub fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Application => "Démarches et décisions",
        Lane::Audit => "Audits",
        Lane::Validity => "Validité du label",
        Lane::Suspension => "Suspensions",
        Lane::FollowUp => "Fenêtres de suivi",
        Lane::Deadline => "Échéances ouvertes",
    }
}

/// The kind of request of a dossier, for the case page, the decision sheet and the API.
#[must_use]
pub fn demande(demande: Demande) -> &'static str {
    match demande {
        Demande::Initial => "première demande",
        Demande::Suivi => "suivi",
        Demande::Extension => "extension",
        Demande::Renouvellement => "renouvellement",
    }
}

/// What happens on a stretch of the line, without its days.
#[must_use]
pub fn moment(moment: &Moment) -> String {
    match moment {
        Moment::Deposit(kind) => format!("Dossier déposé ({})", demande(*kind)),
        Moment::Plan => "Plan d’audit transmis".to_owned(),
        Moment::Visit => "Visite d’audit".to_owned(),
        Moment::Report => "Rapport d’audit transmis".to_owned(),
        Moment::Decided(event) => {
            let tier = event.tier.map(|tier| format!(", palier {}", names::tier(tier))).unwrap_or_default();
            format!("Décision : {}{tier}", decision(event.decision))
        }
        Moment::Valid(tier) => format!("Label valable, palier {}", tier_or_not(*tier)),
        Moment::Suspended { lifted: true } => "Label suspendu, puis suspension levée".to_owned(),
        Moment::Suspended { lifted: false } => "Label suspendu".to_owned(),
        Moment::Window { index, settled } => {
            let which = match index {
                0 => "de l’audit de suivi",
                _ => "du second audit de suivi",
            };
            format!("Fenêtre {which}{}", if *settled { " (audit décidé)" } else { "" })
        }
        Moment::Due(obligation, status) => {
            let late = if *status == Status::Late { " (en retard)" } else { "" };
            format!("Échéance : {}{late}", names::obligation(*obligation))
        }
    }
}

/// « Du lundi 8 mars 2027 au mardi 9 mars 2027 », or the one day.
#[must_use]
pub fn days(stretch: &Stretch) -> String {
    if stretch.from == stretch.to {
        capital(&date_full(stretch.from))
    } else {
        format!("Du {} au {}", date_full(stretch.from), date_full(stretch.to))
    }
}

/// A sentence about the reading, with the moment at which it was true.
#[must_use]
pub fn said_at(sentence: &str, moment: &str) -> String {
    format!("{sentence} (fichier fait le {moment})")
}

/// Answers to a person who finds a deadline settled.
pub const SETTLED_AHEAD: &str =
    "Ce jour n’est pas encore passé : on constate ce qui est fait, au plus tard aujourd’hui.";
/// Answer when the deadline that a person settles is not late, or has another day by now.
pub const NOT_TO_SETTLE: &str =
    "Cette échéance n’est pas en retard, ou son jour a changé entre-temps : rechargez la page du service.";

/// Answer when what a person wants to keep is not what the dossier says by now.
pub const NOT_TO_KEEP: &str =
    "Le dossier ne dit plus cette valeur, ou elle est déjà retenue : rechargez la page du service.";

/// The state of a deadline, as tables and lists show it.
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Upcoming => "À venir",
        Status::Late => "En retard",
        Status::Passed => "Passé",
        Status::Done => "Fait",
    }
}

/// The same of one deadline, on that day: with the day on which a person found it done, or on which it was done too late.
#[must_use]
pub fn due_status(due: &Due, today: Date) -> String {
    if due.is_moot(today) {
        return "Sans objet".to_owned();
    }
    if let Some(on) = due.done_on.filter(|_| due.is_done_late()) {
        return format!("{} en retard, le {}", status(due.status), date_short(on));
    }
    names::done(due.settled, status(due.status))
}

/// « 42 », or « plus de 1000 » for what was not counted to its end.
#[must_use]
pub fn count(count: i64, most: i64) -> String {
    if count > most { format!("plus de {most}") } else { count.to_string() }
}

/// In the place of a tier that no decision states.
pub const TIER_NOT_STATED: &str = "Palier non précisé";

fn tier_or_not(tier: Option<Tier>) -> &'static str {
    tier.map_or("non précisé", names::tier)
}

/// One thing that the other reading would change.
#[must_use]
pub fn change(change: &Change) -> String {
    match change {
        Change::State { now, other } => {
            format!("État : « {} » au lieu de « {} »", names::state(*other), names::state(*now))
        }
        Change::End { now, other } => {
            format!("Fin de validité : {} au lieu de {}", date_short(*other), date_short(*now))
        }
        Change::Tier { now, other } => {
            format!("Palier : {} au lieu de {}", tier_or_not(*other), tier_or_not(*now))
        }
        Change::Due { now, other } => moved(now.as_ref(), other.as_ref()),
        Change::Finding { now, other } => judged(now.as_deref(), other.as_deref()),
    }
}

fn moved(now: Option<&Due>, other: Option<&Due>) -> String {
    let dated = |due: &Due| format!("le {}", date_short(due.deadline.nominal));
    match (now, other) {
        (Some(now), Some(other)) => {
            let title = names::due(now);
            if now.deadline.nominal != other.deadline.nominal {
                format!("{title} : {} au lieu du {}", dated(other), date_short(now.deadline.nominal))
            } else if now.status != other.status {
                format!("{title} : {} au lieu de {}", lower(other.status), lower(now.status))
            } else {
                format!("{} au lieu de {}", due_title(other), due_title(now))
            }
        }
        (Some(now), None) => format!("{} : pas d’échéance", names::due(now)),
        (None, Some(other)) => format!("{} : {}", due_title(other), dated(other)),
        (None, None) => String::new(),
    }
}

fn lower(status: Status) -> String {
    self::status(status).to_lowercase()
}

fn judged(now: Option<&Finding>, other: Option<&Finding>) -> String {
    match (now, other) {
        (Some(now), Some(other)) => {
            format!("{} : {} au lieu de {}", what(&other.what), level(other.level), level(now.level))
        }
        (Some(now), None) => format!("{} : plus de constat", what(&now.what)),
        (None, Some(other)) => format!("{} : {}", what(&other.what), level(other.level)),
        (None, None) => String::new(),
    }
}

/// « dans 12 jours », « aujourd’hui », « depuis 3 jours ».
#[must_use]
pub fn distance(today: Date, day: Date) -> String {
    match (day - today).get_days() {
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        -1 => "depuis hier".to_owned(),
        days @ 2..=60 => format!("dans {days} jours"),
        days @ -60..=-2 => format!("depuis {} jours", -days),
        days if days > 0 => format!("dans {} mois", days / 30),
        days => format!("depuis {} mois", -days / 30),
    }
}

/// Why a label is suspended, from our own words for the form's options.
#[must_use]
pub fn cause(cause: &str) -> &str {
    match cause {
        "plan_non_produit" => "plan d’actions non produit",
        "reports_repetes" => "reports répétés de l’audit",
        "refus_audit" => "refus d’audit",
        "usage_marque" => "usage de la marque",
        "demande_service" => "à la demande du service",
        "seuil_75" => "moins de 75 % de locaux labellisés",
        other => other,
    }
}

/// The type of a file without fault.
#[must_use]
pub fn inspected(inspection: &Inspection) -> String {
    let media = capital(names::media(inspection.media).trim_start_matches("un ").trim_start_matches("une "));
    match inspection.pages {
        Some(1) => format!("{media} lisible, 1 page"),
        Some(pages) => format!("{media} lisible, {pages} pages"),
        None => format!("{media}, lisible"),
    }
}

/// Beside an attachment on the case page; `day` in words, `kept` when vigie has a copy of it.
#[must_use]
pub fn seen_on(day: &str, kept: bool) -> String {
    format!("vu la première fois le {day}{}", if kept { ", copie conservée" } else { "" })
}

/// The state of a mail in the outbox: a CSS class for the page, and the French text.
#[must_use]
pub fn mail_state(state: &str) -> (&'static str, &'static str) {
    match state {
        "done" => ("ok", "Envoyé"),
        "pending" => ("unknown", "En attente"),
        "cancelled" => ("passed", "Annulé, plus nécessaire"),
        "undeliverable" => ("ko", "Adresse refusée"),
        "stopped" => ("passed", "Arrêté par une personne"),
        _ => ("ko", "Abandonné"),
    }
}

/// In the place of the subject of a mail whose text another version wrote.
pub const UNREADABLE_LETTER: &str = "Courriel dont le texte est illisible dans la base";

/// A file would have more lines than it may.
#[must_use]
pub fn too_many_lines(most: usize) -> String {
    format!("Plus de {most} lignes : filtrez la liste avant de l’emporter.")
}

/// A mail could not be stopped, or be let go.
#[must_use]
pub fn mail_not_decided(stops: bool) -> &'static str {
    match stops {
        true => {
            "Ce courriel ne peut plus être arrêté : il est parti, part en ce moment, ou n’est plus à envoyer."
        }
        false => "Ce courriel n’est pas arrêté : il est parti ou n’est plus à envoyer.",
    }
}

/// Since when the mail server of the contact refuses our mails; `reached`: they go to another address of the dossier.
#[must_use]
pub fn unreachable(since: Date, reached: bool) -> String {
    let now = match reached {
        true => "les rappels partent à une autre adresse du dossier",
        false => "les rappels ne lui parviennent plus",
    };
    format!(
        "Depuis le {}, la messagerie du contact refuse nos courriels : {now}. L’adresse est à corriger dans le dossier.",
        date_full(since)
    )
}

/// « il y a 3 h », from a number of minutes.
#[must_use]
pub fn ago(minutes: i64) -> String {
    match minutes {
        ..1 => "à l’instant".to_owned(),
        1..120 => format!("il y a {minutes} min"),
        120..2880 => format!("il y a {} h", minutes / 60),
        _ => format!("il y a {} jours", minutes / 1440),
    }
}

/// Banner of the pages before the first reading of the platform.
#[must_use]
pub fn never_read() -> &'static str {
    "La plateforme n’a pas encore été lue : les pages se remplissent à la première lecture."
}

/// Banner when the last reading is recent; `ago` is its age in words, `simulated` in the demo.
#[must_use]
pub fn reading_fresh(ago: &str, simulated: bool) -> String {
    if simulated {
        "Plateforme simulée : tout ce qui y est écrit est lu aussitôt.".to_owned()
    } else {
        format!("Plateforme lue {ago}.")
    }
}

/// Banner when the last complete reading is no longer recent; `ago` is its age in words.
#[must_use]
pub fn reading_old(ago: &str) -> String {
    format!("Dernière lecture complète {ago} : ce qui suit peut avoir changé depuis.")
}

/// The French text of a usual cause, else the program's own text.
#[must_use]
pub fn reading_fails(ago: Option<&str>, error: &str) -> String {
    let lower = error.to_lowercase();
    let cause = if lower.contains("expired") {
        "jeton expiré".to_owned()
    } else if lower.contains("token") {
        "jeton refusé".to_owned()
    } else if lower.contains("cannot reach") || lower.contains("time") {
        "plateforme injoignable".to_owned()
    } else {
        error.chars().take(300).collect()
    };
    match ago {
        Some(ago) => format!("Dernière lecture {ago} : {cause}. Ce qui suit date de cette lecture."),
        None => format!("La plateforme n’a jamais pu être lue : {cause}."),
    }
}

/// Label of the first gauge of a network: locals audited this year, of all (§ 3.1).
#[must_use]
pub fn gauge_audited() -> &'static str {
    "Locaux audités cette année"
}

/// Label of the second gauge of a network: labelled locals among the audited ones (§ 2.2.2).
#[must_use]
pub fn gauge_labelled() -> &'static str {
    "Locaux labellisés parmi les audités"
}

/// Label of the third gauge of a network: control points met at the head office (§ 2.2.2).
#[must_use]
pub fn gauge_points() -> &'static str {
    "Points de contrôle validés"
}

/// Label of the fourth gauge of a network: self-assessments of the locals (§ 2.2.2).
#[must_use]
pub fn gauge_self() -> &'static str {
    "Autodiagnostics locaux fournis"
}

/// Why a label ends on the day that the list gives.
#[must_use]
pub fn loss(label: &Standing, state: &str, today: Date) -> String {
    if label.withdrawn.is_some() {
        return "Retrait décidé par l’organisme de certification (§ 5.3.2)".to_owned();
    }
    if let Some(suspension) = label.suspension.as_ref().filter(|_| label.status.in_force()) {
        return suspension::loss(suspension, today);
    }
    if let Some(from) = label.renewed_from {
        return format!("Fin de la période ; la suivante commence le {} (§ 3.10)", date_full(from));
    }
    match state {
        "renouvellement_a_demander" => {
            "Fin des trois ans ; le renouvellement n’est pas demandé (§ 2.3, 3.10)".to_owned()
        }
        _ => "Fin des trois ans de validité (§ 2.3)".to_owned(),
    }
}

/// Three quarters of a count.
#[must_use]
pub fn three_quarters(count: u64) -> String {
    format!("⌈75 % de {count}⌉")
}

/// How the needed number of self-assessments is counted, beside their gauge.
#[must_use]
pub fn one_each() -> &'static str {
    "un par local"
}

/// The rule that a mail follows from, with the guide's section; a text that is not the id of a rule is returned unchanged.
#[must_use]
pub fn reason(rule: &str) -> String {
    match Rule::find(rule) {
        Some(found) => format!("§ {} du guide, règle {}", found.section, found.id),
        None => rule.to_owned(),
    }
}

/// A day in an address that cannot be read.
#[must_use]
pub fn not_a_day(text: &str) -> String {
    format!("« {text} » n’est pas une date : écrivez année-mois-jour, par exemple 2027-03-12.")
}

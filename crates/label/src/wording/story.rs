//! The texts of the demo: its chapters, and the program's actions after a step, from the lines of the journal.

use super::agreement::count;
use super::journal::EntryKind;

/// The chapters of the demo in order: a name, and what to look at.
pub const CHAPTERS: [(&str, &str); 9] = [
    ("Dépôt", "Un service dépose son dossier sur la plateforme."),
    ("Contrôle", "vigie vérifie les pièces, les enquêtes et les dates, et dit ce qui manque."),
    ("Correction", "Le service complète ; vigie relit et lève ses remarques."),
    ("Audit", "L’audit a lieu ; vigie compte les délais et situe les notes."),
    ("Label", "L’organisme décide ; vigie en déduit la fin de validité et les suivis."),
    ("Suspension", "Un label est suspendu ; vigie surveille le délai."),
    ("Levée", "La suspension est levée ; la fin de validité ne bouge pas."),
    ("Suivi", "L’audit de suivi confirme le label ou relève le palier."),
    ("Renouvellement", "Avant la fin, le service est invité à demander de nouveau le label."),
];

/// The text of a journal line in the demo; `None` for lines that only concern operators.
#[must_use]
pub fn deed(kind: &str, detail: &str) -> Option<String> {
    match EntryKind::from_word(kind)? {
        EntryKind::Judged => Some(detail.to_owned()),
        EntryKind::Mail => Some(format!("Courriel {}", lower(detail))),
        EntryKind::MailCancelled => Some("Courriel annulé : il n’a plus lieu d’être".to_owned()),
        _ => None,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The speed of the simulated time.
#[must_use]
pub fn pace(days: i64, hours: i64) -> String {
    if days > 0 {
        format!("{} par seconde", count(days, "jour", "jours"))
    } else {
        format!("{hours} h par seconde")
    }
}

/// Where the simulated time stands.
pub const WAITING: &str = "l’histoire vous attend";
/// When no event is left.
pub const OVER: &str = "fin de l’histoire";
/// When the reader has stopped it.
pub const PAUSED: &str = "en pause";
/// While it runs to the next chapter.
pub const TO_CHAPTER: &str = "vers le chapitre suivant…";
/// While it runs to the next event.
pub const TO_EVENT: &str = "vers l’événement suivant…";

/// What a reader has seen when the story is told: of so many services, steps on the platform and mails.
#[must_use]
pub fn seen(services: usize, steps: usize, mails: usize) -> Vec<String> {
    vec![
        format!(
            "{} et {} sur la plateforme : dépôts, compléments, audits, décisions.",
            count(services, "service", "services"),
            count(steps, "événement", "événements")
        ),
        format!(
            "{} : chacun à la personne qui doit agir, avec la raison et le paragraphe du guide.",
            count(mails, "courriel envoyé", "courriels envoyés")
        ),
        "Les pièces ouvertes, les notes recalculées, le palier avec ce qui manque pour le suivant.".to_owned(),
        "Une suspension et sa levée, les audits de suivi, le renouvellement : les dates sont celles du guide.".to_owned(),
        "Rien n’a été décidé par vigie : les décisions sont celles de l’organisme.".to_owned(),
    ]
}

/// Where a search found something in a mail of the mailbox.
#[must_use]
pub fn place(place: MailPlace) -> &'static str {
    match place {
        MailPlace::Headers => "en-têtes",
        MailPlace::Text => "texte",
        MailPlace::Html => "HTML",
        MailPlace::Calendar => "agenda (.ics)",
    }
}

/// A part of a mail that is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPlace {
    /// Its headers: sender, addressee, subject and the others.
    Headers,
    /// Its plain text.
    Text,
    /// Its HTML part.
    Html,
    /// Its attached calendar file.
    Calendar,
}

/// Answer 404 of the demo's mailbox.
pub const NO_MAIL: &str = "Ce courriel n’est pas dans la boîte de la démonstration.";
/// Answer 404 of a document of the simulated platform.
pub const NO_DOCUMENT: &str = "Ce document n’est pas, ou n’est plus, sur la plateforme simulée.";
/// The only line of a central service's grid, where the control points are counted.
pub const POINTS: &str = "Points de contrôle";

/// A line of an audit grid: a site and one of the eight engagements, or the Or criteria; both from 0.
#[must_use]
pub fn engagement(site: usize, rank: usize) -> String {
    match rank {
        8 => format!("Site {}, critères Or", site + 1),
        rank => format!("Site {}, engagement {}", site + 1, rank + 1),
    }
}

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

/// One line for all the annotations of a step.
#[must_use]
pub fn annotated(dossiers: usize) -> String {
    match dossiers {
        1 => "Annotations du dossier mises à jour".to_owned(),
        count => format!("Annotations de {count} dossiers mises à jour"),
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

//! What `vigie webhook` prints, and the text of a test.

use super::agreement::count;

/// The type of a test, which no notice has.
pub const TEST: &str = "vigie.essai";
pub const TEST_MESSAGE: &str =
    "Essai de vigie : aucune décision, aucun service. Vérifiez la signature et répondez 2xx.";
pub const GONE: &str = "410 : il demande à ne plus être appelé";

#[must_use]
pub fn test_accepted(rank: usize) -> String {
    format!("Destinataire {rank} : essai reçu (réponse 2xx).")
}

#[must_use]
pub fn test_failed(rank: usize, why: &str) -> String {
    format!("! Destinataire {rank} : essai non reçu ({why}).")
}

#[must_use]
pub fn retried(rank: usize, notices: u64) -> String {
    match notices {
        0 => format!("Destinataire {rank} : aucun avis abandonné."),
        notices => format!(
            "Destinataire {rank} : {}.",
            count(notices, "avis abandonné est renvoyé", "avis abandonnés sont renvoyés")
        ),
    }
}

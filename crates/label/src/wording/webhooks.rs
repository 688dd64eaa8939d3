//! What `vigie webhook` prints, and the text of a test.

use jiff::civil::date;
use serde_json::{Value, json};

use super::agreement::count;
use crate::outgoing::NoticeKind;

/// The type of a test, which no notice has.
pub const TEST: &str = "vigie.essai";
/// The `message` in the data of a test, for the person who reads what the receiver got.
pub const TEST_MESSAGE: &str =
    "Essai de vigie : aucune décision, aucun service. Vérifiez la signature et répondez 2xx.";
/// Reason in `test_failed` when the receiver answers 410.
pub const GONE: &str = "410 : il demande à ne plus être appelé";

/// How a receiver's address is called, which is never shown.
pub const ADDRESS: &str = "son adresse (url)";

/// Printed when a receiver accepts the test; `rank` is its number in the configuration.
#[must_use]
pub fn test_accepted(rank: usize) -> String {
    format!("Destinataire {rank} : essai reçu (réponse 2xx).")
}

/// Printed when a receiver does not accept the test; `why` is `GONE` or the technical reason.
#[must_use]
pub fn test_failed(rank: usize, why: &str) -> String {
    format!("! Destinataire {rank} : essai non reçu ({why}).")
}

/// Printed by `vigie webhook retry` for a receiver; `notices` is how many are sent again.
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

/// The `data` of a fictional notice of each kind, for a receiver that is being written.
#[must_use]
pub fn sample(kind: NoticeKind) -> Value {
    let service = |more: Value| {
        let mut data = json!({
            "case": 4244, "dossier": 4244, "nom": "Agence du logement de Grandvent", "siret": "99900703200017",
            "organisme": "Boréal Certification",
        });
        if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
            data.extend(more);
        }
        data
    };
    let label = |statut: &str, decision: Option<&str>, nature: Option<&str>| {
        service(json!({
            "departement": "75 – Paris", "palier": "bronze", "statut": statut, "decision": decision, "nature": nature,
            "date_decision": decision.map(|_| date(2027, 6, 20)),
            "date_notification": decision.map(|_| date(2027, 6, 20)),
            "date_effet": decision.map(|_| date(2027, 6, 20)),
            "debut_periode": date(2027, 6, 1), "date_fin": date(2030, 5, 31),
        }))
    };
    let found = |rule: &str, section: &str, level: &str| {
        service(json!({
            "constats": [{
                "id": "5f0c1d2e3a4b5968", "regle": rule, "section": section, "niveau": level, "qui": "organisme",
                "champ": null,
            }],
            "ouverts": 1,
        }))
    };
    match kind {
        NoticeKind::Awarded => label("actif", Some("labellise"), Some("attribution")),
        NoticeKind::Raised => label("actif", Some("palier_superieur"), Some("palier_superieur")),
        NoticeKind::Suspended => label("suspendu", Some("suspension"), Some("suspension")),
        NoticeKind::Lifted => label("actif", Some("levee"), Some("levee")),
        NoticeKind::Withdrawn => label("retire", Some("retrait"), Some("retrait")),
        NoticeKind::Expired => label("expire", None, None),
        NoticeKind::Corrected => label("actif", None, None),
        NoticeKind::Month => json!({ "mois": "2027-06" }),
        NoticeKind::Findings => found("R-3.4.1-g", "3.4.1", "ko"),
        NoticeKind::Doubtful | NoticeKind::NoLongerDoubtful => found("R-2.2.1-d", "2.2.1", "to_check"),
        NoticeKind::Deadline => service(json!({
            "code": "O-07", "occurrence": 0, "titre": "Plan d’audit", "regle": "R-3.7.1-b", "section": "3.7.1",
            "qui": "organisme", "date_echeance": date(2027, 6, 19), "jour_ouvre": date(2027, 6, 21), "en_retard": false,
        })),
        NoticeKind::ReadingStopped => json!({
            "section": "demarche/12345", "depuis": "2027-06-20T08:00:00Z", "motif": "refusee",
            "derniere_lecture": "2027-06-20T07:58:00Z",
        }),
        NoticeKind::ReadingResumed => json!({
            "section": "demarche/12345", "depuis": "2027-06-20T08:00:00Z", "reprise": "2027-06-21T09:12:00Z",
        }),
    }
}

//! What the query asked for and the answer lacks is unreadable, never empty; a word that is not known is said.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use label::case::facts::{Facts, PlatformState, PlatformWord};
use label::case::keys::Key;
use simulator::{Fault, On};

use crate::bench::Bench;

/// Every key of a dossier that the scenario has an instance of; `id` and `number` stand in the form too.
const OF_A_DOSSIER: [&str; 36] = [
    "state",
    "dateDepot",
    "datePassageEnInstruction",
    "dateTraitement",
    "dateExpiration",
    "dateDerniereCorrectionEnAttente",
    "dateDerniereModificationChamps",
    "dateDerniereModificationAnnotations",
    "demarche",
    "usager",
    "email",
    "demandeur",
    "siret",
    "entreprise",
    "raisonSociale",
    "groupeInstructeur",
    "instructeurs",
    "attestation",
    "champs",
    "annotations",
    "__typename",
    "id",
    "number",
    "champDescriptorId",
    "stringValue",
    "integer",
    "decimal",
    "date",
    "yesNo",
    "choice",
    "files",
    "rows",
    "filename",
    "byteSizeBigInt",
    "checksum",
    "virusScanResult",
];

/// Every key around the dossiers; the trailing window is asked for after a first reading.
const OF_A_PAGE: [&str; 17] = [
    "perimetre",
    "dossiers",
    "nodes",
    "edges",
    "node",
    "cursor",
    "dateDerniereModification",
    "pageInfo",
    "hasNextPage",
    "endCursor",
    "pendingDeletedDossiers",
    "deletedDossiers",
    "formulaire",
    "revision",
    "champDescriptors",
    "annotationDescriptors",
    "options",
];

fn without(key: &str) -> Fault {
    Fault::Rewrite { from: format!("\"{key}\":"), to: "\"autre\":".to_owned() }
}

/// What was read of each dossier, without what vigie writes itself.
async fn known(bench: &Bench) -> BTreeMap<i64, Facts> {
    let mut known = BTreeMap::new();
    for number in [4242, 4243, 4244] {
        let Some(mut facts) = bench.daemon.store.dossiers().facts(number).await.unwrap() else { continue };
        facts.values.retain(|key, _| !key.is_written());
        known.insert(number, facts);
    }
    known
}

async fn later(bench: &Bench) {
    bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(20)).unwrap());
}

#[tokio::test]
async fn a_key_that_was_asked_for_and_is_missing_is_no_empty_field() {
    let whole = Bench::after("petit", 0).await;
    whole.pass().await;
    let truth = known(&whole).await;
    assert_eq!(truth.len(), 3);
    for key in OF_A_DOSSIER.into_iter().chain(OF_A_PAGE) {
        let bench = Bench::after("petit", 0).await;
        bench.simulator.world().arm_every(On::Query, without(key));
        let failed = match bench.try_pass().await {
            Ok(report) => !report.failures.is_empty(),
            Err(_) => true,
        };
        assert!(failed, "without {key}: nobody is told");
        for (number, facts) in known(&bench).await {
            assert_eq!(
                Some(&facts),
                truth.get(&number),
                "without {key}: {number} was read as if it were whole"
            );
        }
        bench.simulator.world().clear_faults();
        later(&bench).await;
        bench.pass().await;
        assert_eq!(known(&bench).await, truth, "without {key}: not asked for again");
        assert!(bench.daemon.store.dossiers().set_aside().await.unwrap().is_empty(), "{key}");
    }
}

#[tokio::test]
async fn a_dossier_that_comes_damaged_keeps_what_was_known_of_it() {
    for key in ["files", "recents", "annotations"] {
        let bench = Bench::after("petit", 0).await;
        bench.pass().await;
        let before = known(&bench).await.remove(&4243).unwrap();
        assert!(!before.files(Key::Organigramme).is_empty());
        bench.simulator.world().annotate(4243, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
        bench.simulator.world().arm_every(On::Query, without(key));
        let said = match bench.try_pass().await {
            Ok(report) => report.failures.join("\n"),
            Err(error) => error.to_string(),
        };
        assert!(said.contains("the answer lacks") && said.contains(key), "{key}: {said}");
        assert_eq!(known(&bench).await[&4243], before, "{key}");
        bench.simulator.world().clear_faults();
        later(&bench).await;
        bench.pass().await;
        let facts = known(&bench).await.remove(&4243).unwrap();
        assert_eq!(facts.date(Key::AuditDebut), Some(jiff::civil::date(2027, 11, 2)), "{key}");
        assert_eq!(facts.files(Key::Organigramme), before.files(Key::Organigramme), "{key}");
    }
}

#[tokio::test]
async fn a_word_that_is_not_known_is_a_finding() {
    for (from, to, of) in [
        ("en_construction", "en_orbite", PlatformWord::State),
        ("PersonneMorale", "PersonneSpatiale", PlatformWord::Applicant),
        ("safe", "plausible", PlatformWord::Scan),
        ("PieceJustificativeChamp", "HologramChamp", PlatformWord::Field),
    ] {
        let bench = Bench::after("petit", 0).await;
        let (from, to_text) = (format!("\"{from}\""), format!("\"{to}\""));
        bench.simulator.world().arm_every(On::Query, Fault::Rewrite { from, to: to_text });
        let report = bench.pass().await;
        assert!(report.changed >= 3, "{to}: {report:?}");
        let facts = known(&bench).await.remove(&4242).unwrap();
        assert_eq!(facts.unknown_words, BTreeMap::from([(of, to.to_owned())]));
        if of == PlatformWord::State {
            assert_eq!(facts.state, PlatformState::Unknown);
        }
        let (_, review) = bench.daemon.book.review_of(4242).await.unwrap().unwrap();
        let told: Vec<String> = review.findings.iter().map(label::wording::finding).collect();
        assert!(told.iter().any(|line| line.contains(to) && line.contains("ne connaît pas")), "{told:?}");
        // Of a field whose type is not known, nobody can say that it is empty.
        assert!(
            !told.iter().any(|line| line.contains("Pièce ou information absente : organigramme")),
            "{told:?}"
        );
    }
}

//! A table deposited beside a mark: the dossier has the result of the recount, and a person can read both numbers.

use std::path::PathBuf;

use jiff::SignedDuration;
use label::Choices;
use label::case::facts::{Attachment, Scan};
use label::case::inspection::{Inspection, Media};
use label::case::keys::Key;
use label::case::table::{TableContent, TableFault, TableKind, TableReading};
use simulator::{File, Value};
use vigie::daemon::attachments::AttachmentReading;
use vigie::dn::files::FileDoor;
use vigie::documents::Documents;
use vigie::documents::tables::layout::{Layouts, requests};
use vigie::documents::tables::template::{Template, TemplateCell};
use vigie::store::Store;
use vigie::store::asks::AskReason;

use crate::bench::Bench;

/// Answers worth 0, ¼, ¾, 1, and not concerned: their mark is 2879/36, shown « 79,97 ».
const USERS: [[u8; 5]; 15] = [
    [10, 0, 40, 50, 0],
    [0, 0, 40, 60, 0],
    [20, 0, 40, 40, 0],
    [10, 0, 40, 50, 0],
    [0, 0, 8, 12, 80],
    [20, 0, 40, 40, 0],
    [30, 0, 40, 30, 0],
    [10, 0, 40, 50, 0],
    [10, 0, 40, 50, 0],
    [10, 0, 40, 50, 0],
    [0, 20, 40, 40, 0],
    [0, 20, 40, 40, 0],
    [0, 0, 60, 40, 0],
    [0, 0, 60, 40, 0],
    [0, 0, 41, 59, 0],
];

fn survey() -> Template {
    let mut template = Template::new(&Layouts::default(), TableKind::EnqueteUsagers);
    for (row, counts) in template.rows.iter_mut().zip(USERS) {
        for (cell, count) in row.iter_mut().skip(1).zip(counts) {
            *cell = TemplateCell::Number(f64::from(count));
        }
    }
    template
}

pub fn reading(bench: &Bench, layouts: &Layouts) -> AttachmentReading {
    let documents = Documents {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vigie")),
        antivirus: None,
        max_bytes: 10_000_000,
        tables: requests(layouts, &Choices::default()),
    };
    AttachmentReading {
        door: FileDoor::new(&bench.simulator.endpoint(), &[]).unwrap(),
        documents,
        copies: None,
    }
}

async fn with_survey(name: &str, bytes: Vec<u8>) -> Bench {
    let mut bench = Bench::after("petit", 0).await;
    let file = File::new(name, "application/octet-stream", bytes);
    bench.simulator.world().resubmit(4242, vec![("Rapport de l'enquête usagers", file.into())]);
    bench.daemon.reading = Some(reading(&bench, &Layouts::default()));
    bench
}

fn said(bench: &Bench, dossier: u32) -> String {
    bench.annotation(dossier, "[auto] Contrôle des pièces et enquêtes")
}

async fn later(bench: &Bench) {
    let now = bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(10)).unwrap();
    bench.set_now(now);
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
}

#[tokio::test]
async fn a_mark_that_the_table_gives_is_confirmed_with_its_arithmetic() {
    let bench = with_survey("../résultats été.xlsx", survey().to_xlsx().unwrap()).await;
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    let expected = "OK — Note de l’enquête usagers : 79,97 par le recalcul du tableau \
        = (85 + 75 + 80 + 70 + 80 + 75 + 80 + 85 + 89,75) ÷ 9, 79,97 déclaré — § 3.4.1 du guide (R-3.4.1-j)";
    assert!(said(&bench, 4242).contains(expected), "{}", said(&bench, 4242));
}

#[tokio::test]
async fn a_mark_that_differs_is_told_with_both_numbers() {
    let bench = with_survey("résultats.csv", survey().to_csv()).await;
    bench.simulator.world().resubmit(
        4242,
        vec![
            ("Note de l'enquête usagers", Value::decimal("80")),
            ("Questionnaires usagers recevables", Value::from(99)),
        ],
    );
    bench.pass().await;
    let expected = "À vérifier — Note de l’enquête usagers : 79,97 par le recalcul du tableau";
    assert!(said(&bench, 4242).contains(expected), "{}", said(&bench, 4242));
    let tier = "mais 80 déclaré ; à elle seule, cette note permettrait Bronze et non Argent — § 3.4.1";
    assert!(said(&bench, 4242).contains(tier), "{}", said(&bench, 4242));
    let many = "99 déclarés, mais 100 réponses à la question « Satisfaction globale » dans le tableau";
    assert!(said(&bench, 4242).contains(many), "{}", said(&bench, 4242));
    // A finding about a table does not change whether the dossier is complete.
    bench.simulator.world().resubmit(4242, vec![("Note de l'enquête usagers", Value::decimal("79.97"))]);
    let before = bench.simulator.world().counters().downloads;
    later(&bench).await;
    assert!(!said(&bench, 4242).contains("mais 80 déclaré"), "{}", said(&bench, 4242));
    assert_eq!(bench.simulator.world().counters().downloads, before, "the same bytes are read once");
}

#[tokio::test]
async fn a_table_that_is_not_understood_says_what_was_expected() {
    let bench = with_survey("résultats.csv", b"nom;avis\nDupont;bien\n".to_vec()).await;
    bench.pass().await;
    let expected =
        "À vérifier — Tableau de l’enquête usagers « résultats.csv » : titres de colonnes non reconnus";
    assert!(said(&bench, 4242).contains(expected), "{}", said(&bench, 4242));
    assert!(said(&bench, 4242).contains("vigie template enquete-usagers"));
    assert!(!said(&bench, 4242).contains("Dupont"));
}

#[tokio::test]
async fn another_layout_has_the_tables_read_again() {
    let mut bench = with_survey("résultats.csv", survey().to_csv()).await;
    bench.pass().await;
    assert!(said(&bench, 4242).contains("79,97 déclaré"));
    let mut layouts = Layouts::default();
    layouts.enquete_usagers.questions[0].titles = vec!["Première question".to_owned()];
    bench.daemon.reading = Some(reading(&bench, &layouts));
    later(&bench).await;
    let said = said(&bench, 4242);
    assert!(said.contains("question absente : « Première question »"), "{said}");
}

#[tokio::test]
async fn a_grid_gives_the_score_of_each_engagement() {
    let mut bench = Bench::after("petit", 0).await;
    let mut grid = Template::new(&Layouts::default(), TableKind::GrilleLocal);
    // Ten points by engagement: five times 0.75 and five times 1, but for the second one.
    for (rank, row) in grid.rows.iter_mut().enumerate() {
        row[2] = TemplateCell::Text("Accueil de Mme Martin".to_owned());
        row[3] = match rank {
            10 => TemplateCell::Text("NA".to_owned()),
            11 => TemplateCell::Number(0.25),
            _ => TemplateCell::Number(if rank % 2 == 0 { 0.75 } else { 1.0 }),
        };
    }
    let file = File::new("grille.xlsx", "application/octet-stream", grid.to_xlsx().unwrap());
    {
        let mut world = bench.simulator.world();
        world.annotate(4243, "Grille d'audit", file);
        world.annotate(4243, "Score de l'engagement 1", Value::decimal("87.5"));
        world.annotate(4243, "Score de l'engagement 2", Value::decimal("80"));
        world.annotate(4243, "Score des critères Or", Value::decimal("87.50"));
    }
    bench.daemon.reading = Some(reading(&bench, &Layouts::default()));
    bench.pass().await;
    let said = said(&bench, 4243);
    // Nine points: 0.25, four times 0.75 and four times 1 make 7.25.
    let differs = "Score d’audit, engagement 2 : 80,55 par le recalcul du tableau, mais 80 déclaré — § 3.7.1";
    assert!(said.contains(differs), "{said}");
    assert!(
        said.contains("recalculés égaux aux scores déclarés (engagement 1 : 87,5 ; critères Or : 87,5)"),
        "{said}"
    );
    assert!(
        said.contains(
            "Non vérifié — Grille d’audit : scores recalculés sans score déclaré (engagement 3 : 87,5 ;"
        ),
        "{said}"
    );
    assert!(!said.contains("Martin"));
}

/// On either engine: tables are stored beside the inspections of the same bytes, and new layouts ask for them again,
/// once.
pub async fn kept(store: &Store) {
    let now = "2027-02-01T08:00:00Z".parse().unwrap();
    let file = Attachment {
        name: "résultats.xlsx".to_owned(),
        bytes: 3,
        checksum: "dGFibGU=".to_owned(),
        media_type: "text/csv".to_owned(),
        scan: Scan::Safe,
    };
    let sums = [file.checksum.clone()];
    let inspection = Inspection { media: Media::Office, pages: None, fault: None };
    store.files().inspected(&file.checksum, &inspection, 1, now).await.unwrap();
    let table = |kind, layout: &str, content| TableReading { kind, layout: layout.to_owned(), content };
    let users = table(TableKind::EnqueteUsagers, "a", TableContent::NotATable);
    let staff = table(TableKind::EnqueteAgents, "a", TableContent::Unread(TableFault::NoHeader));
    let again = table(TableKind::EnqueteAgents, "b", TableContent::Unread(TableFault::TooMuch));
    for reading in [&users, &staff, &again] {
        store.files().table_read(&file.checksum, reading, now).await.unwrap();
    }
    let read = store.files().tables(&sums).await.unwrap();
    assert_eq!(read.into_values().collect::<Vec<_>>(), [users, again]);
    assert_eq!(
        store.files().inspections(&sums).await.unwrap().into_values().collect::<Vec<_>>(),
        [inspection]
    );
    assert!(store.files().tables(&[]).await.unwrap().is_empty());

    store.files().witness(2, Key::EnqueteAgentsRapport, &file, None, now).await.unwrap();
    store.files().witness(2, Key::Organigramme, &file, None, now).await.unwrap();
    store.asks().asked(2, AskReason::Files).await.unwrap();
    assert_eq!(store.files().tables_laid_out("a b", now).await.unwrap(), 1);
    assert_eq!(store.files().tables_laid_out("a b", now).await.unwrap(), 0, "the same layouts");
    assert_eq!(store.files().tables_laid_out("a c", now).await.unwrap(), 0, "already asked for");
    let due = store.asks().due_files("s", now, 10).await.unwrap();
    assert_eq!(due.into_iter().map(|ask| ask.number).collect::<Vec<_>>(), [2]);

    assert_eq!(store.files().copies_switched(false, now).await.unwrap(), 0, "as at the start");
    store.asks().asked(2, AskReason::Files).await.unwrap();
    assert!(store.files().copies_switched(true, now).await.unwrap() > 0);
    assert_eq!(store.files().copies_switched(true, now).await.unwrap(), 0, "already on");
    assert!(store.asks().due_files("s", now, 10).await.unwrap().iter().any(|ask| ask.number == 2));
    assert_eq!(store.files().copy_of(&file.checksum).await.unwrap(), None);
    store.files().copied(2, &file.checksum, "0a1b", now).await.unwrap();
    assert_eq!(store.files().copy_of(&file.checksum).await.unwrap().as_deref(), Some("0a1b"));
    // By an older version: the dossiers with files are gone through once, then no more.
    assert_eq!(store.files().inspected_by(&file.checksum).await.unwrap(), Some(1));
    store.asks().asked(2, AskReason::Files).await.unwrap();
    assert_eq!(store.files().look_again(1, 5, now).await.unwrap(), 0, "of this version");
    assert_eq!(store.files().look_again(2, 5, now).await.unwrap(), 1);
    assert_eq!(store.files().look_again(2, 5, now).await.unwrap(), 0);
    store.asks().asked(2, AskReason::Files).await.unwrap();
    assert_eq!(store.files().look_again(2, 5, now).await.unwrap(), 0, "all were gone through");
    let evidence = store.files().evidence(2).await.unwrap();
    assert!(evidence.len() == 2 && evidence.iter().all(|file| file.kept.as_deref() == Some("0a1b")));
    assert_eq!(
        store.files().inspections(&sums).await.unwrap().into_values().collect::<Vec<_>>(),
        [inspection]
    );
}

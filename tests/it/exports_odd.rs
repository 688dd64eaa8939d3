//! Files that are no exports, and what stands in one and cannot be read as it stands: each is said, with the remedy.

use std::path::{Path, PathBuf};

use label::case::keys::Key;
use label::case::{Service, facts::Facts};
use label::judge::finding::What;
use simulator::{ExportFormat, ExportShape};
use vigie::store::exported::SCOPE;
use vigie::web::AppState;

use crate::bench::Bench;
use crate::exports::{bench, facts, numbers, put, world};
use crate::exports_zip::zip;
use crate::web::Pages;

const TITLES: [&str; 7] = [
    "ID",
    "État du dossier",
    "Déposé le",
    "Nom de la structure candidate",
    "Nom de la structure candidate",
    "Type de demande",
    "Type de service",
];
const NAMESPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A cell of a worksheet: a formula without a result, or a text.
fn cell(place: &str, text: &str) -> String {
    match text.strip_prefix('=') {
        Some(formula) => format!("<c r=\"{place}\"><f>{formula}</f><v></v></c>"),
        None => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"),
    }
}

/// A workbook with one sheet, named « Dossiers ».
fn workbook(rows: &[[&str; 7]]) -> Vec<u8> {
    let row = |(number, cells): (usize, &[&str; 7])| {
        let of = |(letter, text): (char, &&str)| cell(&format!("{letter}{number}"), text);
        let cells: String = ('A'..).zip(cells).filter(|(_, text)| !text.is_empty()).map(of).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let rows: String = (1..).zip(std::iter::once(&TITLES).chain(rows)).map(row).collect();
    let sheet = format!("<worksheet xmlns=\"{NAMESPACE}\"><sheetData>{rows}</sheetData></worksheet>");
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{NAMESPACE}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"Dossiers\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn line(number: &'static str, name: &'static str, other: &'static str) -> [&'static str; 7] {
    let (deposited, demande) = ("2027-01-04 10:00", "Première demande");
    [number, "En construction", deposited, name, other, demande, "Service local indépendant"]
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn health(bench: &Bench) -> String {
    let (store, book) = (bench.daemon.store.clone(), bench.daemon.book.clone());
    let pages = Pages::of(AppState::new(store, book, SCOPE.to_owned(), None).unwrap()).await;
    pages.get("/sante").await.1
}

#[tokio::test]
async fn a_file_that_is_something_else_is_named_for_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let bench = bench(world("petit", 0), Some(place)).await;
    let spreadsheet = workbook(&[line("7001", "Mairie", "")]);
    let offered = [
        (written(place, "vide.csv", b""), "il est vide"),
        (written(place, "vide.zip", b""), "il est vide"),
        (written(place, "faux.xlsx", b"%PDF-1.4\n%\xe2\xe3"), "c’est un PDF et non un tableur"),
        (written(place, "page.xls", b"<html><body><table></table></body></html>"), "enregistrez-la en .xlsx"),
        (
            written(place, "pdf.zip", &zip(&[("export/dossier-4242/export-4242.pdf", b"%PDF-1.4")])),
            "PDF, sans aucune pièce",
        ),
        (written(place, "tableur.zip", &zip(&[("dossiers.xlsx", &spreadsheet)])), "décompressez-le"),
        (written(place, "renomme.zip", &spreadsheet), "décompressez-le"),
        (written(place, "autre.zip", &zip(&[("photo.jpg", b"x")])), "aucune pièce de dossier"),
        (place.join("absent.xlsx"), "n’existe pas"),
        (place.join("absent.zip"), "n’existe pas"),
        (place.to_owned(), "c’est un dossier"),
    ];
    for (path, part) in &offered {
        let imported = bench.daemon.import(std::slice::from_ref(path)).await.unwrap();
        let said = &imported.lines[0];
        assert!(
            imported.unread == 1 && said.contains(part) && !said.contains("droits"),
            "{path:?}: {imported:?}"
        );
    }
    let bars = "ID|État du dossier|Déposé le|Nom de la structure candidate\n7002|En construction|2027-01-04 10:00|Poste\n";
    let imported = bench.daemon.import(&[written(place, "barres.csv", bars.as_bytes())]).await.unwrap();
    assert_eq!((imported.unread, imported.report.changed), (0, 1), "{imported:?}");
    assert_eq!(facts(&bench, 7002).await.unwrap().name(), "Poste");
}

#[tokio::test]
async fn what_cannot_be_read_as_it_stands_is_named_by_its_place_and_stays_said() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let rows = [
        line("n° 7 003", "\u{feff}Mai\u{ad}rie\u{a0}du Port\u{200b}", "Mairie du Lac"),
        ["Total", "", "", "2", "", "", ""],
        line("7004.0", "=1+1", ""),
        line("Dossier 7005", "Poste", "Poste"),
        line("7006", "", "Théâtre"),
    ];
    let path = written(folder.path(), "dossiers_a_2027-04-02_10-01.xlsx", &workbook(&rows));
    let imported = bench.daemon.import(std::slice::from_ref(&path)).await.unwrap();
    let expected = [
        "1 ligne sans numéro de dossier lisible, rien n’en est lu : feuille « Dossiers », ligne 3 (« Total »)",
        "1 formule sans résultat enregistré, valeur inconnue : feuille « Dossiers », D4 ; ouvrez et enregistrez",
        "feuille « Dossiers », colonnes D, E de même titre « Nom de la structure candidate », qui se contredisent pour 1 dossier : 7003",
    ];
    for said in expected {
        assert_eq!(
            imported.lines.iter().filter(|line| line.contains(said)).count(),
            1,
            "{said}: {imported:#?}"
        );
    }
    let name = async |number: u32| facts(&bench, number).await.map(|facts: Facts| facts.name());
    assert_eq!(name(7003).await.as_deref(), Some("Mairie du Port"));
    assert!(
        facts(&bench, 7004).await.unwrap().is_untold(Key::NomStructure),
        "a formula is not an empty field"
    );
    assert_eq!([name(7005).await, name(7006).await], [Some("Poste".to_owned()), Some("Théâtre".to_owned())]);
    // The place is still named to those who did not see the reading.
    for said in expected {
        assert!(health(&bench).await.contains(said), "{said}");
    }
    // Read from the folder, for as long as the file is there.
    bench.daemon.observe().await.unwrap();
    assert!(health(&bench).await.contains(expected[0]));
    let mended = workbook(&[line("7003", "Mairie du Port", ""), line("7004", "Gare", "")]);
    let other = tempfile::tempdir().unwrap();
    let clean = written(other.path(), "dossiers_b_2027-04-03_10-01.xlsx", &mended);
    let imported = bench.daemon.import(&[clean]).await.unwrap();
    assert!(!imported.lines.iter().any(|line| line.contains("formule")), "{imported:#?}");
    std::fs::remove_file(path).unwrap();
    bench.daemon.observe().await.unwrap();
    let page = health(&bench).await;
    assert!(expected.iter().all(|said| !page.contains(said)), "{page}");
    assert_eq!(name(7004).await.as_deref(), Some("Gare"));
}

#[tokio::test]
async fn what_a_central_alone_has_is_not_said_of_locals_and_absent_columns_are_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("trois-ans", 0), None).await;
    let mut bench = bench;
    bench.daemon.sources.clear();
    bench.daemon.exports = Some(crate::exports::reading_of(None));
    let place = folder.path().join("autre");
    std::fs::create_dir(&place).unwrap();
    let first = put(&bench.simulator.world(), folder.path(), ExportFormat::Csv, &ExportShape::Plain);
    let files = [first, put(&bench.simulator.world(), &place, ExportFormat::Csv, &ExportShape::Plain)];
    let imported = bench.daemon.import(&files).await.unwrap();
    let absent = imported.lines.iter().filter(|line| line.contains("colonnes absentes")).count();
    assert_eq!(absent, 1, "{imported:#?}");
    let (mut locals, mut centrals) = (0, 0);
    for number in numbers(&bench) {
        let Some((case, review)) = bench.daemon.book.review_of(i64::from(number)).await.unwrap() else {
            continue;
        };
        let zeros = review.findings.iter().filter_map(|finding| match &finding.what {
            What::SilentExport { zeros, .. } => Some(zeros.contains(&Key::NLocaux)),
            _ => None,
        });
        let count = zeros.filter(|said| *said).count();
        match case.service {
            Service::Central => centrals += 1,
            Service::Unknown => {}
            _ => {
                locals += 1;
                assert_eq!(count, 0, "dossier {number}");
            }
        }
    }
    assert!(locals > 3 && centrals > 0, "{locals} {centrals}");
}

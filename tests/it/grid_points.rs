//! An audit grid against the control points of its edition: read by the real child process, told to the body.

use std::path::PathBuf;

use label::Choices;
use label::case::grid_points::PointsGap;
use label::case::table::{TableContent, TableKind};
use vigie::documents::child;
use vigie::documents::tables::layout::Layouts;
use vigie::documents::tables::template::{Template, TemplateCell};

use simulator::{File, Value};

use crate::bench::Bench;
use crate::table_journeys::reading;

const LOCAL: &str = "
[[grille-local.editions]]
name = \"2025\"
from = 2025-01-01
[grille-local.editions.points]
1 = \"\"\"
1.1 Les horaires sont affichés
1.2 Les horaires sont à jour
1.10 Le standard répond
\"\"\"
2 = 2
or = [\"Or.1 Une équipe formée\"]
";

fn layouts(more: &str) -> Layouts {
    let shipped =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/tables.toml")).unwrap();
    let layouts: Layouts = toml::from_str(&format!("{shipped}\n{more}")).unwrap();
    layouts.check().unwrap();
    layouts
}

async fn read(layouts: &Layouts, kind: TableKind, text: &str) -> TableContent {
    let request = layouts.request(kind, &Choices::default());
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vigie"));
    child::inspect(&program, "grille.csv", text.as_bytes(), Some(&request)).await.unwrap().table.unwrap()
}

async fn gaps(text: &str) -> Vec<PointsGap> {
    let TableContent::LocalGrid(grid) = read(&layouts(LOCAL), TableKind::GrilleLocal, text).await else {
        panic!()
    };
    let [edition] = grid.editions.as_slice() else { panic!("{:?}", grid.editions) };
    assert_eq!((edition.name.as_str(), edition.from.to_string().as_str()), ("2025", "2025-01-01"));
    edition.gaps.clone()
}

#[tokio::test]
async fn a_complete_grid_is_told_from_one_that_lacks_points() {
    let titles = "Site;Engagement;Point de contrôle;Note\n";
    let whole = ";E1;1.1 Les horaires;1\n;;1.2 — à jour;0,75\n;;1.10 Le standard;NA\n;E2;x;1\n;;y;0\n;Or;or.1 équipe;1\n";
    assert_eq!(gaps(&format!("{titles}{whole}")).await, []);
    let cut = ";E1;1.2 Les horaires;1\n;;1.2 encore;1\n;;Le standard répond;1\n;E2;x;1\n;Or;Or.1;1\n";
    assert_eq!(
        gaps(&format!("{titles}{cut}")).await,
        [
            PointsGap {
                rank: 0,
                expected: 3,
                found: 1,
                missing: vec!["1.1".to_owned(), "1.10".to_owned()],
                twice: 1,
                unknown: 1,
            },
            PointsGap { rank: 1, expected: 2, found: 1, ..PointsGap::default() },
        ]
    );
    // A point that one site has is not absent, and each site has each point once.
    let sites = "A;E1;1.1;1\n;;1.2;1\nB;E1;1.1;1\n;;1.10;1\nA;E2;x;1\n;;y;1\nB;E2;x;1\n;;y;1\n;Or;Or.1;\n";
    assert_eq!(gaps(&format!("{titles}{sites}")).await, []);
}

#[tokio::test]
async fn the_number_may_have_a_column_of_its_own() {
    let text = "Engagement;N°;Point de contrôle;Note\nE1;1.1;Les horaires;1\n;1.2;à jour;1\n;1.10;Le standard;0\nE2;;x;1\n;;y;1\nOr;OR 1;équipe;1\n";
    assert_eq!(gaps(text).await, []);
}

#[tokio::test]
async fn a_central_s_grid_has_one_list() {
    let layouts = layouts(
        "[[grille-central.editions]]\nname = \"2025\"\nfrom = \"2025-01-01\"\npoints = { all = 3 }\n",
    );
    let text = "Point de contrôle;Évaluation\na;Oui\nb;Non\nc;NA\nd;Oui\n";
    let TableContent::CentralGrid(grid) = read(&layouts, TableKind::GrilleCentral, text).await else {
        panic!()
    };
    assert_eq!(grid.editions[0].gaps, [PointsGap { expected: 3, found: 4, ..PointsGap::default() }]);
    assert_eq!((grid.met, grid.unmet, grid.not_applicable), (2, 1, 1));
}

/// What the template of the edition holds, filled, is a complete grid.
#[tokio::test]
async fn the_template_writes_the_points_of_the_latest_edition() {
    let later = LOCAL.replace("2025", "2027").replace("1.10 Le standard répond\n", "");
    let layouts = layouts(&format!("{LOCAL}{later}"));
    let mut template = Template::new(&layouts, TableKind::GrilleLocal);
    let shown =
        |row: &[TemplateCell]| row.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>().join(" ");
    assert!(
        shown(&template.rows[0]).contains("1.1 Les horaires sont affichés"),
        "{}",
        shown(&template.rows[0])
    );
    // Two points, two numbers, ten empty rows for each of the six engagements that are not described, and one of Or.
    assert_eq!(template.rows.len(), 2 + 2 + 60 + 1);
    for row in &mut template.rows {
        row[3] = TemplateCell::Number(1.0);
    }
    let csv = String::from_utf8(template.to_csv()).unwrap();
    let TableContent::LocalGrid(grid) = read(&layouts, TableKind::GrilleLocal, &csv).await else { panic!() };
    let by_name: Vec<_> =
        grid.editions.iter().map(|edition| (edition.name.as_str(), edition.gaps.len())).collect();
    assert_eq!(by_name, [("2025", 1), ("2027", 0)]);
}

/// The edition is that of the day of the audit, and a grid that lacks points is not taken for a score.
#[tokio::test]
async fn the_body_reads_which_points_are_absent() {
    let mut bench = Bench::after("petit", 0).await;
    let csv = "Engagement;Point de contrôle;Note\nE1;1.1 Les horaires;1\nE2;x;1\n;y;1\nOr;Or.1;1\n";
    {
        let mut world = bench.simulator.world();
        world.annotate(4243, "Grille d'audit", File::new("grille.csv", "text/csv", csv.as_bytes().to_vec()));
        world.annotate(4243, "Score de l'engagement 1", Value::decimal("100"));
    }
    bench.daemon.reading = Some(reading(&bench, &layouts(LOCAL)));
    bench.pass().await;
    let said = bench.annotation(4243, "[auto] Contrôle des pièces et enquêtes");
    let expected = "À vérifier — Grille d’audit « grille.csv » : recalcul impossible, points de contrôle autres que ceux \
        de l’édition « 2025 » : engagement 1 : 1 point sur 3 (absents : 1.2, 1.10) ; à vérifier par une personne";
    assert!(said.contains(expected), "{said}");
    assert!(!said.contains("engagement 1 : 100"), "{said}");
    // An edition that begins after the audit says nothing of it.
    let later = LOCAL.replace("2025-01-01", "2039-01-01");
    bench.daemon.reading = Some(reading(&bench, &layouts(&later)));
    let now = bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_mins(10)).unwrap();
    bench.set_now(now);
    bench.pass().await;
    let said = bench.annotation(4243, "[auto] Contrôle des pièces et enquêtes");
    assert!(said.contains("engagement 1 : 100") && !said.contains("édition"), "{said}");
}

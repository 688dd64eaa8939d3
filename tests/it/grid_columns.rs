//! Grids as auditors lay them out: two columns of notes, a synthesis above, a legend beneath, rows and columns that are hidden.

use label::case::table::TableKind::{EnqueteAgents, GrilleCentral, GrilleLocal};
use label::case::table::{CentralGrid, GridPoints, LocalGrid, TableContent, TableFault};
use rust_xlsxwriter::Workbook;

use crate::tables::read;

async fn local(text: &str) -> LocalGrid {
    match read(GrilleLocal, "grille.csv", text.as_bytes()).await {
        TableContent::LocalGrid(grid) => grid,
        other => panic!("{other:?}"),
    }
}

async fn central(text: &str) -> CentralGrid {
    match read(GrilleCentral, "grille.csv", text.as_bytes()).await {
        TableContent::CentralGrid(grid) => grid,
        other => panic!("{other:?}"),
    }
}

fn places(grid: &LocalGrid) -> Vec<(&str, &str)> {
    grid.beside.columns.iter().map(|column| (column.place.as_str(), column.title.as_str())).collect()
}

fn used(grid: &LocalGrid) -> Option<&str> {
    grid.beside.used.as_ref().map(|column| column.place.as_str())
}

const TWO: GridPoints = GridPoints { scored: [0, 0, 1, 1], not_applicable: 0 };

#[tokio::test]
async fn the_title_of_the_notes_may_go_on() {
    for title in [
        "Note obtenue",
        "NOTE ATTRIBUÉE",
        "Note (0 / 0,25 / 0,75 / 1)",
        "Points obtenus",
        "Note\u{a0}: audit",
    ] {
        let grid = local(&format!("Engagement;Point de contrôle;{title}\nE1;a;1\n;b;0,75\n")).await;
        assert_eq!(grid.sites[0][0], TWO, "{title}");
        assert!(grid.beside.is_empty(), "{title}: {grid:?}");
    }
    let grid =
        local("Engagement;Point de contrôle;Note maximale;Note obtenue;Note N-1\nE1;a;1;1;0\n;b;1;0,75;0\n")
            .await;
    assert_eq!((grid.sites[0][0], used(&grid)), (TWO, Some("D1")));
    assert_eq!(places(&grid), [("C1", "Note…"), ("E1", "Note…")]);
}

#[tokio::test]
async fn of_two_columns_of_notes_none_is_taken_in_silence() {
    // They differ, and their titles do not tell.
    for titles in ["Note;Note", "Note;Note obtenue", "Note obtenue;Note retenue", "Score;Cotation"] {
        let text = format!("Engagement;Point de contrôle;{titles}\nE1;a;1;0\n;b;0,75;0,75\n");
        let grid = local(&text).await;
        assert!(grid.beside.is_undecided(), "{titles}: {grid:?}");
        let named: Vec<&str> = places(&grid).into_iter().map(|(place, _)| place).collect();
        assert_eq!(named, ["C1", "D1"], "{titles}");
    }
    // The template's own title, and another word.
    let grid = local("Engagement;Score;Point de contrôle;Note\nE1;0;a;1\n;0;b;0,75\n").await;
    assert_eq!((grid.sites[0][0], used(&grid)), (TWO, Some("D1")));
    assert_eq!(places(&grid), [("B1", "Score")]);
    // They say the same.
    let grid =
        local("Engagement;Point de contrôle;Note obtenue;Note retenue\nE1;a;1;100 %\n;b;0,75;0.750\n").await;
    assert_eq!((grid.sites[0][0], used(&grid)), (TWO, Some("C1")));
    // One of them holds remarks, or nothing.
    for other in ["très bien;1\n;b;à revoir;0,75", ";1\n;b;;0,75"] {
        let grid = local(&format!("Engagement;Point de contrôle;Notes;Note obtenue\nE1;a;{other}\n")).await;
        assert_eq!((grid.sites[0][0], used(&grid)), (TWO, Some("D1")), "{other}");
        assert_eq!((grid.bad.count, places(&grid)), (0, vec![("C1", "Notes")]), "{other}");
    }
    let grid = central("Point de contrôle;Note;Conformité\na;Oui;Non\nb;Non;Non\n").await;
    assert!(grid.beside.is_undecided(), "{grid:?}");
}

#[tokio::test]
async fn a_synthesis_above_the_grid_is_left_aside_and_told() {
    let synthesis = "Synthèse\nEngagement;Score\nEngagement 1;87,5\nEngagement 2;50\n\n";
    let grid = local(&format!("{synthesis}Engagement;Point de contrôle;Note\nE1;a;1\n;b;0,75\n")).await;
    assert_eq!((grid.sites.len(), grid.sites[0][0]), (1, TWO));
    assert_eq!(
        (grid.beside.tables.first.as_slice(), grid.bad.count, grid.unknown_rows),
        (["2".to_owned()].as_slice(), 0, 0)
    );
    // Its values may be notes, and it may stand beneath.
    let grid = local(&format!(
        "Engagement;Point de contrôle;Note\nE1;a;1\n;b;0,75\n\n{}",
        synthesis.replace("87,5", "0,75")
    ))
    .await;
    assert_eq!((grid.sites[0][0], grid.beside.tables.first.as_slice()), (TWO, ["6".to_owned()].as_slice()));
    // Without titles of its own, its rows of figures are counted.
    let grid = local(
        "Service;Mairie\nEngagement 1;87,5 %\nE2;0,5\nEngagement;Point de contrôle;Note\nE1;a;1\n;b;0,75\n",
    )
    .await;
    assert_eq!((grid.sites[0][0], grid.beside.above), (TWO, 2));
    // The titles of a new page are no other table.
    let grid =
        local("Engagement;Point de contrôle;Note\nE1;a;1\nEngagement;Point de contrôle;Note\n;b;0,75\n")
            .await;
    assert_eq!((grid.sites[0][0], grid.beside.repeated.first.as_slice()), (TWO, ["3".to_owned()].as_slice()));
    // Two that are alike: none is chosen.
    let twice = "Engagement;Point de contrôle;Note\nE1;a;1\n\nPoint de contrôle;Engagement;Note\na;E1;0\n";
    let content = read(GrilleLocal, "grille.csv", twice.as_bytes()).await;
    assert_eq!(content, TableContent::Unread(TableFault::SeveralTables { first: 1, second: 4 }));
}

#[tokio::test]
async fn a_legend_beneath_the_grid_is_no_row_of_points() {
    let grid = "Engagement;Point de contrôle;Note\nE1;a;1\n;b;0,75\n";
    for legend in [
        "\nLégende;;\n1;Respecté;\n0,75;Presque;\n0;Non respecté;\n",
        "\n0;Non respecté;\n0,25;Peu;\n1;Respecté;\n",
        "\n1;Respecté;\n0;Non respecté;\n",
        "NB : NA vaut pour non applicable\nFait à Fontclaire, le 3 mars;;\n",
        "\nObservations;;\nAccueil très soigné;;\n",
    ] {
        let read = local(&format!("{grid}{legend}")).await;
        assert_eq!((read.sites.len(), read.sites[0][0]), (1, TWO), "{legend}");
        assert_eq!((read.blank.count, read.bad.count, read.unknown_rows), (0, 0, 0), "{legend}: {read:?}");
        assert!(read.beside.under.count > 1, "{legend}");
    }
    let read = central(
        "Point de contrôle;Évaluation\na;Oui\nb;Non\n\nNA : non applicable;\nLégende;Oui = conforme\n",
    )
    .await;
    assert_eq!((read.met, read.unmet, read.blank.count, read.bad.count), (1, 1, 0, 0), "{read:?}");
    // What stands inside a grid does not end it, and a point that lacks its note there is told.
    let read = local("Engagement;Point de contrôle;Note\nE1;a;1\nNB : vu sur place\nE2;c;\n;d;1\n").await;
    assert_eq!(
        (read.blank.first.as_slice(), read.sites[0][1].scored),
        (["C4".to_owned()].as_slice(), [0, 0, 0, 1])
    );
    let read =
        local("Engagement;Point de contrôle;Note\nE1;a;1\nNB : vu sur place\nEngagement 2;;\n;d;0,75\n")
            .await;
    assert_eq!((read.blank.count, read.sites[0][1].scored), (0, [0, 0, 1, 0]));
}

#[tokio::test]
async fn a_mean_without_a_word_is_no_point() {
    let grid = local("Engagement;Point de contrôle;Note\nE1;a;1\n;b;0,75\n;;87,5\nE2;;50\n").await;
    assert_eq!((grid.sites[0][0], grid.left_aside, grid.bad.count), (TWO, 2, 0));
    // One that might be a note is told by its place.
    let grid = local("Engagement;Point de contrôle;Note\nE1;a;1\n;;1\n").await;
    assert_eq!(grid.pointless.first, ["C3"]);
    // Where nobody wrote the points, the notes alone count.
    let grid = local("Engagement;Point de contrôle;Note\nE1;;1\n;;0,75\n").await;
    assert_eq!((grid.sites[0][0], grid.pointless.count), (TWO, 0));
}

#[tokio::test]
async fn two_columns_of_counts_that_differ_are_told() {
    let titles = crate::tables::ANSWERS.join(";");
    let rows: String = (1..=11).map(|rank| format!("Q{rank};1;2;3;4;5;9\n")).collect();
    let of = async |last: &str| match read(
        EnqueteAgents,
        "a.csv",
        format!("Question;{titles};{last}\n{rows}").as_bytes(),
    )
    .await
    {
        TableContent::Survey(survey) => survey,
        other => panic!("{other:?}"),
    };
    assert_eq!(of("Tout à fait d’accord").await.twins.first[0], "G2");
    assert_eq!(of("NSP").await.twins.count, 11);
    assert_eq!(of("Tout à fait d’accord (%)").await.twins.count, 0);
    assert_eq!(of("Commentaire").await.twins.count, 0);
}

#[tokio::test]
async fn what_a_workbook_hides_is_told() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Grille").unwrap();
    for (column, title) in (0_u16..).zip(["Engagement", "Point de contrôle", "Preuve", "Note"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    for (row, note) in (1_u32..).zip([1.0, 0.75]) {
        sheet.write_string(row, 0, "E1").unwrap();
        sheet.write_string(row, 1, "point").unwrap();
        sheet.write_number(row, 3, note).unwrap();
    }
    sheet.set_row_hidden(2).unwrap();
    sheet.set_column_hidden(2).unwrap();
    let hidden = workbook.add_worksheet().set_name("Brouillon").unwrap();
    hidden.write_string(0, 0, "Engagement").unwrap();
    hidden.set_hidden(true);
    let TableContent::LocalGrid(grid) =
        read(GrilleLocal, "grille.xlsx", &workbook.save_to_buffer().unwrap()).await
    else {
        panic!()
    };
    assert_eq!(grid.sites[0][0], TWO, "a hidden row counts as the others");
    assert_eq!(
        (grid.beside.hidden_rows.first.as_slice(), grid.beside.hidden_columns.first.as_slice()),
        (["3".to_owned()].as_slice(), ["C".to_owned()].as_slice())
    );
    assert_eq!(grid.beside.hidden_sheets, 1);
    // The only table is on a hidden sheet.
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "rien").unwrap();
    workbook.add_worksheet().set_hidden(true);
    let content = read(GrilleLocal, "grille.xlsx", &workbook.save_to_buffer().unwrap()).await;
    assert_eq!(content, TableContent::Unread(TableFault::HiddenSheets));
}

#[tokio::test]
async fn the_filled_grid_is_preferred_and_the_other_sheets_are_told() {
    let mut workbook = Workbook::new();
    for (name, notes) in
        [("Grille", [None, None]), ("Audit", [Some(1.0), Some(0.75)]), ("Synthèse", [None, None])]
    {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (column, title) in (0_u16..).zip(["Engagement", "Point de contrôle", "Note"]) {
            sheet.write_string(0, column, title).unwrap();
        }
        for (row, note) in (1_u32..).zip(notes) {
            sheet.write_string(row, 0, "E1").unwrap();
            sheet.write_string(row, 1, "point").unwrap();
            if let Some(note) = note {
                sheet.write_number(row, 2, note).unwrap();
            }
        }
    }
    let TableContent::LocalGrid(grid) =
        read(GrilleLocal, "grille.xlsx", &workbook.save_to_buffer().unwrap()).await
    else {
        panic!()
    };
    assert_eq!((grid.sites[0][0], grid.beside.sheets), (TWO, 0));
}

/// A file whose rows of titles never end gives no sentence that never ends.
#[tokio::test]
async fn more_tables_than_anybody_draws_are_too_much() {
    let two =
        "Engagement;Point de contrôle;Note\nE1;a;1\n\nEngagement;Point de contrôle;Rang;Note\nE1;a;;1\n\n";
    let many = read(GrilleLocal, "grille.csv", two.repeat(30).as_bytes()).await;
    assert!(matches!(many, TableContent::Unread(TableFault::TooMuch)), "{many:?}");
    let few = read(GrilleLocal, "grille.csv", two.repeat(10).as_bytes()).await;
    assert!(!matches!(few, TableContent::Unread(TableFault::TooMuch)), "{few:?}");
}

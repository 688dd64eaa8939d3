//! Tables as people really make them: totals among the points, boxes that are ticked, percentages, two sheets, an encoding of
//! another computer.

use label::case::table::TableKind::{EnqueteUsagers, GrilleCentral, GrilleLocal};
use label::case::table::{
    CentralGrid, GridPoints, LocalGrid, SurveyTable, TableContent, TableFault, TableKind,
};
use rust_xlsxwriter::Workbook;

use crate::tables::read;

async fn local(text: &str) -> LocalGrid {
    let file = format!("Engagement;Point de contrôle;Note\n{text}");
    let TableContent::LocalGrid(grid) = read(GrilleLocal, "grille.csv", file.as_bytes()).await else {
        panic!()
    };
    grid
}

async fn central(text: &str) -> CentralGrid {
    let file = format!("Point de contrôle;Évaluation\n{text}");
    let TableContent::CentralGrid(grid) = read(GrilleCentral, "grille.csv", file.as_bytes()).await else {
        panic!()
    };
    grid
}

#[tokio::test]
async fn totals_among_the_points_are_left_aside_and_counted() {
    let grid = local(
        "E1;1.1 Horaires;1\n;1.2 Accueil;0,75\n;Total Engagement 1;0,75\nE1 : moyenne;;0,75\nEngagement 1 - Total;;1\n\
         E2;Total des appels décrochés;0\n;Moyenne générale;0,25\n;To\u{ad}tal (hors NC);0,25\nTotal;;0,75\n",
    )
    .await;
    let [site] = grid.sites.as_slice() else { panic!("{grid:?}") };
    assert_eq!(site[0], GridPoints { scored: [0, 0, 1, 1], not_applicable: 0 });
    assert_eq!(site[1], GridPoints { scored: [1, 0, 0, 0], not_applicable: 0 });
    assert_eq!((grid.left_aside, grid.unknown_rows, grid.bad.count, grid.blank.count), (6, 0, 0, 0));
    let grid = central("a;Oui\nb;Non\nTotal oui;1\nTotal des points validés;1\n").await;
    assert_eq!((grid.met, grid.unmet, grid.left_aside), (1, 1, 2));
}

#[tokio::test]
async fn notes_are_read_in_all_their_spellings_and_others_are_named() {
    let grid = local("E1;a;1,0\n;b;0,750\n;c;75 %\n;d;1 pt\n;e;s.o.\n;f;Pas applicable\n;g;0.0\n").await;
    assert_eq!(grid.sites[0][0], GridPoints { scored: [1, 0, 2, 2], not_applicable: 2 });
    assert_eq!(grid.bad.count, 0, "{grid:?}");
    let grid = central("a;O\nb;✓\nc;x\nd;VRAI\ne;Conforme\nf;N\ng;✗\nh;Non conforme\ni;S.O.\n").await;
    assert_eq!((grid.met, grid.unmet, grid.not_applicable, grid.bad.count), (5, 3, 1, 0), "{grid:?}");
    let grid = central("a;partiel\nb;partiel\nc;Mme Martin, 06 12 34 56 78\nd;Oui\n").await;
    assert_eq!((grid.bad.count, grid.bad.words.as_slice()), (3, ["partiel".to_owned()].as_slice()));
}

async fn respondents(finished: &[&str], more: &str) -> SurveyTable {
    let titles: Vec<String> = label_titles();
    let row = |done: &&str| format!("{done};{}\n", vec!["Tout à fait d’accord"; titles.len()].join(";"));
    let rows: String = finished.iter().map(row).collect();
    let file = format!("Statut;{}\n{rows}{more}", titles.join(";"));
    let TableContent::Survey(survey) = read(EnqueteUsagers, "enquête.csv", file.as_bytes()).await else {
        panic!()
    };
    survey
}

fn label_titles() -> Vec<String> {
    let layouts = vigie::documents::tables::layout::Layouts::default();
    layouts.enquete_usagers.questions.iter().map(|question| question.titles[0].clone()).collect()
}

#[tokio::test]
async fn a_questionnaire_is_finished_in_many_words_and_an_unknown_one_is_told() {
    let survey = respondents(&["Complété", "O", "terminée", "100 %", "✓", "Non", "En cours", ""], "").await;
    let counted = survey.respondents.unwrap();
    assert_eq!((counted.rows, counted.admissible, survey.unfinished.count), (8, 5, 0), "{survey:?}");
    let survey = respondents(&["Oui", "Clos"], "Moyenne;1;1;1\n").await;
    assert_eq!(survey.unfinished.words, ["Clos"]);
    assert_eq!(survey.unfinished.first, ["A3"]);
    assert_eq!(survey.respondents.unwrap().rows, 2, "the row of means is no respondent");
}

fn book(sheets: &[(&str, &[[&str; 3]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (line, row) in (0_u32..).zip(*rows) {
            for (column, text) in (0_u16..).zip(row) {
                sheet.write_string(line, column, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn of_two_sheets_none_is_chosen_in_silence() {
    let grid: &[[&str; 3]] = &[["Engagement", "Point de contrôle", "Note"], ["E1", "a", "1"]];
    let other: &[[&str; 3]] = &[["Engagement", "Point de contrôle", "Note"], ["E1", "a", "0"]];
    let of = async |sheets: &[(&str, &[[&str; 3]])]| read(GrilleLocal, "grille.xlsx", &book(sheets)).await;
    assert_eq!(
        of(&[("Mairie", grid), ("Annexe", other)]).await,
        TableContent::Unread(TableFault::SeveralSheets)
    );
    // The one that the layout names is meant.
    let TableContent::LocalGrid(read) = of(&[("Brouillon", other), ("Grille", grid)]).await else { panic!() };
    assert_eq!(read.sites[0][0].scored, [0, 0, 0, 1]);
}

#[tokio::test]
async fn a_text_is_read_under_the_name_of_a_workbook_and_from_any_computer() {
    let text = "Engagement\tPoint de contrôle\tNote\nE1\ta\t0,75\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mac =
        text.replace('ô', "\u{99}").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    for (name, bytes) in
        [("grille.xls", text.as_bytes().to_vec()), ("grille.csv", utf16), ("grille.csv", mac)]
    {
        let TableContent::LocalGrid(grid) = read(GrilleLocal, name, &bytes).await else { panic!("{name}") };
        assert_eq!(grid.sites[0][0].scored, [0, 0, 1, 0], "{name}");
    }
    let page = b"<html><body><table><tr><td>Engagement</td></tr></table></body></html>";
    let fault = |kind: TableKind| async move { read(kind, "grille.xls", page).await };
    assert_eq!(fault(GrilleLocal).await, TableContent::NotATable, "told as a file of another kind");
}

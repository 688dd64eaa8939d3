//! Tables of results and audit grids, good and hostile, read by the real child process.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use label::Choices;
use label::case::inspection::FileFault;
use label::case::table::TableKind::{self, EnqueteAgents, EnqueteUsagers, GrilleCentral, GrilleLocal};
use label::case::table::{Respondents, SurveyTable, TableContent, TableFault};
use vigie::documents::child;
use vigie::documents::tables::layout::Layouts;
use vigie::documents::tables::template::{Template, TemplateCell};

pub const ANSWERS: [&str; 5] = [
    "Pas du tout d’accord",
    "Plutôt pas d’accord",
    "Plutôt d’accord",
    "Tout à fait d’accord",
    "Non concerné / ne se prononce pas",
];

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vigie"))
}

async fn answer(kind: TableKind, name: &str, bytes: &[u8]) -> child::InspectionAnswer {
    let request = Layouts::default().request(kind, &Choices::default());
    child::inspect(&program(), name, bytes, Some(&request)).await.unwrap()
}

pub async fn read(kind: TableKind, name: &str, bytes: &[u8]) -> TableContent {
    answer(kind, name, bytes).await.table.unwrap_or(TableContent::Unread(TableFault::TooCostly))
}

async fn survey(kind: TableKind, name: &str, bytes: &[u8]) -> SurveyTable {
    match read(kind, name, bytes).await {
        TableContent::Survey(survey) => survey,
        other => panic!("{name}: {other:?}"),
    }
}

/// A file of parts, as zip writes them.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet, from the XML of its rows.
fn xlsx(rows: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let types = format!(
        r#"<?xml version="1.0"?><Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
    );
    let root = format!(
        r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Résultats" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#
    );
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A sheet of OpenDocument, from the XML of its rows.
fn ods(rows: &str) -> Vec<u8> {
    let oasis = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="{oasis}:office:1.0" xmlns:table="{oasis}:table:1.0" xmlns:text="{oasis}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Feuille1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest =
        format!(r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="{oasis}:manifest:1.0"/>"#);
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_row(cells: &[String]) -> String {
    let cell = |text: &String| match text.parse::<f64>() {
        Ok(_) => format!(r#"<table:table-cell office:value-type="float" office:value="{text}"/>"#),
        Err(_) => {
            format!(
                r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
            )
        }
    };
    format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
}

/// Staff answers, each question with its counts.
fn staff(counts: [&str; 5]) -> Vec<Vec<String>> {
    let titles = std::iter::once("Question").chain(ANSWERS).map(str::to_owned).collect();
    let row = |rank: u32| std::iter::once(format!("Q{rank}")).chain(counts.map(str::to_owned)).collect();
    std::iter::once(titles).chain((1..=11).map(row)).collect()
}

fn lines(rows: &[Vec<String>], separator: &str) -> String {
    rows.iter().map(|row| row.join(separator) + "\r\n").collect()
}

#[tokio::test]
async fn each_template_is_read_back() {
    let layouts = Layouts::default();
    for kind in TableKind::ALL {
        let mut template = Template::new(&layouts, kind);
        for (rank, row) in template.rows.iter_mut().enumerate() {
            match kind {
                EnqueteUsagers | EnqueteAgents => (1_u8..=5)
                    .for_each(|column| row[usize::from(column)] = TemplateCell::Number(f64::from(column))),
                GrilleLocal => {
                    row[0] = TemplateCell::Text(if rank % 2 == 0 {
                        "Bureau d’Été".into()
                    } else {
                        "../annexe\n2".into()
                    });
                    row[3] = TemplateCell::Number(0.75);
                }
                GrilleCentral => {
                    row[0] = TemplateCell::Text(format!("=point({rank})"));
                    row[1] = TemplateCell::Text(["Oui", "Non", "NA"][rank % 3].to_owned());
                }
            }
        }
        let name = format!("{}.xlsx", kind.name());
        let workbook = read(kind, &name, &template.to_xlsx().unwrap()).await;
        let lines = read(kind, &name.replace("xlsx", "csv"), &template.to_csv()).await;
        assert_eq!(workbook, lines, "{kind:?}");
        match workbook {
            TableContent::Survey(survey) => {
                let good = |one: &label::case::table::AnsweredQuestion| {
                    one.found && one.scored == [1, 2, 3, 4] && one.not_concerned == 5
                };
                assert!(survey.questions.iter().all(good), "{survey:?}");
                assert_eq!((survey.bad.count, survey.unknown_rows), (0, 0));
            }
            TableContent::LocalGrid(grid) => {
                assert_eq!(grid.sites.len(), 2);
                let five = |points: &label::case::table::GridPoints| points.scored == [0, 0, 5, 0];
                assert!(grid.sites.iter().flatten().all(five), "{grid:?}");
            }
            TableContent::CentralGrid(grid) => {
                assert_eq!((grid.met, grid.unmet, grid.not_applicable), (14, 13, 13));
            }
            other => panic!("{kind:?}: {other:?}"),
        }
        // Empty, it is recognised all the same.
        let empty = Template::new(&layouts, kind);
        let content = read(kind, "a.xlsx", &empty.to_xlsx().unwrap()).await;
        assert!(!matches!(content, TableContent::Unread(_) | TableContent::NotATable), "{content:?}");
    }
}

#[tokio::test]
async fn a_text_is_read_in_any_usual_encoding_and_separator() {
    let rows = staff(["1", "2,0", "3", "1 234", ""]);
    let mut expected = None;
    for separator in [";", "\t", ","] {
        let quoted: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| format!("\"{cell}\"")).collect()).collect();
        let text = lines(&quoted, separator).replace('’', "'");
        let (latin, _, unmappable) = encoding_rs::WINDOWS_1252.encode(&text);
        assert!(!unmappable);
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &latin, &[b"\xef\xbb\xbf", text.as_bytes()].concat(), &utf16] {
            let survey = survey(EnqueteAgents, "Résultats\nété.csv", bytes).await;
            assert_eq!(survey.questions[10].scored, [1, 2, 3, 1234], "{separator:?}");
            assert_eq!(survey.bad.count, 0);
            assert_eq!(*expected.get_or_insert(survey.clone()), survey);
        }
    }
}

#[tokio::test]
async fn titles_may_be_below_others_and_span_two_rows() {
    let mut rows = staff(["0", "1", "2", "3", "4"]);
    let answers = rows[0].split_off(1);
    let mut under = vec![String::new()];
    under.extend(answers);
    rows.insert(1, under);
    rows[0].extend(["Réponses".to_owned(), String::new()]);
    rows.insert(0, vec!["Enquête agents — Maison des droits (données fictives)".to_owned()]);
    rows.insert(1, vec![String::new()]);
    rows.push(vec!["Total".to_owned(), "11".to_owned(), "=SOMME(B4:B14)".to_owned()]);
    let from_csv = survey(EnqueteAgents, "a.csv", lines(&rows, ";").as_bytes()).await;
    assert_eq!(from_csv.questions[0].scored, [0, 1, 2, 3]);
    assert_eq!((from_csv.bad.count, from_csv.unknown_rows), (0, 0));
    let sheet: String = rows.iter().map(|row| ods_row(row)).collect();
    assert_eq!(survey(EnqueteAgents, "a.ods", &ods(&sheet)).await, from_csv);
}

#[tokio::test]
async fn absurd_counts_are_named_by_their_cell_and_never_by_their_text() {
    let mut rows = staff(["1", "2", "3", "4", "5"]);
    rows[1][1] = "-3".to_owned();
    rows[2][2] = "1e300".to_owned();
    rows[3][3] = "Jean Dupont, 06 12 34 56 78".to_owned();
    rows[4][4] = "=HYPERLINK(\"http://example.org\")".to_owned();
    rows[5][5] = "12,5".to_owned();
    rows[6][1] = "1,000".to_owned();
    rows.push(vec!["=cmd|' /C calc'!A0".to_owned(), "1".to_owned()]);
    rows.push(rows[7].clone());
    let request = Layouts::default().request(EnqueteAgents, &Choices::default());
    let text = lines(&rows, ";");
    let answer = child::inspect(&program(), "a.csv", text.as_bytes(), Some(&request)).await.unwrap();
    let said = serde_json::to_string(&answer).unwrap();
    for free in ["Dupont", "06 12", "HYPERLINK", "calc", "1e300"] {
        assert!(!said.contains(free), "{free} left the child: {said}");
    }
    let Some(TableContent::Survey(survey)) = answer.table else { panic!("{said}") };
    assert_eq!(survey.bad.count, 6);
    assert_eq!(survey.bad.first, ["B2", "C3", "D4", "E5", "F6"]);
    assert_eq!((survey.repeated.count, survey.repeated.first[0].as_str()), (1, "A14"));
    assert_eq!(survey.unknown_rows, 1);
}

#[tokio::test]
async fn numbers_of_a_workbook_are_held_to_the_same() {
    let titles: Vec<String> = std::iter::once("Question").chain(ANSWERS).map(str::to_owned).collect();
    let inline = |row: u32, column: char, text: &str| {
        format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let head: String = ('A'..='F').zip(&titles).map(|(column, title)| inline(1, column, title)).collect();
    let body = [
        ("<v>-1</v>", "B2"),
        ("<v>1e300</v>", "B3"),
        ("<v>0.5</v>", "B4"),
        // Worked out by a spreadsheet, and not.
        ("<f>3+4</f><v>7</v>", "B5"),
        ("<f>3+4</f>", "B6"),
    ];
    let rows: String = (2_u32..)
        .zip(body)
        .map(|(row, (value, place))| {
            format!(
                r#"<row r="{row}">{}<c r="{place}">{value}</c></row>"#,
                inline(row, 'A', &format!("Q{}", row - 1))
            )
        })
        .collect();
    let survey = survey(EnqueteAgents, "a.xlsx", &xlsx(&format!(r#"<row r="1">{head}</row>{rows}"#))).await;
    assert_eq!(survey.bad.first, ["B2", "B3", "B4", "B6"]);
    assert_eq!(survey.questions[3].scored, [7, 0, 0, 0]);
    assert_eq!(survey.questions.iter().filter(|question| question.found).count(), 5);
}

/// Nothing before the table: the cells that are not written must not move those that are.
#[tokio::test]
async fn a_table_may_stand_anywhere_on_its_sheet() {
    let mut rows = staff(["1", "2", "3", "4", "5"]);
    for row in &mut rows {
        row.insert(0, String::new());
    }
    rows.insert(0, vec![String::new()]);
    let blank = |cells: String| {
        cells.replace(r#"office:value-type="string"><text:p></text:p></table:table-cell>"#, "/>")
    };
    let sheet: String = rows.iter().map(|row| blank(ods_row(row))).collect();
    let unknown = r#"<table:table-cell table:formula="of:=1+1"/></table:table-row>"#;
    let with_formula = sheet.replacen(
        r#"<table:table-cell office:value-type="float" office:value="5"/></table:table-row>"#,
        unknown,
        1,
    );
    assert_eq!(survey(EnqueteAgents, "a.ods", &ods(&sheet)).await.questions[0].scored, [1, 2, 3, 4]);
    assert_eq!(survey(EnqueteAgents, "a.ods", &ods(&with_formula)).await.bad.first, ["G3"]);
}

/// Eleven questions and their respondents, of whom some are not admissible.
#[tokio::test]
async fn respondents_are_counted_when_their_questionnaire_is_admissible() {
    let titles = (1..=11).map(|rank| format!("Question {rank} — L’accueil vous convient-il ?"));
    let titles: Vec<String> = std::iter::once("Terminé".to_owned()).chain(titles).collect();
    let row = |finished: &str, expressed: usize, rest: &str| -> Vec<String> {
        let answers = (0..11).map(|rank| if rank < expressed { ANSWERS[3] } else { rest });
        std::iter::once(finished).chain(answers).map(str::to_owned).collect()
    };
    let rows = vec![
        titles,
        row("Oui", 11, ""),
        row("OUI", 6, ANSWERS[4]),
        row("oui", 5, ANSWERS[4]),
        row("oui", 5, ""),
        row("Non", 11, ""),
        row("", 0, ""),
    ];
    let table = survey(EnqueteAgents, "a.csv", lines(&rows, ";").as_bytes()).await;
    assert_eq!(table.respondents, Some(Respondents { rows: 5, admissible: 2 }));
    assert_eq!(table.questions[0].scored, [0, 0, 0, 2]);
    assert_eq!((table.questions[10].scored, table.questions[10].not_concerned), ([0, 0, 0, 1], 1));
    // A column of comments beside a question is not taken for it, wherever it stands.
    let mut commented = rows.clone();
    for (rank, row) in commented.iter_mut().enumerate() {
        row.insert(
            1,
            if rank == 0 { "Question 1 — commentaire".into() } else { "Merci à Mme Durand".into() },
        );
        row[2] = if rank == 0 { "Question 1".into() } else { row[2].clone() };
    }
    assert_eq!(survey(EnqueteAgents, "a.csv", lines(&commented, ";").as_bytes()).await, table);
    let mut free = rows;
    free[1][3] = "Madame Durand m’a très bien reçue".to_owned();
    let table = survey(EnqueteAgents, "a.csv", lines(&free, ";").as_bytes()).await;
    assert_eq!(table.questions[2].other, 1);
    assert!(!serde_json::to_string(&table).unwrap().contains("Durand"));
}

#[tokio::test]
async fn a_list_of_questions_and_answers_is_counted_too() {
    let mut rows = vec![vec!["Question".to_owned(), "Réponse".to_owned(), "Effectif".to_owned()]];
    for rank in 1..=11 {
        for (place, answer) in ANSWERS.iter().enumerate() {
            // The question's cell is merged over its answers.
            let question = if place == 0 { format!("Q{rank}") } else { String::new() };
            rows.push(vec![question, (*answer).to_owned(), place.to_string()]);
        }
        rows.push(vec![String::new(), "Total".to_owned(), "10".to_owned()]);
    }
    let table = survey(EnqueteAgents, "a.csv", lines(&rows, "\t").as_bytes()).await;
    assert!(
        table
            .questions
            .iter()
            .all(|one| one.scored == [0, 1, 2, 3] && one.not_concerned == 4 && one.other == 0)
    );
    rows[1][1] = "Sans avis".to_owned();
    rows[2][1] = rows[3][1].clone();
    let table = survey(EnqueteAgents, "a.csv", lines(&rows, "\t").as_bytes()).await;
    assert_eq!((table.questions[0].other, table.repeated.first[0].as_str()), (1, "B4"));
}

#[tokio::test]
async fn what_is_no_table_is_nobody_s_fault() {
    let letter = zipped(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"x")]);
    assert_eq!(read(EnqueteUsagers, "rapport.docx", &letter).await, TableContent::NotATable);
    assert_eq!(read(EnqueteUsagers, "rapport.txt", b"bonjour").await, TableContent::NotATable);
    let page = answer(
        EnqueteUsagers,
        "export.xlsx",
        b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>",
    )
    .await;
    assert!(matches!(page.inspection.fault, Some(FileFault::OtherMedia { .. })), "{page:?}");
    assert_eq!(page.table, Some(TableContent::NotATable));
}

#[tokio::test]
async fn a_table_of_something_else_is_said_and_not_guessed() {
    let unread = TableContent::Unread(TableFault::NoHeader);
    assert_eq!(read(EnqueteUsagers, "a.csv", b"nom;prix\nvis;3\n").await, unread);
    assert_eq!(read(EnqueteUsagers, "a.csv", b"\"jamais ferm\xe9e").await, unread);
    assert_eq!(
        read(GrilleLocal, "../../a\n.xlsx", &xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")).await,
        unread
    );
    assert_eq!(
        read(GrilleLocal, "a.xlsx", b"PK\x03\x04 rien").await,
        TableContent::Unread(TableFault::Broken)
    );
    let grid =
        "Engagement;Point de contrôle;Note\n1;accueil;0,5\n;horaires;\nTotal;;12\nE2 : nous;délais;0,25\n";
    let TableContent::LocalGrid(grid) = read(GrilleLocal, "a.csv", grid.as_bytes()).await else { panic!() };
    assert_eq!((grid.bad.first[0].as_str(), grid.blank.first[0].as_str()), ("C2", "C3"));
    assert_eq!(grid.sites[0][1].scored, [0, 1, 0, 0]);
}

/// « A1 » and the last cell that a sheet can have: a reader that makes a rectangle of them asks for 550 gigabytes.
#[tokio::test]
async fn two_far_cells_cost_nothing() {
    let far = xlsx(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#,
    );
    assert!(far.len() < 5_000);
    assert_eq!(read(EnqueteUsagers, "a.xlsx", &far).await, TableContent::Unread(TableFault::NoHeader));
}

#[tokio::test]
async fn rows_repeated_without_end_stop_their_own_process() {
    let repeated = |rows: u32| {
        let cells = r#"<table:table-cell office:value-type="float" office:value="1"/>"#.repeat(90);
        ods(&format!(r#"<table:table-row table:number-rows-repeated="{rows}">{cells}</table:table-row>"#))
    };
    let bomb = answer(EnqueteUsagers, "a.ods", &repeated(1_048_576)).await;
    let stopped = bomb.inspection.fault == Some(FileFault::TooCostly) && bomb.table.is_none();
    assert!(stopped || bomb.table == Some(TableContent::Unread(TableFault::TooMuch)), "{bomb:?}");
    let small = read(EnqueteUsagers, "a.ods", &repeated(30)).await;
    assert_eq!(small, TableContent::Unread(TableFault::NoHeader));
    // What a spreadsheet really writes below its table: empty rows to the end of the sheet.
    let rows: String = staff(["1", "2", "3", "4", "5"]).iter().map(|row| ods_row(row)).collect();
    let end = r#"<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    assert_eq!(survey(EnqueteAgents, "a.ods", &ods(&(rows + end))).await.questions[0].scored, [1, 2, 3, 4]);
}

#[tokio::test]
async fn what_unpacks_to_gigabytes_is_refused() {
    let zeros = vec![b' '; 80 * 1024 * 1024];
    let bomb = xlsx(&String::from_utf8(zeros).unwrap());
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    assert_eq!(read(EnqueteUsagers, "a.xlsx", &bomb).await, TableContent::Unread(TableFault::TooMuch));
}

#[tokio::test]
async fn a_million_cells_are_read_or_refused_and_never_fatal() {
    let row = |rank: u32| format!("<row>{}</row>", format!("<c><v>{}</v></c>", rank % 7).repeat(1000));
    let million: String = (0..1000).map(row).collect();
    let content = read(EnqueteAgents, "a.xlsx", &xlsx(&million)).await;
    assert_eq!(content, TableContent::Unread(TableFault::NoHeader));
}

/// Each site is counted separately, up to a limit that the answer can hold; one more is reported by its cell.
#[tokio::test]
async fn sites_are_counted_up_to_the_limit() {
    let of = |sites: u32| {
        let rows = (0..sites).map(|site| format!("Annexe de Fontclaire n° {site};E1;p;0,75\n;Or;p;1\n"));
        format!("Site;Engagement;Point de contrôle;Note\n{}", rows.collect::<String>())
    };
    let TableContent::LocalGrid(grid) = read(GrilleLocal, "a.csv", of(100).as_bytes()).await else {
        panic!()
    };
    assert_eq!((grid.sites.len(), grid.bad.count), (100, 0));
    assert!(grid.sites.iter().all(|site| site[0].scored == [0, 0, 1, 0] && site[8].scored == [0, 0, 0, 1]));
    let TableContent::LocalGrid(grid) = read(GrilleLocal, "a.csv", of(101).as_bytes()).await else {
        panic!()
    };
    assert_eq!((grid.sites.len(), grid.bad.first), (100, vec!["A202".to_owned(), "A203".to_owned()]));
}

/// At the limit of rows it is counted, one more and it is refused whole.
#[tokio::test]
async fn rows_are_counted_up_to_the_limit() {
    let layout = Layouts::default();
    let title = &layout.grille_central.point[0];
    let of = |rows: usize| format!("{title};Note\n{}", "p;Oui\n".repeat(rows));
    let TableContent::CentralGrid(grid) = read(GrilleCentral, "a.csv", of(100_000).as_bytes()).await else {
        panic!()
    };
    assert_eq!(grid.met, 100_000);
    let more = read(GrilleCentral, "a.csv", of(100_001).as_bytes()).await;
    assert_eq!(more, TableContent::Unread(TableFault::TooMuch));
}

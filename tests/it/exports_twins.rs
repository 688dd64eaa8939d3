//! What stands twice in one export, or is hidden in it.

use vigie::documents::exports::{ExportBook, ExportCell, ExportSheet};
use vigie::exports::ExportPicture;
use vigie::exports::life::{Doubt, Said};

use crate::exports::columns;

fn text(text: &str) -> Option<ExportCell> {
    (!text.is_empty()).then(|| ExportCell::Text(text.to_owned()))
}

fn sheet(name: &str, titles: &[&str], rows: &[(i64, Vec<Option<ExportCell>>)]) -> ExportSheet {
    let titles = titles.iter().map(|title| (*title).to_owned()).collect();
    ExportSheet { name: name.to_owned(), titles, rows: rows.to_vec(), ..ExportSheet::default() }
}

fn dossiers(rows: &[(i64, Vec<Option<ExportCell>>)]) -> ExportSheet {
    sheet("Dossiers", &["Dernière mise à jour le", "Nom de la structure candidate"], rows)
}

fn decisions(name: &str, titles: &[&str], word: &str) -> ExportSheet {
    sheet(name, titles, &[(7, vec![text(word); titles.len()])])
}

/// The decisions that were read of dossier 7.
fn read(book: &ExportBook) -> (Option<usize>, Vec<String>) {
    let picture = ExportPicture::of(book, &columns());
    let rows = picture.dossiers[&7].values().find_map(|said| match said {
        Said::Rows(rows) => Some(rows.len()),
        _ => None,
    });
    (rows, picture.doubtful.twins)
}

#[test]
fn of_two_sheets_of_one_cut_name_neither_is_read_unless_one_alone_is_whole() {
    let (all, few) = (["Décision", "Date de la décision"], ["Décision"]);
    let main = dossiers(&[(7, vec![None, text("Mairie")])]);
    let book = |sheets: Vec<ExportSheet>| ExportBook {
        sheets: [vec![main.clone()], sheets].concat(),
        ..ExportBook::default()
    };
    let ours = decisions("(326) Historique des decisions", &all, "Retrait");
    assert_eq!(read(&book(vec![ours.clone()])), (Some(1), Vec::new()));
    let twin = decisions("(999) Historique des decisions", &all, "Labellisé");
    let said = vec!["Historique des décisions".to_owned()];
    assert_eq!(read(&book(vec![ours.clone(), twin])), (None, said));
    let partial = decisions("(999) Historique des decisions", &few, "Labellisé");
    for order in [vec![ours.clone(), partial.clone()], vec![partial, ours]] {
        assert_eq!(read(&book(order)), (Some(1), Vec::new()));
    }
}

#[test]
fn of_a_dossier_on_two_rows_the_newest_is_read_and_it_is_said() {
    let row = |day: &str, name: &str| (7, vec![text(day), text(name)]);
    let name = |rows: &[(i64, Vec<Option<ExportCell>>)]| {
        let book = ExportBook { sheets: vec![dossiers(rows)], ..ExportBook::default() };
        let picture = ExportPicture::of(&book, &columns());
        let names = picture.dossiers[&7].values().filter_map(|said| match said {
            Said::Cell(told) => match &told.cell {
                ExportCell::Text(text) if !text.contains("20") => Some(text.clone()),
                _ => None,
            },
            _ => None,
        });
        (names.collect::<Vec<_>>().concat(), picture.doubtful.twice)
    };
    let (old, new) = (row("2027-05-01 10:00", "ancien"), row("2027-06-01 10:00", "nouveau"));
    assert_eq!(name(std::slice::from_ref(&old)), ("ancien".to_owned(), Vec::new()));
    for rows in [[old.clone(), new.clone()], [new, old]] {
        assert_eq!(name(&rows), ("nouveau".to_owned(), vec![7]));
    }
    assert_eq!(name(&[row("", "premier"), row("", "dernier")]), ("dernier".to_owned(), vec![7]));
}

#[test]
fn one_answer_typed_again_makes_no_model_of_a_plain_export() {
    let zero = Some(ExportCell::Number("0".to_owned()));
    let titles = ["Agents concernés", "Contrat de prestations signé"];
    let mut main = sheet("Dossiers", &titles, &[(7, vec![zero, Some(ExportCell::Flag(true))])]);
    let doubts = |main: &ExportSheet| {
        let book = ExportBook { sheets: vec![main.clone()], ..ExportBook::default() };
        let picture = ExportPicture::of(&book, &columns());
        let doubts = picture.dossiers[&7].values().filter_map(|said| match said {
            Said::Cell(told) => told.doubt,
            _ => None,
        });
        (picture.tells_zero, doubts.collect::<Vec<_>>())
    };
    assert_eq!(doubts(&main), (true, Vec::new()));
    main.is_plain = true;
    assert_eq!(doubts(&main), (false, vec![Doubt::Zero]));
}

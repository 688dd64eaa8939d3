//! What people and spreadsheets write in place of the expected value: shown with its place, or read as it is seen.

use std::path::PathBuf;

use rust_xlsxwriter::{Format, Workbook};
use vigie::documents::child::read_export;
use vigie::documents::exports::ExportCell;

use crate::bench::Bench;

#[tokio::test]
async fn the_word_of_a_renamed_option_is_shown_with_where_to_declare_it() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().correct_champ(4242, "Type de service", "Service de proximité");
    bench.pass().await;
    let said = bench.annotation(4242, "[auto] Contrôle des pièces et enquêtes");
    let expected = "« Service de proximité » n’est pas une option connue ; si l’option a été renommée sur la plateforme, \
        déclarez-la dans form.toml, [choix.type_service]";
    assert!(said.contains(expected), "{said}");
    // Once it is a known one again, nothing is left of it.
    bench.simulator.world().correct_champ(4242, "Type de service", "service local INDÉPENDANT");
    bench.pass().await;
    let said = bench.annotation(4242, "[auto] Contrôle des pièces et enquêtes");
    assert!(!said.contains("option connue"), "{said}");
}

#[tokio::test]
async fn a_number_in_percent_is_read_as_it_is_shown() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in (0_u16..).zip(["ID", "Score", "Note", "Taux"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    sheet.write_number(1, 0, 4242).unwrap();
    sheet.write_number_with_format(1, 1, 0.855, &Format::new().set_num_format("0.0%")).unwrap();
    sheet.write_number(1, 2, 0.855).unwrap();
    sheet.write_number_with_format(1, 3, 0.855, &Format::new().set_num_format("0.000\" % \"")).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let titles = ["Score", "Note", "Taux"].map(str::to_owned);
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vigie"));
    let book = read_export(&program, "dossiers.xlsx", bytes.as_slice(), &titles).await.unwrap().unwrap();
    let number = |text: &str| Some(ExportCell::Number(text.to_owned()));
    let expected = vec![Some(ExportCell::Percent("85.5".to_owned())), number("0.855"), number("0.855")];
    assert_eq!(book.sheets[0].rows, [(4242, expected)]);
}

//! What an instructeur downloads: columns in order, values with the traps of the real platform.

use super::*;
use crate::exports::{ExportFormat, ExportShape};

fn csv(world: &World, shape: &ExportShape) -> Vec<Vec<String>> {
    let bytes = world.export(ExportFormat::Csv, shape).unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn of<'a>(rows: &'a [Vec<String>], number: &str, title: &str) -> &'a str {
    let column = rows[0].iter().position(|own| own == title).unwrap();
    &rows.iter().find(|row| row[0] == number).unwrap()[column]
}

#[test]
fn a_plain_export_writes_zero_for_an_empty_number() {
    let world = small();
    let rows = csv(&world, &ExportShape::Plain);
    assert_eq!(rows[0][..4], ["ID", "Email", "FranceConnect ?", "Établissement SIRET"]);
    assert_eq!(rows.len(), 1 + world.dossiers.len());
    assert_eq!(of(&rows, "4242", "État du dossier"), "En construction");
    assert_eq!(of(&rows, "4244", "État du dossier"), "Accepté");
    assert_eq!(of(&rows, "4242", "Score de l'engagement 1"), "0");
    assert_eq!(of(&rows, "4242", "Contrat de prestations signé"), "");
    assert_eq!(of(&csv(&world, &ExportShape::PlainBefore), "4242", "Contrat de prestations signé"), "Non");
    // The code of a département has a column of its own.
    assert!(!of(&rows, "4242", "Département (Code)").is_empty());
}

#[test]
fn a_model_has_the_chosen_columns_and_leaves_an_empty_number_empty() {
    let titles = ["ID", "Score de l'engagement 1", "Absent", "Déposé le"].map(str::to_owned);
    let rows = csv(&small(), &ExportShape::Model(titles.to_vec()));
    assert_eq!(rows[0], ["ID", "Score de l'engagement 1", "Déposé le"]);
    assert_eq!(of(&rows, "4242", "Score de l'engagement 1"), "");
    assert!(of(&rows, "4242", "Déposé le").ends_with(" +0200"), "{rows:?}");
}

#[test]
fn two_revisions_of_a_field_are_two_columns_of_one_title() {
    let mut world = small();
    world.publish(|form| {
        form.remove(Side::Champs, "Usagers sollicités");
        form.add(Side::Champs, Descriptor::new("Usagers sollicités", Kind::Integer));
    });
    let rows = csv(&world, &ExportShape::Plain);
    assert_eq!(rows[0].iter().filter(|title| *title == "Usagers sollicités").count(), 2);
}

#[tokio::test]
async fn it_is_downloaded_under_the_name_of_its_time() {
    let bench = bench(small()).await;
    let base = bench.simulator.endpoint().replace("/api/v2/graphql", "/exports/");
    let get = async |name: &str| bench.client.get(format!("{base}{name}")).send().await.unwrap();
    for (extension, start) in [("xlsx", &b"PK"[..]), ("ods", b"PK"), ("csv", b"ID,")] {
        let answer = get(&format!("dossiers.{extension}")).await;
        let name = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(name.contains(&format!("dossiers_procedure-12345_2027-06-01_08-00.{extension}")), "{name}");
        assert!(answer.bytes().await.unwrap().starts_with(start));
    }
    assert_eq!(get("dossiers.pdf").await.status(), 404);
    let chosen = get("dossiers.csv?modele=ID%0AEmail").await.text().await.unwrap();
    assert!(chosen.starts_with("ID,Email\n4242,"), "{chosen}");
}

//! Exports that say less than they seem to: of another démarche, without a column, of another day.

use std::path::Path;

use simulator::{ExportFormat, ExportShape};

use crate::bench::Bench;
use crate::exports::{bench, facts, model, put, world};

/// Puts a text into the folder, under a name of the platform.
fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// What was refused of the folder.
async fn refused(bench: &Bench) -> Vec<String> {
    bench.daemon.observe().await.unwrap().failures
}

#[tokio::test]
async fn an_export_of_another_demarche_is_refused_with_both_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(world("petit", 0), Some(folder.path())).await;
    let path = put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    assert!(path.to_str().unwrap().contains("procedure-"), "{path:?}");
    let ours: i64 = path.to_str().unwrap().split_once("procedure-").unwrap().1[..5].parse().unwrap();
    let other = "dossiers_procedure-99999_2020-04-02_10-03.csv";
    let row = "ID,Email,État du dossier,Déposé le,Nom de la structure candidate\n\
         6001,a@o.example,Accepté,2027-01-04 10:00,Club de voile\n";
    write(folder.path(), other, row);
    // Older, and read in the same pass: the one with the columns of form.toml says which démarche it is.
    let said = format!("{other} : export de la démarche 99999, alors que la démarche lue est la {ours} ");
    let failures = refused(&bench).await;
    assert!(matches!(&failures[..], [line] if line.starts_with(&said)), "{failures:#?}");
    assert!(facts(&bench, 6001).await.is_none() && facts(&bench, 4242).await.is_some());
    let imported = bench.daemon.import(&[folder.path().join(other)]).await.unwrap();
    assert!(imported.unread == 1 && imported.lines[0].starts_with(&said), "{imported:?}");
    // A name without a number says nothing against it.
    write(folder.path(), "dossiers_label_2027-04-02_10-03.csv", row);
    assert_eq!(refused(&bench).await, Vec::<String>::new());
    assert!(facts(&bench, 6001).await.is_some());
    // The operator says that it is the other one: files are read again.
    bench.daemon.exports.as_mut().unwrap().demarche = Some(99999);
    let failures = refused(&bench).await;
    assert!(matches!(&failures[..], [line] if line.contains(&format!("démarche {ours}, "))), "{failures:#?}");
}

#[tokio::test]
async fn an_export_of_another_form_is_refused_and_a_small_model_of_ours_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let names = ["dossiers_a_2027-04-02_10-01.csv", "dossiers_b_2027-04-02_10-02.csv"];
    let row = "6001,a@o.example,false,Accepté,2027-01-04 10:00,Achat,12,Aude,plan.pdf\n";
    let dossier = "État du dossier,Déposé le";
    let fields = "Objet de la subvention,Montant demandé,Département,Organigramme";
    write(folder.path(), names[0], &format!("ID,Email,FranceConnect ?,{dossier},{fields}\n{row}"));
    let other = "Objet,Montant,Durée,Budget,Statuts,RIB,Siège,Président,Organigramme";
    write(folder.path(), names[1], &format!("ID,{dossier},{other}\n6002,Accepté,2027-01-04 10:00,a,b,c\n"));
    let failures = refused(&bench).await;
    let said = |name: &str| failures.iter().any(|line| line.starts_with(name) && line.contains("autre form"));
    assert!(failures.len() == 2 && names.iter().all(|name| said(name)), "{failures:#?}");
    assert!(facts(&bench, 6001).await.is_none() && facts(&bench, 6002).await.is_none());
    // A model with few columns, all of ours, and columns of the platform.
    let few = "ID,Instructeurs,Groupe instructeur,À archiver,Prénom,État du dossier,Déposé le,Type de service\n\
         6003,,,Non,Anne,En construction,2027-01-04 10:00,Service central\n";
    write(folder.path(), "dossiers_c_2027-04-02_10-03.csv", few);
    put(&bench.simulator.world(), folder.path(), ExportFormat::Ods, &ExportShape::Plain);
    assert_eq!(refused(&bench).await, Vec::<String>::new());
    assert!(facts(&bench, 6003).await.is_some() && facts(&bench, 4242).await.is_some());
}

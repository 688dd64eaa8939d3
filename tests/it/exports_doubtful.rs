//! Exports that say less than they seem to: of another démarche, without a column, of another day.

use std::path::Path;

use label::case::facts::{PlatformState, UnreadableValue};
use label::case::keys::Key;
use label::case::{Demande, Doubt};
use label::judge::agenda::Role;
use label::judge::finding::{Finding, Level, What};
use simulator::{ExportFormat, ExportShape};

use crate::bench::Bench;
use crate::exports::{bench, facts, model, numbers, put, world};

/// Puts a text into the folder, under a name of the platform.
fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// What was refused of the folder.
async fn refused(bench: &Bench) -> Vec<String> {
    bench.daemon.observe().await.unwrap().failures
}

/// The services with a line in the public register today.
async fn register(bench: &Bench) -> Vec<String> {
    let rows = bench.daemon.store.register().in_force(bench.daemon.book.today()).await.unwrap();
    rows.into_iter().map(|row| format!("{row:?}")).collect()
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

#[tokio::test]
async fn a_column_that_a_dossier_never_had_is_unknown_and_not_missing() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    let rows = "ID,Email,État du dossier,Déposé le,Nom de la structure candidate,Type de demande,Type de service\n\
         9001,a@o.example,En construction,2027-01-04 10:00,Mairie,Première demande,Service local indépendant\n";
    write(folder.path(), "dossiers_a_2030-04-02_10-03.csv", rows);
    assert_eq!(refused(&bench).await, Vec::<String>::new());
    let new = facts(&bench, 9001).await.unwrap();
    assert!(new.is_untold(Key::PlanFormation) && !new.is_untold(Key::TypeDemande), "{:?}", new.unreadable);
    let (_, review) = bench.daemon.book.review_of(9001).await.unwrap().unwrap();
    let missing = review.findings.iter().filter(|finding| finding.level == Level::Missing);
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&Finding>::new());
    let unknown = review.findings.iter().find_map(|finding| match &finding.what {
        What::SilentExport { columns, .. } => Some(columns.clone()),
        _ => None,
    });
    assert!(unknown.is_some_and(|columns| columns.contains(&Key::PlanFormation)), "{:#?}", review.findings);
    // The dossiers of the other export have the column: an empty cell there is an empty field.
    let old = facts(&bench, 4242).await.unwrap();
    assert!(!old.unreadable.values().any(|why| *why == UnreadableValue::NotExported), "{:?}", old.unreadable);
}

#[tokio::test]
async fn without_the_sheet_of_decisions_no_label_is_made_of_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("trois-ans", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Csv, &ExportShape::Plain);
    assert_eq!(refused(&bench).await, Vec::<String>::new());
    bench.pass().await;
    let mut accepted = Vec::new();
    for number in numbers(&bench) {
        let Some(facts) = facts(&bench, number).await else { continue };
        if facts.state != PlatformState::Accepte || Demande::of(&facts) == Demande::Extension {
            continue;
        }
        let (case, review) = bench.daemon.book.review_of(i64::from(number)).await.unwrap().unwrap();
        assert!(case.events.is_empty() && review.label.is_none(), "{number}: {:?}", case.events);
        let untold = Doubt::DecisionUntold { dossier: i64::from(number) };
        assert!(case.doubts.contains(&untold), "{number}: {:?}", case.doubts);
        let decided = |finding: &Finding| finding.what == What::DecidedOnPlatform;
        assert!(!review.findings.iter().any(decided), "{number}");
        accepted.push(number);
    }
    assert!(accepted.len() > 3, "{accepted:?}");
    let labels = |subject: &String| subject.contains("label est") || subject.contains("Votre label");
    assert!(!bench.subjects().iter().any(labels), "{:#?}", bench.subjects());
    assert_eq!(register(&bench).await, Vec::<String>::new());
    // With the sheet, all of it is known.
    put(&bench.simulator.world(), folder.path(), ExportFormat::Ods, &model());
    assert_eq!(refused(&bench).await, Vec::<String>::new());
    bench.pass().await;
    assert!(!register(&bench).await.is_empty());
    let (case, _) = bench.daemon.book.review_of(i64::from(accepted[0])).await.unwrap().unwrap();
    assert!(!case.events.is_empty() && case.doubts.is_empty(), "{:?}", case.doubts);
}

#[tokio::test]
async fn a_decision_taken_after_the_sheet_of_decisions_was_read_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    bench.daemon.observe().await.unwrap();
    let open = numbers(&bench)[0];
    let row = |decided: &str| format!("ID,État du dossier,Traité le\n{open},Accepté,{decided}\n");
    write(folder.path(), "dossiers_a_2030-04-02_10-03.csv", &row("2030-04-01 10:00"));
    bench.daemon.observe().await.unwrap();
    assert!(facts(&bench, open).await.unwrap().is_untold(Key::Evenements));
    // Decided before: its empty sheet was seen after that day, and says that nothing was written.
    write(folder.path(), "dossiers_a_2030-04-02_10-04.csv", &row("2020-04-01 10:00"));
    bench.daemon.observe().await.unwrap();
    assert!(!facts(&bench, open).await.unwrap().is_untold(Key::Evenements));
}

#[tokio::test]
async fn mails_to_services_wait_when_the_last_export_is_old_and_the_others_say_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let start = bench.simulator.world().now();
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    let said = "établi d’après l’état du dossier au";
    let later = |days: i64| start + jiff::SignedDuration::from_hours(24 * days);
    bench.pass().await;
    assert!(!bench.mails().iter().any(|mail| mail.mail.letter.paragraphs.concat().contains(said)));
    let before = bench.mails().len();
    bench.set_now(later(11));
    let report = bench.pass().await;
    let held = "the last export is older than mail.known_days";
    assert!(report.failures.iter().any(|line| line.contains(held)), "{:#?}", report.failures);
    let all = bench.mails();
    assert!(all.len() > before);
    for mail in &all[before..] {
        let reader = mail.mail.reader;
        assert!(!matches!(reader, Some(Role::Candidat | Role::Central)), "{}", mail.mail.letter.subject);
    }
    // They leave after the next export.
    let before = all.len();
    bench.set_now(later(12));
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    bench.pass().await;
    let mails = bench.mails();
    assert!(
        mails[before..].iter().any(|mail| mail.mail.reader == Some(Role::Candidat)),
        "{:?}",
        bench.subjects()
    );
}

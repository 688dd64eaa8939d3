//! A body without a token: the same world read by the API and from what an instructeur downloads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use label::case::facts::{Facts, Row, Scan, UnreadableValue, Value};
use label::case::keys::Key;
use label::judge::Review;
use label::judge::agenda::Obligation;
use label::judge::finding::{Level, What};
use simulator::{ExportFormat, ExportShape, Scenario, World};
use vigie::daemon::exports::ExportReading;
use vigie::dn::form::FormMap;
use vigie::exports::Columns;

use crate::bench::{Bench, FORM, demarche};
use crate::cli::{said, vigie};

const ANY: &str = "127.0.0.1:0";

pub(crate) fn columns() -> Columns {
    let map: FormMap = toml::from_str(FORM).unwrap();
    Columns::of(&map)
}

pub(crate) fn model() -> ExportShape {
    let model = columns().model();
    ExportShape::Model([model.dossier, model.champs, model.annotations].concat())
}

/// The world of a scenario at its end.
pub(crate) fn world(name: &str, dossiers: u32) -> World {
    let mut scenario = Scenario::named(name, 1, dossiers).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    world
}

/// A bench over the API, or over exports alone.
pub(crate) async fn bench(world: World, folder: Option<&Path>) -> Bench {
    let any = ANY.parse().unwrap();
    let simulator = simulator::Simulator::start(any, any, world).await.unwrap();
    let mut bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    if let Some(folder) = folder {
        bench.daemon.sources.clear();
        bench.daemon.acting.annotations = false;
        bench.daemon.exports = Some(reading_of(Some(folder)));
    }
    bench
}

pub(crate) fn reading_of(folder: Option<&Path>) -> ExportReading {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vigie"));
    ExportReading { folder: folder.map(Path::to_owned), columns: columns(), demarche: None, program }
}

/// Puts an export of the world into a folder, under the platform's name.
pub(crate) fn put(world: &World, folder: &Path, format: ExportFormat, shape: &ExportShape) -> PathBuf {
    let path = folder.join(world.export_name(format));
    std::fs::write(&path, world.export(format, shape).unwrap()).unwrap();
    path
}

/// What an export can know of a dossier: no identifier, no file but its name, nothing of corrections or attestations.
fn knowable(facts: Facts) -> Facts {
    let mut facts = Facts {
        id: String::new(),
        author: None,
        group: 0,
        demarche: 0,
        expires: None,
        annotated: None,
        correction: None,
        attestation: None,
        degraded: false,
        ..facts
    };
    for values in [&mut facts.values, &mut facts.declared] {
        values.retain(|key, _| !key.is_written());
        for value in values.values_mut() {
            by_name(value);
        }
    }
    facts.unreadable.retain(|key, why| !key.is_written() && *why != UnreadableValue::NotExported);
    facts
}

fn by_name(value: &mut Value) {
    match value {
        Value::Files(files) => {
            for file in files {
                (file.bytes, file.scan) = (0, Scan::Unknown);
                (file.checksum, file.media_type) = (String::new(), String::new());
            }
        }
        Value::Rows(rows) => rows.iter_mut().flat_map(Row::values_mut).for_each(by_name),
        _ => {}
    }
}

pub(crate) async fn facts(bench: &Bench, number: u32) -> Option<Facts> {
    bench.daemon.store.dossiers().facts(i64::from(number)).await.unwrap()
}

pub(crate) fn numbers(bench: &Bench) -> Vec<u32> {
    bench.simulator.world().dossiers.keys().copied().collect()
}

const WORLDS: [(&str, u32); 3] = [("petit", 0), ("lot", 40), ("trois-ans", 0)];

#[tokio::test]
async fn an_export_by_the_model_gives_the_facts_of_the_api() {
    let mut compared = 0;
    for (name, dossiers) in WORLDS {
        let by_api = bench(world(name, dossiers), None).await;
        by_api.daemon.observe().await.unwrap();
        for format in [ExportFormat::Xlsx, ExportFormat::Ods] {
            let folder = tempfile::tempdir().unwrap();
            let by_export = bench(world(name, dossiers), Some(folder.path())).await;
            put(&by_export.simulator.world(), folder.path(), format, &model());
            let report = by_export.daemon.observe().await.unwrap();
            assert_eq!(report.failures, Vec::<String>::new());
            for number in numbers(&by_api) {
                let api = facts(&by_api, number).await.map(knowable);
                let export = facts(&by_export, number).await.map(knowable);
                assert_eq!(api, export, "{name}, {format:?}, dossier {number}");
                compared += usize::from(api.is_some());
            }
        }
    }
    assert!(compared > 80, "{compared}");
}

#[tokio::test]
async fn an_export_by_the_model_gives_the_judgement_of_the_api() {
    let mut compared = 0;
    for (name, dossiers) in WORLDS {
        let by_api = bench(world(name, dossiers), None).await;
        by_api.daemon.observe().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let by_export = bench(world(name, dossiers), Some(folder.path())).await;
        put(&by_export.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
        by_export.daemon.observe().await.unwrap();
        for number in numbers(&by_api) {
            let of = async |bench: &Bench| {
                let found = bench.daemon.book.review_of(i64::from(number)).await.unwrap();
                found.map(|(_, review)| judged(&review))
            };
            // Whether the body asked for corrections is in no column.
            if facts(&by_api, number).await.is_some_and(|facts| facts.correction.is_some()) {
                continue;
            }
            let (api, export) = (of(&by_api).await, of(&by_export).await);
            let (api, export) = (api.unwrap_or_default(), export.unwrap_or_default());
            let only: Vec<&String> = api.symmetric_difference(&export).collect();
            assert!(only.is_empty(), "{name}, dossier {number}: {only:#?}");
            compared += usize::from(!api.is_empty());
        }
    }
    assert!(compared > 40, "{compared}");
}

/// The whole judgement, without the findings about what an export cannot know.
pub(crate) fn judged(review: &Review) -> BTreeSet<String> {
    let mut review = review.clone();
    // The day on which the platform hides a dossier is in no column.
    review.agenda.retain(|due| due.obligation != Obligation::Expiring);
    review.findings.retain(|finding| {
        !matches!(
            finding.what,
            What::ScanPending { .. } | What::ScanRefused { .. } | What::EmptyFile { .. } | What::NotInGroup
        )
    });
    let mut lines = BTreeSet::new();
    flat("", &serde_json::to_value(&review).unwrap(), &mut lines);
    lines
}

/// One line for each value, with its place.
fn flat(place: &str, value: &serde_json::Value, lines: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Array(all) => {
            (0..).zip(all).for_each(|(rank, one): (u32, _)| flat(&format!("{place}/{rank}"), one, lines));
        }
        serde_json::Value::Object(all) => {
            all.iter().for_each(|(key, one)| flat(&format!("{place}/{key}"), one, lines));
        }
        one => drop(lines.insert(format!("{place} = {one}"))),
    }
}

/// Keys that a plain export cannot say of a dossier.
fn doubted(facts: &Facts) -> Vec<Key> {
    facts.unreadable.iter().filter(|(_, why)| why.is_of_exports()).map(|(key, _)| *key).collect()
}

fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Count(0) | Value::Flag(false)) => true,
        Some(Value::Mark(mark)) => *mark == 0.into(),
        _ => false,
    }
}

#[tokio::test]
async fn a_plain_export_says_unknown_for_zero_and_the_same_for_all_else() {
    let shapes = [
        (ExportFormat::Xlsx, ExportShape::Plain),
        (ExportFormat::Ods, ExportShape::PlainBefore),
        (ExportFormat::Csv, ExportShape::Plain),
    ];
    let (mut zeros, mut noes, mut compared) = (0, 0, 0);
    for (format, shape) in shapes {
        let by_api = bench(world("trois-ans", 0), None).await;
        by_api.daemon.observe().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let by_export = bench(world("trois-ans", 0), Some(folder.path())).await;
        put(&by_export.simulator.world(), folder.path(), format, &shape);
        assert_eq!(by_export.daemon.observe().await.unwrap().failures, Vec::<String>::new());
        for number in numbers(&by_api) {
            let Some(mut api) = facts(&by_api, number).await.map(knowable) else { continue };
            let mut export = facts(&by_export, number).await.map(knowable).unwrap();
            for key in doubted(&export) {
                assert!(
                    is_nothing(api.values.get(&key)),
                    "{format:?} {number} {key}: {:?}",
                    api.values[&key]
                );
                zeros += usize::from(export.unreadable[&key] == UnreadableValue::ZeroOrEmpty);
                noes += usize::from(export.unreadable[&key] == UnreadableValue::NoOrEmpty);
                for values in [&mut api.values, &mut export.values] {
                    values.remove(&key);
                    let rows = values.values_mut().filter_map(|value| match value {
                        Value::Rows(rows) => Some(rows),
                        _ => None,
                    });
                    rows.flatten().for_each(|row| drop(row.remove(&key)));
                }
                export.unreadable.remove(&key);
            }
            if format == ExportFormat::Csv {
                // The first sheet alone: no rows.
                api.values.retain(|_, value| !matches!(value, Value::Rows(_)));
            }
            assert_eq!(api, export, "{format:?}, dossier {number}");
            compared += 1;
        }
    }
    assert!(compared > 60 && zeros > 100 && noes > 10, "{compared} {zeros} {noes}");
}

#[tokio::test]
async fn what_is_not_known_is_said_once_and_is_not_missing() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let plain = ExportShape::PlainBefore;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &plain);
    bench.daemon.observe().await.unwrap();
    let (_, review) = bench.daemon.book.review_of(4242).await.unwrap().unwrap();
    let told = |what: &What| matches!(what, What::SilentExport { .. });
    let silent: Vec<_> = review.findings.iter().filter(|finding| told(&finding.what)).collect();
    let [silent] = silent[..] else { panic!("{:#?}", review.findings) };
    assert_eq!(silent.level, Level::Unknown);
    let What::SilentExport { zeros, noes, .. } = &silent.what else { panic!() };
    assert!(zeros.contains(&Key::ScoreE1) && noes.contains(&Key::ContratSigne), "{silent:?}");
    // Neither asked of the candidate nor of the body.
    for finding in &review.findings {
        assert!(
            !matches!(finding.what, What::Cannot { .. } | What::Contract | What::NotInGroup),
            "{finding:?}"
        );
        if let What::Unfilled { needs } = &finding.what {
            assert!(!needs.iter().any(|key| zeros.contains(key)), "{finding:?}");
        }
    }
}

#[tokio::test]
async fn files_read_in_any_order_give_the_same_and_what_is_absent_stays() {
    let scenario = || Scenario::named("trois-ans", 1, 0).unwrap();
    let (mut scenario, mut world) = (scenario(), scenario().world());
    let middle = "2028-06-01T10:00:00Z".parse().unwrap();
    scenario.advance_to(&mut world, middle);
    let folder = tempfile::tempdir().unwrap();
    // All with the blocks, then the first sheet alone a year later.
    let old = put(&world, folder.path(), ExportFormat::Xlsx, &model());
    let later = "2029-06-01T10:00:00Z".parse().unwrap();
    scenario.advance_to(&mut world, later);
    let new = put(&world, folder.path(), ExportFormat::Csv, &model());
    let by_api = bench(world, None).await;
    by_api.daemon.observe().await.unwrap();
    let mut told = Vec::new();
    for order in [[old.clone(), new.clone()], [new, old]] {
        let empty = tempfile::tempdir().unwrap();
        let bench = bench(self::world("petit", 0), Some(empty.path())).await;
        bench.set_now("2030-01-01T10:00:00Z".parse().unwrap());
        for path in order {
            let imported = bench.daemon.import(&[path]).await.unwrap();
            assert_eq!((imported.unread, imported.report.failures), (0, Vec::<String>::new()));
        }
        let mut all = Vec::new();
        for number in numbers(&by_api) {
            all.push(facts(&bench, number).await);
        }
        told.push(all);
    }
    assert_eq!(told[0], told[1]);
    let rows =
        |facts: &&Option<Facts>| facts.as_ref().is_some_and(|facts| !facts.rows(Key::Evenements).is_empty());
    assert!(told[0].iter().filter(rows).count() > 3, "the rows of the older file stay");
    let newer = numbers(&by_api).into_iter().zip(&told[0]).filter(|(_, facts)| facts.is_some());
    for (number, export) in newer {
        let mut api = facts(&by_api, number).await.map(knowable).unwrap();
        let mut export = export.clone().map(knowable).unwrap();
        for facts in [&mut api, &mut export] {
            facts.values.retain(|_, value| !matches!(value, Value::Rows(_)));
        }
        assert_eq!(api, export, "{number}");
    }
}

#[tokio::test]
async fn a_dossier_that_a_file_does_not_hold_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Csv, &model());
    bench.daemon.observe().await.unwrap();
    std::fs::write(folder.path().join("dossiers_a_2030-01-01_10-00.csv"), "ID,Email\n4242,autre@o.example\n")
        .unwrap();
    let report = bench.daemon.observe().await.unwrap();
    assert_eq!((report.failures.len(), report.changed), (0, 1));
    assert!(facts(&bench, 4243).await.is_some_and(|facts| !facts.gone));
    let facts = facts(&bench, 4242).await.unwrap();
    assert_eq!(facts.account, "autre@o.example");
    assert!(facts.date(Key::AutodiagnosticLe).is_some(), "the other columns stay");
    // Nothing new: nothing is read.
    assert_eq!(bench.daemon.observe().await.unwrap(), Default::default());
}

/// The subjects of what was sent, but for reminders of exports.
fn told(bench: &Bench) -> Vec<String> {
    let subjects = bench.subjects().into_iter().filter(|subject| !subject.contains("dernier export"));
    let mut subjects: Vec<String> = subjects.collect();
    subjects.sort();
    subjects
}

/// A pass now, and one after each of these numbers of days, with an export of that day.
async fn live(bench: &Bench, days: &[i64], folder: Option<&Path>) {
    let start = bench.simulator.world().now();
    for day in [0].iter().chain(days) {
        bench.set_now(start + jiff::SignedDuration::from_hours(24 * day));
        if let Some(folder) = folder {
            put(&bench.simulator.world(), folder, ExportFormat::Xlsx, &model());
        }
        bench.pass().await;
    }
}

#[tokio::test]
async fn the_same_mails_are_sent_without_a_token_and_the_api_takes_over() {
    let days = [11, 16, 40];
    let by_api = self::bench(world("petit", 0), None).await;
    live(&by_api, &days, None).await;
    let folder = tempfile::tempdir().unwrap();
    let mut bench = self::bench(world("petit", 0), Some(folder.path())).await;
    live(&bench, &days, Some(folder.path())).await;
    let sent = told(&bench);
    assert_eq!(sent, told(&by_api));
    assert!(sent.len() > 3, "{sent:#?}");
    let case = bench.daemon.book.case_of(4244).await.unwrap().unwrap();
    assert!(case.dossiers[0].is_exported());
    // The same store, with a token: the platform is the one where nothing was written.
    let platform = self::bench(world("petit", 0), None).await;
    bench.daemon.sources = platform.daemon.sources;
    bench.daemon.acting.annotations = true;
    platform.simulator.world().set_now(bench.simulator.world().now());
    bench.pass().await;
    let after = bench.daemon.book.case_of(4244).await.unwrap().unwrap();
    assert_eq!(case.id, after.id);
    assert!(!after.dossiers[0].is_exported() && after.dossiers[0].author.is_some());
    assert_eq!(told(&bench), sent, "nothing is said twice");
    assert!(platform.simulator.world().counters().mutations > 0, "annotations are written now");
    // An export of the same dossiers changes nothing any more.
    let newer = folder.path().join("dossiers_b_2030-01-01_10-00.csv");
    std::fs::write(&newer, "ID,Email\n4244,autre@o.example\n").unwrap();
    let imported = bench.daemon.import(&[newer]).await.unwrap();
    assert_eq!(imported.report.changed, 0);
    let left = "1 dossier déjà lu par l’API, laissé tel quel";
    assert!(imported.lines.iter().any(|line| line.contains(left)), "{:?}", imported.lines);
    assert_ne!(facts(&bench, 4244).await.unwrap().account, "autre@o.example");
}

#[tokio::test]
async fn the_body_is_reminded_of_an_old_export_once_a_week() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Csv, &model());
    let now = bench.simulator.world().now();
    let reminders = async |days: i64| {
        bench.set_now(now + jiff::SignedDuration::from_hours(24 * days));
        bench.pass().await;
        bench.subjects().into_iter().filter(|subject| subject.contains("dernier export")).collect::<Vec<_>>()
    };
    assert_eq!(reminders(6).await, Vec::<String>::new());
    let nine = "[SP+] vigie : dernier export il y a 9 jours, à renouveler".to_owned();
    assert_eq!(reminders(9).await, std::slice::from_ref(&nine));
    assert_eq!(reminders(10).await, [nine]);
    assert_eq!(reminders(15).await.len(), 2);
    // A new one ends it.
    put(&bench.simulator.world(), folder.path(), ExportFormat::Csv, &model());
    assert_eq!(reminders(21).await.len(), 2);
    assert_eq!(reminders(23).await.len(), 3);
}

#[tokio::test]
async fn a_file_that_is_no_export_is_named_with_its_remedy_and_costs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    put(&bench.simulator.world(), folder.path(), ExportFormat::Ods, &model());
    write("vieux.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    write("lettre.pdf", b"%PDF-1.4");
    write("autre.csv", b"Nom,Ville\nA,B\n");
    write("casse.xlsx", b"PK\x03\x04");
    write("encours.xlsx.part", b"x");
    let report = bench.daemon.observe().await.unwrap();
    assert_eq!(report.changed, 3);
    let said = |name: &str, part: &str| {
        report.failures.iter().any(|line| line.starts_with(name) && line.contains(part))
    };
    assert!(said("vieux.xls", "xlsx, ods ou csv") && said("lettre.pdf", "tableur"), "{:#?}", report.failures);
    assert!(said("autre.csv", "« ID »") && said("casse.xlsx", "de nouveau"), "{:#?}", report.failures);
    assert_eq!(report.failures.len(), 4, "{:#?}", report.failures);
    // Said once; read again once it changes.
    assert_eq!(bench.daemon.observe().await.unwrap(), Default::default());
    write("autre.csv", b"ID,Email\n4243,autre@o.example\n");
    assert_eq!(bench.daemon.observe().await.unwrap().failures, Vec::<String>::new());
    let nowhere = bench.daemon.import(&[folder.path().join("absent.csv")]).await.unwrap();
    assert!(nowhere.unread == 1 && nowhere.lines[0].contains("n’existe pas"), "{nowhere:?}");
}

#[test]
fn without_a_token_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[exports]\nfolder = \"exports\"\n[mail]\nsmtp = \"file:courriels\"\nfrom = \"label@organisme.example\"\n\
         [recipients]\norganisme = [\"label@organisme.example\"]\nditp = [\"ditp@example.gouv.fr\"]\n";
    std::fs::write(folder.path().join("vigie.toml"), text).unwrap();
    std::fs::write(folder.path().join("form.toml"), FORM).unwrap();
    let run = |arguments: &[&str]| vigie(folder.path(), arguments, &[]);
    let model = run(&["export-model"]);
    assert_eq!(model.status.code(), Some(0), "{}", said(&model));
    for line in [
        "  1. ID",
        "Déposé le",
        "Nom de la structure candidate",
        "Annotations privées",
        "Historique des décisions",
    ] {
        assert!(said(&model).contains(line), "{line} in {}", said(&model));
    }
    assert!(!said(&model).contains("[auto]"), "{}", said(&model));
    let missing = run(&["run", "--once"]);
    assert!(
        said(&missing).contains("exports.folder") && missing.status.code() == Some(1),
        "{}",
        said(&missing)
    );
    std::fs::create_dir(folder.path().join("exports")).unwrap();
    let world = world("petit", 0);
    let path = put(&world, folder.path(), ExportFormat::Xlsx, &ExportShape::Plain);
    let imported = run(&["import", path.to_str().unwrap()]);
    assert_eq!(imported.status.code(), Some(0), "{}", said(&imported));
    assert!(
        said(&imported).contains("3 dossiers lus") && said(&imported).contains("zéro ou non rempli"),
        "{}",
        said(&imported)
    );
    let explained = run(&["explain", "4243"]);
    assert!(said(&explained).contains("inconnus"), "{}", said(&explained));
    assert!(said(&explained).starts_with("Dernier export "), "{}", said(&explained));
    let unknown = run(&["explain", "99"]);
    assert!(
        said(&unknown).contains("« vigie import »") && !said(&unknown).contains("run"),
        "{}",
        said(&unknown)
    );
    let register = run(&["register", "--format", "csv"]);
    let (file, aside) =
        (String::from_utf8_lossy(&register.stdout), String::from_utf8_lossy(&register.stderr));
    assert!(!file.contains("Dernier export") && aside.contains("Dernier export "), "{file}\n{aside}");
    let once = run(&["run", "--once"]);
    assert_eq!(once.status.code(), Some(0), "{}", said(&once));
    let check = run(&["check"]);
    assert!(
        said(&check).contains("sans jeton") && said(&check).contains("exports       Dernier export"),
        "{}",
        said(&check)
    );
}

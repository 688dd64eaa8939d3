//! A body without a token that downloads the zip of attachments beside the spreadsheet: the files are judged as the API's.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;

use label::case::facts::{Attachment, Scan};
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;
use label::judge::finding::What;
use simulator::{ExportFormat, File, Value, World};
use vigie::daemon::Report;
use vigie::documents::archive::{ArchiveFault, EntryFault};
use vigie::documents::zips::{ZipBounds, entries};
use vigie::store::forget::LifeToForget;
use vigie::store::loose::{LOOSE, LooseFiles};
use vigie::store::terms::TermKind;

use crate::bench::Bench;
use crate::cli::{said, vigie};
use crate::documents::reading;
use crate::exports::{bench, facts, judged, model, numbers, put, world};

/// A bench that reads attachments and acts on nothing.
async fn reader(world: World, folder: Option<&Path>) -> Bench {
    let mut bench = bench(world, folder).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    (bench.daemon.acting.annotations, bench.daemon.acting.mail) = (false, false);
    bench
}

fn put_zip(world: &World, folder: &Path) {
    std::fs::write(folder.join(world.export_pieces_name()), world.export_pieces().unwrap()).unwrap();
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Of two files, the second does not have the bytes of its checksum.
fn with_a_broken_one(whole: &str, broken: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in [(whole, b"%PDF-1.8 whole"), (broken, b"%PDF-1.8 other")] {
        writer.start_file(name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    let at = bytes.windows(5).position(|window| window == b"other").unwrap();
    bytes[at] = b'O';
    bytes
}

/// The scenario at its end, with good and bad files more.
fn with_files(name: &str, dossiers: u32) -> World {
    let mut world = world(name, dossiers);
    let open: Vec<u32> = world
        .dossiers
        .values()
        .filter(|dossier| dossier.state == simulator::State::EnConstruction)
        .map(|dossier| dossier.number)
        .collect();
    for (rank, number) in open.into_iter().enumerate() {
        let (name, bytes): (&str, &[u8]) = match rank % 3 {
            0 => ("Plan d’été, formation.pdf", b"<html><title>Connexion</title></html>"),
            1 => ("plan.pdf", b"%PDF-1.4 broken"),
            _ => ("plan.docx", b"\x7fELF\x02\x01\x01 and more bytes of a program that nobody opens"),
        };
        let file = File::new(name, "application/pdf", bytes.to_vec());
        world.resubmit(number, vec![("Plan de formation", file.into())]);
    }
    world
}

async fn files(bench: &Bench, number: u32) -> Vec<(Key, Attachment)> {
    let facts = facts(bench, number).await;
    let files = facts.iter().flat_map(|facts| facts.attachments());
    files.map(|(key, file)| (key, Attachment { media_type: String::new(), ..file.clone() })).collect()
}

async fn inspection(bench: &Bench, checksum: &str) -> Option<Inspection> {
    bench.daemon.store.files().inspections(&[checksum.to_owned()]).await.unwrap().get(checksum).copied()
}

#[tokio::test]
async fn a_spreadsheet_and_its_zip_give_the_attachments_and_the_judgement_of_the_api() {
    let (mut listed, mut compared, mut bad) = (0, 0, 0);
    for (name, dossiers) in [("petit", 0), ("lot", 24)] {
        let by_api = reader(with_files(name, dossiers), None).await;
        by_api.pass().await;
        let folder = tempfile::tempdir().unwrap();
        let by_export = reader(with_files(name, dossiers), Some(folder.path())).await;
        put(&by_export.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
        put_zip(&by_export.simulator.world(), folder.path());
        let report = by_export.pass().await;
        assert_eq!(report.failures, Vec::<String>::new());
        by_api.pass().await;
        by_export.pass().await;
        for number in numbers(&by_api) {
            let (api, export) = (files(&by_api, number).await, files(&by_export, number).await);
            let safe = |files: Vec<(Key, Attachment)>| -> Vec<(Key, Attachment)> {
                files.into_iter().filter(|(_, file)| file.scan == Scan::Safe).collect()
            };
            let api = safe(api);
            assert_eq!(api, safe(export), "{name}, dossier {number}");
            listed += api.len();
            for (_, file) in &api {
                let found = inspection(&by_api, &file.checksum).await;
                assert_eq!(found, inspection(&by_export, &file.checksum).await, "{name}, {number}");
                compared += usize::from(found.is_some());
                bad += usize::from(found.is_some_and(|found| found.fault.is_some()));
            }
            if facts(&by_api, number).await.is_some_and(|facts| facts.correction.is_some()) {
                continue;
            }
            let of = async |bench: &Bench| {
                let found = bench.daemon.book.review_of(i64::from(number)).await.unwrap();
                found.map(|(_, review)| judged(&review)).unwrap_or_default()
            };
            let (api, export) = (of(&by_api).await, of(&by_export).await);
            let only: Vec<&String> = api.symmetric_difference(&export).collect();
            assert!(only.is_empty(), "{name}, dossier {number}: {only:#?}");
        }
    }
    assert!(listed > 12 && compared > 12 && bad > 10, "{listed} {compared} {bad}");
}

#[tokio::test]
async fn the_zip_may_come_first_and_nothing_is_read_twice() {
    let folder = tempfile::tempdir().unwrap();
    let bench = reader(with_files("petit", 0), Some(folder.path())).await;
    put_zip(&bench.simulator.world(), folder.path());
    assert_eq!(bench.pass().await.changed, 0);
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    assert_eq!(bench.pass().await.changed, 3);
    let known = files(&bench, 4242).await;
    let (_, file) = known.iter().find(|(_, file)| file.name.starts_with("Plan d’été")).unwrap();
    let found = inspection(&bench, &file.checksum).await.unwrap();
    assert!(matches!(found.fault, Some(FileFault::OtherMedia { .. })), "{found:?}");
    assert_eq!(bench.daemon.observe().await.unwrap(), Default::default());
    let said = bench.daemon.book.review_of(4242).await.unwrap().unwrap().1;
    assert!(said.findings.iter().any(|finding| matches!(finding.what, What::BadFile { .. })), "{said:#?}");
}

/// What is said of the bad files of this dossier.
async fn faults(bench: &Bench, number: i64) -> Vec<FileFault> {
    let (_, review) = bench.daemon.book.review_of(number).await.unwrap().unwrap();
    let of = |what: &What| match what {
        What::BadFile { fault, .. } => Some(*fault),
        _ => None,
    };
    review.findings.iter().filter_map(|finding| of(&finding.what)).collect()
}

fn six_hours_later(bench: &Bench) {
    bench.set_now(bench.daemon.book.clock.now() + Duration::from_secs(6 * 3600 + 1));
}

#[tokio::test]
async fn a_zip_that_was_taken_away_is_said_once_and_its_files_are_read_when_it_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let bench = reader(with_files("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    put_zip(&bench.simulator.world(), folder.path());
    let path = folder.path().join(bench.simulator.world().export_pieces_name());
    let kept = std::fs::read(&path).unwrap();
    bench.daemon.observe().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let report = bench.pass().await;
    let away = |report: &Report| {
        report.failures.iter().filter(|line| line.contains("no longer in exports.folder")).count()
    };
    assert!(away(&report) > 1, "{:?}", report.failures);
    bench.pass().await;
    let said = faults(&bench, 4242).await;
    assert!(!said.is_empty() && said.iter().all(|fault| *fault == FileFault::Away), "{said:?}");
    for _ in 0..20 {
        six_hours_later(&bench);
        assert_eq!(away(&bench.pass().await), 0);
    }
    std::fs::write(&path, kept).unwrap();
    bench.pass().await;
    bench.pass().await;
    let said = faults(&bench, 4242).await;
    assert!(!said.is_empty() && !said.contains(&FileFault::Away), "{said:?}");
}

#[tokio::test]
async fn what_is_imported_is_read_whatever_a_service_beside_has_given_up() {
    let (folder, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bench = reader(with_files("petit", 0), Some(empty.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    put_zip(&bench.simulator.world(), folder.path());
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    bench.daemon.import(&files).await.unwrap();
    let sums: Vec<String> =
        self::files(&bench, 4242).await.into_iter().map(|(_, file)| file.checksum).collect();
    for sum in &sums {
        let (away, now) = (Inspection::faulty(FileFault::Away), bench.daemon.book.clock.now());
        bench.daemon.store.files().inspected(sum, &away, 0, now).await.unwrap();
    }
    bench.daemon.import(&files).await.unwrap();
    let known = bench.daemon.store.files().inspections(&sums).await.unwrap();
    assert!(
        !known.is_empty() && known.values().all(|found| found.fault != Some(FileFault::Away)),
        "{known:?}"
    );
    let again = bench.daemon.store.files().away(&sums[0], bench.daemon.book.clock.now()).await.unwrap();
    assert!(!again, "what was inspected is not given up");
}

#[tokio::test]
async fn a_folder_that_is_away_for_a_while_gives_no_file_up() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("exports");
    std::fs::create_dir(&place).unwrap();
    let bench = reader(with_files("petit", 0), Some(&place)).await;
    put(&bench.simulator.world(), &place, ExportFormat::Xlsx, &model());
    put_zip(&bench.simulator.world(), &place);
    bench.daemon.observe().await.unwrap();
    std::fs::rename(&place, folder.path().join("away")).unwrap();
    bench.pass().await;
    bench.pass().await;
    assert!(!faults(&bench, 4242).await.contains(&FileFault::Away));
    std::fs::rename(folder.path().join("away"), &place).unwrap();
    six_hours_later(&bench);
    bench.pass().await;
    bench.pass().await;
    let said = faults(&bench, 4242).await;
    assert!(!said.is_empty() && !said.contains(&FileFault::Away), "{said:?}");
}

/// The lines about one file that is used for nothing, after these files were read in this order.
async fn import(bench: &Bench, folder: &Path, entries: &[(&str, &[u8])], name: &str) -> Vec<String> {
    let path = folder.join(name);
    std::fs::write(&path, zip(entries)).unwrap();
    bench.daemon.import(&[path]).await.unwrap().lines
}

#[tokio::test]
async fn what_may_be_another_file_is_used_for_nothing_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = world("petit", 0);
    let file = |name: &str| Value::from(File::pdf(name, name));
    world.resubmit(4242, vec![("Plan de formation", file("plan.pdf")), ("Organigramme", file("orga.pdf"))]);
    let bench = reader(world, None).await;
    let mut bench = bench;
    bench.daemon.sources.clear();
    bench.daemon.exports = Some(crate::exports::reading_of(None));
    let path = put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    bench.daemon.import(&[path]).await.unwrap();
    let at = "export/dossier-4242/pieces_justificatives";
    let plan = format!("{at}/plan-01-06-2027-08-00-12.pdf");
    let other = format!("{at}/plan-01-06-2027-08-00-13.pdf");
    let unnamed = format!("{at}/photo-01-06-2027-08-00-14.png");
    let accents = format!("{at}/Orga-01-06-2027-08-00-15.pdf");
    let safe = async |name: &str| {
        let files = files(&bench, 4242).await;
        files.iter().any(|(_, file)| file.name == name && file.scan == Scan::Safe)
    };
    // Older than the last change of the dossier.
    let lines = import(&bench, folder.path(), &[(&plan, b"%PDF-1.4")], "d_2020-01-01_10-00.zip").await;
    assert!(lines.iter().any(|line| line.contains("antérieur") && line.contains("plan.pdf")), "{lines:#?}");
    assert!(!safe("plan.pdf").await);
    let entries: [(&str, &[u8]); 4] =
        [(&plan, b"%PDF-1.4"), (&other, b"%PDF-1.5"), (&unnamed, b"x"), (&accents, b"%PDF-1.6")];
    let lines = import(&bench, folder.path(), &entries, "d_2027-06-02_10-00.zip").await;
    let told = |part: &str, name: &str| lines.iter().any(|line| line.contains(part) && line.contains(name));
    assert!(told("plusieurs pièces", "plan.pdf") && told("aucun champ lu", "photo.png"), "{lines:#?}");
    assert!(!safe("plan.pdf").await && safe("orga.pdf").await);
    // One file of that name in a newer zip: no other can be meant.
    let lines = import(&bench, folder.path(), &[(&plan, b"%PDF-1.7")], "d_2027-06-03_10-00.zip").await;
    assert!(!lines.iter().any(|line| line.contains("plan.pdf")), "{lines:#?}");
    assert!(safe("plan.pdf").await && safe("orga.pdf").await);
    // The one that is broken may be the one that is meant.
    let path = folder.path().join("d_2027-06-04_10-00.zip");
    std::fs::write(&path, with_a_broken_one(&plan, &other)).unwrap();
    let lines = bench.daemon.import(&[path]).await.unwrap().lines;
    let told = |part: &str| lines.iter().any(|line| line.contains(part));
    assert!(told("1 fichier qui ne se décompresse pas") && told("plusieurs pièces"), "{lines:#?}");
    assert!(!safe("plan.pdf").await && safe("orga.pdf").await);
    assert_eq!(bench.daemon.store.asks().due_files("exports", jiff::Timestamp::MAX, 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_hostile_zip_costs_nothing_but_itself() {
    let folder = tempfile::tempdir().unwrap();
    let bench = reader(with_files("petit", 0), Some(folder.path())).await;
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    put_zip(&bench.simulator.world(), folder.path());
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("casse.zip", b"PK\x03\x04 and nothing");
    write("vide.zip", &zip(&[("autre/a.pdf", b"x")]));
    let many: Vec<String> = (0..20_001).map(|rank| format!("dossier-1/{rank}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    write("beaucoup.zip", &zip(&many));
    let zeros = vec![0_u8; 257 * 1024 * 1024];
    let inner = zip(&[("dossier-4242/pieces_justificatives/x.pdf", b"%PDF-1.4")]);
    let hostile: [(&str, &[u8]); 8] = [
        ("../../etc/passwd", b"x"),
        ("/export/dossier-4242/a.pdf", b"x"),
        ("export/dossier-4242/../../a.pdf", b"x"),
        ("export/dossier-4242/pieces_justificatives/dossier-4243\\x.pdf", b"x"),
        ("export/dossier-4242/dossier-4243/pieces_justificatives/y.pdf", b"x"),
        ("export/dossier-4242/a\n\u{202e}.pdf", b"x"),
        ("export/dossier-4242/pieces_justificatives/bombe.pdf", &zeros),
        ("export/dossier-4242/pieces_justificatives/dedans.zip", &inner),
    ];
    write("hostile_2027-06-01_08-01.zip", &zip(&hostile));
    let report = bench.pass().await;
    let said = |name: &str, part: &str| {
        report.failures.iter().any(|line| line.starts_with(name) && line.contains(part))
    };
    assert!(said("casse.zip", "de nouveau") && said("vide.zip", "sans modèle"), "{:#?}", report.failures);
    assert!(said("beaucoup.zip", "trop de fichiers"), "{:#?}", report.failures);
    assert_eq!(report.failures.len(), 3, "{:#?}", report.failures);
    let known = files(&bench, 4242).await;
    assert!(known.iter().any(|(_, file)| file.scan == Scan::Safe), "{known:#?}");
    let loose = bench.daemon.store.settings().get(LOOSE).await.unwrap();
    let (loose, _) = LooseFiles::of(loose.as_deref()).unwrap().told();
    let of = |name: &str| loose.iter().filter(|one| one.1 == name).map(|one| one.0).collect::<Vec<_>>();
    assert_eq!((of("dossier-4243\\x.pdf"), of("y.pdf")), (vec![4242], vec![4242]), "{loose:#?}");
    assert_eq!(bench.daemon.observe().await.unwrap(), Default::default());
}

#[tokio::test]
async fn a_zip_that_unpacks_to_too_much_or_for_too_long_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let (bytes, long) = (vec![7_u8; 1000], format!("dossier-7/{}", "a".repeat(1000)));
    let files: [(&str, &[u8]); 3] =
        [("dossier-7/a.pdf", &bytes), (&long, &bytes), ("dossier-7/b.pdf", &bytes)];
    std::fs::write(&path, zip(&files)).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_vigie"));
    let read = async |bounds: ZipBounds| {
        let found = entries(program, &path, bounds).await.unwrap();
        found.map(|found| found.into_iter().map(|entry| entry.content.map(|of| of.0)).collect::<Vec<_>>())
    };
    let whole = ZipBounds::default();
    let said = vec![Ok(1000), Err(EntryFault::Nameless), Ok(1000)];
    assert_eq!(read(ZipBounds { bytes: 2000, ..whole }).await, Ok(said));
    assert_eq!(read(ZipBounds { bytes: 1999, ..whole }).await, Err(ArchiveFault::TooMuch));
    assert_eq!(read(ZipBounds { time: Duration::ZERO, ..whole }).await, Err(ArchiveFault::TooMuch));
}

#[tokio::test]
async fn the_files_of_a_dossier_that_is_forgotten_are_named_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = reader(world("petit", 0), None).await;
    bench.daemon.sources.clear();
    bench.daemon.exports = Some(crate::exports::reading_of(None));
    let path = put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    bench.daemon.import(&[path]).await.unwrap();
    let numbers = numbers(&bench);
    let names: Vec<String> = numbers.iter().map(|number| format!("photo{number}.png")).collect();
    let paths: Vec<String> =
        numbers.iter().zip(&names).map(|(number, name)| format!("export/dossier-{number}/{name}")).collect();
    let entries: Vec<(&str, &[u8])> = paths.iter().map(|path| (path.as_str(), &b"x"[..])).collect();
    let named = async |zip: &str| {
        let lines = import(&bench, folder.path(), &entries, zip).await.concat();
        let setting = bench.daemon.store.settings().get(LOOSE).await.unwrap().unwrap();
        let of = |text: &str| names.iter().map(|name| text.contains(name.as_str())).collect::<Vec<_>>();
        assert_eq!(of(&lines), of(&setting));
        of(&setting)
    };
    assert_eq!(named("d_2027-06-02_10-00.zip").await, [true, true, true]);
    let (today, now) = (bench.daemon.book.today(), bench.daemon.book.clock.now());
    let (forgetting, settings) = (bench.daemon.store.forgetting(), bench.daemon.store.settings());
    let setting = async || settings.get(LOOSE).await.unwrap().unwrap();
    let (first, second) = (i64::from(numbers[0]), i64::from(numbers[1]));
    forgetting.erase(TermKind::Contacts, &[first], today, now).await.unwrap();
    assert!(!setting().await.contains(&names[0]) && setting().await.contains(&names[1]));
    let life = LifeToForget { dossiers: &[second], cases: &[], names: &[], contents: &[], why: "request" };
    forgetting.forget(&life, today, now).await.unwrap();
    assert!(!setting().await.contains(&names[1]) && setting().await.contains(&names[2]));
    assert_eq!(named("d_2027-06-03_10-00.zip").await, [false, false, true]);
}

#[test]
fn both_files_are_imported_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[exports]\nfolder = \"exports\"\n[mail]\nsmtp = \"file:courriels\"\nfrom = \"label@organisme.example\"\n\
         [recipients]\norganisme = [\"label@organisme.example\"]\nditp = [\"ditp@example.gouv.fr\"]\n";
    std::fs::write(folder.path().join("vigie.toml"), text).unwrap();
    std::fs::write(folder.path().join("form.toml"), crate::bench::FORM).unwrap();
    std::fs::create_dir(folder.path().join("exports")).unwrap();
    let book = folder.path().join("dossiers_2026-02-01_10-00.csv");
    let line = "4242,En construction,2026-01-05 10:00:00 +0100,2026-01-06 10:00:00 +0100,plan.pdf";
    let titles = "ID,État du dossier,Déposé le,Dernière mise à jour du dossier le,Plan de formation";
    std::fs::write(&book, format!("{titles}\n{line}\n")).unwrap();
    let zip = folder.path().join("dossiers_2026-02-01_10-00.zip");
    let plan = "export/dossier-4242/pieces_justificatives/plan-06-01-2026-10-00-12.pdf";
    let page = b"<html><title>Connexion</title></html>";
    std::fs::write(&zip, self::zip(&[(plan, page), ("export/notice.txt", b"x")])).unwrap();
    let run = |arguments: &[&str]| vigie(folder.path(), arguments, &[]);
    let imported = run(&["import", zip.to_str().unwrap(), book.to_str().unwrap()]);
    assert_eq!(imported.status.code(), Some(0), "{}", said(&imported));
    assert!(said(&imported).contains("1 pièce pour 1 dossier"), "{}", said(&imported));
    assert!(said(&imported).contains("1 fichier dont le chemin ne dit pas"), "{}", said(&imported));
    let explained = run(&["explain", "4242"]);
    assert!(said(&explained).contains("« plan.pdf »"), "{}", said(&explained));
}

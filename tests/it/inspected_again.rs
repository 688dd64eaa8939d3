//! What an older version of the code found in a file is looked at again, some dossiers a pass, from the copy where one is
//! kept.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use label::case::facts::Attachment;
use label::case::inspection::{FileFault, Inspection, Media};
use label::judge::finding::What;
use md5::{Digest as _, Md5};
use simulator::File;
use vigie::documents::VERSION;

use crate::bench::Bench;
use crate::documents::reading;

const THROUGH: &str = "through";

/// A dossier whose plan is a web page, read once; then its verdict is as an older version left it: without a fault.
async fn left_by_an_older_version(keep: Option<PathBuf>) -> (Bench, Attachment) {
    let mut bench = Bench::after("petit", 0).await;
    let page = File::new("plan.pdf", "application/pdf", b"<html><title>Connexion</title></html>".to_vec());
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", page.into())]);
    bench.daemon.reading = Some(reading(&bench, keep, None));
    bench.daemon.acting.annotations = false;
    bench.pass().await;
    let facts = bench.daemon.store.dossiers().facts(4242).await.unwrap().unwrap();
    let file =
        facts.attachments().map(|(_, file)| file.clone()).find(|file| file.name == "plan.pdf").unwrap();
    assert!(is_faulty(&bench).await);
    let good = Inspection { media: Media::Pdf, pages: Some(1), fault: None };
    let now = bench.daemon.book.clock.now();
    bench.daemon.store.files().inspected(&file.checksum, &good, VERSION - 1, now).await.unwrap();
    assert!(!is_faulty(&bench).await);
    // Nothing is looked at while the version is the same.
    assert_eq!(place(&bench).await, format!("{VERSION} {THROUGH}"));
    bench.pass().await;
    assert!(!is_faulty(&bench).await);
    bench.daemon.store.settings().set("inspections", &format!("{} {THROUGH}", VERSION - 1)).await.unwrap();
    bench.simulator.world().reset_counters();
    (bench, file)
}

async fn place(bench: &Bench) -> String {
    for _ in 0..2 {
        bench.pass().await;
    }
    bench.daemon.store.settings().get("inspections").await.unwrap().unwrap()
}

async fn is_faulty(bench: &Bench) -> bool {
    let (_, review) = bench.daemon.book.review_of(4242).await.unwrap().unwrap();
    let fault = |what: &What| {
        matches!(what, What::BadFile { fault: FileFault::OtherMedia { found: Media::Html, .. }, .. })
    };
    review.findings.iter().any(|finding| fault(&finding.what))
}

#[tokio::test]
async fn what_an_older_version_found_is_looked_at_again_once() {
    let (bench, file) = left_by_an_older_version(None).await;
    bench.pass().await;
    assert!(is_faulty(&bench).await);
    let by = bench.daemon.store.files().inspected_by(&file.checksum).await.unwrap();
    assert_eq!(by, Some(VERSION));
    // The list, then the addresses of that dossier alone: the files of the others were read by this version.
    assert_eq!(bench.requests().0, 2);
    assert_eq!(place(&bench).await, format!("{VERSION} {THROUGH}"));
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests().0, 1, "nothing is fetched a third time");
}

#[tokio::test]
async fn the_copy_that_is_kept_is_read_in_place_of_the_platform() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, _) = left_by_an_older_version(Some(folder.path().join("pieces"))).await;
    bench.pass().await;
    assert!(is_faulty(&bench).await);
    assert_eq!(bench.requests().0, 1, "the list alone");
}

#[tokio::test]
async fn a_copy_that_is_no_longer_whole_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("pieces");
    let (bench, file) = left_by_an_older_version(Some(kept.clone())).await;
    for copy in std::fs::read_dir(&kept).unwrap() {
        std::fs::write(copy.unwrap().path(), b"%PDF-1.4 another").unwrap();
    }
    let report = bench.pass().await;
    let said = |part: &str| report.failures.iter().any(|line| line.contains(part));
    assert!(said("dossier 4242: the copy ") && said("not of the bytes that were copied"), "{report:?}");
    assert!(is_faulty(&bench).await);
    assert_eq!(bench.requests().0, 2);
    assert!(is_whole(&kept, &file), "it was copied again");
}

/// Whether the copy of a file has the file's bytes.
fn is_whole(kept: &Path, file: &Attachment) -> bool {
    let copies = std::fs::read_dir(kept).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    copies.map(Md5::digest).any(|sum| STANDARD.encode(sum) == file.checksum)
}

#[tokio::test]
async fn a_copy_that_is_gone_or_cannot_be_read_is_told() {
    for (gone, why) in [(true, "it is not there any more"), (false, "cannot be read")] {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("pieces");
        let (bench, file) = left_by_an_older_version(Some(kept.clone())).await;
        let copies: Vec<PathBuf> =
            std::fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().path()).collect();
        for copy in copies {
            std::fs::remove_file(&copy).unwrap();
            if !gone {
                // Its name is taken by what is no file.
                std::fs::create_dir(&copy).unwrap();
            }
        }
        let report = bench.pass().await;
        assert!(report.failures.iter().any(|line| line.contains(why)), "{report:?}");
        assert!(is_faulty(&bench).await, "the platform gave the file");
        assert!(!gone || is_whole(&kept, &file), "it was copied again");
    }
}

//! Hostile files: none affects anything but its own result. They are fetched from a real host and read by the real
//! child process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use label::case::inspection::{FileFault, Inspection, Media};
use simulator::{Fault, File, On};
use vigie::copies::Copies;
use vigie::daemon::attachments::AttachmentReading;
use vigie::dn::files::FileDoor;
use vigie::documents::{Clamd, Documents, child};

use crate::bench::Bench;

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vigie"))
}

/// A PDF written by hand: `pages` pages, with or without a password's dictionary.
fn pdf(pages: usize, encrypted: bool) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")));
    objects.extend((0..pages).map(|_| "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>".to_owned()));
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (rank, object) in objects.iter().enumerate() {
        places.push(text.len());
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", rank + 1));
    }
    let table = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    let lock = if encrypted { " /Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >>" } else { "" };
    text.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R{lock} >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    text.into_bytes()
}

async fn inspect(name: &str, bytes: &[u8]) -> Inspection {
    child::inspect(&program(), name, bytes, None).await.unwrap().inspection
}

#[tokio::test]
async fn a_pdf_that_a_person_can_open_has_no_fault() {
    let two = inspect("plan d’été.pdf", &pdf(2, false)).await;
    assert_eq!(two, Inspection { media: Media::Pdf, pages: Some(2), fault: None });
}

#[tokio::test]
async fn a_pdf_that_nobody_can_open_is_said() {
    assert_eq!(inspect("a.pdf", &pdf(1, true)).await.fault, Some(FileFault::Encrypted));
    assert_eq!(inspect("a.pdf", &pdf(0, false)).await.fault, Some(FileFault::NoPages));
    let whole = pdf(3, false);
    assert_eq!(inspect("a.pdf", &whole[..40]).await.fault, Some(FileFault::Unopenable));
    let page = inspect("a.pdf", b"<html><head><title>Connexion</title></head></html>").await;
    assert!(matches!(page.fault, Some(FileFault::OtherMedia { found: Media::Html, .. })), "{page:?}");
}

#[tokio::test]
async fn names_are_words_and_never_paths() {
    for name in ["../../etc/passwd", "a\nb.pdf", "\u{202e}fdp.exe", "", "x".repeat(100_000).as_str()] {
        assert_eq!(inspect(name, b"bonjour").await.media, Media::Text, "{name:.20}");
    }
}

/// A PDF whose objects nest without end: whatever the parser does, the daemon gets an answer.
#[tokio::test]
async fn a_file_made_to_hurt_hurts_its_own_process() {
    let mut nested = b"%PDF-1.4\n1 0 obj\n".to_vec();
    nested.extend(std::iter::repeat_n(b'[', 3_000_000));
    nested.extend_from_slice(b"\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
    let fault = inspect("a.pdf", &nested).await.fault;
    assert!(fault.is_some(), "it is no document");
}

#[tokio::test]
async fn a_child_that_is_not_ours_or_says_nothing_is_no_fault_of_the_file() {
    assert!(child::inspect(Path::new("/nonexistent/vigie"), "a.pdf", &b"x"[..], None).await.is_err());
    // A child that ends without an answer, neither killed nor panicked, is no fault of the file.
    assert!(child::inspect(Path::new("/bin/true"), "a.pdf", &b"x"[..], None).await.is_err());
    assert!(child::inspect(Path::new("/bin/false"), "a.pdf", &b"x"[..], None).await.is_err());
}

/// The child lowers its own limits: when it exceeds its memory, it alone is killed.
#[tokio::test]
async fn more_bytes_than_the_child_may_hold_are_a_fault() {
    let zeros = vec![0_u8; 600 * 1024 * 1024];
    assert_eq!(inspect("a.bin", &zeros).await.fault, Some(FileFault::TooCostly));
}

pub fn reading(bench: &Bench, keep: Option<PathBuf>, antivirus: Option<Clamd>) -> AttachmentReading {
    let door = FileDoor::new(&bench.simulator.endpoint(), &[]).unwrap();
    let documents = Documents { program: program(), antivirus, max_bytes: 1_000_000, tables: Vec::new() };
    AttachmentReading { door, documents, copies: keep.map(Copies::in_folder) }
}

async fn with_file(name: &str, bytes: Vec<u8>) -> Bench {
    let bench = Bench::after("petit", 0).await;
    let file = File::new(name, "application/pdf", bytes);
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", file.into())]);
    bench
}

fn said(bench: &Bench) -> String {
    bench.annotation(4242, "[auto] Contrôle des pièces et enquêtes")
}

#[tokio::test]
async fn an_attachment_is_fetched_once_judged_and_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = with_file("../formation\nété.pdf", pdf(1, true)).await;
    bench.daemon.reading = Some(reading(&bench, Some(folder.path().join("pieces")), None));
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    assert!(said(&bench).contains("demande un mot de passe"), "{}", said(&bench));
    let evidence = bench.daemon.store.files().evidence(4242).await.unwrap();
    assert!(!said(&bench).contains("formation\n"), "a name is one line");
    let kept = evidence.iter().find(|file| file.name.contains("formation")).unwrap();
    let copy = std::fs::read(folder.path().join("pieces").join(kept.kept.as_deref().unwrap())).unwrap();
    assert_eq!(copy, pdf(1, true));
    let fetched = bench.simulator.world().counters().downloads;
    bench.simulator.world().annotate(4242, "Contrat de prestations signé", false);
    bench.pass().await;
    assert_eq!(bench.simulator.world().counters().downloads, fetched, "the same bytes are read once");
    let journal = bench.daemon.store.journal().entries(None, 500).await.unwrap();
    assert!(journal.iter().all(|entry| !entry.detail.contains("http")), "no address is kept");
}

/// The report of a year, in a row of an accepted dossier.
#[tokio::test]
async fn the_file_of_a_yearly_proof_is_fetched_and_judged_in_an_accepted_dossier() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    {
        let mut world = bench.simulator.world();
        world.set_state(4242, simulator::State::Accepte, None);
        let cells = vec![
            ("Nature de la preuve", "Autodiagnostic".into()),
            ("Date de la preuve", jiff::civil::date(2027, 1, 4).into()),
            ("Pièce de la preuve", File::new("bilan.pdf", "application/pdf", pdf(1, true)).into()),
        ];
        world.add_row(4242, "Preuves annuelles", cells);
    }
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    bench.pass().await;
    let told = said(&bench);
    assert!(
        told.lines().any(|line| line.contains("bilan.pdf") && line.contains("demande un mot de passe")),
        "{told}"
    );
    let evidence = bench.daemon.store.files().evidence(4242).await.unwrap();
    assert!(evidence.iter().any(|file| file.name == "bilan.pdf"), "{evidence:?}");
}

/// The file of a row left: it is not asked for as if it had never been there.
#[tokio::test]
async fn the_file_of_a_yearly_proof_that_vanishes_is_told_as_such() {
    let bench = Bench::after("petit", 0).await;
    let day = jiff::civil::date(2027, 1, 4);
    let piece = |name: &str| File::new(name, "application/pdf", pdf(1, false));
    let row = |files: simulator::Value| {
        vec![
            ("Nature de la preuve", "Autodiagnostic".into()),
            ("Date de la preuve", day.into()),
            ("Pièce de la preuve", files),
        ]
    };
    bench.simulator.world().set_state(4242, simulator::State::Accepte, None);
    bench.simulator.world().add_row(4242, "Preuves annuelles", row(piece("bilan.pdf").into()));
    bench.pass().await;
    let left = "« bilan.pdf » était déposé et n’est plus visible";
    let bare = "preuves annuelles sans pièce";
    assert!(!said(&bench).contains(left) && !said(&bench).contains(bare), "{}", said(&bench));
    let write = |files: Vec<File>| {
        let rows = vec![row(simulator::Value::Files(files))];
        bench.simulator.world().annotate(4242, "Preuves annuelles", simulator::Value::Rows(rows));
    };
    write(Vec::new());
    for _ in 0..2 {
        bench.pass().await;
        assert!(said(&bench).contains(left) && !said(&bench).contains(bare), "{}", said(&bench));
        bench.simulator.world().annotate(4242, "Contrat de prestations signé", false);
    }
    // It is there again, or another one is.
    write(vec![piece("bilan corrigé.pdf")]);
    bench.pass().await;
    assert!(!said(&bench).contains("n’est plus visible"), "{}", said(&bench));
    assert!(bench.daemon.store.dossiers().vanished(&[4242]).await.unwrap().is_empty());
}

/// The same bytes under two names: of the right type under one, of the wrong type under the other, and fetched once.
#[tokio::test]
async fn bytes_known_under_one_name_are_judged_again_under_another() {
    let page = b"<html><head><title>Connexion</title></head></html>".to_vec();
    let mut bench = with_file("page.html", page.clone()).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    bench.pass().await;
    assert!(!said(&bench).contains("page.html"), "{}", said(&bench));
    let fetched = bench.simulator.world().counters().downloads;
    let file = File::new("formation.pdf", "application/pdf", page);
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", file.into())]);
    bench.pass().await;
    let lie = said(&bench);
    assert!(lie.lines().any(|line| line.contains("formation.pdf") && line.contains("page web")), "{lie}");
    assert_eq!(bench.simulator.world().counters().downloads, fetched);
}

/// Hidden by its expiry, which no list shows: its attachments cause no failure.
#[tokio::test]
async fn a_dossier_that_is_hidden_before_its_attachments_were_read_stops_nothing() {
    let mut bench = with_file("formation.pdf", pdf(1, false)).await;
    bench.daemon.observe().await.unwrap();
    bench.simulator.world().delete(4242, simulator::Deletion::Expired);
    bench.daemon.reading = Some(reading(&bench, None, None));
    let report = bench.pass().await;
    assert_eq!((report.judged, report.annotated), (4, 2), "the others: {report:?}");
    bench.pass().await;
    let facts = bench.daemon.store.dossiers().facts(4242).await.unwrap().unwrap();
    assert!(facts.gone, "it was asked for by its number");
}

/// A host that sends its bytes one by one does not delay anything else for long.
#[tokio::test]
async fn a_file_that_comes_too_slowly_is_put_off() {
    let mut bench = with_file("formation.pdf", pdf(1, false)).await;
    let slow = Fault::Slow(Duration::from_secs(30));
    bench.simulator.world().inject(On::File, slow, 1);
    let mut reading = reading(&bench, None, None);
    reading.door = reading.door.with_patience(Duration::from_millis(200));
    bench.daemon.reading = Some(reading);
    let report = bench.pass().await;
    assert!(report.failures.iter().any(|line| line.contains("too slowly")), "{:?}", report.failures);
    assert_eq!(report.annotated, 3, "all are judged");
}

#[tokio::test]
async fn what_is_too_large_is_told_and_not_fetched() {
    let mut bench = with_file("plan.pdf", vec![b'x'; 1_000_001]).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    let before = bench.simulator.world().counters().downloads;
    bench.pass().await;
    assert!(said(&bench).contains("trop volumineux"), "{}", said(&bench));
    let others = bench.simulator.world().counters().downloads - before;
    let evidence = bench.daemon.store.files().evidence(4242).await.unwrap();
    assert!(evidence.iter().any(|file| file.bytes == 1_000_001), "it is remembered all the same");
    assert!(others < 60, "{others}");
}

#[tokio::test]
async fn a_host_that_is_not_the_platforms_is_not_asked() {
    let mut bench = with_file("plan.pdf", pdf(1, false)).await;
    let door = FileDoor::new("https://demarche.example/api/v2/graphql", &[]).unwrap();
    bench.daemon.reading = Some(AttachmentReading { door, ..reading(&bench, None, None) });
    let report = bench.pass().await;
    assert_eq!(bench.simulator.world().counters().downloads, 0);
    assert!(report.failures.iter().any(|line| line.contains("dn.file_hosts")), "{report:?}");
    assert!(report.failures.iter().all(|line| !line.contains("temp_url")), "no address in a message");
}

/// A clamd of our own that finds something in everything, over a real socket.
#[tokio::test]
async fn what_our_own_antivirus_refuses_is_said_and_not_kept() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            // INSTREAM ends with a chunk of length zero.
            while !received.ends_with(&[0, 0, 0, 0]) {
                let read = socket.read(&mut buffer).await.unwrap_or(0);
                if read == 0 {
                    break;
                }
                received.extend_from_slice(&buffer[..read]);
            }
            let _ = socket.write_all(b"stream: Eicar-Signature FOUND\0").await;
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut bench = with_file("plan.pdf", pdf(1, false)).await;
    let clamd = Clamd::parse(&format!("tcp:{address}")).unwrap();
    bench.daemon.reading = Some(reading(&bench, Some(folder.path().to_owned()), Some(clamd)));
    bench.pass().await;
    assert!(said(&bench).contains("refusé par l’antivirus"), "{}", said(&bench));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Whatever else clamd says, the file waits, its words are told, and nobody asks the candidate for another one.
#[tokio::test]
async fn only_found_is_an_infection_and_all_else_is_our_side() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for answer in [
        "INSTREAM size limit exceeded. ERROR",
        "stream: Can't allocate memory ERROR",
        "COMMAND READ TIMED OUT",
        "stream: FOUND",
        "",
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut buffer = [0; 4096];
                let _ = socket.read(&mut buffer).await;
                let _ = socket.write_all(format!("{answer}\0").as_bytes()).await;
            }
        });
        let mut bench = with_file("plan.pdf", pdf(1, false)).await;
        let clamd = Clamd::parse(&format!("tcp:{address}")).unwrap();
        bench.daemon.reading = Some(reading(&bench, None, Some(clamd)));
        let report = bench.pass().await;
        assert!(!said(&bench).contains("refusé par l’antivirus"), "{answer}: {}", said(&bench));
        let told = report.failures.iter().any(|line| line.contains("not read") || line.contains(answer));
        assert!(told, "{answer}: {report:?}");
        assert!(
            bench.subjects().iter().all(|subject| !subject.contains("antivirus")),
            "{:?}",
            bench.subjects()
        );
        // Once it answers, the same file is read.
        bench.daemon.reading = Some(reading(&bench, None, None));
        let now = bench.daemon.book.clock.now();
        bench.set_now(now.checked_add(jiff::SignedDuration::from_hours(7)).unwrap());
        assert!(bench.pass().await.failures.is_empty(), "{answer}");
    }
}

#[tokio::test]
async fn an_antivirus_that_is_away_keeps_the_file_waiting_and_nothing_else() {
    let mut bench = with_file("plan.pdf", pdf(1, false)).await;
    let away = Clamd::parse("tcp:127.0.0.1:9").unwrap();
    bench.daemon.reading = Some(reading(&bench, None, Some(away)));
    let report = bench.pass().await;
    let told = |line: &String| {
        ["could not be read yet", "clamd at tcp:127.0.0.1:9", "documents.clamd"]
            .iter()
            .all(|part| line.contains(part))
    };
    assert!(report.failures.iter().any(told), "{report:?}");
    assert_eq!(report.annotated, 3);
    // Once it is back, by itself.
    bench.daemon.reading = Some(reading(&bench, None, None));
    let now = bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_mins(30)).unwrap();
    bench.set_now(now);
    let report = tokio::time::timeout(Duration::from_secs(60), bench.pass()).await.unwrap();
    assert!(report.failures.is_empty(), "{report:?}");
}

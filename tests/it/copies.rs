//! Copies of attachments: in a bucket that cannot be reached, refuses, then accepts; in a folder, whatever the
//! candidate's names.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use label::case::inspection::FileFault;
use md5::{Digest as _, Md5};
use secrecy::SecretString;
use simulator::{Fault, File, On};
use tracing::instrument::WithSubscriber as _;
use vigie::copies::{BucketKeys, Copies, CopyError};
use vigie::daemon::attachments::AttachmentReading;
use vigie::dn::files::FileDoor;
use vigie::documents::{Clamd, Documents};

use crate::bench::Bench;

const SECRET: &str = "tres-secret";

/// A bucket that checks the requests that it gets.
#[derive(Clone, Default)]
struct Bucket {
    port: u16,
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// What it answers first, in this order.
    troubles: Arc<Mutex<Vec<u16>>>,
    requests: Arc<Mutex<u32>>,
}

impl Bucket {
    async fn start() -> Bucket {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bucket = Bucket { port: listener.local_addr().unwrap().port(), ..Bucket::default() };
        let router = Router::new().fallback(answer).with_state(bucket.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        bucket
    }

    fn copies(&self) -> Copies {
        crate::bench::tls();
        let url = &format!("http://127.0.0.1:{}/mon-seau", self.port);
        let secret_key = &SecretString::from(SECRET);
        Copies::in_bucket(&BucketKeys { url, region: "fr-par", access_key: "CLE", secret_key }).unwrap()
    }

    fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.objects.lock().unwrap().clone()
    }

    fn will(&self, troubles: &[u16]) {
        *self.troubles.lock().unwrap() = troubles.iter().rev().copied().collect();
    }

    fn requests(&self) -> u32 {
        *self.requests.lock().unwrap()
    }
}

async fn answer(
    State(bucket): State<Bucket>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    *bucket.requests.lock().unwrap() += 1;
    if let Some(trouble) = bucket.troubles.lock().unwrap().pop() {
        let text = "<Error><Code>SlowDown</Code><Message>http://x?X-Amz-Signature=1</Message></Error>";
        return (StatusCode::from_u16(trouble).unwrap(), text).into_response();
    }
    let query = uri.query().unwrap_or_default();
    let signed = ["X-Amz-Signature=", "X-Amz-Date=", "X-Amz-Credential=CLE%2F", "fr-par%2Fs3%2Faws4_request"];
    if let Some(missing) = signed.iter().find(|part| !query.contains(**part)) {
        return (StatusCode::FORBIDDEN, missing.to_string()).into_response();
    }
    let Some(key) = uri.path().strip_prefix("/mon-seau/").filter(|key| !key.contains('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match method {
        Method::PUT => {
            let length = headers.get("content-length").and_then(|length| length.to_str().ok());
            let sum = headers.get("content-md5").and_then(|sum| sum.to_str().ok());
            let true_sum = STANDARD.encode(Md5::digest(&body));
            if length != Some(&body.len().to_string())
                || sum != Some(&true_sum)
                || !query.contains("content-md5")
            {
                return StatusCode::BAD_REQUEST.into_response();
            }
            bucket.objects.lock().unwrap().insert(key.to_owned(), body.to_vec());
            StatusCode::OK.into_response()
        }
        Method::DELETE => {
            bucket.objects.lock().unwrap().remove(key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn reading(bench: &Bench, copies: Option<Copies>, antivirus: Option<Clamd>) -> AttachmentReading {
    let door = FileDoor::new(&bench.simulator.endpoint(), &[]).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vigie"));
    let documents = Documents { program, antivirus, max_bytes: 1_000_000, tables: Vec::new() };
    AttachmentReading { door, documents, copies }
}

/// « petit », with one more attachment, of another name and kind than the others.
async fn with_file(name: &str, bytes: &[u8]) -> Bench {
    let bench = Bench::after("petit", 0).await;
    let file = File::new(name, "text/plain", bytes.to_vec());
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", file.into())]);
    bench
}

fn name_of(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn kept(bench: &Bench, bytes: &[u8]) -> Option<String> {
    let checksum = STANDARD.encode(Md5::digest(bytes));
    let evidence = bench.daemon.store.files().evidence(4242).await.unwrap();
    evidence.into_iter().find(|file| file.checksum == checksum).unwrap().kept
}

fn later(bench: &Bench, minutes: i64) {
    let now = bench.daemon.book.clock.now();
    bench.set_now(now.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap());
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const PLAN: &[u8] = b"le plan de formation, en toutes lettres";

#[tokio::test]
async fn a_bucket_that_is_away_gets_its_copies_later_and_delays_no_judgement() {
    let bucket = Bucket::start().await;
    let mut bench = with_file("plan.txt", PLAN).await;
    bench.daemon.reading = Some(reading(&bench, Some(bucket.copies()), None));
    bucket.will(&[503]);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    let report = bench.pass().with_subscriber(subscriber).await;
    let said: Vec<&String> = report.failures.iter().filter(|line| line.contains("copied yet")).collect();
    assert!(said.len() == 1 && said[0].contains("answer 503, SlowDown"), "{report:?}");
    // No other request to the bucket in this pass, and the inspections are stored.
    assert_eq!((bucket.requests(), bucket.objects().len()), (1, 0));
    assert_eq!(kept(&bench, PLAN).await, None);
    let sum = STANDARD.encode(Md5::digest(PLAN));
    assert!(
        bench.daemon.store.files().inspections(std::slice::from_ref(&sum)).await.unwrap().contains_key(&sum)
    );
    let quiet = bench.pass().await;
    assert_eq!(bucket.requests(), 1, "not before its time: {quiet:?}");

    later(&bench, 30);
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    assert_eq!(kept(&bench, PLAN).await, Some(name_of(PLAN)));
    assert_eq!(bucket.objects().get(&name_of(PLAN)).map(Vec::as_slice), Some(PLAN));
    for evidence in bench.daemon.store.files().evidence(4242).await.unwrap() {
        let copy = &bucket.objects()[&evidence.kept.unwrap()];
        assert_eq!(STANDARD.encode(Md5::digest(copy)), evidence.checksum);
    }
    let requests = bucket.requests();
    later(&bench, 30);
    bench.pass().await;
    assert_eq!(bucket.requests(), requests, "what is kept is kept once");

    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(!log.is_empty());
    for secret in ["X-Amz", SECRET, "temp_url_sig"] {
        assert_eq!(log.lines().find(|line| line.contains(secret)), None, "{secret}");
    }
}

#[tokio::test]
async fn copies_asked_for_later_are_made_of_what_was_read_before_and_of_accepted_dossiers() {
    let bucket = Bucket::start().await;
    let mut bench = with_file("plan.txt", PLAN).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    bench.pass().await;
    assert_eq!(kept(&bench, PLAN).await, None);
    bench.daemon.reading = Some(reading(&bench, Some(bucket.copies()), None));
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    assert_eq!(kept(&bench, PLAN).await, Some(name_of(PLAN)));
    // 4244 was accepted long before.
    let accepted = bench.daemon.store.files().evidence(4244).await.unwrap();
    assert!(!accepted.is_empty() && accepted.iter().all(|file| file.kept.is_some()), "{accepted:?}");
}

#[tokio::test]
async fn a_bucket_that_refuses_says_which_key_to_look_at() {
    let bucket = Bucket::start().await;
    let now = vigie::clock::Clock::System.now();
    bucket.copies().check(now).await.unwrap();
    assert!(bucket.objects().is_empty(), "the probe is taken away");
    bucket.will(&[403]);
    assert_eq!(bucket.copies().check(now).await, Err(CopyError::Denied("answer 403, SlowDown".to_owned())));
    bucket.will(&[404]);
    assert_eq!(bucket.copies().check(now).await, Err(CopyError::Absent("answer 404, SlowDown".to_owned())));
    let nobody = Bucket { port: 9, ..Bucket::default() };
    let away = nobody.copies().check(now).await.unwrap_err();
    assert!(matches!(away, CopyError::Mute(_)) && !away.to_string().contains("X-Amz"), "{away}");
}

#[tokio::test]
async fn a_hostile_name_stays_in_the_store_and_never_reaches_the_disk() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let pieces = folder.path().join("a/pieces");
    let mut bench = with_file("../../../etc/cron.d/x\n\u{202e}", PLAN).await;
    bench.daemon.reading = Some(reading(&bench, Some(Copies::in_folder(pieces.clone())), None));
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    let copy = pieces.join(kept(&bench, PLAN).await.unwrap());
    assert_eq!(std::fs::read(&copy).unwrap(), PLAN);
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    for entry in std::fs::read_dir(&pieces).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_larger_than_announced_is_refused_and_nothing_of_it_kept() {
    let bucket = Bucket::start().await;
    let mut bench = Bench::after("petit", 0).await;
    let file = File::new("plan.txt", "text/plain", PLAN.to_vec()).announced(10);
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", file.into())]);
    bench.daemon.reading = Some(reading(&bench, Some(bucket.copies()), None));
    for _ in 0..4 {
        bench.pass().await;
        later(&bench, 60);
    }
    assert_eq!(kept(&bench, PLAN).await, None);
    assert!(!bucket.objects().contains_key(&name_of(PLAN)));
    assert!(!bucket.objects().is_empty(), "the others are kept");
    assert!(
        bench.daemon.store.asks().due_files("", bench.daemon.book.clock.now(), 9).await.unwrap().is_empty()
    );
    let last = bench.pass().await;
    assert!(last.failures.is_empty(), "{last:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("pieces");
    std::fs::write(&taken, "a file where the folder should be").unwrap();
    let mut bench = with_file("plan.txt", PLAN).await;
    bench.daemon.reading = Some(reading(&bench, Some(Copies::in_folder(taken.clone())), None));
    let report = bench.pass().await;
    assert!(report.failures.iter().any(|line| line.contains("evidence.folder")), "{report:?}");
    assert_eq!(report.annotated, 3);
    std::fs::remove_file(&taken).unwrap();
    later(&bench, 60);
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    assert_eq!(kept(&bench, PLAN).await, Some(name_of(PLAN)));
}

/// A clamd that finds nothing, and keeps what it was given.
async fn clamd(received: Arc<Mutex<Vec<Vec<u8>>>>) -> Clamd {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut command = [0; 10];
            socket.read_exact(&mut command).await.unwrap();
            let mut file = Vec::new();
            loop {
                let length = usize::try_from(socket.read_u32().await.unwrap()).unwrap();
                if length == 0 {
                    break;
                }
                let start = file.len();
                file.resize(start + length, 0);
                socket.read_exact(&mut file[start..]).await.unwrap();
            }
            received.lock().unwrap().push(file);
            socket.write_all(b"stream: OK\0").await.unwrap();
        }
    });
    Clamd::parse(&format!("tcp:{address}")).unwrap()
}

#[tokio::test]
async fn a_file_of_many_chunks_is_whole_for_the_antivirus_the_child_and_the_bucket() {
    let bucket = Bucket::start().await;
    let received = Arc::<Mutex<Vec<Vec<u8>>>>::default();
    let large: Vec<u8> = (0..70_000).flat_map(|number: u32| format!("{number}\n").into_bytes()).collect();
    let mut bench = with_file("plan.pdf", &large).await;
    let antivirus = clamd(Arc::clone(&received)).await;
    bench.daemon.reading = Some(reading(&bench, Some(bucket.copies()), Some(antivirus)));
    let report = bench.pass().await;
    assert!(report.failures.is_empty(), "{report:?}");
    assert!(received.lock().unwrap().contains(&large));
    assert!(bucket.objects().get(&name_of(&large)) == Some(&large));
    // The child inspected its bytes: they are a text, under the name of a PDF.
    let sum = STANDARD.encode(Md5::digest(&large));
    let inspection = bench.daemon.store.files().inspections(std::slice::from_ref(&sum)).await.unwrap()[&sum];
    assert!(matches!(inspection.fault, Some(FileFault::OtherMedia { .. })), "{inspection:?}");
}

#[tokio::test]
async fn a_file_whose_bytes_are_not_those_announced_is_never_kept() {
    let folder = tempfile::tempdir().unwrap();
    let pieces = folder.path().join("pieces");
    let mut bench = with_file("plan.txt", PLAN).await;
    bench.daemon.reading = Some(reading(&bench, Some(Copies::in_folder(pieces.clone())), None));
    bench.simulator.with_world(|world| world.inject(On::File, Fault::WrongBytes, 1000));
    for _ in 0..4 {
        bench.pass().await;
        later(&bench, 60);
    }
    let sum = STANDARD.encode(Md5::digest(PLAN));
    let known = bench.daemon.store.files().inspections(std::slice::from_ref(&sum)).await.unwrap();
    assert_eq!(known[&sum].fault, Some(FileFault::Altered));
    // The attachments of the dossier are read again: what is known to be altered is neither fetched nor kept.
    bench.simulator.world().edit_champ(
        4242,
        "Courriel de la personne à contacter",
        "nouveau@service.example",
    );
    let report = bench.pass().await;
    assert!(report.changed > 0 && report.failures.is_empty(), "{report:?}");
    assert_eq!(kept(&bench, PLAN).await, None);
    assert!(!pieces.exists(), "nothing of any file");
}

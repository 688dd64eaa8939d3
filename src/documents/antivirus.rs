//! clamd, spoken to over its own protocol. Only « FOUND » with the name of an infection is one; whatever else it says, the
//! file is shown to it again later.
//!
//! The exchange is written here because a library that fails while it sends loses the answer: clamd says why it refuses a
//! stream before it has read all of it, and closes.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::limits::CHUNK;
use crate::retry::attachments::{ANTIVIRUS, ANTIVIRUS_GREETING};

/// Bytes of an answer: one line.
const MAX_ANSWER: u64 = 4096;
/// Characters of it that are told.
const SAID: usize = 200;

/// The address of clamd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    Unix(PathBuf),
    Tcp(String),
}

/// What clamd says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Clean,
    Infected,
}

/// Why clamd did not pass a stream of a given length.
#[derive(Debug)]
pub enum NotTaken {
    /// The stream is longer than a limit of clamd.
    TooLarge(io::Error),
    /// Anything else, which another length would not change.
    Otherwise(io::Error),
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clamd::Unix(path) => write!(f, "unix:{}", path.display()),
            Clamd::Tcp(address) => write!(f, "tcp:{address}"),
        }
    }
}

impl Clamd {
    /// `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<Clamd, String> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Clamd::Unix(PathBuf::from(path))),
            Some(("tcp", address)) if address.contains(':') => Ok(Clamd::Tcp(address.to_owned())),
            _ => Err("examples: unix:/run/clamav/clamd.ctl, tcp:127.0.0.1:3310".to_owned()),
        }
    }

    /// # Errors
    /// When clamd cannot be reached, or says neither that the file is clean nor that it is infected: its own words.
    pub(super) async fn scan(&self, file: &mut File) -> io::Result<Verdict> {
        verdict(&self.ask("INSTREAM", Some(file)).await?)
    }

    /// The version of clamd and of its signatures.
    ///
    /// # Errors
    /// When it cannot be reached, or is no clamd.
    pub async fn version(&self) -> io::Result<String> {
        match self.ask("PING", None::<&mut File>).await?.as_str() {
            "PONG" => self.ask("VERSION", None::<&mut File>).await,
            other => Err(io::Error::other(format!("it is no clamd: it answers « {other} »"))),
        }
    }

    /// Whether it takes a stream of so many bytes.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn takes(&self, bytes: u64) -> Result<(), NotTaken> {
        let mut zeros = tokio::io::repeat(0).take(bytes);
        let answer = self.ask("INSTREAM", Some(&mut zeros)).await.map_err(NotTaken::Otherwise)?;
        match verdict(&answer) {
            Ok(_) => Ok(()),
            Err(error) if is_of_a_limit(&answer) => Err(NotTaken::TooLarge(error)),
            Err(error) => Err(NotTaken::Otherwise(error)),
        }
    }

    async fn ask(&self, command: &str, file: Option<impl AsyncRead + Unpin>) -> io::Result<String> {
        let limit = if file.is_some() { ANTIVIRUS } else { ANTIVIRUS_GREETING };
        self.ask_within(limit, command, file).await
    }

    async fn ask_within(
        &self,
        limit: Duration,
        command: &str,
        file: Option<impl AsyncRead + Unpin>,
    ) -> io::Result<String> {
        let connected = |error: io::Error| self.failed("does not listen", &error);
        let mut answer = Vec::new();
        let asked = async {
            match self {
                Clamd::Unix(path) => {
                    let stream = UnixStream::connect(path).await.map_err(connected)?;
                    converse(stream, command, file, &mut answer).await
                }
                Clamd::Tcp(address) => {
                    let stream = TcpStream::connect(address).await.map_err(connected)?;
                    converse(stream, command, file, &mut answer).await
                }
            }
            .map_err(|error| self.failed("ended the exchange", &error))
        };
        let asked = timeout(limit, asked).await;
        let late = |what: &str| {
            let error = io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
            Err(self.failed(what, &error))
        };
        match (said(&answer), asked) {
            (_, Ok(Err(error))) => Err(error),
            (said, Ok(Ok(()))) if !said.is_empty() => Ok(said),
            (_, Ok(Ok(()))) => {
                Err(self.failed("ended the exchange", &io::Error::other("clamd closed without an answer")))
            }
            (said, Err(_)) if said.is_empty() => late("is slow or stuck"),
            // Another service, most often; an answer that is not complete is no verdict.
            (said, Err(_)) => late(&format!("is no clamd, or is stuck: it says « {said} » and no more")),
        }
    }

    fn failed(&self, what: &str, error: &io::Error) -> io::Error {
        let remedy = "check that clamav-daemon runs, and the address in documents.clamd";
        io::Error::new(error.kind(), format!("clamd at {self} {what} ({error}). Remedy: {remedy}"))
    }
}

/// Names of `FOUND` that are no infection, by how they begin, and what to change: options of clamd.conf report under them
/// what was not scanned, what is only suspect, and what a file is allowed to hold.
const DOUBTS: [(&str, &str); 7] = [
    (
        LIMITS,
        "it was not scanned whole: raise MaxFileSize, MaxScanSize, MaxRecursion, MaxFiles and MaxScanTime in clamd.conf, or set AlertExceedsMax no",
    ),
    ("Heuristics.Encrypted.", "clamd could not open it: set AlertEncrypted no in clamd.conf"),
    (
        "Heuristics.Broken.",
        "it is damaged, which is no infection: set AlertBrokenExecutables and AlertBrokenMedia no in clamd.conf",
    ),
    ("Heuristics.OLE2.", "it holds macros, which is no infection: set AlertOLE2Macros no in clamd.conf"),
    (
        "Heuristics.Structured.",
        "it holds personal numbers, which is no infection: set StructuredDataDetection no in clamd.conf",
    ),
    (
        "Heuristics.Phishing.",
        "one of its links is suspect, which is no certain infection: a person should look, or set PhishingScanURLs no in clamd.conf",
    ),
    ("PUA.", "it may be unwanted, which is no infection: set DetectPUA no in clamd.conf"),
];

/// What was found, as clamd names it: « stream: NAME FOUND ». Without a name it is no answer of clamd.
fn found(answer: &str) -> Option<&str> {
    let (_, name) = answer.strip_suffix(" FOUND")?.split_once(": ")?;
    Some(name.trim()).filter(|name| !name.is_empty())
}

const TOO_LARGE: &str = "size limit exceeded";
const LIMITS: &str = "Heuristics.Limits.";

/// Whether it was not scanned, or not whole, because of its length.
fn is_of_a_limit(answer: &str) -> bool {
    answer.contains(TOO_LARGE) || found(answer).is_some_and(|name| name.starts_with(LIMITS))
}

fn verdict(answer: &str) -> io::Result<Verdict> {
    if let Some(name) = found(answer) {
        let doubt = DOUBTS.iter().find(|(family, _)| name.starts_with(family));
        return match doubt {
            Some((_, remedy)) => Err(io::Error::other(format!("clamd says « {answer} »: {remedy}"))),
            None => Ok(Verdict::Infected),
        };
    }
    if answer.ends_with(": OK") {
        return Ok(Verdict::Clean);
    }
    let said = format!("clamd did not scan it: « {answer} »");
    Err(io::Error::other(match answer.contains(TOO_LARGE) {
        true => format!("{said}; it is too large for it, see StreamMaxLength in clamd.conf"),
        false => said,
    }))
}

/// Sends, and reads what is said until it is complete: the zero after it, or the end.
async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    command: &str,
    file: Option<impl AsyncRead + Unpin>,
    answer: &mut Vec<u8>,
) -> io::Result<()> {
    let sent = async {
        stream.write_all(format!("z{command}\0").as_bytes()).await?;
        match file {
            Some(file) => pour(file, &mut stream).await,
            None => Ok(()),
        }
    };
    let sent = sent.await;
    let mut stream = stream.take(MAX_ANSWER);
    let read = loop {
        match stream.read_buf(answer).await {
            Ok(0) => break Ok(()),
            Ok(_) if answer.contains(&0) => break Ok(()),
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    // What it said before it closed tells more than the pipe that broke.
    if said(answer).is_empty() { sent.and(read) } else { Ok(()) }
}

/// An answer on one line.
fn said(answer: &[u8]) -> String {
    let answer = answer.split(|byte| *byte == 0).next().unwrap_or_default();
    let answer = String::from_utf8_lossy(answer);
    let words = answer.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(SAID).collect()
}

/// Each chunk after its length; a length of zero ends the stream.
async fn pour(mut from: impl AsyncRead + Unpin, to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk).await?;
        to.write_all(&u32::try_from(read).map_err(io::Error::other)?.to_be_bytes()).await?;
        if read == 0 {
            return to.flush().await;
        }
        to.write_all(&chunk[..read]).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_found_is_an_infection() {
        let infected = |answer: &str| verdict(answer).ok() == Some(Verdict::Infected);
        assert!(infected("stream: Eicar-Signature FOUND") && infected("stream: A b (c).d FOUND"));
        assert_eq!(verdict("stream: OK").unwrap(), Verdict::Clean);
        for answer in [
            "INSTREAM size limit exceeded. ERROR",
            "INSTREAM: Can't allocate memory ERROR",
            "COMMAND READ TIMED OUT",
            "stream: Can't allocate memory ERROR",
            "UNKNOWN COMMAND",
            "FOUND",
            " FOUND",
            "stream: FOUND",
            "stream:  FOUND",
            "Eicar-Signature FOUND",
            "NOT OK",
            "",
        ] {
            let said = verdict(answer).unwrap_err().to_string();
            assert!(said.contains(answer), "{said}");
        }
        assert!(
            verdict("INSTREAM size limit exceeded. ERROR")
                .unwrap_err()
                .to_string()
                .contains("StreamMaxLength")
        );
    }

    #[test]
    fn only_a_limit_is_answered_by_raising_it() {
        for answer in
            ["INSTREAM size limit exceeded. ERROR", "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND"]
        {
            assert!(is_of_a_limit(answer), "{answer}");
        }
        for answer in
            ["UNKNOWN COMMAND", "stream: PUA.Pdf.Trojan FOUND", "stream: FOUND", "COMMAND READ TIMED OUT"]
        {
            assert!(!is_of_a_limit(answer), "{answer}");
        }
    }

    #[tokio::test]
    async fn clamd_that_is_stopped_is_named_with_its_address_and_its_key() {
        let place = tempfile::tempdir().unwrap();
        let address = format!("unix:{}", place.path().join("clamd.ctl").display());
        let said = Clamd::parse(&address).unwrap().version().await.unwrap_err().to_string();
        assert!(said.starts_with(&format!("clamd at {address} does not listen (No such file")), "{said}");
        assert!(said.contains("documents.clamd"), "{said}");
        // It closes without a word.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp:{}", listener.local_addr().unwrap());
        tokio::spawn(async move { while listener.accept().await.is_ok() {} });
        let said = Clamd::parse(&address).unwrap().version().await.unwrap_err().to_string();
        assert!(said.starts_with(&format!("clamd at {address} ended the exchange")), "{said}");
    }

    /// A mail server greets, and waits: what it said is told, and no file is waited for.
    #[tokio::test]
    async fn a_service_that_greets_and_waits_is_quoted() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp:{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(b"220 mail.example ESMTP\r\n500 5.5.2 what?\r\n").await.unwrap();
                open.push(stream);
            }
        });
        let clamd = Clamd::parse(&address).unwrap();
        let limit = Duration::from_millis(300);
        let mut zeros = tokio::io::repeat(0).take(10);
        let asked = clamd.ask_within(limit, "PING", None::<&mut File>).await;
        let scanned = clamd.ask_within(limit, "INSTREAM", Some(&mut zeros)).await;
        for said in [asked, scanned].map(|answer| answer.unwrap_err().to_string()) {
            assert!(
                said.contains("is no clamd") && said.contains("« 220 mail.example ESMTP 500 5.5.2 what? »"),
                "{said}"
            );
        }
    }

    /// The zero that ends an answer ends the wait, when the connection stays open too.
    #[tokio::test]
    async fn an_answer_that_is_complete_is_not_waited_for() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp:{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"PONG\0").await.unwrap();
            std::future::pending::<()>().await;
        });
        let clamd = Clamd::parse(&address).unwrap();
        let said = clamd.ask_within(Duration::from_secs(30), "PING", None::<&mut File>);
        assert_eq!(timeout(Duration::from_secs(5), said).await.unwrap().unwrap(), "PONG");
    }

    /// What options of clamd.conf report as found is no infection: a dossier is handed back for a certain one only.
    #[test]
    fn what_was_not_scanned_or_is_only_suspect_is_no_infection() {
        for (answer, remedy) in [
            ("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", "AlertExceedsMax"),
            ("stream: Heuristics.Limits.Exceeded FOUND", "MaxScanSize"),
            ("stream: Heuristics.Encrypted.PDF FOUND", "AlertEncrypted"),
            ("stream: Heuristics.Encrypted.Zip(44d88612fea8a8f36de82e1278abb02f:68) FOUND", "AlertEncrypted"),
            ("stream: Heuristics.Broken.Media.JPEG.JFIFmarkerBadPosition FOUND", "AlertBrokenMedia"),
            ("stream: Heuristics.OLE2.ContainsMacros.VBA FOUND", "AlertOLE2Macros"),
            ("stream: Heuristics.Structured.CreditCardNumber FOUND", "StructuredDataDetection"),
            ("stream: Heuristics.Phishing.Email.SpoofedDomain FOUND", "PhishingScanURLs"),
            ("stream: PUA.Pdf.Trojan.EmbeddedJavaScript-1 FOUND", "DetectPUA"),
        ] {
            let said = verdict(answer).unwrap_err().to_string();
            assert!(said.contains(answer) && said.contains(remedy), "{said}");
        }
        for answer in [
            "stream: Heuristics.W32.Parite.B FOUND",
            "stream: Heuristics.Exploit.CVE_2012_1461 FOUND",
            "stream: Win.Test.EICAR_HDB-1 FOUND",
            "stream: Pdf.Exploit.Heuristics.Limits.Exceeded FOUND",
            "stream: Eicar-Signature.UNOFFICIAL FOUND",
        ] {
            assert_eq!(verdict(answer).unwrap(), Verdict::Infected, "{answer}");
        }
    }
}

//! A mail server for tests: TLS from the start or by STARTTLS, two authentication mechanisms, and a list of failures.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    None,
    Start,
    Implicit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    End,
}

#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Say(&'static str),
    Cut,
    Wait(Duration),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answered {
    AsUsual,
    Otherwise,
    Cut,
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}
type Stream = BufReader<Box<dyn Io>>;

#[derive(Clone)]
pub struct MailServer {
    pub port: u16,
    /// PEM of the authority that signed its certificate.
    pub authority: String,
    tls: Tls,
    acceptor: TlsAcceptor,
    /// « PLAIN LOGIN »; empty: no authentication.
    mechanisms: &'static str,
    pub password: Arc<Mutex<String>>,
    troubles: Arc<Mutex<VecDeque<(Stage, Trouble)>>>,
    /// What it says at one stage for as long as this is set.
    for_now: Arc<Mutex<Option<(Stage, &'static str)>>>,
    /// Mails after which it ends a connection; zero: never.
    pub worn_after: Arc<AtomicUsize>,
    /// Connections that it serves at once; zero: any number.
    pub most: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
    pub received: Arc<Mutex<Vec<String>>>,
    /// Every line that was received, with whether it came under TLS.
    heard: Arc<Mutex<Vec<(bool, String)>>>,
}

impl MailServer {
    pub async fn start(tls: Tls, mechanisms: &'static str) -> MailServer {
        MailServer::named("127.0.0.1", tls, mechanisms).await
    }

    /// A server whose certificate is made out to `name`.
    pub async fn named(name: &str, tls: Tls, mechanisms: &'static str) -> MailServer {
        crate::bench::tls();
        let (authority, acceptor) = certificate(name);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer {
            port: listener.local_addr().unwrap().port(),
            authority,
            tls,
            acceptor,
            mechanisms,
            password: Arc::new(Mutex::new("mot de passe".to_owned())),
            troubles: Arc::default(),
            for_now: Arc::default(),
            worn_after: Arc::default(),
            most: Arc::default(),
            open: Arc::default(),
            received: Arc::default(),
            heard: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().serve(socket));
            }
        });
        server
    }

    pub fn will(&self, stage: Stage, trouble: Trouble) {
        self.troubles.lock().unwrap().push_back((stage, trouble));
    }

    pub fn says_for_now(&self, stage: Stage, said: &'static str) {
        *self.for_now.lock().unwrap() = Some((stage, said));
    }

    pub fn mend(&self) {
        *self.for_now.lock().unwrap() = None;
        self.troubles.lock().unwrap().clear();
    }

    /// How many lines began so, and whether all came under TLS.
    pub fn heard(&self, verb: &str) -> (usize, bool) {
        let heard = self.heard.lock().unwrap();
        let lines: Vec<bool> = heard
            .iter()
            .filter(|(_, line)| line.to_uppercase().starts_with(verb))
            .map(|(safe, _)| *safe)
            .collect();
        (lines.len(), lines.iter().all(|safe| *safe))
    }

    async fn serve(self, socket: TcpStream) -> std::io::Result<()> {
        let served = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        let most = self.most.load(Ordering::SeqCst);
        let done = match most > 0 && served > most {
            true => BufReader::new(socket).write_all(b"421 4.7.0 too many connections\r\n").await,
            false => self.conversation(socket).await,
        };
        self.open.fetch_sub(1, Ordering::SeqCst);
        done
    }

    async fn conversation(&self, socket: TcpStream) -> std::io::Result<()> {
        let stream: Box<dyn Io> = match self.tls {
            Tls::Implicit => Box::new(self.acceptor.accept(socket).await?),
            _ => Box::new(socket),
        };
        let mut stream = BufReader::new(stream);
        let safe = self.tls == Tls::Implicit;
        if self.answer(&mut stream, Stage::Greeting, "220 facteur.example").await? == Answered::Cut {
            return Ok(());
        }
        if self.talk(&mut stream, safe).await? {
            stream.write_all(b"220 go\r\n").await?;
            let inner = self.acceptor.accept(stream.into_inner()).await?;
            self.talk(&mut BufReader::new(Box::new(inner)), true).await?;
        }
        Ok(())
    }

    /// True when the client asks for TLS.
    async fn talk(&self, stream: &mut Stream, safe: bool) -> std::io::Result<bool> {
        let mut mails = 0;
        loop {
            let line = line(stream).await?;
            if line.is_empty() {
                return Ok(false);
            }
            self.heard.lock().unwrap().push((safe, line.clone()));
            let verb = line.to_uppercase();
            let answered = match verb.get(..4).unwrap_or_default() {
                "EHLO" => self.answer(stream, Stage::Ehlo, &self.offers(safe)).await?,
                "STAR" if self.tls == Tls::Start && !safe => return Ok(true),
                "AUTH" => {
                    let known = self.is_known(stream, &line).await?;
                    let said = if known { "235 welcome" } else { "535 5.7.8 wrong name or password" };
                    self.answer(stream, Stage::Auth, said).await?
                }
                "MAIL" => {
                    let worn = self.worn_after.load(Ordering::SeqCst);
                    mails += 1;
                    if worn > 0 && mails > worn {
                        stream.write_all(b"421 4.7.0 too many mails\r\n").await?;
                        return Ok(false);
                    }
                    self.answer(stream, Stage::Mail, "250 ok").await?
                }
                "RCPT" => self.answer(stream, Stage::Rcpt, "250 ok").await?,
                "DATA" => match self.answer(stream, Stage::Data, "354 go").await? {
                    Answered::AsUsual => self.take(stream).await?,
                    other => other,
                },
                "QUIT" => return Ok(false),
                _ => self.answer(stream, Stage::Ehlo, "250 ok").await?,
            };
            if answered == Answered::Cut {
                return Ok(false);
            }
        }
    }

    /// A message counts once it was acknowledged.
    async fn take(&self, stream: &mut Stream) -> std::io::Result<Answered> {
        let message = data(stream).await?;
        let answered = self.answer(stream, Stage::End, "250 taken").await?;
        if answered == Answered::AsUsual {
            self.received.lock().unwrap().push(message);
        }
        Ok(answered)
    }

    fn offers(&self, safe: bool) -> String {
        let mut lines = vec!["facteur.example".to_owned()];
        if self.tls == Tls::Start && !safe {
            lines.push("STARTTLS".to_owned());
        }
        if !self.mechanisms.is_empty() && (safe || self.tls == Tls::None) {
            lines.push(format!("AUTH {}", self.mechanisms));
        }
        let last = lines.len() - 1;
        let line =
            |(rank, text): (usize, &String)| format!("250{}{text}", if rank == last { ' ' } else { '-' });
        lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
    }

    /// Answers, or fails as the list says.
    async fn answer(&self, stream: &mut Stream, stage: Stage, usual: &str) -> std::io::Result<Answered> {
        let trouble = {
            let mut troubles = self.troubles.lock().unwrap();
            let place = troubles.iter().position(|(at, _)| *at == stage);
            place.and_then(|place| troubles.remove(place)).map(|(_, trouble)| trouble)
        };
        let for_now = self.for_now.lock().unwrap().filter(|(at, _)| *at == stage).map(|(_, said)| said);
        let said = match trouble {
            None => for_now.unwrap_or(usual),
            Some(Trouble::Cut) => return Ok(Answered::Cut),
            Some(Trouble::Say(other)) => other,
            Some(Trouble::Wait(wait)) => {
                tokio::time::sleep(wait).await;
                usual
            }
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await?;
        Ok(if said == usual { Answered::AsUsual } else { Answered::Otherwise })
    }

    async fn is_known(&self, stream: &mut Stream, auth: &str) -> std::io::Result<bool> {
        let decode =
            |text: &str| String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default();
        let said = match auth.split(' ').collect::<Vec<_>>()[..] {
            [_, "PLAIN", secret] => decode(secret),
            [_, "LOGIN", ..] => {
                let mut said = String::new();
                for question in ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"] {
                    stream.write_all(format!("334 {question}\r\n").as_bytes()).await?;
                    said = format!("{said}\0{}", decode(&line(stream).await?));
                }
                said
            }
            _ => return Ok(false),
        };
        Ok(said == format!("\0vigie\0{}", self.password.lock().unwrap()))
    }
}

async fn line(stream: &mut Stream) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line.trim_end().to_owned())
}

async fn data(stream: &mut Stream) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(message);
        }
        // RFC 5321 §4.5.2: the client doubles the dot at the start of a line.
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn certificate(name: &str) -> (String, TlsAcceptor) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(authority, key);
    let own = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let secret = PrivateKeyDer::try_from(own.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![leaf.der().clone()], secret).unwrap();
    (pem, TlsAcceptor::from(Arc::new(config)))
}

/// What `check` says of the mail server at `url`, and how long it took.
async fn tried(url: &str) -> (String, std::time::Duration) {
    let began = std::time::Instant::now();
    let mailer = vigie::mail::Mailer::new(url, "label@organisme.example", None).unwrap();
    let said = Box::pin(mailer.check(&[])).await.unwrap_err().to_string();
    (said, began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_reached_is_named_with_the_cause() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // A plain answer to whoever comes.
    let answering = std::thread::spawn(move || {
        use std::io::Write as _;
        let (mut caller, _) = listener.accept().unwrap();
        caller.write_all(b"220 courrier.example ESMTP\r\n").unwrap();
        let _ = std::io::copy(&mut caller, &mut std::io::sink());
    });
    let (said, _) = tried(&format!("smtps://127.0.0.1:{port}")).await;
    assert!(said.contains(&format!("127.0.0.1:{port}: it does not answer in TLS")), "{said}");
    answering.join().unwrap();
    let (said, _) = tried(&format!("smtp://127.0.0.1:{port}")).await;
    assert!(said.contains(&format!("127.0.0.1:{port}: nothing listens there")), "{said}");
    let (said, _) = tried("smtp://courrier.invalid:2525").await;
    assert!(said.contains("courrier.invalid:2525: that name has no address"), "{said}");
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    let (said, took) = tried(&format!("smtp://127.0.0.1:{port}")).await;
    assert!(said.contains(&format!("127.0.0.1:{port}: no answer in time to the greeting")), "{said}");
    assert!(took < std::time::Duration::from_secs(25), "{took:?}");
}

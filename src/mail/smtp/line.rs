//! One connection to the mail server, command by command: what a reply means depends on the command that it answers, which
//! the library's own transport hides.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fault::{Fault, What};
use super::reply::Stage;
use crate::retry::mails;

/// Characters kept of a server's answer.
const MAX_ANSWER: usize = 120;

/// All commands before a mail, and all before its message, take no longer than so many of the slowest: a claim on a mail
/// outlives the conversation.
const STRETCH: u32 = 2;

/// How the conversation is protected.
#[derive(Clone)]
pub(super) enum Protection {
    None,
    /// From the first byte.
    Whole(Arc<rustls::ClientConfig>, ServerName<'static>),
    /// By STARTTLS, which the server must offer.
    Start(TlsParameters),
    /// By STARTTLS if the server offers it.
    IfOffered(TlsParameters),
}

/// Where the server is, and how it is spoken to.
#[derive(Clone)]
pub(super) struct Line {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    pub credentials: Option<Credentials>,
    pub hello: ClientId,
    /// How long the answer to one command may take.
    pub patience: Duration,
    /// How long the answer to a whole message may take.
    pub verdict: Duration,
}

/// A message with what its envelope says.
pub(in crate::mail) struct Sealed {
    pub from: Option<Address>,
    pub to: Address,
    pub bytes: Vec<u8>,
}

/// A connection that is open.
pub(super) struct Open {
    connection: AsyncSmtpConnection,
    patience: Duration,
    verdict: Duration,
    /// It has carried a mail.
    worn: bool,
    last: Instant,
}

impl Line {
    /// Connects, protects the conversation and says who we are.
    pub(super) async fn open(&self) -> Result<Open, Fault> {
        let opened = timeout(STRETCH * self.patience, Box::pin(self.opened())).await;
        let opened = opened.unwrap_or(Err(Fault::at(Stage::Session, What::Silent)));
        // What it replies is known by its code; where there was no conversation, where it was looked for is.
        opened.map_err(|fault| match fault.what {
            What::Reply(_) => fault,
            _ => Fault { place: Some(format!("{}:{}", self.host, self.port)), ..fault },
        })
    }

    async fn opened(&self) -> Result<Open, Fault> {
        let fault = |what| Fault::at(Stage::Session, what);
        let tcp = timeout(self.patience, TcpStream::connect((self.host.as_str(), self.port))).await;
        let tcp = tcp.map_err(|_| fault(What::Silent))?;
        let tcp = tcp.map_err(|error| Fault::unreached(&error))?;
        // Without it the end of each message waits for the acknowledgement of its beginning.
        let _ = tcp.set_nodelay(true);
        let stream: Box<dyn AsyncTokioStream> = match &self.protection {
            Protection::Whole(config, name) => {
                let hands = TlsConnector::from(Arc::clone(config)).connect(name.clone(), tcp);
                let secret = timeout(self.patience, hands).await.map_err(|_| fault(What::Silent))?;
                Box::new(Protected(secret.map_err(|error| Fault::unreached(&error))?))
            }
            _ => Box::new(tcp),
        };
        let greeted = AsyncSmtpConnection::connect_with_transport(stream, &self.hello);
        let mut connection = within(self.patience, Stage::Session, greeted).await?;
        let started = match &self.protection {
            Protection::Start(parameters) => Some(parameters),
            Protection::IfOffered(parameters) if connection.can_starttls() => Some(parameters),
            _ => None,
        };
        if let Some(parameters) = started {
            let started = connection.starttls(parameters.clone(), &self.hello);
            within(self.patience, Stage::Session, started).await?;
        }
        if let Some(credentials) = &self.credentials {
            let known = connection.auth(DEFAULT_MECHANISMS, credentials);
            within(self.patience, Stage::Login, known).await?;
        }
        let (patience, verdict) = (self.patience, self.verdict);
        Ok(Open { connection, patience, verdict, worn: false, last: Instant::now() })
    }
}

async fn within<T>(
    patience: Duration,
    stage: Stage,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    match timeout(patience, answer).await {
        Ok(answer) => answer.map_err(|error| Fault::of(stage, &error)),
        Err(_) => Err(Fault::at(stage, What::Silent)),
    }
}

impl Open {
    async fn say(&mut self, stage: Stage, command: impl std::fmt::Display) -> Result<Response, Fault> {
        let worn = self.worn;
        let answer = within(self.patience, stage, self.connection.command(command)).await;
        answer.map_err(|fault| Fault { worn, ..fault })
    }

    async fn envelope(&mut self, mail: &Sealed) -> Result<(), Fault> {
        let offers = |extension| self.connection.server_info().supports_feature(extension);
        let written = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        let mut parameters = Vec::new();
        if !written(&mail.to) || mail.from.as_ref().is_some_and(|from| !written(from)) {
            if !offers(Extension::SmtpUtfEight) {
                return Err(Fault::at(Stage::Recipient, What::Accents));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.bytes.is_ascii() && offers(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        self.say(Stage::Sender, Mail::new(mail.from.clone(), parameters)).await?;
        self.say(Stage::Recipient, Rcpt::new(mail.to.clone(), Vec::new())).await?;
        Ok(())
    }

    /// Hands one message over; what the server answered.
    pub(super) async fn hand_over(&mut self, mail: &Sealed) -> Result<String, Fault> {
        let stretch = STRETCH * self.patience;
        let ahead = async {
            self.envelope(mail).await?;
            self.say(Stage::Data, Data).await
        };
        let ahead = timeout(stretch, ahead).await;
        ahead.unwrap_or(Err(Fault::at(Stage::Data, What::Silent)))?;
        let answer = within(self.verdict, Stage::End, self.connection.message(&mail.bytes)).await?;
        (self.worn, self.last) = (true, Instant::now());
        Ok(answered(&answer))
    }

    /// Whether the server takes our sender.
    pub(super) async fn try_sender(&mut self, from: Option<Address>) -> Result<(), Fault> {
        self.say(Stage::Sender, Mail::new(from, Vec::new())).await?;
        self.reset().await.then_some(()).ok_or(Fault::at(Stage::Sender, What::Cut))
    }

    /// The same conversation up to the recipient, without a message.
    pub(super) async fn try_out(&mut self, mail: &Sealed) -> Result<(), Fault> {
        self.envelope(mail).await?;
        self.reset().await.then_some(()).ok_or(Fault::at(Stage::Recipient, What::Cut))
    }

    /// Forgets what was said of a mail; whether it can carry another one.
    pub(super) async fn reset(&mut self) -> bool {
        (self.worn, self.last) = (true, Instant::now());
        self.say(Stage::Sender, Rset).await.is_ok()
    }

    /// Whether it can carry another mail: asked only after a silence, which servers end.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.last.elapsed() < mails::IDLE || self.say(Stage::Sender, Noop).await.is_ok()
    }

    pub(super) async fn quit(mut self) {
        let _ = timeout(mails::FAREWELL, self.connection.command(Quit)).await;
    }
}

/// The code with the first words, which often hold the server's own number for the mail. A word with an address is
/// left out.
fn answered(response: &Response) -> String {
    let words = response.first_line().unwrap_or_default().split_whitespace();
    let words: Vec<&str> = words.filter(|word| !word.contains('@')).collect();
    let said: String = words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_ANSWER).collect();
    format!("{} {said}", response.code()).trim_end().to_owned()
}

/// A connection under TLS from its first byte, made here because the library sets no TCP_NODELAY on the one it makes.
#[derive(Debug)]
struct Protected(TlsStream<TcpStream>);

impl AsyncTokioStream for Protected {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Protected {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, to)
    }
}

impl AsyncWrite for Protected {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

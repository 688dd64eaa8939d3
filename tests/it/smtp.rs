//! Mail over a real socket: accepted, put off, refused, cut.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use vigie::mail::Mailer;
use vigie::store::refusals::Blame;

use crate::bench::Bench;

/// What the server does with the next message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reply {
    Accept,
    /// Takes the data, waits so long, accepts.
    AcceptAfter(Duration),
    /// 4xx at the end of the data.
    PutOff,
    /// 5xx to the recipient.
    Refuse,
    /// Accepts the data and hangs up without an answer.
    Cut,
    /// 5xx that has nothing to do with the recipient: the password changed.
    Locked,
}

#[derive(Clone, Default)]
pub struct Server {
    pub port: u16,
    pub replies: Arc<Mutex<VecDeque<Reply>>>,
    /// Addresses that are refused, whatever the replies.
    pub unknown: Arc<Mutex<Vec<String>>>,
    pub received: Arc<Mutex<Vec<String>>>,
    /// Messages taken whose answer was not given yet.
    pub unanswered: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server { port, ..Server::default() };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().talk(socket));
            }
        });
        server
    }

    fn next(&self) -> Reply {
        self.replies.lock().unwrap().pop_front().unwrap_or(Reply::Accept)
    }

    fn peek(&self) -> Reply {
        self.replies.lock().unwrap().front().copied().unwrap_or(Reply::Accept)
    }

    fn is_unknown(&self, line: &str) -> bool {
        self.unknown.lock().unwrap().iter().any(|address| line.contains(address))
    }

    async fn talk(self, socket: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(socket);
        stream.write_all(b"220 sink.example\r\n").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.to_uppercase();
            let answer = match verb.as_str() {
                verb if verb.starts_with("EHLO") => "250 sink.example",
                verb if verb.starts_with("RCPT") && self.is_unknown(&line) => "550 5.1.1 unknown",
                verb if verb.starts_with("RCPT") && self.peek() == Reply::Refuse => {
                    self.next();
                    "550 5.1.1 <someone@service.example> unknown"
                }
                verb if verb.starts_with("MAIL") && self.peek() == Reply::Locked => {
                    self.next();
                    "530 5.7.0 authentication required"
                }
                verb if verb.starts_with("DATA") => {
                    stream.write_all(b"354 go\r\n").await?;
                    let message = data(&mut stream).await?;
                    match self.next() {
                        Reply::Cut => {
                            self.received.lock().unwrap().push(message);
                            return Ok(());
                        }
                        Reply::PutOff => "451 4.3.0 later",
                        Reply::AcceptAfter(wait) => {
                            self.unanswered.fetch_add(1, Ordering::SeqCst);
                            self.received.lock().unwrap().push(message);
                            tokio::time::sleep(wait).await;
                            self.unanswered.fetch_sub(1, Ordering::SeqCst);
                            "250 ok"
                        }
                        _ => {
                            self.received.lock().unwrap().push(message);
                            "250 ok"
                        }
                    }
                }
                verb if verb.starts_with("QUIT") => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }

    pub fn ids(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let id = |message: &String| {
            message.lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned))
        };
        received.iter().filter_map(id).collect()
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(message);
        }
        message.push_str(&line);
    }
}

pub async fn bench(server: &Server) -> Bench {
    let mut bench = Bench::after("petit", 0).await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    bench.daemon.mailer = Some(
        Mailer::new(&url, "Label SP+ <label@organisme.example>", Some("reponses@organisme.example")).unwrap(),
    );
    bench
}

#[tokio::test]
async fn every_mail_arrives_once_with_its_identity() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    let report = bench.pass().await;
    assert_eq!(report.failures, Vec::<String>::new());
    let ids = server.ids();
    assert!(report.mailed > 1 && ids.len() == report.mailed, "{ids:?}");
    bench.pass().await;
    assert_eq!(server.ids(), ids, "a second pass sends nothing");
    let received = server.received.lock().unwrap();
    let plan = received.iter().find(|m| m.contains("4243.N-retroplanning")).unwrap();
    for header in [
        " <label@organisme.example>\r\nSubject: [SP+] Maison des =?utf-8?b?",
        "Reply-To: reponses@organisme.example",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(plan.contains(header), "{header} in\n{plan}");
    }
    assert!(plan.contains("multipart/alternative") && plan.contains("echeance.ics"));
}

#[tokio::test]
async fn a_mail_put_off_leaves_later_and_stops_no_other() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    server.replies.lock().unwrap().push_back(Reply::PutOff);
    let report = bench.pass().await;
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert!(report.failures[0].contains("451") && report.mailed == 1);
    let before = server.ids().len();
    assert_eq!(bench.pass().await.mailed, 0, "not before its time");
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(2)).unwrap();
    bench.set_now(later);
    assert_eq!(bench.pass().await.mailed, 1);
    assert_eq!(server.ids().len(), before + 1);
}

/// A server that says that there is no such mailbox is believed on the second day; the body is told on the first.
#[tokio::test]
async fn an_address_is_given_up_after_refusals_on_two_days_and_told_at_once() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    let ledger = bench.daemon.store.ledger();
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    let report = bench.pass().await;
    // The other mail to that address waits with it, and the body is informed.
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert!(
        report.failures[0].contains("could not leave yet") && report.failures[0].contains("550 5.1.1"),
        "{:?}",
        report.failures
    );
    assert!(!report.failures[0].contains("someone@"));
    assert!(ledger.latest_mails(9).await.unwrap().iter().any(|mail| {
        mail.key.contains("/N-adresse/") && mail.role == "organisme" && mail.state == "done"
    }));
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (2, 0));
    let began = bench.daemon.book.clock.now();
    let after = |hours| began.checked_add(SignedDuration::from_hours(hours)).unwrap();
    // On the same day it is asked again, and not believed.
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.set_now(after(1));
    bench.pass().await;
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 0);
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.set_now(after(24));
    let report = bench.pass().await;
    assert!(report.failures.iter().any(|line| line.contains("given up")), "{:?}", report.failures);
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (0, 2));
    assert_eq!(bench.pass().await.mailed, 0, "never retried");
    // Once the service has corrected its address, the mails that it missed are sent.
    bench.simulator.world().edit_champ(
        4243,
        "Courriel de la personne à contacter",
        "nouveau@service.example",
    );
    let missed = bench.pass().await;
    assert!(missed.failures.is_empty() && missed.mailed >= 1, "{missed:?}");
    let received = server.received.lock().unwrap();
    assert!(received.iter().any(|mail| mail.contains("To: nouveau@service.example")));
}

/// The same server, well again the next day: all leaves, and nothing says any more that the address refuses.
#[tokio::test]
async fn an_address_that_accepts_again_is_forgiven() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.pass().await;
    let refused = server.ids().len();
    bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(24)).unwrap());
    bench.pass().await;
    assert!(server.ids().len() >= refused + 2);
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (0, 0));
    let page = crate::web::Pages::over(&bench, None).await.get("/dossiers/4243").await.1;
    assert!(!page.contains("la messagerie du contact refuse nos courriels"));
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_leaves_again_with_the_same_identity() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    server.replies.lock().unwrap().push_back(Reply::Cut);
    bench.pass().await;
    let uncertain = bench.daemon.store.journal().page(Some("acte incertain"), None, None, 9).await.unwrap();
    assert_eq!(uncertain.len(), 1, "the record says that it may have left: {uncertain:?}");
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(2)).unwrap();
    bench.set_now(later);
    bench.pass().await;
    let ids = server.ids();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    let uncertain = bench.daemon.store.journal().page(Some("acte incertain"), None, None, 9).await.unwrap();
    assert_eq!(uncertain.len(), 1, "{uncertain:?}");
    assert_eq!(ids.len(), distinct.len() + 1, "one came twice, and can be recognised: {ids:?}");
}

#[tokio::test]
async fn a_locked_server_loses_no_mail() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    server.replies.lock().unwrap().extend([Reply::Locked; 40]);
    let report = bench.pass().await;
    assert_eq!(report.mailed, 0);
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 0, "nothing is given up");
    server.replies.lock().unwrap().clear();
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(8)).unwrap();
    bench.set_now(later);
    assert!(bench.pass().await.mailed > 1, "once mended, they leave");
}

#[tokio::test]
async fn an_absent_server_is_asked_once_a_pass_and_keeps_nothing_else_waiting() {
    let mut bench = Bench::after("lot", 20).await;
    bench.daemon.mailer = Some(Mailer::new("smtp://127.0.0.1:9", "a@b.example", None).unwrap());
    let report = bench.pass().await;
    assert_eq!((report.annotated, report.mailed), (20, 0));
    let tries = report.failures.iter().filter(|line| line.contains("could not leave")).count();
    assert!(tries <= 2, "{:?}", report.failures);
}

#[tokio::test]
async fn an_address_that_has_the_mail_is_not_sent_it_again_with_the_others() {
    let server = Server::start().await;
    let mut bench = bench(&server).await;
    bench.daemon.acting.organisme =
        vec!["un@organisme.example".to_owned(), "deux@organisme.example".to_owned()];
    bench.daemon.acting.since = Some(jiff::civil::date(2027, 1, 1));
    let quiet = vigie::daemon::Hours { morning: false, digest: false, monthly: false };
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench.daemon.deliver_mails(quiet).await.unwrap();
    let before = server.ids().len();
    // The digest: the first address takes it, the second cannot yet.
    server.replies.lock().unwrap().extend([Reply::Accept, Reply::PutOff]);
    bench.daemon.deliver_mails(vigie::daemon::Hours { digest: true, ..quiet }).await.unwrap();
    assert_eq!(server.ids().len(), before + 1);
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(2)).unwrap();
    bench.set_now(later);
    bench.daemon.deliver_mails(quiet).await.unwrap();
    let received = server.received.lock().unwrap();
    let to = |address: &str| received.iter().filter(|mail| mail.contains(&format!("To: {address}"))).count();
    assert_eq!((to("un@organisme.example"), to("deux@organisme.example")), (1, 1));
}

#[tokio::test]
async fn a_bad_address_among_several_does_not_cost_the_others_their_mail() {
    let server = Server::start().await;
    let mut bench = bench(&server).await;
    bench.daemon.acting.organisme =
        vec!["parti@organisme.example".to_owned(), "label@organisme.example".to_owned()];
    bench.daemon.acting.since = Some(jiff::civil::date(2027, 1, 1));
    // What concerns the services is sent first, then the body's digest.
    bench
        .daemon
        .deliver_mails(vigie::daemon::Hours { morning: false, digest: false, monthly: false })
        .await
        .unwrap();
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    bench
        .daemon
        .deliver_mails(vigie::daemon::Hours { morning: false, digest: false, monthly: false })
        .await
        .unwrap();
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    let digest = vigie::daemon::Hours { morning: false, digest: true, monthly: false };
    let before = server.ids().len();
    bench.daemon.deliver_mails(digest).await.unwrap();
    assert_eq!(server.ids().len(), before + 1, "the other address has it");
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(24)).unwrap());
    let report = bench.daemon.deliver_mails(digest).await.unwrap();
    assert!(report.failures.iter().any(|line| line.contains("1 address(es)")), "{:?}", report.failures);
    bench.pass().await;
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn a_mail_put_off_again_and_again_waits_longer_each_time() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    server.replies.lock().unwrap().extend([Reply::PutOff; 99]);
    let left = || server.replies.lock().unwrap().len();
    let (began, mut tried, mut before) = (bench.daemon.book.clock.now(), Vec::new(), left());
    for minute in [0, 1, 2, 3, 4, 6, 7, 8, 14, 15, 16, 30, 31] {
        bench.set_now(began.checked_add(SignedDuration::from_mins(minute)).unwrap());
        bench.pass().await;
        if left() < before {
            tried.push(minute);
        }
        before = left();
    }
    assert_eq!(tried, [0, 1, 3, 7, 15, 31], "after 1, 2, 4, 8 and 16 minutes");
    assert_eq!(server.ids().len(), 0);
}

/// Two services with one contact: the refusal is noticed for the first, and each shows it until either says that it is
/// mended.
#[tokio::test]
async fn an_address_that_refuses_is_shown_by_each_dossier_that_has_it() {
    let server = Server::start().await;
    let bench = bench(&server).await;
    const CONTACT: &str = "Courriel de la personne à contacter";
    for number in [4243, 4244] {
        bench.simulator.world().edit_champ(number, CONTACT, "partagee@service.example");
    }
    bench.simulator.world().edit_champ(4242, CONTACT, "autre@service.example");
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.pass().await;
    server.replies.lock().unwrap().push_back(Reply::Refuse);
    bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(24)).unwrap());
    bench.pass().await;
    let pages = crate::web::Pages::over(&bench, None).await;
    let shown = async || {
        let mut shown = Vec::new();
        for number in [4242, 4243, 4244] {
            let page = pages.get(&format!("/dossiers/{number}")).await.1;
            shown.push(page.contains("la messagerie du contact refuse nos courriels"));
        }
        shown
    };
    assert_eq!(shown().await, [false, true, true]);
    let ledger = bench.daemon.store.ledger();
    let told =
        ledger.latest_mails(99).await.unwrap().into_iter().filter(|mail| mail.key.contains("/N-adresse/"));
    assert_eq!(
        told.map(|mail| mail.dossier).collect::<std::collections::BTreeSet<i64>>(),
        [4243, 4244].into()
    );
    // Either of them, whichever was refused first.
    let prints = ["partagee@service.example"].map(vigie::casebook::print);
    for number in [4244, 4243] {
        let now = bench.daemon.book.clock.now();
        ledger.refuse_address(&prints[0], (4243, "550"), Blame::Dead, now).await.unwrap();
        assert!(shown().await[1], "{number}");
        ledger.forget_refused_addresses(number, &prints).await.unwrap();
        assert_eq!(shown().await, [false; 3], "{number}");
    }
}

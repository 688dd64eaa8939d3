//! A fault of vigie inside a pass, in the daemon as `vigie run` makes it: it is logged, the pages go on, and the next pass
//! comes after a wait. When the passes cannot go on, the program ends with an error.
//!
//! No pass panics by itself. Here what reads the log of the thread does, at the end of a pass: the panic begins inside
//! the task of that pass, wherever the program was.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use vigie::commands::{CommandOutcome, run};
use vigie::config::{self, Settings};

/// What `pass done` says, and what is said of a pass that panicked.
const DONE: &str = "pass done";
const ENDED: &str = "a pass was ended by a fault of vigie";

/// Keeps what is logged, and panics at a line that begins with one of these, once each.
#[derive(Clone, Default)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    panics: Arc<Mutex<Vec<&'static str>>>,
}

impl Log {
    fn panicking_at(lines: &[&'static str]) -> Log {
        Log { panics: Arc::new(Mutex::new(lines.to_vec())), ..Log::default() }
    }

    fn count(&self, line: &str) -> usize {
        self.lines.lock().unwrap().iter().filter(|said| said.contains(line)).count()
    }

    async fn until(&self, line: &str) {
        crate::running::until(line, || self.count(line) > 0).await;
    }
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            *self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && metadata.target().starts_with("vigie")
            && *metadata.level() <= tracing::Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = String::new();
        event.record(&mut Text(&mut line));
        self.lines.lock().unwrap().push(format!("{} {line}", event.metadata().level()));
        let due = {
            let mut panics = self.panics.lock().unwrap();
            let due = panics.iter().position(|start| line.starts_with(start));
            due.map(|rank| panics.remove(rank))
        };
        if let Some(line) = due {
            panic!("on purpose, at « {line} »");
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The settings of a daemon that polls each second.
fn settings(folder: &std::path::Path) -> Settings {
    crate::bench::tls();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let set = [
        ("VIGIE_SCHEDULE__POLL", "* * * * * *".to_owned()),
        ("VIGIE_WEB__LISTEN", format!("127.0.0.1:{port}")),
        ("VIGIE_ACT__MAIL", "false".to_owned()),
        // The program that would open attachments is the one that runs: here, these tests.
        ("VIGIE_DOCUMENTS__INSPECT", "false".to_owned()),
    ];
    let set = set.map(|(name, value)| (name.to_owned(), value));
    config::load(&folder.join("vigie.toml"), true, set.into_iter()).unwrap()
}

#[tokio::test]
async fn a_pass_that_panics_is_logged_and_the_daemon_goes_on() {
    let simulator = crate::running::platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let settings = settings(folder.path());
    let log = Log::panicking_at(&[DONE]);
    let _heard = tracing::subscriber::set_default(log.clone());
    let program = run::forever(&settings);
    let requests = || simulator.world().counters().requests;
    let outside = async {
        log.until(ENDED).await;
        let before = requests();
        let page = format!("http://{}/sante", settings.web.listen);
        let answer = vigie::tls::client_builder().build().unwrap().get(&page).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains("<h1"), "the pages are not served");
        // Other passes come a second after each other: this one waits for half a minute.
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(requests(), before, "the pass after a panic came at once");
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(31)).await;
        tokio::time::resume();
        crate::running::until("two more passes", || requests() >= before + 2).await;
        let sent =
            std::process::Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status();
        assert!(sent.unwrap().success());
    };
    let (ended, ()) = tokio::join!(program, outside);
    assert!(matches!(ended.unwrap(), CommandOutcome::Done));
    assert_eq!(log.count("ERROR "), 1, "{:?}", log.lines.lock().unwrap());
}

#[tokio::test]
async fn passes_that_cannot_go_on_end_the_program_with_an_error() {
    let simulator = crate::running::platform("petit", 0).await;
    let folder = crate::cli::folder(&simulator.endpoint());
    let settings = settings(folder.path());
    // The second panic is outside the task of a pass: where passes are started.
    let log = Log::panicking_at(&[DONE, ENDED]);
    let _heard = tracing::subscriber::set_default(log.clone());
    let ended = tokio::time::timeout(Duration::from_secs(40), run::forever(&settings)).await.unwrap();
    let error = ended.expect_err("the program ended as if it had been asked to");
    assert!(format!("{error:#}").starts_with("the passes ended by a fault of vigie: "), "{error:#}");
}

//! A platform, a store, a mailbox and a daemon on one clock that the test sets.

use std::time::Duration;

use jiff::Timestamp;
use label::Choices;
use label::outgoing::{Beginnings, Platform};
use secrecy::SecretString;
use simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Scenario, Simulator, TOKEN};
use tokio_util::sync::CancellationToken;
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::daemon::progress::Progress;
use vigie::daemon::quiet::Quiet;
use vigie::daemon::source::Source;
use vigie::daemon::{Acting, Daemon, Error, Hours, Report};
use vigie::dn::form::FormMap;
use vigie::dn::{Dn, Endpoint, Scope};
use vigie::mail::{Kept, Letterhead, Mailer};
use vigie::store::Store;

pub const FORM: &str = include_str!("../../config/form.toml");

pub struct Bench {
    pub simulator: Simulator,
    pub daemon: Daemon,
    pub mailer: Mailer,
}

/// The provider may only be installed once; every test calls this.
pub fn tls() {
    vigie::tls::install_provider();
}

pub fn demarche() -> Scope {
    Scope { demarche: Some(i64::from(DEMARCHE)), groupe: None }
}

/// The body of these tests, whose platform answers at `endpoint`.
pub fn letterhead(endpoint: &str) -> Letterhead {
    let begin = Beginnings {
        application: Some("https://dn.example/commencer/label".to_owned()),
        ..Beginnings::default()
    };
    Letterhead {
        name: "Boréal Certification".to_owned(),
        address: vec!["12 rue du Port".to_owned(), "37000 Tours".to_owned()],
        telephone: Some("02 47 00 00 00".to_owned()),
        platform: Platform { endpoints: vec![(None, endpoint.to_owned())], begin },
        logo: None,
    }
}

impl Bench {
    /// A scenario run to its end, at the instant after its last step.
    pub async fn after(name: &str, dossiers: u32) -> Bench {
        Bench::stored(name, dossiers, "sqlite::memory:").await
    }

    /// The same over the store at `url`.
    pub async fn stored(name: &str, dossiers: u32, url: &str) -> Bench {
        let mut scenario = Scenario::named(name, 1, dossiers).unwrap();
        let mut world = scenario.world();
        let end = scenario.end();
        scenario.advance_to(&mut world, end);
        let any = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(any, any, world).await.unwrap();
        Bench::over(simulator, url, FORM, demarche()).await
    }

    pub async fn over(simulator: Simulator, store: &str, form: &str, scope: Scope) -> Bench {
        tls();
        let now = simulator.world().now();
        let mailer = Mailer::memory("Label SP+ <label@organisme.example>").unwrap();
        let mailer = mailer.signed(letterhead(&simulator.endpoint()));
        let endpoint = Endpoint::new(&simulator.endpoint(), SecretString::from(TOKEN.to_owned())).unwrap();
        let endpoint = endpoint.with_patience(Duration::from_millis(1));
        let map: FormMap = toml::from_str(form).unwrap();
        let store = Store::open(store).await.unwrap();
        let daemon = Daemon {
            exports: None,
            sources: vec![Source::new(Dn::new(endpoint, scope, Some(INSTRUCTEUR_EMAIL.to_owned())), map)],
            book: CaseBook::new(&store, Clock::manual(now), Choices::default(), Vec::new()),
            store,
            mailer: Some(mailer.clone()),
            hooks: Vec::new(),
            acting: Acting {
                annotations: true,
                mail: true,
                messages: false,
                dry_run: false,
                since: None,
                token_ends: Vec::new(),
                organisme: vec!["label@organisme.example".to_owned()],
                desks: Vec::new(),
                ditp: vec!["ditp@example.gouv.fr".to_owned()],
                returned: None,
                mails_per_day: 5,
                known_days: 7,
                quiet: Quiet::never(),
            },
            replica: Default::default(),
            activity: Default::default(),
            progress: Progress::default(),
            terms: Default::default(),
            reading: None,
            stop: CancellationToken::new(),
        };
        Bench { simulator, daemon, mailer }
    }

    pub async fn pass(&self) -> Report {
        self.try_pass().await.unwrap()
    }

    pub async fn try_pass(&self) -> Result<Report, Error> {
        self.daemon.pass(Hours::ALL).await
    }

    /// Sets the clock of the platform and of the daemon.
    pub fn set_now(&self, now: Timestamp) {
        self.simulator.world().set_now(now);
        self.daemon.book.clock.set(now);
    }

    pub fn mails(&self) -> Vec<Kept> {
        self.mailer.kept()
    }

    pub fn subjects(&self) -> Vec<String> {
        self.mails().into_iter().map(|mail| mail.mail.letter.subject).collect()
    }

    /// Requests and mutations since the counters were last set to zero.
    pub fn requests(&self) -> (u64, u64) {
        let counters = self.simulator.world().counters();
        (counters.requests, counters.mutations)
    }

    pub fn annotation(&self, dossier: u32, label: &str) -> String {
        self.simulator.world().annotation_text(dossier, label).unwrap_or_default()
    }
}

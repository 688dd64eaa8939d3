//! `vigie demo`: no credentials, no file, no network. Simulator, daemon, mailbox and pages on one simulated clock.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::run::{serve, until_stopped};
use super::signals::Signals;
use super::{CommandOutcome, narrator, say};

use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::config::{KNOWN_DAYS, MAILS_PER_DAY};
use crate::daemon::attachments::AttachmentReading;
use crate::daemon::progress::Progress;
use crate::daemon::quiet::Quiet;
use crate::daemon::source::Source;
use crate::daemon::{Acting, Daemon, Hours};
use crate::dn::files::FileDoor;
use crate::dn::form::FormMap;
use crate::dn::{Dn, Endpoint, Scope};
use crate::documents::Documents;
use crate::documents::tables::layout::{Layouts, requests};
use crate::mail::{Letterhead, Mailer};
use crate::retry::passes::STOP_WITHIN;
use crate::store::Store;
use crate::web::AppState;
use crate::web::demo::control::{Demo, Files, PlatformFile};
use label::Choices;
use label::outgoing::Platform;
use label::paris_date;
use simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Scenario, Simulator, TOKEN};

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");
const DAY: i64 = 86_400;
/// Of a file of the scenario.
const MAX_BYTES: u64 = 10_000_000;
/// Above this speed, nobody reads.
const READABLE: i64 = 10 * DAY;
/// How long a day stands still on which something happened.
const READING: Duration = Duration::from_millis(1500);
/// The shipped description of the form. The simulator has the same form.
const FORM: &str = include_str!("../../config/form.toml");

/// The running parts of the demo: simulator, daemon and pages.
pub struct RunningDemo {
    pub simulator: Arc<Simulator>,
    pub scenario: Scenario,
    pub daemon: Daemon,
    pub demo: Arc<Demo>,
}

/// Starts the simulator, the daemon and the pages on a store in memory.
///
/// # Errors
/// When no port can be bound or the store cannot be created.
pub async fn stage(seed: u64, speed: i64) -> anyhow::Result<RunningDemo> {
    let scenario = Scenario::named("trois-ans", seed, 0).context("the demo's scenario is missing")?;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator =
        Simulator::start(any, any, scenario.world()).await.context("the simulator cannot start")?;
    let simulator = Arc::new(simulator);
    let clock = Clock::manual(scenario.start());
    let platform = Platform { endpoints: vec![(None, simulator.endpoint())], ..Platform::default() };
    let name = "Boréal Certification".to_owned();
    let mailer = Mailer::memory("Label SP+ <label@organisme.example>")?;
    let mailer = mailer.signed(Letterhead { name, platform, ..Letterhead::default() });
    let form: FormMap = toml::from_str(FORM).context("the built-in form.toml")?;
    let endpoint = Endpoint::new(&simulator.endpoint(), SecretString::from(TOKEN.to_owned()))?;
    let scope = Scope { demarche: Some(i64::from(DEMARCHE)), groupe: None };
    let store = Store::open("sqlite::memory:").await?;
    let daemon = Daemon {
        exports: None,
        stop: CancellationToken::new(),
        sources: vec![Source::new(Dn::new(endpoint, scope, Some(INSTRUCTEUR_EMAIL.to_owned())), form)],
        book: CaseBook::new(&store, clock, Choices::default(), Vec::new()),
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
            mails_per_day: MAILS_PER_DAY,
            known_days: KNOWN_DAYS,
            // Its only pass of a day may be at night.
            quiet: Quiet::never(),
        },
        replica: Default::default(),
        activity: Default::default(),
        progress: Progress::default(),
        terms: Default::default(),
        reading: None,
    };
    let demo = Demo::over(speed, mailer, files(&simulator));
    Ok(RunningDemo { simulator, scenario, daemon, demo })
}

/// The files of the simulated platform, for the pages that open them.
fn files(simulator: &Arc<Simulator>) -> Files {
    let simulator = Arc::clone(simulator);
    Box::new(move |dossier, checksum| {
        let file = simulator.world().file(u32::try_from(dossier).ok()?, checksum)?;
        Some(PlatformFile { name: file.filename, media: file.content_type, bytes: file.bytes })
    })
}

impl RunningDemo {
    /// Attachments are read, each in a process of `program`, which is vigie.
    ///
    /// # Errors
    /// When the address of the simulator is none.
    pub fn open_documents(&mut self, program: PathBuf) -> anyhow::Result<()> {
        let door = FileDoor::new(&self.simulator.endpoint(), &[])?;
        let tables = requests(&Layouts::default(), &Choices::default());
        let documents = Documents { program, antivirus: None, max_bytes: MAX_BYTES, tables };
        self.daemon.reading = Some(AttachmentReading { door, documents, copies: None });
        Ok(())
    }

    /// Sets all clocks to `now`, runs the scenario's steps up to then, makes one pass of the daemon, and adds both to the
    /// story. Returns whether anything happened on the platform.
    ///
    /// # Errors
    /// When the pass fails.
    pub async fn live_until(&mut self, now: Timestamp) -> anyhow::Result<bool> {
        let captions = {
            let mut world = self.simulator.world();
            let captions = self.scenario.advance_to(&mut world, now);
            world.set_now(now);
            captions
        };
        self.daemon.book.clock.set(now);
        // The demo makes one pass a day, so that pass also sends what is sent at a later hour. The digest is sent on
        // working days only.
        let weekend = matches!(paris_date(now).weekday(), Weekday::Saturday | Weekday::Sunday);
        self.daemon.recorded_pass(Hours { morning: true, digest: !weekend, monthly: true }).await?;
        narrator::tell(&self.demo, (&self.daemon.store, &self.daemon.book), &captions, now).await?;
        self.demo.day_over(!captions.is_empty());
        Ok(!captions.is_empty())
    }

    /// As [`RunningDemo::live_until`]. A pass that fails is logged, as in `vigie run`, and the next day's pass does what it
    /// left undone. The pages are served meanwhile.
    pub async fn live_day(&mut self, now: Timestamp) -> bool {
        match self.live_until(now).await {
            Ok(happened) => happened,
            Err(error) => {
                tracing::error!("pass stopped: {error:#}");
                false
            }
        }
    }

    fn is_over(&self) -> bool {
        self.daemon.book.clock.now() >= self.scenario.end()
    }
}

/// 6:15 in Paris on the day after `now`: the time of the daily judgement.
fn next_morning(now: Timestamp) -> Timestamp {
    let tomorrow = PARIS.to_datetime(now).date().saturating_add(1.day());
    let morning = tomorrow.at(6, 15, 0, 0);
    PARIS.to_timestamp(morning).unwrap_or_else(|_| now.saturating_add((24).hours()).unwrap_or(now))
}

/// # Errors
/// When the address is taken, or the demo cannot start.
pub async fn demo(
    listen: SocketAddr,
    seed: u64,
    speed: i64,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "--listen {listen}: cannot listen there; try another port, for instance --listen 127.0.0.1:8090"
        )
    })?;
    let address = listener.local_addr()?;
    // Whoever asks while one story makes place for the next waits in the queue of this socket.
    let listener = listener.into_std()?;
    // Before anybody is told that there is something to stop.
    let mut signals = Signals::listen()?;
    say(
        out,
        &format!("Démonstration : ouvrez http://{address}/demo dans un navigateur. Ctrl-C pour arrêter."),
    );
    let program = std::env::current_exe().context("where this program is")?;
    loop {
        let own = TcpListener::from_std(listener.try_clone()?)?;
        let mut stage = stage(seed, speed).await?;
        stage.open_documents(program.clone())?;
        if let Some(outcome) = tell(own, stage, signals).await? {
            return Ok(outcome);
        }
        signals = Signals::listen()?;
    }
}

/// One story, until the program is to end; `None` when the reader wants it from its beginning.
async fn tell(
    listener: TcpListener,
    stage: RunningDemo,
    signals: Signals,
) -> anyhow::Result<Option<CommandOutcome>> {
    let app = AppState::new(
        stage.daemon.store.clone(),
        stage.daemon.book.clone(),
        String::new(),
        Some(Arc::clone(&stage.demo)),
    )?;
    let stop = stage.daemon.stop.clone();
    let again = stage.demo.again.clone();
    let pages = tokio::spawn(serve(listener, app, stop.clone()));
    let life = tokio::spawn(live(stage));
    tokio::select! {
        ended = until_stopped(life, pages, &stop) => ended.map(Some),
        () = signals.stop(&stop, STOP_WITHIN) => Ok(Some(CommandOutcome::Failed)),
        () = again.cancelled() => {
            stop.cancel();
            Ok(None)
        }
    }
}

/// Advances the simulated time until a stop is asked for: at the chosen speed, or one day at a time.
async fn live(mut stage: RunningDemo) {
    let (demo, stop) = (Arc::clone(&stage.demo), stage.daemon.stop.clone());
    stage.live_day(stage.scenario.start()).await;
    while !stop.is_cancelled() {
        let step = demo.steps.load(Ordering::Relaxed) > 0;
        let hurried = demo.hurried.load(Ordering::Relaxed) || demo.turning.load(Ordering::Relaxed);
        let paused = demo.paused.load(Ordering::Relaxed) && !step && !hurried;
        if paused || stage.is_over() {
            demo.hurried.store(false, Ordering::Relaxed);
            demo.turning.store(false, Ordering::Relaxed);
            if demo.ended.swap(stage.is_over(), Ordering::Relaxed) != stage.is_over() {
                demo.version.fetch_add(1, Ordering::Relaxed);
            }
            let _ = stop.run_until_cancelled(demo.wake.notified()).await;
            continue;
        }
        let started = tokio::time::Instant::now();
        let now = stage.daemon.book.clock.now();
        let happened = stage.live_day(next_morning(now)).await;
        if step {
            demo.steps.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        if hurried {
            continue;
        }
        let day = lasts(demo.speed.load(Ordering::Relaxed), happened);
        tokio::select! {
            () = tokio::time::sleep_until(started + day) => {}
            () = demo.wake.notified() => {}
            () = stop.cancelled() => {}
        }
    }
}

/// How long a simulated day lasts: one on which something happened, long enough to be read, save for a reader who
/// wants to be at the end.
fn lasts(speed: i64, happened: bool) -> Duration {
    let day = Duration::from_millis((DAY * 1000 / speed.max(1)).unsigned_abs());
    if happened && speed <= READABLE { day.max(READING) } else { day }
}

/// « 10d », « 12h »: simulated time per second, in seconds.
///
/// # Errors
/// When the text is not a number of days or hours between one hour and thirty days.
pub fn parse_speed(text: &str) -> Result<i64, String> {
    let wrong = || "expected simulated time per second such as 1d, 10d or 12h (at most 30d)".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "d" | "j" => number.checked_mul(DAY),
        "h" => number.checked_mul(3600),
        _ => None,
    };
    seconds.filter(|seconds| (3600..=30 * DAY).contains(seconds)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_slows_where_something_happens_and_not_for_who_wants_its_end() {
        assert_eq!(lasts(10 * DAY, false), Duration::from_millis(100));
        assert_eq!(lasts(10 * DAY, true), READING);
        assert_eq!(lasts(30 * DAY, true), Duration::from_millis(33));
        assert_eq!(lasts(DAY / 2, true), Duration::from_secs(2), "a slow day is long enough");
    }
}

//! `vigie run`: the daemon, or one full pass.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::signals::Signals;
use super::upcoming::upcoming;
use super::watch::{ready, watch};
use super::{CommandOutcome, access, check_machine, daemon, say, scope};
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon::presence::Present;
use crate::daemon::quiet::Quiet;
use crate::daemon::rounds::passes as make_passes;
use crate::daemon::schedule::Duties;
use crate::daemon::{Daemon, Report};
use crate::dn::{Counters, RequestKind};
use crate::retry::{pages, passes};
use crate::store::exported::SCOPE;
use crate::web::{AppState, Requests, metrics_router, router};
use label::wording::passes as sentences;
use label::wording::rules_change;

/// One pass, until nothing is left to do now.
///
/// # Errors
/// What stopped the pass: configuration, platform, store.
pub async fn once(settings: &Settings, dry_run: bool, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let quiet = Quiet::new(&settings.mail.quiet)?.on_days_only();
    let duties = Duties::new(&settings.schedule)?.resting_on_holidays(quiet.holidays());
    let daemon = daemon(settings, dry_run, quiet).await?;
    let signals = Signals::listen()?;
    if dry_run
        && let Some(upcoming) = upcoming(&daemon.store, &daemon.book).await?
        && !upcoming.changes.is_empty()
    {
        say(out, &rules_change::announcement(&upcoming).join("\n  "));
    }
    if !dry_run {
        daemon.join();
    }
    let observing = daemon.take_turn().await?;
    let (wake, called) = (Arc::default(), Arc::default());
    let present = Present::keep(&daemon, &wake, &called);
    if !observing && let Some(name) = daemon.replica.observer().await? {
        say(out, &sentences::observed_elsewhere(&name));
    }
    let mut report = Report::default();
    let outcome = tokio::select! {
        outcome = whole(&daemon, &duties, dry_run, &mut report) => outcome,
        () = signals.stop(&daemon.stop, within(settings)) => return Ok(CommandOutcome::Failed),
    };
    drop(present);
    daemon.leave().await;
    // What the other sections did is told before why one of them stopped.
    if outcome.is_ok() || report != Report::default() {
        show(&report, dry_run, out);
    }
    outcome?;
    if !observing {
        return Ok(CommandOutcome::Failed);
    }
    if daemon.is_stopping() {
        say(out, sentences::STOPPED);
        return Ok(CommandOutcome::Failed);
    }
    if let Some((tasks, until)) = daemon.claimed().await?.filter(|_| !dry_run) {
        let until = daemon.book.clock.in_paris(until).time();
        tracing::warn!(tasks, "{tasks} tasks wait until {}", until.strftime("%H:%M"));
        say(out, &sentences::claimed(tasks, until));
        return Ok(CommandOutcome::Failed);
    }
    Ok(if report.failures.is_empty() { CommandOutcome::Done } else { CommandOutcome::Failed })
}

/// How long tasks are still claimed by another process, or by one that was killed; `None` when none is, or for longer
/// than this command waits.
async fn claims_end(daemon: &Daemon) -> anyhow::Result<Option<Duration>> {
    let now = daemon.book.clock.now();
    let left = daemon.claimed().await?.map(|(_, until)| until.duration_since(now));
    Ok(left.filter(|left| *left <= passes::CLAIMED).map(|left| left.unsigned_abs()))
}

/// Passes until nothing is left to do now, or a stop is asked for.
async fn whole(daemon: &Daemon, duties: &Duties, dry_run: bool, report: &mut Report) -> anyhow::Result<()> {
    let now = daemon.book.clock.now();
    if daemon.replica.observes() {
        daemon.begin_sweep(|last| duties.sweep.next(last).is_some_and(|due| due <= now)).await?;
    }
    let hours = duties.of_the_day(now);
    if dry_run {
        daemon.pass_into(hours, report).await?;
    } else {
        daemon.recorded_pass_into(hours, report).await?;
    }
    let mut more_mails = report.more_mails;
    while !dry_run && !daemon.is_stopping() {
        let left = more_mails || (daemon.replica.observes() && daemon.has_more().await?);
        if !left {
            let Some(wait) = claims_end(daemon).await? else { break };
            let _ = daemon.stop.run_until_cancelled(tokio::time::sleep(wait)).await;
        }
        let mut next = Report::default();
        let outcome = daemon.recorded_pass_into(hours, &mut next).await;
        more_mails = next.more_mails;
        report.add(next);
        outcome?;
    }
    Ok(())
}

pub(super) fn show(report: &Report, dry_run: bool, out: &mut dyn Write) {
    for action in &report.would_do {
        say(out, &sentences::action(action));
    }
    for failure in &report.failures {
        say(out, &format!("! {failure}"));
    }
    let counts = report.counts();
    let line = if dry_run { sentences::tried(&counts, &report.would_do) } else { sentences::done(&counts) };
    say(out, &line);
}

/// The daemon: passes on schedule, pages, until a signal.
///
/// # Errors
/// What prevents the start: configuration, store, address in use. Once started, an error is logged, shown on the
/// pages, and retried.
pub async fn forever(settings: &Settings) -> anyhow::Result<CommandOutcome> {
    let mut quiet = Quiet::new(&settings.mail.quiet)?;
    let duties = Duties::new(&settings.schedule)?.resting_on_holidays(quiet.holidays());
    if let Err(error) = quiet.check_passes(&duties.poll, Clock::System.now()) {
        // Mails at night are better than none.
        tracing::error!("{error}; mail.quiet is left out of account");
        quiet = Quiet::never();
    }
    let daemon = daemon(settings, false, quiet).await?;
    let first = settings.dn.all().first().map_or(SCOPE.to_owned(), |section| scope(section).key());
    let access = access(settings)?;
    let root = access.hosts.root().to_owned();
    let mut app = AppState::new(daemon.store.clone(), daemon.book.clone(), first, None)?
        .under(&root)?
        .with_platform(super::letterhead::platform(settings))
        .behind(access)
        .from_site(settings.site()?)
        .paced(settings.web.api_per_minute);
    let wake = Arc::new(Notify::new());
    // Where another replica observes, it is told.
    let called = Arc::new(Notify::new());
    daemon.join();
    let reached = if daemon.replica.is_one_of_several() { &called } else { &wake };
    app.wake = settings.dn.callback.then(|| Arc::clone(reached));
    app.soon = Some(Arc::clone(reached));
    app.activity = Some(Arc::clone(&daemon.activity));
    app.requests = Some(requests(&daemon));
    app.token_ends.clone_from(&daemon.acting.token_ends);
    if let Some(mailer) = &daemon.mailer {
        app.domain = mailer.domain();
    }
    let (listener, metrics) = listeners(settings).await?;
    let signals = Signals::listen()?;
    if let Some(listener) = metrics {
        let metrics = metrics_router(app.clone());
        drop(tokio::spawn(crate::web::serve(listener, metrics, daemon.stop.clone())));
    }
    let watching = tokio::spawn(watch(Arc::clone(&daemon.activity), daemon.stop.clone()));
    let pages = tokio::spawn(serve(listener, app, daemon.stop.clone()));
    let work = {
        let (daemon, duties) = (Arc::clone(&daemon), duties);
        tokio::spawn(async move {
            // Known before the first pass: whoever observes then reads, the others deliver.
            if let Err(error) = daemon.take_turn_now().await {
                tracing::warn!("this replica cannot say that it is there: {error}");
            }
            let present = Present::keep(&daemon, &wake, &called);
            make_passes(&daemon, &duties, &wake).await;
            drop(present);
            daemon.leave().await;
        })
    };
    ready();
    if settings.documents.inspect {
        drop(tokio::spawn(check_machine::say_fence()));
    }
    let ended = tokio::select! {
        ended = until_stopped(work, pages, &daemon.stop) => ended,
        () = signals.stop(&daemon.stop, within(settings)) => Ok(CommandOutcome::Failed),
    };
    watching.abort();
    ended
}

/// The requests to the platform, by kind. Sections with one token share their count.
fn requests(daemon: &Arc<Daemon>) -> Requests {
    let daemon = Arc::clone(daemon);
    Arc::new(move || {
        let mut all: Vec<&Counters> = Vec::new();
        for counters in daemon.sources.iter().map(|source| source.dn.counters()) {
            if !all.iter().any(|known| std::ptr::eq(*known, counters)) {
                all.push(counters);
            }
        }
        let of = |kind: RequestKind| (kind.word(), all.iter().map(|counters| counters.of(kind)).sum());
        RequestKind::ALL.map(of).to_vec()
    })
}

/// Where the pages and, on an address of their own, the metrics are asked for. Nothing is said to be there before both are.
async fn listeners(settings: &Settings) -> anyhow::Result<(TcpListener, Option<TcpListener>)> {
    let bind = async |key: &str, at: SocketAddr| {
        TcpListener::bind(at).await.map_err(|error| anyhow!("{key}: {}", not_heard(at, &error)))
    };
    let pages = bind("web.listen", settings.web.listen).await?;
    let metrics = match settings.web.metrics_listen {
        Some(at) => Some(bind("web.metrics_listen", at).await?),
        None => None,
    };
    let address = pages.local_addr().unwrap_or(settings.web.listen);
    tracing::info!(%address, "pages on http://{address}");
    if let Some(address) = metrics.as_ref().and_then(|metrics| metrics.local_addr().ok()) {
        tracing::info!(%address, "metrics on http://{address}/metrics");
    }
    Ok((pages, metrics))
}

/// Why nobody can be listened to there, and what to do.
fn not_heard(place: SocketAddr, error: &std::io::Error) -> String {
    let remedy = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "another program listens there, perhaps another vigie: end it, or choose another port"
        }
        std::io::ErrorKind::PermissionDenied => {
            "ports below 1024 are for root: choose a higher one, behind a proxy"
        }
        std::io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address: take one of its own, or 0.0.0.0"
        }
        _ => "choose another address or port",
    };
    format!("cannot listen on {place} ({error}): {remedy}")
}

/// Waits for the two tasks of a daemon, or of the demo. A pass that panics does not end the passes ([`make_passes`]).
/// When the pages are no longer served, or the passes end without a stop, the program ends with an error, so that its
/// supervisor restarts it.
pub(super) async fn until_stopped(
    work: JoinHandle<()>,
    pages: JoinHandle<std::io::Result<()>>,
    stop: &CancellationToken,
) -> anyhow::Result<CommandOutcome> {
    let (mut work, mut pages) = (work, pages);
    tokio::select! {
        ended = &mut work => ended.context("the passes ended by a fault of vigie")?,
        ended = &mut pages => {
            if !stop.is_cancelled() {
                ended.context("the pages ended by a fault of vigie")?.context("the pages cannot be served")?;
                anyhow::bail!("the pages ended unasked");
            }
            work.await.context("the passes ended by a fault of vigie")?;
            return Ok(CommandOutcome::Done);
        }
    }
    // A connection that stays open does not delay the end of the program any longer.
    let _ = tokio::time::timeout(pages::DRAIN, pages).await;
    Ok(CommandOutcome::Done)
}

/// Serves the pages until a stop is asked for. Requests already received are then answered.
pub(super) async fn serve(
    listener: TcpListener,
    app: AppState,
    stop: CancellationToken,
) -> std::io::Result<()> {
    crate::web::serve(listener, router(app), stop).await
}

fn within(settings: &Settings) -> Duration {
    Duration::from_secs(settings.schedule.stop_within)
}

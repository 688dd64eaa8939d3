//! `vigie run`: the daemon, or one full pass.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::signals::Signals;
use super::{Outcome, access, daemon, say, scope};
use crate::config::Settings;
use crate::daemon::rounds::passes;
use crate::daemon::schedule::Duties;
use crate::daemon::{Daemon, Hours, Report};
use crate::retry::pages;
use crate::web::{Window, router};
use label::outgoing::Action;
use label::wording::{date_short, messages, names};

/// One pass, until nothing is left to do now.
///
/// # Errors
/// What stopped the pass: configuration, platform, store.
pub async fn once(settings: &Settings, dry_run: bool, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let daemon = daemon(settings, dry_run).await?;
    let duties = Duties::new(&settings.schedule)?;
    let signals = Signals::listen()?;
    let report = tokio::select! {
        report = whole(&daemon, &duties, dry_run) => report?,
        () = signals.stop(&daemon.stop, within(settings)) => return Ok(Outcome::Failed),
    };
    show(&report, dry_run, out);
    if daemon.is_stopping() {
        say(out, "! arrêt demandé : le reste attend le prochain passage");
        return Ok(Outcome::Failed);
    }
    Ok(if report.failures.is_empty() { Outcome::Done } else { Outcome::Failed })
}

/// Passes until nothing is left to do now, or a stop is asked for.
async fn whole(daemon: &Daemon, duties: &Duties, dry_run: bool) -> anyhow::Result<Report> {
    let now = daemon.book.clock.now();
    daemon.begin_sweep(|last| duties.sweep.next(last).is_some_and(|due| due <= now)).await?;
    let mut report =
        if dry_run { daemon.pass(Hours::ALL).await? } else { daemon.recorded_pass(Hours::ALL).await? };
    while !dry_run && !daemon.is_stopping() && daemon.has_more().await? {
        report.add(daemon.recorded_pass(Hours::ALL).await?);
    }
    Ok(report)
}

pub(super) fn show(report: &Report, dry_run: bool, out: &mut dyn Write) {
    for action in &report.would_do {
        say(out, &action_line(action));
    }
    for failure in &report.failures {
        say(out, &format!("! {failure}"));
    }
    let verb = if dry_run {
        let to_do = report.would_do.iter().filter(|action| !matches!(action, Action::Recall(_))).count();
        format!("{to_do} action(s) à faire, rien n’a été fait")
    } else {
        let messages = match report.messaged {
            0 => String::new(),
            count => format!(", {count} message(s) sur la plateforme"),
        };
        let messages = match report.notified {
            0 => messages,
            count => format!("{messages}, {count} avis par webhook"),
        };
        let (annotated, mailed) = (report.annotated, report.mailed);
        format!("{annotated} dossier(s) annoté(s), {mailed} courriel(s) envoyé(s){messages}")
    };
    let (observed, changed, judged) = (report.observed, report.changed, report.judged);
    say(
        out,
        &format!(
            "{observed} dossier(s) lu(s), dont {changed} nouveau(x) ou modifié(s) ; {judged} cas jugé(s) ; {verb}"
        ),
    );
}

/// One action as `--dry-run` prints it: what, to whom; no address.
fn action_line(action: &Action) -> String {
    match action {
        Action::Mail(mail) => {
            format!(
                "courriel    dossier {} → {} : {}",
                mail.dossier,
                names::role(mail.role),
                mail.letter.subject
            )
        }
        Action::Recall(recall) => {
            let (mail, on) = (&recall.mail, date_short(recall.on));
            format!(
                "déjà parti  dossier {} → {} le {on}, d’après son annotation : {}",
                mail.dossier,
                names::role(mail.role),
                mail.letter.subject
            )
        }
        Action::Message(message) => {
            format!("message     dossier {} → le candidat : {}", message.dossier, messages::title(message))
        }
        Action::Notify(notify) => {
            let (dossier, kind) = (notify.notice.dossier, notify.notice.kind);
            format!("webhook     dossier {dossier} → destinataire n° {} : {kind}", notify.receiver)
        }
        Action::Annotate(annotation) => {
            let changes: Vec<String> = annotation
                .changes
                .iter()
                .map(|(key, value)| format!("{key} = {}", names::value(value).replace('\n', " / ")))
                .collect();
            format!("annotations dossier {} : {}", annotation.dossier, changes.join("\n              "))
        }
    }
}

/// The daemon: passes on schedule, pages, until a signal.
///
/// # Errors
/// What prevents the start: configuration, store, address in use. Once started, an error is logged, shown on the
/// pages, and retried.
pub async fn forever(settings: &Settings) -> anyhow::Result<Outcome> {
    let duties = Duties::new(&settings.schedule)?;
    let daemon = daemon(settings, false).await?;
    let sections = settings.dn.all();
    let endpoints = sections.iter().map(|dn| (dn.demarche, dn.endpoint.clone().unwrap_or_default()));
    let mut window = Window::new(daemon.store.clone(), daemon.book.clone(), scope(&sections[0]).key(), None)?
        .with_platform(endpoints.collect())
        .behind(access(settings)?);
    window.token_ends.clone_from(&daemon.acting.token_ends);
    if let Some(mailer) = &daemon.mailer {
        window.domain = mailer.domain();
    }
    let listener = TcpListener::bind(settings.web.listen)
        .await
        .with_context(|| format!("web.listen: cannot listen on {}", settings.web.listen))?;
    tracing::info!(address = %settings.web.listen, "pages on http://{}", settings.web.listen);
    let signals = Signals::listen()?;
    let pages = tokio::spawn(serve(listener, window, daemon.stop.clone()));
    let work = {
        let (daemon, duties) = (Arc::clone(&daemon), duties);
        tokio::spawn(async move { passes(&daemon, &duties).await })
    };
    tokio::select! {
        ended = until_stopped(work, pages, &daemon.stop) => ended,
        () = signals.stop(&daemon.stop, within(settings)) => Ok(Outcome::Failed),
    }
}

/// The two tasks of a daemon, or of the demo, watched. Passes survive a panic by themselves ([`passes`]); pages that are no longer
/// served, or passes that end unasked, end the program with an error, so that what started it starts it again.
pub(super) async fn until_stopped(
    work: JoinHandle<()>,
    pages: JoinHandle<std::io::Result<()>>,
    stop: &CancellationToken,
) -> anyhow::Result<Outcome> {
    let (mut work, mut pages) = (work, pages);
    tokio::select! {
        ended = &mut work => ended.context("the passes ended by a fault of vigie")?,
        ended = &mut pages => {
            if !stop.is_cancelled() {
                ended.context("the pages ended by a fault of vigie")?.context("the pages cannot be served")?;
                anyhow::bail!("the pages ended unasked");
            }
            work.await.context("the passes ended by a fault of vigie")?;
            return Ok(Outcome::Done);
        }
    }
    // A connection that stays open does not delay the end of the program any longer.
    let _ = tokio::time::timeout(pages::DRAIN, pages).await;
    Ok(Outcome::Done)
}

/// Serves the pages until a stop is asked for. Requests already received are then answered.
pub(super) async fn serve(
    listener: TcpListener,
    window: Window,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let pages = router(window).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, pages).with_graceful_shutdown(stop.cancelled_owned()).await
}

fn within(settings: &Settings) -> Duration {
    Duration::from_secs(settings.schedule.stop_within)
}

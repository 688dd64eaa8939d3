//! `vigie run`: the daemon, or one full pass.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::{Outcome, access, daemon, say, scope};
use crate::config::Settings;
use crate::daemon::schedule::Duties;
use crate::daemon::{Daemon, Hours, Report};
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
    let now = daemon.book.clock.now();
    daemon.begin_sweep(|last| duties.sweep.next(last).is_some_and(|due| due <= now)).await?;
    let mut report =
        if dry_run { daemon.pass(Hours::ALL).await? } else { daemon.recorded_pass(Hours::ALL).await? };
    while !dry_run && daemon.has_more().await? {
        report.add(daemon.recorded_pass(Hours::ALL).await?);
    }
    show(&report, dry_run, out);
    Ok(if report.failures.is_empty() { Outcome::Done } else { Outcome::Failed })
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
/// What keeps it from starting. Once started, a refusal is logged, shown on the pages, and tried again.
pub async fn forever(settings: &Settings) -> anyhow::Result<Outcome> {
    let duties = Duties::new(&settings.schedule)?;
    let daemon = daemon(settings, false).await?;
    let sections = settings.dn.all();
    let endpoints = sections.iter().map(|dn| (dn.demarche, dn.endpoint.clone().unwrap_or_default()));
    let mut window = Window::new(daemon.book.clone(), scope(&sections[0]).key(), None)?
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
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let pages = tokio::spawn(async move {
        let pages = router(window).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, pages).with_graceful_shutdown(async move { stopped.notified().await }).await
    });
    tokio::select! {
        () = passes(&daemon, &duties) => {}
        () = signal() => tracing::info!("stopping"),
    }
    stop.notify_one();
    let _ = tokio::time::timeout(Duration::from_secs(5), pages).await;
    Ok(Outcome::Done)
}

async fn passes(daemon: &Daemon, duties: &Duties) {
    loop {
        let now = daemon.book.clock.now();
        // Whatever the hour the machine was off: due is what was due since the last one began.
        let due = |last| duties.sweep.next(last).is_some_and(|due| due <= now);
        if let Err(error) = daemon.begin_sweep(due).await {
            tracing::error!("the nightly reading cannot begin: {error}");
        }
        match daemon.recorded_pass(duties.hours(now)).await {
            Ok(report) => log(&report),
            Err(error) => tracing::error!("pass stopped: {error}"),
        }
        let now = daemon.book.clock.now();
        // An expression that names no further time: once an hour is better than never.
        let next = duties.poll.next(now).map_or(3600, |at| (at - now).get_seconds().max(1));
        tokio::time::sleep(Duration::from_secs(next.unsigned_abs())).await;
    }
}

fn log(report: &Report) {
    let Report { observed, changed, judged, annotated, mailed, messaged, notified, failures, .. } = report;
    if *changed + *judged + *annotated + *mailed + *messaged + *notified > 0 {
        tracing::info!(
            observed,
            changed,
            judged,
            annotated,
            mailed,
            messaged,
            notified,
            "pass done: {changed} changed, {annotated} annotated, {mailed} mailed"
        );
    }
    for failure in failures {
        tracing::warn!("{failure}");
    }
}

async fn signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

//! Keeps this process among those that share a database: a beat every few seconds, and what the others say meanwhile.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::Daemon;
use super::replica::{Change, LEASE_IS_FREE, OBSERVE, TASKS, chance};
use super::source::scopes;
use crate::dn::Quota;
use crate::retry::replicas as limits;
use crate::store::session::{Said, Session};

/// Beats until it is aborted. `wake` brings the next pass forward; `called`: the platform called here.
pub async fn keep_present(daemon: &Daemon, wake: &Notify, called: &Notify) {
    let mut session: Option<Session> = None;
    let mut failing = false;
    loop {
        if session.is_none() {
            session = open(daemon).await;
        }
        match timeout(limits::BEAT_WITHIN, daemon.beat()).await {
            Ok(Ok(change)) => {
                failing = false;
                told(&change);
                if change == Change::Taken {
                    wake.notify_one();
                }
            }
            Ok(Err(error)) => say_once(&mut failing, &error.to_string()),
            Err(_) => say_once(&mut failing, "the database does not answer"),
        }
        if daemon.replica.observes()
            && let Ok(Err(error)) =
                timeout(limits::BEAT_WITHIN, daemon.replica.free_those_of_the_dead()).await
        {
            tracing::debug!("mails of processes that ended are not looked for: {error}");
        }
        if !listen(daemon, &mut session, (wake, called)).await {
            session = None;
            daemon.replica.in_session(0);
        }
    }
}

fn say_once(failing: &mut bool, why: &str) {
    if !std::mem::replace(failing, true) {
        tracing::warn!("this replica cannot say that it is there: {why}");
    }
}

fn told(change: &Change) {
    match change {
        Change::Nothing => {}
        Change::Taken => tracing::info!("this replica observes from now on"),
        Change::Lost => tracing::warn!("another replica observes from now on"),
    }
}

async fn open(daemon: &Daemon) -> Option<Session> {
    let key = i64::try_from(chance() >> 1).unwrap_or(1).max(1);
    match timeout(limits::BEAT_WITHIN, daemon.store.session(key)).await {
        Ok(Ok(session)) => {
            daemon.replica.in_session(if session.is_some() { key } else { 0 });
            session
        }
        Ok(Err(error)) => {
            tracing::debug!("no session to hear the other replicas: {error}");
            None
        }
        Err(_) => None,
    }
}

/// Until the next beat; false when the session is lost.
async fn listen(daemon: &Daemon, session: &mut Option<Session>, (wake, called): (&Notify, &Notify)) -> bool {
    let beat = Instant::now() + limits::BEAT;
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(beat) => break,
            () = called.notified() => match daemon.replica.observes() {
                true => wake.notify_one(),
                false => daemon.replica.tell(OBSERVE).await,
            },
            said = hear(session) => match said {
                Some(said) if daemon.replica.is_own(&said.from) => {}
                Some(said) => match (said.word.as_str(), daemon.replica.observes()) {
                    (LEASE_IS_FREE, false) => return true,
                    (TASKS, false) | (OBSERVE, true) => wake.notify_one(),
                    _ => {}
                },
                None => return false,
            },
        }
    }
    match session {
        Some(session) => matches!(timeout(limits::BEAT_WITHIN, session.try_out()).await, Ok(Ok(()))),
        None => true,
    }
}

/// What another process says; `None` when the connection is lost. Without a session nothing is heard.
async fn hear(session: &mut Option<Session>) -> Option<Said> {
    match session {
        Some(session) => session.hear().await.ok().flatten(),
        None => std::future::pending().await,
    }
}

impl Daemon {
    /// From now on one among several, where the store can be shared.
    pub fn join(&self) {
        let acts = format!("{} {}", self.judging().acts(), scopes(&self.sources).join(" "));
        self.replica.join(&self.store, acts);
    }

    pub(super) async fn beat(&self) -> Result<Change, crate::store::Error> {
        self.replica.beat(&self.quotas()).await
    }

    /// The first beat.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn take_turn_now(&self) -> Result<(), crate::store::Error> {
        self.beat().await.map(|_| ())
    }

    /// Waits until this process observes; false when another one still does after the wait.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn take_turn(&self) -> Result<bool, crate::store::Error> {
        let until = Instant::now() + crate::retry::passes::CLAIMED.unsigned_abs();
        loop {
            self.beat().await?;
            if self.replica.observes() || Instant::now() >= until || self.is_stopping() {
                return Ok(self.replica.observes());
            }
            tokio::time::sleep(limits::LOOK).await;
        }
    }

    /// The end, after the last pass.
    pub async fn leave(&self) {
        self.replica.leave(&self.quotas()).await;
    }

    /// One for each token.
    fn quotas(&self) -> Vec<Quota> {
        let mut quotas: Vec<Quota> = Vec::new();
        for quota in self.sources.iter().filter_map(|source| source.dn.quota()) {
            if !quotas.iter().any(|known| known.name() == quota.name()) {
                quotas.push(quota);
            }
        }
        quotas
    }
}

/// Keeps the process present for as long as the value lives.
#[derive(Debug)]
pub struct Present(tokio::task::JoinHandle<()>);

impl Present {
    #[must_use]
    pub fn keep(daemon: &Arc<Daemon>, wake: &Arc<Notify>, called: &Arc<Notify>) -> Option<Present> {
        daemon.replica.is_one_of_several().then(|| {
            let (daemon, wake, called) = (Arc::clone(daemon), Arc::clone(wake), Arc::clone(called));
            Present(tokio::spawn(async move { keep_present(&daemon, &wake, &called).await }))
        })
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.abort();
    }
}

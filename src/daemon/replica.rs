//! This process among those that share a database. One of them observes and judges at a time, under a lease
//! ([`crate::store::replicas`]); all deliver. A process alone, or on a file of SQLite, asks the database nothing for it.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::dn::Quota;
use crate::retry::replicas as limits;
use crate::store::replicas::{Presence, Replicas, least_share};
use crate::store::{self, Store};

/// Said to the others: there is something to deliver; the lease is free; the platform called.
pub(super) const TASKS: &str = "tasks";
pub(super) const LEASE_IS_FREE: &str = "lease";
pub(super) const OBSERVE: &str = "observe";

/// What this process does in a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It observes, judges and delivers.
    Observes,
    /// Another one observes: it delivers.
    Delivers,
    /// Another one observes, by other settings about acting: those of the observer count, and this one does nothing.
    Rests,
}

/// This process among those that share a database; alone until [`Replica::join`].
#[derive(Debug, Default)]
pub struct Replica {
    shared: OnceLock<Shared>,
}

#[derive(Debug)]
struct Shared {
    replicas: Replicas,
    id: Arc<str>,
    name: String,
    acts: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The number of the lease that this process holds; 0: none.
    fence: i64,
    /// What is held is believed until then: a database that cannot be reached may have given it to another.
    until: Instant,
    /// The session that ends with this process; 0: none.
    session: i64,
    /// Whether the observer acts by the same settings.
    alike: bool,
    pass: Option<PassUnderWay>,
}

#[derive(Debug)]
struct PassUnderWay {
    fence: i64,
    /// Cancelled once the lease is lost.
    token: CancellationToken,
}

/// What a beat changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    /// This process observes from now on.
    Taken,
    Lost,
}

impl Replica {
    /// From now on one among several, where the store can be shared. `acts`: a hash of the settings by which it acts.
    pub fn join(&self, store: &Store, acts: String) {
        let replicas = store.replicas();
        if !replicas.are_possible() {
            return;
        }
        let machine = rustix::system::uname();
        let name = format!("{}:{}", machine.nodename().to_string_lossy(), std::process::id());
        let state = State { fence: 0, until: Instant::now(), session: 0, alike: true, pass: None };
        let id = format!("{:016x}", chance()).into();
        let _ = self.shared.set(Shared { replicas, id, name, acts, state: Mutex::new(state) });
    }

    /// Whether the database is shared with others, or may be.
    #[must_use]
    pub fn is_one_of_several(&self) -> bool {
        self.shared.get().is_some()
    }

    /// Whether this process observes: alone, or under the lease.
    #[must_use]
    pub fn observes(&self) -> bool {
        self.shared.get().is_none_or(|shared| shared.state().holds())
    }

    /// What this process does in the pass that begins.
    pub(super) fn begin_pass(&self, stop: &CancellationToken) -> Turn {
        let Some(shared) = self.shared.get() else { return Turn::Observes };
        let mut state = shared.state();
        let fence = if state.holds() { state.fence } else { 0 };
        state.pass = Some(PassUnderWay { fence, token: stop.child_token() });
        match (fence, state.alike) {
            (1.., _) => Turn::Observes,
            (_, true) => Turn::Delivers,
            (_, false) => Turn::Rests,
        }
    }

    /// Whether the pass under way observes no longer: another process took the lease.
    #[must_use]
    pub(super) fn is_overtaken(&self) -> bool {
        let Some(shared) = self.shared.get() else { return false };
        let state = shared.state();
        state.pass.as_ref().is_some_and(|pass| pass.fence > 0 && pass.fence != state.fence)
    }

    /// The store, in the name of this process, and for what the pass under way observes.
    pub(super) fn own(&self, store: &Store) -> Store {
        let Some(shared) = self.shared.get() else { return store.clone() };
        let fence = shared.state().pass.as_ref().map_or(0, |pass| pass.fence);
        store.of(&shared.id, fence)
    }

    /// Cancelled at a stop, and once the pass under way observes no longer.
    pub(super) fn until_overtaken(&self, stop: &CancellationToken) -> CancellationToken {
        let own = self.shared.get().and_then(|shared| Some(shared.state().pass.as_ref()?.token.clone()));
        own.unwrap_or_else(|| stop.clone())
    }

    /// The processes that share the database, where it may be shared.
    pub(super) fn replicas(&self) -> Option<&Replicas> {
        self.shared.get().map(|shared| &shared.replicas)
    }

    /// Says that this process is there, renews or takes the lease, and asks for its share of each quota.
    ///
    /// # Errors
    /// When the store cannot be used in time: what is held is held until its time is over.
    pub(super) async fn beat(&self, quotas: &[Quota]) -> Result<Change, store::Error> {
        let Some(shared) = self.shared.get() else { return Ok(Change::Nothing) };
        let (began, before, session) = {
            let mut state = shared.state();
            let lapsed = state.fence > 0 && !state.holds();
            if lapsed {
                state.lose();
            }
            (Instant::now(), state.fence, state.session)
        };
        let me = Presence {
            id: shared.id.to_string(),
            name: shared.name.clone(),
            session,
            acts: shared.acts.clone(),
        };
        let fence = shared.replicas.beat(&me, before).await?;
        let change = {
            let mut state = shared.state();
            if fence != before {
                state.lose();
            }
            (state.fence, state.until) = (fence, began + limits::LEASE);
            match (before, fence) {
                (before, fence) if before == fence => Change::Nothing,
                (_, 0) => Change::Lost,
                _ => Change::Taken,
            }
        };
        for quota in quotas {
            let (used, most) = (quota.used(), quota.most());
            let wanted = if fence > 0 { most } else { least_share(most) };
            let share = shared.replicas.share(&me.id, &quota.name(), (wanted, used), most).await?;
            quota.grant(share, least_share(most), began + limits::LEASE);
        }
        shared.compare().await?;
        Ok(change)
    }

    /// The session of this process; 0: it has none now.
    pub(super) fn in_session(&self, key: i64) {
        if let Some(shared) = self.shared.get() {
            shared.state().session = key;
        }
    }

    /// Tells the others something, where they listen; a failure only makes them wait for their own time.
    pub(super) async fn tell(&self, word: &str) {
        let Some(shared) = self.shared.get() else { return };
        if let Err(error) = shared.replicas.tell(&shared.id, word).await {
            tracing::debug!("the other replicas cannot be told: {error}");
        }
    }

    /// Whether something was said by this process itself.
    pub(super) fn is_own(&self, from: &str) -> bool {
        self.shared.get().is_some_and(|shared| &*shared.id == from)
    }

    /// Frees the mails of processes that are known to have ended.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub(super) async fn free_those_of_the_dead(&self) -> Result<(), store::Error> {
        let Some(shared) = self.shared.get() else { return Ok(()) };
        let freed = shared.replicas.free_those_of_the_dead().await?;
        if freed > 0 {
            tracing::warn!(mails = freed, "{freed} mails of a process that ended are free again");
        }
        Ok(())
    }

    /// The end, after the last pass: the next one observes at once.
    pub async fn leave(&self, quotas: &[Quota]) {
        let Some(shared) = self.shared.get() else { return };
        let fence = {
            let mut state = shared.state();
            let fence = state.fence;
            state.lose();
            fence
        };
        let used: Vec<(String, i64)> = quotas.iter().map(|quota| (quota.name(), quota.used())).collect();
        if let Err(error) = shared.replicas.leave(&shared.id, fence, &used).await {
            tracing::warn!("the lease ends by its time: {error}");
        }
        self.tell(LEASE_IS_FREE).await;
    }

    /// The name of the process that observes, if one does.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn observer(&self) -> Result<Option<String>, store::Error> {
        let Some(shared) = self.shared.get() else { return Ok(None) };
        let present = shared.replicas.present().await?;
        Ok(present.into_iter().find(|replica| replica.observes).map(|replica| replica.name))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says once when another process acts by other settings than the observer.
    async fn compare(&self) -> Result<(), store::Error> {
        let present = self.replicas.present().await?;
        let observer = present.iter().find(|replica| replica.observes);
        let differs = match observer {
            // The observer says whose settings differ; the others look at the observer's alone.
            Some(observer) if observer.id == *self.id => present.iter().find(|other| other.acts != self.acts),
            Some(observer) => (observer.acts != self.acts).then_some(observer),
            None => None,
        };
        let alike = differs.is_none();
        let was = std::mem::replace(&mut self.state().alike, alike);
        if let Some(other) = differs.filter(|_| was) {
            let name = &other.name;
            tracing::warn!(
                replica = name,
                "replica {name} has other settings ([dn], [act], [recipients] or [[webhooks]]): those of the observer \
                 count, and the other one delivers nothing until they are the same"
            );
        }
        Ok(())
    }
}

impl State {
    fn holds(&self) -> bool {
        self.fence > 0 && Instant::now() < self.until
    }

    /// What the pass under way observes is not saved any more.
    fn lose(&mut self) {
        self.fence = 0;
        if let Some(pass) = self.pass.as_ref().filter(|pass| pass.fence > 0) {
            pass.token.cancel();
        }
    }
}

/// A number that no other process has: the keys of a hash map are random.
pub(super) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}

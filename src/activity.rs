//! What the pass under way does now, and since when: a pass that makes no progress says what it waits for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What a pass may wait for. The words are those of the metrics and of the logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Store,
    Platform,
    Attachment,
    Judgement,
    MailServer,
    Receiver,
}

impl Step {
    pub const ALL: [Step; 6] =
        [Step::Store, Step::Platform, Step::Attachment, Step::Judgement, Step::MailServer, Step::Receiver];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Step::Store => "store",
            Step::Platform => "platform",
            Step::Attachment => "attachment",
            Step::Judgement => "judgement",
            Step::MailServer => "mail_server",
            Step::Receiver => "webhook_receiver",
        }
    }
}

/// What a process does now. Each call is progress.
#[derive(Debug)]
pub struct Activity(Mutex<Doing>);

#[derive(Clone, Copy, Debug)]
struct Doing {
    step: Option<Step>,
    since: Instant,
}

impl Default for Activity {
    fn default() -> Activity {
        Activity(Mutex::new(Doing { step: None, since: Instant::now() }))
    }
}

impl Activity {
    /// The pass goes on, with this.
    pub fn at(&self, step: Step) {
        self.set(Some(step));
    }

    /// No pass is under way, and the next one is waited for.
    pub fn idle(&self) {
        self.set(None);
    }

    fn set(&self, step: Option<Step>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Doing { step, since: Instant::now() };
    }

    /// What the pass under way waits for, and how long; `None` between two passes.
    #[must_use]
    pub fn waits(&self) -> Option<(Step, Duration)> {
        let doing = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some((doing.step?, doing.since.elapsed()))
    }

    /// How long nothing at all was heard of the passes.
    #[must_use]
    pub fn still(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).since.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_step_begins_its_own_wait() {
        let activity = Activity::default();
        assert_eq!(activity.waits(), None);
        activity.at(Step::Platform);
        tokio::time::advance(Duration::from_secs(200)).await;
        assert_eq!(activity.waits(), Some((Step::Platform, Duration::from_secs(200))));
        // The next page is progress, though it is the same step.
        activity.at(Step::Platform);
        assert_eq!(activity.waits(), Some((Step::Platform, Duration::ZERO)));
        activity.idle();
        tokio::time::advance(Duration::from_secs(7)).await;
        assert_eq!((activity.waits(), activity.still()), (None, Duration::from_secs(7)));
    }
}

//! What a pass did.

use crate::store::outbox::TaskKind;
use label::outgoing::Action;
use label::wording::passes::PassCounts;

/// What a pass did, and what went wrong without stopping it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub observed: usize,
    pub changed: usize,
    pub judged: usize,
    pub annotated: usize,
    pub mailed: usize,
    pub messaged: usize,
    /// Notices that receivers accepted.
    pub notified: usize,
    /// One clear line each; a pass with any is not a full success.
    pub failures: Vec<String>,
    /// With `dry_run`: what would have been done.
    pub would_do: Vec<Action>,
    /// Mails are left that could leave now: the next pass follows at once.
    pub more_mails: bool,
}

impl Report {
    /// The numbers to print.
    #[must_use]
    pub fn counts(&self) -> PassCounts {
        let Report { observed, changed, judged, annotated, mailed, messaged, notified, .. } = *self;
        PassCounts { observed, changed, judged, annotated, mailed, messaged, notified }
    }

    /// Writes into the log what was done, and each failure.
    pub(super) fn log(&self, ended: &str) {
        let Report { observed, changed, judged, annotated, mailed, messaged, notified, failures, .. } = self;
        if *changed + *judged + *annotated + *mailed + *messaged + *notified > 0 {
            tracing::info!(
                observed,
                changed,
                judged,
                annotated,
                mailed,
                messaged,
                notified,
                "{ended}: {changed} changed, {annotated} annotated, {mailed} mailed"
            );
        }
        for failure in failures {
            tracing::warn!("{failure}");
        }
    }

    /// How many tasks of each kind were done.
    pub(super) fn done(&self) -> [(TaskKind, usize); 4] {
        [
            (TaskKind::Mail, self.mailed),
            (TaskKind::Annotation, self.annotated),
            (TaskKind::Message, self.messaged),
            (TaskKind::Webhook, self.notified),
        ]
    }

    /// Adds up what two parts of a pass did; the same failure is listed once.
    pub fn add(&mut self, other: Report) {
        self.observed += other.observed;
        self.changed += other.changed;
        self.judged += other.judged;
        self.annotated += other.annotated;
        self.mailed += other.mailed;
        self.messaged += other.messaged;
        self.notified += other.notified;
        for failure in other.failures {
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
        self.would_do.extend(other.would_do);
        self.more_mails |= other.more_mails;
    }
}

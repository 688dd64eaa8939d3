//! What a pass did.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::store::outbox::TaskKind;
use label::outgoing::Action;
use label::wording::passes::PassCounts;

/// What a pass did, and what went wrong without stopping it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Dossiers, each once: a pass reads back those that it wrote in.
    pub observed: usize,
    /// Of these, the new ones and those that changed.
    pub changed: usize,
    pub(super) numbers: Numbers,
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

/// Which dossiers were read, each with its section: two platforms may use one number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    observed: BTreeSet<(Arc<str>, i64)>,
    changed: BTreeSet<(Arc<str>, i64)>,
}

impl Report {
    /// These dossiers of a section were read, and of them these are new or changed.
    pub(super) fn of_read(scope: &str, observed: &[i64], changed: &[i64]) -> Report {
        let scope: Arc<str> = scope.into();
        let of = |numbers: &[i64]| numbers.iter().map(|number| (Arc::clone(&scope), *number)).collect();
        let numbers = Numbers { observed: of(observed), changed: of(changed) };
        let (observed, changed) = (numbers.observed.len(), numbers.changed.len());
        Report { observed, changed, numbers, ..Report::default() }
    }

    /// The same without the dossiers that were only looked at again.
    pub(super) fn not_observed(mut self) -> Report {
        self.observed = 0;
        self.numbers.observed.clear();
        self
    }

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
        self.numbers.observed.extend(other.numbers.observed);
        self.numbers.changed.extend(other.numbers.changed);
        self.observed = self.numbers.observed.len();
        self.changed = self.numbers.changed.len();
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

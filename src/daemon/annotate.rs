//! Writes the annotations of the outbox: one call for each dossier, with only what differs. After a write whose answer
//! was lost, the dossier is read before anything is written again. A write repeated after a crash has the same value.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::memory::Memory;
use super::observer::Observer;
use super::report::Report;
use super::source::{Source, source_of};
use super::standing::{self, HALTED, Halted};
use super::waiting::wait_for_reading;
use crate::activity::{Activity, Step};
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::dn::{self, Written};
use crate::retry::{annotations, later};
use crate::store;
use crate::store::asks::{AskReason, Asks};
use crate::store::dossiers::Dossiers;
use crate::store::journal::NewLine;
use crate::store::outbox::{Outbox, Task, TaskEnd, TaskKind};
use crate::store::writes::{KeptValue, Writes, WrittenCall};
use label::case::Case;
use label::case::facts::{Facts, Value};
use label::case::keys::{Key, Kind};
use label::judge::review;
use label::outgoing::{Action, Annotation};
use label::plan::{fingerprint, plan};
use label::wording::journal::{self, EntryKind};

/// What is to be written in a dossier, with its facts.
type Wanted = store::Result<(Annotation, Facts)>;

/// Writes the annotations of dossiers.
pub(super) struct Scribe<'a> {
    pub activity: &'a Activity,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub sources: &'a [Source],
    /// `act.annotations`.
    pub allowed: bool,
    /// Reads a dossier back after a write whose answer was lost.
    pub observer: Observer<'a>,
    pub memory: Memory<'a>,
    pub outbox: Outbox,
    pub writes: Writes,
    pub dossiers: Dossiers,
    pub asks: Asks,
    pub stop: &'a CancellationToken,
}

impl Scribe<'_> {
    /// Writes every annotation that is due: one call a dossier, with only what differs.
    ///
    /// # Errors
    /// When the platform refuses a section (token, rights), after the others were written; when the store fails. A failure
    /// on one dossier does not stop the others.
    #[tracing::instrument(name = "annotations", skip_all)]
    pub async fn deliver_annotations(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        if !self.allowed {
            return Ok(report);
        }
        let mut halted = Halted::new(standing::away(&self.memory.settings, self.sources).await?);
        loop {
            let tasks = self.outbox.due(TaskKind::Annotation, self.clock.now(), annotations::BATCH).await?;
            if tasks.is_empty() {
                return halted.end(&self.memory.settings, self.clock.now(), report).await;
            }
            for source in self.sources.iter().filter(|source| !halted.holds(&source.key())) {
                self.observer.read_form_to_write(source).await?;
            }
            let dossiers: Vec<i64> = tasks.iter().map(|task| task.dossier).collect();
            let mut wanted = self.annotations_for(&dossiers).await?;
            for task in tasks {
                if self.stop.is_cancelled() {
                    return Ok(report);
                }
                let done = match wanted.remove(&task.dossier).transpose() {
                    Ok(wanted) => {
                        Box::pin(self.deliver_annotation(&task, wanted, &mut halted, &mut report)).await
                    }
                    Err(error) => Err(error.into()),
                };
                match done {
                    Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                        wait_for_reading(&self.outbox, self.clock, &task, &error, &mut report).await?
                    }
                    other => other?,
                }
            }
        }
    }

    async fn deliver_annotation(
        &self,
        task: &Task,
        wanted: Option<(Annotation, Facts)>,
        halted: &mut Halted,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        if !self.outbox.claim(task, now, later(now, annotations::LEASE)).await? {
            return Ok(());
        }
        let Some((annotation, facts)) = wanted else {
            return Ok(self.outbox.end(&task.key, TaskEnd::Done, None, now).await?);
        };
        let scope = self.dossiers.facts_in(task.dossier).await?.map(|(_, scope)| scope);
        let Some(source) = scope.and_then(|scope| source_of(self.sources, &scope)) else {
            return Ok(self.outbox.end(&task.key, TaskEnd::Done, None, now).await?);
        };
        if halted.holds(&source.key()) {
            return Ok(self.outbox.untried(&task.key, HALTED, later(now, annotations::REFUSED)).await?);
        }
        if self.asks.is_asked(task.dossier, AskReason::Unheard).await? {
            return self
                .put_off(
                    task,
                    "a write that was not heard of is to be looked for first",
                    annotations::UNHEARD,
                    report,
                )
                .await;
        }
        let form = source.resolved().await?;
        self.activity.at(Step::Platform);
        match source.dn.annotate(&annotation, &form, self.clock).await {
            Ok(written) => {
                halted.wrote(source.key());
                self.settle_annotation((&facts.clone(), facts), &written, Some(task), report).await
            }
            // It may have been done: the dossier is read, and only what is missing is written.
            Err(dn::Error::Later { why, trouble: dn::Trouble::Unheard }) => {
                self.look_after(source, task, (&annotation, &facts), &why, report).await
            }
            // Every other write of that section would be refused too.
            Err(error @ dn::Error::Refused { .. }) => {
                self.outbox.later(&task.key, &error.to_string(), later(now, annotations::REFUSED)).await?;
                halted.refused(source.key(), error.under(&source.keys));
                Ok(())
            }
            Err(error) => {
                if matches!(error, dn::Error::Changed { .. }) {
                    source.doubt_form().await;
                }
                // Hidden, or moved to another group: this may last long, so the task waits longer and does not delay
                // the others.
                let waits = if matches!(error, dn::Error::Changed { .. }) {
                    annotations::CHANGED
                } else {
                    annotations::WAIT
                };
                self.put_off(task, &error.to_string(), waits.after(task.attempts), report).await
            }
        }
    }

    async fn put_off(
        &self,
        task: &Task,
        why: &str,
        wait: SignedDuration,
        report: &mut Report,
    ) -> Result<(), Error> {
        let number = task.dossier;
        tracing::warn!(
            dossier = number,
            wait_minutes = wait.as_mins(),
            "annotations of dossier {number} put off: {why}"
        );
        report.failures.push(format!("dossier {number}: annotations not written yet ({why})"));
        Ok(self.outbox.later(&task.key, why, later(self.clock.now(), wait)).await?)
    }

    /// After a write whose answer was lost: reads the dossier, and records as written the values that are there. The
    /// task stays due for the others.
    async fn look_after(
        &self,
        source: &Source,
        task: &Task,
        (annotation, before): (&Annotation, &Facts),
        why: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        let (number, now) = (task.dossier, self.clock.now());
        tracing::warn!(dossier = number, "a write of dossier {number} was not heard of ({why}): reading it");
        let read = match self.observer.read_again(source, number).await {
            Ok(true) => self.dossiers.facts(number).await?,
            Err(error @ Error::Store(_)) => return Err(error),
            Ok(false) | Err(_) => None,
        };
        if read.is_none() {
            // Nothing is written in this dossier until it could be read, in this pass or a later one.
            self.asks.ask(&source.key(), number, AskReason::Unheard, now).await?;
        }
        let heard = read.is_some() && task.attempts < annotations::UNHEARD_TRIES;
        if let Some(facts) = read {
            let stands = |change: &&(Key, Value)| {
                facts.values.get(&change.0).map(fingerprint) == Some(fingerprint(&change.1))
            };
            let kept = annotation.changes.iter().filter(stands).cloned().collect();
            let written = Written { kept, refused: Vec::new() };
            self.settle_annotation((before, facts), &written, None, report).await?;
        }
        if !heard {
            report.failures.push(format!("dossier {number}: annotations not written yet ({why})"));
        }
        let wait = if heard { SignedDuration::ZERO } else { annotations::UNHEARD };
        Ok(self.outbox.later(&task.key, why, later(now, wait)).await?)
    }

    /// What must be written in these dossiers now, from the stored facts; one in which nothing must be is absent. Each
    /// family is read once, and an error of the store costs that family only.
    async fn annotations_for(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, Wanted>, Error> {
        let (frame, today) = (self.book.frame().await?, self.book.today());
        let since = self.memory.since().await?;
        let mut wanted = BTreeMap::new();
        let mut left = dossiers;
        while !left.is_empty() {
            let batch = self.book.batch(left, &frame).await?;
            let mut cases = Vec::new();
            for (number, assembled) in batch.families {
                match assembled {
                    Ok(assembled) => cases.extend(assembled.cases),
                    Err(error) => drop(wanted.insert(number, Err(error))),
                }
            }
            let known = self.memory.known_of(&cases.iter().collect::<Vec<&Case>>(), since).await?;
            for (case, known) in cases.into_iter().zip(known) {
                let actions = plan(&review(&case, today, &frame), &case, &frame, &known);
                let mut facts: BTreeMap<i64, Facts> =
                    case.dossiers.into_iter().map(|facts| (facts.number, facts)).collect();
                for action in actions {
                    if let Action::Annotate(annotation) = action
                        && let Some(facts) = facts.remove(&annotation.dossier)
                    {
                        wanted.insert(facts.number, Ok((annotation, facts)));
                    }
                }
            }
            left = left.get(batch.covered.max(1)..).unwrap_or_default();
        }
        Ok(wanted)
    }

    /// Stores the values that the platform now holds, so that our own write does not cause another, and ends `task`
    /// with it.
    async fn settle_annotation(
        &self,
        (before, mut facts): (&Facts, Facts),
        written: &Written,
        task: Option<&Task>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let number = facts.number;
        let key = annotation_key(number);
        let line =
            |kind, said: String| NewLine { key: Some(key.clone()), ..NewLine::new(kind, Some(number), said) };
        let mut lines = self.changed_by_hand(before, written).await?;
        for (key, value) in &written.kept {
            facts.values.insert(*key, value.clone());
            facts.unreadable.remove(key);
        }
        for (key, _, why) in &written.refused {
            tracing::warn!(
                dossier = number,
                key = key.name(),
                "annotation {key} of dossier {number} refused: {why}"
            );
            report.failures.push(format!("dossier {number}: annotation {key} refused ({why})"));
            lines.push(line(EntryKind::AnnotationRefused, journal::refused(*key, why)));
        }
        let some = !written.kept.is_empty();
        if some {
            let kept = written.kept.iter();
            let changes: Vec<_> = kept.map(|(key, value)| (*key, before.values.get(key), value)).collect();
            lines.push(line(EntryKind::Annotation, journal::written(&changes)));
        }
        // The time of the last write differs at each write.
        let kept = written.kept.iter().filter(|(key, _)| key.kind() != Kind::Moment);
        let call = WrittenCall {
            dossier: number,
            hand: before.annotated,
            kept: kept
                .map(|(key, value)| KeptValue {
                    key: *key,
                    print: fingerprint(value),
                    does_not_hold: line(EntryKind::AnnotationGivenUp, journal::does_not_hold(*key)),
                })
                .collect(),
            refused: written
                .refused
                .iter()
                .map(|(key, value, why)| (*key, fingerprint(value), why.clone()))
                .collect(),
            facts: some.then_some(&facts),
            lines,
            task: task.map(|task| task.key.as_str()),
        };
        self.writes.settle(&call, self.clock.now()).await?;
        report.annotated += usize::from(some);
        Ok(())
    }

    /// A value of ours that was found changed is written again, however often; the journal says so once a day. It was
    /// changed by a person when one touched the annotations since it was written; otherwise the platform did not keep it.
    async fn changed_by_hand(&self, before: &Facts, written: &Written) -> Result<Vec<NewLine>, Error> {
        let last = self.writes.last_written(before.number).await?;
        let changed = written.kept.iter().filter_map(|(key, _)| {
            // A text written empty is read back as no value.
            let stood = before.values.get(key).map(fingerprint).unwrap_or_default();
            let last = last.get(key).filter(|last| key.kind() != Kind::Moment && stood != last.print)?;
            Some((*key, last.hand.is_none() || last.hand != before.annotated))
        });
        let mut lines = Vec::new();
        for (key, by_hand) in changed {
            let said = if by_hand { journal::changed_by_hand(key) } else { journal::not_kept(key) };
            let line = NewLine::new(EntryKind::AnnotationRestored, Some(before.number), said);
            if !self.writes.is_said(&line, self.clock.midnight()).await? {
                lines.push(NewLine { key: Some(annotation_key(before.number)), ..line });
            }
        }
        Ok(lines)
    }
}

/// The key of the task that writes in a dossier, which its lines of the journal and its entries in the record have too.
pub(super) fn annotation_key(dossier: i64) -> String {
    format!("annotation/{dossier}")
}

//! The cases that a batch of mails is about, judged once for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::Error;
use super::postman::Postman;
use super::source::is_read;
use crate::casebook::{Assembled, Readers};
use crate::store;
use crate::store::outbox::Task;
use label::case::Case;
use label::judge::review;
use label::outgoing::Mail;
use label::plan::mails::wanted_mails;

/// What is wanted now, by dossier. One whose stored row cannot be read, or whose démarche is no longer read, is absent.
#[derive(Default)]
pub(super) struct Judged {
    mails: BTreeMap<i64, Arc<[Mail]>>,
    readers: BTreeMap<i64, Readers>,
}

impl Judged {
    pub(super) fn mails(&self, dossier: i64) -> Option<&Arc<[Mail]>> {
        self.mails.get(&dossier)
    }

    /// Who is written to about its case; `None` when the case is not here.
    pub(super) fn readers(&self, dossier: i64) -> Option<&Readers> {
        self.readers.get(&dossier)
    }
}

impl Postman<'_> {
    /// Judges the cases of these mails. A stored row that cannot be read leaves its case out: whoever asks for that one
    /// meets the error.
    pub(super) async fn judged(&self, tasks: &[Task]) -> Result<Judged, Error> {
        let mut numbers: Vec<i64> = tasks.iter().filter_map(Task::about).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut judged = Judged::default();
        if tasks.len() < 2 {
            return Ok(judged);
        }
        let (frame, since, today) =
            (self.book.frame().await?, self.memory.since().await?, self.clock.today());
        let mut rest = numbers.as_slice();
        while !rest.is_empty() {
            let batch = match self.book.batch(rest, &frame).await {
                Err(store::Error::SetAside { .. }) => return Ok(judged),
                other => other?,
            };
            rest = rest.get(batch.covered.max(1)..).unwrap_or_default();
            let families = batch.families.into_iter().filter_map(|(_, assembled)| assembled.ok());
            let families: Vec<Assembled> = families.collect();
            let cases: Vec<&Case> = families.iter().flat_map(|family| &family.cases).collect();
            let known = match self.memory.known_of(&cases, since).await {
                Err(Error::Store(store::Error::SetAside { .. })) => continue,
                other => other?,
            };
            for (case, known) in cases.into_iter().zip(known) {
                let review = review(case, today, &frame);
                let mails: Arc<[Mail]> = wanted_mails(&review, case, &frame, &known).into();
                for facts in &case.dossiers {
                    judged.mails.insert(facts.number, Arc::clone(&mails));
                    judged.readers.insert(facts.number, Readers::of(case));
                }
            }
        }
        self.leave_out_foreign(&numbers, &mut judged).await?;
        Ok(judged)
    }

    /// Leaves out the dossiers of a démarche that is no longer read.
    async fn leave_out_foreign(&self, numbers: &[i64], judged: &mut Judged) -> Result<(), Error> {
        for number in numbers {
            let scope = match self.dossiers.facts_in(*number).await {
                Err(store::Error::SetAside { .. }) => None,
                other => other?.map(|(_, scope)| scope),
            };
            if !scope.is_some_and(|scope| is_read(self.sources, &scope)) {
                judged.mails.remove(number);
            }
        }
        Ok(())
    }
}

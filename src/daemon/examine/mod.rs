//! Judge: each changed case, and every living one on a new day. What follows is put in the outbox, once.

mod compared;
mod examined;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use super::acting::Acting;
use super::error::Error;
use super::hooks::Herald;
use super::memory::Memory;
use super::messages::Messenger;
use super::report::Report;
use super::source::{Source, scopes};
use crate::activity::{Activity, Step};
use crate::casebook::{Assembled, Batch, CaseBook};
use crate::clock::Clock;
use crate::record::judged;
use crate::record::rules::{Opening, Rules};
use crate::retry::{passes, store as limits};
use crate::store::cases::{Cases, Summary};
use crate::store::chain::{RecordEntry, sha256};
use crate::store::journal::NewLine;
use crate::store::judgement::{Judgement, Judgements, Recording};
use crate::store::ledger::Ledger;
use crate::store::outbox::Outbox;
use crate::store::record::Record;
use compared::{is_seen_otherwise, is_shown_alike, is_stored};
use examined::{Examined, ToSave, examined_of};
use label::case::{Case, Frame};
use label::wording;
use label::wording::journal::EntryKind;

/// Under this name the store keeps what the configuration last said about acting.
const ACTS: &str = "acts";
/// After so many cases that were never judged before, and then four times as many, the server learns the sizes of its tables.
const FIRST_SIZES: usize = 500;

/// Judges cases, and puts what follows in the outbox.
pub(super) struct Judge<'a> {
    pub activity: &'a Activity,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub sources: &'a [Source],
    pub acting: &'a Acting,
    /// Whether attachments are read at all.
    pub reads_files: bool,
    pub memory: Memory<'a>,
    pub herald: Herald<'a>,
    pub messenger: Messenger<'a>,
    pub outbox: Outbox,
    pub ledger: Ledger,
    pub record: Record,
    pub cases: Cases,
    pub judgements: Judgements,
    /// Also cancelled once another process observes.
    pub stop: CancellationToken,
}

impl Judge<'_> {
    /// Judges what is marked, and puts the actions in the outbox.
    ///
    /// # Errors
    /// When the store fails.
    #[tracing::instrument(name = "judge", skip_all)]
    pub async fn judge(&self) -> Result<Report, Error> {
        let scopes = scopes(self.sources);
        let left = self.judgements.leave_alone(&scopes).await?;
        if left > 0 {
            tracing::debug!(
                dossiers = left,
                "{left} dossiers belong to no section of [dn] any more: left alone"
            );
        }
        self.outbox.set_unknown_aside().await?;
        let today = self.clock.today();
        let since = self.memory.since().await?;
        let frame = self.book.frame().await?;
        let now = self.clock.now();
        let opening = Opening::of(&self.record, &frame).await?;
        let (acts, before) = (self.acts(), self.memory.settings.get(ACTS).await?);
        // Living cases are judged by the new rules, or for the new readers, now.
        if opening.bodies_differ() {
            // To whom a case belongs that is over is shown too.
            self.judgements.mark_all(&scopes).await?;
        } else if opening.differs() || before.as_ref() != Some(&acts) {
            self.judgements.mark_living(&scopes).await?;
        }
        // A dry run leaves no trace of its readings.
        if !self.acting.dry_run {
            opening.keep(&self.record, today, now).await?;
            if before.as_ref() != Some(&acts) {
                self.memory.settings.set(ACTS, &acts).await?;
            }
        }
        let (frame, rules) = (Arc::new(frame), Arc::new(opening.rules()));
        let mut report = Report::default();
        let mut marked = None;
        for _ in 0..passes::JUDGING {
            let on = (today, since);
            let again = self.judge_marked(marked.as_ref(), on, (&frame, &rules), &mut report).await?;
            if again.is_empty() || self.stop.is_cancelled() {
                break;
            }
            marked = Some(again);
        }
        Ok(report)
    }

    /// Judges what is marked; `only`: among these dossiers. Returns the dossiers that were marked meanwhile, because
    /// something that their judgement depends on changed.
    async fn judge_marked(
        &self,
        only: Option<&BTreeSet<i64>>,
        on: (Date, Date),
        of: (&Arc<Frame>, &Arc<Rules>),
        report: &mut Report,
    ) -> Result<BTreeSet<i64>, Error> {
        let mut after = i64::MIN;
        let mut marked = BTreeSet::new();
        let (mut new, mut sizes) = (0, FIRST_SIZES);
        // A family is judged once, whichever of its dossiers changed.
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        loop {
            let numbers = self.judgements.to_judge(after, passes::JUDGED).await?;
            let Some(last) = numbers.last() else { return Ok(marked) };
            after = *last;
            let wanted =
                |number: &i64| !seen.contains(number) && only.is_none_or(|only| only.contains(number));
            let mut left: Vec<i64> = numbers.into_iter().filter(wanted).collect();
            while !left.is_empty() {
                if self.stop.is_cancelled() {
                    return Ok(marked);
                }
                let batch = self.book.batch(&left, of.0).await?;
                let read: Vec<i64> = left.drain(..batch.covered.clamp(1, left.len())).collect();
                let judged = Box::pin(self.judge_batch(batch, on, of, &mut seen, report)).await?;
                marked.extend(judged.marked);
                new += judged.new;
                if new >= sizes {
                    // Without it the server finds out by itself, later: no reason to end the pass.
                    if let Err(error) = self.judgements.learn_sizes().await {
                        tracing::warn!("the server did not count its tables: {error}");
                    }
                    sizes = 4 * new;
                }
                self.drop_those_without_case(&read, &judged.revisions, &mut seen).await?;
                left.retain(|number| !seen.contains(number));
            }
        }
    }

    /// Judges the cases of a batch and saves them together.
    #[tracing::instrument(name = "judge cases", skip_all, fields(cases = batch.families.len()))]
    async fn judge_batch(
        &self,
        batch: Batch,
        (today, since): (Date, Date),
        (frame, rules): (&Arc<Frame>, &Arc<Rules>),
        seen: &mut BTreeSet<i64>,
        report: &mut Report,
    ) -> Result<Judged, Error> {
        self.activity.at(Step::Judgement);
        let mut families = Vec::new();
        for (number, assembled) in batch.families {
            match assembled {
                Ok(assembled) => families.push(assembled),
                // Its mark stays: it is judged once the platform was read again.
                Err(error) => {
                    seen.insert(number);
                    report.failures.push(format!("dossier {number}: not judged ({error})"));
                }
            }
        }
        self.mark_left_behind(&families).await?;
        let (mut cases, mut revisions) = (Vec::new(), BTreeMap::new());
        for family in families {
            seen.extend(family.numbers());
            cases.extend(family.cases);
            revisions.extend(family.revisions);
        }
        let each: Vec<&Case> = cases.iter().collect();
        let known = self.memory.known_of(&each, since).await?;
        let put = self.herald.put_for(&each).await?;
        let ids: Vec<i64> = cases.iter().map(|case| case.id).collect();
        let from = self.herald.beginnings(since).await?;
        let numbers: Vec<i64> =
            cases.iter().flat_map(|case| &case.dossiers).map(|facts| facts.number).collect();
        let found = self.herald.found.found_in(&numbers).await?;
        let inputs = cases.into_iter().zip(known).collect();
        let dry_run = self.acting.dry_run;
        let mut examined = Vec::new();
        for one in examined_of(inputs, today, (frame, rules), !dry_run).await? {
            match one {
                Ok(one) => examined.push(one),
                // Its mark stays: it is tried again in each pass, until a version judges it.
                Err(case) => {
                    tracing::error!(dossier = case, "the rules panicked at this case: it is not judged");
                    report.failures.push(format!("dossier {case}: not judged (the rules panicked)"));
                }
            }
        }
        for one in &mut examined {
            let of = (&one.review, &one.case);
            let mut notices = self.herald.notices(of, frame, since, &put).await?;
            notices.extend(self.herald.of_dossiers(of, frame, &from, (&found, &one.lines.found), &put));
            one.actions.extend(notices);
            one.lines.found.retain(|row| !is_stored(found.get(&row.dossier), row));
        }
        report.judged += examined.len();
        if dry_run {
            report.would_do.extend(examined.into_iter().flat_map(|one| one.actions));
            return Ok(Judged { revisions, marked: BTreeSet::new(), new: 0 });
        }
        let before = self.cases.summaries(&ids).await?;
        let before: BTreeMap<i64, Summary> = before.into_iter().map(|one| (one.case_id, one)).collect();
        let new = examined.len().saturating_sub(before.len());
        let last = self.record.last_judgements(&ids).await?;
        let (mut saved, mut marked) = (Vec::with_capacity(examined.len()), BTreeSet::new());
        let neighbours = &batch.neighbours;
        self.put(examined.iter().flat_map(|one| &one.actions)).await?;
        for one in examined {
            self.say_without_author(&one.case, report);
            let id = one.case.id;
            let (before, around) = (before.get(&id), neighbours.get(&id));
            let kept = self.to_save(one, before, last.get(&id), &revisions, (around, &mut marked));
            saved.push(Box::pin(kept).await?);
        }
        // Before their own judgements are saved, so that those of this batch are judged again too.
        self.judgements.mark_each_to_judge(&marked).await?;
        self.activity.at(Step::Store);
        let now = self.clock.now();
        let judgements: Vec<Judgement<'_>> = saved.iter().map(|one| one.judgement(today, now)).collect();
        self.judgements.save_judgements(&judgements).await?;
        Ok(Judged { revisions, marked, new })
    }

    /// What is saved of one case: its rows, and its entry in the record when that differs from the last one.
    async fn to_save(
        &self,
        one: Examined,
        before: Option<&Summary>,
        last: Option<&RecordEntry>,
        revisions: &BTreeMap<i64, i64>,
        (neighbours, marked): (Option<&BTreeSet<i64>>, &mut BTreeSet<i64>),
    ) -> Result<ToSave, Error> {
        let Examined { case, review, lines, drafted, next_look, .. } = one;
        let recorded = match drafted {
            Some(drafted) => judged::judgement(&self.record, (&case, &review), drafted, last).await?,
            None => None,
        };
        if recorded.is_some() && is_seen_otherwise(case.service, before, &lines.summary) {
            // When a local changes, its central is judged again, and the reverse.
            marked.extend(neighbours.into_iter().flatten().copied());
            marked.extend(before.and_then(|before| before.central));
        }
        let shown = !before.is_some_and(|before| is_shown_alike(before, &lines.summary));
        let recorded = recorded.map(|one| {
            let said = wording::journal::judged(one.before.as_ref(), &one.statement, &one.causes);
            let line = shown.then(|| NewLine::new(EntryKind::Judged, Some(case.id), said));
            let follows = last.map_or(0, |last| last.seq);
            Recording { contents: one.contents, entry: one.entry, follows, line }
        });
        let revision = |number: i64| revisions.get(&number).copied().unwrap_or_default();
        let dossiers = case.dossiers.iter().map(|facts| (facts.number, revision(facts.number)));
        Ok(ToSave { dossiers: dossiers.collect(), lines, recorded, next_look })
    }

    /// A hash of what the configuration says about acting: whom to write to, and what.
    pub(super) fn acts(&self) -> String {
        let Acting { annotations, mail, messages, since, organisme, desks, ditp, .. } = self.acting;
        let mut acts = format!(
            "{annotations} {mail} {messages} {since:?} {organisme:?} {ditp:?} {:?}",
            self.herald.names()
        );
        if !desks.is_empty() {
            acts.push_str(&format!(" {desks:?}"));
        }
        sha256(acts.as_bytes())
    }

    /// Dossiers that no case holds: they left before any decision was taken.
    async fn drop_those_without_case(
        &self,
        read: &[i64],
        revisions: &BTreeMap<i64, i64>,
        seen: &mut BTreeSet<i64>,
    ) -> Result<(), Error> {
        for number in read {
            if !seen.insert(*number) || self.acting.dry_run {
                continue;
            }
            let revision = revisions.get(number).copied().unwrap_or_default();
            self.judgements.drop_from_cases(*number, revision).await?;
            let locals = self.book.locals_naming(*number).await?.into_iter().collect();
            self.judgements.mark_each_to_judge(&locals).await?;
        }
        Ok(())
    }

    /// When a case splits, what is no longer in it is judged too. Of a family too large to be read whole this cannot be
    /// told: each of its dossiers would mark others without end.
    async fn mark_left_behind(&self, families: &[Assembled]) -> Result<(), Error> {
        if self.acting.dry_run {
            return Ok(());
        }
        let whole = || families.iter().filter(|family| family.revisions.len() < limits::FAMILY);
        let cases: Vec<i64> = whole().flat_map(|family| &family.cases).map(|case| case.id).collect();
        let numbers: Vec<i64> = whole().flat_map(Assembled::numbers).collect();
        Ok(self.judgements.mark_left_behind(&cases, &numbers).await?)
    }

    fn say_without_author(&self, case: &Case, report: &mut Report) {
        let nobody =
            case.dossiers.iter().any(|facts| facts.author.is_none() && !facts.gone && !facts.is_exported());
        if self.acting.annotations && nobody {
            let number = case.id;
            let why = "dn.instructeur is not in the dossier's group of instructeurs: nothing can be written";
            report.failures.push(format!("dossier {number}: {why}"));
        }
    }
}

/// A batch that was judged.
struct Judged {
    /// Of each dossier that was read.
    revisions: BTreeMap<i64, i64>,
    /// Dossiers to judge again: something that their judgement depends on changed.
    marked: BTreeSet<i64>,
    /// Cases that were never judged before.
    new: usize,
}

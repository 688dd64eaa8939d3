//! First reading of a large démarche, cut into slices of time that are read in parallel; each can be resumed at any
//! page.
//!
//! Slices are cut by the date of last modification: a dossier modified meanwhile moves after all of them, where the
//! incremental reading that follows finds it. (With slices by state, a state that the platform adds later would be in
//! none.) They begin as a few of equal length. A reader without work takes the later half of what another one still has to
//! read; an empty half costs one request.

use jiff::Timestamp;
use tokio::sync::{Mutex, Notify};

use super::error::Error;
use super::fetch::Stride;
use super::observer::Observer;
use super::report::Report;
use super::source::Source;
use super::translating::Reader;
use crate::dn::{Ask, Cursors, Page, Streams};
use crate::retry::observing::{FIRST_SLICES, IDLE, NARROW, READERS};
use crate::store::pages::Advance;
use crate::store::position::{Position, Slice};

struct Plan {
    slices: Vec<Planned>,
    now: Timestamp,
    /// Seconds of modification dates that were still to be read when the reading began.
    whole: i64,
}

struct Planned {
    slice: Slice,
    /// The latest date seen in it.
    reached: Timestamp,
    busy: bool,
    /// A page of it came since it was last cut: cutting it again is worth a request.
    proved: bool,
}

enum Work {
    Take(usize),
    Wait,
    Over,
}

/// The start of the slice that was cut, and its later half, which becomes a slice of its own.
type Cut = Option<(Timestamp, Slice)>;

impl Observer<'_> {
    /// Reads all that the streams still hold, in slices, until every slice is done.
    pub(super) async fn fill(
        &self,
        source: &Source,
        position: &Position,
        (from, stride): (Option<Timestamp>, Stride),
    ) -> Result<Report, Error> {
        let scope = source.key();
        let mut slices = self.pages.slices(&scope).await?;
        if slices.is_empty() {
            let since = from.unwrap_or(position.since);
            slices = first_slices(since, self.clock.now(), position.dossiers.clone());
            self.pages.set_slices(&scope, &slices).await?;
        }
        let planned = slices.into_iter().map(|slice| Planned {
            reached: slice.since,
            busy: false,
            proved: false,
            slice,
        });
        let plan = Mutex::new(Plan::new(planned.collect(), self.clock.now()));
        let (report, idle) = (Mutex::new(Report::default()), Notify::new());
        // Boxed: side by side they would fill a good part of a thread's stack.
        let readers =
            (0..READERS).map(|_| Box::pin(self.read_slices(source, &plan, &idle, (stride, &report))));
        futures_util::future::try_join_all(readers).await?;
        self.progress.over();
        let total = std::mem::take(&mut *report.lock().await);
        Ok(total)
    }

    async fn read_slices(
        &self,
        source: &Source,
        plan: &Mutex<Plan>,
        idle: &Notify,
        (mut stride, report): (Stride, &Mutex<Report>),
    ) -> Result<(), Error> {
        while !self.stop.is_cancelled() {
            match self.take_work(source, plan).await? {
                Work::Over => {
                    idle.notify_waiters();
                    return Ok(());
                }
                // The time limit ends the wait when a notification was missed.
                Work::Wait => {
                    let _ = tokio::time::timeout(IDLE, idle.notified()).await;
                }
                Work::Take(rank) => {
                    self.read_slice(source, (plan, rank), idle, (&mut stride, report)).await?;
                }
            }
        }
        Ok(())
    }

    /// A cut is stored before the plan is unlocked: otherwise the reader of the earlier half could reach the cut and
    /// save that it is done, before the later half is stored.
    async fn take_work(&self, source: &Source, plan: &Mutex<Plan>) -> Result<Work, Error> {
        let mut plan = plan.lock().await;
        let (work, cut) = plan.next_work();
        if let Some((since, later)) = cut {
            self.pages.cut_slice(&source.key(), since, &later).await?;
        }
        Ok(work)
    }

    async fn read_slice(
        &self,
        source: &Source,
        (plan, rank): (&Mutex<Plan>, usize),
        idle: &Notify,
        (stride, report): (&mut Stride, &Mutex<Report>),
    ) -> Result<(), Error> {
        let scope = source.key();
        let (form, print) = source.reading().await.ok_or(Error::NoForm)?;
        let mut slice = plan.lock().await.slices[rank].slice.clone();
        let mut page = self.fetch(source, &ask(&slice), stride).await?;
        loop {
            let covered;
            (slice, covered) = {
                let mut plan = plan.lock().await;
                (plan.advance(rank, &mut page), plan.covered())
            };
            idle.notify_waiters();
            let following = ask(&slice);
            let dossiers = std::mem::take(&mut page.dossiers);
            self.progress.read(dossiers.len(), covered);
            let keep = self.keep(
                &scope,
                Reader::Api(source.dn.clone()),
                dossiers,
                &[],
                (&form, &print),
                Advance::Slice(&slice),
            );
            let (saved, next) = tokio::join!(keep, async {
                if slice.done || self.stop.is_cancelled() {
                    None
                } else {
                    Some(self.fetch(source, &following, stride).await)
                }
            });
            report.lock().await.add(saved?);
            match next {
                Some(next) => page = next?,
                None => return Ok(()),
            }
        }
    }
}

/// Slices of equal length from the first date on, the last without an end; the first goes on at the cursor. One slice when
/// there is too little time to cut. Without them each reader would wait for a page of another one, whose slice it may cut.
fn first_slices(since: Timestamp, now: Timestamp, place: Option<String>) -> Vec<Slice> {
    let (low, high) = (since.as_second(), now.as_second());
    let width = ((high - low) / FIRST_SLICES).max(0);
    let mut slices = vec![Slice { since, until: None, place, done: false }];
    if width < NARROW.as_secs() {
        return slices;
    }
    for rank in 1..FIRST_SLICES {
        let Ok(cut) = Timestamp::from_second(low + width * rank) else { break };
        if let Some(last) = slices.last_mut() {
            last.until = Some(cut);
        }
        slices.push(Slice { since: cut, until: None, place: None, done: false });
    }
    slices
}

fn ask(slice: &Slice) -> Ask {
    let cursors = Cursors { dossiers: slice.place.clone(), ..Cursors::default() };
    Ask { streams: Streams::Dossiers, cursors, since: slice.since, size: 1, form_of: None }
}

impl Plan {
    fn new(slices: Vec<Planned>, now: Timestamp) -> Plan {
        let plan = Plan { slices, now, whole: 0 };
        Plan { whole: plan.left(), ..plan }
    }

    /// Seconds of modification dates that no page has reached.
    fn left(&self) -> i64 {
        let open = self.slices.iter().filter(|planned| !planned.slice.done);
        let width = |planned: &Planned| {
            (planned.slice.until.unwrap_or(self.now).as_second() - planned.reached.as_second()).max(0)
        };
        open.map(width).sum()
    }

    /// Thousandths of what was to be read: by dates, since the platform gives no count.
    fn covered(&self) -> u64 {
        let whole = self.whole.max(1);
        ((whole - self.left()).max(0) * 1000 / whole).unsigned_abs()
    }

    fn next_work(&mut self) -> (Work, Cut) {
        if let Some(rank) = self.slices.iter().position(|planned| !planned.busy && !planned.slice.done) {
            self.slices[rank].busy = true;
            return (Work::Take(rank), None);
        }
        if !self.slices.iter().any(|planned| planned.busy) {
            return (Work::Over, None);
        }
        let width =
            |planned: &Planned| planned.slice.until.unwrap_or(self.now).duration_since(planned.reached);
        let widest = (0..self.slices.len())
            .filter(|rank| self.slices[*rank].busy && self.slices[*rank].proved)
            .max_by_key(|rank| width(&self.slices[*rank]));
        match widest.filter(|rank| width(&self.slices[*rank]) >= NARROW) {
            Some(rank) => self.cut(rank),
            None => (Work::Wait, None),
        }
    }

    /// Cuts a slice and gives its later half to a new reader; at whole seconds, as the platform prints dates.
    fn cut(&mut self, rank: usize) -> (Work, Cut) {
        let planned = &mut self.slices[rank];
        let (low, high) = (planned.reached.as_second(), planned.slice.until.unwrap_or(self.now).as_second());
        let Ok(middle) = Timestamp::from_second(low + (high - low) / 2) else { return (Work::Wait, None) };
        if middle <= planned.reached || middle <= planned.slice.since {
            planned.proved = false;
            return (Work::Wait, None);
        }
        let later = Slice { since: middle, until: planned.slice.until, place: None, done: false };
        planned.slice.until = Some(middle);
        planned.proved = false;
        let cut = Some((planned.slice.since, later.clone()));
        self.slices.push(Planned { slice: later, reached: middle, busy: true, proved: false });
        (Work::Take(self.slices.len() - 1), cut)
    }

    /// Records a page; dossiers after the end of the slice belong to another reader.
    fn advance(&mut self, rank: usize, page: &mut Page) -> Slice {
        let planned = &mut self.slices[rank];
        let until = planned.slice.until;
        let beyond = |at: Option<Timestamp>| until.zip(at).is_some_and(|(until, at)| at >= until);
        let passed = page.dossiers.iter().any(|dossier| beyond(dossier.modified));
        page.dossiers.retain(|dossier| !beyond(dossier.modified));
        let stuck = page.more && page.cursors.dossiers == planned.slice.place;
        planned.slice.place.clone_from(&page.cursors.dossiers);
        planned.slice.done = passed || !page.more || stuck;
        planned.busy = !planned.slice.done;
        planned.proved = !planned.slice.done;
        planned.reached = page.dossiers.iter().filter_map(|d| d.modified).max().unwrap_or(planned.reached);
        planned.slice.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_slices_cover_all_that_is_left_and_only_the_first_has_the_cursor() {
        let (since, now) = (at("2026-01-01T00:00:00.5Z"), at("2026-01-01T04:00:03Z"));
        let slices = first_slices(since, now, Some("here".to_owned()));
        let cuts = ["2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z", "2026-01-01T03:00:00Z"].map(at);
        let sinces: Vec<Timestamp> = slices.iter().map(|slice| slice.since).collect();
        assert_eq!(sinces, [since, cuts[0], cuts[1], cuts[2]]);
        let untils: Vec<Option<Timestamp>> = slices.iter().map(|slice| slice.until).collect();
        assert_eq!(untils, [Some(cuts[0]), Some(cuts[1]), Some(cuts[2]), None]);
        assert_eq!(slices.iter().filter_map(|slice| slice.place.as_deref()).collect::<Vec<_>>(), ["here"]);
    }

    #[test]
    fn too_little_time_and_a_clock_that_is_behind_give_one_slice() {
        for now in ["2026-01-01T00:00:07Z", "2025-12-31T00:00:00Z"] {
            assert_eq!(first_slices(at("2026-01-01T00:00:00Z"), at(now), None).len(), 1, "{now}");
        }
        assert_eq!(first_slices(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:08Z"), None).len(), 4);
    }
}

//! Sends notices to other programs: once to each receiver, tried again for some days. Here are those about labels; the
//! others are put by [`super::dossier_notices`] and [`super::reading_notices`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::memory::Memory;
use super::month::month_over;
use super::noticed::{Noticed, correction, replaces, told_last};
use super::report::Report;
use super::waiting::wait_for_reading;
use crate::activity::{Activity, Step};
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::hooks::{Hook, SendOutcome, message_id};
use crate::retry::{later, webhooks};
use crate::store;
use crate::store::found::FoundRows;
use crate::store::judgement::Judgements;
use crate::store::outbox::{NewTask, Outbox, Task, TaskEnd, TaskKind};
use crate::store::outward::{PutTask, Reached};
use crate::store::settings::StoredSettings;
use label::case::{Case, Event, Frame, body_name};
use label::judge::Review;
use label::outgoing::{Action, Instead, Notice, NoticeKey, NoticeKind, Notify};
use label::plan::corrections::Heard;
use label::plan::notices::{Untold, corrective_notices, to_correct, wanted_notices};
use label::wording::journal::{self, EntryKind};

/// Puts and sends the notices about labels.
pub(super) struct Herald<'a> {
    pub activity: &'a Activity,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    /// The receivers.
    pub hooks: &'a [Hook],
    pub memory: Memory<'a>,
    pub outbox: Outbox,
    pub settings: StoredSettings,
    pub judgements: Judgements,
    pub found: FoundRows,
    pub stop: &'a CancellationToken,
}

impl Herald<'_> {
    /// The receivers, with what each wants.
    pub(super) fn names(&self) -> Vec<(String, Vec<NoticeKind>)> {
        let wants = |hook: &Hook| NoticeKind::ALL.into_iter().filter(|kind| hook.wants(*kind)).collect();
        self.hooks.iter().map(|hook| (hook.agreement(), wants(hook))).collect()
    }

    /// The notices put so far for the dossiers of these cases; none are looked for when there is no receiver.
    pub(super) async fn put_for(&self, cases: &[&Case]) -> Result<Vec<PutTask>, Error> {
        if self.hooks.is_empty() {
            return Ok(Vec::new());
        }
        let dossiers = cases.iter().flat_map(|case| &case.dossiers).map(|facts| facts.number);
        Ok(self.outbox.put_for(TaskKind::Webhook, &dossiers.collect::<Vec<i64>>()).await?)
    }

    /// The notices that a case calls for and that were not put yet; `put` are those of its dossiers, among others.
    pub(super) async fn notices(
        &self,
        (review, case): (&Review, &Case),
        frame: &Frame,
        since: Date,
        put: &[PutTask],
    ) -> Result<Vec<Action>, Error> {
        let mut actions = Vec::new();
        if self.hooks.is_empty() {
            return Ok(actions);
        }
        let put: Vec<&PutTask> = put.iter().filter(|task| case.holds(task.dossier)).collect();
        let keys: BTreeSet<&str> = put.iter().map(|task| task.key.as_str()).collect();
        let body = |dossier: i64| case.dossier(dossier).map(|facts| body_name(facts, frame));
        let hears = |hook: &Hook, dossier: i64| hook.hears_of(body(dossier));
        for hook in self.hooks {
            let from = since.max(self.added_on(hook).await?);
            let noticed = self.noticed(hook, &put).await?;
            let over = |event: &Event| noticed.is_over(event);
            let heard = Heard { told: &noticed.told, over: &over, since: from };
            for notice in wanted_notices(review, case, frame, from, heard) {
                let key = outbox_key(hook, notice.key);
                if hook.wants(notice.kind) && hears(hook, notice.dossier) && !keys.contains(key.as_str()) {
                    actions.push(Action::Notify(Notify { key, receiver: hook.rank, notice }));
                }
            }
            if !hook.wants(NoticeKind::Corrected) {
                continue;
            }
            let taken = |key: &NoticeKey| keys.contains(outbox_key(hook, *key).as_str());
            for notice in corrective_notices(review, case, frame, heard, &noticed.untold, taken) {
                let key = outbox_key(hook, notice.key);
                if !hears(hook, notice.dossier) {
                    continue;
                }
                actions.push(Action::Notify(Notify { key, receiver: hook.rank, notice }));
            }
        }
        Ok(actions)
    }

    /// What a receiver was told of the decisions of a case, and what did not reach it.
    async fn noticed(&self, hook: &Hook, put: &[&PutTask]) -> Result<Noticed, Error> {
        let mut noticed = Noticed::default();
        let prefix = outbox_prefix(hook);
        for task in put {
            let Some(notice) = task.key.strip_prefix(&prefix) else { continue };
            let key = notice.parse::<NoticeKey>().ok();
            match task.reached {
                Reached::Told => {
                    noticed.over.extend(key);
                    if told_last(&mut noticed.told, notice, &task.payload).is_none() {
                        self.outbox.set_notice_aside(&task.key, task.dossier).await?;
                    }
                }
                Reached::Waiting | Reached::GivenUp(_) => {
                    let Some(key) = key else { continue };
                    let (given_up, reachable) = match task.reached {
                        Reached::GivenUp(at) => (true, self.hears_again(hook, at).await?),
                        _ => (false, false),
                    };
                    if given_up {
                        noticed.over.insert(key);
                    }
                    let untold = correction(key, &task.payload);
                    noticed.untold.extend(untold.map(|one| Untold { given_up, reachable, ..one }));
                }
                Reached::Unknown => {}
            }
        }
        Ok(noticed)
    }

    /// Whether a receiver to which a notice could not be told was reached since, or may be called again.
    async fn hears_again(&self, hook: &Hook, at: Timestamp) -> Result<bool, Error> {
        Ok(self.is_called_again(hook).await? || self.outbox.accepted_after(&outbox_prefix(hook), at).await?)
    }

    /// Whether a receiver that asked not to be called has another secret since, and was not tried yet.
    async fn is_called_again(&self, hook: &Hook) -> Result<bool, Error> {
        let gone = self.settings.get(&gone_setting(hook)).await?;
        Ok(gone.is_some_and(|gone| !gone.is_empty() && gone != hook.agreement()))
    }

    /// The day on which a receiver was added: it gets no notice of earlier events.
    async fn added_on(&self, hook: &Hook) -> Result<Date, Error> {
        let name = format!("webhook_added/{}", hook.id);
        if let Some(day) = self.settings.read(&name).await? {
            return Ok(day);
        }
        let today = self.clock.today();
        if !self.memory.acting.dry_run {
            self.settings.set(&name, &today.to_string()).await?;
        }
        Ok(today)
    }

    /// The body is stored as it is first made, so that each try sends the same bytes.
    pub(super) async fn put_notice(&self, notify: &Notify) -> Result<(), Error> {
        let notice = &notify.notice;
        let now = self.clock.now();
        let body =
            json!({ "type": notice.kind, "timestamp": now.to_string(), "data": &notice.data }).to_string();
        let (key, dossier) = (notify.key.as_str(), notice.dossier);
        let task = NewTask { key, kind: TaskKind::Webhook, dossier, role: None, rule: None, payload: &body };
        if notice.kind != NoticeKind::Corrected {
            self.outbox.put_once(&task, now).await?;
            return Ok(());
        }
        self.outbox.put_correction(&task, now).await?;
        if let Some(hook) = self.hooks.iter().find(|hook| hook.rank == notify.receiver)
            && self.is_called_again(hook).await?
        {
            // Once: from now on only what it accepts shows that it can be called.
            self.settings.set(&gone_setting(hook), "").await?;
        }
        Ok(())
    }

    /// Keys of the notices of a month that receivers do not have yet; none for a receiver that was added since.
    pub(super) async fn owed_month(&self, first: Date) -> Result<Vec<String>, Error> {
        let mut owed = Vec::new();
        for hook in self.hooks.iter().filter(|hook| hook.wants(NoticeKind::Month) && hook.hears_of(None)) {
            let key = outbox_key(hook, NoticeKey::month_of(first));
            if self.added_on(hook).await? <= first.last_of_month() && !self.outbox.is_put(&key).await? {
                owed.push(key);
            }
        }
        Ok(owed)
    }

    /// Has the notices of a receiver tried again that were given up since an instant; how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn again(&self, hook: &Hook, since: Timestamp, now: Timestamp) -> Result<u64, Error> {
        Ok(self.outbox.notices_again(&outbox_prefix(hook), since, now).await?)
    }

    /// Sends every notice that is due.
    ///
    /// # Errors
    /// When the store fails; a failure of one receiver does not stop the others.
    pub async fn deliver_hooks(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let mut mute = BTreeSet::new();
        loop {
            let tasks = self.outbox.due(TaskKind::Webhook, self.clock.now(), webhooks::BATCH).await?;
            if tasks.is_empty() {
                return Ok(report);
            }
            for task in tasks {
                if self.stop.is_cancelled() {
                    return Ok(report);
                }
                match self.deliver_hook(&task, &mut mute, &mut report).await {
                    Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                        wait_for_reading(&self.outbox, self.clock, &task, &error, &mut report).await?
                    }
                    other => other?,
                }
            }
        }
    }

    async fn deliver_hook(
        &self,
        task: &Task,
        mute: &mut BTreeSet<usize>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        // Before anything is done with it: another machine may be telling it.
        if !self.outbox.claim(task, now, later(now, webhooks::LEASE)).await? {
            return Ok(());
        }
        let found =
            self.hooks.iter().find_map(|hook| Some((hook, task.key.strip_prefix(&outbox_prefix(hook))?)));
        let Some((hook, key)) = found else {
            // Its receiver is no longer in the configuration.
            return Ok(self.outbox.end(&task.key, TaskEnd::Cancelled, None, now).await?);
        };
        let Ok(notice) = key.parse::<NoticeKey>() else {
            let why = "its key is not one of this version: it cannot be told";
            return self.give_up_notice(task, hook, why, report).await;
        };
        if mute.contains(&hook.rank) {
            // Waiting for the time limit at each of a hundred notices would delay everything else.
            return Ok(self
                .outbox
                .untried(&task.key, "its receiver does not answer", later(now, webhooks::MUTE))
                .await?);
        }
        let gone = gone_setting(hook);
        if self.settings.get(&gone).await?.as_deref() == Some(hook.agreement().as_str()) {
            let why = "its receiver asked not to be called any more (410)";
            return self.give_up_notice(task, hook, why, report).await;
        }
        if !Box::pin(self.notice_wanted(hook, notice, &task.payload)).await? {
            let said = journal::notice_moot(hook.rank);
            let line = task.line(EntryKind::WebhookCancelled, said, "");
            self.outbox.end(&task.key, TaskEnd::Cancelled, Some(&line), now).await?;
            // It may be wanted with another body.
            return Ok(self.judgements.mark_to_judge(task.dossier).await?);
        }
        self.activity.at(Step::Receiver);
        match hook.send(&message_id(&notice), now, &task.payload).await {
            SendOutcome::Accepted => {
                report.notified += 1;
                let said = journal::notice_told(hook.rank, notice.kind());
                let line = task.line(EntryKind::Webhook, said, "");
                self.outbox.end(&task.key, TaskEnd::Done, Some(&line), now).await?;
                Ok(self.outbox.judge_given_up(&outbox_prefix(hook), NoticeKind::Corrected).await?)
            }
            SendOutcome::Gone => {
                self.settings.set(&gone, &hook.agreement()).await?;
                let why =
                    "410: it asks not to be called any more; change its url or its secret to call it again";
                self.give_up_notice(task, hook, why, report).await
            }
            SendOutcome::Mute(_, why) => {
                mute.insert(hook.rank);
                self.put_off_notice(task, hook, &why, report).await
            }
            SendOutcome::Failed(why) => self.put_off_notice(task, hook, &why, report).await,
        }
    }

    async fn put_off_notice(
        &self,
        task: &Task,
        hook: &Hook,
        why: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        let Some(wait) = webhooks::wait(task.attempts) else {
            return self.give_up_notice(task, hook, why, report).await;
        };
        let (rank, number) = (hook.rank, task.dossier);
        tracing::warn!(dossier = number, wait_seconds = wait.as_secs(), "webhook {rank} put off: {why}");
        report.failures.push(format!("webhook {rank}: a notice could not be told yet ({why})"));
        let at = later(self.clock.now(), wait);
        Ok(self.outbox.later(&task.key, why, at).await?)
    }

    async fn give_up_notice(
        &self,
        task: &Task,
        hook: &Hook,
        why: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let (rank, number) = (hook.rank, task.dossier);
        tracing::error!(dossier = number, "webhook {rank}: notice given up: {why}");
        report.failures.push(format!("webhook {rank}: a notice was given up ({why})"));
        let said = journal::notice_given_up(rank, why);
        let line = task.line(EntryKind::WebhookGivenUp, said, why);
        Ok(self.outbox.end(&task.key, TaskEnd::GivenUp(why), Some(&line), now).await?)
    }

    /// A decision typed by mistake and taken back in the meantime is told to nobody. A correction is wanted on whichever
    /// day, as long as all that it says holds.
    async fn notice_wanted(&self, hook: &Hook, notice: NoticeKey, payload: &str) -> Result<bool, Error> {
        let (dossier, kind) = match notice {
            NoticeKey::Label { dossier, kind, .. } => (dossier, kind),
            NoticeKey::Month { .. } => {
                let last = NoticeKey::month_of(month_over(self.clock.today()));
                return Ok(notice == last && hook.hears_of(None));
            }
            NoticeKey::Found { dossier, .. } | NoticeKey::Deadline { dossier, .. } => {
                return self.is_dossier_notice_wanted(hook, (notice, dossier), payload).await;
            }
            NoticeKey::Reading { kind, since, section } => {
                return self.is_reading_notice_wanted(hook, (kind, since, section)).await;
            }
        };
        let Some((case, review)) = self.book.review_of(dossier).await? else { return Ok(false) };
        let frame = self.book.frame().await?;
        // The dossier may have gone to another body since.
        if !hook.hears_of(case.dossier(dossier).map(|facts| body_name(facts, &frame))) {
            return Ok(false);
        }
        let since = self.memory.since().await?;
        let from = since.max(self.added_on(hook).await?);
        let put = self.put_for(&[&case]).await?;
        let noticed = self.noticed(hook, &put.iter().collect::<Vec<_>>()).await?;
        let over = |event: &Event| noticed.is_over(event);
        let heard = Heard { told: &noticed.told, over: &over, since: from };
        if kind == NoticeKind::Corrected {
            let owed = to_correct(&review, &case, &frame, heard);
            return Ok(correction(notice, payload).is_some_and(|correction| correction.holds(&owed)));
        }
        let wanted = wanted_notices(&review, &case, &frame, since, heard);
        // One that says to take the place of a decision that is there again would be false.
        let said = replaces(payload).filter(|instead| *instead != Instead::All);
        let same = |wanted: &Notice| said.is_none_or(|instead| Some(instead) == wanted.data.instead());
        Ok(wanted.iter().any(|wanted| wanted.key == notice && same(wanted)))
    }
}

/// « webhook/RECEIVER/DOSSIER/EVENT/DAY »: the receiver is named by a hash of its address.
pub(super) fn outbox_key(hook: &Hook, notice: NoticeKey) -> String {
    format!("{}{notice}", outbox_prefix(hook))
}

/// Holds the agreement under which a receiver asked not to be called.
fn gone_setting(hook: &Hook) -> String {
    format!("webhook_gone/{}", hook.id)
}

pub(super) fn outbox_prefix(hook: &Hook) -> String {
    format!("webhook/{}/", hook.id)
}

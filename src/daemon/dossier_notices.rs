//! The notices of what goes on in a dossier, for the receivers that ask for them by name: findings, doubtful decisions,
//! deadlines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::error::Error;
use super::hooks::{Herald, outbox_key, outbox_prefix};
use crate::hooks::Hook;
use crate::store::found::FoundRow;
use crate::store::outbox::TaskKind;
use crate::store::outward::{PutTask, Reached};
use label::case::{Case, Frame, body_name};
use label::judge::Review;
use label::outgoing::{Action, Notice, NoticeKey, NoticeKind, Notify};
use label::plan::found_notices::{FoundChange, PutFound, deadline_notices, found_notices, still_found};
use label::wording::found::Found;

/// The day from which a receiver is told of a kind of event, for those that it asks for by name.
pub(super) type Beginnings = BTreeMap<(usize, NoticeKind), Date>;

/// The day on which a receiver first asked for a kind of event; empty once it no longer does.
fn asked_setting(hook: &Hook, kind: NoticeKind) -> String {
    format!("webhook_asked/{}/{kind}", hook.id)
}

impl Herald<'_> {
    /// The days from which the receivers are told of what goes on in dossiers, and of readings: `since` at the earliest, and
    /// not before the day on which they asked for it.
    pub(super) async fn beginnings(&self, since: Date) -> Result<Beginnings, Error> {
        let mut from = Beginnings::new();
        let asked = NoticeKind::ALL.into_iter().filter(|kind| !kind.is_of_the_register());
        let asked: Vec<NoticeKind> = asked.collect();
        for hook in self.hooks {
            for kind in &asked {
                let name = asked_setting(hook, *kind);
                let known = self.settings.get(&name).await?.filter(|day| !day.is_empty());
                if !hook.wants(*kind) {
                    if known.is_some() && !self.memory.acting.dry_run {
                        self.settings.set(&name, "").await?;
                    }
                    continue;
                }
                let day = match known.and_then(|day| day.parse().ok()) {
                    Some(day) => day,
                    None => {
                        let today = self.clock.today();
                        if !self.memory.acting.dry_run {
                            self.settings.set(&name, &today.to_string()).await?;
                        }
                        today
                    }
                };
                from.insert((hook.rank, *kind), since.max(day));
            }
        }
        Ok(from)
    }

    /// The notices of what goes on in the dossiers of a case that were not put yet. `before`: what was found in them before;
    /// `put`: the notices of its dossiers, among others.
    pub(super) fn of_dossiers(
        &self,
        (review, case): (&Review, &Case),
        frame: &Frame,
        from: &Beginnings,
        (before, now): (&BTreeMap<i64, FoundRow>, &[FoundRow]),
        put: &[PutTask],
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        if from.is_empty() {
            return actions;
        }
        for hook in self.hooks {
            let from = |kind: NoticeKind| from.get(&(hook.rank, kind)).copied();
            let of_case: Vec<&PutTask> = put.iter().filter(|task| case.holds(task.dossier)).collect();
            let told = put_found(hook, &of_case);
            let changes = now.iter().map(|row| {
                let known = before.get(&row.dossier);
                let after = known.map_or(0, |known| known.changes);
                let before = known.map(|known| known.found.as_slice());
                FoundChange { dossier: row.dossier, before, after, now: &row.found }
            });
            let found = changes.flat_map(|change| found_notices(review, case, change, &told, from));
            let due = from(NoticeKind::Deadline).map(|day| deadline_notices(review, case, frame, day));
            for notice in found.chain(due.into_iter().flatten()) {
                let key = outbox_key(hook, notice.key);
                let body = case.dossier(notice.dossier).map(|facts| body_name(facts, frame));
                if hook.hears_of(body) && !of_case.iter().any(|task| task.key == key) {
                    actions.push(Action::Notify(Notify { key, receiver: hook.rank, notice }));
                }
            }
        }
        actions
    }

    /// Whether what a notice says of a dossier still holds, and is still that receiver's to know.
    pub(super) async fn is_dossier_notice_wanted(
        &self,
        hook: &Hook,
        (notice, dossier): (NoticeKey, i64),
        payload: &str,
    ) -> Result<bool, Error> {
        let Some((case, review)) = self.book.review_of(dossier).await? else { return Ok(false) };
        let frame = self.book.frame().await?;
        if !hook.hears_of(case.dossier(dossier).map(|facts| body_name(facts, &frame))) {
            return Ok(false);
        }
        let NoticeKey::Found { kind, .. } = notice else {
            let reached = deadline_notices(&review, &case, &frame, Date::MIN);
            return Ok(reached.iter().any(|wanted: &Notice| wanted.key == notice));
        };
        let ids = named(payload);
        if kind == NoticeKind::NoLongerDoubtful && !self.was_told_doubtful(hook, dossier, &ids).await? {
            return Ok(false);
        }
        Ok(still_found(kind, &ids, &Found::of(&review, dossier)))
    }

    /// Whether a receiver was told that one of these decisions was doubtful.
    async fn was_told_doubtful(&self, hook: &Hook, dossier: i64, ids: &[String]) -> Result<bool, Error> {
        let put = self.outbox.put_for(TaskKind::Webhook, &[dossier]).await?;
        let told = put_found(hook, &put.iter().collect::<Vec<_>>());
        let mut doubtful = told.iter().filter(|one| one.told && one.key.kind() == NoticeKind::Doubtful);
        Ok(doubtful.any(|one| one.ids.iter().any(|id| ids.contains(id))))
    }
}

/// The notices about findings that were put for a receiver.
fn put_found(hook: &Hook, put: &[&PutTask]) -> Vec<PutFound> {
    let prefix = outbox_prefix(hook);
    let found = put.iter().filter_map(|task| {
        let key: NoticeKey = task.key.strip_prefix(&prefix)?.parse().ok()?;
        let told = task.reached == Reached::Told;
        matches!(key, NoticeKey::Found { .. }).then(|| PutFound { key, ids: named(&task.payload), told })
    });
    found.collect()
}

/// The findings that the body of a notice names.
fn named(payload: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Body {
        data: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        constats: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        id: String,
    }
    let body = serde_json::from_str::<Body>(payload);
    body.map(|body| body.data.constats.into_iter().map(|one| one.id).collect()).unwrap_or_default()
}

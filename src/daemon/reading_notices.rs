//! The notices that a section of the platform can no longer be read, and that it is read again: what receivers know of its
//! dossiers is then not of the day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::error::Error;
use super::hooks::{Herald, outbox_key};
use super::standing::{Away, Failing};
use crate::hooks::Hook;
use crate::retry::alarms::AWAY;
use crate::store::outbox::{NO_DOSSIER, NewTask, TaskKind};
use label::outgoing::{NoticeKey, NoticeKind, ReadSection};

/// Under this prefix the store keeps since when a section is known to receivers as stopped; an empty text once it is over.
const STOPPED: &str = "webhook_stopped/";

impl Herald<'_> {
    /// Puts the notices of each section that stopped, and of each that is read again. What the platform refuses is told at
    /// once, and silence after some hours, as the body is told by mail.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn put_readings(&self, away: &Away) -> Result<(), Error> {
        let asks =
            |hook: &Hook| hook.wants(NoticeKind::ReadingStopped) || hook.wants(NoticeKind::ReadingResumed);
        if !self.hooks.iter().any(asks) {
            return Ok(());
        }
        let from = self.beginnings(self.memory.since().await?).await?;
        let now = self.clock.now();
        let known = self.stopped().await?;
        for (scope, since) in &known {
            if away.get(scope).is_some_and(|failing| failing.since == *since) {
                continue;
            }
            let data = json!({ "section": scope, "depuis": since.to_string(), "reprise": now.to_string() });
            for hook in self.hooks.iter().filter(|hook| hook.wants(NoticeKind::ReadingResumed)) {
                let told = !hook.wants(NoticeKind::ReadingStopped)
                    || self.is_put(hook, NoticeKind::ReadingStopped, (scope, *since)).await?;
                if told {
                    self.put_reading(hook, NoticeKind::ReadingResumed, (scope, *since), &data).await?;
                }
            }
            self.settings.set(&format!("{STOPPED}{scope}"), "").await?;
        }
        let stands = |failing: &Failing| failing.refused || now.duration_since(failing.since) >= AWAY;
        for (scope, failing) in away.iter().filter(|(_, failing)| stands(failing)) {
            let day = self.clock.in_paris(failing.since).date();
            let motif = if failing.refused { "refusee" } else { "sans_reponse" };
            let data = json!({
                "section": scope, "depuis": failing.since.to_string(), "motif": motif,
                "derniere_lecture": failing.read.map(|read| read.to_string()),
            });
            for hook in self.hooks {
                let kind = NoticeKind::ReadingStopped;
                if from.get(&(hook.rank, kind)).is_some_and(|from| day >= *from) {
                    self.put_reading(hook, kind, (scope, failing.since), &data).await?;
                }
            }
            if known.get(scope) != Some(&failing.since) {
                self.settings.set(&format!("{STOPPED}{scope}"), &failing.since.to_string()).await?;
            }
        }
        Ok(())
    }

    /// The sections that are known as stopped, and since when.
    async fn stopped(&self) -> Result<BTreeMap<String, Timestamp>, Error> {
        let mut stopped = BTreeMap::new();
        for (name, since) in self.settings.starting(STOPPED).await? {
            let scope = name.strip_prefix(STOPPED).unwrap_or_default();
            if let Ok(since) = since.parse() {
                stopped.insert(scope.to_owned(), since);
            }
        }
        Ok(stopped)
    }

    async fn is_put(
        &self,
        hook: &Hook,
        kind: NoticeKind,
        (scope, since): (&str, Timestamp),
    ) -> Result<bool, Error> {
        let Ok(section) = scope.parse::<ReadSection>() else { return Ok(false) };
        Ok(self.outbox.is_put(&outbox_key(hook, NoticeKey::Reading { kind, since, section })).await?)
    }

    async fn put_reading(
        &self,
        hook: &Hook,
        kind: NoticeKind,
        (scope, since): (&str, Timestamp),
        data: &serde_json::Value,
    ) -> Result<(), Error> {
        if !self.hears_section(hook, scope).await? || self.is_put(hook, kind, (scope, since)).await? {
            return Ok(());
        }
        let Ok(section) = scope.parse::<ReadSection>() else { return Ok(()) };
        let key = outbox_key(hook, NoticeKey::Reading { kind, since, section });
        self.put_general(&key, kind, data).await
    }

    /// Puts a notice that is about no dossier.
    pub(super) async fn put_general(
        &self,
        key: &str,
        kind: NoticeKind,
        data: &serde_json::Value,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let body = json!({ "type": kind, "timestamp": now.to_string(), "data": data }).to_string();
        let task = NewTask {
            key,
            kind: TaskKind::Webhook,
            dossier: NO_DOSSIER,
            role: None,
            rule: None,
            payload: &body,
        };
        self.outbox.put_once(&task, now).await?;
        Ok(())
    }

    /// A receiver of one body is told of the sections that its dossiers are read from.
    async fn hears_section(&self, hook: &Hook, scope: &str) -> Result<bool, Error> {
        match hook.body() {
            None => Ok(true),
            Some(body) => Ok(self.found.reads_for(scope, body).await?),
        }
    }

    /// Whether a section still stands as a notice says. That it is read again is told to whoever was told that it stopped.
    pub(super) async fn is_reading_notice_wanted(
        &self,
        hook: &Hook,
        (kind, since, section): (NoticeKind, Timestamp, ReadSection),
    ) -> Result<bool, Error> {
        let scope = section.to_string();
        let stopped = self.stopped().await?.get(&scope) == Some(&since);
        if kind == NoticeKind::ReadingStopped {
            return Ok(stopped);
        }
        if !hook.wants(NoticeKind::ReadingStopped) {
            return Ok(true);
        }
        let key = NoticeKey::Reading { kind: NoticeKind::ReadingStopped, since, section };
        Ok(self.outbox.is_done(&outbox_key(hook, key)).await?)
    }
}

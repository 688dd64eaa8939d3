//! Tells the body when vigie can no longer do its work, once, and once more when it can again.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::error::Error;
use super::postman::Postman;
use super::standing::{self, Away};
use crate::clock::Clock;
use crate::retry::alarms as limits;
use label::judge::agenda::Role;
use label::outgoing::Letter;
use label::wording::alarms::{Alarm, alarm, mended};

/// Under this prefix the store keeps since when each alarm stands; an empty text once it is over.
const STANDS: &str = "alarm/";
const RAISED: &str = "alerte/";
const MENDED: &str = "retabli/";

/// The key of the mail about an alarm that stands since then.
fn key(about: &str, name: &str, since: &str) -> String {
    format!("{about}{name}/{since}/{}", Role::Organisme.key())
}

impl Postman<'_> {
    /// Puts the mail about each alarm that stands, and about each that is over and was told.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tell_alarms(&self, away: &Away) -> Result<(), Error> {
        if self.acting.operators().is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let stand = self.alarms(away, now).await?;
        let known = self.standing_alarms().await?;
        for (name, about) in &stand {
            let since = known.get(name).cloned().unwrap_or_else(|| now.to_string());
            // First: after a crash in between, the mail is put under another instant and the first is not wanted.
            self.settings.set(&format!("{STANDS}{name}"), &since).await?;
            self.put_alarm(&key(RAISED, name, &since), &alarm(about)).await?;
        }
        for (name, since) in known.iter().filter(|(name, _)| !stand.contains_key(*name)) {
            if self.outbox.is_done(&key(RAISED, name, since)).await? {
                self.put_alarm(&key(MENDED, name, since), &mended(name, since.parse().ok())).await?;
            }
            self.settings.set(&format!("{STANDS}{name}"), "").await?;
        }
        Ok(())
    }

    /// Whether the mail about an alarm is still wanted: that of one that is over before it left is not.
    pub(super) async fn alarm_wanted(&self, task: &str) -> Result<bool, Error> {
        if task.starts_with(MENDED) {
            return Ok(true);
        }
        let known = self.standing_alarms().await?;
        Ok(known.iter().any(|(name, since)| key(RAISED, name, since) == task))
    }

    /// Name, and since when.
    async fn standing_alarms(&self) -> Result<BTreeMap<String, String>, Error> {
        let known = self.settings.starting(STANDS).await?.into_iter().filter(|(_, since)| !since.is_empty());
        let name = |name: String| name.strip_prefix(STANDS).unwrap_or_default().to_owned();
        Ok(known.map(|(stored, since)| (name(stored), since)).collect())
    }

    async fn put_alarm(&self, key: &str, letter: &Letter) -> Result<(), Error> {
        if self.put_to_body(key, letter).await? {
            tracing::warn!("the body is told: {}", letter.subject);
        }
        Ok(())
    }

    /// What keeps vigie from its work now, by name.
    async fn alarms(&self, away: &Away, now: Timestamp) -> Result<BTreeMap<String, Alarm>, Error> {
        let mut stand = BTreeMap::new();
        for (scope, failing) in away {
            let (section, said) = (scope.clone(), failing.why.clone());
            let since = self.clock.in_paris(failing.since);
            if failing.refused {
                stand.insert(format!("section/{scope}"), Alarm::Refused { section, since, said });
            } else if now.duration_since(failing.since) >= limits::AWAY {
                stand.insert(format!("section/{scope}"), Alarm::Away { section, since, said });
            }
        }
        for (scope, failing) in standing::unwritten(&self.settings, self.sources).await? {
            let since = self.clock.in_paris(failing.since);
            let alarm = Alarm::ReadOnly { section: scope.clone(), since, said: failing.why };
            stand.insert(format!("writes/{scope}"), alarm);
        }
        let given_up = self.writes.given_up().await?;
        if !given_up.is_empty() {
            stand.insert("annotations".to_owned(), Alarm::Annotations { dossiers: given_up });
        }
        if let Some(room) = self.health.room().filter(|room| room.is_short(limits::ROOM)) {
            stand.insert("store".to_owned(), Alarm::Store { free: room.free });
        }
        if let Some(minutes) = self.clock_off() {
            stand.insert("clock".to_owned(), Alarm::Clock { minutes });
        }
        Ok(stand)
    }

    /// The minutes by which this machine's clock is ahead of the platform's, when that is too much.
    fn clock_off(&self) -> Option<i64> {
        let real = matches!(self.clock, Clock::System);
        let ahead = self.sources.iter().filter_map(|source| source.dn.counters().ahead());
        let seconds = ahead.max_by_key(|ahead| ahead.abs()).filter(|_| real)?;
        (seconds.abs() >= limits::CLOCK.as_secs()).then_some(seconds / 60)
    }
}

//! Tells the body when vigie can no longer do its work, once, and once more when it can again.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::error::Error;
use super::postman::Postman;
use super::standing::{self, Away};
use crate::clock::Clock;
use crate::retry::alarms as limits;
use crate::store::outbox::TaskKind;
use label::judge::agenda::Role;
use label::outgoing::Letter;
use label::wording::alarms::{Alarm, alarm, mended};

/// Under this prefix the store keeps since when each alarm stands; an empty text once it is over.
const STANDS: &str = "alarm/";
const RAISED: &str = "alerte/";
const MENDED: &str = "retabli/";

/// What became of an alarm that was raised, when nothing raises it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    /// Something proved that it is over.
    Mended,
    /// Nothing proved it: it stands as it is, over a restart too.
    Unknown,
    /// Its section is in the configuration no more: there is nothing left to prove.
    Moot,
}

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
            let became = self.became(name, since, away).await?;
            if became == Became::Unknown {
                continue;
            }
            if became == Became::Mended && self.outbox.is_done(&key(RAISED, name, since)).await? {
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

    /// What became of an alarm that nothing raises now. A reading that failed otherwise, an answer without a date or a disk
    /// that cannot be measured are no proof.
    async fn became(&self, name: &str, since: &str, away: &Away) -> Result<Became, Error> {
        let proved = |is_over: bool| if is_over { Became::Mended } else { Became::Unknown };
        let section = name.split_once('/').filter(|(kind, _)| matches!(*kind, "section" | "writes"));
        if let Some((_, scope)) = section
            && !self.sources.iter().any(|source| source.key() == scope)
        {
            return Ok(Became::Moot);
        }
        Ok(match (section, name) {
            (Some(("section", scope)), _) => {
                let read = standing::read(&self.settings, scope).await?;
                let raised = since.parse::<Timestamp>().ok();
                proved(!away.contains_key(scope) && read.is_some() && read >= raised)
            }
            // A write that was taken is what ends the refusal, and the alarm with it.
            (Some(_), _) => Became::Mended,
            // After a change of the form the refusals are forgotten, and each value is written again.
            (None, "annotations") => proved(!self.outbox.has_pending(TaskKind::Annotation).await?),
            (None, "store") => proved(self.health.room().is_some()),
            (None, "clock") => proved(self.ahead().is_some()),
            (None, _) => Became::Moot,
        })
    }

    /// The seconds by which this machine's clock is ahead of the platform's; `None` before a first answer with a date.
    fn ahead(&self) -> Option<i64> {
        let real = matches!(self.clock, Clock::System);
        let ahead = self.sources.iter().filter_map(|source| source.dn.counters().ahead());
        ahead.max_by_key(|ahead| ahead.abs()).filter(|_| real)
    }

    /// The minutes by which this machine's clock is ahead of the platform's, when that is too much.
    fn clock_off(&self) -> Option<i64> {
        let seconds = self.ahead()?;
        (seconds.abs() >= limits::CLOCK.as_secs()).then_some(seconds / 60)
    }
}

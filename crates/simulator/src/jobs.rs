//! What happens by itself as time passes: delayed mails, attestations, second changes of a date, expiry, erasure.

use super::dossier::State;
use super::engine::Prepared;
use super::world::{Mail, Token, Tombstone, World};
use super::{dates, http};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

pub(super) enum Job {
    /// Mail about a message, five minutes after it, unless it was deleted meanwhile (§5.2).
    MessageMail { dossier: u32, message: u32 },
    /// The second change of the dossier's date, when the analysis of an attachment ends (§2.4).
    Touch(u32),
    /// Erased about two weeks after it was hidden.
    Purge(u32),
    /// The decision of an SVA or SVR démarche, unless the delay was started again.
    Silence { dossier: u32, due: Date },
    /// A request whose work was done after its connection was lost.
    Late(Box<(Prepared, Token)>),
}

pub(super) const MAIL_DELAY: SignedDuration = SignedDuration::from_mins(5);
pub(super) const ANALYSIS_DELAY: SignedDuration = SignedDuration::from_secs(20);
pub(super) const ATTESTATION_DELAY: SignedDuration = SignedDuration::from_secs(20);
pub(super) const PURGE_DELAY: SignedDuration = SignedDuration::from_hours(24 * 14);

impl World {
    pub(super) fn later(&mut self, at: Timestamp, job: Job) {
        let serial = self.serial();
        self.jobs.insert((at, serial), job);
    }

    /// Runs every job that is due, in order. Called when the clock moves and before each request.
    pub(super) fn settle(&mut self) {
        let now = self.now();
        self.expire(now);
        while let Some(entry) = self.jobs.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let ((at, _), job) = entry.remove_entry();
            self.run(at, job);
        }
    }

    fn run(&mut self, at: Timestamp, job: Job) {
        match job {
            Job::MessageMail { dossier, message } => self.message_mail(at, dossier, message),
            Job::Touch(number) => {
                if let Some(dossier) = self.dossiers.get_mut(&number) {
                    dossier.updated_at = at.max(dossier.updated_at);
                }
            }
            Job::Purge(number) => self.purge(at, number),
            Job::Silence { dossier, due } => self.decide_by_silence(dossier, due),
            Job::Late(late) => http::execute_late(self, &late.0, late.1.clone()),
        }
    }

    fn message_mail(&mut self, at: Timestamp, number: u32, message: u32) {
        let Some(dossier) = self.dossiers.get(&number) else { return };
        let alive = dossier.messages.iter().any(|one| one.id == message && one.discarded_at.is_none());
        if alive {
            let to = dossier.usager_email.clone();
            self.mails.push(Mail { at, to, kind: "new_message", dossier: number });
        }
    }

    /// Hides the dossiers whose retention is over; one in instruction never expires. No date changes, and nothing is
    /// added to the pending list.
    fn expire(&mut self, now: Timestamp) {
        let mut due = Vec::new();
        // No month is shorter than 28 days: a younger dossier cannot have expired, and skipping it keeps this cheap with ten
        // thousand dossiers.
        let youngest = now - SignedDuration::from_hours(24 * 28 * i64::from(self.retention_months));
        for dossier in self.dossiers.values().filter(|dossier| dossier.depose_at <= youngest) {
            let at = self.expires_at(dossier.number);
            if let Some(at) = at.filter(|at| *at <= now && dossier.is_visible()) {
                due.push((dossier.number, at));
            }
        }
        for (number, at) in due {
            self.hide_expired(number, at);
        }
    }

    pub(super) fn expires_at(&self, number: u32) -> Option<Timestamp> {
        let dossier = self.dossiers.get(&number)?;
        let from = match dossier.state {
            State::EnInstruction => return None,
            State::EnConstruction => dossier.en_construction_at,
            _ => dossier.processed_at?,
        };
        dates::paris(from)
            .checked_add(Span::new().months(self.retention_months))
            .ok()
            .map(|end| end.timestamp())
    }

    pub(super) fn hide_expired(&mut self, number: u32, at: Timestamp) {
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.hidden_by_expiry_at = Some(at);
            dossier.hidden_reason = "expired";
            self.later(at + PURGE_DELAY, Job::Purge(number));
        }
    }

    fn purge(&mut self, at: Timestamp, number: u32) {
        let Some(dossier) = self.dossiers.get(&number) else { return };
        if dossier.is_visible() {
            return; // restored meanwhile
        }
        // The user's own date is kept: a client whose cursor is already past that date never lists the tombstone
        // (§2.3).
        let own = if dossier.state == State::EnConstruction { dossier.hidden_by_user_at } else { None };
        let deleted_at = own.unwrap_or(at);
        let (group, state, reason) = (dossier.group, dossier.state.name(), dossier.hidden_reason);
        let id = self.serial();
        self.tombstones.push(Tombstone { id, dossier: number, group, state, reason, deleted_at });
        self.dossiers.remove(&number);
        self.held.remove(&number);
    }
}

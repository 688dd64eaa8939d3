//! Sends mails: those of deadlines and decisions, the bundles, DITP's monthly mails, the warnings about the token and about
//! what keeps vigie from its work.

use tokio_util::sync::CancellationToken;

use super::acting::Acting;
use super::attachments::AttachmentReading;
use super::error::Error;
use super::hooks::Herald;
use super::memory::Memory;
use super::source::Source;
use crate::activity::Activity;
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::mail::Mailer;
use crate::store;
use crate::store::dossiers::Dossiers;
use crate::store::judgement::Judgements;
use crate::store::ledger::Ledger;
use crate::store::outbox::{NO_DOSSIER, NewTask, Outbox, TaskKind};
use crate::store::overview::Health;
use crate::store::record::Record;
use crate::store::register::Register;
use crate::store::settings::StoredSettings;
use crate::store::writes::Writes;
use label::judge::agenda::Role;
use label::outgoing::Letter;

/// `deliver` claims, `judged` judges what a batch is about, `ready` makes a mail just before it is sent, `settle` says what
/// became of it, `bundle` puts several in one, `monthly`, `token`, `refusals` and `alarms` put theirs, `attestation`
/// fetches the file for the copy of a decision.
pub(super) struct Postman<'a> {
    pub activity: &'a Activity,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub acting: &'a Acting,
    pub mailer: Option<&'a Mailer>,
    /// What is put anew (bundles, alarms, what is to come) is put by the process that observes.
    pub observes: bool,
    pub sources: &'a [Source],
    pub reading: Option<&'a AttachmentReading>,
    pub memory: Memory<'a>,
    /// Puts the monthly notices, about the same month as DITP's report.
    pub herald: Herald<'a>,
    pub outbox: Outbox,
    pub ledger: Ledger,
    pub dossiers: Dossiers,
    pub judgements: Judgements,
    pub settings: StoredSettings,
    pub writes: Writes,
    pub health: Health,
    pub register: Register,
    pub record: Record,
    pub stop: &'a CancellationToken,
}

impl Postman<'_> {
    /// Puts a mail to the body that is about no dossier; true when its key is new.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn put_to_body(&self, key: &str, letter: &Letter) -> Result<bool, Error> {
        let payload = store::json(letter)?;
        let task = NewTask {
            key,
            kind: TaskKind::Mail,
            dossier: NO_DOSSIER,
            role: Some(Role::Organisme.key()),
            rule: None,
            payload: &payload,
        };
        Ok(self.outbox.put_once(&task, self.clock.now()).await?)
    }
}

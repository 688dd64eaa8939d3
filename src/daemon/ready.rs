//! A mail at the moment it is sent: judged again, with its addresses and its letter; or the reason not to send it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::bundle::is_bundle;

use super::error::Error;
use super::judged::Judged;
use super::postman::Postman;
use super::round::Round;
use super::source::is_read;
use super::standing::Failing;
use crate::casebook::{Readers, print};
use crate::mail::Outgoing;
use crate::retry::{alarms, later, mails};
use crate::store;
use crate::store::exported::SCOPE;
use crate::store::outbox::{NO_DOSSIER, Task};
use crate::store::refusals::{Blame, Refusing};
use label::case::ZoneUsed;
use label::judge::agenda::Role;
use label::outgoing::{BadMailKey, Letter, Mail, MailKey};
use label::plan::mails::wanted_mails;
use label::wording::alarms::as_read;
use label::wording::exports::as_exported;

/// A mail ready to be sent.
pub(super) struct Ready {
    pub outgoing: Outgoing,
    /// The letter as it is sent, for the ledger.
    pub payload: String,
    /// Hash of its reader's address.
    pub reader: String,
    /// Hashes of the addresses that refused before, and are asked again.
    pub doubted: BTreeSet<String>,
    /// When the first of the addresses may be asked that are left out now.
    pub held: Option<Timestamp>,
}

/// The addresses of a mail that may be asked now.
struct Asked {
    to: Vec<String>,
    doubted: BTreeSet<String>,
    held: Option<Timestamp>,
    /// Since when one refuses that is not asked any more.
    dead: Option<Timestamp>,
}

/// How the sections stand that a mail is about.
enum Standing {
    Read,
    /// One cannot be read now; when it was last read.
    Known(Option<DateTime>),
    /// Exports alone tell of one: the day of the last.
    Exported(Date),
    /// For too long; true of exports.
    TooOld(bool),
}

/// Why a mail is not sent.
pub(super) enum NotSent {
    /// No longer wanted.
    Moot,
    /// A service gets it at a decent hour of a working day.
    Quiet(Timestamp),
    /// Its section was not read for too long, or the last export is too old (true): what is known of its dossier may not
    /// hold any more.
    Unread(Timestamp, bool),
    /// Its reader, whose hash this is, has had the daily number of mails.
    Overflow(String),
    /// Its addresses refused an earlier mail: why, and their hash.
    Undeliverable(String, String),
    /// Its addresses refused another mail, and are asked again from then on.
    Waits(Timestamp),
    /// The central service has no dossier here: another installation sends its copy.
    Unknown,
    /// Nobody to write to, or nothing to write.
    Impossible(String),
}

impl Postman<'_> {
    /// The mail as it must be sent now, with the addresses that have not received it yet.
    pub(super) async fn ready(
        &self,
        task: &Task,
        judged: &Judged,
        round: &Round,
    ) -> Result<Result<Ready, NotSent>, Error> {
        let Some(role) = task.reader() else {
            return Ok(Err(NotSent::Impossible("the mail was put by another version".to_owned())));
        };
        let key = match mail_key(task) {
            Ok(key) => key,
            Err(error) => return Ok(Err(NotSent::Impossible(error.to_string()))),
        };
        // A bundle carries what could leave when it was put.
        if is_bundle(&task.key)
            && let Some(at) = self.quiet_until(task, role, None).await?
        {
            return Ok(Err(NotSent::Quiet(at)));
        }
        // The date may have changed, or the thing been done, since it was put.
        let Some((letter, last_day)) = self.still_wanted(task, key, role, judged).await? else {
            return Ok(Err(NotSent::Moot));
        };
        if let Some(at) = self.quiet_until(task, role, last_day).await? {
            return Ok(Err(NotSent::Quiet(at)));
        }
        let letter = match self.standing_of(task, round).await? {
            Standing::Read => letter,
            Standing::Known(read) => Letter {
                paragraphs: letter.paragraphs.into_iter().chain([as_read(read)]).collect(),
                ..letter
            },
            Standing::Exported(day) => Letter {
                paragraphs: letter.paragraphs.into_iter().chain([as_exported(day)]).collect(),
                ..letter
            },
            Standing::TooOld(exported) => {
                return Ok(Err(NotSent::Unread(later(self.clock.now(), alarms::LOOK), exported)));
            }
        };
        let readers = self.readers(task, role, judged).await?;
        if readers.is_empty() && role == Role::Central {
            return Ok(Err(NotSent::Unknown));
        }
        if readers.is_empty() {
            let why = "nobody to write to: see [recipients], or the dossier's contact";
            return Ok(Err(NotSent::Impossible(why.to_owned())));
        }
        let to = self.open(task, &readers).await?;
        let reader = print(&to.join(","));
        let asked = self.asked(task, to).await?;
        if asked.to.is_empty() && task.reached.is_empty() {
            return Ok(Err(match (asked.held, asked.dead) {
                (Some(at), _) => NotSent::Waits(at),
                (None, since) => {
                    let since = label::paris_date(since.unwrap_or(self.clock.now()));
                    NotSent::Undeliverable(format!("this address has refused mails since {since}"), reader)
                }
            }));
        }
        // A bundle, or a mail about no dossier (a month's report, the token), is never added to a bundle.
        let single = is_bundle(&task.key) || task.dossier == NO_DOSSIER;
        if self.count(&reader, single, round).await? {
            return Ok(Err(NotSent::Overflow(reader)));
        }
        let payload = store::json(&letter)?;
        let mut outgoing = Outgoing::new(task.key.clone(), asked.to, letter);
        outgoing.reader = Some(role);
        outgoing.body = match role {
            Role::Ditp => None,
            Role::Organisme | Role::Candidat | Role::Central => self.body_of(task).await?,
        };
        if is_bundle(&task.key) && role == Role::Organisme {
            outgoing.unsubscribe = self.mailer.map(|mailer| mailer.way_out(outgoing.body.as_deref()));
        }
        outgoing.attachments = self.files_for(&task.key).await?;
        outgoing.attachments.extend(self.attestation_for(task, key).await?);
        let (doubted, held) = (asked.doubted, asked.held);
        Ok(Ok(Ready { outgoing, payload, reader, doubted, held }))
    }

    /// The addresses that have not received it, without those of a service that are believed to refuse, and those that
    /// refused too lately to be asked again.
    async fn asked(&self, task: &Task, to: Vec<String>) -> Result<Asked, Error> {
        let reached: Vec<&str> = task.reached.split_whitespace().collect();
        let to: Vec<(String, String)> = to.into_iter().map(|to| (print(&to), to)).collect();
        let prints: Vec<String> = to.iter().map(|(print, _)| print.clone()).collect();
        let refusing = self.ledger.addresses_in_doubt(&prints).await?;
        let mut asked = Asked { to: Vec::new(), doubted: BTreeSet::new(), held: None, dead: None };
        for (print, address) in to.into_iter().filter(|(print, _)| !reached.contains(&print.as_str())) {
            match refusing.get(&print) {
                // An address of ours is asked all the same: the person who can correct it reads no mail of this.
                Some(refusing) if refusing.blame == Blame::Dead && is_outward(task) => {
                    asked.dead = Some(refusing.since);
                    continue;
                }
                Some(refusing)
                    if refusing.blame < Blame::Dead && asked_again(refusing) > self.clock.now() =>
                {
                    let at = asked_again(refusing);
                    asked.held = Some(asked.held.map_or(at, |held| held.min(at)));
                    continue;
                }
                Some(_) => drop(asked.doubted.insert(print)),
                None => {}
            }
            asked.to.push(address);
        }
        Ok(asked)
    }

    /// When a mail to a service may leave, when it is not now. What has left to one of its addresses is not interrupted.
    async fn quiet_until(
        &self,
        task: &Task,
        role: Role,
        last_day: Option<Date>,
    ) -> Result<Option<Timestamp>, Error> {
        if !matches!(role, Role::Candidat | Role::Central) || !task.reached.is_empty() {
            return Ok(None);
        }
        let about = match is_bundle(&task.key) {
            true => self.ledger.bundled(&task.key).await?.first().map(|task| task.dossier),
            false => Some(task.dossier),
        };
        let facts = match about {
            Some(dossier) => self.dossiers.facts_in(dossier).await?.map(|(facts, _)| facts),
            None => None,
        };
        let frame = self.book.frame().await?;
        let calendar = facts.map(|facts| ZoneUsed::of(&facts, &frame).calendar(&frame));
        Ok(self.acting.quiet.until(self.clock.now(), &calendar.unwrap_or_default(), last_day))
    }

    /// How the sections of its dossiers stand. What the body reads is marked, however old: it knows why.
    async fn standing_of(&self, task: &Task, round: &Round) -> Result<Standing, Error> {
        if round.away.is_empty() {
            return Ok(Standing::Read);
        }
        let about: Vec<i64> = match is_bundle(&task.key) {
            true => self.ledger.bundled(&task.key).await?.iter().map(|task| task.dossier).collect(),
            false => task.about().into_iter().collect(),
        };
        let mut oldest: Option<(&String, &Failing)> = None;
        for dossier in about {
            let scope = self.dossiers.facts_in(dossier).await?.map(|(_, scope)| scope);
            let failing = scope.and_then(|scope| round.away.get_key_value(&scope));
            oldest = failing.into_iter().chain(oldest).min_by_key(|(_, failing)| failing.read);
        }
        if self.monthly_wanted(&task.key) {
            oldest = round.away.iter().min_by_key(|(_, failing)| failing.read);
        }
        let Some((scope, failing)) = oldest else { return Ok(Standing::Read) };
        let known = failing.read.unwrap_or(failing.since);
        let limit = SignedDuration::from_hours(24 * i64::from(self.acting.known_days));
        if is_outward(task) && self.clock.now().duration_since(known) > limit {
            return Ok(Standing::TooOld(scope == SCOPE));
        }
        if scope == SCOPE {
            return Ok(Standing::Exported(label::paris_date(known)));
        }
        Ok(Standing::Known(failing.read.map(|read| self.clock.in_paris(read))))
    }

    /// The letter as it is today, with the last day on which its reader can act.
    async fn still_wanted(
        &self,
        task: &Task,
        key: Option<MailKey>,
        role: Role,
        judged: &Judged,
    ) -> Result<Option<(Letter, Option<Date>)>, Error> {
        let dateless = |letter: Letter| (letter, None);
        if is_bundle(&task.key) {
            return Ok(self.compose(task, role).await?.map(dateless));
        }
        let Some(key) = key else {
            let letter = serde_json::from_str(&task.payload).ok();
            let wanted = self.warning_wanted(&task.key)
                || self.monthly_wanted(&task.key)
                || self.alarm_wanted(&task.key).await?
                || self.export_reminder_wanted(&task.key).await?
                || self.refusals_wanted(&task.key).await?;
            return Ok(letter.filter(|_| wanted).map(dateless));
        };
        let wanted = self.wanted_of(task.dossier, judged).await?;
        Ok(wanted.iter().find(|mail| mail.key == key).map(|mail| (mail.letter.clone(), mail.last_day)))
    }

    /// The mails that the case of a dossier calls for now.
    pub(super) async fn wanted_of(&self, dossier: i64, judged: &Judged) -> Result<Arc<[Mail]>, Error> {
        if let Some(mails) = judged.mails(dossier) {
            return Ok(Arc::clone(mails));
        }
        let scope = self.dossiers.facts_in(dossier).await?.map(|(_, scope)| scope);
        if !scope.is_some_and(|scope| is_read(self.sources, &scope)) {
            return Ok(Arc::from([]));
        }
        let Some((case, review)) = self.book.review_of(dossier).await? else { return Ok(Arc::from([])) };
        let known = self.memory.known(&case, self.memory.since().await?).await?;
        Ok(wanted_mails(&review, &case, &self.book.frame().await?, &known).into())
    }

    /// The addresses of a mail: a service's next one once those before it are believed to refuse.
    async fn open(&self, task: &Task, readers: &Readers) -> Result<Vec<String>, Error> {
        if !is_outward(task) {
            return Ok(readers.first());
        }
        let known = self.ledger.addresses_in_doubt(&readers.prints()).await?.into_iter();
        let dead = known.filter(|(_, refusing)| refusing.blame == Blame::Dead);
        let open = readers.open(&dead.map(|(print, refusing)| (print, refusing.since)).collect());
        Ok(if open.is_empty() { readers.first() } else { open })
    }

    async fn readers(&self, task: &Task, role: Role, judged: &Judged) -> Result<Readers, Error> {
        match role {
            Role::Organisme => {
                let body = self.body_of(task).await?;
                return Ok(Readers::listed(self.acting.readers_at(body.as_deref())));
            }
            Role::Ditp => return Ok(Readers::listed(&self.acting.ditp)),
            Role::Candidat | Role::Central => {}
        }
        // A bundle is about no dossier: any of the mails in it gives the address.
        let dossier = match is_bundle(&task.key) {
            true => self.ledger.bundled(&task.key).await?.first().map(|task| task.dossier),
            false => Some(task.dossier),
        };
        if role == Role::Candidat
            && let Some(readers) = dossier.and_then(|dossier| judged.readers(dossier))
        {
            return Ok(readers.clone());
        }
        let Some(mut case) = (match dossier {
            Some(dossier) => self.book.case_of(dossier).await?,
            None => None,
        }) else {
            return Ok(Readers::default());
        };
        if role == Role::Central {
            let Some(central) = self.book.central_of(&case).await?.1 else { return Ok(Readers::default()) };
            case = central;
        }
        Ok(Readers::of(&case))
    }

    /// Counts a mail for its reader; true when the daily number was reached before it, which then does not count. Those
    /// under way at the same time are counted too.
    async fn count(&self, reader: &str, single: bool, round: &Round) -> Result<bool, Error> {
        let mut all = round.had.lock().await;
        let had = match all.get(reader) {
            Some(had) => *had,
            None => self.ledger.sent_since(reader, self.clock.midnight()).await?,
        };
        let sated = !single && had >= i64::from(self.acting.mails_per_day);
        all.insert(reader.to_owned(), had + i64::from(!sated));
        Ok(sated)
    }
}

/// The key of a mail about one dossier; none for a bundle, or for what concerns no dossier.
fn mail_key(task: &Task) -> Result<Option<MailKey>, BadMailKey> {
    let of_a_dossier = !is_bundle(&task.key) && task.dossier != NO_DOSSIER;
    of_a_dossier.then(|| task.key.parse()).transpose()
}

/// When an address that refused may be asked again.
pub(super) fn asked_again(refusing: &Refusing) -> Timestamp {
    later(refusing.last, mails::REFUSED.after(refusing.tries - 1))
}

/// Whether a mail goes to a service.
pub(super) fn is_outward(task: &Task) -> bool {
    matches!(task.role.as_deref(), Some("candidat" | "central"))
}

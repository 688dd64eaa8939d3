//! What becomes of a mail after it was tried. Nothing is given up because of one pass: what the server refuses for good, an
//! address or a message, is believed on another day only.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::error::Error;
use super::postman::Postman;
use super::ready::{NotSent, Ready, asked_again, is_outward};
use super::report::Report;
use crate::casebook::print;
use crate::mail::{Certainty, MailError, Receipt, Refusal};
use crate::retry::{later, mails};
use crate::store::journal::NewLine;
use crate::store::ledger::{Ending, Fate, PutOff, RefusedFor};
use crate::store::outbox::Task;
use crate::store::refusals::Blame;
use label::outgoing::Letter;
use label::wording::journal::{self, EntryKind};
use label::wording::names;

/// Why a mail is tried again, and when at the latest.
struct Again {
    why: String,
    at: Timestamp,
    refusal: Option<RefusedFor>,
    unheard: bool,
}

impl Postman<'_> {
    pub(super) async fn hold(&self, task: &Task, held: NotSent, report: &mut Report) -> Result<(), Error> {
        let now = self.clock.now();
        match held {
            NotSent::Overflow(reader) => Ok(self.ledger.overflow(&task.key, &reader).await?),
            NotSent::Quiet(at) => {
                tracing::debug!(dossier = task.dossier, until = %at, "a mail waits for working hours");
                Ok(self.outbox.wait_until(&task.key, at).await?)
            }
            NotSent::Unread(at, exported) => {
                let number = task.dossier;
                let why = match exported {
                    false => "its section of [dn] was not read for longer than mail.known_days",
                    true => "the last export is older than mail.known_days",
                };
                report
                    .failures
                    .push(format!("dossier {number}: a mail to {} waits ({why})", role_name(task)));
                Ok(self.outbox.untried(&task.key, why, at).await?)
            }
            NotSent::Moot => {
                let line = task.line(EntryKind::MailCancelled, journal::MAIL_MOOT, "");
                Ok(self.ledger.settle(&task.key, &Ending::of(Fate::Cancelled, None), &[line], now).await?)
            }
            NotSent::Unknown => {
                let why = "the central service has no dossier here";
                let line = task.line(EntryKind::MailGivenUp, journal::NO_CENTRAL, "");
                Ok(self.ledger.settle(&task.key, &Ending::of(Fate::GivenUp, Some(why)), &[line], now).await?)
            }
            NotSent::Waits(at) => {
                let why = "its address refused another mail: it is asked again later";
                Ok(self.ledger.ask_no_more_until(&task.key, why, at).await?)
            }
            NotSent::Undeliverable(why, reader) => {
                self.give_up(task, Fate::Undeliverable, (&why, Some(&reader)), report).await
            }
            // The print of nobody: whoever is to be written to later is another reader.
            NotSent::Impossible(why) => self.give_up(task, Fate::GivenUp, (&why, Some("")), report).await,
        }
    }

    /// A letter of which no message can be made.
    pub(super) async fn give_up_unsendable(
        &self,
        task: &Task,
        ready: &Ready,
        why: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.give_up(task, Fate::GivenUp, (why, Some(&ready.reader)), report).await
    }

    async fn give_up(
        &self,
        task: &Task,
        fate: Fate,
        (why, reader): (&str, Option<&str>),
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let number = task.dossier;
        let role = role_name(task);
        tracing::error!(dossier = number, "mail of dossier {number} given up: {why}");
        report.failures.push(format!("dossier {number}: a mail to {role} was given up ({why})"));
        let line = task.line(EntryKind::MailGivenUp, journal::mail(task.reader(), why), "");
        let end = Ending { recipient: reader, ..Ending::of(fate, Some(why)) };
        Ok(self.ledger.settle(&task.key, &end, &[line], now).await?)
    }

    /// Ends a mail, or puts it off for the addresses that are left; whether it ended as sent.
    pub(super) async fn settle_mail(
        &self,
        task: &Task,
        ready: &Ready,
        receipt: Receipt,
        report: &mut Report,
    ) -> Result<bool, Error> {
        let number = task.dossier;
        for (address, _) in &receipt.accepted {
            let address = print(address);
            if ready.doubted.contains(&address) {
                self.ledger.address_accepts(&address).await?;
            }
        }
        let accepted = receipt.accepted.iter().map(|(address, _)| print(address));
        let reached: Vec<String> =
            task.reached.split_whitespace().map(str::to_owned).chain(accepted).collect();
        let mut lost: Option<(Fate, String)> = None;
        let mut again = self.undecided(task, ready, &receipt).await?;
        for (address, refusal) in &receipt.refused {
            match self.refused(task, address, refusal).await? {
                Some(put_off) => again.push(put_off),
                None => lost = Some((self.fate_of_refused(task), refusal.why.clone())),
            }
        }
        if let Some((_, why)) = receipt.rejected.first() {
            match self.rejected(task, why) {
                Some(put_off) => again.push(put_off),
                None => lost = lost.or(Some((Fate::GivenUp, why.clone()))),
            }
        }
        if !again.is_empty() {
            self.put_off(task, ready, (&receipt, &reached), again, report).await?;
            return Ok(false);
        }
        let Some((fate, why)) = lost.filter(|_| reached.is_empty()) else {
            let lost = receipt.refused.len() + receipt.rejected.len();
            if lost > 0 {
                let role = role_name(task);
                report
                    .failures
                    .push(format!("dossier {number}: {lost} address(es) of {role} refused for good"));
            }
            let answer = receipt.accepted.first().map_or("", |(_, answer)| answer);
            self.sent(task, ready, answer).await?;
            report.mailed += 1;
            return Ok(true);
        };
        let why = format!("refused for good: {why}");
        self.give_up(task, fate, (&why, Some(&ready.reader)), report).await?;
        Ok(false)
    }

    /// What is tried again whatever the refusals: the server was busy, or refuses us; addresses that were not asked.
    async fn undecided(&self, task: &Task, ready: &Ready, receipt: &Receipt) -> Result<Vec<Again>, Error> {
        let now = self.clock.now();
        let mut again = Vec::new();
        if let Some(error) = &receipt.later {
            let refusal = matches!(error, MailError::RefusesUs(_)).then_some(RefusedFor::Us);
            // There is no last try: a mail that is no longer wanted is cancelled when it is claimed.
            let at = later(now, mails::WAIT.after(task.attempts));
            let unheard = matches!(error, MailError::Unheard(..));
            again.push(Again { why: error.to_string(), at, refusal, unheard });
        }
        if let Some(at) = ready.held {
            let why = "an address of it refused another mail".to_owned();
            again.push(Again { why, at, refusal: Some(RefusedFor::Address), unheard: false });
        }
        Ok(again)
    }

    /// An address that refused: when it is asked again, or nothing once it is believed.
    async fn refused(&self, task: &Task, address: &str, refusal: &Refusal) -> Result<Option<Again>, Error> {
        let blame = match refusal.certainty {
            Certainty::Perhaps => Blame::Suspect,
            Certainty::Certain => Blame::Certain,
            Certainty::Unusable => Blame::Dead,
        };
        let carried = self.ledger.bundled(&task.key).await?;
        let dossier = carried.first().map_or(task.dossier, |task| task.dossier);
        let told = (dossier, refusal.why.as_str());
        let refusing = self.ledger.refuse_address(&print(address), told, blame, self.clock.now()).await?;
        if refusing.blame > Blame::Suspect && is_outward(task) {
            // The next judgement of each tells the body.
            for dossier in
                carried.iter().filter_map(Task::about).chain(task.about()).collect::<BTreeSet<i64>>()
            {
                self.judgements.mark_to_judge(dossier).await?;
            }
        }
        let again = Again {
            why: format!("an address refuses it: {}", refusal.why),
            at: asked_again(&refusing),
            refusal: Some(RefusedFor::Address),
            unheard: false,
        };
        Ok((refusing.blame < Blame::Dead).then_some(again))
    }

    /// The address of a service is known to refuse, and another one is written to; ours are in the configuration.
    fn fate_of_refused(&self, task: &Task) -> Fate {
        if is_outward(task) { Fate::Undeliverable } else { Fate::GivenUp }
    }

    /// A message that was refused: when it is tried again, or nothing once it was refused on two days.
    fn rejected(&self, task: &Task, why: &str) -> Option<Again> {
        let now = self.clock.now();
        let day = label::paris_date(now);
        let believed = task.refused_at.is_some_and(|first| label::paris_date(first) != day);
        let again = Again {
            why: format!("what it says is refused: {why}"),
            at: later(now, mails::REFUSED.after(task.attempts)),
            refusal: Some(RefusedFor::Message),
            unheard: false,
        };
        (!believed).then_some(again)
    }

    async fn put_off(
        &self,
        task: &Task,
        ready: &Ready,
        (receipt, reached): (&Receipt, &[String]),
        again: Vec<Again>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let (now, number) = (self.clock.now(), task.dossier);
        let unheard = again.iter().any(|again| again.unheard);
        let refusal = again.iter().filter_map(|again| again.refusal).max();
        let Some(soonest) = again.iter().min_by_key(|again| again.at) else { return Ok(()) };
        let minutes = soonest.at.duration_since(now).as_mins();
        let why = again.iter().map(|again| again.why.as_str()).collect::<Vec<_>>().join("; ");
        tracing::warn!(dossier = number, wait_minutes = minutes, "mail of dossier {number} put off: {why}");
        report.failures.push(format!(
            "dossier {number}: a mail could not leave yet ({why}); tried again in {minutes} min"
        ));
        let lines = left_so_far(task, ready, &receipt.accepted, unheard);
        let put_off = PutOff { why: &why, reached: &reached.join(" "), at: soonest.at, refusal };
        Ok(self.ledger.later_for_some(&task.key, &put_off, &lines, now).await?)
    }

    async fn sent(&self, task: &Task, ready: &Ready, answer: &str) -> Result<(), Error> {
        let now = self.clock.now();
        let carried = self.ledger.bundled(&task.key).await?;
        let end = Ending {
            recipient: Some(&ready.reader),
            answer: Some(answer),
            payload: Some(&ready.payload),
            ..Ending::of(Fate::Sent, None)
        };
        let to = task.reader();
        let said = journal::mail(to, &ready.outgoing.letter.subject);
        let mut lines = vec![task.line(EntryKind::Mail, said, answer)];
        for task in &carried {
            let subject = serde_json::from_str::<Letter>(&task.payload).map(|letter| letter.subject);
            lines.push(task.line(
                EntryKind::Mail,
                journal::carried(to, &subject.unwrap_or_default()),
                answer,
            ));
        }
        self.ledger.settle(&task.key, &end, &lines, now).await?;
        Ok(self.ledger.judge_lost(&ready.reader).await?)
    }
}

/// The lines of a mail that is tried again: to some of its addresses it left, to one it may have.
fn left_so_far(task: &Task, ready: &Ready, accepted: &[(String, String)], unheard: bool) -> Vec<NewLine> {
    let subject = &ready.outgoing.letter.subject;
    let some = accepted
        .first()
        .map(|(_, answer)| task.line(EntryKind::Mail, journal::mail_to_some(task.reader(), subject), answer));
    let perhaps = unheard.then(|| task.line(EntryKind::Interrupted, journal::UNHEARD, ""));
    some.into_iter().chain(perhaps).collect()
}

fn role_name(task: &Task) -> &'static str {
    task.reader().map_or("", names::role)
}

//! Judge: each changed case, and every living one on a new day. What follows is put in the outbox, once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::ready::print;
use super::{Daemon, Error, Report, lines};
use crate::retry::passes;
use crate::store;
use crate::store::cases::Summary;
use crate::store::judgement::Judgement;
use crate::store::ledger::Lane;
use crate::store::outbox::NewTask;
use label::case::{Case, Frame};
use label::judge::Review;
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::{Action, Annotation, Mail, MailKey, Recall};
use label::plan::{Known, Told, plan};
use label::wording;

impl Daemon {
    /// Judges what is marked, and puts the actions in the outbox.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn judge(&self) -> Result<Report, Error> {
        let scopes: Vec<String> = self.sources.iter().map(super::source::Source::key).collect();
        let left = self.book.store.judgements().leave_alone(&scopes).await?;
        if left > 0 {
            tracing::debug!(
                dossiers = left,
                "{left} dossiers belong to no section of [dn] any more: left alone"
            );
        }
        self.book.store.outbox().set_unknown_aside().await?;
        let today = self.book.clock.today();
        let since = self.since().await?;
        let frame = self.book.frame().await?;
        let mut report = Report::default();
        let mut after = i64::MIN;
        // A family is judged once a pass, whichever of its dossiers changed.
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        loop {
            let numbers = self.book.store.judgements().to_judge(after, passes::JUDGED).await?;
            let Some(last) = numbers.last() else { return Ok(report) };
            after = *last;
            for number in numbers {
                if self.is_stopping() {
                    return Ok(report);
                }
                if seen.contains(&number) {
                    continue;
                }
                let assembled = match self.book.cases_around(number).await {
                    Ok(assembled) => assembled,
                    Err(error @ store::Error::SetAside { .. }) => {
                        // Its mark stays: it is judged once the platform was read again.
                        report.failures.push(format!("dossier {number}: not judged ({error})"));
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                };
                let revisions = &assembled.revisions;
                for case in &assembled.cases {
                    seen.extend(case.dossiers.iter().map(|facts| facts.number));
                    self.judge_case(case, revisions, (today, since), &frame, &mut report).await?;
                }
                // Not in any case: it left before any decision was taken.
                if seen.insert(number) {
                    let revision = revisions.get(&number).copied().unwrap_or_default();
                    self.book.store.judgements().drop_from_cases(number, revision).await?;
                }
            }
        }
    }

    async fn judge_case(
        &self,
        case: &Case,
        revisions: &BTreeMap<i64, i64>,
        (today, since): (Date, Date),
        frame: &Frame,
        report: &mut Report,
    ) -> Result<(), Error> {
        let review = review(case, today, frame);
        let known = self.known(case, since).await?;
        let mut actions = plan(&review, case, frame, &known);
        actions.extend(self.notices(&review, case, frame, since).await?);
        report.judged += 1;
        if self.acting.dry_run {
            report.would_do.extend(actions);
            return Ok(());
        }
        for action in &actions {
            match action {
                Action::Mail(mail) if self.acting.mail => self.put_mail(mail).await?,
                Action::Recall(recall) if self.acting.mail => self.put_recalled(recall).await?,
                Action::Annotate(annotation) if self.acting.annotations => {
                    self.put_annotation(annotation).await?
                }
                Action::Message(message) if self.acting.messages => self.put_message(message).await?,
                Action::Notify(notify) => self.put_notice(notify).await?,
                Action::Mail(_) | Action::Recall(_) | Action::Annotate(_) | Action::Message(_) => {}
            }
        }
        if self.acting.annotations && self.acting_needs_author(case) {
            let number = case.id;
            let why = "dn.instructeur is not in the dossier's group of instructeurs: nothing can be written";
            report.failures.push(format!("dossier {number}: {why}"));
        }
        let revision = |number: i64| revisions.get(&number).copied().unwrap_or_default();
        let numbers: Vec<(i64, i64)> =
            case.dossiers.iter().map(|facts| (facts.number, revision(facts.number))).collect();
        let summary = lines::summary(case, &review);
        self.note_judgement(case, &summary, &review).await?;
        let judgement = Judgement {
            summary: &summary,
            dossiers: &numbers,
            deadlines: &lines::deadlines(&review, &summary),
            applications: &lines::applications(case, &review, &summary),
            today,
            now: self.book.clock.now(),
        };
        Ok(self.book.store.judgements().save_judgement(&judgement).await?)
    }

    /// A judgement enters the journal when it says something else than the one before.
    async fn note_judgement(&self, case: &Case, summary: &Summary, review: &Review) -> Result<(), Error> {
        let before = self.book.store.cases().summary(summary.case_id).await?;
        let key =
            |summary: &Summary| (summary.state.clone(), summary.tier.clone(), summary.late, summary.faults);
        if before.as_ref().map(key) == Some(key(summary)) {
            return Ok(());
        }
        // When a local changes, its central is judged again, and the reverse.
        for number in self.book.neighbours(case).await? {
            self.book.store.judgements().mark_to_judge(number).await?;
        }
        let line = wording::findings::judged(review);
        Ok(self.book.store.journal().log(self.book.clock.now(), "jugé", Some(summary.case_id), &line).await?)
    }

    fn acting_needs_author(&self, case: &Case) -> bool {
        case.dossiers.iter().any(|facts| facts.author.is_none() && !facts.gone)
    }

    /// What was told and what is stuck, for the dossiers of a case.
    pub(super) async fn known(&self, case: &Case, since: Date) -> Result<Known, Error> {
        let mut known = Known::nothing(self.book.clock.now(), since);
        known.messages = self.acting.messages.then(BTreeSet::new);
        if let Some(facts) = case.current() {
            let refused = self.book.store.ledger().address_refused(&print(facts.candidate_address())).await?;
            known.unreachable = refused.map(label::paris_date);
        }
        let mut sent = Vec::new();
        for facts in &case.dossiers {
            let keys = self.book.store.ledger().mail_keys(facts.number, known.unreachable.is_some()).await?;
            known.mails.extend(keys.iter().filter_map(|key| readable(key.parse::<MailKey>(), facts.number)));
            known.stuck.extend(self.book.store.writes().stuck(facts.number).await?);
            if let Some(messages) = &mut known.messages {
                messages.extend(self.book.store.outbox().keys_of("message", facts.number).await?);
            }
            sent.extend(self.book.store.ledger().mails_sent(facts.number).await?);
        }
        sent.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        known.told = sent.iter().filter_map(|sent| readable(told(sent), sent.dossier)).collect();
        Ok(known)
    }

    async fn put_mail(&self, mail: &Mail) -> Result<(), Error> {
        // Nobody to write to in that role: a choice of the operator, which `vigie check` recalls.
        let nobody = match mail.role {
            Role::Organisme => self.acting.organisme.is_empty(),
            Role::Ditp => self.acting.ditp.is_empty(),
            Role::Candidat | Role::Central => false,
        };
        if nobody {
            return Ok(());
        }
        let payload = serde_json::to_string(&mail.letter).unwrap_or_default();
        let task = NewTask {
            key: &mail.key.to_string(),
            kind: "mail",
            dossier: mail.dossier,
            role: Some(mail.role.key()),
            rule: Some(&mail.rule),
            payload: &payload,
        };
        // The body gets one mail a day, and beside it what cannot wait.
        let lane = if mail.role == Role::Organisme && !mail.urgent { Lane::Digest } else { Lane::Now };
        self.book.store.ledger().put_mail(&task, lane, self.book.clock.now()).await?;
        Ok(())
    }

    /// A mail that left before the store was restored is noted as sent, and not sent again.
    async fn put_recalled(&self, recall: &Recall) -> Result<(), Error> {
        let mail = &recall.mail;
        let payload = serde_json::to_string(&mail.letter).unwrap_or_default();
        let task = NewTask {
            key: &mail.key.to_string(),
            kind: "mail",
            dossier: mail.dossier,
            role: Some(mail.role.key()),
            rule: Some(&mail.rule),
            payload: &payload,
        };
        let line = wording::findings::recalled(recall.on, &mail.letter.subject);
        let sent = self.book.clock.noon(recall.on);
        self.book.store.ledger().put_sent(&task, sent, &line, self.book.clock.now()).await?;
        Ok(())
    }

    /// The row only says that something differs; what exactly is worked out again when it is written.
    async fn put_annotation(&self, annotation: &Annotation) -> Result<(), Error> {
        let key = format!("annotation/{}", annotation.dossier);
        let dossier = annotation.dossier;
        let task = NewTask { key: &key, kind: "annotation", dossier, role: None, rule: None, payload: "" };
        self.book.store.outbox().put_again(&task, self.book.clock.now()).await?;
        Ok(())
    }
}

/// A line of the ledger that this version cannot read is logged and left aside: no mail that is wanted now has its key.
fn readable<T, E: std::fmt::Display>(line: Result<T, E>, dossier: i64) -> Option<T> {
    line.inspect_err(|error| tracing::warn!(dossier, "a line of the ledger is left aside: {error}")).ok()
}

fn told(sent: &crate::store::ledger::Sent) -> Result<Told, Box<dyn std::error::Error + Send + Sync>> {
    let key: MailKey = sent.key.parse()?;
    let letter: label::outgoing::Letter = serde_json::from_str(&sent.payload)?;
    Ok(Told { on: label::paris_date(sent.at), role: key.role, subject: letter.subject, key })
}

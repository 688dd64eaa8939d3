//! Puts what a judgement calls for in the outbox, each action once.

use super::Judge;
use crate::daemon::annotate::annotation_key;
use crate::daemon::error::Error;
use crate::retry::{annotations, later};
use crate::store;
use crate::store::journal::NewLine;
use crate::store::ledger::MailLane;
use crate::store::outbox::{NewTask, TaskKind};
use label::judge::agenda::Role;
use label::outgoing::{Action, Annotation, Mail, MailCode, Recall};
use label::wording;
use label::wording::journal::EntryKind;

impl Judge<'_> {
    /// Puts the actions that the configuration allows: the mails together, and the annotations.
    pub(super) async fn put(&self, actions: impl Iterator<Item = &Action>) -> Result<(), Error> {
        let (mut mails, mut annotated) = (Vec::new(), Vec::new());
        for action in actions {
            match action {
                Action::Mail(mail) if self.acting.mail => mails.push(mail),
                Action::Recall(recall) if self.acting.mail => self.put_recalled(recall).await?,
                Action::Annotate(Annotation { dossier, .. }) if self.acting.annotations => {
                    annotated.push((annotation_key(*dossier), *dossier));
                }
                Action::Message(message) if self.acting.messages => {
                    self.messenger.put_message(message).await?
                }
                Action::Notify(notify) => self.herald.put_notice(notify).await?,
                Action::Mail(_) | Action::Recall(_) | Action::Annotate(_) | Action::Message(_) => {}
            }
        }
        self.put_mails(&mails).await?;
        self.put_annotations(&annotated).await
    }

    async fn put_mails(&self, mails: &[&Mail]) -> Result<(), Error> {
        // Nobody to write to in that role: a choice of the operator, which `vigie check` recalls.
        let nobody = |role: Role| match role {
            Role::Organisme => self.acting.desks.is_empty() && self.acting.organisme.is_empty(),
            Role::Ditp => self.acting.ditp.is_empty(),
            Role::Candidat | Role::Central => false,
        };
        let texts = mails
            .iter()
            .filter(|mail| !nobody(mail.role))
            .map(|mail| Ok((*mail, mail.key.to_string(), store::json(&mail.letter)?)));
        let texts = texts.collect::<Result<Vec<(&Mail, String, String)>, Error>>()?;
        let (mut corrections, mut others) = (Vec::new(), Vec::new());
        for (mail, key, payload) in &texts {
            let (dossier, role, rule) = (mail.dossier, Some(mail.role.key()), Some(mail.rule.as_str()));
            let task = NewTask { key, kind: TaskKind::Mail, dossier, role, rule, payload };
            // The body gets one mail a day, and beside it what cannot wait.
            let digest = mail.role == Role::Organisme && !mail.urgent;
            let lane = if digest { MailLane::Digest } else { MailLane::Now };
            match mail.key.code {
                MailCode::Corrected(_) => corrections.push((task, lane)),
                _ => others.push((task, lane)),
            }
        }
        let now = self.clock.now();
        self.ledger.put_corrections(&corrections, now).await?;
        self.ledger.put_mails(&others, now).await?;
        Ok(())
    }

    /// A mail that left before the store was restored is noted as sent, and not sent again.
    async fn put_recalled(&self, recall: &Recall) -> Result<(), Error> {
        let mail = &recall.mail;
        let payload = store::json(&mail.letter)?;
        let task = NewTask {
            key: &mail.key.to_string(),
            kind: TaskKind::Mail,
            dossier: mail.dossier,
            role: Some(mail.role.key()),
            rule: Some(&mail.rule),
            payload: &payload,
        };
        let said = wording::findings::recalled(recall.on, &mail.letter.subject);
        let line = NewLine {
            role: Some(mail.role.key().to_owned()),
            rule: Some(mail.rule.clone()),
            key: Some(mail.key.to_string()),
            ..NewLine::new(EntryKind::MailRecognised, Some(mail.dossier), said)
        };
        let sent = self.clock.noon(recall.on);
        self.ledger.put_sent(&task, sent, &line, self.clock.now()).await?;
        Ok(())
    }

    /// The rows only say that something differs; what exactly is worked out again when it is written.
    async fn put_annotations(&self, annotated: &[(String, i64)]) -> Result<(), Error> {
        let tasks = annotated.iter().map(|(key, dossier)| NewTask {
            key,
            kind: TaskKind::Annotation,
            dossier: *dossier,
            role: None,
            rule: None,
            payload: "",
        });
        let tasks: Vec<NewTask<'_>> = tasks.collect();
        let now = self.clock.now();
        let at_last = if self.reads_files { later(now, annotations::FILES) } else { now };
        self.outbox.put_all_once_read(&tasks, now, at_last).await?;
        Ok(())
    }
}

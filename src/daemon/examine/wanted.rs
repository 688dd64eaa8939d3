//! Puts what a judgement calls for in the outbox, each action once.

use super::Judge;
use crate::daemon::annotate::annotation_key;
use crate::daemon::error::Error;
use crate::retry::{annotations, later};
use crate::store::journal::NewLine;
use crate::store::ledger::MailLane;
use crate::store::outbox::{NewTask, TaskKind};
use label::judge::agenda::Role;
use label::outgoing::{Action, Annotation, Mail, MailCode, Recall};
use label::wording;
use label::wording::journal::EntryKind;

impl Judge<'_> {
    /// Puts the actions that the configuration allows.
    pub(super) async fn put(&self, actions: &[Action]) -> Result<(), Error> {
        for action in actions {
            match action {
                Action::Mail(mail) if self.acting.mail => self.put_mail(mail).await?,
                Action::Recall(recall) if self.acting.mail => self.put_recalled(recall).await?,
                Action::Annotate(annotation) if self.acting.annotations => {
                    self.put_annotation(annotation).await?
                }
                Action::Message(message) if self.acting.messages => {
                    self.messenger.put_message(message).await?
                }
                Action::Notify(notify) => self.herald.put_notice(notify).await?,
                Action::Mail(_) | Action::Recall(_) | Action::Annotate(_) | Action::Message(_) => {}
            }
        }
        Ok(())
    }

    async fn put_mail(&self, mail: &Mail) -> Result<(), Error> {
        // Nobody to write to in that role: a choice of the operator, which `vigie check` recalls.
        let nobody = match mail.role {
            Role::Organisme => self.acting.desks.is_empty() && self.acting.organisme.is_empty(),
            Role::Ditp => self.acting.ditp.is_empty(),
            Role::Candidat | Role::Central => false,
        };
        if nobody {
            return Ok(());
        }
        let payload = serde_json::to_string(&mail.letter).unwrap_or_default();
        let task = NewTask {
            key: &mail.key.to_string(),
            kind: TaskKind::Mail,
            dossier: mail.dossier,
            role: Some(mail.role.key()),
            rule: Some(&mail.rule),
            payload: &payload,
        };
        // The body gets one mail a day, and beside it what cannot wait.
        let lane =
            if mail.role == Role::Organisme && !mail.urgent { MailLane::Digest } else { MailLane::Now };
        let now = self.clock.now();
        match mail.key.code {
            MailCode::Corrected(_) => self.ledger.put_correction(&task, lane, now).await?,
            _ => self.ledger.put_mail(&task, lane, now).await?,
        };
        Ok(())
    }

    /// A mail that left before the store was restored is noted as sent, and not sent again.
    async fn put_recalled(&self, recall: &Recall) -> Result<(), Error> {
        let mail = &recall.mail;
        let payload = serde_json::to_string(&mail.letter).unwrap_or_default();
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

    /// The row only says that something differs; what exactly is worked out again when it is written.
    async fn put_annotation(&self, annotation: &Annotation) -> Result<(), Error> {
        let key = annotation_key(annotation.dossier);
        let dossier = annotation.dossier;
        let task =
            NewTask { key: &key, kind: TaskKind::Annotation, dossier, role: None, rule: None, payload: "" };
        let now = self.clock.now();
        let at_last = if self.reads_files { later(now, annotations::FILES) } else { now };
        self.outbox.put_once_read(&task, now, at_last).await?;
        Ok(())
    }
}

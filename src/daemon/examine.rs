//! Judge: each changed case, and every living one on a new day. What follows is put in the outbox, once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use super::acting::Acting;
use super::error::Error;
use super::hooks::Herald;
use super::lines;
use super::memory::Memory;
use super::messages::Messenger;
use super::report::Report;
use super::source::Source;
use crate::casebook::{Assembled, CaseBook};
use crate::clock::Clock;
use crate::record::judged;
use crate::record::rules::{Opening, Rules};
use crate::retry::{passes, store as limits};
use crate::store;
use crate::store::cases::{Cases, Summary};
use crate::store::journal::NewLine;
use crate::store::judgement::{Judgement, Judgements, Recording};
use crate::store::ledger::{Ledger, MailLane};
use crate::store::outbox::{NewTask, Outbox, TaskKind};
use crate::store::record::Record;
use label::case::{Case, Frame};
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::{Action, Annotation, Mail, Recall};
use label::plan::plan;
use label::wording;
use label::wording::journal::EntryKind;

/// Judges cases, and puts what follows in the outbox.
pub(super) struct Judge<'a> {
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub sources: &'a [Source],
    pub acting: &'a Acting,
    pub memory: Memory<'a>,
    pub herald: Herald<'a>,
    pub messenger: Messenger<'a>,
    pub outbox: Outbox,
    pub ledger: Ledger,
    pub record: Record,
    pub cases: Cases,
    pub judgements: Judgements,
    pub stop: &'a CancellationToken,
}

impl Judge<'_> {
    /// Judges what is marked, and puts the actions in the outbox.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn judge(&self) -> Result<Report, Error> {
        let scopes: Vec<String> = self.sources.iter().map(Source::key).collect();
        let left = self.judgements.leave_alone(&scopes).await?;
        if left > 0 {
            tracing::debug!(
                dossiers = left,
                "{left} dossiers belong to no section of [dn] any more: left alone"
            );
        }
        self.outbox.set_unknown_aside().await?;
        let today = self.clock.today();
        let since = self.memory.since().await?;
        let frame = self.book.frame().await?;
        let now = self.clock.now();
        let opening = Opening::of(&self.record, &frame).await?;
        if opening.differs() {
            // Living cases are judged by the new rules now: those judged before tomorrow are all of them.
            self.judgements.new_day(today.tomorrow().unwrap_or(today), &scopes).await?;
        }
        // A dry run leaves no trace of its readings.
        if !self.acting.dry_run {
            opening.keep(&self.record, today, now).await?;
        }
        let rules = opening.rules();
        let mut report = Report::default();
        let mut after = i64::MIN;
        // A family is judged once a pass, whichever of its dossiers changed.
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        loop {
            let numbers = self.judgements.to_judge(after, passes::JUDGED).await?;
            let Some(last) = numbers.last() else { return Ok(report) };
            after = *last;
            for number in numbers {
                if self.stop.is_cancelled() {
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
                self.mark_left_behind(&assembled).await?;
                for case in &assembled.cases {
                    seen.extend(case.dossiers.iter().map(|facts| facts.number));
                    self.judge_case(case, revisions, (today, since), (&frame, &rules), &mut report).await?;
                }
                // Not in any case: it left before any decision was taken.
                if seen.insert(number) && !self.acting.dry_run {
                    let revision = revisions.get(&number).copied().unwrap_or_default();
                    self.judgements.drop_from_cases(number, revision).await?;
                    for local in self.book.locals_naming(number).await? {
                        self.judgements.mark_to_judge(local).await?;
                    }
                }
            }
        }
    }

    /// When a case splits, what is no longer in it is judged too. Of a family too large to be read whole this cannot be
    /// told: each of its dossiers would mark others without end.
    async fn mark_left_behind(&self, assembled: &Assembled) -> Result<(), Error> {
        if self.acting.dry_run || assembled.revisions.len() >= limits::FAMILY {
            return Ok(());
        }
        let cases: Vec<i64> = assembled.cases.iter().map(|case| case.id).collect();
        let dossiers = assembled.cases.iter().flat_map(|case| &case.dossiers);
        let numbers: Vec<i64> = dossiers.map(|facts| facts.number).collect();
        Ok(self.judgements.mark_left_behind(&cases, &numbers).await?)
    }

    async fn judge_case(
        &self,
        case: &Case,
        revisions: &BTreeMap<i64, i64>,
        (today, since): (Date, Date),
        (frame, rules): (&Frame, &Rules),
        report: &mut Report,
    ) -> Result<(), Error> {
        let review = review(case, today, frame);
        let known = self.memory.known(case, since).await?;
        let mut actions = plan(&review, case, frame, &known);
        actions.extend(self.herald.notices(&review, case, frame, since).await?);
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
                Action::Message(message) if self.acting.messages => {
                    self.messenger.put_message(message).await?
                }
                Action::Notify(notify) => self.herald.put_notice(notify).await?,
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
        let shown = self.note_judgement(case, &summary).await?;
        let recorded = judged::judgement(&self.record, case, &review, rules).await?;
        let recording = recorded.map(|one| {
            let said = wording::journal::judged(one.before.as_ref(), &one.statement, &one.causes);
            let line = shown.then(|| NewLine::new(EntryKind::Judged, Some(summary.case_id), said));
            Recording { contents: one.contents, entry: one.entry, line }
        });
        let judgement = Judgement {
            recorded: recording.as_ref(),
            summary: &summary,
            dossiers: &numbers,
            deadlines: &lines::deadlines(&review, &summary),
            applications: &lines::applications(case, &review, &summary),
            today,
            now: self.clock.now(),
        };
        Ok(self.judgements.save_judgement(&judgement).await?)
    }

    /// Marks those whose judgement depends on this one. True when lists show something else than before: the journal then
    /// says so.
    async fn note_judgement(&self, case: &Case, summary: &Summary) -> Result<bool, Error> {
        let before = self.cases.summary(summary.case_id).await?;
        let key =
            |summary: &Summary| (summary.state.clone(), summary.tier.clone(), summary.late, summary.faults);
        // When a local changes, its central is judged again, and the reverse.
        if !before.as_ref().is_some_and(|before| same_for_neighbours(before, summary)) {
            let left = before.as_ref().and_then(|before| before.central);
            for number in self.book.neighbours(case).await?.into_iter().chain(left) {
                self.judgements.mark_to_judge(number).await?;
            }
        }
        Ok(before.as_ref().map(key) != Some(key(summary)))
    }

    fn acting_needs_author(&self, case: &Case) -> bool {
        case.dossiers.iter().any(|facts| facts.author.is_none() && !facts.gone)
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
            kind: TaskKind::Mail,
            dossier: mail.dossier,
            role: Some(mail.role.key()),
            rule: Some(&mail.rule),
            payload: &payload,
        };
        // The body gets one mail a day, and beside it what cannot wait.
        let lane =
            if mail.role == Role::Organisme && !mail.urgent { MailLane::Digest } else { MailLane::Now };
        self.ledger.put_mail(&task, lane, self.clock.now()).await?;
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
        let key = format!("annotation/{}", annotation.dossier);
        let dossier = annotation.dossier;
        let task =
            NewTask { key: &key, kind: TaskKind::Annotation, dossier, role: None, rule: None, payload: "" };
        self.outbox.put_again(&task, self.clock.now()).await?;
        Ok(())
    }
}

/// Whether a judgement gives the case's neighbours (its central or its locals) what the one before gave: its label with
/// all its days, who it is and, of a local, the days of its decisions and visits.
fn same_for_neighbours(one: &Summary, other: &Summary) -> bool {
    let days = (one.next_due, one.audit) == (other.next_due, other.audit);
    one.state == other.state
        && one.tier == other.tier
        && one.standings == other.standings
        && one.siret == other.siret
        && one.type_key == other.type_key
        && one.central == other.central
        && (days || one.type_key == "central")
}

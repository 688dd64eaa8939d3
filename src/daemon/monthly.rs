//! DITP's mails of the month: the report with the register, and the labels that came to their end. Owed for the month
//! that is over, from the hour that `schedule.monthly` names on; after a longer outage only the latest month's.

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::Error;
use super::month::{month_name, month_over};
use super::postman::Postman;
use crate::mail::Attached;
use crate::register::{Audience, files};
use crate::retry::passes;
use crate::store::ledger::Lane;
use crate::store::outbox::{NO_DOSSIER, NewTask, TaskKind};
use crate::store::register::{Registered, Which};
use label::judge::agenda::Role;
use label::life::LabelStatus;
use label::outgoing::Letter;
use label::wording::monthly::{self, Month};

const REPORT: &str = "bilan/";
const ENDED: &str = "echus/";

fn key(kind: &str, month: Date) -> String {
    format!("{kind}{}/{}", month_name(month), Role::Ditp.key())
}

impl Postman<'_> {
    /// Puts the mails of the month that is over, once.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn put_monthly(&self) -> Result<(), Error> {
        let month = month_over(self.clock.today());
        if month.last_of_month() < self.memory.since().await? {
            return Ok(());
        }
        let told = !self.acting.mail
            || self.acting.ditp.is_empty()
            || self.outbox.is_put(&key(REPORT, month)).await?;
        let owed = self.herald.owed_month(month).await?;
        if told && owed.is_empty() {
            return Ok(());
        }
        let counted = self.count_month(month).await?;
        for outbox_key in owed {
            self.herald.put_month(&outbox_key, monthly::data(&counted)).await?;
        }
        if told {
            return Ok(());
        }
        // The report last: a crash between the two puts both again, and the first is there already.
        if !counted.expired.is_empty() {
            self.put_letter(&key(ENDED, month), &monthly::ended(&counted)).await?;
        }
        self.put_letter(&key(REPORT, month), &monthly::report(&counted)).await
    }

    async fn put_letter(&self, key: &str, letter: &Letter) -> Result<(), Error> {
        let payload = serde_json::to_string(letter).unwrap_or_default();
        let task = NewTask {
            key,
            kind: TaskKind::Mail,
            dossier: NO_DOSSIER,
            role: Some(Role::Ditp.key()),
            rule: Some(&letter.rule),
            payload: &payload,
        };
        self.ledger.put_mail(&task, Lane::Now, self.clock.now()).await?;
        Ok(())
    }

    async fn count_month(&self, first: Date) -> Result<Month, Error> {
        let today = self.clock.today();
        let mut month = Month::new(first, today);
        let mut after: Option<(String, i64)> = None;
        loop {
            let place = after.as_ref().map(|(name, id)| (name.as_str(), *id));
            let page = self.register.registered(Which::All, today, place, passes::LINES).await?;
            let Some((name, last)) = page.last() else { return Ok(month) };
            after = Some((name.clone(), last.summary.case_id));
            for (_, line) in &page {
                count(&mut month, line);
            }
        }
    }

    /// A monthly mail is wanted while its month is the last one over.
    pub(super) fn monthly_wanted(&self, task: &str) -> bool {
        let month = month_over(self.clock.today());
        task == key(REPORT, month) || task == key(ENDED, month)
    }

    /// The register, beside the report of the month.
    pub(super) async fn files_for(&self, task: &str) -> Result<Vec<Attached>, Error> {
        if !task.starts_with(REPORT) {
            return Ok(Vec::new());
        }
        let bytes = files::csv(self.register.clone(), self.clock.today(), Audience::Internal).await?;
        let name = format!("registre-{}.csv", self.clock.today());
        Ok(vec![Attached { name, media: "text/csv; charset=utf-8".to_owned(), bytes }])
    }
}

fn count(month: &mut Month, line: &Registered) {
    let summary = &line.summary;
    let Some(label) = summary.standing_on(month.today) else { return };
    let first = month.first;
    let within = |day: Date| day.first_of_month() == first;
    let name = monthly::service(&summary.name, label.tier, &summary.organisme);
    if label.status.in_force() {
        month.count(label.tier, label.status == LabelStatus::Suspended);
    }
    let granted = label.notified.or(label.decided).unwrap_or(label.starts).max(label.starts);
    if within(granted) {
        month.granted.push((granted, name.clone()));
    }
    if let Some(suspension) = label.suspension.as_ref().filter(|one| within(one.since)) {
        month.suspended.push((suspension.since, name.clone()));
    }
    match (label.status, label.withdrawn) {
        (_, Some(day)) if within(day) => month.withdrawn.push((day, name)),
        (_, Some(_)) => {}
        (LabelStatus::Expired, None) if within(label.ends) => month.expired.push((label.ends, name)),
        (_, None) if label.ends.first_of_month() == first.saturating_add(1.month()) => {
            month.ending.push((label.ends, name))
        }
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_month_over_is_the_one_before_whatever_the_day() {
        assert_eq!(month_over(date(2028, 1, 1)), date(2027, 12, 1));
        assert_eq!(month_over(date(2028, 3, 31)), date(2028, 2, 1));
        assert_eq!(key(REPORT, date(2028, 2, 1)), "bilan/2028-02/ditp");
    }
}

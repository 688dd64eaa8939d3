//! DITP's monthly mails: the report with the register, and the labels that ended. They are put for the last complete
//! month, from the hour of `schedule.monthly` on; after a longer outage only for the latest month.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::Error;
use super::month::{month_name, month_over};
use super::postman::Postman;
use crate::mail::Attached;
use crate::register::{Audience, files};
use crate::retry::passes;
use crate::store;
use crate::store::cases::Summary;
use crate::store::ledger::MailLane;
use crate::store::outbox::{NO_DOSSIER, NewTask, TaskKind};
use crate::store::register::Which;
use label::judge::agenda::Role;
use label::life::{LabelStatus, Standing};
use label::outgoing::{Letter, NoticeKind};
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
            self.herald.put_general(&outbox_key, NoticeKind::Month, &monthly::data(&counted)).await?;
        }
        if told {
            return Ok(());
        }
        // The report last: after a crash between the two, both are put again, and the first one is already in the
        // outbox.
        if !counted.expired.is_empty() {
            self.put_letter(&key(ENDED, month), &monthly::ended(&counted)).await?;
        }
        self.put_letter(&key(REPORT, month), &monthly::report(&counted)).await
    }

    async fn put_letter(&self, key: &str, letter: &Letter) -> Result<(), Error> {
        let payload = store::json(letter)?;
        let task = NewTask {
            key,
            kind: TaskKind::Mail,
            dossier: NO_DOSSIER,
            role: Some(Role::Ditp.key()),
            rule: Some(&letter.rule),
            payload: &payload,
        };
        self.ledger.put_mail(&task, MailLane::Now, self.clock.now()).await?;
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
                count(&mut month, &line.summary);
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

/// The events are those of the month, whatever became of the label since; what is in force and what ends is as of today.
fn count(month: &mut Month, summary: &Summary) {
    let Some(label) = summary.standing_on(month.today) else { return };
    let (first, today) = (month.first, month.today);
    let within = |day: Date| day.first_of_month() == first;
    let name = |label: &Standing| monthly::service(&summary.name, label.tier, &summary.organisme);
    if label.status.in_force() {
        month.count(label.tier, label.status == LabelStatus::Suspended);
    }
    // By day: a suspension or a period of which something changes meanwhile is the same one.
    let [mut granted, mut suspended, mut withdrawn, mut expired] = [const { BTreeMap::new() }; 4];
    for (_, standing) in summary.standings.iter().filter(|(from, _)| *from <= today) {
        let award = standing.notified.or(standing.decided).unwrap_or(standing.starts).max(standing.starts);
        granted.insert(award, name(standing));
        if let Some(suspension) = standing.suspended() {
            suspended.insert(suspension.since, name(standing));
        }
        match standing.status {
            LabelStatus::Withdrawn => drop(withdrawn.insert(standing.since, name(standing))),
            // One that has a label again did not leave the list of labels.
            LabelStatus::Expired if !label.status.in_force() => {
                drop(expired.insert(standing.ends, name(standing)));
            }
            LabelStatus::Expired | LabelStatus::Active | LabelStatus::Suspended => {}
        }
    }
    let steps: Vec<&(Date, Standing)> = summary.standings.iter().filter(|(from, _)| *from <= today).collect();
    let [mut lifted, mut raised] = [const { BTreeMap::new() }; 2];
    for pair in steps.windows(2) {
        let [(_, before), (from, after)] = pair else { continue };
        if before.starts != after.starts {
            continue;
        }
        if before.tier.is_some() && before.tier < after.tier {
            raised.insert(*from, name(after));
        }
        if (before.status, after.status) == (LabelStatus::Suspended, LabelStatus::Active) {
            lifted.insert(after.since, name(after));
        }
    }
    for (events, list) in [
        (granted, &mut month.granted),
        (suspended, &mut month.suspended),
        (lifted, &mut month.lifted),
        (raised, &mut month.raised),
        (withdrawn, &mut month.withdrawn),
        (expired, &mut month.expired),
    ] {
        list.extend(events.into_iter().filter(|(day, _)| within(*day)));
    }
    let goes_on = label.withdrawn.is_some() || label.renewed_from.is_some();
    if !goes_on && label.ends.first_of_month() == first.saturating_add(1.month()) {
        month.ending.push((label.ends, name(label)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use label::Tier;
    use label::life::Suspension;

    #[test]
    fn the_month_over_is_the_one_before_whatever_the_day() {
        assert_eq!(month_over(date(2028, 1, 1)), date(2027, 12, 1));
        assert_eq!(month_over(date(2028, 3, 31)), date(2028, 2, 1));
        assert_eq!(key(REPORT, date(2028, 2, 1)), "bilan/2028-02/ditp");
    }

    fn standing(status: LabelStatus, since: Date) -> Standing {
        Standing {
            status,
            since,
            tier: None,
            decided: Some(date(2025, 5, 10)),
            notified: None,
            starts: date(2025, 5, 10),
            ends: date(2028, 5, 9),
            suspension: None,
            withdrawn: None,
            renewed_from: None,
        }
    }

    fn counted(standings: Vec<(Date, Standing)>, first: Date, today: Date) -> Month {
        let mut month = Month::new(first, today);
        count(&mut month, &Summary { name: "A".to_owned(), standings, ..Summary::default() });
        month
    }

    #[test]
    fn a_suspension_begun_and_lifted_in_the_month_is_told_once() {
        let (begins, warned, lifted) = (date(2028, 3, 5), date(2028, 3, 10), date(2028, 3, 20));
        let suspension = Suspension { since: begins, limit: date(2028, 5, 9), lift_by: None, cause: None };
        let delayed = Suspension { lift_by: Some(date(2028, 4, 1)), ..suspension.clone() };
        let suspended = standing(LabelStatus::Suspended, begins);
        let steps = vec![
            (date(2025, 5, 10), standing(LabelStatus::Active, date(2025, 5, 10))),
            (begins, Standing { suspension: Some(suspension), ..suspended.clone() }),
            (warned, Standing { suspension: Some(delayed), ..suspended }),
            (lifted, standing(LabelStatus::Active, lifted)),
        ];
        let month = counted(steps.clone(), date(2028, 3, 1), date(2028, 4, 1));
        let told = vec![(begins, "A — palier non précisé".to_owned())];
        assert_eq!((month.suspended, month.now_suspended, month.granted), (told, 0, Vec::new()));
        assert_eq!(month.lifted, [(lifted, "A — palier non précisé".to_owned())]);
        assert!(counted(steps, date(2028, 4, 1), date(2028, 5, 1)).suspended.is_empty());
    }

    #[test]
    fn a_higher_tier_is_told_in_its_month_and_a_renewal_is_none() {
        let bronze =
            Standing { tier: Some(Tier::Bronze), ..standing(LabelStatus::Active, date(2025, 5, 10)) };
        let argent = Standing { tier: Some(Tier::Argent), ..bronze.clone() };
        let or = Standing { tier: Some(Tier::Or), starts: date(2028, 5, 10), ..argent.clone() };
        let raised = date(2028, 3, 5);
        let steps = vec![(bronze.starts, bronze), (raised, argent), (or.starts, or)];
        let told = |month: i8| counted(steps.clone(), date(2028, month, 1), date(2028, month + 1, 1)).raised;
        assert_eq!(told(3), [(raised, "A — Argent".to_owned())]);
        assert_eq!([told(2).len(), told(4).len(), told(5).len()], [0; 3]);
    }

    #[test]
    fn a_label_that_is_renewed_does_not_end() {
        let active = standing(LabelStatus::Active, date(2025, 5, 10));
        let ending = |label: Standing| {
            counted(vec![(label.starts, label)], date(2028, 4, 1), date(2028, 5, 1)).ending.len()
        };
        assert_eq!(ending(active.clone()), 1);
        assert_eq!(ending(Standing { renewed_from: Some(date(2028, 5, 10)), ..active }), 0);
    }

    #[test]
    fn what_expired_or_was_withdrawn_in_the_month_is_told_whatever_came_after() {
        let expired = standing(LabelStatus::Expired, date(2028, 5, 10));
        let again = Standing {
            starts: date(2028, 5, 20),
            decided: None,
            ..standing(LabelStatus::Active, date(2028, 5, 20))
        };
        let (first, today) = (date(2028, 5, 1), date(2028, 6, 1));
        assert_eq!(counted(vec![(expired.since, expired.clone())], first, today).expired.len(), 1);
        let anew = counted(vec![(expired.since, expired), (again.starts, again.clone())], first, today);
        assert_eq!((anew.expired.len(), anew.granted.len()), (0, 1), "it has a label");
        let gone = Standing {
            withdrawn: Some(date(2028, 5, 3)),
            ..standing(LabelStatus::Withdrawn, date(2028, 5, 3))
        };
        let anew = counted(vec![(gone.since, gone), (again.starts, again)], first, today);
        assert_eq!(anew.withdrawn, [(date(2028, 5, 3), "A — palier non précisé".to_owned())]);
    }
}

//! The mails that will leave to others within two weeks: those of the first week are in the digest of the certification body,
//! all are on its page, where it can stop one.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::error::Error;
use super::postman::Postman;
use super::source::scopes;
use crate::retry::passes;
use crate::store;
use crate::store::coming::ComingMail;
use label::case::Case;
use label::outgoing::Mail;
use label::plan::Known;
use label::plan::coming::coming;

/// As far as the digest looks ahead, and as far as the page does.
const DIGEST_DAYS: i64 = 7;
const DAYS: i64 = 14;
/// The day on which they were worked out last.
const WORKED_OUT: &str = "coming";

impl Postman<'_> {
    /// Works them out once a day, for the page, whether or not a digest leaves.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn foresee(&self) -> Result<(), Error> {
        let today = self.clock.today();
        if self.acting.dry_run || self.settings.read(WORKED_OUT).await? == Some(today) {
            return Ok(());
        }
        self.coming().await.map(drop)
    }

    /// Those of the first week, as they are now, about the dossiers of the reader of a digest; all are kept for the page.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn coming_soon(&self, body: Option<&str>) -> Result<Vec<Mail>, Error> {
        let until = self.clock.today().saturating_add(DIGEST_DAYS.days());
        let mut mails = self.coming().await?;
        mails.retain(|mail| mail.from <= until);
        let own = self.dossiers_of(body, &mails.iter().map(|mail| mail.dossier).collect()).await?;
        mails.retain(|mail| own.contains(&mail.dossier));
        Ok(mails)
    }

    /// Only the cases of which something may change within these days are looked at. A stored row that cannot be read costs
    /// the announcements of its family, and not the digest.
    ///
    /// # Errors
    /// When the store fails.
    async fn coming(&self) -> Result<Vec<Mail>, Error> {
        let (mails, kept) = self.worked_out().await?;
        if !self.acting.dry_run && !self.stop.is_cancelled() {
            self.ledger.keep_coming(&kept).await?;
            self.settings.set(WORKED_OUT, &self.clock.today().to_string()).await?;
        }
        Ok(mails)
    }

    async fn worked_out(&self) -> Result<(Vec<Mail>, Vec<ComingMail>), Error> {
        let today = self.clock.today();
        let until = today.saturating_add(DAYS.days());
        let (frame, since) = (self.book.frame().await?, self.memory.since().await?);
        let scopes = scopes(self.sources);
        let (mut mails, mut kept) = (Vec::new(), Vec::new());
        let mut after = i64::MIN;
        // A family that is read in two parts holds the same cases in both.
        let mut looked_at = BTreeSet::new();
        loop {
            let ids = self.judgements.changing_until(until, &scopes, after, passes::CASES).await?;
            let Some(last) = ids.last() else { return Ok((mails, kept)) };
            after = *last;
            let mut left = ids.as_slice();
            while !left.is_empty() && !self.stop.is_cancelled() {
                let batch = self.book.batch(left, &frame).await?;
                left = left.get(batch.covered.max(1)..).unwrap_or_default();
                // A row that cannot be read was set aside when its family was read: the others go on.
                let families = batch.families.into_iter().filter_map(|(_, family)| family.ok());
                let cases = families.flat_map(|family| family.cases);
                let cases: Vec<Case> =
                    cases.filter(|case| ids.contains(&case.id) && looked_at.insert(case.id)).collect();
                for (case, known) in cases.iter().zip(self.known_of_each(&cases, since).await?) {
                    let Some(known) = known else { continue };
                    let of_case = coming(case, &frame, &known, today, until);
                    for mail in &of_case {
                        kept.push(line(case, mail)?);
                    }
                    mails.extend(of_case);
                }
            }
            if self.stop.is_cancelled() {
                return Ok((mails, kept));
            }
        }
    }

    /// What is known of each case, in their order; nothing of one about which a stored row cannot be read.
    async fn known_of_each(&self, cases: &[Case], since: Date) -> Result<Vec<Option<Known>>, Error> {
        match self.memory.known_of(&cases.iter().collect::<Vec<_>>(), since).await {
            Err(Error::Store(store::Error::SetAside { .. })) => {}
            known => return Ok(known?.into_iter().map(Some).collect()),
        }
        let mut each = Vec::new();
        for case in cases {
            each.push(match self.memory.known(case, since).await {
                Err(Error::Store(store::Error::SetAside { .. })) => None,
                known => Some(known?),
            });
        }
        Ok(each)
    }
}

/// As the page shows it.
fn line(case: &Case, mail: &Mail) -> store::Result<ComingMail> {
    Ok(ComingMail {
        key: mail.key.to_string(),
        dossier: mail.dossier,
        case_id: case.id,
        role: mail.role.key().to_owned(),
        rule: mail.rule.clone(),
        leaves: mail.from.to_string(),
        service: case.name(),
        payload: store::json(&mail.letter)?,
    })
}

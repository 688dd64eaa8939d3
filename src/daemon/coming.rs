//! The mails that will leave to others within a week, for the digest of the certification body.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::error::Error;
use super::postman::Postman;
use super::source::Source;
use crate::casebook::Assembled;
use crate::retry::passes;
use crate::store;
use label::case::{Case, Frame};
use label::outgoing::Mail;
use label::plan::coming::coming;

/// As far as the digest looks ahead.
const DAYS: i64 = 7;

impl Postman<'_> {
    /// Only the cases of which something may change within these days are looked at. A stored row that cannot be read costs
    /// the announcements of its family, and not the digest.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn coming(&self) -> Result<Vec<Mail>, Error> {
        let today = self.clock.today();
        let until = today.saturating_add(DAYS.days());
        let (frame, since) = (self.book.frame().await?, self.memory.since().await?);
        let scopes: Vec<String> = self.sources.iter().map(Source::key).collect();
        let mut mails = Vec::new();
        let mut after = i64::MIN;
        // A family that is read in two parts holds the same cases in both.
        let mut looked_at = BTreeSet::new();
        loop {
            let ids = self.judgements.changing_until(until, &scopes, after, passes::CASES).await?;
            let Some(last) = ids.last() else { return Ok(mails) };
            after = *last;
            let mut left = ids.as_slice();
            while !left.is_empty() && !self.stop.is_cancelled() {
                let batch = self.book.batch(left, &frame).await?;
                left = left.get(batch.covered.max(1)..).unwrap_or_default();
                for (number, family) in batch.families {
                    mails.extend(
                        self.coming_of(family, (&ids, &mut looked_at), (&frame, since), (today, until))
                            .await
                            .or_else(|error| match error {
                                Error::Store(store::Error::SetAside { .. }) => {
                                    tracing::warn!(
                                        dossier = number,
                                        "what will leave about this dossier is not announced: {error}"
                                    );
                                    Ok(Vec::new())
                                }
                                other => Err(other),
                            })?,
                    );
                }
            }
            if self.stop.is_cancelled() {
                return Ok(mails);
            }
        }
    }

    /// The mails about the cases of one family that are looked at.
    async fn coming_of(
        &self,
        family: store::Result<Assembled>,
        (ids, looked_at): (&[i64], &mut BTreeSet<i64>),
        (frame, since): (&Frame, Date),
        (today, until): (Date, Date),
    ) -> Result<Vec<Mail>, Error> {
        let cases: Vec<Case> = family?
            .cases
            .into_iter()
            .filter(|case| ids.contains(&case.id) && looked_at.insert(case.id))
            .collect();
        let known = self.memory.known_of(&cases.iter().collect::<Vec<_>>(), since).await?;
        Ok(cases
            .iter()
            .zip(&known)
            .flat_map(|(case, known)| coming(case, frame, known, today, until))
            .collect())
    }
}

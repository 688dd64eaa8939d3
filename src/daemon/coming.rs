//! The mails that will leave to others within a week, for the digest of the certification body.

use jiff::ToSpan as _;

use super::error::Error;
use super::postman::Postman;
use super::source::Source;
use crate::retry::passes;
use label::outgoing::Mail;
use label::plan::coming::coming;

/// As far as the digest looks ahead.
const DAYS: i64 = 7;

impl Postman<'_> {
    /// Only the cases of which something may change within these days are looked at.
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
        loop {
            let ids = self.judgements.changing_until(until, &scopes, after, passes::CASES).await?;
            let Some(last) = ids.last() else { return Ok(mails) };
            after = *last;
            let mut left = ids.as_slice();
            while !left.is_empty() && !self.stop.is_cancelled() {
                let (cases, read) = self.book.cases_of(left, &frame).await?;
                let known = self.memory.known_of(&cases.iter().collect::<Vec<_>>(), since).await?;
                for (case, known) in cases.iter().zip(&known) {
                    mails.extend(coming(case, &frame, known, today, until));
                }
                left = left.get(read..).unwrap_or_default();
            }
            if self.stop.is_cancelled() {
                return Ok(mails);
            }
        }
    }
}

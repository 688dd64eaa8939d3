//! What a new day brings.

use super::Daemon;
use super::error::Error;
use super::source::scopes;

impl Daemon {
    /// Marks the living cases whose last judgement is of an earlier day. Reminders need nothing more.
    pub(super) async fn begin_day(&self) -> Result<(), Error> {
        let today = self.book.clock.today();
        if !self.acting.dry_run {
            self.postman().warn_of_token().await?;
            self.postman().remind_of_exports().await?;
            self.erase_what_is_over(today).await?;
        }
        let scopes = scopes(&self.sources);
        let marked = self.store.judgements().new_day(today, &scopes).await?;
        if marked > 0 {
            tracing::debug!(dossiers = marked, day = %today, "a new day: judging {marked} dossiers of living cases again");
        }
        Ok(())
    }
}

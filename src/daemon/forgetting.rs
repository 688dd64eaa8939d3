//! Once a day, erases what is over, the data of finished cases whose term has come, and gives the space back.

use jiff::civil::Date;

use super::Daemon;
use super::error::Error;
use crate::record::forget;

/// The setting that holds the day of the last erasure.
const DONE_ON: &str = "terms_looked_at";

impl Daemon {
    pub(super) async fn erase_what_is_over(&self, today: Date) -> Result<(), Error> {
        let settings = self.store.settings();
        if settings.get(DONE_ON).await?.as_deref() == Some(today.to_string().as_str()) {
            return Ok(());
        }
        let copies = self.reading.as_ref().and_then(|reading| reading.copies.as_ref());
        let now = self.book.clock.now();
        let done = forget::terms(&self.store, &self.terms, copies, (today, now)).await?;
        let erased = done.erased;
        let count = erased.contents + erased.mails + erased.lines;
        if count > 0 || done.copies > 0 {
            tracing::info!(
                contents = erased.contents,
                mails = erased.mails,
                lines = erased.lines,
                copies = done.copies,
                "erased what is over"
            );
        }
        for (name, error) in &done.left {
            tracing::error!("the copy {name} is over and could not be deleted: {error}");
        }
        match self.store.forgetting().give_space_back().await {
            Ok(Some((before, after))) => {
                tracing::info!(before, after, "the file of the store was rewritten without its free space")
            }
            Ok(None) => {}
            // Somebody reads the file at this moment: tomorrow is soon enough.
            Err(error) => tracing::warn!("the free space of the store could not be given back: {error}"),
        }
        Ok(settings.set(DONE_ON, &today.to_string()).await?)
    }
}

//! Once a day, and as soon as the version or the sections are others: rows that could not be read are looked at again.

use super::Daemon;
use super::error::Error;
use super::noticed::told_last;
use super::source::Source;

/// The day, the version and the sections of the last look.
const LOOKED: &str = "looked_again";

impl Daemon {
    /// Looks again, unless it was done.
    pub(super) async fn look_again(&self) -> Result<(), Error> {
        let settings = self.store.settings();
        let scopes: Vec<String> = self.sources.iter().map(Source::key).collect();
        let look = format!("{} {} {}", self.book.today(), env!("CARGO_PKG_VERSION"), scopes.join(" "));
        if self.acting.dry_run || settings.get(LOOKED).await?.as_ref() == Some(&look) {
            return Ok(());
        }
        self.store.healing().look_again(&scopes, is_told).await?;
        Ok(settings.set(LOOKED, &look).await?)
    }
}

/// Whether the body of a notice, put under « webhook/RECEIVER/NOTICE », can be read.
fn is_told(key: &str, payload: &str) -> bool {
    let notice = key.splitn(3, '/').nth(2).unwrap_or_default();
    told_last(&mut Vec::new(), notice, payload).is_some()
}

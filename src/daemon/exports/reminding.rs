//! Reminds the certification body of an export that grows old: without a token nothing else brings what changed.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::error::Error;
use super::super::postman::Postman;
use super::super::standing::{Away, Failing};
use crate::store::exported::{PICTURE, SCOPE};
use label::paris_date;
use label::wording::exports::{REMINDED_EVERY, reminder};

/// The reminder of that day, by the weeks that passed; `None` before the first.
fn key(picture: Date, today: Date) -> Option<String> {
    let weeks = (today - picture).get_days() / REMINDED_EVERY;
    (weeks >= 1).then(|| format!("export/{picture}/{weeks}/organisme"))
}

impl Postman<'_> {
    async fn picture(&self) -> Result<Option<Date>, Error> {
        // What the API reads is fresh without any export.
        if !self.sources.is_empty() {
            return Ok(None);
        }
        Ok(self.settings.read::<Timestamp>(PICTURE).await?.map(paris_date))
    }

    /// With the dossiers that exports alone tell of: what is said of them is what the last export said, of another day.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::daemon) async fn with_exports(&self, mut away: Away) -> Result<Away, Error> {
        let picture = self.settings.read::<Timestamp>(PICTURE).await?;
        if let Some(picture) = picture.filter(|picture| paris_date(*picture) < self.clock.today()) {
            let why = "no newer export was read".to_owned();
            let failing = Failing { since: picture, refused: false, why, read: Some(picture) };
            away.insert(SCOPE.to_owned(), failing);
        }
        Ok(away)
    }

    /// Puts the reminder of the week, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::daemon) async fn remind_of_exports(&self) -> Result<(), Error> {
        let today = self.clock.today();
        let Some(picture) = self.picture().await? else { return Ok(()) };
        let Some(key) =
            key(picture, today).filter(|_| self.acting.mail && !self.acting.operators().is_empty())
        else {
            return Ok(());
        };
        self.put_to_body(&key, &reminder(picture, today)).await?;
        Ok(())
    }

    /// A reminder is still wanted while no newer export was read, and until the next one.
    pub(in crate::daemon) async fn export_reminder_wanted(&self, task: &str) -> Result<bool, Error> {
        let picture = self.picture().await?;
        Ok(picture.and_then(|picture| key(picture, self.clock.today())).is_some_and(|key| key == task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_reminder_a_week() {
        let at = |day| key(date(2027, 5, 24), date(2027, 5, day));
        assert_eq!((at(24), at(30)), (None, None));
        assert_eq!(at(31).as_deref(), Some("export/2027-05-24/1/organisme"));
        assert_eq!(
            key(date(2027, 5, 24), date(2027, 6, 7)).as_deref(),
            Some("export/2027-05-24/2/organisme")
        );
    }
}

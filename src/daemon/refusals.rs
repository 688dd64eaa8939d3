//! Tells the body that the mail server refuses us, or what we write: once a day while it lasts, and only if it still does
//! when the mail can leave.

use super::error::Error;
use super::postman::Postman;
use crate::store::ledger::RefusedFor;
use label::judge::agenda::Role;
use label::wording::mail_server::{self, Refused};

const REFUSALS: &str = "serveur/";

impl Postman<'_> {
    /// Puts today's mail about what the server refuses, if it refuses anything.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn tell_refusals(&self) -> Result<(), Error> {
        let [us, message] = self.refusals().await?;
        if (us.is_none() && message.is_none()) || self.acting.operators().is_empty() {
            return Ok(());
        }
        let letter = mail_server::letter(us.as_ref(), message.as_ref());
        self.put_to_body(&self.refusals_key(), &letter).await?;
        Ok(())
    }

    /// Whether that mail is still wanted: that of an earlier day is not.
    pub(super) async fn refusals_wanted(&self, key: &str) -> Result<bool, Error> {
        Ok(key == self.refusals_key() && self.refusals().await? != [None, None])
    }

    fn refusals_key(&self) -> String {
        format!("{REFUSALS}{}/{}", self.clock.today(), Role::Organisme.key())
    }

    /// What waits because of us, and because of what is written.
    async fn refusals(&self) -> Result<[Option<Refused>; 2], Error> {
        let mut known = self.ledger.refusals(REFUSALS).await?;
        Ok([RefusedFor::Us, RefusedFor::Message].map(|what| {
            let (count, said) = known.remove(what.word())?;
            Some(Refused { count: u64::try_from(count).unwrap_or(0), said })
        }))
    }
}

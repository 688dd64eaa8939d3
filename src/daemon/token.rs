//! Warns the certification body before the API token expires, once for each stage; the last day comes from the
//! configuration, since the API does not give it.

use jiff::civil::Date;

use super::error::Error;
use super::postman::Postman;
use label::wording::notices;

/// Days before the last day of the token (`interface.md` §2).
const STAGES: [i32; 6] = [60, 30, 14, 7, 3, 1];
/// The last warning said of the token that ends on a day, so that it is said once and not at each pass.
fn warned(end: Date) -> String {
    format!("token_warned/{end}")
}

/// The stage reached on a day: of those reached, the closest to the end.
fn stage(end: Date, today: Date) -> Option<i32> {
    let left = (end - today).get_days();
    STAGES.into_iter().rev().find(|stage| left <= *stage)
}

fn key(end: Date, stage: i32) -> String {
    format!("jeton/{end}/{stage}/organisme")
}

impl Postman<'_> {
    /// Puts the warning of the day, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn warn_of_token(&self) -> Result<(), Error> {
        let today = self.clock.today();
        for end in &self.acting.token_ends {
            let Some(stage) = stage(*end, today) else { continue };
            let (key, left) = (key(*end, stage), (*end - today).get_days());
            if self.settings.get(&warned(*end)).await?.as_deref() == Some(key.as_str()) {
                continue;
            }
            tracing::warn!(
                days = left,
                "the token ends in {left} days: make a new one and put it in dn.token_file"
            );
            if self.acting.mail && !self.acting.operators().is_empty() {
                self.put_warning(&key, *end).await?;
            }
            // Last: after a crash before, the mail is there already, and is not put twice.
            self.settings.set(&warned(*end), &key).await?;
        }
        Ok(())
    }

    async fn put_warning(&self, key: &str, end: Date) -> Result<(), Error> {
        self.put_to_body(key, &notices::token_end(end)).await?;
        Ok(())
    }

    /// A warning is still wanted while the token that it is about is the one in use, at that stage.
    pub(super) fn warning_wanted(&self, task: &str) -> bool {
        let today = self.clock.today();
        self.acting
            .token_ends
            .iter()
            .any(|end| stage(*end, today).is_some_and(|stage| key(*end, stage) == task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_stage_at_a_time_and_none_before_the_first() {
        let end = date(2027, 6, 30);
        let at = |day: Date| stage(end, day);
        assert_eq!(at(date(2027, 4, 30)), None);
        assert_eq!(at(date(2027, 5, 1)), Some(60));
        assert_eq!(at(date(2027, 5, 30)), Some(60));
        assert_eq!(at(date(2027, 5, 31)), Some(30));
        assert_eq!(at(date(2027, 6, 26)), Some(7));
        assert_eq!((at(date(2027, 6, 29)), at(date(2027, 7, 2))), (Some(1), Some(1)));
    }
}

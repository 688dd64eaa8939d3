//! One page: in smaller ones when the platform is too slow, dossier by dossier when it cannot produce one of them.

use std::time::Duration;

use super::error::Error;
use super::observer::Observer;
use crate::activity::Step;
use crate::dn::{self, Ask, Page, Streams, Trouble};

use super::source::Source;
use crate::retry::observing::{LARGEST_PAGE, PAGE, PAGES_BEFORE_GROWTH, QUICK, SLOW};

/// The size of the pages of one reading: larger while answers come quickly, halved when one is slow or fails. One that was
/// made smaller grows only after several that succeeded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stride {
    size: i64,
    calm: u32,
    /// Successes needed before it grows.
    wary: u32,
}

impl Default for Stride {
    fn default() -> Stride {
        Stride { size: PAGE, calm: 0, wary: 1 }
    }
}

impl Stride {
    pub(super) fn size(self) -> i64 {
        self.size
    }

    fn shorten(&mut self) {
        *self = Stride { size: (self.size / 2).max(1), calm: 0, wary: PAGES_BEFORE_GROWTH };
    }

    /// `came`: the dossiers in it, which may be fewer than asked for.
    fn went_well(&mut self, took: Duration, came: usize) {
        if took > SLOW {
            self.shorten();
            return;
        }
        self.calm += 1;
        let larger = (self.size * 2).min(LARGEST_PAGE);
        let came = u32::try_from(came).unwrap_or(u32::MAX).max(1);
        let expected = (took / came).saturating_mul(u32::try_from(larger).unwrap_or(u32::MAX));
        if larger > self.size && self.calm >= self.wary && expected <= QUICK {
            *self = Stride { size: larger, calm: 0, ..*self };
        }
    }
}

impl Observer<'_> {
    /// The page that `ask` names, smaller if need be.
    pub(super) async fn fetch(&self, source: &Source, ask: &Ask, stride: &mut Stride) -> Result<Page, Error> {
        let clock = self.clock;
        let mut ask = ask.clone();
        loop {
            ask.size = stride.size();
            self.activity.at(Step::Platform);
            let error = match source.dn.observe(&ask, clock).await {
                Ok(page) => {
                    stride.went_well(page.took, page.dossiers.len());
                    return Ok(page);
                }
                Err(error) => error,
            };
            let dn::Error::Later { why, trouble } = error.clone() else { return Err(error.into()) };
            match trouble {
                Trouble::Away | Trouble::Cut(_) | Trouble::Unheard => return Err(error.into()),
                Trouble::Slow | Trouble::Heavy if ask.size > 1 => {
                    tracing::warn!(page = ask.size / 2, "page too slow ({why}), asking for fewer dossiers");
                    stride.shorten();
                }
                // To learn whether this page or the platform fails, only the numbers are asked for, which reads no
                // content.
                Trouble::Slow | Trouble::Heavy | Trouble::Broken => {
                    let list = Ask { streams: Streams::List, form_of: None, size: 1, ..ask.clone() };
                    let Ok(passed) = source.dn.observe(&list, clock).await else { return Err(error.into()) };
                    if ask.size == 1 || passed.dossiers.is_empty() {
                        return match self.without_the_rest(source, &ask).await {
                            Some(page) if ask.form_of.is_none() => Ok(page),
                            Some(_) => Err(error.into()),
                            None => pass_over(passed, error, &why),
                        };
                    }
                    tracing::warn!(
                        page = ask.size / 2,
                        "page cannot be produced ({why}), looking for the dossier"
                    );
                    stride.shorten();
                }
            }
        }
    }
}

impl Observer<'_> {
    /// Asks for the dossier alone, to learn whether it or the rest of the request fails. One that comes alone is not
    /// set aside.
    async fn without_the_rest(&self, source: &Source, ask: &Ask) -> Option<Page> {
        if !matches!(ask.streams, Streams::All { .. }) {
            return None;
        }
        let alone = Ask { streams: Streams::Dossiers, form_of: None, size: 1, ..ask.clone() };
        let page = source.dn.observe(&alone, self.clock).await.ok()?;
        // The other streams were not read: they are asked for again after it.
        (!page.dossiers.is_empty()).then_some(Page { more: true, ..page })
    }
}

/// The one dossier that cannot be produced is set aside by its number, and the reading goes on after it.
fn pass_over(mut passed: Page, error: dn::Error, why: &str) -> Result<Page, Error> {
    match passed.dossiers.first_mut() {
        Some(dossier) if dossier.number.is_some() => {
            dossier.reject(why);
            // The other streams were not asked for.
            passed.more = true;
            Ok(passed)
        }
        _ => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICKLY: Duration = Duration::from_millis(200);

    fn after(pages: &[(Duration, usize)]) -> i64 {
        let mut stride = Stride::default();
        pages.iter().for_each(|(took, came)| stride.went_well(*took, *came));
        stride.size()
    }

    #[test]
    fn pages_grow_to_the_largest_while_answers_come_quickly() {
        assert_eq!(after(&[]), 30);
        assert_eq!(after(&[(QUICKLY, 30)]), 60);
        assert_eq!(after(&[(QUICKLY, 30), (QUICKLY, 60)]), 100);
        assert_eq!(after(&[(QUICKLY, 30), (QUICKLY, 60), (QUICKLY, 100)]), 100);
    }

    #[test]
    fn a_page_does_not_grow_when_the_larger_one_would_be_slow() {
        // Thirty dossiers in five seconds are sixty in ten.
        assert_eq!(after(&[(Duration::from_secs(5), 30)]), 30);
        // Three dossiers in two seconds say the same of a page that was not full.
        assert_eq!(after(&[(Duration::from_secs(2), 3)]), 30);
    }

    #[test]
    fn a_slow_page_is_followed_by_a_smaller_one_which_grows_again_late() {
        let mut stride = Stride::default();
        stride.went_well(SLOW + QUICKLY, 30);
        assert_eq!(stride.size(), 15);
        (1..PAGES_BEFORE_GROWTH).for_each(|_| stride.went_well(QUICKLY, 15));
        assert_eq!(stride.size(), 15);
        stride.went_well(QUICKLY, 15);
        assert_eq!(stride.size(), 30);
    }
}

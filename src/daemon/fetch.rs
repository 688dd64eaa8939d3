//! One page: in smaller ones when the platform is too slow, dossier by dossier when it cannot produce one of them.

use super::error::Error;
use super::observer::Observer;
use crate::dn::{self, Ask, Page, Streams, Trouble};

use super::source::Source;
use crate::retry::observing::{PAGE, PAGES_BEFORE_GROWTH};

/// The size of the pages of one reading: halved when one fails, doubled after several that succeeded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stride {
    size: i64,
    calm: u32,
}

impl Default for Stride {
    fn default() -> Stride {
        Stride { size: PAGE, calm: 0 }
    }
}

impl Stride {
    pub(super) fn size(self) -> i64 {
        self.size
    }

    fn shorten(&mut self) {
        *self = Stride { size: (self.size / 2).max(1), calm: 0 };
    }

    fn went_well(&mut self) {
        self.calm += 1;
        if self.calm >= PAGES_BEFORE_GROWTH && self.size < PAGE {
            *self = Stride { size: (self.size * 2).min(PAGE), calm: 0 };
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
            let error = match source.dn.observe(&ask, clock).await {
                Ok(page) => {
                    stride.went_well();
                    return Ok(page);
                }
                Err(error) => error,
            };
            let dn::Error::Later { why, trouble } = error.clone() else { return Err(error.into()) };
            match trouble {
                Trouble::Away | Trouble::Unheard => return Err(error.into()),
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

//! A store that fails while it is in use: where it is, why and what to do, in the line of whoever used it.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::unopened::{self, Place, Unopened};

/// Where the stores of this process are. Errors of the library do not say it, and a program uses one store.
static OPENED: Mutex<Vec<Place>> = Mutex::new(Vec::new());

/// Notes where a store was opened.
pub(super) fn opened(url: &str) {
    let place = Place::of(url);
    let mut all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if !all.contains(&place) {
        all.push(place);
    }
}

/// The place of the only store of this process.
fn only() -> Option<Place> {
    match OPENED.lock().unwrap_or_else(PoisonError::into_inner).as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// The store of this process, as one that cannot be used for that reason; `None` when the reason is not of its place.
pub(super) fn of_the_place(error: &sqlx::Error) -> Option<Unopened> {
    let place = only().filter(|_| unopened::is_of_the_place(error))?;
    Some(Unopened::at(unopened::URL, place, error))
}

/// What a store in use could not do.
pub(super) struct Failed<'a>(pub(super) &'a sqlx::Error);

impl fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match of_the_place(self.0) {
            Some(unopened) => write!(f, "{}: {unopened}", unopened.key),
            None => self.0.fmt(f),
        }
    }
}

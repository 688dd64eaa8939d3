//! How often one program may ask: so many requests a minute, all at once if it likes, and then as they come back.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::retry::api::{READERS, SPAN};

/// By reader, the instant at which all of its requests are given back (the generic cell rate algorithm): one number each.
#[derive(Debug)]
pub struct Pace {
    /// Between two requests that are given back.
    each: Duration,
    readers: Mutex<BTreeMap<String, Instant>>,
}

impl Pace {
    /// At least one a minute.
    #[must_use]
    pub fn new(per_minute: u32) -> Pace {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Pace { each: SPAN / per_minute.get(), readers: Mutex::default() }
    }

    /// Takes a request of a reader.
    ///
    /// # Errors
    /// How long to wait, when all of its requests are taken.
    pub fn turn(&self, reader: &str, now: Instant) -> Result<(), Duration> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = readers.get(reader).map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let after = taken + self.each;
        if after > SPAN {
            return Err(after - SPAN);
        }
        if readers.len() >= READERS {
            readers.retain(|_, until| *until > now);
        }
        readers.insert(reader.to_owned(), now + after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_has_its_requests_and_gets_them_back_one_by_one() {
        let (pace, start) = (Pace::new(60), Instant::now());
        for _ in 0..60 {
            assert_eq!(pace.turn("a", start), Ok(()));
        }
        assert_eq!(pace.turn("a", start), Err(Duration::from_secs(1)));
        assert_eq!(pace.turn("b", start), Ok(()), "another has its own");
        let later = start + Duration::from_secs(2);
        assert_eq!((pace.turn("a", later), pace.turn("a", later)), (Ok(()), Ok(())));
        assert!(pace.turn("a", later).is_err(), "two came back");
        let minute = start + Duration::from_secs(200);
        assert!((0..60).all(|_| pace.turn("a", minute).is_ok()) && pace.turn("a", minute).is_err());
    }

    #[test]
    fn those_that_are_silent_are_forgotten() {
        let (pace, start) = (Pace::new(600), Instant::now());
        for number in 0..READERS {
            assert_eq!(pace.turn(&number.to_string(), start), Ok(()));
        }
        assert_eq!(pace.turn("last", start + SPAN), Ok(()));
        assert_eq!(pace.readers.lock().unwrap().len(), 1);
    }
}

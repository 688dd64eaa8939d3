//! The only place that asks the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use label::paris_date;

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// The system's clock, or one that the program sets (demo, tests).
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Seconds since the epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    #[must_use]
    pub fn manual(now: Timestamp) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(now.as_second())))
    }

    /// Whole seconds: the two database engines do not store fractions of a second alike.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    pub fn now(&self) -> Timestamp {
        let seconds = match self {
            Clock::System => Timestamp::now().as_second(),
            Clock::Manual(seconds) => seconds.load(Ordering::Relaxed),
        };
        Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The civil date in Paris.
    #[must_use]
    pub fn today(&self) -> Date {
        paris_date(self.now())
    }

    /// The civil date and time in Paris.
    #[must_use]
    pub fn in_paris(&self, at: Timestamp) -> DateTime {
        PARIS.to_datetime(at)
    }

    /// When the day in Paris began.
    #[must_use]
    pub fn midnight(&self) -> Timestamp {
        self.beginning(self.today())
    }

    /// When a day in Paris begins.
    #[must_use]
    pub fn beginning(&self, of: Date) -> Timestamp {
        let began = of.to_zoned(PARIS.clone()).map(|zoned| zoned.timestamp());
        began.unwrap_or_else(|_| self.now())
    }

    /// Noon of a day in Paris, for what is known to the day only.
    #[must_use]
    pub fn noon(&self, on: Date) -> Timestamp {
        let noon = on.at(12, 0, 0, 0).to_zoned(PARIS.clone()).map(|zoned| zoned.timestamp());
        noon.unwrap_or_else(|_| self.now())
    }

    /// Sets a manual clock; the system's cannot be set.
    pub fn set(&self, now: Timestamp) {
        if let Clock::Manual(seconds) = self {
            seconds.store(now.as_second(), Ordering::Relaxed);
        }
    }
}

//! The table of duties: what, when, why. Cron expressions are in civil time of Paris.

use croner::parser::{CronParser, Seconds};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::config::{ConfigError, Schedule};
use label::Calendar;

/// What the hour of a pass calls for, beside observing and judging what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The morning has come: living cases of an earlier day are judged again.
    pub morning: bool,
    /// The hour of the certification body's digest has come.
    pub digest: bool,
    /// The hour of DITP's monthly report has come.
    pub monthly: bool,
}

impl Hours {
    /// Everything that a day holds: for a test.
    pub const ALL: Hours = Hours { morning: true, digest: true, monthly: true };
}

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// The parsed expressions.
#[derive(Clone, Debug)]
pub struct Duties {
    /// Observe, judge what changed, act. Often, because candidates and auditors watch the dossier.
    pub poll: Cron,
    /// From this hour on, living cases are judged for the new day: mails are sent when people are about to work.
    pub morning: Cron,
    /// The certification body's daily mail: what is not urgent waits for the hour when people read.
    pub digest: Cron,
    /// DITP's report of the month that is over: on the first day, before people come to work.
    pub monthly: Cron,
    /// Everything is read again, because some changes update no date on the platform (API §2.4). At night, since it
    /// takes long.
    pub sweep: Cron,
    /// The digest rests on public holidays of the whole country, even where the expression names their day of the week.
    rests_on_holidays: bool,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Cron(Box<croner::Cron>);

impl Duties {
    /// # Errors
    /// The first expression that is not one, with an example.
    pub fn new(schedule: &Schedule) -> Result<Duties, ConfigError> {
        Ok(Duties {
            digest: Cron::new("schedule.digest", &schedule.digest)?,
            monthly: Cron::new("schedule.monthly", &schedule.monthly)?,
            poll: Cron::new("schedule.poll", &schedule.poll)?,
            morning: Cron::new("schedule.morning", &schedule.morning)?,
            sweep: Cron::new("schedule.sweep", &schedule.sweep)?,
            rests_on_holidays: true,
        })
    }

    /// Where `mail.quiet.days` does not name public holidays, the digest goes on them too.
    #[must_use]
    pub fn resting_on_holidays(self, rests_on_holidays: bool) -> Duties {
        Duties { rests_on_holidays, ..self }
    }
}

impl Duties {
    /// What a pass at `now` must do. A duty whose hour passed while the program was stopped is still done until the end
    /// of the day, and not on a later day, whose mails are then sent in their latest stage.
    #[must_use]
    pub fn hours(&self, now: Timestamp) -> Hours {
        Hours {
            morning: self.morning.came_today(now),
            digest: self.digest.came_today(now) && !self.rests(now),
            monthly: self.monthly.came_this_month(now),
        }
    }

    /// What a single pass does, whatever its hour: all that its day holds. The digest of a day without digest waits.
    #[must_use]
    pub fn of_the_day(&self, now: Timestamp) -> Hours {
        Hours { morning: true, digest: self.digest.comes_today(now) && !self.rests(now), monthly: true }
    }

    fn rests(&self, now: Timestamp) -> bool {
        self.rests_on_holidays && Calendar::default().is_holiday(PARIS.to_datetime(now).date())
    }
}

impl Cron {
    /// # Errors
    /// When the text is not an expression of six fields, seconds first. Days of the week are names (Mon) or numbers, 0
    /// and 7 for Sunday, 1 for Monday, as in every crontab. A day of the month and a day of the week must both hold.
    pub fn new(key: &str, text: &str) -> Result<Cron, ConfigError> {
        let wrong = || {
            let example = "\"0 30 6 * * Mon-Fri\" (second minute hour day month weekday)";
            ConfigError::new(key, format!("not a cron expression of six fields; example: {example}"))
        };
        // Steps from a first value (`0/10`) were always accepted here.
        let parser =
            CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).sloppy_ranges(true).build();
        let schedule = parser.parse(text).map_err(|_| wrong())?;
        Ok(Cron(Box::new(schedule)))
    }

    /// The next time strictly after `now`. A time of day that the spring change skips happens just after it; one that
    /// comes twice in autumn happens the first time only, while an expression that names every hour has both hours.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.0.find_next_occurrence(&now.to_zoned(PARIS.clone()), false).ok()?.timestamp();
        Some(next).filter(|at| *at > now)
    }

    /// True when the expression named a time of this day in Paris, up to `now`.
    #[must_use]
    pub fn came_today(&self, now: Timestamp) -> bool {
        self.came_since(PARIS.to_datetime(now).date(), now)
    }

    /// True when the expression names a time of this day in Paris, past or to come.
    #[must_use]
    pub fn comes_today(&self, now: Timestamp) -> bool {
        let day = PARIS.to_datetime(now).date();
        let night = day.tomorrow().ok().and_then(|next| next.to_zoned(PARIS.clone()).ok());
        let last = night.and_then(|night| night.timestamp().checked_sub(1.second()).ok());
        last.is_some_and(|last| self.came_since(day, last))
    }

    /// True when the expression named a time of this month in Paris, up to `now`.
    #[must_use]
    pub fn came_this_month(&self, now: Timestamp) -> bool {
        self.came_since(PARIS.to_datetime(now).date().first_of_month(), now)
    }

    fn came_since(&self, day: jiff::civil::Date, now: Timestamp) -> bool {
        let midnight = day.to_zoned(PARIS.clone()).ok();
        let before = midnight.and_then(|midnight| midnight.timestamp().checked_sub(1.second()).ok());
        before.and_then(|before| self.next(before)).is_some_and(|first| first <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn paris_time_through_both_changes() {
        let half_past_two = Cron::new("x", "0 30 2 * * *").unwrap();
        // Spring 2027: 02:30 does not exist on 28 March, the duty runs at 03:00.
        assert_eq!(half_past_two.next(at("2027-03-27T12:00:00Z")), Some(at("2027-03-28T01:00:00Z")));
        // Autumn 2027: 02:30 comes twice on 31 October, the duty runs once.
        let first = half_past_two.next(at("2027-10-30T12:00:00Z")).unwrap();
        assert_eq!(first, at("2027-10-31T00:30:00Z"));
        assert_eq!(half_past_two.next(first), Some(at("2027-11-01T01:30:00Z")));
    }

    #[test]
    fn the_morning_has_come_or_not() {
        let morning = Cron::new("x", "0 0 6 * * *").unwrap();
        assert!(!morning.came_today(at("2027-07-01T03:59:59Z")));
        assert!(morning.came_today(at("2027-07-01T04:00:00Z")));
        assert!(morning.came_today(at("2027-12-01T22:59:00Z")));
    }

    #[test]
    fn each_duty_is_owed_once_a_day_on_the_nights_that_change_the_hour() {
        let duties = Duties::new(&Schedule::default()).unwrap();
        // Spring 2027: 28 March has 23 hours; six in Paris is 04:00 UTC, one hour earlier than the day before.
        assert!(!duties.hours(at("2027-03-28T03:59:59Z")).morning);
        assert!(duties.hours(at("2027-03-28T04:00:00Z")).morning);
        assert_eq!(duties.morning.next(at("2027-03-27T05:00:00Z")), Some(at("2027-03-28T04:00:00Z")));
        // Autumn 2027: 31 October has 25 hours; six comes once, at 05:00 UTC.
        assert!(!duties.hours(at("2027-10-31T04:59:59Z")).morning);
        assert!(duties.hours(at("2027-10-31T05:00:00Z")).morning);
        assert_eq!(duties.morning.next(at("2027-10-31T04:00:00Z")), Some(at("2027-10-31T05:00:00Z")));
        assert_eq!(duties.morning.next(at("2027-10-31T05:00:00Z")), Some(at("2027-11-01T05:00:00Z")));
    }

    #[test]
    fn no_duty_needs_its_tick() {
        let duties = Duties::new(&Schedule::default()).unwrap();
        // Stopped over the first of the month and a week-end: every duty is due when the program starts, whatever the
        // hour.
        let monday = duties.hours(at("2027-05-03T20:00:00Z"));
        assert_eq!(monday, Hours { morning: true, digest: true, monthly: true });
        let sunday = duties.hours(at("2027-05-02T20:00:00Z"));
        assert_eq!(sunday, Hours { morning: true, digest: false, monthly: true });
        let early = duties.hours(at("2027-05-01T04:30:00Z"));
        assert_eq!(early, Hours { morning: true, digest: false, monthly: false });
    }

    #[test]
    fn a_single_pass_sends_the_digest_on_its_days_at_any_hour() {
        let duties = Duties::new(&Schedule::default()).unwrap();
        // Friday before eight, Saturday, Monday late; Wednesday 14 July.
        let digest = |text| duties.of_the_day(at(text)).digest;
        assert!(digest("2027-07-16T03:00:00Z") && digest("2027-07-19T20:00:00Z"));
        assert!(!digest("2027-07-17T10:00:00Z") && !digest("2027-07-18T10:00:00Z"));
        assert!(!digest("2027-07-14T10:00:00Z"), "a holiday");
        let always = Duties::new(&Schedule::default()).unwrap().resting_on_holidays(false);
        assert!(always.hours(at("2027-07-14T10:00:00Z")).digest, "holidays are not quiet there");
        assert!(always.of_the_day(at("2027-07-14T10:00:00Z")).digest);
        assert!(!duties.hours(at("2027-07-14T10:00:00Z")).digest, "in a daemon too");
        assert!(duties.hours(at("2027-07-15T10:00:00Z")).digest);
        let hours = duties.of_the_day(at("2027-07-17T01:00:00Z"));
        assert!(hours.morning && hours.monthly, "the rest does not wait");
    }

    #[test]
    fn the_repeated_hour_is_polled_twice() {
        let poll = Cron::new("x", "0 */2 * * * *").unwrap();
        // Autumn 2027: from 02:00 to 03:00 in Paris twice, 00:00Z to 02:00Z; no gap is longer than two minutes.
        let (mut now, mut times) = (at("2027-10-30T23:30:00Z"), 0);
        while now < at("2027-10-31T02:30:00Z") {
            let next = poll.next(now).unwrap();
            assert_eq!((next - now).get_seconds(), 120, "after {now}");
            (now, times) = (next, times + 1);
        }
        assert_eq!(times, 90);
    }

    #[test]
    fn weekdays_by_number_begin_on_monday() {
        let digest = Cron::new("schedule.digest", "0 0 8 * * 1-5").unwrap();
        // 2027-06-04 is a Friday.
        let friday = at("2027-06-04T06:00:00Z");
        assert_eq!(digest.next(at("2027-06-03T12:00:00Z")), Some(friday));
        assert_eq!(digest.next(friday), Some(at("2027-06-07T06:00:00Z")));
        let named = Cron::new("schedule.digest", "0 0 8 * * Mon-Fri").unwrap();
        assert_eq!(named.next(friday), digest.next(friday));
    }

    #[test]
    fn what_is_no_expression_names_its_key() {
        for text in ["every minute", "*/2 * * * *", "0 61 * * * *"] {
            let said = Cron::new("schedule.poll", text).unwrap_err().to_string();
            assert!(said.contains("schedule.poll") && said.contains("six fields"), "{said}");
        }
        assert!(Cron::new("schedule.poll", "0 0/10 * * * *").is_ok());
    }
}

//! When mails to services wait: nights, weekends and public holidays (`mail.quiet`). What a service must do by a day does
//! not wait beyond it.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::schedule::Cron;
use crate::config::{ConfigError, QuietSettings};
use label::{Calendar, paris_date};

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// Word for the public holidays of the zone of each dossier.
const HOLIDAYS: &str = "feries";

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The quiet hours and days.
#[derive(Clone, Debug)]
pub struct Quiet {
    zone: TimeZone,
    /// From the first, until the second of the same day or of the next one.
    hours: Option<(Time, Time)>,
    days: Vec<Weekday>,
    holidays: bool,
}

impl Quiet {
    /// Nothing waits.
    #[must_use]
    pub fn never() -> Quiet {
        Quiet { zone: PARIS.clone(), hours: None, days: Vec::new(), holidays: false }
    }

    /// # Errors
    /// The key that cannot be understood, with an example.
    pub fn new(settings: &QuietSettings) -> Result<Quiet, ConfigError> {
        let zone = match settings.zone.as_str() {
            "Europe/Paris" => PARIS.clone(),
            other => TimeZone::get(other).map_err(|_| {
                let why =
                    "no time zone that this machine knows; examples: \"Europe/Paris\", \"Indian/Reunion\"";
                ConfigError::new("mail.quiet.zone", why)
            })?,
        };
        let hours = match settings.hours.trim() {
            "" => None,
            text => Some(span(text).ok_or_else(|| {
                let why = "expected the hours without mails, as \"19:00-08:00\", or \"\" for none";
                ConfigError::new("mail.quiet.hours", why)
            })?),
        };
        let (mut days, mut holidays) = (Vec::new(), false);
        for word in settings.days.iter().map(|word| word.trim().to_ascii_lowercase()) {
            match WEEKDAYS.iter().find(|(name, _)| *name == word) {
                Some((_, day)) => days.push(*day),
                None if word == HOLIDAYS => holidays = true,
                None => {
                    let why =
                        "expected days without mails among Mon, Tue, Wed, Thu, Fri, Sat, Sun and feries";
                    return Err(ConfigError::new("mail.quiet.days", why));
                }
            }
        }
        if WEEKDAYS.iter().all(|(_, day)| days.contains(day)) {
            return Err(ConfigError::new("mail.quiet.days", "every day is quiet: nothing could leave"));
        }
        Ok(Quiet { zone, hours, days, holidays })
    }

    /// For a single pass, whose hour was chosen by whoever started it: only the days are quiet. Started each night, it would
    /// otherwise never send anything.
    #[must_use]
    pub fn on_days_only(self) -> Quiet {
        Quiet { hours: None, ..self }
    }

    /// True when public holidays are quiet days.
    #[must_use]
    pub fn holidays(&self) -> bool {
        self.holidays
    }

    /// # Errors
    /// When no pass of the next days falls in an hour at which mails to services may leave.
    pub fn check_passes(&self, poll: &Cron, now: Timestamp) -> Result<(), ConfigError> {
        const DAYS: i64 = 10;
        let (calendar, mut at) = (Calendar::default(), now);
        while let Some(next) = poll.next(at).filter(|next| next.duration_since(now).as_hours() < 24 * DAYS) {
            if self.until(next, &calendar, None).is_none() {
                return Ok(());
            }
            // The next pass that may be another one: a pass every two minutes need not be tried all night.
            at = next.max(at.checked_add(20.minutes()).unwrap_or(next));
        }
        let why = "no pass outside mail.quiet: mails to services would never leave";
        Err(ConfigError::new("schedule.poll", why))
    }

    /// When a mail to a service may leave; `None`: now. `last_day` is the last day on which its reader can act: what would
    /// come after it leaves at once.
    #[must_use]
    pub fn until(&self, now: Timestamp, calendar: &Calendar, last_day: Option<Date>) -> Option<Timestamp> {
        let local = self.zone.to_datetime(now);
        if !self.is_quiet(local, calendar) {
            return None;
        }
        let opens = self.opens(local, calendar)?;
        let too_late = last_day.is_some_and(|last| paris_date(now) <= last && last < paris_date(opens));
        (!too_late).then_some(opens)
    }

    fn is_quiet(&self, at: DateTime, calendar: &Calendar) -> bool {
        self.is_quiet_day(at.date(), calendar) || self.is_quiet_time(at.time())
    }

    fn is_quiet_day(&self, day: Date, calendar: &Calendar) -> bool {
        self.days.contains(&day.weekday()) || (self.holidays && calendar.is_holiday(day))
    }

    fn is_quiet_time(&self, time: Time) -> bool {
        self.hours.is_some_and(|(from, to)| match from <= to {
            true => (from..to).contains(&time),
            false => time >= from || time < to,
        })
    }

    /// The first instant after `from` that is not quiet: a midnight, or the end of the quiet hours. `None` when the operator
    /// made a year of quiet days.
    fn opens(&self, from: DateTime, calendar: &Calendar) -> Option<Timestamp> {
        let ends = self.hours.map_or(Time::midnight(), |(_, to)| to);
        let mut day = from.date();
        for _ in 0..400 {
            let times = [Time::midnight(), ends].map(|time| day.to_datetime(time));
            let open = times.into_iter().find(|at| *at > from && !self.is_quiet(*at, calendar));
            if let Some(at) = open {
                return Some(at.to_zoned(self.zone.clone()).ok()?.timestamp());
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}

/// « 19:00-08:00 ».
fn span(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once('-')?;
    let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
    let span = (time(from)?, time(to)?);
    (span.0 != span.1).then_some(span)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use label::Zone;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn until(now: &str, last_day: Option<Date>) -> Option<Timestamp> {
        Quiet::new(&QuietSettings::default()).unwrap().until(at(now), &Calendar::default(), last_day)
    }

    #[test]
    fn a_mail_waits_for_a_decent_hour_of_a_working_day() {
        // Friday 16 July 2027, ten in the morning in Paris.
        assert_eq!(until("2027-07-16T08:00:00Z", None), None);
        // Friday at nine in the evening, all of the weekend, Monday at six: until Monday at eight.
        for now in
            ["2027-07-16T19:00:00Z", "2027-07-17T10:00:00Z", "2027-07-18T22:30:00Z", "2027-07-19T04:00:00Z"]
        {
            assert_eq!(until(now, None), Some(at("2027-07-19T06:00:00Z")), "{now}");
        }
        // The first and the last instant.
        assert_eq!(until("2027-07-19T06:00:00Z", None), None);
        assert_eq!(until("2027-07-19T16:59:59Z", None), None);
        assert_eq!(until("2027-07-19T17:00:00Z", None), Some(at("2027-07-20T06:00:00Z")));
        // Wednesday 14 July is a public holiday: from Tuesday evening to Thursday.
        assert_eq!(until("2027-07-13T17:30:00Z", None), Some(at("2027-07-15T06:00:00Z")));
        assert_eq!(until("2027-07-14T10:00:00Z", None), Some(at("2027-07-15T06:00:00Z")));
        // In 2028 it is a Friday: four days.
        assert_eq!(until("2028-07-13T17:30:00Z", None), Some(at("2028-07-17T06:00:00Z")));
        // The weekend of the change of hour: eight in Paris is seven, then six in UTC.
        assert_eq!(until("2027-03-27T10:00:00Z", None), Some(at("2027-03-30T06:00:00Z")), "Easter Monday");
        assert_eq!(until("2027-10-30T10:00:00Z", None), Some(at("2027-11-02T07:00:00Z")), "All Saints");
    }

    #[test]
    fn what_must_be_done_by_a_day_does_not_wait_beyond_it() {
        let saturday = "2027-07-17T04:00:00Z";
        assert_eq!(until(saturday, Some(date(2027, 7, 17))), None, "today");
        assert_eq!(until(saturday, Some(date(2027, 7, 18))), None, "tomorrow, a Sunday");
        let monday = Some(at("2027-07-19T06:00:00Z"));
        assert_eq!(until(saturday, Some(date(2027, 7, 19))), monday, "Monday can wait for Monday");
        assert_eq!(until(saturday, Some(date(2027, 7, 16))), monday, "it is past already");
        // On its last day, at six in the morning, two hours lose nothing; at nine in the evening the day would be lost.
        assert_eq!(until("2027-07-19T04:00:00Z", Some(date(2027, 7, 19))), monday);
        assert_eq!(until("2027-07-19T19:00:00Z", Some(date(2027, 7, 19))), None);
        assert_eq!(
            until("2027-07-13T18:00:00Z", Some(date(2027, 7, 14))),
            None,
            "the holiday is the last day"
        );
    }

    #[test]
    fn holidays_are_those_of_the_zone() {
        let quiet = Quiet::new(&QuietSettings::default()).unwrap();
        // Good Friday 2027, ten in the morning.
        let friday = at("2027-03-26T09:00:00Z");
        assert_eq!(quiet.until(friday, &Calendar::of(Zone::Metropole), None), None);
        let alsace = quiet.until(friday, &Calendar::of(Zone::AlsaceMoselle), None);
        assert_eq!(alsace, Some(at("2027-03-30T06:00:00Z")));
    }

    #[test]
    fn the_hours_are_those_of_the_zone_and_may_lie_within_a_day() {
        let settings = |hours: &str, days: &[&str]| QuietSettings {
            hours: hours.to_owned(),
            days: days.iter().map(|day| (*day).to_owned()).collect(),
            ..QuietSettings::default()
        };
        let noon = Quiet::new(&settings("12:00-14:00", &[])).unwrap();
        let saturday = Calendar::default();
        assert_eq!(noon.until(at("2027-07-17T10:30:00Z"), &saturday, None), Some(at("2027-07-17T12:00:00Z")));
        assert_eq!(noon.until(at("2027-07-17T21:30:00Z"), &saturday, None), None);
        let never = Quiet::new(&settings("", &[])).unwrap();
        assert_eq!(never.until(at("2027-07-17T21:30:00Z"), &saturday, None), None);
        let weekends = Quiet::new(&settings("", &["sat", "Sun"])).unwrap();
        let monday = at("2027-07-18T22:00:00Z");
        assert_eq!(
            weekends.until(at("2027-07-17T10:30:00Z"), &saturday, None),
            Some(monday),
            "from midnight"
        );
    }

    #[test]
    fn a_single_pass_keeps_the_days_and_not_the_hours() {
        let single = Quiet::new(&QuietSettings::default()).unwrap().on_days_only();
        let until = |now| single.until(at(now), &Calendar::default(), None);
        assert_eq!(until("2027-07-16T01:00:00Z"), None, "Friday at three in the morning");
        assert_eq!(until("2027-07-17T10:00:00Z"), Some(at("2027-07-18T22:00:00Z")), "on Monday");
    }

    #[test]
    fn passes_that_all_fall_in_quiet_hours_are_refused() {
        let quiet = Quiet::new(&QuietSettings::default()).unwrap();
        let check =
            |poll| quiet.check_passes(&Cron::new("schedule.poll", poll).unwrap(), at("2027-07-16T19:00:00Z"));
        for poll in ["0 */2 * * * *", "0 0 9 * * *", "0 30 18 * * Mon"] {
            assert!(check(poll).is_ok(), "{poll}");
        }
        for poll in ["0 0 6 * * *", "0 0 10 * * Sat,Sun"] {
            assert!(check(poll).unwrap_err().to_string().contains("mail.quiet"), "{poll}");
        }
        assert!(
            Quiet::never()
                .check_passes(&Cron::new("schedule.poll", "0 0 3 * * *").unwrap(), at("2027-07-16T19:00:00Z"))
                .is_ok()
        );
    }

    #[test]
    fn what_is_not_understood_names_its_key() {
        let wrong = |change: &dyn Fn(&mut QuietSettings)| {
            let mut settings = QuietSettings::default();
            change(&mut settings);
            Quiet::new(&settings).unwrap_err().to_string()
        };
        assert!(wrong(&|one| one.zone = "Paris".to_owned()).contains("mail.quiet.zone"));
        for hours in ["19h-8h", "19:00", "25:00-08:00", "08:00-08:00"] {
            assert!(wrong(&|one| one.hours = hours.to_owned()).contains("mail.quiet.hours"), "{hours}");
        }
        assert!(wrong(&|one| one.days = vec!["lundi".to_owned()]).contains("mail.quiet.days"));
        let all = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned);
        assert!(wrong(&|one| one.days = all.to_vec()).contains("nothing could leave"));
    }
}

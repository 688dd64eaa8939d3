//! The state that the demo's buttons change and its loop reads.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::{Value, context};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::mail::Mailer;
use crate::web::story::Story;
use label::wording::{date_full, story};

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;

/// A file of the simulated platform.
#[derive(Clone, Debug)]
pub struct PlatformFile {
    pub name: String,
    pub media: String,
    pub bytes: Vec<u8>,
}

/// The file of a dossier that has this checksum.
pub type Files = Box<dyn Fn(i64, &str) -> Option<PlatformFile> + Send + Sync>;

/// The state that buttons change and the demo's loop reads.
pub struct Demo {
    /// Nothing happens before the reader begins.
    pub begun: AtomicBool,
    pub paused: AtomicBool,
    /// Simulated seconds per second.
    pub speed: AtomicI64,
    /// The speed that the command line gave.
    given: i64,
    /// Days asked for one by one while paused.
    pub steps: AtomicI64,
    /// As fast as it goes until something happens on the platform.
    pub hurried: AtomicBool,
    /// As fast as it goes until the next chapter is reached.
    pub turning: AtomicBool,
    pub wake: Notify,
    pub ended: AtomicBool,
    /// Another demo is to be begun in the place of this one.
    pub again: CancellationToken,
    /// Grows with each simulated pass: a page that shows this version need not be loaded again.
    pub version: AtomicU64,
    pub mailer: Mailer,
    files: Files,
    story: Mutex<Story>,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo")
            .field("paused", &self.paused)
            .field("speed", &self.speed)
            .finish_non_exhaustive()
    }
}

impl Demo {
    #[must_use]
    pub fn new(speed: i64, mailer: Mailer) -> Arc<Demo> {
        Demo::over(speed, mailer, Box::new(|_, _| None))
    }

    /// The same, whose pages open the files of a platform.
    #[must_use]
    pub fn over(speed: i64, mailer: Mailer, files: Files) -> Arc<Demo> {
        Arc::new(Demo {
            begun: AtomicBool::new(false),
            paused: AtomicBool::new(true),
            speed: AtomicI64::new(speed),
            given: speed,
            steps: AtomicI64::new(0),
            hurried: AtomicBool::new(false),
            turning: AtomicBool::new(false),
            wake: Notify::new(),
            ended: AtomicBool::new(false),
            again: CancellationToken::new(),
            version: AtomicU64::new(0),
            mailer,
            files,
            story: Mutex::default(),
        })
    }

    /// The story so far, to add to it or to show it.
    pub fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn file(&self, dossier: i64, checksum: &str) -> Option<PlatformFile> {
        (self.files)(dossier, checksum)
    }

    pub(crate) fn clock_view(&self, clock: &Clock) -> Value {
        let pressed = self.pressed();
        let action = |value: &str, label: &str, main: bool| {
            context! { value, label, main, pressed => value == pressed }
        };
        let mut actions = Vec::new();
        if !self.has_begun() {
            actions.push(action("commencer", "Commencer", true));
        } else if self.is_over() {
            actions.push(action("recommencer", "Recommencer", true));
        } else {
            match self.story().is_told() {
                false => actions.push(action("chapitre", "Chapitre suivant", true)),
                true => actions.push(action("30", "Jusqu’au bout", true)),
            }
            actions.push(action("etape", "Événement suivant", false));
            actions.push(action("pas", "Jour suivant", false));
            for speed in self.speeds() {
                let label = story::pace(speed / DAY, speed / 3600);
                actions.push(action(&word(speed), &label, false));
            }
            actions.push(action("pause", "Pause", false));
        }
        context! { day => date_full(clock.today()), pace => self.pace(), actions }
    }

    /// Those that buttons offer: two, and the one of the command line.
    fn speeds(&self) -> Vec<i64> {
        let mut speeds = vec![DAY, 10 * DAY, self.given];
        speeds.sort_unstable();
        speeds.dedup();
        speeds
    }

    pub(super) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    pub(super) fn is_over(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    pub(super) fn pressed(&self) -> String {
        let speed = self.speed.load(Ordering::Relaxed);
        match self.paused.load(Ordering::Relaxed) {
            true => "pause".to_owned(),
            false => word(speed),
        }
    }

    pub(super) fn pace(&self) -> String {
        let speed = self.speed.load(Ordering::Relaxed);
        if !self.has_begun() {
            story::WAITING.to_owned()
        } else if self.is_over() {
            story::OVER.to_owned()
        } else if self.turning.load(Ordering::Relaxed) {
            story::TO_CHAPTER.to_owned()
        } else if self.hurried.load(Ordering::Relaxed) {
            story::TO_EVENT.to_owned()
        } else if self.paused.load(Ordering::Relaxed) {
            story::PAUSED.to_owned()
        } else {
            story::pace(speed / DAY, speed / 3600)
        }
    }

    pub(super) fn act(&self, action: &str) {
        let pause = || self.paused.store(true, Ordering::Relaxed);
        match action {
            "pause" => pause(),
            "pas" => {
                pause();
                self.steps.fetch_add(1, Ordering::Relaxed);
            }
            "etape" => {
                pause();
                self.hurried.store(true, Ordering::Relaxed);
            }
            "commencer" | "chapitre" => {
                pause();
                // One that was reached meanwhile is told without a day going by.
                let told = self.story().tell_next();
                self.turning.store(!told, Ordering::Relaxed);
                self.version.fetch_add(1, Ordering::Relaxed);
            }
            "recommencer" => {
                self.again.cancel();
                return;
            }
            speed => match speed_of(speed) {
                Some(speed) => {
                    self.speed.store(speed, Ordering::Relaxed);
                    self.paused.store(false, Ordering::Relaxed);
                }
                None => return,
            },
        }
        self.begun.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    /// After a simulated day on which something happened on the platform, or not.
    #[cfg(feature = "simulator")]
    pub(crate) fn day_over(&self, happened: bool) {
        if self.turning.load(Ordering::Relaxed) {
            let told = self.story().tell_next();
            self.turning.store(!told, Ordering::Relaxed);
        } else {
            let mut story = self.story();
            while story.tell_next() {}
        }
        if happened {
            self.hurried.store(false, Ordering::Relaxed);
        }
        self.version.fetch_add(1, Ordering::Relaxed);
    }
}

/// A speed as a button names it: « 10 » days, « 12h ».
fn word(speed: i64) -> String {
    if speed % DAY == 0 { (speed / DAY).to_string() } else { format!("{}h", speed / HOUR) }
}

/// The speed of that name; `None` when it is none that the command line takes.
fn speed_of(word: &str) -> Option<i64> {
    let (number, unit) = match word.strip_suffix('h') {
        Some(hours) => (hours, HOUR),
        None => (word, DAY),
    };
    let speed = number.parse::<i64>().ok()?.checked_mul(unit)?;
    (HOUR..=30 * DAY).contains(&speed).then_some(speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_names_a_speed_that_is_read_again() {
        for speed in [HOUR, 12 * HOUR, DAY, 10 * DAY, 30 * DAY] {
            assert_eq!(speed_of(&word(speed)), Some(speed));
        }
        for bad in ["", "0", "31", "-5", "h", "0h", "721h", "9223372036854775807", "vite"] {
            assert_eq!(speed_of(bad), None, "{bad}");
        }
    }
}

//! The state that the demo's buttons change and its loop reads.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::{Value, context};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::mail::{Mailer, masked};
use crate::web::story::Story;
use label::paris_date;
use label::wording::{date_full, date_short, story};

/// Mails shown, newest first; the page gives the number of the others.
const MAILS: usize = 30;
const DAY: i64 = 86_400;

/// The state that buttons change and the demo's loop reads.
#[derive(Debug)]
pub struct Demo {
    pub paused: AtomicBool,
    /// Simulated seconds per second.
    pub speed: AtomicI64,
    /// Days asked for one by one while paused.
    pub steps: AtomicI64,
    /// As fast as it goes until something happens on the platform.
    pub hurried: AtomicBool,
    pub wake: Notify,
    pub ended: AtomicBool,
    /// Grows with each simulated pass: a page that shows this version need not be loaded again.
    pub version: AtomicU64,
    pub mailer: Mailer,
    story: Mutex<Story>,
}

impl Demo {
    #[must_use]
    pub fn new(speed: i64, mailer: Mailer) -> Arc<Demo> {
        Arc::new(Demo {
            paused: AtomicBool::new(false),
            speed: AtomicI64::new(speed),
            steps: AtomicI64::new(0),
            hurried: AtomicBool::new(false),
            wake: Notify::new(),
            ended: AtomicBool::new(false),
            version: AtomicU64::new(0),
            mailer,
            story: Mutex::default(),
        })
    }

    /// The story so far, to add to it or to show it.
    pub fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clock_view(&self, clock: &Clock) -> Value {
        let pressed = self.pressed();
        let action = |value: &str, label: &str, main: bool| {
            context! { value, label, main, pressed => value == pressed }
        };
        let actions = vec![
            action("etape", "Étape suivante", true),
            action("pas", "Jour suivant", false),
            action("1", "1 jour par seconde", false),
            action("10", "10 jours par seconde", false),
            action("pause", "Pause", false),
        ];
        context! { day => date_full(clock.today()), pace => self.pace(), actions }
    }

    pub(super) fn pressed(&self) -> &'static str {
        match (self.paused.load(Ordering::Relaxed), self.speed.load(Ordering::Relaxed)) {
            (true, _) => "pause",
            (false, DAY) => "1",
            (false, speed) if speed == 10 * DAY => "10",
            _ => "",
        }
    }

    pub(super) fn pace(&self) -> String {
        let speed = self.speed.load(Ordering::Relaxed);
        if self.ended.load(Ordering::Relaxed) {
            "fin de l’histoire".to_owned()
        } else if self.hurried.load(Ordering::Relaxed) {
            "vers l’étape suivante…".to_owned()
        } else if self.paused.load(Ordering::Relaxed) {
            "en pause".to_owned()
        } else {
            story::pace(speed / DAY, speed / 3600)
        }
    }

    pub(super) fn act(&self, action: &str) {
        match action {
            "pause" => self.paused.store(true, Ordering::Relaxed),
            "pas" => {
                self.paused.store(true, Ordering::Relaxed);
                self.steps.fetch_add(1, Ordering::Relaxed);
            }
            "etape" => {
                self.paused.store(true, Ordering::Relaxed);
                self.hurried.store(true, Ordering::Relaxed);
            }
            days => {
                if let Some(days) = days.parse::<i64>().ok().filter(|days| (1..=30).contains(days)) {
                    self.speed.store(days * DAY, Ordering::Relaxed);
                    self.paused.store(false, Ordering::Relaxed);
                }
            }
        }
        self.wake.notify_one();
    }

    pub(super) fn mails(&self) -> (Vec<Value>, usize) {
        let kept = self.mailer.kept();
        let count = kept.len();
        let mails = kept.into_iter().enumerate().rev().take(MAILS).map(|(id, mail)| {
            let to: Vec<String> = mail.mail.to.iter().map(|address| masked(address)).collect();
            context! {
                id,
                day => date_short(paris_date(mail.at)),
                to => to.join(", "),
                subject => mail.mail.letter.subject,
                text => mail.text,
            }
        });
        (mails.collect(), count)
    }
}

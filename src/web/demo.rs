//! What the demo adds to the pages: the simulated clock with its buttons, the story's captions, the mailbox.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;
use tokio::sync::Notify;

use super::{PageError, Window, work_list};
use crate::clock::Clock;
use crate::mail::{Mailer, masked};
use crate::review::paris_date;
use crate::review::wording::{date_full, date_short};

/// Captions kept on the page.
const CAPTIONS: usize = 60;
/// Mails shown, newest first; the count tells the rest.
const MAILS: usize = 40;
const DAY: i64 = 86_400;

/// The state that buttons change and the demo's loop reads.
#[derive(Debug)]
pub struct Demo {
    pub paused: AtomicBool,
    /// Simulated seconds per second.
    pub speed: AtomicI64,
    /// Days asked for one by one while paused.
    pub steps: AtomicI64,
    pub wake: Notify,
    pub ended: AtomicBool,
    pub mailer: Mailer,
    captions: Mutex<VecDeque<(Date, String)>>,
}

impl Demo {
    #[must_use]
    pub fn new(speed: i64, mailer: Mailer) -> Arc<Demo> {
        Arc::new(Demo {
            paused: AtomicBool::new(false),
            speed: AtomicI64::new(speed),
            steps: AtomicI64::new(0),
            wake: Notify::new(),
            ended: AtomicBool::new(false),
            mailer,
            captions: Mutex::default(),
        })
    }

    /// Adds a line to the story.
    pub fn tell(&self, day: Date, text: String) {
        let mut captions = self.captions.lock().unwrap_or_else(PoisonError::into_inner);
        captions.push_front((day, text));
        captions.truncate(CAPTIONS);
    }

    /// Captions, mails and how many mails there are in all, newest first.
    pub(super) fn story(&self) -> (Vec<Value>, Vec<Value>, usize) {
        let captions = self.captions.lock().unwrap_or_else(PoisonError::into_inner);
        let captions = captions
            .iter()
            .map(|(day, text)| context! { day => date_short(*day), text => text.as_str() })
            .collect();
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
        (captions, mails.collect(), count)
    }

    pub(super) fn clock_view(&self, clock: &Clock) -> Value {
        let pressed = self.pressed();
        let action = |value: &str, label: &str| context! { value, label, pressed => value == pressed };
        let actions = vec![
            action("pause", "Pause"),
            action("1", "1 jour par seconde"),
            action("10", "10 jours par seconde"),
            action("pas", "Jour suivant"),
        ];
        context! { day => date_full(clock.today()), pace => self.pace(), actions }
    }

    fn pressed(&self) -> &'static str {
        match (self.paused.load(Ordering::Relaxed), self.speed.load(Ordering::Relaxed)) {
            (true, _) => "pause",
            (false, DAY) => "1",
            (false, speed) if speed == 10 * DAY => "10",
            _ => "",
        }
    }

    fn pace(&self) -> String {
        let speed = self.speed.load(Ordering::Relaxed);
        if self.ended.load(Ordering::Relaxed) {
            "fin de l’histoire".to_owned()
        } else if self.paused.load(Ordering::Relaxed) {
            "en pause".to_owned()
        } else if speed % DAY == 0 {
            let days = speed / DAY;
            format!("{days} jour{} par seconde", if days > 1 { "s" } else { "" })
        } else {
            format!("{} h par seconde", speed / 3600)
        }
    }

    fn act(&self, action: &str) {
        match action {
            "pause" => self.paused.store(true, Ordering::Relaxed),
            "pas" => {
                self.paused.store(true, Ordering::Relaxed);
                self.steps.fetch_add(1, Ordering::Relaxed);
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
}

pub(super) fn router() -> Router<Window> {
    Router::new().route("/demo/etat", get(state)).route("/demo/horloge", post(turn))
}

/// What the page's script asks for each second.
async fn state(State(window): State<Window>) -> Result<Json<serde_json::Value>, PageError> {
    let html = work_list::fragment(&window).await?;
    let (day, pace, pressed) = match &window.demo {
        Some(demo) => (date_full(window.book.clock.today()), demo.pace(), demo.pressed()),
        None => (String::new(), String::new(), ""),
    };
    Ok(Json(serde_json::json!({ "day": day, "pace": pace, "pressed": pressed, "html": html })))
}

#[derive(Deserialize)]
struct Turn {
    action: String,
}

/// The only thing a page changes, in the demo alone: the simulated clock.
async fn turn(State(window): State<Window>, Form(turn): Form<Turn>) -> Response {
    if let Some(demo) = &window.demo {
        demo.act(&turn.action);
    }
    Redirect::to("/").into_response()
}

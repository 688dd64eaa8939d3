//! What the demo adds to the pages: its own page with the story and the mailbox, and on every page the simulated clock.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use minijinja::{Value, context};
use serde::Deserialize;
use tokio::sync::Notify;

use super::story::Story;
use super::{PageError, Window};
use crate::clock::Clock;
use crate::mail::{Mailer, masked};
use crate::store::cases::Summary;
use label::life::State as LabelState;
use label::paris_date;
use label::wording::{self, boards, date_full, date_short, story};

/// Mails shown, newest first; the count tells the rest.
const MAILS: usize = 30;
/// More than the story has.
const SERVICES: i64 = 60;
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
    /// Grows with each simulated pass: a page that has seen this one need not ask again.
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

    pub(super) fn clock_view(&self, clock: &Clock) -> Value {
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
        } else if self.hurried.load(Ordering::Relaxed) {
            "vers l’étape suivante…".to_owned()
        } else if self.paused.load(Ordering::Relaxed) {
            "en pause".to_owned()
        } else {
            story::pace(speed / DAY, speed / 3600)
        }
    }

    fn act(&self, action: &str) {
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

    fn mails(&self) -> (Vec<Value>, usize) {
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

pub(super) fn router() -> Router<Window> {
    Router::new().route("/demo", get(page)).route("/demo/etat", get(state)).route("/demo/horloge", post(turn))
}

/// `/demo`: what happens on the simulated platform, what vigie does of it, and the mails that left.
async fn page(State(window): State<Window>) -> Result<Html<String>, PageError> {
    let (beats, chapters, focus) = match &window.demo {
        Some(demo) => {
            let story = demo.story();
            (story.beats(), story.chapters(), story.focus())
        }
        None => (Vec::new(), Vec::new(), None),
    };
    let (mails, mail_count) = window.demo.as_ref().map(|demo| demo.mails()).unwrap_or_default();
    let mut services = window.book.store.cases().work_list(None, SERVICES).await?;
    // The one that the latest step is about comes first, the others by their next deadline.
    services.sort_by_key(|summary| focus != Some(summary.case_id));
    let today = window.book.today();
    let services: Vec<Value> = services.iter().map(|summary| service(summary, focus, today)).collect();
    window.render("demo.html", "demo", context! { beats, chapters, mails, mail_count, services })
}

fn service(summary: &Summary, focus: Option<i64>, today: jiff::civil::Date) -> Value {
    let state = LabelState::ALL.iter().find(|(_, key)| *key == summary.state);
    let tier = summary.tier.as_deref().and_then(label::Tier::from_key);
    context! {
        id => summary.case_id,
        name => summary.name.as_str(),
        state => state.map(|(state, _)| wording::state(*state)),
        tier => tier.map(wording::tier),
        tier_key => summary.tier.as_deref(),
        late => summary.late,
        faults => summary.faults,
        next_day => summary.next_due.map(date_short),
        next_in => summary.next_due.map(|day| boards::distance(today, day)),
        next_what => summary.next_what.as_deref(),
        focus => focus == Some(summary.case_id),
    }
}

/// What the page's script asks for each second.
async fn state(State(window): State<Window>) -> Result<Json<serde_json::Value>, PageError> {
    let (day, pace, pressed, version) = match &window.demo {
        Some(demo) => (
            date_full(window.book.clock.today()),
            demo.pace(),
            demo.pressed(),
            demo.version.load(Ordering::Relaxed),
        ),
        None => (String::new(), String::new(), "", 0),
    };
    Ok(Json(serde_json::json!({ "day": day, "pace": pace, "pressed": pressed, "version": version })))
}

#[derive(Deserialize)]
struct Turn {
    action: String,
}

/// The only thing a page changes, in the demo alone: the simulated clock. Back to the page that asked, when it is ours.
async fn turn(State(window): State<Window>, headers: HeaderMap, Form(turn): Form<Turn>) -> Response {
    if let Some(demo) = &window.demo {
        demo.act(&turn.action);
    }
    let from = headers.get(REFERER).and_then(|from| from.to_str().ok());
    let path = from
        .and_then(|from| from.split_once("://"))
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let path = path.filter(|path| !path.starts_with("//")).unwrap_or("/demo");
    Redirect::to(path).into_response()
}

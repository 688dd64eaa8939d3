//! `/echeances`: a month and its deadlines. `/echeances.ics` and `/calendrier/{secret}.ics`: the same for an agenda,
//! which replaces an event when its day changes and drops it when it is no longer there.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::{Seat, UserRole, Viewer};
use super::app_state::AppState;
use super::filters::ListQuery;
use super::page_error::PageError;
use super::sync;
use crate::ics::{self, Entry, Purpose};
use crate::store::deadlines::{After, DeadlineRow};
use crate::store::of_body::OfBody;
use label::wording::{date_full, date_short, lists};

/// Lines on one page.
const LINES: i64 = 100;
/// Names in the square of a day; the list below has them all.
const NAMES: i64 = 3;
/// Events of one feed, and how far ahead it looks.
const EVENTS: i64 = 2000;
const AHEAD_DAYS: i64 = 400;
/// What DITP has a part in: the public list, suspensions, withdrawals, ends of labels.
const OF_DITP: [&str; 7] = ["O-12", "O-28", "O-29", "O-30", "O-31", "O-33", "O-36"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/echeances", get(page))
        .route("/echeances.ics", get(feed))
        .route("/calendrier/{file}", get(secret_feed))
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct CalendarQuery {
    /// « 2027-05 ».
    mois: Option<String>,
    /// « 2027-05-24~4242~O-16~0 »: after this line.
    apres: Option<String>,
}

impl CalendarQuery {
    pub(super) fn first_day(&self, today: Date) -> Date {
        let asked = self.mois.as_deref().filter(|text| text.len() == 7);
        let asked = asked.and_then(|month| format!("{month}-01").parse::<Date>().ok());
        asked.filter(|day| (1900..=2200).contains(&day.year())).unwrap_or_else(|| today.first_of_month())
    }

    fn after(&self, first: Date) -> After {
        let start = After::start_of(first);
        let Some(text) = &self.apres else { return start };
        let parts: Vec<&str> = text.split('~').collect();
        let [due, dossier, code, occurrence] = parts[..] else { return start };
        match (due.parse::<Date>(), dossier.parse(), occurrence.parse()) {
            (Ok(due), Ok(dossier), Ok(occurrence)) if due >= first => {
                After { due, dossier, code: code.to_owned(), occurrence }
            }
            _ => start,
        }
    }
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<CalendarQuery>,
    Query(filters): Query<ListQuery>,
) -> Result<Html<String>, PageError> {
    let today = app.book.today();
    let first = asked.first_day(today);
    let last = first.last_of_month();
    let work = app.store.work();
    let narrowed = work.narrowed(&filters.filter(&viewer)?).await?;
    let counts = work.month_days(&narrowed, (first, last)).await?;
    let named = work.month_named(&narrowed, &counts, NAMES).await?;
    let mut lines = work.month_lines(&narrowed, &asked.after(first), last, LINES + 1).await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = lines.get(shown).is_some();
    lines.truncate(shown);
    let more = lines.last().filter(|_| more).map(place);
    let month = |day: Date| day.strftime("%Y-%m").to_string();
    let (before, next) = (first.saturating_sub(1.month()), first.saturating_add(1.month()));
    // The same filters, of a month.
    let of = |page: &str, day: Date, after: &str| {
        let link = filters.link(page, "", after);
        format!("{link}{}mois={}", if link.contains('?') { '&' } else { '?' }, month(day))
    };
    let values = context! {
        title => date_full(first).rsplit(' ').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" "),
        month => month(first),
        before => of("/echeances", before, ""),
        next => of("/echeances", next, ""),
        now => filters.link("/echeances", "", ""),
        form => filters.form(&app, &viewer).await?,
        weeks => weeks((first, last), today, &counts, &named),
        lines => lines.iter().map(|one| line(one, today)).collect::<Vec<_>>(),
        whole => asked.apres.is_none(),
        more => more.map(|place| of("/echeances", first, &place)),
        files => context! { csv => of("/echeances.csv", first, ""), xlsx => of("/echeances.xlsx", first, "") },
        here => of("/echeances", first, ""),
        sync => sync::state(&app).await?,
    };
    app.render("calendar.html", "echeances", values)
}

fn place(line: &DeadlineRow) -> String {
    format!("{}~{}~{}~{}", line.due, line.dossier, line.code, line.occurrence)
}

fn line(line: &DeadlineRow, today: Date) -> Value {
    let status = lists::status(line.status.word(), line.is_moot(today));
    context! { day => line.due.to_string(), text => date_short(line.due), case => line.case_id, name => line.name.as_str(),
    title => line.title.as_str(), section => line.section.as_str(), status, class => line.status.class() }
}

/// A name in the square of its day.
fn name(line: &DeadlineRow) -> Value {
    context! { case => line.case_id, name => line.name.as_str(), what => line.title.as_str(),
    class => line.status.class() }
}

/// Rows of seven days from Monday; a day outside the month is empty.
fn weeks(
    (first, last): (Date, Date),
    today: Date,
    counts: &[(Date, i64, i64)],
    named: &[DeadlineRow],
) -> Vec<Value> {
    let start = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    let mut day = start;
    let mut weeks = Vec::new();
    while day <= last {
        let mut week = Vec::new();
        for _ in 0..7 {
            let inside = day >= first && day <= last;
            let (all, open) =
                counts.iter().find(|(of, ..)| *of == day).map_or((0, 0), |(_, all, open)| (*all, *open));
            let number = inside.then(|| day.day());
            let names: Vec<Value> = named.iter().filter(|line| line.due == day).map(name).collect();
            let rest = all.saturating_sub(i64::try_from(names.len()).unwrap_or(all));
            week.push(
                context! { number, all, open, names, rest, day => day.to_string(), today => day == today },
            );
            day = day.saturating_add(1.day());
        }
        weeks.push(Value::from(week));
    }
    weeks
}

async fn feed(State(app): State<AppState>, viewer: Viewer) -> Result<Response, PageError> {
    calendar(&app, viewer.role.unwrap_or(UserRole::Lecture), viewer.of_body()).await
}

/// A calendar at a secret address: a calendar program cannot sign in.
async fn secret_feed(State(app): State<AppState>, Path(file): Path<String>) -> Result<Response, PageError> {
    let unknown = || PageError::NotFound("Ce calendrier n’existe pas ou a été fermé.".to_owned());
    let secret = file.strip_suffix(".ics").filter(|secret| secret.len() < 200).ok_or_else(unknown)?;
    let print = super::access::session::print(secret);
    let seat = app.store.access().open_calendar(&print, app.book.clock.now()).await?;
    let seat = seat.as_deref().and_then(Seat::from_word).ok_or_else(unknown)?;
    // One that was given before bodies shared the pages, or for a body that is no longer there, shows nobody's dossiers.
    if !app.access.has(&seat) {
        return Err(unknown());
    }
    calendar(&app, seat.role, OfBody::named(seat.body)).await
}

async fn calendar(app: &AppState, role: UserRole, body: OfBody) -> Result<Response, PageError> {
    let agenda = app.store.agenda().of(body);
    let until = app.book.today().saturating_add(AHEAD_DAYS.days());
    let mut lines = agenda.open_deadlines(false, &After::start_of(Date::MIN), EVENTS).await?;
    lines.retain(|line| {
        line.due <= until && (role != UserRole::Ditp || OF_DITP.contains(&line.code.as_str()))
    });
    let demarches = agenda.demarches(until).await?;
    let mut text = ics::head(Purpose::Feed("Échéances du label Services Publics +"));
    for line in &lines {
        let demarche = demarches.get(&line.case_id).copied().filter(|demarche| *demarche > 0);
        let url = demarche.and_then(|demarche| app.platform_address(demarche, line.dossier));
        text.push_str(&event(line, &app.domain, url));
    }
    if lines.is_empty() {
        text.push_str(ics::nothing());
    }
    text.push_str(ics::END);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, max-age=300"),
    ];
    Ok((headers, text).into_response())
}

/// A change of its day gives it a higher sequence: clients then replace the event that they hold.
fn event(line: &DeadlineRow, domain: &str, url: Option<String>) -> String {
    let mut text = format!("Dossier {}. § {} du guide ({}).", line.dossier, line.section, line.rule);
    if line.extended != line.due {
        text.push_str(&format!(" Jour ouvré suivant : {}.", date_full(line.extended)));
    }
    let moved = Timestamp::from_microsecond(line.moved_at).ok();
    ics::event(&Entry {
        uid: format!("{}@{domain}", line.uid()),
        day: line.due,
        title: &format!("{} — {}", line.title, line.name),
        text: &text,
        url,
        sequence: moved.map(ics::sequence).unwrap_or_default(),
        stamp: moved.unwrap_or_default(),
        modified: moved,
        ..Entry::default()
    })
}

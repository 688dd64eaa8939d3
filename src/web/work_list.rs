//! `/`: what is late, what is due this week, what changed since yesterday and what comes next, across all services.
//! Without a view, the beginning of each; with one (`?vue=retard`), that part alone, page by page.

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::access::{Area, may};
use super::app_state::AppState;
use super::filters::{ListQuery, MOST, state_word, tier_word};
use super::labels::parse_place as parse_change;
use super::page_error::PageError;
use super::sync;
use super::views;
use crate::store::cases::Summary;
use crate::store::deadlines::{After, DeadlineStatus};
use crate::store::narrowed::Narrowed;
use crate::store::work::{FIRST_DAY, Span, WorkLine};
use label::judge::agenda::Obligation;
use label::wording::journal::EntryKind;
use label::wording::{boards, date_full, date_short, names};

/// Lines of each part when all are shown, and of a part alone.
const FEW: i64 = 10;
const PAGE: i64 = 50;

/// The parts of the page, in order: the word in the address, and whether it is always shown.
const VIEWS: [&str; 4] = ["retard", "semaine", "change", "ensuite"];

pub async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
) -> Result<Html<String>, PageError> {
    let today = app.book.today();
    let alone = VIEWS.into_iter().find(|view| *view == asked.vue);
    let narrowed = app.store.work().narrowed(&asked.filter(&viewer)?).await?;
    let mut parts = Vec::new();
    for view in VIEWS {
        let lines = part(&app, (&asked, &viewer), &narrowed, view, alone, today).await?;
        parts.push(lines);
    }
    let known = app.store.work().knows_any().await?;
    let values = context! {
        parts,
        alone,
        all => asked.link("/", "", ""),
        known,
        files => asked.files("/travail", &asked.vue),
        here => asked.link("/", &asked.vue, ""),
        views => views::own(&app, &viewer).await?,
        today => date_full(today),
        iso => today.to_string(),
        may_settle => may(&viewer, Area::Decisions, &app.access),
        form => asked.form(&app, &viewer).await?,
        sync => sync::state(&app).await?,
    };
    app.render("work_list.html", "travail", values)
}

/// One part: how many lines it has in all, and those to show.
async fn part(
    app: &AppState,
    (asked, viewer): (&ListQuery, &Viewer),
    narrowed: &Narrowed,
    view: &'static str,
    alone: Option<&str>,
    today: Date,
) -> Result<Value, PageError> {
    let store = &app.store;
    let week = today.saturating_add(7.days());
    let yesterday = today.saturating_sub(1.day());
    let shown = alone.is_none_or(|alone| alone == view);
    let limit = if alone.is_some() { PAGE } else { FEW };
    let place = asked.apres.as_str();
    let span = match view {
        "retard" => Span::Late,
        "semaine" => Span::Until(week),
        _ => Span::Beyond(week),
    };
    let (count, mut lines, next) = if view == "change" {
        let count = store.work().changed_count(yesterday, narrowed, MOST).await?;
        let after = parse_change(place).filter(|_| alone.is_some()).unwrap_or((yesterday, i64::MIN));
        let found = if shown {
            store.work().changed(yesterday, narrowed, after, limit + 1).await?
        } else {
            Vec::new()
        };
        let next =
            beyond(&found, limit).and_then(|last| Some(format!("{}~{}", last.changed_on?, last.case_id)));
        let mut lines = Vec::new();
        for summary in &found {
            lines.push(change(app, summary).await?);
        }
        (count, lines, next)
    } else {
        let count = store.work().work_count(span, narrowed, MOST).await?;
        let start = || After::start_of(FIRST_DAY);
        let after = parse_place(place).filter(|_| alone.is_some()).unwrap_or_else(start);
        let found =
            if shown { store.work().lines(span, narrowed, &after, limit + 1).await? } else { Vec::new() };
        let next = beyond(&found, limit).map(written_place);
        (count, found.iter().map(|line| work(app, viewer, line, today)).collect(), next)
    };
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let more = match (next, alone) {
        (Some(next), Some(_)) => Some(asked.link("/", view, &next)),
        (Some(_), None) => Some(asked.link("/", view, "")),
        (None, _) => None,
    };
    let (count, some) = (boards::count(count, MOST), count > 0);
    Ok(context! { view, count, some, lines, more, shown, link => asked.link("/", view, "") })
}

/// The last line of this page, when there is one after it.
fn beyond<T>(found: &[T], limit: i64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    (found.len() > limit).then(|| found.get(limit - 1)).flatten()
}

/// « 2027-05-24~4242~O-07~0 ».
fn written_place(line: &WorkLine) -> String {
    format!("{}~{}~{}~{}", line.due, line.dossier, line.code, line.occurrence)
}

fn parse_place(text: &str) -> Option<After> {
    let mut parts = text.split('~');
    let due = parts.next()?.parse().ok()?;
    let dossier = parts.next()?.parse().ok()?;
    let code = parts.next()?.chars().take(10).collect();
    let occurrence = parts.next()?.parse().ok()?;
    Some(After { due, dossier, code, occurrence })
}

fn work(app: &AppState, viewer: &Viewer, line: &WorkLine, today: Date) -> Value {
    let owner = Obligation::from_code(&line.code).map(|obligation| names::role(obligation.owner()));
    context! {
        case => line.case_id,
        dossier => line.dossier,
        name => line.name.as_str(),
        organisme => line.organisme.as_str(),
        what => line.title.as_str(),
        rule => line.rule.as_str(),
        section => line.section.as_str(),
        day => date_full(line.due),
        distance => boards::distance(today, line.due),
        late => line.status == DeadlineStatus::Late,
        class => if line.status == DeadlineStatus::Late { "late" } else { "upcoming" },
        code => code_of(line),
        iso => line.due.to_string(),
        owner,
        state => state_word(&line.state).filter(|_| viewer.sees(&line.latest)),
        tier => tier_word(line.tier.as_deref()),
        tier_key => line.tier.as_deref(),
        url => app.platform_address(line.demarche, line.dossier),
    }
}

/// « O-16-1 » for the second of its kind.
fn code_of(line: &WorkLine) -> String {
    match line.occurrence {
        0 => line.code.clone(),
        rank => format!("{}-{rank}", line.code),
    }
}

/// A case that changed, with the words of its last judgement.
async fn change(app: &AppState, summary: &Summary) -> Result<Value, PageError> {
    let journal = app.store.journal().entries(Some(summary.case_id), 20).await?;
    let judged = journal.into_iter().find(|entry| entry.is(EntryKind::Judged));
    Ok(context! {
        case => summary.case_id,
        dossier => summary.dossier,
        name => summary.name.as_str(),
        organisme => summary.organisme.as_str(),
        said => judged.map(|entry| entry.detail),
        state => state_word(&summary.state),
        tier => tier_word(summary.tier.as_deref()),
        tier_key => summary.tier.as_deref(),
        late => summary.late,
        changed => summary.changed_on.map(date_short),
        url => app.platform_address(summary.demarche, summary.dossier),
    })
}

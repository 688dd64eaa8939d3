//! `/simulateur`: a service that is no candidate yet says how it stands, and sees the tier, what its surveys lack and the
//! calendar. Everything is in the address; nothing is kept.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::app_state::AppState;
use super::case_parts;
use super::central_page;
use super::legal;
use super::page_error::PageError;
use crate::ics::{self, Entry, Purpose};
use label::Fraction;
use label::case::Service;
use label::case::facts::Value as Fact;
use label::case::keys::{Key, Kind};
use label::judge::finding::Level;
use label::situation::{MOST_LOCALS, Outlook, Phase, Situation, outlook};
use label::wording::situation::{self as words, NotUsed};
use label::wording::{date_full, findings, names};

/// Characters of an answer.
const MAX: usize = 40;

/// What is asked, in the groups of the form; the first is asked of everybody, the second of local services, the last of central
/// ones.
const ASKED: [&[Key]; 4] = [
    &[Key::Departement, Key::AuditDebut],
    &[
        Key::UsagersSollicites,
        Key::UsagersRecevables,
        Key::EnqueteUsagersCloture,
        Key::NoteUsagers,
        Key::AgentsConcernes,
        Key::AgentsSollicites,
        Key::AgentsRecevables,
        Key::EnqueteAgentsCloture,
        Key::NoteAgents,
        Key::AutodiagnosticLe,
        Key::IndicateursDepuis,
    ],
    &[
        Key::ScoreE1,
        Key::ScoreE2,
        Key::ScoreE3,
        Key::ScoreE4,
        Key::ScoreE5,
        Key::ScoreE6,
        Key::ScoreE7,
        Key::ScoreE8,
        Key::ScoreOr,
    ],
    &[Key::NLocaux, Key::AutodiagnosticsFournis, Key::PointsValides, Key::PointsTotal],
];

/// The locals of a central service, as the address names them, with their questions.
const LOCALS: [(&str, &str); 4] = [
    ("locaux_bronze", "Locaux labellisés Bronze"),
    ("locaux_argent", "Locaux labellisés Argent"),
    ("locaux_or", "Locaux labellisés Or"),
    ("locaux_refuses", "Locaux audités et refusés"),
];

pub fn routes() -> Router<AppState> {
    Router::new().route("/simulateur", get(page)).route("/simulateur.ics", get(calendar))
}

/// What was typed, and what of it cannot be used.
struct Typed {
    situation: Situation,
    service: Service,
    faults: Vec<String>,
}

impl Typed {
    fn of(answers: &HashMap<String, String>) -> Typed {
        let service = match answers.get("type_service").map(String::as_str) {
            Some("central") => Service::Central,
            Some("local_rattache") => Service::LocalRattache,
            _ => Service::LocalIndependant,
        };
        let mut typed = Typed { situation: Situation::default(), service, faults: Vec::new() };
        let values = &mut typed.situation.values;
        values.insert(Key::TypeService, Fact::Choice(key(service).to_owned()));
        let central = service == Service::Central;
        let asked = ASKED.iter().enumerate().filter(|(rank, _)| match rank {
            0 => true,
            3 => central,
            _ => !central,
        });
        for name in asked.flat_map(|(_, keys)| keys.iter()) {
            let Some(text) = answer(answers, name.name()) else { continue };
            match value(*name, &text) {
                Ok(value) => drop(values.insert(*name, value)),
                Err(why) => typed.faults.push(words::not_used(words::question(*name), &text, why)),
            }
        }
        if central {
            let (mut counts, mut left) = ([0; 4], MOST_LOCALS);
            for ((name, question), count) in LOCALS.into_iter().zip(&mut counts) {
                let Some(text) = answer(answers, name) else { continue };
                match text.parse::<u64>() {
                    Ok(told) if left.checked_sub(told).is_some() => {
                        (*count, left) = (told, left - told);
                    }
                    Ok(_) => typed.faults.push(words::not_used(question, &text, NotUsed::Locals)),
                    Err(_) => typed.faults.push(words::not_used(question, &text, NotUsed::Count)),
                }
            }
            let [bronze, argent, or, refused] = counts;
            (typed.situation.labelled, typed.situation.refused) = ([bronze, argent, or], refused);
        }
        typed
    }
}

fn answer(answers: &HashMap<String, String>, name: &str) -> Option<String> {
    let text: String = answers.get(name)?.trim().chars().take(MAX).collect();
    (!text.is_empty()).then_some(text)
}

fn value(key: Key, text: &str) -> Result<Fact, NotUsed> {
    match key.kind() {
        Kind::Count => {
            let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let count = digits.parse::<i64>().ok().filter(|count| (0..=1_000_000_000).contains(count));
            count.map(Fact::Count).ok_or(NotUsed::Count)
        }
        Kind::Mark => {
            let mark = Fraction::from_decimal(text).map_err(|_| NotUsed::Mark)?;
            let allowed = !mark.is_negative() && mark <= Fraction::from(100);
            allowed.then_some(Fact::Mark(mark)).ok_or(NotUsed::Mark)
        }
        Kind::Date => {
            let day = text.parse::<Date>().ok().filter(|day| (2000..=2100).contains(&day.year()));
            day.map(Fact::Date).ok_or(NotUsed::Date)
        }
        _ => Ok(Fact::Text(text.to_owned())),
    }
}

fn key(service: Service) -> &'static str {
    match service {
        Service::Central => "central",
        Service::LocalRattache => "local_rattache",
        Service::LocalIndependant | Service::Unknown => "local_independant",
    }
}

fn looked_at(app: &AppState, typed: &Typed) -> Option<Outlook> {
    let book = &app.book;
    outlook(&typed.situation, book.today(), &book.choices, &book.extra_holidays)
}

async fn page(
    State(app): State<AppState>,
    Query(answers): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Html<String>, PageError> {
    let typed = Typed::of(&answers);
    let outlook = looked_at(&app, &typed);
    let answered = answers.values().any(|text| !text.trim().is_empty());
    let values = context! {
        groups => groups(&answers),
        locals => LOCALS.map(|(name, question)| context! { name, question, typed => answer(&answers, name) }),
        types => types(typed.service),
        central => typed.service == Service::Central,
        faults => typed.faults.clone(),
        outlook => outlook.as_ref().filter(|_| answered).map(|outlook| shown(outlook, &typed)),
        ics => address("/simulateur.ics", &answers),
        kept => words::NOTHING_KEPT,
        today => date_full(app.book.today()),
        share => legal::share(&app, &headers, "/simulateur", words::TITLE, words::NOTHING_KEPT),
    };
    app.render("situation.html", "simulateur", values)
}

fn types(chosen: Service) -> Vec<Value> {
    [Service::LocalIndependant, Service::LocalRattache, Service::Central]
        .into_iter()
        .map(|one| {
            context! { value => key(one), label => names::service(one), chosen => one == chosen }
        })
        .collect()
}

fn groups(answers: &HashMap<String, String>) -> Vec<Vec<Value>> {
    let field = |key: &Key| {
        let kind = match key.kind() {
            Kind::Count => "count",
            Kind::Mark => "mark",
            Kind::Date => "date",
            _ => "text",
        };
        context! {
            name => key.name(), question => words::question(*key), kind, typed => answer(answers, key.name()),
        }
    };
    ASKED.iter().map(|keys| keys.iter().map(field).collect()).collect()
}

fn shown(outlook: &Outlook, typed: &Typed) -> Value {
    let marks = Key::ENGAGEMENTS.iter().chain([&Key::ScoreOr, &Key::NoteUsagers, &Key::NoteAgents]);
    let any_mark = marks.into_iter().any(|key| typed.situation.values.contains_key(key));
    let network = outlook.review.network.as_ref();
    let any = any_mark || network.is_some_and(|view| view.audited > 0);
    let short = outlook.board.as_ref().is_some_and(|board| !board.result.limiting.is_empty());
    let failed =
        short || network.and_then(|view| view.award.as_ref()).is_some_and(|award| !award.faults.is_empty());
    let mut phases: BTreeMap<Phase, Vec<Value>> = BTreeMap::new();
    for one in &outlook.calendar {
        phases.entry(one.phase).or_default().push(milestone(one));
    }
    let phases = phases.into_iter().map(|(phase, lines)| context! { title => words::phase(phase), lines });
    context! {
        verdict => words::verdict(outlook.case.service, outlook.tier(), any, failed),
        tier_key => outlook.tier().map(label::Tier::key),
        board => outlook.board.as_ref().map(|board| case_parts::board(board, &outlook.review)),
        gauges => network.map(|view| central_page::gauges(view, view.labelled_in_all())),
        findings => outlook.findings().map(finding).collect::<Vec<_>>(),
        readings => outlook.readings.iter().map(case_parts::reading).collect::<Vec<_>>(),
        phases => phases.collect::<Vec<_>>(),
        supposed => outlook.supposed.filter(|_| !outlook.calendar.is_empty()).map(|_| words::SUPPOSED),
        no_day => outlook.calendar.is_empty().then_some(words::NO_AUDIT_DAY),
    }
}

fn finding(finding: &label::judge::finding::Finding) -> Value {
    let class = match finding.level {
        Level::Ok => "ok",
        Level::Unknown => "unknown",
        Level::ToCheck => "to_check",
        Level::Missing => "missing",
        Level::Ko => "ko",
    };
    context! {
        class, word => findings::level(finding.level), text => findings::sentence(finding),
        section => (finding.rule != "DN").then_some(finding.section), rule => finding.rule,
    }
}

fn milestone(one: &label::situation::Milestone) -> Value {
    let due = &one.due;
    let (_, rule, section) = due.obligation.reference();
    let opens = due.window.as_ref().map(|window| date_full(window.opens));
    context! {
        day => date_full(due.deadline.nominal), opens, what => words::milestone(due),
        who => names::role(due.obligation.owner()), section, rule,
    }
}

/// The same answers in another address.
fn address(path: &str, answers: &HashMap<String, String>) -> String {
    let known: Vec<&str> = ASKED.iter().flat_map(|keys| keys.iter()).map(|key| key.name()).collect();
    let names = known.into_iter().chain(LOCALS.map(|(name, _)| name)).chain(["type_service"]);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in names {
        if let Some(text) = answer(answers, name) {
            query.append_pair(name, &text);
        }
    }
    format!("{path}?{}", query.finish())
}

async fn calendar(
    State(app): State<AppState>,
    Query(answers): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let typed = Typed::of(&answers);
    let mut text = ics::head(Purpose::Publish);
    let calendar = looked_at(&app, &typed).map(|outlook| outlook.calendar).unwrap_or_default();
    for one in &calendar {
        let (_, rule, section) = one.due.obligation.reference();
        text.push_str(&ics::event(&Entry {
            uid: format!("simulation-{}-{}@{}", one.due.code(), one.due.deadline.nominal, app.domain),
            day: one.due.deadline.nominal,
            title: &words::milestone(&one.due),
            text: &words::note(section, rule),
            stamp: Timestamp::UNIX_EPOCH,
            ..Entry::default()
        }));
    }
    if calendar.is_empty() {
        text.push_str(ics::nothing());
    }
    text.push_str(ics::END);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"simulation-label.ics\""),
    ];
    Ok((headers, text).into_response())
}

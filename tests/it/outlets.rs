//! What each outlet shows of a label on the days of three years: page, register, annotations, calendar, list of labels,
//! `explain`, mails and webhooks say the same tier, status, end and next date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use label::judge::Review;
use label::judge::agenda::Obligation;
use label::life::Standing;
use label::outgoing::{MailCode, MailKey};
use label::wording::{self, date_full, date_short, names};
use simulator::{Scenario, Simulator};
use vigie::commands::explain;
use vigie::web::access::UserRole;

use crate::access::behind_proxy;
use crate::api::{Api, populated, token};
use crate::bench::{Bench, FORM, demarche};
use crate::web::Pages;

/// Days between two readings: fifty in three years, never the same day of the month twice in a row.
const PACE: i32 = 23;

#[tokio::test]
async fn every_outlet_shows_the_same_label_on_fifty_days() {
    let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, scenario.world()).await.unwrap();
    let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    let pages = Pages::over(&bench, None).await;
    let mut shown = 0;
    for step in 1..=50 {
        let now = scenario.start().checked_add(jiff::SignedDuration::from_hours(24 * i64::from(PACE * step)));
        let now = now.unwrap();
        scenario.advance_to(&mut bench.simulator.world(), now);
        bench.set_now(now);
        for _ in 0..3 {
            bench.pass().await;
        }
        shown += compare(&bench, &pages).await;
    }
    assert!(shown > 200, "{shown} labels were compared");
}

/// A refused dossier that the platform is about to delete is a date like another, although its case is over.
#[tokio::test]
async fn lists_and_calendars_have_every_open_deadline_of_every_case() {
    let bench = populated().await;
    let (mut open, mut over) = (BTreeSet::new(), 0);
    let today = bench.daemon.book.today();
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        let (_, review) = bench.daemon.book.review_of(summary.case_id).await.unwrap().unwrap();
        let dues = review.agenda.iter().filter(|due| due.is_open());
        let dues: Vec<_> =
            dues.map(|due| (due.dossier, due.code(), due.deadline.nominal.to_string())).collect();
        over += if review.state.is_living() { 0 } else { dues.len() };
        open.extend(dues);
    }
    assert!(over > 0, "no case that is over has an open deadline");
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let line = |line: serde_json::Value| {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let code = match line["occurrence"].as_i64().unwrap() {
            0 => text("code"),
            occurrence => format!("{}-{occurrence}", text("code")),
        };
        (line["dossier"].as_i64().unwrap(), code, text("le"))
    };
    let listed: BTreeSet<_> = api.all(&token, "/api/v1/deadlines").await.into_iter().map(line).collect();
    assert_eq!(listed, open);
    let pages = Pages::over(&bench, None).await;
    let feed = pages.get("/echeances.ics").await.1.replace("\r\n ", "");
    let ahead = today.saturating_add(400.days()).to_string();
    for (dossier, code, day) in open.iter().filter(|(.., day)| *day <= ahead) {
        assert!(feed.contains(&format!("UID:{dossier}-{code}@")), "{dossier} {code} {day}");
    }
}

/// Compares every case of a day; returns how many labels were seen.
async fn compare(bench: &Bench, pages: &Pages) -> usize {
    let (book, today) = (&bench.daemon.book, bench.daemon.book.today());
    let register = lines(pages, "/registre.json").await;
    let over = lines(pages, "/registre.json?liste=termines").await;
    let feed = pages.get("/echeances.ics").await.1.replace("\r\n ", "").replace("\n ", "");
    let list = pages.get("/labels").await.1;
    let mut seen = 0;
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        let (case, review) = book.review_of(summary.case_id).await.unwrap().unwrap();
        let name = format!("{today}, {} ({})", review.name, review.case);
        let page = pages.get(&format!("/cas/{}", review.case)).await.1;
        let told = explain::text(&case, &review).join(" ");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        next_date(&review, &page, &feed, &name);
        let written = |label: &str| {
            let current = case.current().unwrap();
            bench.annotation(u32::try_from(current.number).unwrap(), label)
        };
        assert_eq!(written("[auto] État"), option(review.state.key()), "{name}");
        let next = review.next_due().map(|due| date_short(due.deadline.nominal)).unwrap_or_default();
        assert_eq!(written("[auto] Date de la prochaine échéance"), next, "{name}");
        let dossier = summary.dossier;
        let (here, gone) = (register.get(&dossier), over.get(&dossier));
        let Some(label) = review.standing() else {
            assert!(here.is_none() && gone.is_none(), "{name}: in the register without a label");
            continue;
        };
        seen += 1;
        let line = if label.status.in_force() { here } else { gone };
        let line = line.unwrap_or_else(|| panic!("{name}: not in the register as {:?}", label.status));
        assert_eq!(line["statut"], names::label_status(label.status), "{name}");
        assert_eq!(line["date_fin"], label.last_day().to_string(), "{name}");
        assert_eq!(line["palier"].as_str(), label.tier.map(wording::tier), "{name}");
        let end = date_full(label.last_day());
        assert!(page.contains(&wording::standing::validity(label)), "{name}: {page}");
        assert!(told.contains(&wording::standing::validity(label)), "{name}: {told}");
        assert_eq!(written("[auto] Fin de validité"), label.last_day().to_string(), "{name}");
        if label.status.in_force() {
            let last = label.last_day_if_nothing_is_done();
            assert!(list.contains(&date_full(last)), "{name}: {last} in {list}");
            assert!(page.contains(&end), "{name}");
        }
        mails(bench, &review, label, &name).await;
    }
    seen
}

/// The form's option for a state.
fn option(state: &str) -> String {
    let form: toml::Table = toml::from_str(FORM).unwrap();
    form["choix"]["auto_etat"][state].as_str().unwrap().to_owned()
}

/// The lines of a register by dossier.
async fn lines(pages: &Pages, path: &str) -> BTreeMap<i64, serde_json::Value> {
    let list: Vec<serde_json::Value> = serde_json::from_str(&pages.get(path).await.1).unwrap();
    list.into_iter().map(|line| (line["dossier"].as_i64().unwrap(), line)).collect()
}

/// The page and the calendar have the next deadline on the same day.
fn next_date(review: &Review, page: &str, feed: &str, name: &str) {
    let Some(due) = review.next_due() else { return };
    assert!(page.contains(&date_full(due.deadline.nominal)), "{name}: next deadline");
    if !due.obligation.is_of_the_guide() || due.deadline.nominal < review.today {
        return;
    }
    let uid = format!("{}-{}", due.dossier, due.code());
    let Some(event) = feed.split("BEGIN:VEVENT").find(|event| event.contains(&format!("UID:{uid}@"))) else {
        panic!("{name}: {uid} is not in the calendar");
    };
    let day = due.deadline.nominal.strftime("%Y%m%d").to_string();
    assert!(event.contains(&format!("DTSTART;VALUE=DATE:{day}")), "{name}: {event}");
}

/// The last mail about the end of the label names the end that it still has, unless it moved since.
async fn mails(bench: &Bench, review: &Review, label: &Standing, name: &str) {
    let since = review.today.saturating_sub(PACE.days());
    for sent in bench
        .daemon
        .store
        .ledger()
        .mails_sent(&[review.case])
        .await
        .unwrap()
        .into_values()
        .flatten()
        .collect::<Vec<_>>()
    {
        let key: MailKey = sent.key;
        let on: Date = label::paris_date(sent.at);
        if let MailCode::Deadline { obligation: Obligation::End, .. } = key.code
            && on > since
            && label.renewed_from.is_none()
            && label.withdrawn.is_none()
        {
            assert_eq!(key.day, label.ends, "{name}: {}", sent.key);
        }
    }
}

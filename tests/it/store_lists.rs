//! What a judgement saves for lists: called by `store.rs`, on both engines.

use jiff::civil::{Date, date};
use label::life::{LabelStatus, Standing, Suspension};
use vigie::store::Store;
use vigie::store::cases::Summary;
use vigie::store::deadlines::{After, DeadlineRow, DeadlineStatus};
use vigie::store::judgement::Judgement;
use vigie::store::measures::{DelayTally, MeasureKind, MeasureRow};
use vigie::store::narrowed::{Filter, Narrowed};
use vigie::store::register::{ApplicationRow, Which};

const TODAY: Date = date(2027, 1, 6);

/// A judged case, as the daemon would save it.
pub struct Saved {
    pub summary: Summary,
    pub deadlines: Vec<DeadlineRow>,
    pub applications: Vec<ApplicationRow>,
}

impl Saved {
    pub async fn on(&self, store: &Store, today: Date, now: &str) {
        let judgement = Judgement {
            recorded: None,
            summary: &self.summary,
            dossiers: &[],
            deadlines: &self.deadlines,
            applications: &self.applications,
            found: &[],
            next_look: today,
            today,
            now: now.parse().unwrap(),
        };
        store.judgements().save_judgement(&judgement).await.unwrap();
    }
}

pub fn deadline(case_id: i64, code: &str, occurrence: i64, due: Date, status: DeadlineStatus) -> DeadlineRow {
    DeadlineRow {
        case_id,
        dossier: case_id,
        code: code.to_owned(),
        occurrence,
        title: format!("Échéance {code}"),
        due,
        extended: due,
        status,
        ..DeadlineRow::default()
    }
}

/// A label of three years from 5 January 2026.
pub fn standing() -> Standing {
    Standing {
        status: LabelStatus::Active,
        since: date(2026, 1, 5),
        tier: Some(label::Tier::Argent),
        decided: Some(date(2026, 1, 5)),
        notified: Some(date(2026, 1, 9)),
        starts: date(2026, 1, 5),
        ends: date(2029, 1, 5),
        suspension: None,
        withdrawn: None,
        renewed_from: None,
    }
}

pub fn suspended_from(since: Date, limit: Date) -> Standing {
    let suspension = Some(Suspension { since, limit, lift_by: None, cause: None });
    Standing { status: LabelStatus::Suspended, since, suspension, ..standing() }
}

pub fn over(status: LabelStatus, since: Date) -> Standing {
    let withdrawn = (status == LabelStatus::Withdrawn).then_some(since);
    Standing { status, since, withdrawn, ..standing() }
}

/// A case whose label has this standing from each of these days.
pub fn standing_so(mut summary: Summary, steps: Vec<(Date, Standing)>) -> Summary {
    summary.loss = steps
        .iter()
        .rev()
        .find(|(_, one)| one.status.in_force())
        .map(|(_, one)| one.last_day_if_nothing_is_done());
    summary.standings = steps;
    summary
}

pub fn labelled(case_id: i64, name: &str) -> Summary {
    let summary = Summary {
        case_id,
        name: name.to_owned(),
        state: "actif".to_owned(),
        tier: Some("argent".to_owned()),
        living: true,
        sites: vec!["Accueil (Évry)".to_owned()],
        ..Summary::default()
    };
    let expired = date(2029, 1, 6);
    standing_so(
        summary,
        vec![(standing().starts, standing()), (expired, over(LabelStatus::Expired, expired))],
    )
}

pub async fn lists(store: &Store) {
    agenda(store).await;
    register(store).await;
    statistics(store).await;
    for case in 101..=105 {
        store.judgements().drop_from_cases(case, 0).await.unwrap();
    }
    assert!(store.register().registered(Which::All, date(2030, 1, 1), None, 10).await.unwrap().is_empty());
    assert!(
        store.agenda().deadlines_of(101).await.unwrap().is_empty(),
        "a case that goes takes its lines along"
    );
}

async fn agenda(store: &Store) {
    let (early, late, far) = (date(2027, 1, 2), date(2027, 1, 9), date(2027, 9, 1));
    let lines = vec![
        deadline(101, "O-08", 0, early, DeadlineStatus::Late),
        deadline(101, "O-16", 1, far, DeadlineStatus::Upcoming),
        deadline(101, "O-16", 0, late, DeadlineStatus::Done),
    ];
    let mut saved = Saved { summary: labelled(101, "Zèbre"), deadlines: lines, applications: vec![] };
    saved.on(store, TODAY, "2027-01-06T08:00:00Z").await;
    let first = store.cases().edition().await.unwrap();
    saved.on(store, TODAY, "2027-01-06T09:00:00Z").await;
    assert_eq!(store.cases().edition().await.unwrap(), first, "the same judgement is no new edition");
    let kept = store.agenda().deadlines_of(101).await.unwrap();
    assert_eq!(kept.iter().map(DeadlineRow::uid).collect::<Vec<_>>(), ["101-O-08", "101-O-16", "101-O-16-1"]);
    let moment = kept[2].moved_at;

    // A change of day is counted, and the others are left as they were.
    saved.deadlines[1].due = date(2027, 10, 1);
    saved.on(store, date(2027, 1, 7), "2027-01-07T08:00:00Z").await;
    assert_ne!(store.cases().edition().await.unwrap(), first);
    let kept = store.agenda().deadlines_of(101).await.unwrap();
    assert_eq!((kept[0].moves, kept[2].moves), (0, 1));
    assert!(kept[0].moved_at == moment && kept[2].moved_at > moment);
    let changed = store.cases().summary(101).await.unwrap().unwrap().changed_on;
    assert_eq!(changed, Some(TODAY), "a moved line that no summary shows is no other judgement");

    let other = vec![
        deadline(102, "O-08", 0, early, DeadlineStatus::Upcoming),
        deadline(102, "O-33", 0, late, DeadlineStatus::Passed),
    ];
    let other = Saved { summary: labelled(102, "Épi"), deadlines: other, applications: vec![] };
    other.on(store, TODAY, "2027-01-06T08:00:00Z").await;
    let uids = |lines: Vec<DeadlineRow>| lines.iter().map(DeadlineRow::uid).collect::<Vec<_>>();
    let start = After::start_of(Date::MIN);
    let open = store.agenda().open_deadlines(false, &start, 2).await.unwrap();
    let after = After::line(&open[1]);
    assert_eq!(uids(open), ["101-O-08", "102-O-08"]);
    assert_eq!(uids(store.agenda().open_deadlines(false, &after, 2).await.unwrap()), ["101-O-16-1"]);
    assert_eq!(uids(store.agenda().open_deadlines(true, &start, 9).await.unwrap()), ["101-O-08"]);
    let january = store
        .work()
        .month_lines(&Narrowed::All, &After::start_of(date(2027, 1, 3)), date(2027, 1, 31), 9)
        .await
        .unwrap();
    assert_eq!(uids(january), ["101-O-16", "102-O-33"]);
    let days = store.work().month_days(&Narrowed::All, (date(2027, 1, 1), date(2027, 1, 31))).await.unwrap();
    assert_eq!(days, [(early, 2, 2), (late, 2, 0)]);
    let whole = (date(2027, 1, 1), date(2027, 1, 31));
    let first = store.work().month_named(&Narrowed::All, &days, 1).await.unwrap();
    assert_eq!(uids(first), ["102-O-08", "102-O-33"], "one a day, the first by name");
    let each = ["102-O-08", "101-O-08", "102-O-33", "101-O-16"];
    assert_eq!(uids(store.work().month_named(&Narrowed::All, &days, 9).await.unwrap()), each);
    let few = Narrowed::Few(vec![101, 102], Filter::default());
    assert_eq!(
        uids(store.work().month_named(&few, &days, 9).await.unwrap()),
        each,
        "read from a few services"
    );
    let of = Filter { organisme: "Nobody".to_owned(), ..Filter::default() };
    let nobody = store.work().narrowed(&of).await.unwrap();
    assert!(store.work().month_named(&nobody, &days, 9).await.unwrap().is_empty());
    assert!(store.work().month_days(&nobody, whole).await.unwrap().is_empty());
}

async fn register(store: &Store) {
    let given = (standing().starts, standing());
    let since = date(2027, 1, 1);
    let mut suspended = standing_so(
        labelled(103, "Île"),
        vec![given.clone(), (since, suspended_from(since, date(2027, 12, 31)))],
    );
    suspended.central = Some(101);
    let gone = (TODAY, over(LabelStatus::Withdrawn, TODAY));
    let withdrawn = standing_so(labelled(104, "épi"), vec![given, gone]);
    let applying = standing_so(labelled(105, "Sans label"), Vec::new());
    for summary in [suspended, withdrawn, applying] {
        Saved { summary, deadlines: vec![], applications: vec![] }
            .on(store, TODAY, "2027-01-06T08:00:00Z")
            .await;
    }
    let ids = |lines: &[(String, vigie::store::register::Registered)]| {
        lines.iter().map(|(_, line)| line.summary.case_id).collect::<Vec<_>>()
    };
    let current = store.register().registered(Which::Current, TODAY, None, 10).await.unwrap();
    assert_eq!(ids(&current), [102, 103, 101], "by name without accents; who was withdrawn today is out");
    assert_eq!(current[1].1.summary.sites, ["Accueil (Évry)"]);
    let before = store.register().registered(Which::Current, date(2027, 1, 5), None, 10).await.unwrap();
    assert_eq!(ids(&before), [102, 104, 103, 101]);
    let (name, line) = &before[1];
    let next = store
        .register()
        .registered(Which::Current, date(2027, 1, 5), Some((name, line.summary.case_id)), 1)
        .await;
    assert_eq!(ids(&next.unwrap()), [103]);
    assert_eq!(ids(&store.register().registered(Which::Past, TODAY, None, 10).await.unwrap()), [104]);
    let later = date(2030, 1, 1);
    assert_eq!(
        ids(&store.register().registered(Which::Past, later, None, 10).await.unwrap()),
        [102, 104, 101]
    );
    let counts = |lines: Vec<vigie::store::register::InForce>| {
        lines.into_iter().map(|line| (line.status, line.count)).collect::<Vec<_>>()
    };
    let active = |count| ("active".to_owned(), count);
    assert_eq!(counts(store.register().in_force(date(2026, 1, 4)).await.unwrap()), []);
    assert_eq!(counts(store.register().in_force(date(2026, 12, 31)).await.unwrap()), [active(4)]);
    let now = counts(store.register().in_force(TODAY).await.unwrap());
    assert_eq!(now, [active(2), ("suspended".to_owned(), 1)]);
    for far in [date(2030, 1, 1), Date::MAX] {
        assert_eq!(store.register().registered(Which::All, far, None, 10).await.unwrap().len(), 4, "{far}");
    }
}

async fn statistics(store: &Store) {
    let decided = |dossier, days, outcome: &str| ApplicationRow {
        dossier,
        case_id: 101,
        demande: "initial".to_owned(),
        type_key: "central".to_owned(),
        organisme: "Certif".to_owned(),
        deposited: date(2026, 3, 1),
        audited: Some(date(2026, 6, 1)),
        report_met: Some(true),
        outcome: Some(outcome.to_owned()),
        decided: Some(date(2026, 9, 1)),
        days: Some(days),
        ..ApplicationRow::default()
    };
    let plan = MeasureRow {
        kind: MeasureKind::Delay.word().to_owned(),
        word: "O-07".to_owned(),
        day: date(2026, 12, 20),
        number: 0,
    };
    let ahead = ApplicationRow {
        outcome: None,
        decided: None,
        days: None,
        report_met: None,
        audited: Some(date(2027, 6, 1)),
        measures: vec![plan],
        ..decided(1003, 0, "")
    };
    let extension = ApplicationRow { demande: "extension".to_owned(), ..decided(1004, 20, "labellise") };
    let lines = vec![decided(1001, 184, "labellise"), decided(1002, 190, "labellise"), ahead, extension];
    let saved = Saved { summary: labelled(101, "Zèbre"), deadlines: vec![], applications: lines.clone() };
    saved.on(store, TODAY, "2027-01-08T08:00:00Z").await;
    assert_eq!(store.register().applications_of(101).await.unwrap(), lines);
    let tallies = store.register().tallies(TODAY).await.unwrap();
    let mut counts: Vec<_> = tallies
        .iter()
        .filter(|t| t.demande == "initial")
        .map(|t| (t.count, t.audited_year.as_deref()))
        .collect();
    counts.sort();
    assert_eq!(counts, [(1, None), (2, Some("2026"))], "a visit still ahead is none");
    let late = DelayTally {
        year: "2026".to_owned(),
        type_key: "central".to_owned(),
        organisme: "Certif".to_owned(),
        of_plan: true,
        kept: false,
        count: 1,
    };
    assert_eq!(store.register().plans_and_reports(TODAY).await.unwrap(), [late], "its visit is still ahead");
    assert_eq!(store.register().plans_and_reports(date(2026, 12, 19)).await.unwrap(), []);
    let days = store.register().decision_days(Date::MAX).await.unwrap();
    let first = [("2026".to_owned(), 184, 1), ("2026".to_owned(), 190, 1)];
    assert_eq!(days, first, "an extension is no application");
}

/// A database in memory exists in one connection: a request that is cancelled must not close it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_given_up_lose_no_store_in_memory() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.settings().set("name", "value").await.unwrap();
    for round in 0..400_u64 {
        let store = store.clone();
        let asked = tokio::spawn(async move {
            loop {
                let _ = store.settings().get("name").await;
            }
        });
        tokio::time::sleep(std::time::Duration::from_micros(7 * (round % 60))).await;
        asked.abort();
        let _ = asked.await;
    }
    assert_eq!(store.settings().get("name").await.unwrap().as_deref(), Some("value"));
}

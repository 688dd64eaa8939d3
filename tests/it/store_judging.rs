//! What is judged again, and what a judgement remembers: told by the story of `store.rs`, on both engines.

use jiff::civil::{Date, date};
use label::case::facts::Value;
use label::case::keys::Key;
use vigie::store::Store;
use vigie::store::cases::Summary;
use vigie::store::chain::{EntryType, NewEntry};
use vigie::store::deadlines::{DeadlineRow, DeadlineStatus};
use vigie::store::dossiers::Seen;
use vigie::store::judgement::{Judgement, Recording};
use vigie::store::labels::Labels;
use vigie::store::measures::{MeasureKind, MeasureRow};
use vigie::store::narrowed::Filter;
use vigie::store::pages::{Advance, PageToSave};
use vigie::store::register::ApplicationRow;

use crate::store::{at, facts, revision, save, seen};
use crate::store_lists::{deadline, labelled};

const TODAY: Date = date(2027, 1, 6);
/// More than the rows of one statement.
const CASES: std::ops::RangeInclusive<i64> = 5001..=5130;
const NOW: &str = "2027-01-06T08:00:00Z";

/// Saves the judgement of a case with these dossiers, each as it was read at that revision.
async fn judged(store: &Store, case_id: i64, name: &str, dossiers: &[(i64, i64)]) {
    let (summary, now) = (&labelled(case_id, name), at(NOW));
    let judgement = Judgement {
        summary,
        dossiers,
        deadlines: &[],
        applications: &[],
        found: &[],
        recorded: None,
        next_look: TODAY,
        today: TODAY,
        now,
    };
    store.judgements().save_judgement(&judgement).await.unwrap();
}

/// More cases, and more rows of each kind, than one statement holds; then the day of one deadline moves.
async fn many(store: &Store) {
    let codes: Vec<String> = (0..5).map(|code| format!("O-{code:02}")).collect();
    let lines = |case: i64, due: Date| -> Vec<DeadlineRow> {
        let mut lines: Vec<DeadlineRow> =
            codes.iter().map(|code| deadline(case, code, 0, due, DeadlineStatus::Upcoming)).collect();
        lines[4].due = TODAY;
        lines
    };
    let saved = |case: i64, due: Date| {
        let measure = |word: &str| {
            let (kind, word) = (MeasureKind::Step.word().to_owned(), word.to_owned());
            MeasureRow { kind, word, day: TODAY, number: case }
        };
        let application = ApplicationRow {
            dossier: case,
            case_id: case,
            demande: "initial".to_owned(),
            deposited: TODAY,
            measures: vec![measure("audit"), measure("decision")],
            ..ApplicationRow::default()
        };
        let found = vec!["R-3.7.1-a".to_owned(), "R-3.9.1-b".to_owned()];
        let summary =
            Summary { found, organisme: "Beaucoup".to_owned(), ..labelled(case, &format!("Service {case}")) };
        (summary, lines(case, due), [application])
    };
    let all = async |due: Date| {
        let rows: Vec<_> = CASES.map(|case| saved(case, if case == 5060 { due } else { TODAY })).collect();
        let judgement = |row: &'static (Summary, Vec<DeadlineRow>, [ApplicationRow; 1])| Judgement {
            summary: &row.0,
            dossiers: &[],
            deadlines: &row.1,
            applications: &row.2,
            found: &[],
            recorded: None,
            next_look: TODAY,
            today: TODAY,
            now: at(NOW),
        };
        let rows: &'static [_] = rows.leak();
        let judgements: Vec<Judgement<'_>> = rows.iter().map(judgement).collect();
        store.judgements().save_judgements(&judgements).await.unwrap();
        rows
    };
    for (due, moves) in [(TODAY, 0), (date(2027, 3, 1), 1)] {
        for (summary, deadlines, applications) in all(due).await {
            let case = summary.case_id;
            let stored = store.cases().summary(case).await.unwrap().unwrap();
            assert_eq!(Summary { changed_on: None, ..stored }, *summary);
            assert_eq!(store.register().applications_of(case).await.unwrap(), applications);
            let stored = store.agenda().deadlines_of(case).await.unwrap();
            assert_eq!(stored.len(), deadlines.len());
            for line in deadlines {
                let same = stored.iter().find(|one| one.code == line.code).unwrap();
                let moved = if case == 5060 && line.code != "O-04" { moves } else { 0 };
                assert_eq!((same.due, same.moves), (line.due, moved), "{case} {}", line.code);
            }
        }
        let filter =
            Filter { rule: "R-3.9.1-b".to_owned(), organisme: "Beaucoup".to_owned(), ..Filter::default() };
        let narrowed = store.work().narrowed(&filter).await.unwrap();
        let labels = Labels { today: TODAY, in_force: true, from: Date::MIN, to: Date::MAX };
        let held = i64::try_from(CASES.count()).unwrap();
        assert_eq!(store.work().labels_count(labels, &narrowed, 1000).await.unwrap(), held);
    }
    for case in CASES {
        store.judgements().drop_from_cases(case, 0).await.unwrap();
    }
}

/// Two machines judged the same case: the record gets what the first one saved, and the case is judged again.
async fn recorded_twice(store: &Store) {
    let entry = |machine: i64| {
        let body = serde_json::json!({ "entry": format!("machine {machine}") }).to_string();
        NewEntry { day: TODAY, kind: EntryType::Judgement, case: Some(301), dossier: None, body }
    };
    for machine in [1, 2] {
        let revision = revision(store, 301).await;
        let contents = Vec::new();
        let recording = Recording { contents, entry: entry(machine), follows: 0, line: None };
        let (summary, dossiers) = (&labelled(301, "301"), &[(301, revision)]);
        let judgement = Judgement {
            summary,
            dossiers,
            deadlines: &[],
            applications: &[],
            found: &[],
            recorded: Some(&recording),
            next_look: TODAY,
            today: TODAY,
            now: at(NOW),
        };
        store.judgements().save_judgement(&judgement).await.unwrap();
        assert_eq!(marked(store).await.contains(&301), machine == 2, "machine {machine}");
    }
    let entries = store.record().judgements(301).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert!(entries[0].body.contains("machine 1"), "{}", entries[0].body);
}

async fn marked(store: &Store) -> Vec<i64> {
    store.judgements().to_judge(300, 10).await.unwrap()
}

pub async fn judging(store: &Store) {
    save(store, &[facts(301, "3010"), facts(302, "3020")], &[], "c0", NOW).await;
    overtaken(store).await;
    recorded_twice(store).await;
    split(store).await;
    reported_ahead(store).await;
    many(store).await;
    for number in [301, 302] {
        save(store, &[], &[(number, true)], "c0", NOW).await;
        let edition = store.cases().edition().await.unwrap();
        store.judgements().drop_from_cases(number, revision(store, number).await).await.unwrap();
        assert_ne!(store.cases().edition().await.unwrap(), edition, "what was counted is counted anew");
        let edition = store.cases().edition().await.unwrap();
        store.judgements().drop_from_cases(number, revision(store, number).await).await.unwrap();
        assert_eq!(store.cases().edition().await.unwrap(), edition, "it had left already");
    }
}

/// A machine that read before another one saved: what it judged does not stay.
async fn overtaken(store: &Store) {
    let old = revision(store, 301).await;
    store.judgements().mark_to_judge(301).await.unwrap();
    let new = revision(store, 301).await;
    judged(store, 302, "Autre", &[(302, revision(store, 302).await)]).await;
    judged(store, 301, "Après", &[(301, new)]).await;
    assert_eq!(marked(store).await, [0_i64; 0]);
    judged(store, 301, "Avant", &[(301, old)]).await;
    assert_eq!(marked(store).await, [301], "judged again");
    judged(store, 301, "Après", &[(301, new)]).await;
    assert_eq!(marked(store).await, [0_i64; 0]);
}

/// Two dossiers of one case, of which one is then judged as a case of its own: the other is judged again.
async fn split(store: &Store) {
    let both = [(301, revision(store, 301).await), (302, revision(store, 302).await)];
    judged(store, 301, "Ensemble", &both).await;
    store.judgements().mark_left_behind(&[301], &[301, 302]).await.unwrap();
    assert_eq!(marked(store).await, [0_i64; 0], "nothing was left behind");
    store.judgements().mark_left_behind(&[301], &[301]).await.unwrap();
    assert_eq!(marked(store).await, [302], "in the case of that number");
    judged(store, 301, "Ensemble", &[both[0], (302, revision(store, 302).await)]).await;
    store.judgements().mark_left_behind(&[302], &[302]).await.unwrap();
    assert_eq!(marked(store).await, [301], "in the case that it comes from");
    judged(store, 301, "Seul", &[(301, revision(store, 301).await)]).await;
    judged(store, 302, "Seul aussi", &[(302, revision(store, 302).await)]).await;
}

/// A report announced for a day ahead: its marks are those that stood when that day came.
async fn reported_ahead(store: &Store) {
    let mark = |text: &str| Value::Mark(text.parse().unwrap());
    let mut graded = facts(301, "3010");
    let days = [date(2027, 1, 8), date(2027, 1, 12)];
    // Read, with the instant of the platform's last change, and what is then kept of the report.
    for (day, score, modified, now, kept) in [
        (days[0], "70", "2027-01-06T07:00:00Z", "2027-01-06T08:00:00Z", None),
        (days[0], "71", "2027-01-07T07:00:00Z", "2027-01-07T08:00:00Z", None),
        (days[0], "75", "2027-01-09T07:00:00Z", "2027-01-09T08:00:00Z", Some("71")),
        (days[1], "76", "2027-01-09T09:00:00Z", "2027-01-09T10:00:00Z", None),
        // Changed before that day, and read after it.
        (days[1], "77", "2027-01-10T09:00:00Z", "2027-01-13T10:00:00Z", Some("77")),
    ] {
        graded.values.insert(Key::RapportTransmisLe, Value::Date(day));
        graded.values.insert(Key::ScoreE1, mark(score));
        let seen = Seen { modified: Some(at(modified)), ..seen(&graded) };
        let page = PageToSave {
            began: None,
            scope: "s",
            known: &store.pages().known("s", &[301]).await.unwrap(),
            seen: &[seen],
            set_aside: &[],
            gone: &[],
            advance: Advance::Nothing,
            now: at(now),
        };
        store.pages().save_page(&page).await.unwrap();
        let marks = store
            .dossiers()
            .reported_marks(&[&graded])
            .await
            .unwrap()
            .remove(&graded.number)
            .unwrap_or_default();
        assert_eq!(marks.get(&Key::ScoreE1), kept.map(mark).as_ref(), "{score}");
    }
}

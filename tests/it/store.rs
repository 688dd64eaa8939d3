//! One sequence of calls on both engines: every query runs on each.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;
use label::case::facts::{Attachment, Facts, PlatformState, Scan, Value};
use label::case::keys::{Key, Kind};
use label::case::present_event;
use label::wording::journal::{Departure, EntryKind};
use vigie::store::Store;
use vigie::store::asks::AskReason;
use vigie::store::carried::Carried;
use vigie::store::cases::Summary;
use vigie::store::dossiers::Seen;
use vigie::store::journal::NewLine;
use vigie::store::judgement::Judgement;
use vigie::store::ledger::{Ending, Fate, MailLane};
use vigie::store::outbox::{NewTask, Task, TaskEnd, TaskKind};
use vigie::store::pages::{Advance, PageToSave};
use vigie::store::position::{Position, Slice, Sweep, Walk};
use vigie::store::writes::{KeptValue, WrittenCall};

const LETTER: &str = r#"{"subject":"Un objet","paragraphs":[],"points":[],"source":""}"#;
const K1: &str = "1/O-08/2027-01-07/J-7/ditp";
const K2: &str = "1/O-16/2027-01-07/J-7/ditp";
const K3: &str = "1/O-33/2027-01-07/J-7/ditp";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn facts(number: i64, siret: &str) -> Facts {
    Facts {
        number,
        demarche: 0,
        id: format!("id-{number}"),
        state: PlatformState::EnInstruction,
        deposited: date(2027, 1, 4),
        examined: None,
        decided: None,
        expires: None,
        correction: None,
        submitted: None,
        annotated: None,
        attestation: None,
        degraded: false,
        siret: Some(siret.to_owned()),
        legal_name: None,
        account: "x@y.example".to_owned(),
        group: 1,
        author: Some("a".to_owned()),
        values: [(Key::NomStructure, Value::Text("Un service".to_owned()))].into(),
        declared: Default::default(),
        unreadable: Default::default(),
        unknown_words: Default::default(),
        contact_doubt: None,
        unmatched: BTreeMap::new(),
        siret_doubt: None,
        gone: false,
    }
}

fn position(cursor: &str) -> Position {
    Position {
        since: at("2020-01-01T00:00:00Z"),
        dossiers: Some(cursor.to_owned()),
        pending: None,
        deleted: None,
        filled: true,
    }
}

/// A dossier as a page gives it; its hash is of the facts here, not of the platform's text.
pub fn seen(facts: &Facts) -> Seen {
    Seen {
        number: facts.number,
        place: Some(format!("place-{}", facts.number)),
        modified: Some(at("2027-01-05T07:00:00Z")),
        print: format!("{facts:?}"),
        facts: Some(facts.clone()),
        waits: Vec::new(),
        answerable: true,
    }
}

pub async fn save(
    store: &Store,
    facts: &[Facts],
    gone: &[(i64, bool)],
    cursor: &str,
    now: &str,
) -> (Vec<i64>, Vec<i64>) {
    let position = position(cursor);
    let seen: Vec<Seen> = facts.iter().map(seen).collect();
    let numbers: Vec<i64> = facts.iter().map(|facts| facts.number).collect();
    let why = |erased| if erased { Departure::Erased } else { Departure::DeletedOrHidden };
    let gone: Vec<(i64, Departure)> = gone.iter().map(|(n, erased)| (*n, why(*erased))).collect();
    let page = PageToSave {
        began: None,
        scope: "s",
        known: &store.pages().known("s", &numbers).await.unwrap(),
        seen: &seen,
        set_aside: &[(99, "poison".to_owned(), at(now))],
        gone: &gone,
        advance: Advance::Streams(&position),
        now: at(now),
    };
    let saved = store.pages().save_page(&page).await.unwrap();
    (saved.changed, saved.gone)
}

async fn story(store: &Store) {
    let now = "2027-01-05T08:00:00Z";
    assert_eq!(store.pages().position("s").await.unwrap(), None);
    let (one, mut two) = (facts(1, "111"), facts(2, "111"));
    two.values.insert(Key::DossierPrecedent, Value::Link(1));
    assert_eq!(save(store, &[one.clone(), two.clone()], &[], "c1", now).await.0, [1, 2]);
    assert_eq!(store.pages().position("s").await.unwrap(), Some(position("c1")));
    assert_eq!(
        save(store, std::slice::from_ref(&one), &[], "c2", now).await.0,
        Vec::<i64>::new(),
        "the same content is no change"
    );
    assert_eq!(store.dossiers().set_aside().await.unwrap(), [(99, "poison".to_owned())]);
    assert_eq!(store.dossiers().facts(1).await.unwrap(), Some(one.clone()));
    let family = store.dossiers().family(2).await.unwrap().facts;
    assert_eq!(family.iter().map(|f| f.number).collect::<Vec<_>>(), [1, 2]);

    decisions(store, &mut two).await;
    judgements(store).await;
    crate::store_lists::lists(store).await;
    crate::store_work::work(store).await;
    crate::store_work::services(store).await;
    outbox(store).await;
    bundles(store).await;
    gone(store, &one).await;
    records(store).await;
    audit_days(store).await;
    reported_marks(store).await;
    crate::store_judging::judging(store).await;
    walks(store).await;
    asks(store).await;
    remapped(store).await;
    crate::table_journeys::kept(store).await;
    emptied(store, &two).await;
}

/// The position of each reading is kept; the trailing window begins at the last dossier that the platform changed
/// before it.
async fn walks(store: &Store) {
    let (early, late) = (at("2027-01-05T06:59:59Z"), at("2027-01-05T07:00:00Z"));
    assert_eq!(store.pages().place_before("s", early).await.unwrap(), None);
    assert!(
        store.pages().place_before("s", late).await.unwrap().is_some_and(|place| place.starts_with("place-"))
    );
    let listed = [
        (2, "place-2".to_owned()),
        (2, "elsewhere".to_owned()),
        (55, "new".to_owned()),
        (99, "x".to_owned()),
    ];
    assert_eq!(store.pages().moved(&listed).await.unwrap(), [2, 55], "one set aside has a turn of its own");
    let walk = Walk { place: Some("p".to_owned()), began: Some(late), before: Some(early) };
    store.pages().set_recents("s", &walk).await.unwrap();
    let sweep =
        Sweep { place: Some("q".to_owned()), began: Some(early), low: Some(late), ..Sweep::default() };
    store.pages().set_sweep("s", &sweep).await.unwrap();
    let walks = store.pages().walks("s").await.unwrap();
    assert_eq!((walks.recents, walks.sweep), (walk, sweep));
    let afterwards = at("2030-01-01T00:00:00Z");
    let unmet = store.pages().expected("s", afterwards, 0, None).await.unwrap();
    assert!(unmet.contains(&2) && !unmet.contains(&99), "{unmet:?}");
    let before = store.pages().expected("s", afterwards, 0, Some(late)).await.unwrap();
    let from = store.pages().expected("s", afterwards, late.as_microsecond(), None).await.unwrap();
    assert_eq!([before, from].concat().len(), unmet.len(), "the end is exclusive, the beginning inclusive");
    assert!(store.pages().expected("s", early, 0, None).await.unwrap().is_empty(), "read since it began");
    let slice = Slice { since: early, until: Some(late), place: None, done: false };
    store.pages().set_slices("s", std::slice::from_ref(&slice)).await.unwrap();
    let done = Slice { done: true, until: None, ..slice };
    store.pages().set_slices("s", std::slice::from_ref(&done)).await.unwrap();
    assert_eq!(store.pages().slices("s").await.unwrap(), [done]);
    store.pages().rewind("s").await.unwrap();
    cut(store, early, late).await;
    store.pages().rewind("s").await.unwrap();
    assert!(store.pages().slices("s").await.unwrap().is_empty());
}

/// A slice is cut while a page of it is being saved: its new end is kept.
async fn cut(store: &Store, early: Timestamp, late: Timestamp) {
    let slice = Slice { since: early, until: None, place: None, done: false };
    store.pages().set_slices("s", std::slice::from_ref(&slice)).await.unwrap();
    let half = Slice { since: late, ..slice.clone() };
    store.pages().cut_slice("s", early, &half).await.unwrap();
    let moved = Slice { place: Some("p".to_owned()), ..slice };
    let page = PageToSave {
        began: None,
        scope: "s",
        known: &store.pages().known("s", &[]).await.unwrap(),
        seen: &[],
        set_aside: &[],
        gone: &[],
        advance: Advance::Slice(&moved),
        now: late,
    };
    store.pages().save_page(&page).await.unwrap();
    let first = Slice { until: Some(late), ..moved };
    assert_eq!(store.pages().slices("s").await.unwrap(), [first, half]);
}

/// Values that another map of the form no longer reads did not leave the dossier.
async fn remapped(store: &Store) {
    let key = Key::ALL.iter().copied().find(|key| key.kind() == Kind::Files).unwrap();
    let file = Attachment {
        name: "plan.pdf".to_owned(),
        bytes: 4,
        checksum: "sum".to_owned(),
        media_type: "application/pdf".to_owned(),
        scan: Scan::Safe,
    };
    let now = "2027-01-12T08:00:00Z";
    let without = facts(8, "20000000000008");
    let mut with = without.clone();
    with.values.insert(key, Value::Files(vec![file]));
    for (rewound, vanished) in [(false, 1), (true, 0)] {
        save(store, std::slice::from_ref(&with), &[], "c8", now).await;
        if rewound {
            store.pages().rewind("s").await.unwrap();
        }
        save(store, std::slice::from_ref(&without), &[], "c9", now).await;
        assert_eq!(
            store.dossiers().vanished(&[8]).await.unwrap().remove(&8).unwrap_or_default().len(),
            vanished,
            "rewound: {rewound}"
        );
    }
}

async fn asks(store: &Store) {
    let (now, later) = (at("2027-01-10T08:00:00Z"), at("2027-01-10T09:00:00Z"));
    store.asks().asked(99, AskReason::Aside).await.unwrap();
    store.asks().ask("s", 2, AskReason::Scan, now).await.unwrap();
    store.asks().ask("s", 2, AskReason::Scan, later).await.unwrap();
    let due = store.asks().due_asks("s", now, 10).await.unwrap();
    assert_eq!((due.len(), due[0].number, due[0].attempts), (1, 2, 0), "a first turn is kept");
    assert!(
        store.asks().is_asked(2, AskReason::Scan).await.unwrap()
            && !store.asks().is_asked(2, AskReason::Siret).await.unwrap()
    );
    store.asks().ask_later(2, AskReason::Scan, later).await.unwrap();
    assert!(store.asks().due_asks("s", now, 10).await.unwrap().is_empty());
    assert_eq!(store.asks().due_asks("s", later, 10).await.unwrap()[0].attempts, 1);
    assert!(!store.asks().forget(4_000, now).await.unwrap());
    assert!(store.asks().forget(2, now).await.unwrap());
    assert_eq!(store.asks().due_asks("s", now, 10).await.unwrap()[0].why, AskReason::Replay);
    assert_eq!(store.pages().known("s", &[2]).await.unwrap()[&2].print, None);
    store.asks().forget_asks(2).await.unwrap();
    assert!(store.asks().due_asks("s", later, 10).await.unwrap().is_empty());
}

/// The days to which a visit was set: each once in a row, the platform only shows the latest.
async fn audit_days(store: &Store) {
    let mut moved = facts(7, "777");
    let days = [date(2027, 3, 1), date(2027, 3, 1), date(2027, 4, 1), date(2027, 3, 1)];
    for (day, name) in days.into_iter().zip(["a", "b", "c", "d"]) {
        moved.values.insert(Key::AuditDebut, Value::Date(day));
        moved.values.insert(Key::NomStructure, Value::Text(name.to_owned()));
        save(store, std::slice::from_ref(&moved), &[], "c0", "2027-01-05T08:00:00Z").await;
    }
    let seen = store.dossiers().audit_days(&[7]).await.unwrap().remove(&7).unwrap_or_default();
    assert_eq!(seen, [days[0], days[2], days[3]]);
    assert_eq!(label::case::postponements(&seen), 1, "brought forward again is no postponement");
    save(store, &[], &[(7, true)], "c0", "2027-01-05T08:00:00Z").await;
    store.judgements().drop_from_cases(7, revision(store, 7).await).await.unwrap();
}

/// The marks as first read once the report was sent: each on its own, and those of another report anew.
async fn reported_marks(store: &Store) {
    let mut graded = facts(8, "888");
    let mark = |text: &str| Value::Mark(text.parse().unwrap());
    type Step<'a> = (&'a str, Vec<(Key, Option<Value>)>, Vec<(Key, &'a str)>);
    let steps: [Step<'_>; 6] = [
        ("before the report", vec![(Key::ScoreE1, Some(mark("70")))], vec![]),
        ("announced", vec![(Key::RapportTransmisLe, Some(Value::Date(date(2027, 1, 6))))], vec![]),
        (
            "sent",
            vec![
                (Key::RapportTransmisLe, Some(Value::Date(date(2027, 1, 4)))),
                (Key::ScoreE1, Some(mark("71"))),
            ],
            vec![(Key::ScoreE1, "71")],
        ),
        (
            "another mark",
            vec![(Key::ScoreE2, Some(mark("80")))],
            vec![(Key::ScoreE1, "71"), (Key::ScoreE2, "80")],
        ),
        (
            "revised, and emptied",
            vec![(Key::ScoreE1, Some(mark("75"))), (Key::ScoreE2, None)],
            vec![(Key::ScoreE1, "71"), (Key::ScoreE2, "80")],
        ),
        (
            "another report",
            vec![(Key::RapportTransmisLe, Some(Value::Date(date(2027, 1, 5))))],
            vec![(Key::ScoreE1, "75")],
        ),
    ];
    for (name, changes, kept) in steps {
        for (key, value) in changes {
            match value {
                Some(value) => graded.values.insert(key, value),
                None => graded.values.remove(&key),
            };
        }
        save(store, std::slice::from_ref(&graded), &[], "c0", "2027-01-05T08:00:00Z").await;
        let marks = store
            .dossiers()
            .reported_marks(&[&graded])
            .await
            .unwrap()
            .remove(&graded.number)
            .unwrap_or_default();
        let kept = kept.into_iter().map(|(key, text)| (key, mark(text))).collect();
        assert_eq!(marks, kept, "{name}");
    }
    save(store, &[], &[(8, true)], "c0", "2027-01-05T08:00:00Z").await;
    store.judgements().drop_from_cases(8, revision(store, 8).await).await.unwrap();
}

/// A single field only shows the latest decision: each one seen is kept, a corrected date replaces.
async fn decisions(store: &Store, two: &mut Facts) {
    let now = "2027-01-06T08:00:00Z";
    let choose = |facts: &mut Facts, decision: &str, day| {
        facts.values.insert(Key::Decision, Value::Choice(decision.to_owned()));
        facts.values.insert(Key::DecisionLe, Value::Date(day));
    };
    for (decision, day) in
        [("labellise", date(2027, 1, 5)), ("labellise", date(2027, 1, 6)), ("suspension", date(2027, 1, 8))]
    {
        choose(two, decision, day);
        save(store, std::slice::from_ref(two), &[], "c3", now).await;
    }
    let histories = store.dossiers().family(2).await.unwrap().histories;
    let days: Vec<_> = histories[&2].iter().map(|event| event.decided).collect();
    assert_eq!(days, [Some(date(2027, 1, 6)), Some(date(2027, 1, 8))]);
    assert_eq!(histories[&2].last(), present_event(two).as_ref());
}

/// A decision emptied in single fields, then another one typed: the first does not come back.
async fn emptied(store: &Store, two: &Facts) {
    /// What is typed, what is remembered, and whether the last of it was emptied.
    type Step = (Option<(&'static str, i8)>, &'static [&'static str], bool);
    let mut facts = Facts { number: 32, siret: None, ..two.clone() };
    let now = "2027-01-06T09:00:00Z";
    let typed = |decision: &str, day| {
        [(Key::Decision, Value::Choice(decision.to_owned())), (Key::DecisionLe, Value::Date(day))]
    };
    let seen = async || {
        let family = store.dossiers().family(32).await.unwrap();
        let history = family.histories.get(&32).into_iter().flatten();
        (history.map(|event| event.decision.key()).collect::<Vec<_>>(), family.emptied.contains(&32))
    };
    let steps: [Step; 7] = [
        (Some(("labellise", 5)), &["labellise"], false),
        (Some(("suspension", 6)), &["labellise", "suspension"], false),
        (None, &["labellise", "suspension"], true),
        (Some(("retrait", 7)), &["labellise", "retrait"], false),
        (None, &["labellise", "retrait"], true),
        (Some(("retrait", 7)), &["labellise", "retrait"], false),
        (Some(("labellise", 5)), &["labellise"], false),
    ];
    for (step, (decision, history, emptied)) in steps.into_iter().enumerate() {
        facts.values.remove(&Key::Decision);
        facts.values.remove(&Key::DecisionLe);
        facts.values.extend(decision.into_iter().flat_map(|(word, day)| typed(word, date(2027, 1, day))));
        save(store, std::slice::from_ref(&facts), &[], "c3", now).await;
        assert_eq!(seen().await, (history.to_vec(), emptied), "step {step}");
    }
    // Declared void, then replaced.
    for (word, history) in [("annulee", "labellise"), ("rejete", "rejete")] {
        facts.values.extend(typed(word, date(2027, 1, 9)));
        save(store, std::slice::from_ref(&facts), &[], "c3", now).await;
        assert_eq!(seen().await, (vec![history], word == "annulee"));
    }
}

/// How often a dossier was marked to be judged.
pub async fn revision(store: &Store, number: i64) -> i64 {
    let revisions = store.dossiers().family(number).await.unwrap().revisions;
    revisions.get(&number).copied().unwrap_or_default()
}

/// A judgement without deadlines.
pub async fn judge(store: &Store, summary: &Summary, dossiers: &[i64], today: jiff::civil::Date) {
    let now = at("2027-01-06T08:00:00Z");
    let mut read = Vec::new();
    for number in dossiers {
        read.push((*number, revision(store, *number).await));
    }
    let dossiers = &read;
    let judgement = Judgement {
        recorded: None,
        summary,
        dossiers,
        deadlines: &[],
        applications: &[],
        found: &[],
        next_look: today,
        today,
        now,
    };
    store.judgements().save_judgement(&judgement).await.unwrap();
}

async fn judgements(store: &Store) {
    assert_eq!(store.judgements().to_judge(i64::MIN, 10).await.unwrap(), [1, 2]);
    assert_eq!(store.judgements().to_judge(1, 10).await.unwrap(), [2]);
    let summary = |case_id, next_due| Summary {
        case_id,
        name: "Un service".to_owned(),
        service: "central".to_owned(),
        state: "actif".to_owned(),
        tier: Some("or".to_owned()),
        living: true,
        faults: 2,
        next_due,
        next_what: Some("Plan".to_owned()),
        ..Summary::default()
    };
    let day = date(2027, 1, 6);
    // It was alone, then named the other one as what it follows.
    judge(store, &summary(2, None), &[2], day).await;
    assert!(store.cases().summary(2).await.unwrap().is_some());
    judge(store, &summary(1, Some(date(2027, 3, 1))), &[1, 2], day).await;
    assert!(store.cases().summary(2).await.unwrap().is_none(), "no ghost of it is left");
    judge(store, &summary(5, None), &[], day).await;
    judge(store, &summary(6, Some(date(2027, 2, 1))), &[], day).await;
    assert_eq!(store.judgements().to_judge(i64::MIN, 10).await.unwrap(), Vec::<i64>::new());
    assert_eq!(store.cases().case_of(2).await.unwrap(), Some(1));
    let ids = |list: Vec<Summary>| list.into_iter().map(|s| s.case_id).collect::<Vec<_>>();
    assert_eq!(
        ids(store.cases().work_list(None, 10).await.unwrap()),
        [6, 1, 5],
        "by deadline, those without one last"
    );
    assert_eq!(ids(store.cases().work_list(Some(("2027-02-01", 6)), 1).await.unwrap()), [1]);
    let as_saved = Summary { changed_on: Some(day), ..summary(5, None) };
    assert_eq!(store.cases().summary(5).await.unwrap(), Some(as_saved));
    let (judgements, mine, others) = (store.judgements(), ["s".to_owned()], ["t".to_owned()]);
    assert_eq!(judgements.new_day(day, &mine).await.unwrap(), 0, "judged today already");
    assert_eq!(judgements.new_day(date(2027, 1, 7), &others).await.unwrap(), 0, "left alone");
    assert_eq!(judgements.new_day(date(2027, 1, 7), &mine).await.unwrap(), 2);
    judge(store, &summary(1, None), &[1, 2], date(2027, 1, 7)).await;
    store.judgements().mark_to_judge(2).await.unwrap();
    assert_eq!(store.judgements().to_judge(i64::MIN, 10).await.unwrap(), [2]);
    store.judgements().mark_all_to_judge().await.unwrap();
    assert_eq!(store.judgements().to_judge(i64::MIN, 10).await.unwrap(), [1, 2]);
}

async fn outbox(store: &Store) {
    let (now, later) = (at("2027-01-07T08:00:00Z"), at("2027-01-07T08:05:00Z"));
    let task = |key| NewTask {
        key,
        kind: TaskKind::Mail,
        dossier: 1,
        role: Some("ditp"),
        rule: Some("R"),
        payload: LETTER,
    };
    assert!(store.outbox().put_once(&task(K1), now).await.unwrap());
    assert!(!store.outbox().put_once(&task(K1), now).await.unwrap(), "the same key is the same thing");
    store.outbox().put_once(&task(K2), now).await.unwrap();
    store.outbox().put_once(&task(K3), now).await.unwrap();
    let keys = |tasks: Vec<vigie::store::outbox::Task>| tasks.into_iter().map(|t| t.key).collect::<Vec<_>>();
    assert_eq!(keys(store.outbox().due(TaskKind::Mail, now, 10).await.unwrap()), [K1, K2, K3]);
    let first = store.outbox().due(TaskKind::Mail, now, 1).await.unwrap().remove(0);
    assert!(store.outbox().claim(&first, now, later).await.unwrap());
    assert!(!store.outbox().claim(&first, now, later).await.unwrap(), "one claimer at a time");
    let lost = store.outbox().due(TaskKind::Mail, later, 1).await.unwrap().remove(0);
    assert!((first.interrupted, lost.interrupted) == (false, true) && lost.key == K1);
    assert!(
        store.outbox().claim(&lost, later, at("2027-01-07T08:10:00Z")).await.unwrap(),
        "a claimer that died loses it"
    );
    let said = store.journal().entries(Some(1), 1).await.unwrap();
    assert!(said[0].is(EntryKind::Interrupted), "{said:?}");
    store.outbox().end(K1, TaskEnd::Done, None, now).await.unwrap();
    let second = store.outbox().due(TaskKind::Mail, now, 1).await.unwrap().remove(0);
    assert!(second.key == K2 && store.outbox().claim(&second, now, later).await.unwrap());
    store.outbox().untried(K2, "unreadable", now).await.unwrap();
    let tries = store.outbox().due(TaskKind::Mail, now, 10).await.unwrap().into_iter();
    assert_eq!(
        tries.map(|task| task.attempts).collect::<Vec<_>>(),
        [0, 0],
        "what could not be tried was not"
    );
    store.outbox().later(K2, "451", later).await.unwrap();
    assert_eq!(keys(store.outbox().due(TaskKind::Mail, now, 10).await.unwrap()), [K3]);
    assert_eq!(keys(store.outbox().due(TaskKind::Mail, later, 10).await.unwrap()), [K3, K2]);
    store.outbox().end(K3, TaskEnd::GivenUp("550"), None, now).await.unwrap();
    store.outbox().end(K2, TaskEnd::Cancelled, None, now).await.unwrap();
    assert_eq!(store.outbox().backlog().await.unwrap(), (0, 1));
    assert_eq!(
        store.ledger().mail_keys(&[1]).await.unwrap().remove(&1).unwrap_or_default().len(),
        2,
        "a cancelled mail may be wanted again"
    );
    let put = store.outbox().put_for(TaskKind::Mail, &[1]).await.unwrap();
    let keys: Vec<&str> = put.iter().map(|task| task.key.as_str()).collect();
    assert!(keys.len() == 2 && keys.contains(&K3) && !keys.contains(&K2), "{keys:?}");
    assert!(
        store.outbox().put_for(TaskKind::Webhook, &[1]).await.unwrap().is_empty()
            && store.outbox().put_for(TaskKind::Mail, &[2]).await.unwrap().is_empty()
    );
    assert!(store.outbox().put_once(&task(K2), now).await.unwrap());
    store.outbox().end(K2, TaskEnd::Cancelled, None, now).await.unwrap();
    assert_eq!(
        store.ledger().mails_sent(&[1]).await.unwrap().into_values().flatten().collect::<Vec<_>>().len(),
        1
    );
    assert_eq!(store.ledger().latest_mails(2).await.unwrap().len(), 2);

    let again = NewTask {
        key: "annotation/1",
        kind: TaskKind::Annotation,
        dossier: 1,
        role: None,
        rule: None,
        payload: "",
    };
    store.outbox().put_again(&again, now).await.unwrap();
    store.outbox().end("annotation/1", TaskEnd::Done, None, now).await.unwrap();
    assert!(store.outbox().due(TaskKind::Annotation, now, 1).await.unwrap().is_empty());
    store.outbox().put_again(&again, now).await.unwrap();
    assert_eq!(store.outbox().due(TaskKind::Annotation, now, 1).await.unwrap()[0].attempts, 0);
}

/// A bundle takes what waits for it, but not what another process has claimed or what is not due yet.
async fn bundles(store: &Store) {
    let (now, later) = (at("2027-01-07T08:00:00Z"), at("2027-01-07T08:05:00Z"));
    let mail = |key: &'static str| NewTask {
        key,
        kind: TaskKind::Mail,
        dossier: 3,
        role: Some("organisme"),
        rule: Some("R"),
        payload: LETTER,
    };
    let [free, claimed, early] = [
        "3/O-08/2027-01-07/J-7/organisme",
        "3/O-16/2027-01-07/J-7/organisme",
        "3/O-33/2027-01-07/J-7/organisme",
    ];
    for key in [free, claimed, early] {
        assert!(store.ledger().put_mail(&mail(key), MailLane::Digest, now).await.unwrap());
    }
    let taken = Task {
        key: claimed.to_owned(),
        kind: TaskKind::Mail,
        dossier: 3,
        role: None,
        rule: None,
        payload: String::new(),
        attempts: 0,
        reached: String::new(),
        interrupted: false,
        refused_at: None,
    };
    assert!(store.outbox().claim(&taken, now, later).await.unwrap());
    store.outbox().later(early, "451", later).await.unwrap();
    let carried = async |key: &'static str, now| {
        assert!(
            store.ledger().bundle(&mail(key), MailLane::Digest, Carried::All, now).await.unwrap(),
            "{key}"
        );
        let tasks = store.ledger().bundled(key).await.unwrap();
        tasks.into_iter().map(|task| task.key).collect::<Vec<_>>()
    };
    assert_eq!(carried("digest/2027-01-07/organisme", now).await, [free]);
    assert_eq!(carried("digest/2027-01-08/organisme", later).await, [claimed, early], "its claimer died");
    for key in ["digest/2027-01-07/organisme", "digest/2027-01-08/organisme"] {
        store.ledger().settle(key, &Ending::of(Fate::Cancelled, None), &[], later).await.unwrap();
    }
}

async fn gone(store: &Store, one: &Facts) {
    let now = "2027-01-08T08:00:00Z";
    assert_eq!(
        save(store, &[], &[(1, false), (77, true)], "c4", now).await.1,
        [1],
        "unknown ones leave no trace"
    );
    assert_eq!(save(store, &[], &[(1, false)], "c4", now).await.1, Vec::<i64>::new());
    assert!(store.dossiers().facts(1).await.unwrap().unwrap().gone);
    assert_eq!(
        save(store, std::slice::from_ref(one), &[], "c5", now).await.0,
        [1],
        "restored with the same content"
    );
    assert!(!store.dossiers().facts(1).await.unwrap().unwrap().gone);
    store.pages().rewind("s").await.unwrap();
    assert_eq!(store.pages().position("s").await.unwrap().unwrap().dossiers, None);
    let mut changed = one.clone();
    changed.values.insert(Key::AutoRetard, Value::Flag(true));
    let call = WrittenCall { facts: Some(&changed), ..call("actif") };
    store.writes().settle(&call, at(now)).await.unwrap();
    store.writes().forget_refusals().await.unwrap();
    assert_eq!(
        save(store, &[changed], &[], "c6", now).await.0,
        Vec::<i64>::new(),
        "our own write is no change"
    );
    store.judgements().drop_from_cases(1, revision(store, 1).await).await.unwrap();
    assert_eq!(store.cases().case_of(1).await.unwrap(), None);
}

fn call(value: &str) -> WrittenCall<'static> {
    let does_not_hold = NewLine::new(EntryKind::AnnotationGivenUp, Some(1), "ne tient pas");
    let kept = vec![KeptValue { key: Key::AutoEtat, print: value.to_owned(), does_not_hold }];
    WrittenCall {
        dossier: 1,
        hand: None,
        kept,
        refused: Vec::new(),
        facts: None,
        lines: Vec::new(),
        task: None,
    }
}

async fn records(store: &Store) {
    let now = at("2027-01-09T08:00:00Z");
    store.journal().log(now, EntryKind::Read, Some(1), "un").await.unwrap();
    store.journal().log(now, EntryKind::Read, None, "deux").await.unwrap();
    let details: Vec<_> =
        store.journal().entries(None, 10).await.unwrap().into_iter().map(|e| e.detail).collect();
    assert_eq!(details[..2], ["deux", "un"]);
    let of_one = store.journal().entries(Some(1), 10).await.unwrap();
    let kinds: Vec<_> = of_one.iter().rev().map(|entry| entry.kind.as_str()).collect();
    let expected = ["lu", "acte incertain", "parti", "lu", "lu"];
    assert_eq!(kinds, expected, "read, claimed again, gone, restored, and the line above");
    let given_up = async || {
        let entries = store.journal().entries(Some(1), 99).await.unwrap();
        entries.iter().filter(|entry| entry.is(EntryKind::AnnotationGivenUp)).count()
    };
    for (value, expected) in [("actif", 0), ("actif", 0), ("actif", 1), ("expire", 1)] {
        store.writes().settle(&call(value), now).await.unwrap();
        assert_eq!(given_up().await, expected, "the third time in a row; another value is another try");
    }
    assert_eq!(store.writes().stuck(&[1]).await.unwrap(), [(1, Key::AutoEtat, "actif".to_owned())].into());
    for minute in 0..6 {
        let hand = Some(now + jiff::SignedDuration::from_mins(minute));
        store.writes().settle(&WrittenCall { hand, ..call("suspendu") }, now).await.unwrap();
    }
    assert_eq!(
        given_up().await,
        1,
        "a person who changes it again and again is no platform that does not keep it"
    );
    store.writes().forget_refusals().await.unwrap();
    assert!(store.writes().stuck(&[1]).await.unwrap().is_empty());
    store.settings().set("a", "1").await.unwrap();
    store.settings().set("a", "2").await.unwrap();
    assert_eq!(store.settings().get("a").await.unwrap().as_deref(), Some("2"));
}

#[tokio::test]
async fn the_story_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    story(&Store::open(&url).await.unwrap()).await;
    // Opened again, no migration is left to apply.
    assert_eq!(Store::open(&url).await.unwrap().settings().get("a").await.unwrap().as_deref(), Some("2"));
    story(&Store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test]
async fn the_story_on_postgresql() {
    let Some(base) = postgres().await else { return };
    story(&Store::open(&base.url).await.unwrap()).await;
    base.drop().await;
}

/// A database of its own on the server of `TEST_DATABASE_URL`; without it, the test says that it did not run.
pub struct Base {
    pub url: String,
    server: sqlx::PgPool,
    name: String,
}

pub async fn postgres() -> Option<Base> {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        println!("NOT RUN on PostgreSQL: TEST_DATABASE_URL is not set");
        return None;
    };
    let pool =
        sqlx::PgPool::connect(&server).await.expect("TEST_DATABASE_URL is set: the server must answer");
    // A test may ask for several.
    static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let made = MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("vigie_test_{}_{:x}_{made}", std::process::id(), std::ptr::from_ref(&pool).addr());
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&pool).await.unwrap();
    // What a power cut would lose is not tested, and waiting for the disk at each commit took half of the time.
    let no_wait = sqlx::AssertSqlSafe(format!("alter database {name} set synchronous_commit = off"));
    sqlx::query(no_wait).execute(&pool).await.unwrap();
    let (root, _) = server.rsplit_once('/').unwrap();
    Some(Base { url: format!("{root}/{name}"), server: pool, name })
}

impl Base {
    pub async fn drop(self) {
        let sql = sqlx::AssertSqlSafe(format!("drop database {} with (force)", self.name));
        sqlx::query(sql).execute(&self.server).await.unwrap();
    }
}

#[tokio::test]
async fn an_unknown_scheme_and_an_unreachable_server_are_said_plainly() {
    let error = Store::open("mysql://localhost/x").await.unwrap_err().to_string();
    assert!(error.contains("store.url") && error.contains("sqlite:vigie.db"), "{error}");
    let error = Store::open("sqlite:/nowhere/at/all/v.db").await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all/v.db") && error.contains("its folder does not exist"), "{error}");
}

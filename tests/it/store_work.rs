//! The work list and the labels in SQL: narrowed, ordered, page by page; called by `store.rs`, on both engines.

use jiff::civil::{Date, date};
use vigie::store::Store;
use vigie::store::cases::Summary;
use vigie::store::deadlines::{After, DeadlineRow, DeadlineStatus};
use vigie::store::labels::Labels;
use vigie::store::narrowed::{Filter, Narrowed};
use vigie::store::services::Order;
use vigie::store::work::{FIRST_DAY, Span};

use crate::store_lists::{Saved, deadline, labelled, standing_so, suspended_from};

const TODAY: Date = date(2027, 1, 6);
const FOREVER: Labels = Labels { today: TODAY, in_force: true, from: FIRST_DAY, to: Date::MAX };

fn only(change: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    change(&mut filter);
    filter
}

async fn prepare(store: &Store) {
    let body = |summary: Summary, organisme: &str| Summary { organisme: organisme.to_owned(), ..summary };
    let mut summaries = [
        body(labelled(201, "Mairie d’Évry"), "Boréal"),
        body(labelled(202, "Préfecture 100 % utile"), "Austral"),
        body(labelled(203, "Guichet"), "Boréal"),
    ];
    let suspended = vec![(TODAY, suspended_from(TODAY, date(2028, 1, 6)))];
    summaries[1] = standing_so(summaries[1].clone(), suspended);
    summaries[2] = standing_so(summaries[2].clone(), Vec::new());
    summaries[2].tier = None;
    summaries[2].type_key = "central".to_owned();
    for summary in summaries {
        let id = summary.case_id;
        let lines = vec![
            deadline(
                id,
                "O-08",
                0,
                date(2027, 1, 4),
                if id == 203 { DeadlineStatus::Late } else { DeadlineStatus::Done },
            ),
            deadline(id, "O-16", 0, date(2027, 1, 9), DeadlineStatus::Upcoming),
            deadline(id, "O-33", 0, date(2027, 9, 1), DeadlineStatus::Upcoming),
        ];
        let named = |line: DeadlineRow| DeadlineRow { organisme: summary.organisme.clone(), ..line };
        let deadlines = lines.into_iter().map(named).collect();
        let saved = Saved { summary, deadlines, applications: vec![] };
        saved.on(store, TODAY, "2027-01-06T08:00:00Z").await;
    }
}

/// All services, found by what people type; those of a filter that leaves many are the same.
pub async fn services(store: &Store) {
    prepare(store).await;
    let mut summary = store.cases().summary(203).await.unwrap().unwrap();
    summary.siret = Some("99900375000017".to_owned());
    summary.contact_domain = "accueil.guichet.example".to_owned();
    summary.departement = "37".to_owned();
    let deadlines = store.agenda().deadlines_of(203).await.unwrap();
    Saved { summary, deadlines, applications: vec![] }.on(store, TODAY, "2027-01-06T09:00:00Z").await;
    let found = async |filter: Filter| {
        let (few, many) = (store.work().narrowed(&filter).await.unwrap(), Narrowed::Many(filter));
        let services = store.work().services(&few, Order::Name, ("", i64::MIN), 99).await.unwrap();
        assert_eq!(store.work().services(&many, Order::Name, ("", i64::MIN), 99).await.unwrap(), services);
        let counted = store.work().services_count(&many, 99).await.unwrap();
        assert_eq!(counted, i64::try_from(services.len()).unwrap());
        let lines = store.work().lines(Span::Late, &few, &After::start_of(FIRST_DAY), 9).await.unwrap();
        let same = store.work().lines(Span::Late, &many, &After::start_of(FIRST_DAY), 9).await.unwrap();
        assert_eq!(lines, same, "the work list finds the same services");
        let own = services.into_iter().map(|summary| summary.case_id);
        own.filter(|id| (201..=203).contains(id)).collect::<Vec<i64>>()
    };
    let typed = async |text: &str| found(only(|filter| filter.text = text.to_owned())).await;
    assert_eq!(typed("").await, [203, 201, 202], "by name");
    assert_eq!(typed("utile PRÉFECTURE").await, [202], "words in any order");
    assert_eq!(typed("utile evry").await, [0; 0]);
    assert_eq!(typed("999 003 750 00017").await, [203]);
    assert_eq!(typed("999003750").await, [203], "a SIREN");
    assert_eq!(typed("100").await, [202], "a number is a part of a name too");
    assert_eq!(typed("a@accueil.guichet.example").await, [203]);
    assert_eq!(typed("guichet.example").await, [203], "and the domain above");
    assert_eq!(typed("uichet.example").await, [0; 0], "not a part of a domain");
    assert_eq!(found(only(|filter| filter.departement = "37".to_owned())).await, [203]);
    assert_eq!(found(only(|filter| filter.departement = "3' or '1".to_owned())).await, [0; 0]);
    assert_eq!(store.work().departements(None, 9).await.unwrap(), ["37"]);

    // Page by page, each once; by the next deadline.
    let all = Narrowed::All;
    for order in [Order::Name, Order::Next] {
        let (mut seen, mut after) = (Vec::new(), (String::new(), i64::MIN));
        while let Some(summary) =
            store.work().services(&all, order, (&after.0, after.1), 1).await.unwrap().pop()
        {
            after = order.place(&summary);
            seen.push(summary.case_id);
        }
        seen.sort_unstable();
        let once: Vec<i64> = seen.iter().copied().filter(|id| (201..=203).contains(id)).collect();
        assert_eq!(once, [201, 202, 203], "{order:?}");
        assert!(seen.is_sorted_by(|one, other| one < other), "{order:?}: each once");
    }
}

pub async fn work(store: &Store) {
    prepare(store).await;
    let (all, start) = (Narrowed::All, After::start_of(FIRST_DAY));
    assert_eq!(store.work().narrowed(&Filter::default()).await.unwrap(), all);
    let week = Span::Until(date(2027, 1, 13));
    assert_eq!(store.work().work_count(Span::Late, &all, 9).await.unwrap(), 1);
    assert_eq!(store.work().work_count(week, &all, 9).await.unwrap(), 3);
    assert_eq!(store.work().work_count(Span::Beyond(date(2027, 1, 13)), &all, 9).await.unwrap(), 3);

    assert_eq!(store.work().work_count(week, &all, 1).await.unwrap(), 2, "no further than one more");

    // Page by page, each line once.
    let first = store.work().lines(week, &all, &start, 2).await.unwrap();
    let rest = store.work().lines(week, &all, &first[1].place(), 2).await.unwrap();
    let dossiers: Vec<i64> = first.iter().chain(&rest).map(|line| line.dossier).collect();
    assert_eq!(dossiers, [201, 202, 203]);

    let later = Span::Beyond(date(2027, 1, 13));
    let first = store.work().lines(later, &all, &start, 1).await.unwrap();
    let rest = store.work().lines(later, &all, &first[0].place(), 9).await.unwrap();
    let dossiers: Vec<i64> = first.iter().chain(&rest).map(|line| line.dossier).collect();
    assert_eq!(dossiers, [201, 202, 203], "lines of one day are not lost between pages");

    // Narrowed by each word, and by a word that has no meaning here.
    // A filter that leaves few cases and one that leaves many find the same.
    let count = async |filter: Filter| {
        let (few, many) = (store.work().narrowed(&filter).await.unwrap(), Narrowed::Many(filter));
        let counted = store.work().work_count(week, &few, 9).await.unwrap();
        assert_eq!(store.work().work_count(week, &many, 9).await.unwrap(), counted);
        let lines = store.work().lines(week, &few, &start, 9).await.unwrap();
        assert_eq!(store.work().lines(week, &many, &start, 9).await.unwrap(), lines);
        assert_eq!(lines.len(), usize::try_from(counted).unwrap());
        counted
    };
    assert_eq!(count(only(|filter| filter.text = "evry".to_owned())).await, 1);
    assert_eq!(count(only(|filter| filter.text = "100 %".to_owned())).await, 1, "a sign is no wildcard");
    assert_eq!(
        count(only(|filter| filter.text = "_".to_owned())).await,
        3,
        "nothing to look for narrows nothing"
    );
    assert_eq!(count(only(|filter| filter.organisme = "Boréal".to_owned())).await, 2);
    assert_eq!(count(only(|filter| filter.type_key = "central".to_owned())).await, 1);
    assert_eq!(count(only(|filter| filter.tier = "argent".to_owned())).await, 2);
    assert_eq!(count(only(|filter| filter.state = "' or 1=1 --".to_owned())).await, 0);
    assert_eq!(store.work().organismes(10).await.unwrap(), ["Austral", "Boréal"]);

    // The case alone changes: its lines are found by its new words.
    let granted =
        |summary: Summary| Summary { state: "actif".to_owned(), tier: Some("or".to_owned()), ..summary };
    let before = store.cases().summary(203).await.unwrap().unwrap();
    let deadlines = store.agenda().deadlines_of(203).await.unwrap();
    let saved =
        Saved { summary: granted(before.clone()), deadlines: deadlines.clone(), applications: vec![] };
    saved.on(store, TODAY, "2027-01-06T09:00:00Z").await;
    assert_eq!(count(only(|filter| filter.tier = "or".to_owned())).await, 1);
    assert_eq!(store.agenda().deadlines_of(203).await.unwrap(), deadlines, "no day moved");
    Saved { summary: before, deadlines, applications: vec![] }.on(store, TODAY, "2027-01-06T10:00:00Z").await;
    assert_eq!(count(only(|filter| filter.tier = "or".to_owned())).await, 0);

    // What changed: a case is new on its first day.
    let central =
        store.work().narrowed(&only(|filter| filter.type_key = "central".to_owned())).await.unwrap();
    assert_eq!(store.work().changed_count(TODAY, &central, 9).await.unwrap(), 1);
    assert_eq!(store.work().changed(TODAY, &all, (TODAY, 201), 1).await.unwrap()[0].case_id, 202);
    assert_eq!(store.work().changed_count(date(2027, 1, 7), &central, 9).await.unwrap(), 0);

    // Labels by the day of their loss: the suspension to lift comes before the end.
    let labels = store.work().labels(FOREVER, &all, (FIRST_DAY, i64::MIN), 10).await.unwrap();
    let ids: Vec<i64> = labels.iter().map(|summary| summary.case_id).collect();
    assert_eq!(ids, [202, 201], "without a label it is not there");
    let silver = only(|filter| filter.tier = "argent".to_owned());
    for narrowed in [store.work().narrowed(&silver).await.unwrap(), Narrowed::Many(silver)] {
        assert_eq!(store.work().labels(FOREVER, &narrowed, (FIRST_DAY, i64::MIN), 10).await.unwrap(), labels);
        assert_eq!(store.work().changed(TODAY, &narrowed, (FIRST_DAY, i64::MIN), 10).await.unwrap().len(), 2);
    }
    let after = store.work().labels(FOREVER, &all, (date(2028, 1, 6), 202), 10).await.unwrap();
    assert_eq!((after.len(), after[0].case_id), (1, 201));
    let ends = Labels { from: date(2029, 1, 1), to: date(2029, 12, 31), ..FOREVER };
    assert_eq!(store.work().labels_count(ends, &all, 9).await.unwrap(), 1);
    // A suspension past its limit that nobody lifted: in force, and not lost before the end of validity.
    for (today, held, lost) in [
        (date(2028, 1, 7), vec![202, 201], vec![]),
        (date(2029, 1, 5), vec![202, 201], vec![]),
        (date(2029, 1, 6), vec![202], vec![201]),
    ] {
        for (in_force, expected) in [(true, held), (false, lost)] {
            let labels = Labels { today, in_force, ..FOREVER };
            let found = store.work().labels(labels, &all, (FIRST_DAY, i64::MIN), 10).await.unwrap();
            assert_eq!(found.iter().map(|summary| summary.case_id).collect::<Vec<_>>(), expected, "{today}");
            let count = i64::try_from(expected.len()).unwrap();
            assert_eq!(store.work().labels_count(labels, &all, 9).await.unwrap(), count, "{today}");
        }
    }
    for case in 201..=203 {
        store.judgements().drop_from_cases(case, 0).await.unwrap();
    }
}

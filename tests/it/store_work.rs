//! The work list and the labels in SQL: narrowed, ordered, page by page; told by the story of `store.rs`, on both engines.

use jiff::civil::{Date, date};
use vigie::store::Store;
use vigie::store::cases::{LabelLine, Summary};
use vigie::store::deadlines::After;
use vigie::store::work::{FIRST_DAY, Filter, Span};

use crate::store_lists::{Saved, deadline, labelled};

const TODAY: Date = date(2027, 1, 6);
const FOREVER: (Date, Date) = (FIRST_DAY, Date::MAX);

fn only(change: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    change(&mut filter);
    filter
}

async fn prepare(store: &Store) {
    let suspended = |label: LabelLine| LabelLine { suspended: Some((TODAY, date(2028, 1, 6))), ..label };
    let body = |summary: Summary, organisme: &str| Summary { organisme: organisme.to_owned(), ..summary };
    let mut summaries = [
        body(labelled(201, "Mairie d’Évry"), "Boréal"),
        body(labelled(202, "Préfecture 100 % utile"), "Austral"),
        body(labelled(203, "Guichet"), "Boréal"),
    ];
    summaries[1].label = summaries[1].label.take().map(suspended);
    summaries[2].label = None;
    summaries[2].tier = None;
    summaries[2].type_key = "central".to_owned();
    for summary in summaries {
        let id = summary.case_id;
        let lines = vec![
            deadline(id, "O-08", 0, date(2027, 1, 4), if id == 203 { "late" } else { "done" }),
            deadline(id, "O-16", 0, date(2027, 1, 9), "upcoming"),
            deadline(id, "O-33", 0, date(2027, 9, 1), "upcoming"),
        ];
        let saved = Saved { summary, deadlines: lines, applications: vec![] };
        saved.on(store, TODAY, "2027-01-06T08:00:00Z").await;
    }
}

pub async fn work(store: &Store) {
    prepare(store).await;
    let (all, start) = (Filter::default(), After::start_of(FIRST_DAY));
    let week = Span::Until(date(2027, 1, 13));
    assert_eq!(store.work_count(Span::Late, &all).await.unwrap(), 1);
    assert_eq!(store.work_count(week, &all).await.unwrap(), 3);
    assert_eq!(store.work_count(Span::Beyond(date(2027, 1, 13)), &all).await.unwrap(), 3);

    // Page by page, each line once.
    let first = store.work(week, &all, &start, 2).await.unwrap();
    let rest = store.work(week, &all, &first[1].place(), 2).await.unwrap();
    let dossiers: Vec<i64> = first.iter().chain(&rest).map(|line| line.dossier).collect();
    assert_eq!(dossiers, [201, 202, 203]);

    // Narrowed by each word, and by what is no word of ours.
    let count = async |filter: Filter| store.work_count(week, &filter).await.unwrap();
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
    assert_eq!(store.organismes(10).await.unwrap(), ["Austral", "Boréal"]);

    // What changed: a case is new on its first day.
    let central = only(|filter| filter.type_key = "central".to_owned());
    assert_eq!(store.changed_count(TODAY, &central).await.unwrap(), 1);
    assert_eq!(store.changed(TODAY, &all, 201, 1).await.unwrap()[0].case_id, 202);
    assert_eq!(store.changed_count(date(2027, 1, 7), &central).await.unwrap(), 0);

    // Labels by the day of their loss: the suspension to lift comes before the end.
    let labels = store.labels(FOREVER, &all, (FIRST_DAY, i64::MIN), 10).await.unwrap();
    let ids: Vec<i64> = labels.iter().map(|summary| summary.case_id).collect();
    assert_eq!(ids, [202, 201], "without a label it is not there");
    let after = store.labels(FOREVER, &all, (date(2028, 1, 6), 202), 10).await.unwrap();
    assert_eq!((after.len(), after[0].case_id), (1, 201));
    assert_eq!(store.labels_count((date(2029, 1, 1), date(2029, 12, 31)), &all).await.unwrap(), 1);
    for case in 201..=203 {
        store.drop_from_cases(case).await.unwrap();
    }
}

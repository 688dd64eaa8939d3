//! A judgement that says what is stored leaves its rows as they are, unless something else wrote or took one of them since.

use jiff::civil::{Date, date};
use label::case::Settled;
use label::wording::journal::EntryKind;
use vigie::store::Store;
use vigie::store::deadlines::{DeadlineRow, DeadlineStatus};
use vigie::store::journal::NewLine;
use vigie::store::judgement::Judgement;
use vigie::store::settled::SettledBy;

use crate::store::{at, facts, postgres, revision, save};
use crate::store_lists::{deadline, labelled};
use crate::upgrades::sql;

const NOW: &str = "2027-01-06T08:00:00Z";
const TODAY: Date = date(2027, 1, 6);
const DUE: Date = date(2027, 1, 5);

/// Judges a case of these dossiers, each with a late deadline.
async fn judge(store: &Store, case_id: i64, dossiers: &[i64]) {
    let mut read = Vec::new();
    for number in dossiers {
        read.push((*number, revision(store, *number).await));
    }
    let late =
        |number: &i64| DeadlineRow { case_id, ..deadline(*number, "O-08", 0, DUE, DeadlineStatus::Late) };
    let lines: Vec<DeadlineRow> = dossiers.iter().map(late).collect();
    let judgement = Judgement {
        summary: &labelled(case_id, "Service"),
        dossiers: &read,
        deadlines: &lines,
        applications: &[],
        found: &[],
        recorded: None,
        next_look: TODAY,
        today: TODAY,
        now: at(NOW),
    };
    store.judgements().save_judgement(&judgement).await.unwrap();
}

/// The case and the title of the deadline of a dossier, and how it stands.
async fn line(store: &Store, dossier: i64) -> (i64, String, DeadlineStatus) {
    let mut lines = store.agenda().deadlines_of(701).await.unwrap();
    lines.extend(store.agenda().deadlines_of(702).await.unwrap());
    lines.retain(|line| line.dossier == dossier);
    let line = lines.pop().unwrap();
    assert!(lines.is_empty(), "{lines:?}");
    (line.case_id, line.title, line.status)
}

async fn tried(url: &str) {
    let store = &Store::open(url).await.unwrap();
    save(store, &[facts(701, "7010"), facts(702, "7010")], &[], "c0", NOW).await;
    let late = (701, "Échéance O-08".to_owned(), DeadlineStatus::Late);
    judge(store, 701, &[701, 702]).await;
    assert_eq!(line(store, 701).await, late);

    // Nobody says that a row is another one: it is not compared, which shows that none is read.
    sql(url, "update deadlines set title = 'autre' where dossier = 701").await;
    judge(store, 701, &[701, 702]).await;
    assert_eq!(line(store, 701).await.1, "autre");
    // An upgrade that changes rows says so.
    sql(url, "update cases set rows_print = '' where case_id = 701").await;
    judge(store, 701, &[701, 702]).await;
    assert_eq!(line(store, 701).await, late);

    // Somebody says that it is done, and the rules do not follow: the line is late again.
    let settled = Settled { dossier: 701, code: "O-08".to_owned(), due: DUE, on: TODAY };
    let said = NewLine::new(EntryKind::Judged, Some(701), "dit".to_owned());
    let one = SettledBy { settled, who: String::new() };
    assert!(store.ledger().keep_settled(&one, &said, at(NOW)).await.unwrap());
    assert_eq!(line(store, 701).await.2, DeadlineStatus::Done);
    judge(store, 701, &[701, 702]).await;
    assert_eq!(line(store, 701).await, late);

    // A dossier that is judged as a case of its own takes its lines with it, and brings them back.
    judge(store, 702, &[702]).await;
    assert_eq!(line(store, 702).await.0, 702);
    judge(store, 701, &[701, 702]).await;
    assert_eq!(line(store, 702).await.0, 701);
}

#[tokio::test]
async fn rows_are_written_again_when_they_may_differ_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    tried(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn rows_are_written_again_when_they_may_differ_on_postgresql() {
    let Some(base) = postgres().await else { return };
    tried(&base.url).await;
    base.drop().await;
}

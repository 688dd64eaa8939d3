//! The record: what was judged and done stays in a chain, is shown again, and any change of it is found.

use jiff::Timestamp;
use jiff::civil::Date;
use label::case::keys::Key;
use label::guide::choices::{Choices, SurveyAveraging};
use label::wording::cause::{Author, Cause};
use label::wording::differences::differences;
use simulator::Deletion;
use vigie::record::export::{Export, Paper, committee, html};
use vigie::record::judged::{self, JudgedBody};
use vigie::record::verify::{Fault, FaultKind, walk};
use vigie::record::{Error, again, said};
use vigie::store::chain::{EntryType, ORIGIN};

use crate::bench::Bench;
use crate::store::postgres;
use crate::upgrades::sql;
use crate::web::Pages;

const VISIT: &str = "Premier jour de visite";

fn at(day: Date) -> Timestamp {
    day.at(9, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

/// The bodies of the judgements of a case.
async fn judged(bench: &Bench, case: i64) -> Vec<JudgedBody> {
    let entries = bench.daemon.store.record().judgements(case).await.unwrap();
    entries.iter().map(|entry| judged::read(entry).unwrap()).collect()
}

/// On a file and on PostgreSQL: a test gets the address of an empty store.
pub async fn on_both<F: AsyncFn(String)>(test: F) {
    let folder = tempfile::tempdir().unwrap();
    test(format!("sqlite:{}", folder.path().join("v.db").display())).await;
    if let Some(base) = postgres().await {
        test(base.url.clone()).await;
        base.drop().await;
    }
}

async fn grows_only_with_differences(url: String) {
    let bench = Bench::stored("petit", 0, &url).await;
    bench.pass().await;
    let record = bench.daemon.store.record();
    let chain = walk(&record, None).await.unwrap();
    assert_eq!(chain.fault, None);
    let entries = record.after(0, 1000).await.unwrap();
    let count = |kind: EntryType| entries.iter().filter(|entry| entry.kind == kind.word()).count();
    assert_eq!((entries[0].kind.as_str(), entries[0].previous.as_str()), ("rules", ORIGIN));
    assert_eq!(count(EntryType::Rules), 1);
    assert!(count(EntryType::Judgement) >= 3 && count(EntryType::Act) >= 4, "{}", entries.len());
    // Each mail that left has its entry, with a hash of what the server answered.
    let acts = entries.iter().filter(|entry| entry.kind == "act");
    // Each names the task that it ended: a mail, what was written in a dossier.
    assert!(acts.clone().all(|act| act.body.contains(r#""key":""#)), "{entries:#?}");
    assert!(acts.clone().any(|act| act.body.contains(r#""key":"annotation/4243""#)), "{entries:#?}");
    let mails = acts.filter(|entry| entry.body.contains(r#""what":"courriel""#)).count();
    assert!(mails >= bench.mails().len() && mails > 0, "{mails}");

    // Judging again the same day, from the same facts, says nothing new; our own annotations are no new facts.
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    bench.pass().await;
    assert_eq!(record.head().await.unwrap(), (chain.entries, chain.last));

    // A person changes a date: one entry of that case, that says which key.
    let before = judged(&bench, 4243).await.len();
    let visit = bench.daemon.book.today().tomorrow().unwrap();
    bench.simulator.world().annotate(4243, VISIT, visit);
    bench.pass().await;
    let bodies = judged(&bench, 4243).await;
    assert_eq!(bodies.len(), before + 1);
    let cause = Cause::Facts { dossier: 4243, by: Author::Instructeur, keys: vec!["audit_debut".to_owned()] };
    assert_eq!(bodies.last().unwrap().causes, [cause]);
    let line = bench.daemon.store.journal().page(Some("jugé"), Some(4243), None, 1).await.unwrap();
    let said = "parce qu’une personne, sur la plateforme, a changé le dossier 4243 (premier jour de visite)";
    assert!(line[0].1.detail.ends_with(said), "{line:?}");

    // Another day alone is recorded where it changes what is said, and only there.
    let seq = record.head().await.unwrap().0;
    bench.set_now(at(bench.daemon.book.today().tomorrow().unwrap()));
    bench.pass().await;
    let new = record.after(seq, 1000).await.unwrap();
    for entry in new.iter().filter(|entry| entry.kind == "judgement") {
        let bodies = judged(&bench, entry.case.unwrap()).await;
        let [.., before, after] = &bodies[..] else { panic!("{bodies:?}") };
        assert_ne!(
            (&before.statement, &before.dossiers, &before.case),
            (&after.statement, &after.dossiers, &after.case)
        );
    }
    assert_eq!(walk(&record, None).await.unwrap().fault, None);
}

#[tokio::test]
async fn the_chain_grows_only_by_what_differs_and_holds() {
    on_both(grows_only_with_differences).await;
}

async fn each_change_is_named(url: String) {
    let bench = Bench::stored("petit", 0, &url).await;
    bench.pass().await;
    let record = bench.daemon.store.record();
    let whole = walk(&record, None).await.unwrap();
    let judgement = record.last_judgement(4243).await.unwrap().unwrap();
    let fault = async || walk(&record, None).await.unwrap().fault;
    let named = |seq, what| Some(Fault { seq, what });

    // One letter of an old entry.
    sql(&url, "update record set body = replace(body, 'judge', 'Judge'), day = '2020-01-01' where seq = 3")
        .await;
    assert_eq!(fault().await, named(3, FaultKind::Changed));
    let day = bench.daemon.book.today();
    let back =
        format!("update record set body = replace(body, 'Judge', 'judge'), day = '{day}' where seq = 3");
    sql(&url, Box::leak(back.into_boxed_str())).await;
    assert_eq!(fault().await, None);

    // An entry rewritten with a hash of its own: the next one does not name it.
    let rewritten = {
        let mut entry = record.after(3, 1).await.unwrap().remove(0);
        entry.day = "2020-01-01".to_owned();
        entry.computed()
    };
    let text = format!("update record set day = '2020-01-01', hash = '{rewritten}' where seq = 4");
    sql(&url, Box::leak(text.into_boxed_str())).await;
    assert_eq!(fault().await, named(5, FaultKind::Broken));
    // The digest told the hash of the end: who rewrites the whole chain is found by it.
    let anchor = (4, "0123456789abcdef");
    let text = format!(
        "update record set day = '{day}', hash = (select previous from record where seq = 5) where seq = 4"
    );
    sql(&url, Box::leak(text.into_boxed_str())).await;
    assert_eq!(fault().await, None);
    assert_eq!(walk(&record, Some(anchor)).await.unwrap().fault, named(4, FaultKind::Anchor));
    let good = whole.last.get(..16).unwrap();
    assert_eq!(walk(&record, Some((whole.entries, good))).await.unwrap().fault, None);

    // A content, the text of an act, the end.
    let body = judged::read(&judgement).unwrap();
    let text = format!(
        "update record_contents set packed = (select packed from record_contents where hash = '{}') where hash = '{}'",
        body.case, body.statement
    );
    sql(&url, Box::leak(text.into_boxed_str())).await;
    let found = fault().await.unwrap();
    assert_eq!(found.what, FaultKind::Damaged(body.statement.clone()), "{found:?}");
    let error = said::on(&record, 4243, day).await.unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    sql(&url, "update record_contents set packed = null, erased_at = 1").await;
    assert_eq!(fault().await, None, "an erased content keeps its hash");
    let error = said::on(&record, 4243, day).await.unwrap_err();
    assert!(matches!(error, Error::Erased { .. }), "{error}");
    sql(&url, "update journal set answer = '250 changed' where kind = 'courriel'").await;
    assert!(matches!(fault().await.unwrap().what, FaultKind::Line(_)));
    sql(&url, "update journal set erased = true where kind = 'courriel'").await;
    assert_eq!(fault().await, None);
    let text = format!("delete from record where seq = {}", whole.entries);
    sql(&url, Box::leak(text.into_boxed_str())).await;
    assert_eq!(fault().await, named(whole.entries, FaultKind::Head));
}

#[tokio::test]
async fn each_change_of_the_record_is_named() {
    on_both(each_change_is_named).await;
}

#[tokio::test]
async fn what_was_said_is_shown_again_after_facts_and_readings_changed() {
    let mut bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let first = bench.daemon.book.today();
    let visit = first.tomorrow().unwrap();
    bench.set_now(at(first.checked_add(jiff::Span::new().days(10)).unwrap()));
    bench.simulator.world().annotate(4243, VISIT, visit);
    bench.pass().await;
    let second = bench.daemon.book.today();
    let record = bench.daemon.store.record();
    let on = async |day: Date| said::on(&record, 4243, day).await.unwrap();
    assert!(on(first.yesterday().unwrap()).await.is_none());
    let (then, now) = (on(first).await.unwrap(), on(second).await.unwrap());
    assert_eq!(on(first.tomorrow().unwrap()).await.unwrap().entry.seq, then.entry.seq);
    assert!(then.until.is_some() && now.until.is_none());
    let changed = differences(&then.statement, &now.statement);
    assert!(changed.iter().any(|one| one.about.starts_with("Échéance")), "{changed:?}");

    // The same facts, judged again: the same, until a reading changes.
    let frame = bench.daemon.book.frame().await.unwrap();
    let (same, none) = again::judge(&record, &then, first, &frame).await.unwrap();
    assert_eq!((same, none), (then.statement.clone(), Vec::new()));
    bench.daemon.book.choices = Choices { averaging: SurveyAveraging::Pooled, ..Choices::default() };
    let frame = bench.daemon.book.frame().await.unwrap();
    let (_, all) = again::judge(&record, &then, first, &frame).await.unwrap();
    let seq = record.head().await.unwrap().0;
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    bench.pass().await;
    let new = record.after(seq, 1).await.unwrap().remove(0);
    assert_eq!(new.kind, "rules");
    assert!(new.body.contains("F-02"), "{}", new.body);
    let last = judged(&bench, 4243).await.pop().unwrap();
    assert!(last.causes.contains(&Cause::Frame), "{:?}", last.causes);
    assert!(last.edition.contains("lectures choisies : F-02"), "{}", last.edition);
    // The recorded words stand whatever the readings are now.
    assert_eq!(on(first).await.unwrap().statement, then.statement);

    let pages = Pages::over(&bench, None).await;
    let (status, page) = pages.get(&format!("/cas/4243?au={first}&encore=oui")).await;
    assert_eq!(status, 200, "{page}");
    let hash = then.entry.hash.get(..16).unwrap();
    for text in [hash, "Rejugés aujourd’hui", "Ce que vigie disait ce jour-là"] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(all.is_empty() || page.contains("→"), "{page}");
    let (status, page) = pages.get("/cas/4243?au=2020-01-01").await;
    assert!(status == 404 && page.contains("son premier jugement enregistré est du"), "{page}");
    assert_eq!(pages.get("/cas/4243?au=hier").await.0, 400);
}

#[tokio::test]
async fn one_file_tells_facts_rules_verdict_and_acts_with_hashes_that_hold() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let record = bench.daemon.store.record();
    let today = bench.daemon.book.today();
    assert!(Export::of(&record, 1).await.unwrap().is_none());
    let export = Export::of(&record, 4244).await.unwrap().unwrap();
    // Whoever has the file alone computes every hash again.
    let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&export).unwrap()).unwrap();
    let entries: Vec<_> = export.entries.iter().collect();
    assert!(entries.len() >= 2 && entries.iter().all(|entry| entry.computed() == entry.hash));
    for (entry, body) in &export.judgements {
        assert_eq!(entry.case, Some(4244));
        assert!(json["contents"][&body.statement]["state"].is_string(), "{body:?}");
        let facts = body.dossiers.get(&4244).unwrap();
        assert!(json["contents"][facts]["number"] == 4244);
    }
    let acts = export.entries.iter().filter(|entry| entry.kind == "act").count();
    assert_eq!(acts, export.lines.len());
    let text = json.to_string();
    let facts = bench.daemon.store.dossiers().facts(4244).await.unwrap().unwrap();
    let written = facts.text(Key::ContactEmail).unwrap();
    assert!(
        !text.contains(written) && !text.contains(&facts.account),
        "nobody's address is in a file for others"
    );

    let (screen, sheet) =
        (html(&export, Paper::Screen, today).unwrap(), html(&export, Paper::Sheet, today).unwrap());
    let (last, _) = export.judgements.last().unwrap();
    for part in [
        last.hash.as_str(),
        "Faits",
        "§ 2.2.1 du guide",
        "Label valable",
        "Actes",
        "annotation",
        "auto_etat",
        "décision : labellise",
    ] {
        assert!(screen.contains(part), "{part} in {screen}");
    }
    assert!(!screen.contains("<script") && !screen.contains("http"), "readable offline: {screen}");
    assert_eq!(sheet.matches("<details open>").count(), export.judgements.len());
    let page = committee(&record, &export, today).await.unwrap();
    for part in
        ["Notes et seuils", "Bronze", "Points ouverts", "Échéances ouvertes", "La décision appartient"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
}

/// The platform deletes finished dossiers long before a label ends: that is recorded, and judged again as it was.
#[tokio::test]
async fn a_dossier_that_left_the_platform_is_judged_again_as_one_that_left() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let record = bench.daemon.store.record();
    bench.simulator.world().delete(4244, Deletion::Expired);
    bench.daemon.store.asks().forget(4244, bench.daemon.book.clock.now()).await.unwrap();
    bench.pass().await;
    let facts = bench.daemon.store.dossiers().facts(4244).await.unwrap().unwrap();
    assert!(facts.gone, "it left");
    let today = bench.daemon.book.today();
    let said = said::on(&record, 4244, today).await.unwrap().unwrap();
    assert_eq!(said.body.gone.iter().copied().collect::<Vec<_>>(), [4244]);
    assert!(said.body.causes.contains(&Cause::Dossiers), "{:?}", said.body.causes);
    let frame = bench.daemon.book.frame().await.unwrap();
    let (_, all) = again::judge(&record, &said, today, &frame).await.unwrap();
    assert_eq!(all, Vec::new());
}

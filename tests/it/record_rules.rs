//! Other readings or another version: announced with what they change before anything is written, then recorded once.

use label::guide::choices::{Choices, LastDay};
use label::wording::rules_change::{RulesChange, Upcoming, announcement};
use simulator::Simulator;
use vigie::commands::upcoming::upcoming;
use vigie::record::rules::{RulesBody, VERSION};
use vigie::record::verify::walk;
use vigie::record::{again, judged, said};
use vigie::store::chain::EntryType;
use vigie::store::journal::JournalEntry;
use vigie::store::terms::TermKind;

use crate::bench::Bench;
use crate::cli::{folder, said as printed, vigie};
use crate::record::on_both;
use crate::upgrades::{platform, sql};

async fn announced(bench: &Bench) -> Option<Upcoming> {
    upcoming(&bench.daemon.store, &bench.daemon.book).await.unwrap()
}

async fn rules(bench: &Bench) -> Vec<RulesBody> {
    let entries = bench.daemon.store.record().after(0, 1000).await.unwrap();
    let rules = entries.iter().filter(|entry| entry.kind == EntryType::Rules.word());
    rules.map(|entry| serde_json::from_str(&entry.body).unwrap()).collect()
}

async fn told(bench: &Bench) -> Vec<JournalEntry> {
    let page = bench.daemon.store.journal().page(Some("règles"), None, None, 10).await.unwrap();
    page.into_iter().map(|(_, line)| line).collect()
}

fn reading(before: &str, after: &str) -> RulesChange {
    let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
    RulesChange::Reading { question: "F-11".to_owned(), before, after }
}

/// The dossiers whose recorded facts are judged otherwise today, found one by one.
async fn judged_otherwise(bench: &Bench) -> Vec<i64> {
    let (record, today) = (bench.daemon.store.record(), bench.daemon.book.today());
    let frame = bench.daemon.book.frame().await.unwrap();
    let mut found = Vec::new();
    for dossier in [4242, 4243, 4244] {
        let said = said::on(&record, dossier, today).await.unwrap().unwrap();
        if !again::judge(&record, &said, today, &frame).await.unwrap().1.is_empty() {
            found.push(dossier);
        }
    }
    found
}

async fn is_announced_then_recorded_once(url: String) {
    let mut bench = Bench::stored("petit", 0, &url).await;
    assert_eq!(announced(&bench).await, None, "nothing was ever judged");
    bench.pass().await;
    assert_eq!(announced(&bench).await, Some(Upcoming::default()));
    assert_eq!((rules(&bench).await.len(), told(&bench).await), (1, Vec::new()));

    bench.daemon.book.choices = Choices { last_day: LastDay::DayBefore, ..Choices::default() };
    let head = bench.daemon.store.record().head().await.unwrap();
    let otherwise = judged_otherwise(&bench).await;
    let said = announced(&bench).await.unwrap();
    assert_eq!(said.changes, [reading("same-day", "day-before")]);
    assert_eq!(said.services.iter().map(|one| one.dossier).collect::<Vec<_>>(), otherwise);
    assert_eq!((otherwise, said.compared, said.differing, said.not_comparable), (vec![4244], 3, 1, 0));
    let lines = announcement(&said);
    assert_eq!(lines[0], "la lecture F-11 passe de same-day à day-before ; 1 service change sur 3 :");
    let start = "Agence du logement de Grandvent (dossier 4244) — Échéance ";
    assert!(lines.len() == 2 && lines[1].starts_with(start), "{lines:?}");

    // A dry run judges by the new readings, and leaves no trace in the record.
    bench.daemon.acting.dry_run = true;
    let report = bench.pass().await;
    assert!(report.judged >= 3 && !report.would_do.is_empty(), "{report:?}");
    assert_eq!(bench.daemon.store.record().head().await.unwrap(), head);
    assert_eq!(announced(&bench).await.unwrap(), said);
    bench.daemon.acting.dry_run = false;

    // A run the same day judges all by them, and says so once.
    bench.pass().await;
    bench.pass().await;
    let bodies = rules(&bench).await;
    assert_eq!((bodies.len(), &bodies[1].changed), (2, &said.changes));
    let lines = told(&bench).await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].detail, "Règles changées : la lecture F-11 passe de same-day à day-before");
    let record = bench.daemon.store.record();
    for case in [4242, 4243, 4244] {
        let last = record.last_judgement(case).await.unwrap().unwrap();
        assert!(judged::read(&last).unwrap().edition.contains("F-11 day-before"), "{case}");
    }
    assert_eq!(announced(&bench).await, Some(Upcoming::default()));
    assert_eq!(walk(&record, None).await.unwrap().fault, None);
}

#[tokio::test]
async fn another_reading_is_announced_then_recorded_once() {
    on_both(is_announced_then_recorded_once).await;
}

async fn compares_with_another_version(url: String) {
    let mut bench = Bench::stored("petit", 0, &url).await;
    bench.pass().await;
    let text = format!(
        r#"update record set body = replace(body, '"version":"{VERSION}"', '"version":"0.0.9"') where kind = 'rules'"#
    );
    sql(&url, Box::leak(text.into_boxed_str())).await;
    let version = RulesChange::Version { before: "0.0.9".to_owned(), after: VERSION.to_owned() };
    let said = announced(&bench).await.unwrap();
    assert_eq!((said.compared, said.differing, said.not_comparable), (3, 0, 0));
    let line = format!("vigie 0.0.9 → {VERSION} ; aucun service ne change");
    assert_eq!(announcement(&said), [line]);

    // What the other version said is not what this one says.
    bench.daemon.book.choices = Choices { last_day: LastDay::DayBefore, ..Choices::default() };
    let both = announced(&bench).await.unwrap();
    assert_eq!(both.changes, [version.clone(), reading("same-day", "day-before")]);
    assert_eq!((both.compared, both.differing), (3, 1));
    bench.daemon.book.choices = Choices::default();

    // What was erased cannot be compared, and stops nothing.
    let (today, now) = (bench.daemon.book.today(), bench.daemon.book.clock.now());
    bench.daemon.store.forgetting().erase(TermKind::Facts, &[4244], today, now).await.unwrap();
    let said = announced(&bench).await.unwrap();
    assert_eq!((said.compared, said.differing, said.not_comparable), (2, 0, 1));
    assert!(announcement(&said)[1].starts_with("1 service non comparable"));

    bench.pass().await;
    assert_eq!(rules(&bench).await.pop().unwrap().changed, [version]);
    assert_eq!(announced(&bench).await, Some(Upcoming::default()));
}

#[tokio::test]
async fn another_version_is_compared_with_what_was_said() {
    on_both(compares_with_another_version).await;
}

/// Runs the program off the runtime's thread, where the simulator must go on answering.
async fn run(path: &std::path::Path, arguments: &'static [&'static str]) -> String {
    let path = path.to_owned();
    printed(&tokio::task::spawn_blocking(move || vigie(&path, arguments, &[])).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_and_a_dry_run_say_what_changes() {
    let simulator: Simulator = platform().await;
    let folder = folder(&simulator.endpoint());
    let path = folder.path();
    let check = run(path, &["check"]).await;
    assert!(check.contains("OK        base") && !check.contains("règles"), "{check}");
    run(path, &["run", "--once"]).await;
    let check = run(path, &["check"]).await;
    assert!(check.contains("OK        règles        les mêmes qu’à la dernière passe"), "{check}");

    std::fs::write(path.join("choices.toml"), "F-09 = \"working\"\n").unwrap();
    let check = run(path, &["check"]).await;
    let first = "la lecture F-09 passe de calendar à working ; ";
    let service = "Maison des formalités de Rochebelle-d'Aunis (dossier 4243) — Échéance ";
    for text in [&format!("ATTENTION règles        {first}"), service, "« vigie run » applique ces règles"]
    {
        assert!(check.contains(text), "{text} in {check}");
    }
    let dry = run(path, &["run", "--once", "--dry-run"]).await;
    assert!(dry.find(first) < dry.find("annotations dossier 4243") && dry.contains(service), "{dry}");
    assert!(dry.contains("annotations dossier 4243"), "{dry}");
    run(path, &["run", "--once"]).await;
    let check = run(path, &["check"]).await;
    assert!(check.contains("OK        règles"), "{check}");
    let journal = run(path, &["journal"]).await;
    assert!(journal.contains("— règles — Règles changées : la lecture F-09 passe"), "{journal}");
}

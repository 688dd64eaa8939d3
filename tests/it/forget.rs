//! What is asked to be forgotten, or is over, is found nowhere any more; the chain still holds.

use std::path::Path;

use jiff::ToSpan;
use label::case::keys::Key;
use vigie::copies::Copies;
use vigie::record::forget::{self, Terms};
use vigie::record::verify::walk;
use vigie::store::outbox::NO_DOSSIER;
use vigie::store::record::Record;
use vigie::store::register::Which;
use vigie::store::terms::TermKind;

use crate::bench::Bench;
use crate::store::postgres;

const NAME: &str = "Agence du logement de Grandvent";

/// The dossier of the service of that name.
async fn named(bench: &Bench) -> i64 {
    for number in 4200..4300 {
        if let Some(case) = bench.daemon.book.case_of(number).await.unwrap()
            && case.name() == NAME
        {
            return number;
        }
    }
    panic!("no service {NAME}");
}

/// Whether bytes hold a text, as it is or compressed in a content of the record.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn files(folder: &Path) -> Vec<u8> {
    let each = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    each.flatten().collect()
}

/// Contents of the record in which a text stands.
async fn contents_with(record: &Record, text: &str) -> usize {
    let mut found = 0;
    for entry in record.after(0, 10_000).await.unwrap() {
        for hash in entry.body.split('"').filter(|word| word.len() == 64) {
            if let Ok(json) = vigie::record::content::load_json(record, hash).await {
                found += usize::from(holds(&json, text));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_life_that_is_forgotten_is_found_nowhere_and_the_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    std::fs::create_dir(&base).unwrap();
    let url = format!("sqlite:{}", base.join("v.db").display());
    let bench = Bench::stored("petit", 0, &url).await;
    bench.pass().await;
    let store = &bench.daemon.store;
    let number = named(&bench).await;
    let copies = folder.path().join("copies");
    std::fs::create_dir(&copies).unwrap();
    let (mine, shared) = (copies.join("aa"), copies.join("bb"));
    for file in [&mine, &shared] {
        std::fs::write(file, "octets").unwrap();
    }
    let sql = format!(
        "insert into evidence (dossier, key, checksum, name, bytes, media_type, seen_at, kept) values
            ({number}, 'organigramme', 'x', 'Organigramme de Grandvent.pdf', 1, 'application/pdf', 1, 'aa'),
            ({number}, 'organigramme', 'y', 'y.pdf', 1, 'application/pdf', 1, 'bb'),
            (4243, 'organigramme', 'y', 'y.pdf', 1, 'application/pdf', 1, 'bb');
        insert into coming (key, dossier, case_id, role, rule, leaves, service, payload)
            values ('k', {number}, {number}, 'candidat', '', '2027-06-05', '{NAME}', '{{}}');
        insert into refused_addresses (address, dossier, why, at)
            values ('partagee', {number}, '550', 1), ('seule', {number}, '550', 1);
        update outbox set recipient = 'partagee' where dossier = 4243 and kind = 'mail';
        update outbox set recipient = 'seule' where dossier = {number} and kind = 'mail'"
    );
    crate::upgrades::sql(&url, Box::leak(sql.into_boxed_str())).await;
    assert!(holds(&files(&base), NAME), "it is there before");
    assert!(contents_with(&store.record(), NAME).await > 0);
    let others = contents_with(&store.record(), "statement").await;

    let case = bench.daemon.book.case_of(number).await.unwrap().unwrap();
    let neighbours = bench.daemon.book.neighbours(&case).await.unwrap();
    let (today, now) = (bench.daemon.book.today(), bench.daemon.book.clock.now());
    let door = Copies::in_folder(copies.clone());
    let done = forget::life(store, &case, &neighbours, Some(&door), (today, now)).await.unwrap();
    assert!(done.erased.contents > 0 && done.erased.mails > 0 && done.erased.lines > 0, "{done:?}");
    assert_eq!(
        (done.copies, mine.exists(), shared.exists()),
        (1, false, true),
        "another dossier has the other"
    );
    let refused = async |print: &str| store.ledger().address_refused(print).await.unwrap().is_some();
    assert_eq!((refused("partagee").await, refused("seule").await), (true, false), "another has one of them");
    store.forgetting().wipe().await.unwrap();

    assert_eq!(walk(&store.record(), None).await.unwrap().fault, None);
    assert_eq!(contents_with(&store.record(), NAME).await, 0);
    assert_eq!(contents_with(&store.record(), "statement").await, others);
    let bytes = files(&base);
    for text in [NAME, "Organigramme de Grandvent"] {
        assert!(!holds(&bytes, text), "{text} is left in the file");
    }
    let lines = store.register().registered(Which::All, today, None, 100).await.unwrap();
    assert!(lines.iter().all(|(_, line)| line.summary.name != NAME));

    // The platform still has it: it is not read again.
    store.asks().forget(number, now).await.unwrap();
    bench.simulator.world().annotate(u32::try_from(number).unwrap(), "Contrat de prestations signé", true);
    bench.pass().await;
    assert!(bench.daemon.book.case_of(number).await.unwrap().is_none());
    assert!(!holds(&files(&base), NAME));
    let last = store.record().about(number).await.unwrap().pop().unwrap();
    assert_eq!(last.kind, "erasure");
}

async fn what_is_over_goes(url: String) {
    let mut bench = Bench::stored("petit", 0, &url).await;
    bench.pass().await;
    let store = bench.daemon.store.clone();
    // One that was written to.
    let number = 4243;
    let name = bench.daemon.book.case_of(number).await.unwrap().unwrap().name();
    let facts = async || store.dossiers().facts(number).await.unwrap().unwrap();
    assert!(facts().await.text(Key::ContactEmail).is_some() || !facts().await.account.is_empty());
    // The case ends: what it says last was said ten months ago.
    let ended = bench.daemon.book.today();
    let end = format!(
        "update cases set living = false, changed_on = '{ended}' where case_id = (select case_id from dossiers where number = {number})"
    );
    crate::upgrades::sql(&url, Box::leak(end.into_boxed_str())).await;
    let terms = Terms { contacts: Some(6), mails: Some(12), facts: Some(24), copies: None };
    let now = bench.daemon.book.clock.now();
    let on = async |months: i32| {
        let day = ended.checked_add(months.months()).unwrap().tomorrow().unwrap();
        forget::terms(&store, &terms, None, (day, now)).await.unwrap().erased
    };
    assert_eq!(on(5).await, Default::default(), "nothing is over yet");
    on(6).await;
    let bare = facts().await;
    assert!(bare.account.is_empty() && bare.text(Key::ContactEmail).is_none());
    assert!(bare.name() == name, "only the people go");
    // A mail that carried one of this case repeats its text.
    let digest = "insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at)
        values ('recapitulatif/2027-07-05', 'mail', 0, 'organisme', 'B', 'what it carried', 'done', 0, 0, 1, 0);
        update outbox set bundle = 'recapitulatif/2027-07-05' where dossier = 4243 and kind = 'mail'";
    crate::upgrades::sql(&url, digest).await;
    let carried = async || {
        let mails = store.ledger().latest_mails(1000).await.unwrap();
        let digest = mails.into_iter().find(|mail| mail.dossier == NO_DOSSIER).unwrap();
        (digest.payload, digest.state)
    };
    assert_eq!(carried().await, ("what it carried".to_owned(), "done".to_owned()));
    let erased = on(12).await;
    assert_eq!(carried().await, (String::new(), "done".to_owned()));
    assert!(erased.mails > 0 && erased.lines > 0 && erased.contents == 0, "{erased:?}");
    let erased = on(24).await;
    assert!(erased.contents > 0 && erased.mails == 0, "{erased:?}");
    assert_eq!(on(30).await, Default::default(), "each once");
    assert!(store.forgetting().over(TermKind::Facts, ended.tomorrow().unwrap()).await.unwrap().is_empty());
    assert_eq!(walk(&store.record(), None).await.unwrap().fault, None);
    assert!(contents_with(&store.record(), "Plan").await > 0, "living cases keep theirs");
    bench.daemon.terms = terms;
    bench.set_now(now + jiff::SignedDuration::from_hours(24));
    bench.pass().await;
}

#[tokio::test]
async fn what_is_over_goes_at_its_term_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    what_is_over_goes(format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn what_is_over_goes_at_its_term_on_postgresql() {
    let Some(base) = postgres().await else { return };
    what_is_over_goes(base.url.clone()).await;
    base.drop().await;
}

/// The file of a store that shrank is rewritten once, and not while little of it is free.
#[tokio::test]
async fn the_space_of_what_was_erased_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("v.db");
    let store = vigie::store::Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
    assert_eq!(store.forgetting().give_space_back().await.unwrap(), None, "nothing was erased");
    let raw = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let run = async |sql: &'static str| sqlx::query(sql).execute(&raw).await.unwrap();
    run("create table ballast (bytes blob)").await;
    run("insert into ballast values (zeroblob(12000000))").await;
    run("insert into ballast values (zeroblob(12000000))").await;
    run("delete from ballast where rowid = 1").await;
    assert_eq!(store.forgetting().give_space_back().await.unwrap(), None, "12 MB are used again soon");
    run("drop table ballast").await;
    let (before, after) = store.forgetting().give_space_back().await.unwrap().unwrap();
    assert!(before > 24_000_000 && after < 2_000_000, "{before} {after}");
    assert_eq!(std::fs::metadata(&file).unwrap().len(), after.unsigned_abs());
    assert_eq!(store.forgetting().give_space_back().await.unwrap(), None);
}

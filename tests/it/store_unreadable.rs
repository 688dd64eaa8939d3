//! Stored rows that this version cannot read: each stops only what it is about, and is replaced once its source is read
//! again.

use std::collections::BTreeSet;

use jiff::civil::date;
use label::case::facts::Value;
use label::case::keys::Key;
use label::judge::finding::Level;
use vigie::daemon::Hours;
use vigie::store::Store;
use vigie::store::judgement::Judgement;
use vigie::store::unreadable::Place;

use crate::bench::{Bench, FORM, demarche};
use crate::store::postgres;
use crate::upgrades::{platform, sql};
use crate::web::Pages;

/// One row of each kind; 4243 loses its facts, 4242 and 4244 the rest.
const CORRUPT: &str = "
    update dossiers set facts = '{' where number = 4243;
    update deadlines set due = '2027-13-45' where dossier = 4242 and code =
        (select min(code) from deadlines where dossier = 4242);
    update cases set next_due = 'demain' where case_id = 4244;
    update applications set deposited = 'hier' where dossier = 4242;
    insert into settings (name, value) values ('form_view/77', '{');
    insert into decisions (dossier, position, event) values (4244, 1, '{');
    insert into audit_days (dossier, position, day) values (4244, 9, 'hier');
    insert into reported_marks (dossier, report, key, value) select 4244, report, 'note_inconnue', '{'
        from reported_marks where dossier = 4244 limit 1;
    insert into written (dossier, key, value, times) values (4242, 'auto_inconnu', 'x', 1);
    insert into refused (dossier, key, value, why, at) values (4242, 'auto_inconnu', 'x', 'y', 1);
    insert into vanished (dossier, key, name, at) values (4242, 'piece_inconnue', 'x', 1);
    insert into outbox (key, kind, dossier, payload, state, not_before, claimed_until, attempts, created_at)
        values ('pigeon-1', 'pigeon', 4242, '', 'pending', 0, 0, 0, 0);
    insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts, created_at)
        values ('4244-inconnu', 'mail', 4244, 'candidat', '{}', 'pending', 0, 0, 0, 0);
    insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts, created_at)
        values ('4242/O-99-inconnu', 'mail', 4242, 'candidat', '{}', 'given_up', 0, 0, 0, 0);
    insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts, created_at)
        values ('message/4242/inconnu-1', 'message', 4242, 'candidat', '', 'pending', 0, 0, 0, 0);
    insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts, created_at)
        values ('message/4244/inconnu-2', 'message', 4244, 'candidat', '', 'done', 0, 0, 0, 0);
    insert into inspections (checksum, purpose, state, inspection, attempts, due_at, at)
        values ('sum', 'piece', 'done', '{', 0, 0, 0);
    update dossiers set dirty = true";

async fn places(store: &Store) -> BTreeSet<String> {
    store.health().unreadable(100).await.unwrap().into_iter().map(|(place, ..)| place).collect()
}

async fn each_kind(url: &str) {
    let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.simulator.world().annotate(4244, "Rapport d'audit transmis le", date(2027, 4, 20));
    bench.pass().await;
    let store = bench.daemon.store.clone();
    let wanted = told(&bench);
    sql(url, CORRUPT).await;
    store.files().inspections(&["sum".to_owned()]).await.unwrap();
    store.writes().last_written(4242).await.unwrap();
    for dossier in [4242, 4244] {
        assert_eq!(store.outbox().message_keys(&[dossier]).await.unwrap(), BTreeSet::new());
    }
    store
        .work()
        .month_days(&vigie::store::narrowed::Narrowed::All, (date(2027, 1, 1), date(2027, 12, 31)))
        .await
        .unwrap();

    // No error ends the pass, and the others are judged.
    let report = bench.daemon.judge().await.unwrap();
    assert_eq!(report.judged, 2, "{:?}", report.failures);
    assert!(
        report.failures.iter().any(|line| line.contains("dossier 4243: not judged")),
        "{:?}",
        report.failures
    );
    bench.daemon.deliver_mails(Hours::ALL).await.unwrap();
    bench.daemon.deliver_annotations().await.unwrap();
    assert_eq!(told(&bench), wanted, "nothing was sent twice for it");

    let found = places(&store).await;
    for place in [
        Place::Facts,
        Place::Decision,
        Place::AuditDay,
        Place::ReportedMark,
        Place::Vanished,
        Place::Written,
        Place::Refused,
        Place::Inspection,
        Place::Mail,
        Place::Message,
        Place::Task,
        Place::Setting,
    ] {
        assert!(found.contains(place.as_str()), "{place:?} in {found:?}");
    }
    let pages = Pages::over(&bench, None).await;
    let (_, page) = pages.get("/sante").await;
    for word in [
        "mises de côté",
        "dossiers.facts",
        "4244-inconnu",
        "O-99-inconnu",
        "inconnu-1",
        "inconnu-2",
        "pigeon-1",
        "une ligne de la base est illisible",
    ] {
        assert!(page.contains(word), "{word} in {page}");
    }
    let metrics = pages.get("/metrics").await.1;
    assert!(metrics.contains("vigie_rows_unreadable{place=\"dossiers.facts\"} 1"), "{metrics}");
    assert!(metrics.contains("vigie_rows_unreadable{place=\"outbox.mail\"} 2"), "{metrics}");

    assert!(metrics.contains("vigie_rows_unreadable{place=\"outbox.message\"} 2"), "{metrics}");

    // The judgement wrote its rows again; the platform is read again for the others.
    for place in [Place::Case, Place::Deadline, Place::Application] {
        assert!(!found.contains(place.as_str()), "{place:?} healed by the judgement: {found:?}");
    }
    assert!(store.agenda().deadlines_of(4242).await.unwrap().iter().all(|line| line.due.year() >= 2026));
    bench.pass().await;
    let left = places(&store).await;
    let inert = [
        Place::AuditDay,
        Place::Decision,
        Place::Inspection,
        Place::ReportedMark,
        Place::Setting,
        Place::Task,
    ];
    assert!(left.iter().all(|place| inert.iter().any(|inert| inert.as_str() == place)), "{left:?}");
    assert!(bench.daemon.book.review_of(4243).await.unwrap().is_some(), "healed");
    let again = bench.pass().await;
    assert_eq!((again.failures, again.changed, again.judged), (Vec::new(), 0, 0), "and quiet again");
    assert_eq!(told(&bench), wanted);
}

/// Mails, save those that tell the body of an annotation that could not be written, and that it is again.
fn told(bench: &Bench) -> usize {
    let alarm = |key: &str| key.starts_with("alerte/") || key.starts_with("retabli/");
    bench.mails().iter().filter(|kept| !alarm(&kept.mail.key)).count()
}

/// Without its form, each missing piece would be taken for a field that the form does not have: the dossier complete, and
/// its reminders taken back.
#[tokio::test]
async fn dossiers_whose_form_cannot_be_read_wait_until_it_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    let mut bench = Bench::over(platform().await, &url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.pass().await;
    let (mails, lacks) = (bench.mails().len(), missing(&bench).await);
    assert!(lacks > 0);
    let broken =
        "update settings set value = '{' where name like 'form_view/%'; update dossiers set dirty = true";
    sql(&url, broken).await;
    let report = bench.daemon.judge().await.unwrap();
    assert_eq!((report.judged, report.failures.len()), (0, 3), "{:?}", report.failures);
    let report = bench.pass().await;
    assert_eq!((report.failures, report.judged), (Vec::new(), 3));
    assert_eq!((bench.mails().len(), missing(&bench).await), (mails, lacks));
    assert!(places(&bench.daemon.store).await.is_empty());
}

/// How many findings of dossier 4243 say that something is missing.
async fn missing(bench: &Bench) -> usize {
    let (_, review) = bench.daemon.book.review_of(4243).await.unwrap().unwrap();
    review.findings.iter().filter(|finding| finding.level == Level::Missing).count()
}

#[tokio::test]
async fn an_unreadable_row_costs_what_it_is_about_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    each_kind(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn an_unreadable_row_costs_what_it_is_about_on_postgresql() {
    let Some(base) = postgres().await else { return };
    each_kind(&base.url).await;
    base.drop().await;
}

/// A row of each place that cannot be read, and how it is met: a reading of the store, or a judgement.
const EACH: [(Place, &str); 19] = [
    (Place::Facts, "update dossiers set facts = '{' where number = 4242"),
    (Place::Decision, "insert into decisions (dossier, position, event) values (4244, 1, '{')"),
    (Place::AuditDay, "insert into audit_days (dossier, position, day) values (4244, 9, 'hier')"),
    (
        Place::AuditDay,
        "update audit_days set day = 'hier' where dossier = 4244 and position = 0;
        insert into audit_days (dossier, position, day) values (4244, 1, '2027-07-05')",
    ),
    (Place::ReportedMark, "update reported_marks set value = '{' where dossier = 4244"),
    (
        Place::ReportedMark,
        "insert into reported_marks (dossier, report, key, value) select 4244, report, 'inconnue', '{'
        from reported_marks where dossier = 4244 limit 1",
    ),
    (
        Place::Vanished,
        "insert into vanished (dossier, key, name, at) values (4242, 'piece_inconnue', 'x', 1)",
    ),
    (
        Place::Evidence,
        "insert into evidence (dossier, key, checksum, name, bytes, media_type, seen_at)
        values (4242, 'piece_inconnue', 'sum', 'x', 1, 'y', 1)",
    ),
    (
        Place::Written,
        "insert into written (dossier, key, value, times) values (4242, 'auto_inconnu', 'x', 1)",
    ),
    (
        Place::Refused,
        "insert into refused (dossier, key, value, why, at) values (4242, 'auto_inconnu', 'x', 'y', 1)",
    ),
    (
        Place::Settled,
        "insert into settled (dossier, code, due, settled_on, who, at) values (4242, 'O-08', '2027-05-24', 'hier', '', 1)",
    ),
    (Place::Case, "update cases set next_due = 'demain' where case_id = 4244"),
    (Place::Deadline, "update deadlines set due = '2027-13-45' where dossier = 4242"),
    (Place::Application, "update applications set deposited = 'hier' where dossier = 4242"),
    (
        Place::Inspection,
        "insert into inspections (checksum, purpose, state, inspection, attempts, due_at, at)
        values ('sum', 'piece', 'done', '{', 0, 0, 0)",
    ),
    (
        Place::Mail,
        "insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts,
        created_at) values ('4244-inconnu', 'mail', 4244, 'candidat', '{}', 'pending', 0, 0, 0, 0)",
    ),
    (
        Place::Message,
        "insert into outbox (key, kind, dossier, role, payload, state, not_before, claimed_until, attempts,
        created_at) values ('message/4244/inconnu', 'message', 4244, 'candidat', '', 'done', 0, 0, 0, 0)",
    ),
    (
        Place::Task,
        "insert into outbox (key, kind, dossier, payload, state, not_before, claimed_until, attempts,
        created_at) values ('pigeon', 'pigeon', 4242, '', 'pending', 0, 0, 0, 0)",
    ),
    (Place::Setting, "update settings set value = '{' where name like 'form_view/%'"),
];

/// Reads what no judgement reads.
async fn read_all(bench: &Bench) {
    let store = &bench.daemon.store;
    store.files().inspections(&["sum".to_owned()]).await.unwrap();
    store.files().evidence(4242).await.unwrap();
    for dossier in [4242, 4244] {
        store.writes().last_written(dossier).await.unwrap();
        store.outbox().message_keys(&[dossier]).await.unwrap();
    }
    for scope in bench.daemon.sources.iter().map(vigie::daemon::source::Source::key) {
        store.asks().due_asks(&scope, bench.daemon.book.clock.now(), 9).await.unwrap();
    }
    store.agenda().deadlines_of(4242).await.unwrap();
    store.register().applications_of(4242).await.unwrap();
    store.cases().summary(4244).await.unwrap();
}

async fn heals(url: &str) {
    let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.simulator.world().annotate(4244, "Rapport d'audit transmis le", date(2027, 4, 20));
    bench.pass().await;
    let asks = "insert into asks (number, why, scope, due_at, attempts) select number, 'inconnu', scope, 0, 0
        from dossiers where number = 4242";
    let hook = crate::webhooks::Receiver::start().await.hook(&[]);
    let notice = format!(
        "insert into outbox (key, kind, dossier, payload, state, not_before, claimed_until, attempts, created_at,
            done_at) values ('webhook/{}/4244/label.suspendu/2027-06-19', 'webhook', 4244, '{{', 'done', 0, 0, 0, 0, 0)",
        hook.id
    );
    let notice: &'static str = notice.leak();
    bench.daemon.hooks = vec![hook];
    let mails = bench.mails().len();
    for (place, damage) in EACH.into_iter().chain([(Place::Ask, asks), (Place::Notice, notice)]) {
        sql(url, damage).await;
        read_all(&bench).await;
        if places(&bench.daemon.store).await.is_empty() {
            sql(url, "update dossiers set dirty = true").await;
            bench.daemon.judge().await.unwrap();
        }
        assert_eq!(
            places(&bench.daemon.store).await,
            BTreeSet::from([place.as_str().to_owned()]),
            "{damage}"
        );
        // That day, or the next: what is left is asked for again.
        for _ in 0..2 {
            bench.pass().await;
            read_all(&bench).await;
            crate::webhooks::wait(&bench, 24);
        }
        bench.pass().await;
        read_all(&bench).await;
        sql(url, "update dossiers set dirty = true").await;
        let again = bench.pass().await;
        assert_eq!(again.failures, Vec::<String>::new(), "{damage}");
        assert_eq!(places(&bench.daemon.store).await, BTreeSet::new(), "{damage}");
    }
    let sent: BTreeSet<String> =
        bench.mails().into_iter().map(|mail| format!("{:?}", mail.mail.key)).collect();
    assert_eq!(sent.len(), bench.mails().len(), "nothing was sent twice, after {mails} mails");
}

#[tokio::test]
async fn every_kind_of_row_heals_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    heals(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn every_kind_of_row_heals_on_postgresql() {
    let Some(base) = postgres().await else { return };
    heals(&base.url).await;
    base.drop().await;
}

/// What an earlier version set aside and this one can read counts as it did; what cannot be read again is not asked for.
async fn looks_again(url: &str) {
    let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.pass().await;
    let store = bench.daemon.store.clone();
    let states = || async {
        let mails = store.ledger().latest_mails(99).await.unwrap().into_iter();
        mails.map(|mail| (mail.key, mail.state)).collect::<Vec<_>>()
    };
    let (before, mails) = (states().await, bench.mails().len());
    assert!(before.len() > 2, "{before:?}");
    sql(
        url,
        "
        update outbox set state = 'set_aside' where kind = 'mail';
        insert into set_aside (number, why, at) values (77, 'ancienne section', 1), (78, 'section lue', 1);
        insert into asks (number, why, scope, due_at, attempts) values (77, 'aside', 'groupe/5', 0, 0);
        insert into asks (number, why, scope, due_at, attempts)
            select 78, 'aside', scope, 9000000000000000, 0 from dossiers where number = 4242;
        insert into unreadable (place, line, dossier) values ('vanished.key', '77/inconnue', 77);
        insert into vanished (dossier, key, name, at) values (77, 'inconnue', 'x', 1)",
    )
    .await;
    crate::webhooks::wait(&bench, 24);
    let failures = bench.pass().await.failures;
    assert!(failures.iter().any(|line| line.contains("section lue")), "{failures:?}");
    assert!(!failures.iter().any(|line| line.contains("ancienne section")), "{failures:?}");
    assert_eq!(places(&store).await, BTreeSet::new());
    let after = states().await;
    assert!(before.iter().all(|mail| after.contains(mail)), "{before:?} {after:?}");
    let twice = bench.mails()[mails..]
        .iter()
        .filter(|mail| before.iter().any(|(key, _)| *key == mail.mail.key))
        .count();
    assert_eq!(twice, 0);
}

#[tokio::test]
async fn rows_set_aside_are_looked_at_again_each_day() {
    let folder = tempfile::tempdir().unwrap();
    looks_again(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
    if let Some(base) = postgres().await {
        looks_again(&base.url).await;
        base.drop().await;
    }
}

/// Another replica saves newer facts between the reading and the judgement: they are still to be judged.
async fn overtaken(url: &str) {
    let bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.pass().await;
    let store = bench.daemon.store.clone();
    store.judgements().mark_to_judge(4242).await.unwrap();
    let family = store.dossiers().family(4242).await.unwrap();
    let read = [(4242, family.revisions[&4242])];
    let summary = store.cases().summary(4242).await.unwrap().unwrap();
    let deadlines = store.agenda().deadlines_of(4242).await.unwrap();
    let (applications, now) =
        (store.register().applications_of(4242).await.unwrap(), bench.daemon.book.clock.now());
    let judgement = Judgement {
        summary: &summary,
        dossiers: &read,
        deadlines: &deadlines,
        applications: &applications,
        found: &[],
        recorded: None,
        next_look: bench.daemon.book.today(),
        today: bench.daemon.book.today(),
        now,
    };
    bench.simulator.world().annotate(4242, "Premier jour de visite", date(2027, 11, 2));
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 1);
    store.judgements().save_judgement(&judgement).await.unwrap();
    assert_eq!(
        store.judgements().to_judge(i64::MIN, 10).await.unwrap(),
        [4242],
        "newer facts are not forgotten"
    );
    bench.daemon.judge().await.unwrap();
    assert!(store.judgements().to_judge(i64::MIN, 10).await.unwrap().is_empty());
    let facts = store.dossiers().facts(4242).await.unwrap().unwrap();
    assert_eq!(facts.values[&Key::AuditDebut], Value::Date(date(2027, 11, 2)));
}

#[tokio::test]
async fn newer_facts_are_still_to_be_judged() {
    let folder = tempfile::tempdir().unwrap();
    overtaken(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
    if let Some(base) = postgres().await {
        overtaken(&base.url).await;
        base.drop().await;
    }
}

//! The outbox, step by step: what a try changes, what a bundle takes, what is put again, who is counted; on both engines.

use jiff::{SignedDuration, Timestamp};
use label::outgoing::NoticeKind;
use label::wording::journal::EntryKind;
use vigie::store::Store;
use vigie::store::carried::Carried;
use vigie::store::cases::Summary;
use vigie::store::journal::NewLine;
use vigie::store::ledger::{Ending, Fate, MailLane, PutOff, RefusedFor};
use vigie::store::outbox::{NewTask, Task, TaskEnd, TaskKind};

use crate::store::{at, facts, judge, postgres, save};

const LETTER: &str = r#"{"subject":"Un objet","paragraphs":[],"points":[],"source":""}"#;
const OTHER: &str = r#"{"subject":"Un autre objet","paragraphs":[],"points":[],"source":""}"#;

fn start() -> Timestamp {
    at("2027-01-07T08:00:00Z")
}

fn after(minutes: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes)
}

fn mail<'a>(key: &'a str, dossier: i64, role: &'a str) -> NewTask<'a> {
    NewTask { key, kind: TaskKind::Mail, dossier, role: Some(role), rule: Some("R"), payload: LETTER }
}

async fn due(store: &Store, now: Timestamp) -> Vec<Task> {
    store.outbox().due(TaskKind::Mail, now, 99).await.unwrap()
}

async fn of_key(store: &Store, key: &str, now: Timestamp) -> Option<Task> {
    due(store, now).await.into_iter().find(|task| task.key == key)
}

/// The mail, taken until an hour later.
async fn taken(store: &Store, key: &str, now: Timestamp) -> Task {
    let task = of_key(store, key, now).await.unwrap_or_else(|| panic!("{key} is not due"));
    assert!(store.outbox().claim(&task, now, now + SignedDuration::from_hours(1)).await.unwrap(), "{key}");
    task
}

async fn state(store: &Store, key: &str) -> (String, Option<String>) {
    let mails = store.ledger().latest_mails(99).await.unwrap();
    let found = mails.into_iter().find(|mail| mail.key == key).unwrap();
    (found.state, found.last_error)
}

async fn put(store: &Store, key: &str, role: &str, lane: MailLane) {
    let dossier = key.split('/').next().unwrap().parse().unwrap();
    assert!(store.ledger().put_mail(&mail(key, dossier, role), lane, start()).await.unwrap(), "{key}");
}

/// What a mail is let go for: each frees it for its time, and only a try is counted as one.
async fn tries(store: &Store) {
    const KEY: &str = "1/O-08/2027-01-07/J-7/ditp";
    put(store, KEY, "ditp", MailLane::Now).await;
    let (outbox, ledger) = (store.outbox(), store.ledger());
    let left = async |now: Timestamp| {
        let task = of_key(store, KEY, now).await.expect("free at its time");
        let before = of_key(store, KEY, now - SignedDuration::from_mins(1)).await;
        assert!(before.is_none() && !task.interrupted, "not before its time, and let go");
        (task.attempts, state(store, KEY).await.1)
    };
    taken(store, KEY, start()).await;
    outbox.later(KEY, "451", after(1)).await.unwrap();
    assert_eq!(left(after(1)).await, (1, Some("451".to_owned())));
    taken(store, KEY, after(1)).await;
    outbox.untried(KEY, "unreadable", after(2)).await.unwrap();
    assert_eq!(left(after(2)).await, (1, Some("unreadable".to_owned())));
    taken(store, KEY, after(2)).await;
    outbox.wait_until(KEY, after(3)).await.unwrap();
    assert_eq!(left(after(3)).await, (1, Some("unreadable".to_owned())), "no error either");
    taken(store, KEY, after(3)).await;
    ledger.ask_no_more_until(KEY, "it refused another", after(4)).await.unwrap();
    assert_eq!(left(after(4)).await, (1, Some("it refused another".to_owned())));
    let refusals = ledger.refusals("").await.unwrap();
    assert_eq!(refusals.get("address"), Some(&(1, "it refused another".to_owned())));
    assert!(
        ledger.refusals("1/O-08").await.unwrap().is_empty(),
        "those that tell of the others are left out"
    );

    taken(store, KEY, after(4)).await;
    let put_off = |reached, refusal, at| PutOff { why: "said", reached, at, refusal };
    let message = put_off("un", Some(RefusedFor::Message), after(5));
    ledger.later_for_some(KEY, &message, &[], after(4)).await.unwrap();
    assert_eq!(left(after(5)).await, (2, Some("said".to_owned())));
    taken(store, KEY, after(5)).await;
    let again = put_off("un deux", Some(RefusedFor::Message), after(6));
    ledger.later_for_some(KEY, &again, &[], after(5)).await.unwrap();
    let task = of_key(store, KEY, after(6)).await.unwrap();
    assert_eq!((task.attempts, task.reached.as_str()), (3, "un deux"));
    assert_eq!(task.refused_at, Some(after(4)), "when it was first refused");
    let refusals = ledger.refusals("").await.unwrap();
    assert_eq!((refusals.get("message").map(|found| found.0), refusals.get("address")), (Some(1), None));
    taken(store, KEY, after(6)).await;
    ledger.later_for_some(KEY, &put_off("un deux", None, after(7)), &[], after(6)).await.unwrap();
    assert!(ledger.refusals("").await.unwrap().is_empty(), "nothing is refused any more");

    let claimed = async |now| outbox.claimed(now).await.unwrap();
    assert_eq!(claimed(after(7)).await, None);
    taken(store, KEY, after(7)).await;
    assert_eq!(claimed(after(7)).await, Some((1, after(67))));
    assert_eq!(claimed(after(67)).await, None, "its time is over");
    assert!(outbox.has_pending(TaskKind::Mail).await.unwrap() && !outbox.is_done(KEY).await.unwrap());
    ledger
        .settle(KEY, &Ending { recipient: Some("r"), ..Ending::of(Fate::Sent, None) }, &[], after(8))
        .await
        .unwrap();
    assert_eq!(state(store, KEY).await, ("done".to_owned(), None), "the last error is over too");
    assert!(outbox.is_done(KEY).await.unwrap() && !outbox.has_pending(TaskKind::Mail).await.unwrap());
    assert_eq!(claimed(after(8)).await, None);
}

/// A key that is put again: what was sent or given up is left as it is, what is wanted again begins anew.
async fn put_again(store: &Store) {
    const KEY: &str = "2/O-08/2027-01-07/J-7/organisme";
    let ledger = store.ledger();
    let bundle = NewTask { key: "digest/2027-01-01/organisme", dossier: 0, ..mail("", 0, "organisme") };
    let ends = [
        (Fate::Cancelled, true, true),
        (Fate::Undeliverable, true, true),
        (Fate::GivenUp, false, true),
        (Fate::Stopped, false, false),
        (Fate::Sent, false, false),
    ];
    put(store, KEY, "organisme", MailLane::Digest).await;
    assert!(ledger.bundle(&bundle, MailLane::Digest, Carried::All, start()).await.unwrap());
    ledger.settle(bundle.key, &Ending::of(Fate::Cancelled, None), &[], start()).await.unwrap();
    let new = NewTask { payload: OTHER, ..mail(KEY, 2, "organisme") };
    for (fate, again, as_correction) in ends {
        let put_off = PutOff { why: "554", reached: "un", at: after(1), refusal: Some(RefusedFor::Message) };
        ledger.later_for_some(KEY, &put_off, &[], start()).await.unwrap();
        let end = Ending { recipient: Some("lui"), ..Ending::of(fate, Some("why")) };
        ledger.settle(KEY, &end, &[], start()).await.unwrap();
        let lane = if fate == Fate::Cancelled { MailLane::Now } else { MailLane::Digest };
        assert_eq!(ledger.put_mail(&new, lane, after(9)).await.unwrap(), again, "{fate:?}");
        if fate == Fate::Cancelled {
            assert!(of_key(store, KEY, after(8)).await.is_none(), "from now on");
            let task = of_key(store, KEY, after(9)).await.expect("in its new lane");
            assert_eq!((task.attempts, task.reached.as_str(), task.refused_at), (0, "", None));
            assert_eq!((task.payload.as_str(), state(store, KEY).await.1), (OTHER, None));
        }
        if !again {
            assert_eq!(state(store, KEY).await.0, ledger_word(fate));
            let put = ledger.put_corrections(&[(new.clone(), MailLane::Digest)], after(9)).await.unwrap();
            assert_eq!(put == 1, as_correction, "{fate:?}");
        }
    }

    assert_eq!(ledger.sent_since("lui", start()).await.unwrap(), 1, "by itself: the bundle was another time");

    // Notices, in the same way.
    let outbox = store.outbox();
    let notice = |payload: &'static str| NewTask {
        kind: TaskKind::Webhook,
        role: None,
        payload,
        ..mail("webhook/a/2/x", 2, "")
    };
    let body = async || {
        let tasks = outbox.due(TaskKind::Webhook, after(9), 9).await.unwrap();
        tasks.into_iter().map(|task| (task.payload, task.attempts)).collect::<Vec<_>>()
    };
    assert!(outbox.put_once(&notice("un"), start()).await.unwrap());
    let first = outbox.due(TaskKind::Webhook, start(), 9).await.unwrap().remove(0);
    assert!(outbox.claim(&first, start(), after(1)).await.unwrap());
    for (end, once, correction) in [
        (TaskEnd::Cancelled, true, true),
        (TaskEnd::GivenUp("x"), false, true),
        (TaskEnd::Done, false, false),
    ] {
        outbox.end("webhook/a/2/x", end, None, start()).await.unwrap();
        assert_eq!(outbox.put_once(&notice("deux"), after(9)).await.unwrap(), once, "{end:?}");
        if once {
            assert_eq!(body().await, [("deux".to_owned(), 0)], "as it is now, and never tried");
            outbox.end("webhook/a/2/x", end, None, start()).await.unwrap();
        }
        assert_eq!(outbox.put_correction(&notice("trois"), after(9)).await.unwrap(), correction, "{end:?}");
    }
}

fn ledger_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Sent => "done",
        Fate::Cancelled => "cancelled",
        Fate::Undeliverable => "undeliverable",
        Fate::GivenUp => "given_up",
        Fate::Stopped => "stopped",
    }
}

/// What is carried, and what the daily number counts.
async fn lanes(store: &Store) {
    let (ledger, outbox) = (store.ledger(), store.outbox());
    let [one, two, three, four, over] = [
        "3/O-08/2027-01-07/J-7/candidat",
        "3/O-16/2027-01-07/J-7/candidat",
        "3/O-33/2027-01-07/J-7/candidat",
        "3/O-04/2027-01-07/J-7/central",
        "3/O-05/2027-01-07/J-7/candidat",
    ];
    for key in [one, two, three, over] {
        put(store, key, "candidat", MailLane::Now).await;
    }
    put(store, four, "central", MailLane::Now).await;
    taken(store, over, start()).await;
    ledger.overflow(over, "lecteur").await.unwrap();
    ledger.settle(over, &Ending::of(Fate::GivenUp, Some("x")), &[], start()).await.unwrap();
    assert_eq!(ledger.overflowing().await.unwrap(), [], "what is over waits for nobody");
    for (key, reader) in [(one, "lecteur"), (two, "autre"), (four, "lecteur")] {
        taken(store, key, start()).await;
        ledger.overflow(key, reader).await.unwrap();
        assert!(of_key(store, key, after(99)).await.is_none(), "it does not leave alone");
    }
    let mut readers = ledger.overflowing().await.unwrap();
    readers.sort();
    let named = |reader: &str, role: &str| (reader.to_owned(), role.to_owned());
    assert_eq!(
        readers,
        [named("autre", "candidat"), named("lecteur", "candidat"), named("lecteur", "central")]
    );

    let bundle = |key: &'static str| NewTask { key, dossier: 0, ..mail("", 0, "candidat") };
    let recueil = bundle("recueil/2027-01-07/candidat/lecteur");
    let of = Carried::For("lecteur");
    assert!(ledger.bundle(&recueil, MailLane::Overflow, of, start()).await.unwrap());
    let carried = async |key: &str| {
        let tasks = ledger.bundled(key).await.unwrap().into_iter();
        tasks.map(|task| (task.key, task.attempts)).collect::<Vec<_>>()
    };
    assert_eq!(carried(recueil.key).await, [(one.to_owned(), 0)], "its reader's, of its role, never tried");
    taken(store, three, start()).await;
    ledger.overflow(three, "lecteur").await.unwrap();
    assert!(!ledger.bundle(&recueil, MailLane::Overflow, of, start()).await.unwrap(), "once for its key");
    let none = bundle("digest/2027-01-07/candidat");
    assert!(
        !ledger.bundle(&none, MailLane::Digest, Carried::All, start()).await.unwrap(),
        "nothing in that lane"
    );
    let later = bundle("recueil/2027-01-08/candidat/lecteur");
    assert!(ledger.bundle(&later, MailLane::Overflow, of, start()).await.unwrap());
    ledger.let_out(three).await.unwrap();
    assert!(
        of_key(store, three, start()).await.is_some(),
        "alone again: another reader may not have had his number"
    );
    assert_eq!(ledger.overflowing().await.unwrap().len(), 2, "and nobody's");

    // What was carried and is over stays so, whatever becomes of the bundle.
    let line = NewLine::new(EntryKind::Mail, None, "parti");
    taken(store, recueil.key, start()).await;
    let sent = Ending { recipient: Some("lecteur"), answer: Some("250"), ..Ending::of(Fate::Sent, None) };
    ledger.settle(recueil.key, &sent, std::slice::from_ref(&line), after(1)).await.unwrap();
    assert_eq!(
        (state(store, one).await.0, state(store, two).await.0),
        ("done".to_owned(), "pending".to_owned())
    );
    ledger.settle(recueil.key, &Ending::of(Fate::GivenUp, None), &[], after(1)).await.unwrap();
    ledger.unbundle(one).await.unwrap();
    ledger.let_out(one).await.unwrap();
    assert_eq!(state(store, one).await.0, "done");
    ledger.settle(recueil.key, &sent, &[], after(1)).await.unwrap();

    // The bundle is one mail; what it carried, another day's, another reader's and what was given up are none.
    let count = async |since| ledger.sent_since("lecteur", since).await.unwrap();
    assert_eq!((count(start()).await, count(after(2)).await), (1, 0));
    ledger
        .settle(
            three,
            &Ending { recipient: Some("lecteur"), ..Ending::of(Fate::GivenUp, None) },
            &[],
            after(1),
        )
        .await
        .unwrap();
    ledger
        .settle(two, &Ending { recipient: Some("autre"), ..Ending::of(Fate::Sent, None) }, &[], after(1))
        .await
        .unwrap();
    assert_eq!(count(start()).await, 1);
    assert!(ledger.reached_after("lecteur", start()).await.unwrap());
    assert!(!ledger.reached_after("lecteur", after(1)).await.unwrap(), "not since");
    ledger.settle(later.key, &Ending::of(Fate::Cancelled, None), &[], start()).await.unwrap();
    ledger.settle(four, &Ending::of(Fate::Cancelled, None), &[], start()).await.unwrap();
    assert!(!outbox.has_pending(TaskKind::Mail).await.unwrap());
}

/// The dossiers that are to be judged, whose marks are then cleared.
async fn marked(store: &Store) -> Vec<i64> {
    let marked = store.judgements().to_judge(i64::MIN, 99).await.unwrap();
    for number in &marked {
        let summary = Summary { case_id: *number, name: "Un service".to_owned(), ..Summary::default() };
        judge(store, &summary, &[*number], jiff::civil::date(2027, 1, 7)).await;
    }
    marked
}

/// Whose judgement follows from what became of a mail.
async fn judged(store: &Store) {
    let (ledger, outbox) = (store.ledger(), store.outbox());
    let dossiers: Vec<_> = (21..=25).map(|number| facts(number, &format!("1234500000{number}"))).collect();
    save(store, &dossiers, &[], "c", "2027-01-07T08:00:00Z").await;
    marked(store).await;
    let keys = [21, 22].map(|number| format!("{number}/O-08/2027-01-07/J-7/organisme"));
    for key in &keys {
        put(store, key, "organisme", MailLane::Digest).await;
    }
    put(store, "23/O-08/2027-01-07/J-7/ditp", "ditp", MailLane::Now).await;
    ledger
        .settle("23/O-08/2027-01-07/J-7/ditp", &Ending::of(Fate::Cancelled, None), &[], start())
        .await
        .unwrap();
    assert_eq!(marked(store).await, [0; 0], "a mail that did not leave is in no annotation");
    put(store, "23/O-16/2027-01-07/J-7/ditp", "ditp", MailLane::Now).await;
    ledger.settle("23/O-16/2027-01-07/J-7/ditp", &Ending::of(Fate::Sent, None), &[], start()).await.unwrap();
    assert_eq!(marked(store).await, [23]);
    let digest = NewTask { key: "digest/2027-01-09/organisme", dossier: 0, ..mail("", 0, "organisme") };
    assert!(ledger.bundle(&digest, MailLane::Digest, Carried::All, start()).await.unwrap());
    ledger.settle(digest.key, &Ending::of(Fate::Sent, None), &[], start()).await.unwrap();
    assert_eq!(marked(store).await, [21, 22]);

    // A correction that its reader was not sent is looked at again once he is reached; other mails and readers are not.
    let lost = [
        ("24/N-corrige-labellise/2027-01-07/avis/candidat", "un", Fate::GivenUp),
        ("25/N-corrige-labellise/2027-01-07/avis/candidat", "deux", Fate::GivenUp),
        ("21/N-corrige-labellise/2027-01-07/avis/candidat", "un", Fate::Sent),
        ("22/O-33/2027-01-07/J-7/candidat", "un", Fate::GivenUp),
    ];
    for (key, reader, fate) in lost {
        let task = mail(key, key[..2].parse().unwrap(), "candidat");
        ledger.put_mail(&task, MailLane::Now, start()).await.unwrap();
        ledger
            .settle(key, &Ending { recipient: Some(reader), ..Ending::of(fate, None) }, &[], start())
            .await
            .unwrap();
    }
    marked(store).await;
    ledger.judge_lost("un").await.unwrap();
    assert_eq!(marked(store).await, [24]);

    // The same of the notices of one receiver.
    let corrected = NoticeKind::Corrected;
    for (key, dossier) in [
        (format!("webhook/a/21/{corrected}/2027-01-07"), 21),
        (format!("webhook/b/22/{corrected}/2027-01-07"), 22),
        ("webhook/a/23/label.suspendu/2027-01-07".to_owned(), 23),
    ] {
        let task = NewTask { kind: TaskKind::Webhook, role: None, ..mail(&key, dossier, "") };
        assert!(outbox.put_once(&task, start()).await.unwrap());
        let put = outbox.due(TaskKind::Webhook, start(), 9).await.unwrap().remove(0);
        assert!(put.key == key && outbox.claim(&put, start(), after(1)).await.unwrap());
        outbox.end(&key, TaskEnd::GivenUp("410"), None, start()).await.unwrap();
    }
    outbox.judge_given_up("webhook/a/", corrected).await.unwrap();
    assert_eq!(marked(store).await, [21]);
    assert!(!outbox.accepted_after("webhook/a/", start()).await.unwrap());
    assert_eq!(outbox.notices_again("webhook/a/", after(1), after(5)).await.unwrap(), 0, "given up before");
    assert_eq!(
        outbox.notices_again("webhook/a/", start(), after(5)).await.unwrap(),
        2,
        "of that receiver alone"
    );
    let again = outbox.due(TaskKind::Webhook, after(5), 9).await.unwrap();
    assert_eq!(
        again.iter().map(|task| (task.dossier, task.attempts)).collect::<Vec<_>>(),
        [(21, 0), (23, 0)]
    );
    outbox.end(&again[0].key, TaskEnd::Done, None, after(5)).await.unwrap();
    for (prefix, at, accepted) in
        [("webhook/a/", after(4), true), ("webhook/a/", after(5), false), ("webhook/b/", after(4), false)]
    {
        assert_eq!(outbox.accepted_after(prefix, at).await.unwrap(), accepted, "{prefix}");
    }
}

async fn all(store: &Store) {
    tries(store).await;
    put_again(store).await;
    lanes(store).await;
    judged(store).await;
}

#[tokio::test]
async fn the_outbox_on_sqlite() {
    all(&Store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test]
async fn the_outbox_on_postgresql() {
    let Some(base) = postgres().await else { return };
    all(&Store::open(&base.url).await.unwrap()).await;
    base.drop().await;
}

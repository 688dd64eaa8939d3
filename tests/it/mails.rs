//! Few mails, once each: the body's digest, the number that one reader gets in a day, a date that moves, the month of
//! DITP, a first start on old dossiers.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use label::judge::agenda::{Obligation, Role, Status};
use label::outgoing::{MailCode, MailKey};
use label::wording::journal::EntryKind;
use vigie::daemon::Hours;

use crate::bench::Bench;

fn to<'a>(mails: &'a [vigie::mail::Kept], who: &str) -> Vec<&'a vigie::mail::Kept> {
    mails.iter().filter(|kept| kept.mail.to.iter().any(|address| address.starts_with(who))).collect()
}

#[tokio::test]
async fn past_the_number_of_the_day_a_reader_gets_the_others_in_one() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.mails_per_day = 1;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench.pass().await;
    let mails = bench.mails();
    // One person is the contact of the three services.
    let candidate = to(&mails, "contact@");
    let subjects: Vec<&str> = candidate.iter().map(|kept| kept.mail.letter.subject.as_str()).collect();
    assert_eq!(candidate.len(), 2, "{subjects:?}");
    let bundle = candidate.iter().find(|kept| kept.mail.key.starts_with("recueil/")).unwrap();
    let carried = bundle.mail.letter.sections.len();
    assert!(
        carried >= 2
            && bundle
                .mail
                .letter
                .subject
                .starts_with(&format!("[SP+] {carried} informations sur vos services : ")),
        "{subjects:?}"
    );
    let single = candidate.iter().find(|kept| !kept.mail.key.starts_with("recueil/")).unwrap();
    let titles: Vec<&str> =
        bundle.mail.letter.sections.iter().map(|section| section.title.as_str()).collect();
    let title = single.mail.letter.subject.trim_start_matches("[SP+] ");
    assert!(!titles.contains(&title), "nothing twice");
    for section in &bundle.mail.letter.sections {
        let about = section.about.as_ref().unwrap();
        assert!(section.title.starts_with(&format!("{} : ", about.service)), "{section:?}");
        let page = format!("/dossiers/{}\n", about.dossier);
        assert!(bundle.text.contains(&page), "{}", bundle.text);
    }
    // The ledger has each of them as sent; another pass on the same day sends nothing, and nothing waits.
    let mut told = 0;
    for number in 4242..4245 {
        let sent = bench
            .daemon
            .store
            .ledger()
            .mails_sent(&[number])
            .await
            .unwrap()
            .into_values()
            .flatten()
            .collect::<Vec<_>>();
        told += sent.iter().filter(|sent| sent.key.role == Role::Candidat).count();
    }
    assert_eq!(told, carried + 1);
    bench.pass().await;
    assert_eq!(to(&bench.mails(), "contact@").len(), 2);
    let waiting = bench.daemon.store.ledger().latest_mails(99).await.unwrap();
    let waiting: Vec<&str> =
        waiting.iter().filter(|mail| mail.state == "pending").map(|mail| mail.key.as_str()).collect();
    assert!(waiting.is_empty(), "{waiting:?}");
}

#[tokio::test]
async fn the_body_gets_one_digest_a_working_day_and_may_say_no_more() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    let quiet = Hours { morning: true, digest: false, monthly: false };
    bench.daemon.pass(quiet).await.unwrap();
    assert!(to(&bench.mails(), "label@").is_empty(), "before its hour, nothing that is not urgent");
    bench.daemon.pass(Hours::ALL).await.unwrap();
    let mails = bench.mails();
    let body = to(&mails, "label@");
    let keys: Vec<&str> = body.iter().map(|kept| kept.mail.key.as_str()).collect();
    let digests: Vec<_> = body.iter().filter(|kept| kept.mail.key.starts_with("digest/")).collect();
    assert_eq!(digests.len(), 1, "{keys:?}");
    assert_eq!(digests[0].mail.unsubscribe.as_deref(), Some("mailto:label@organisme.example"));
    let lines = digests[0].mail.letter.sections.iter().flat_map(|section| &section.lines);
    let lines: Vec<&String> = lines.map(|line| &line.text).collect();
    let distinct: BTreeSet<&&String> = lines.iter().collect();
    assert!(!lines.is_empty() && distinct.len() == lines.len(), "{lines:#?}");
    bench.daemon.pass(Hours::ALL).await.unwrap();
    assert_eq!(to(&bench.mails(), "label@").len(), body.len(), "one a day");
}

#[tokio::test]
async fn a_date_that_moves_says_which_one_it_replaces() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    bench.simulator.world().annotate(4243, "Premier jour de visite", date(2027, 9, 6));
    bench.simulator.world().annotate(4243, "Dernier jour de visite", date(2027, 9, 7));
    bench.pass().await;
    let mails = bench.mails();
    let plans: Vec<_> = mails.iter().filter(|kept| kept.mail.key.contains("/N-retroplanning/")).collect();
    let [first, second] = plans.as_slice() else { panic!("two plans, not {}", plans.len()) };
    assert!(!first.text.contains("remplace"), "{}", first.text);
    assert!(second.text.contains("Cette date remplace celle du lundi 5 juillet 2027"), "{}", second.text);
    let (before, after) = (&first.mail.letter.events[0], &second.mail.letter.events[0]);
    assert_eq!(before.uid, after.uid, "the same event of the calendar");
    assert_eq!((before.day, after.day), (date(2027, 7, 5), date(2027, 9, 6)));
}

#[tokio::test]
async fn ditp_gets_its_month_once_with_the_register_and_only_the_latest_after_an_outage() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let reports = |bench: &Bench| {
        let mails = bench.mails();
        let month = |kept: &vigie::mail::Kept| kept.mail.key.starts_with("bilan/");
        mails.into_iter().filter(month).collect::<Vec<_>>()
    };
    assert!(reports(&bench).is_empty(), "the month before the first day is not ours to tell");
    // The program did not run over two first days of a month.
    bench.set_now("2027-08-03T08:00:00Z".parse().unwrap());
    bench.pass().await;
    bench.pass().await;
    let told = reports(&bench);
    let [report] = told.as_slice() else { panic!("one report, not {}", told.len()) };
    assert_eq!(report.mail.letter.subject, "[SP+ DITP] Bilan mensuel — juillet 2027");
    assert_eq!(report.mail.to, ["ditp@example.gouv.fr"]);
    let [file] = report.mail.attachments.as_slice() else { panic!("one file") };
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(file.name == "registre-2027-08-03.csv" && text.contains("Grandvent"), "{text}");
    assert!(
        report.text.contains("1 service est labellisé (Bronze : 1, Argent : 0, Or : 0)"),
        "{}",
        report.text
    );
}

#[tokio::test]
async fn a_first_start_on_old_dossiers_sends_nothing_that_is_past() {
    let bench = Bench::after("lot", 60).await;
    let today = date(2029, 9, 3);
    bench.set_now("2029-09-03T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let store = &bench.daemon.store;
    let mut sent = 0;
    for number in 4242..4302 {
        let Some((_, review)) = bench.daemon.book.review_of(number).await.unwrap() else { continue };
        for mail in
            store.ledger().mails_sent(&[number]).await.unwrap().into_values().flatten().collect::<Vec<_>>()
        {
            let key = mail.key.to_string();
            let parts: Vec<&str> = key.split('/').collect();
            let on: Date = parts[2].parse().unwrap();
            let due = review
                .agenda
                .iter()
                .find(|due| due.dossier == number && due.code() == parts[1] && due.deadline.nominal == on);
            // Past is what nobody can do anything about any more.
            let useful = due.map_or(on, |due| due.horizon);
            assert!(useful >= today, "{key} is past");
            sent += 1;
        }
    }
    assert!(bench.mails().len() <= sent + 1, "nothing else left but the digest");
}

#[tokio::test]
async fn the_journal_says_who_was_told_what_why_and_what_the_server_answered() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let store = &bench.daemon.store;
    let lines = store.journal().lines("", Some(4243), jiff::Timestamp::UNIX_EPOCH, 1000).await.unwrap();
    let told = lines.iter().find(|line| {
        line.key.as_deref().is_some_and(|key| key.contains("N-retroplanning"))
            && line.entry.is(EntryKind::Mail)
    });
    let told = told.unwrap();
    assert_eq!(told.role.as_deref(), Some("candidat"));
    assert_eq!(told.rule.as_deref(), Some("R-3.5.1-k"));
    assert_eq!(told.answer.as_deref(), Some("kept in memory"));
    assert!(told.entry.detail.contains("le calendrier de votre audit") && !told.entry.detail.contains('@'));
    // Page by page, in the same order.
    let first = store.journal().lines("", None, jiff::Timestamp::UNIX_EPOCH, 2).await.unwrap();
    let next = store.journal().lines(&first[1].id, None, jiff::Timestamp::UNIX_EPOCH, 2).await.unwrap();
    assert!(first[1].id < next[0].id);
}

/// A local labelled on the day, with its central's dossier beside it: the copy waits for the attestation and carries it.
#[tokio::test]
async fn a_central_service_gets_the_attestation_of_its_local() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.reading = Some(crate::documents::reading(&bench, None, None));
    bench.pass().await;
    let day = bench.daemon.book.clock.today();
    {
        let mut world = bench.simulator.world();
        world.edit_champ(4242, "Type de service", "Service central");
        world.edit_champ(4243, "Type de service", "Service local rattaché à un service central");
        world.annotate(4243, "N° de dossier du service central", 4242_i64);
        let mut row = vec![("Décision", "Labellisé".into()), ("Palier décidé", "Bronze".into())];
        for label in ["Date de la décision", "Date de notification", "Date d'effet"] {
            row.push((label, day.into()));
        }
        world.add_row(4243, "Historique des décisions", row);
        world.set_state(4243, simulator::State::Accepte, Some("Favorable"));
    }
    bench.pass().await;
    let copies = |bench: &Bench| {
        let mails = bench.mails();
        mails.into_iter().filter(|kept| kept.mail.key.ends_with("/avis/central")).collect::<Vec<_>>()
    };
    assert!(copies(&bench).is_empty(), "the platform has not made the attestation yet");
    let later = bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_hours(2)).unwrap();
    bench.set_now(later);
    bench.pass().await;
    bench.pass().await;
    let told = copies(&bench);
    let [copy] = told.as_slice() else { panic!("one copy, not {}", told.len()) };
    assert!(copy.mail.letter.subject.contains(", votre service local : attestation de son label"));
    let [file] = copy.mail.attachments.as_slice() else { panic!("the attestation") };
    assert_eq!((file.name.as_str(), file.media.as_str()), ("attestation-4243.pdf", "application/pdf"));
    assert!(file.bytes.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn what_is_late_is_told_to_the_body_before_the_hour_of_its_digest() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench.daemon.acting.mails_per_day = 100;
    bench.set_now("2027-08-16T08:00:00Z".parse().unwrap());
    let early = Hours { morning: true, digest: false, monthly: false };
    bench.daemon.pass(early).await.unwrap();
    let mails = bench.mails();
    let keys: BTreeSet<&str> = to(&mails, "label@").iter().map(|kept| kept.mail.key.as_str()).collect();
    let mut late = 0;
    for number in 4242..4245 {
        let Some((_, review)) = bench.daemon.book.review_of(number).await.unwrap() else { continue };
        for due in review.agenda.iter().filter(|due| due.dossier == number && due.status == Status::Late) {
            // Another reason to write at once would hide this one.
            if due.obligation == Obligation::Suspension || due.window.is_some() {
                continue;
            }
            let Some(stage) = due.stage(Role::Organisme, review.today) else { continue };
            let code = MailCode::Deadline { obligation: due.obligation, occurrence: due.occurrence };
            let day = due.deadline.nominal;
            let key = MailKey { dossier: number, code, day, stage: stage.name, role: Role::Organisme };
            assert!(keys.contains(key.to_string().as_str()), "{key} waits for the digest: {keys:?}");
            late += 1;
        }
    }
    assert!(late > 0, "no obligation is late: the test proves nothing");
}

#[tokio::test]
async fn a_central_service_and_its_local_are_judged_again_when_the_other_changes() {
    let bench = Bench::after("petit", 0).await;
    {
        let mut world = bench.simulator.world();
        world.edit_champ(4242, "Type de service", "Service central");
        world.edit_champ(4243, "Type de service", "Service local rattaché à un service central");
        world.annotate(4243, "N° de dossier du service central", 4242_i64);
    }
    bench.pass().await;
    for (changed, other) in [(4243, 4242), (4242, 4243)] {
        assert_eq!(bench.pass().await.judged, 0, "nothing waits");
        let day = bench.daemon.book.clock.today();
        let mut row = vec![("Décision", "Labellisé".into()), ("Palier décidé", "Bronze".into())];
        for label in ["Date de la décision", "Date de notification", "Date d'effet"] {
            row.push((label, day.into()));
        }
        bench.simulator.world().add_row(changed, "Historique des décisions", row);
        bench.daemon.observe().await.unwrap();
        // The first pass judges what changed and marks what depends on it, which the second judges.
        let judged = bench.daemon.judge().await.unwrap().judged + bench.daemon.judge().await.unwrap().judged;
        assert!(judged > 1, "{other} is not judged again after {changed}");
        bench.pass().await;
    }
}

/// Nothing of a dry run on a new store bounds what a later pass mails.
#[tokio::test]
async fn a_dry_run_fixes_no_first_day_and_warns_of_no_token() {
    let mut bench = Bench::after("petit", 0).await;
    let today = bench.daemon.book.today();
    bench.daemon.acting.token_ends = vec![today];
    bench.daemon.acting.dry_run = true;
    bench.pass().await;
    let store = &bench.daemon.store;
    for name in ["since", &format!("token_warned/{today}")] {
        assert_eq!(store.settings().get(name).await.unwrap(), None, "{name}");
    }
    assert_eq!(store.ledger().latest_mails(9).await.unwrap(), []);
    bench.daemon.acting.dry_run = false;
    bench.pass().await;
    let since = bench.daemon.store.settings().get("since").await.unwrap();
    assert_eq!(since, Some(today.to_string()));
}

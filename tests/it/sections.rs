//! A section of `[dn]` that cannot be read stops alone, what is due of it leaves as known, and the body is told.

use std::time::Duration;

use jiff::{SignedDuration, ToSpan};
use label::judge::agenda::Role;
use simulator::{Fault, On};
use vigie::daemon::source::Source;
use vigie::mail::Kept;

use crate::bench::{Bench, FORM};

const KNOWN: &str = "établi d’après la dernière lecture de la plateforme";

/// A bench of two sections on two platforms, whose dossiers have different numbers.
async fn two_sections() -> (Bench, Bench) {
    let other = Bench::after("lot", 12).await;
    for number in [4242, 4243, 4244] {
        other.simulator.world().dossiers.remove(&number);
    }
    let mut bench = Bench::after("petit", 0).await;
    let token = secrecy::SecretString::from(simulator::TOKEN.to_owned());
    let endpoint = vigie::dn::Endpoint::new(&other.simulator.endpoint(), token).unwrap();
    let endpoint = endpoint.with_patience(Duration::from_millis(1));
    let group = vigie::dn::Scope { demarche: None, groupe: Some(i64::from(simulator::GROUP)) };
    let dn = vigie::dn::Dn::new(endpoint, group, Some(simulator::INSTRUCTEUR_EMAIL.to_owned()));
    bench.daemon.sources.push(Source::new(dn, toml::from_str(FORM).unwrap()));
    bench.daemon.acting.mails_per_day = 100;
    (bench, other)
}

fn expire(platform: &Bench, expired: bool) {
    platform.simulator.world().tokens[0].expires = expired.then(|| jiff::civil::date(2020, 1, 1));
}

async fn tomorrow(bench: &Bench, other: &Bench) {
    let now = bench.daemon.book.clock.now().checked_add(24.hours()).unwrap();
    other.simulator.world().set_now(now);
    bench.set_now(now);
}

fn is_marked(kept: &Kept) -> bool {
    kept.mail.letter.paragraphs.iter().any(|text| text.contains(KNOWN))
}

/// Mails to services about the dossiers of the second section.
fn of_the_second(mails: &[Kept]) -> Vec<&Kept> {
    let outward = |kept: &&Kept| matches!(kept.mail.reader, Some(Role::Candidat | Role::Central));
    let dossier = |kept: &Kept| kept.mail.key.split('/').next().and_then(|number| number.parse::<i64>().ok());
    mails.iter().filter(outward).filter(|kept| dossier(kept).is_some_and(|number| number > 4244)).collect()
}

/// Both sections are read, then the token of the second is refused, for so many days, before anything was mailed.
async fn refused_for(days: i64) -> (Bench, Bench) {
    let (mut bench, other) = two_sections().await;
    other.simulator.world().annotate(4250, "Premier jour de visite", jiff::civil::date(2027, 7, 15));
    let mailer = bench.daemon.mailer.take();
    bench.pass().await;
    bench.daemon.mailer = mailer;
    expire(&other, true);
    for _ in 0..days {
        tomorrow(&bench, &other).await;
    }
    (bench, other)
}

#[tokio::test]
async fn a_refused_token_stops_its_section_alone() {
    let (bench, other) = refused_for(1).await;
    bench.simulator.world().annotate(4243, "Premier jour de visite", jiff::civil::date(2027, 9, 6));
    bench.simulator.world().reset_counters();
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("401"), "{error}");
    assert!(bench.requests().1 > 0, "annotations of the first section are written");
    let mails = bench.mails();
    let first: Vec<&Kept> = mails.iter().filter(|kept| kept.mail.key.starts_with("4243/")).collect();
    assert!(!first.is_empty() && first.iter().all(|kept| !is_marked(kept)), "mails of the first leave");
    let second = of_the_second(&mails);
    assert!(!second.is_empty() && second.iter().all(|kept| is_marked(kept)), "those of the second say so");
    let dated =
        |kept: &Kept| kept.mail.letter.paragraphs.iter().any(|text| text.contains("1er juin 2027 à "));
    assert!(second.iter().all(|kept| dated(kept)), "{:?}", second[0].mail.letter.paragraphs);
    drop(other);
}

#[tokio::test]
async fn nobody_is_reminded_of_what_was_known_too_long_ago() {
    let (bench, other) = refused_for(8).await;
    assert!(bench.try_pass().await.is_err());
    assert!(of_the_second(&bench.mails()).is_empty());
    assert!(bench.mails().iter().any(|kept| kept.mail.key.starts_with("4243/")), "the first goes on");
    expire(&other, false);
    tomorrow(&bench, &other).await;
    bench.pass().await;
    let mails = bench.mails();
    let second = of_the_second(&mails);
    assert!(!second.is_empty(), "what waited leaves once it is read again");
    assert!(second.iter().all(|kept| !is_marked(kept)));
}

#[tokio::test]
async fn a_section_that_was_never_read_keeps_nobody_waiting() {
    let (bench, other) = two_sections().await;
    expire(&other, true);
    assert!(bench.try_pass().await.is_err());
    assert_eq!(bench.annotation(4242, "[auto] État"), "Déposé");
    assert!(bench.mails().len() > 1);
}

fn told<'m>(mails: &'m [Kept], subject: &str) -> Vec<&'m Kept> {
    mails.iter().filter(|kept| kept.mail.letter.subject.starts_with(subject)).collect()
}

const RAISED: &str = "vigie ne peut plus faire tout son travail";
const MENDED: &str = "vigie refait son travail";

#[tokio::test]
async fn the_body_is_told_of_a_refused_token_once_and_when_it_is_mended() {
    let (bench, other) = two_sections().await;
    bench.pass().await;
    for _ in 0..2 {
        expire(&other, true);
        let before = bench.mails().len();
        for _ in 0..3 {
            assert!(bench.try_pass().await.is_err());
        }
        let mails = bench.mails().split_off(before);
        let raised = told(&mails, RAISED);
        assert_eq!(raised.len(), 1);
        assert_eq!(raised[0].mail.to, ["label@organisme.example"]);
        let text = raised[0].mail.letter.paragraphs.join("\n");
        assert!(text.contains("groupe d’instructeurs") && text.contains("401"), "{text}");
        assert!(!text.contains(simulator::TOKEN));
        expire(&other, false);
        for _ in 0..2 {
            bench.pass().await;
        }
        assert_eq!(told(&bench.mails().split_off(before), MENDED).len(), 1);
        tomorrow(&bench, &other).await;
    }
}

#[tokio::test]
async fn the_body_is_told_of_a_platform_that_is_away_after_six_hours() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    bench.simulator.world().arm_every(On::Any, Fault::Maintenance);
    let hours = [0, 1, 4, 1, 3];
    let mut mails = Vec::new();
    for hour in hours {
        let now = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(hour)).unwrap();
        bench.set_now(now);
        assert!(bench.try_pass().await.is_err());
        mails.push(told(&bench.mails(), RAISED).len());
    }
    assert_eq!(mails, [0, 0, 0, 1, 1]);
    bench.simulator.world().clear_faults();
    bench.pass().await;
    assert_eq!(told(&bench.mails(), MENDED).len(), 1);
}

#[tokio::test]
async fn an_alarm_that_is_over_before_its_mail_left_is_not_sent() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    bench.simulator.world().arm_every(On::Any, Fault::Status(401));
    let (mut silent, before) = (bench, 0);
    let mailer = silent.daemon.mailer.take();
    assert!(silent.try_pass().await.is_err());
    silent.daemon.mailer = mailer;
    silent.simulator.world().clear_faults();
    silent.pass().await;
    let mails = silent.mails().split_off(before);
    assert_eq!((told(&mails, RAISED).len(), told(&mails, MENDED).len()), (0, 0));
}

#[tokio::test]
async fn the_body_is_told_of_a_token_that_may_not_write() {
    let bench = Bench::after("petit", 0).await;
    bench.simulator.world().tokens[0].write = false;
    for _ in 0..3 {
        assert!(bench.try_pass().await.is_err());
        bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(10)).unwrap());
    }
    assert_eq!(told(&bench.mails(), RAISED).len(), 1);
    assert!(told(&bench.mails(), RAISED)[0].mail.letter.subject.contains("écrive dans la démarche 12345"));
    bench.simulator.world().tokens[0].write = true;
    bench.pass().await;
    bench.pass().await;
    assert_eq!(told(&bench.mails(), MENDED).len(), 1);
}

#[tokio::test]
async fn the_body_is_told_of_annotations_that_are_not_written_any_more() {
    use simulator::State;
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    {
        let mut world = bench.simulator.world();
        let state = world.form.annotations.iter_mut().find(|field| field.label == "[auto] État").unwrap();
        state.options.retain(|option| option != "À compléter");
        world.set_state(4242, State::EnInstruction, None);
    }
    bench.pass().await;
    bench.pass().await;
    let mails = bench.mails();
    let raised = told(&mails, RAISED);
    assert_eq!(raised.len(), 1);
    assert!(raised[0].mail.letter.paragraphs[0].contains("le dossier 4242"), "{:?}", raised[0].mail.letter);
}

/// What could not be tried is not mended: a dead line is no proof that the token is good again.
#[tokio::test]
async fn a_refusal_is_over_only_once_the_section_was_read() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    bench.simulator.world().arm_every(On::Any, Fault::Status(401));
    assert!(bench.try_pass().await.is_err());
    assert_eq!(told(&bench.mails(), RAISED).len(), 1);
    bench.simulator.world().clear_faults();
    bench.simulator.world().arm_every(On::Any, Fault::Maintenance);
    for _ in 0..2 {
        bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(4)).unwrap());
        assert!(bench.try_pass().await.is_err());
        assert_eq!((told(&bench.mails(), RAISED).len(), told(&bench.mails(), MENDED).len()), (1, 0));
    }
    bench.simulator.world().clear_faults();
    bench.pass().await;
    let mails = bench.mails();
    let mended = told(&mails, MENDED);
    assert_eq!(mended.len(), 1);
    assert!(mended[0].mail.letter.subject.contains("lire la démarche 12345"));
}

/// Each alarm that is known from an earlier start stands until what raised it was looked at again.
#[tokio::test]
async fn an_alarm_of_an_earlier_start_stands_until_something_proves_that_it_is_over() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let settings = bench.daemon.store.settings();
    let since = bench.daemon.book.clock.now().to_string();
    // No answer with a date is compared with a clock that is set, and a store in memory is on no disk.
    for name in ["alarm/clock", "alarm/store", "alarm/section/demarche/999"] {
        settings.set(name, &since).await.unwrap();
    }
    bench.pass().await;
    assert_eq!(settings.get("alarm/clock").await.unwrap(), Some(since.clone()));
    assert_eq!(settings.get("alarm/store").await.unwrap(), Some(since));
    let gone = settings.get("alarm/section/demarche/999").await.unwrap();
    assert_eq!(gone.as_deref(), Some(""), "a section that is configured no more");
    assert_eq!(told(&bench.mails(), MENDED).len(), 0);
}

//! What each body and DITP are told, and in whose name a service is written to.

use jiff::SignedDuration;
use jiff::civil::date;
use simulator::Value;
use vigie::daemon::Hours;
use vigie::mail::{Letterhead, Mailer};

use super::{BOREAL, CAP, FIELD, OTHER, PEOPLE, share};
use crate::bench::Bench;
use crate::store::postgres;
use crate::web::Pages;
use crate::webhooks::Receiver;

const DITP: &str = "ditp@example.gouv.fr";

/// Three dossiers: 4244 of one body, 4243 of the other, 4242 of none that is known.
async fn petit(url: &str, groups: [Option<i64>; 2]) -> Bench {
    let mut bench = Bench::stored("petit", 0, url).await;
    for (number, name) in [(4242, OTHER), (4243, CAP), (4244, BOREAL)] {
        bench.simulator.world().edit_champ(number, FIELD, name);
    }
    share(&mut bench, groups);
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench
}

fn award(bench: &Bench, number: u32) {
    let day = date(2027, 6, 1);
    let cells: Vec<(&'static str, Value)> = vec![
        ("Décision", "Labellisé".into()),
        ("Palier décidé", "Bronze".into()),
        ("Date de la décision", day.into()),
        ("Date de notification", day.into()),
        ("Date d'effet", day.into()),
    ];
    bench.simulator.world().add_row(number, "Historique des décisions", cells);
}

/// The readers of each mail that has this word in its subject or its text.
fn readers(bench: &Bench, word: &str) -> Vec<Vec<String>> {
    let says =
        |kept: &&vigie::mail::Kept| kept.mail.letter.subject.contains(word) || kept.text.contains(word);
    bench.mails().iter().filter(says).map(|kept| kept.mail.to.clone()).collect()
}

async fn each_is_told_of_its_own(url: &str) {
    let mut bench = petit(url, [None, None]).await;
    let letterhead = |name: &str| Letterhead { name: name.to_owned(), ..Letterhead::default() };
    let mailer = Mailer::memory("Label SP+ <label@ditp.example>").unwrap();
    let mailer = mailer.signed_for(BOREAL, Some("reponses@boreal.example"), letterhead(BOREAL)).unwrap();
    let mailer = mailer.signed_for(CAP, Some("reponses@cap.example"), letterhead(CAP)).unwrap();
    bench.daemon.mailer = Some(mailer.clone());
    bench.mailer = mailer;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let mut digests: Vec<(String, String)> = Vec::new();
    for kept in bench.mails().iter().filter(|kept| kept.mail.key.starts_with("digest/")) {
        assert_eq!(kept.mail.to.len(), 1);
        digests.push((kept.mail.to[0].clone(), kept.text.clone()));
    }
    assert!(!digests.is_empty(), "{:?}", bench.subjects());
    let mut seen = 0;
    for (reader, text) in &digests {
        for (number, whose) in [(4242, DITP), (4243, PEOPLE[1]), (4244, PEOPLE[0])] {
            let says = text.contains(&number.to_string());
            assert!(!says || reader == whose, "{number} is told to {reader}: {text}");
            seen += usize::from(says);
        }
    }
    assert!(seen >= 2, "{digests:?}");
    // Whatever is for a certification body goes to the one whose dossier it is about.
    for kept in bench.mails() {
        for (number, whose) in [("4242", DITP), ("4243", PEOPLE[1]), ("4244", PEOPLE[0])] {
            if kept.mail.key.starts_with(number) && kept.mail.key.ends_with("/organisme") {
                assert_eq!(kept.mail.to, [whose], "{}", kept.mail.key);
            }
        }
    }
    // A service reads the name of its body, and answers to it.
    let outward = |number: &str| {
        let mails = bench.mails();
        let found = mails
            .iter()
            .find(|kept| kept.mail.key.starts_with(number) && kept.mail.key.ends_with("/candidat"));
        found.cloned().unwrap_or_else(|| {
            panic!(
                "no mail to the service of {number}: {:?}",
                mails.iter().map(|one| one.mail.key.clone()).collect::<Vec<_>>()
            )
        })
    };
    for (number, name, answers) in
        [("4244", BOREAL, "reponses@boreal.example"), ("4243", CAP, "reponses@cap.example")]
    {
        let mail = outward(number);
        assert_eq!(mail.mail.body.as_deref(), Some(name));
        assert!(mail.text.contains(name) && mail.text.contains(answers), "{}", mail.text);
        let other = if name == CAP { BOREAL } else { CAP };
        assert!(!mail.text.contains(other), "{}", mail.text);
    }
}

#[tokio::test]
async fn each_body_is_told_of_its_own_dossiers_and_ditp_of_the_others() {
    each_is_told_of_its_own("sqlite::memory:").await;
}

#[tokio::test]
async fn each_body_is_told_of_its_own_dossiers_on_postgresql() {
    if let Some(base) = postgres().await {
        each_is_told_of_its_own(&base.url).await;
        base.drop().await;
    }
}

/// One person is the contact of services of two bodies, and has had the mails of the day.
#[tokio::test]
async fn a_service_gets_the_mails_past_the_number_of_the_day_from_each_body() {
    let mut bench = petit("sqlite::memory:", [None, None]).await;
    let mut mailer = Mailer::memory("Label SP+ <label@ditp.example>").unwrap();
    let answers = [(BOREAL, "reponses@boreal.example"), (CAP, "reponses@cap.example")];
    for (name, address) in answers {
        let letterhead = Letterhead { name: name.to_owned(), ..Letterhead::default() };
        mailer = mailer.signed_for(name, Some(address), letterhead).unwrap();
    }
    bench.daemon.mailer = Some(mailer.clone());
    bench.mailer = mailer;
    bench.daemon.acting.mails_per_day = 0;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let register = bench.daemon.store.register();
    let mut bodies = Vec::new();
    for kept in bench.mails().iter().filter(|kept| kept.mail.key.contains("/candidat/")) {
        let own = kept.mail.body.as_deref();
        for section in &kept.mail.letter.sections {
            let of = register.body_of(section.about.as_ref().unwrap().dossier).await.unwrap();
            assert_eq!(of.as_deref().filter(|name| *name != OTHER), own, "{}: {}", kept.mail.key, kept.text);
        }
        if let Some((name, address)) = answers.iter().find(|(name, _)| Some(*name) == own) {
            let raw = String::from_utf8_lossy(&kept.raw).into_owned();
            assert!(raw.contains(&format!("Reply-To: {address}")), "{raw}");
            assert!(kept.text.contains(name) && kept.text.contains(address), "{}", kept.text);
        }
        bodies.push(own.map(str::to_owned));
    }
    for name in [BOREAL, CAP] {
        let of_body = bodies.iter().filter(|own| own.as_deref() == Some(name)).count();
        assert_eq!(of_body, 1, "{name}: {bodies:?}");
    }
}

#[tokio::test]
async fn the_group_decides_and_what_does_not_agree_is_a_finding() {
    // All three dossiers are in the group 678.
    let bench = petit("sqlite::memory:", [Some(678), Some(679)]).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let register = bench.daemon.store.register();
    for number in [4242, 4243, 4244] {
        assert_eq!(register.body_of(number).await.unwrap().as_deref(), Some(BOREAL), "{number}");
    }
    let findings = async |number: i64| {
        let (_, review) = bench.daemon.book.review_of(number).await.unwrap().unwrap();
        review.findings.iter().map(label::wording::findings::finding).collect::<Vec<_>>().join("\n")
    };
    assert!(!findings(4244).await.contains("R-3.2-a"));
    let conflict = findings(4243).await;
    assert!(
        conflict.contains("« Cap Qualité Audit »")
            && conflict.contains("groupe d’instructeurs de « Boréal Certification »"),
        "{conflict}"
    );
    // A name that is on no list says nothing against the group.
    assert!(!findings(4242).await.contains("R-3.2-a"));
}

#[tokio::test]
async fn a_body_that_the_configuration_does_not_know_is_for_ditp() {
    let bench = petit("sqlite::memory:", [None, None]).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let (_, review) = bench.daemon.book.review_of(4242).await.unwrap().unwrap();
    let found = review.findings.iter().find(|finding| finding.rule == "R-3.2-a").unwrap();
    assert_eq!(found.owner, label::judge::agenda::Role::Ditp);
    assert!(
        label::wording::findings::finding(found)
            .contains("« Certif’ du Lac » n’est pas dans la configuration")
    );
    assert!(
        readers(&bench, "4242")
            .iter()
            .all(|to| !PEOPLE[..2].iter().any(|body| to.contains(&(*body).to_owned())))
    );
}

#[tokio::test]
async fn the_bodies_may_change_and_closed_cases_follow() {
    let mut bench = Bench::after("petit", 0).await;
    bench.simulator.world().edit_champ(4244, FIELD, CAP);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let register = bench.daemon.store.register();
    assert_eq!(register.body_of(4244).await.unwrap().as_deref(), Some(CAP));
    share(&mut bench, [Some(678), None]);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert_eq!(
        register.body_of(4244).await.unwrap().as_deref(),
        Some(BOREAL),
        "by its group, from this pass on"
    );
    let said = bench.daemon.store.journal().entries(None, 200).await.unwrap();
    assert!(
        said.iter().any(|line| line.detail.contains("les organismes de la configuration ont changé")),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_receiver_of_one_body_hears_of_its_dossiers_alone() {
    let mut bench = petit("sqlite::memory:", [None, None]).await;
    let receiver = Receiver::start().await;
    bench.daemon.hooks = vec![receiver.hook(&[]).about(Some(CAP))];
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    for number in [4244, 4243] {
        award(&bench, number);
    }
    let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(5);
    bench.set_now(now);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let told: Vec<String> = receiver.calls().into_iter().map(|(_, body)| body).collect();
    assert!(!told.is_empty(), "the decision on 4243 is told");
    assert!(told.iter().all(|body| body.contains("4243") && !body.contains("4244")), "{told:?}");
}

/// A digest that could not leave, whose dossier goes to the other body meanwhile.
#[tokio::test]
async fn a_dossier_that_changes_its_body_leaves_the_digest_of_the_former_one() {
    let mut bench = petit("sqlite::memory:", [None, None]).await;
    // Nobody listens there.
    bench.daemon.mailer = Some(Mailer::new("smtp://127.0.0.1:9", "label@ditp.example", None).unwrap());
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert!(bench.mails().is_empty());
    bench.simulator.world().edit_champ(4243, FIELD, BOREAL);
    bench.daemon.mailer = Some(bench.mailer.clone());
    for hours in [1, 24] {
        let now = bench.daemon.book.clock.now() + SignedDuration::from_hours(hours);
        bench.set_now(now);
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    }
    let digests = || bench.mails().into_iter().filter(|kept| kept.mail.key.starts_with("digest/"));
    let of_former: Vec<String> =
        digests().filter(|kept| kept.mail.to == [PEOPLE[1]]).map(|kept| kept.text).collect();
    assert!(of_former.iter().all(|text| !text.contains("4243")), "{of_former:?}");
    let told = digests().any(|kept| kept.mail.to == [PEOPLE[0]] && kept.text.contains("4243"));
    assert!(
        told,
        "the other body is told: {:?}",
        bench.mails().iter().map(|kept| (&kept.mail.key, &kept.mail.to)).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_notice_that_waits_is_not_told_to_the_body_that_the_dossier_left() {
    let mut bench = petit("sqlite::memory:", [None, None]).await;
    let receiver = Receiver::start().await;
    bench.daemon.hooks = vec![receiver.hook(&[]).about(Some(CAP))];
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    receiver.will([crate::webhooks::Reply::Status(500)]);
    award(&bench, 4243);
    let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(5);
    bench.set_now(now);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert_eq!(receiver.calls().len(), 1, "it did not take it");
    bench.simulator.world().edit_champ(4243, FIELD, BOREAL);
    let now = bench.daemon.book.clock.now() + SignedDuration::from_hours(3);
    bench.set_now(now);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert_eq!(receiver.calls().len(), 1, "the dossier is another body's since");
}

/// The field names one body, the group is another's: the register, the page, the mail and the notice say the same.
#[tokio::test]
async fn every_outlet_names_the_same_body() {
    let mut bench = petit("sqlite::memory:", [Some(678), Some(679)]).await;
    let receiver = Receiver::start().await;
    bench.daemon.hooks = vec![receiver.hook(&[])];
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    award(&bench, 4243);
    let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(5);
    bench.set_now(now);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let named = format!("\"organisme\":\"{BOREAL}\"");
    let notices = receiver.calls();
    assert!(notices.iter().any(|(_, body)| body.contains("4243") && body.contains(&named)), "{notices:?}");
    let mails = bench.mails();
    let to_ditp = mails
        .iter()
        .find(|kept| kept.mail.key.starts_with("4243/N-labellise") && kept.mail.key.ends_with("/ditp"));
    let text = &to_ditp.expect("DITP is told of the award").text;
    assert!(text.contains(BOREAL) && !text.contains(CAP), "{text}");
    let pages = Pages::over(&bench, None).await;
    let (_, page) = pages.get("/cas/4243").await;
    assert!(page.contains(&format!("audité par {BOREAL}")), "{page}");
    let (_, register) = pages.get("/registre.csv").await;
    let line = register.lines().find(|line| line.contains("4243")).unwrap();
    assert!(line.contains(BOREAL) && !line.contains(CAP), "{line}");
}

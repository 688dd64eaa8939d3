//! The mails that prepare an audit: their days, what they count, and that they end with the decision.

use label::case::facts::{Facts, PlatformState, Value};
use label::case::keys::Key;
use label::judge::finding::What;
use label::judge::review;
use label::outgoing::{Mail, MailCode};
use label::plan::Known;
use label::plan::mails::wanted_mails;

use crate::cases::{START, case_of, day, frame, row};
use crate::documents::local;
use crate::life::choice;

/// The mails wanted on the day 10 about one dossier.
fn mails(dossier: Facts) -> Vec<Mail> {
    let case = case_of(&[dossier]);
    let review = review(&case, day(10), &frame());
    let known = Known::nothing("2027-01-14T08:00:00Z".parse().unwrap(), START);
    wanted_mails(&review, &case, &frame(), &known)
}

fn is_survey(mail: &&Mail) -> bool {
    matches!(mail.key.code, MailCode::Survey(_))
}

#[test]
fn documents_that_will_be_too_old_are_told_at_once_from_the_day_of_the_deposit() {
    let stale = mails(local(5, vec![(Key::EnqueteUsagersCloture, Value::Date(day(-400)))]));
    let stale: Vec<&Mail> = stale.iter().filter(|mail| mail.key.code == MailCode::Stale).collect();
    assert_eq!(stale.len(), 2, "the service and its body");
    for mail in stale {
        assert_eq!((mail.day, mail.from, mail.urgent), (day(50), day(5), true));
    }
}

/// R-3.4.2-d: half of forty are twenty. R-3.4.1-g: 5 % of 2,000 are a hundred.
#[test]
fn answers_that_lack_are_counted_and_told_under_the_day_on_which_the_survey_closed() {
    let count = |key, count| (key, Value::Count(count));
    let staff = mails(local(
        0,
        vec![
            count(Key::AgentsConcernes, 40),
            count(Key::AgentsSollicites, 40),
            count(Key::AgentsRecevables, 17),
            (Key::EnqueteAgentsCloture, Value::Date(day(3))),
        ],
    ));
    let users = mails(local(0, vec![count(Key::UsagersSollicites, 2000), count(Key::UsagersRecevables, 40)]));
    let said = |mails: &[Mail]| {
        let mail = mails.iter().find(is_survey).unwrap();
        let letter = &mail.letter;
        let text = [&letter.subject].into_iter().chain(&letter.paragraphs).chain(&letter.points);
        (mail.day, mail.from, text.cloned().collect::<Vec<String>>().join("\n"))
    };
    let (on, from, text) = said(&staff);
    assert_eq!((on, from), (day(3), day(0)));
    assert!(text.contains("3 réponses"), "{text}");
    let (on, from, text) = said(&users);
    assert_eq!((on, from), (day(0), day(0)), "no day on which it closed");
    assert!(text.contains("60 réponses"), "{text}");
}

#[test]
fn a_dossier_that_awaits_no_decision_is_prepared_no_more() {
    let timetable = |dossier: Facts| mails(dossier).iter().any(|mail| mail.key.code == MailCode::Timetable);
    assert!(timetable(local(0, vec![])));
    let decided = vec![(Key::Evenements, Value::Rows(vec![row("rejete", 6)]))];
    assert!(!timetable(local(0, decided)));
    assert!(!timetable(Facts { state: PlatformState::SansSuite, ..local(0, vec![]) }));
}

/// §5.2: it is judged on the audit of what is added.
#[test]
fn an_extension_lacks_none_of_the_documents_of_an_application() {
    let lacks = |demande: &str| {
        let case = case_of(&[local(0, vec![(Key::TypeDemande, choice(demande))])]);
        let found = review(&case, day(10), &frame()).findings;
        found.iter().filter(|finding| matches!(finding.what, What::Piece(_))).count()
    };
    assert_eq!([lacks("initial"), lacks("extension")], [12, 0]);
}

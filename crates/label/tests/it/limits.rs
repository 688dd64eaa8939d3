//! Days and counts on each side of a limit, from the judgement of a whole case.

use std::collections::BTreeSet;

use label::case::facts::{Facts, PlatformState, Value};
use label::case::keys::Key;
use label::case::{Remembered, assemble};
use label::guide::decision::may_reapply_from;
use label::judge::agenda::{Due, Obligation, StageName, Status};
use label::judge::finding::{Level, What};
use label::judge::{Review, review};
use label::life::State;
use label::outgoing::{Action, Correction, Mail, MailCode, MessageSubject};
use label::plan::mails::wanted_mails;
use label::plan::messages::wanted_messages;
use label::plan::{Known, plan};

use crate::cases::{START, case_of, day, frame, row};
use crate::documents::{all_pieces, file, local};
use crate::life::{awarded, choice, sound};

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

#[test]
fn a_service_that_was_refused_applies_again_from_the_day_that_the_guide_gives() {
    let refused = sound(vec![row("rejete", 90)]);
    // Notified two days later.
    let from = may_reapply_from(day(92), &frame().choices);
    let told = |offset: i64| {
        let deposited = from.checked_add(jiff::ToSpan::days(offset)).unwrap();
        let again = Facts { number: 2, deposited, ..local(0, vec![]) };
        // An application after a refusal is a case of its own.
        let cases = assemble(vec![refused.clone(), again], &Remembered::default());
        let case = cases.iter().find(|case| case.id == 2).unwrap();
        let found = review(case, day(400), &frame())
            .findings
            .into_iter()
            .filter(|finding| finding.rule == "R-3.8.1-g");
        let found: Vec<(i64, Level, What)> =
            found.map(|finding| (finding.dossier, finding.level, finding.what)).collect();
        (deposited, found)
    };
    for (offset, level) in [(-1, Level::Ko), (0, Level::Ok)] {
        let (deposited, found) = told(offset);
        assert_eq!(found, [(2, level, What::Reapplication { deposited, from })]);
    }
    // The dossier that was refused is not one that applies again.
    assert!(judged(&[refused], 400).findings.iter().all(|finding| finding.rule != "R-3.8.1-g"));
}

#[test]
fn a_renewal_follows_the_label_that_it_renews() {
    let first = sound(vec![awarded("argent")]);
    let obtained = judged(std::slice::from_ref(&first), 200).label.unwrap().obtained;
    let renewing = |offset: i64| {
        let deposited = obtained.checked_add(jiff::ToSpan::days(offset)).unwrap();
        let demande = (Key::TypeDemande, choice("renouvellement"));
        let again = Facts { number: 2, deposited, ..local(0, vec![demande]) };
        judged(&[first.clone(), again], 200).label.unwrap().renewing
    };
    assert_eq!([-1, 0, 1].map(renewing), [false, false, true]);
}

#[test]
fn a_dossier_is_complete_whatever_else_is_said_of_it() {
    let state = |pieces: Vec<(Key, Value)>| {
        let mut dossier = sound(vec![]);
        dossier.values.extend(pieces);
        let review = judged(&[dossier], 10);
        assert!(review.findings.len() > 3, "something is said of it");
        review.state
    };
    assert_eq!(state(all_pieces()), State::Complet);
    let mut pieces = all_pieces();
    pieces.remove(0);
    assert_eq!(state(pieces), State::ACompleter);
}

#[test]
fn what_a_label_calls_for_is_listed_up_to_its_last_day_and_not_after() {
    let dossier = sound(vec![awarded("argent")]);
    let case = case_of(&[dossier]);
    let ends = review(&case, day(200), &frame()).label.unwrap().ends;
    let listed = |obligation: Obligation, offset: i64| {
        let today = ends.checked_add(jiff::ToSpan::days(offset)).unwrap();
        let agenda = review(&case, today, &frame()).agenda;
        agenda.iter().any(|due: &Due| due.obligation == obligation)
    };
    assert_eq!([0, 1].map(|offset| listed(Obligation::FollowUp, offset)), [true, false]);
    assert_eq!([0, 1].map(|offset| listed(Obligation::MarkStops, offset)), [false, true]);
}

/// The mails about a survey of a dossier deposited on the day 0 with so many answers of staff, out of forty.
fn about_surveys(answers: i64, since: i64) -> Vec<Mail> {
    let counts = [(Key::AgentsConcernes, 40), (Key::AgentsSollicites, 40), (Key::AgentsRecevables, answers)];
    let counts = counts.map(|(key, count)| (key, Value::Count(count)));
    let case = case_of(&[local(0, counts.to_vec())]);
    let review = review(&case, day(10), &frame());
    let known = Known::nothing(
        "2027-01-14T08:00:00Z".parse().unwrap(),
        START.checked_add(jiff::ToSpan::days(since)).unwrap(),
    );
    let mails = wanted_mails(&review, &case, &frame(), &known);
    mails.into_iter().filter(|mail| matches!(mail.key.code, MailCode::Survey(_))).collect()
}

#[test]
fn missing_answers_are_told_once_and_under_a_key_of_their_own() {
    let enough = (0..=40).find(|answers| about_surveys(*answers, 0).is_empty()).unwrap();
    // R-3.4.2-d: half of the forty.
    assert_eq!(enough, 20);
    let [mail] = about_surveys(enough - 1, 0).try_into().unwrap();
    assert_eq!((mail.key.stage, mail.from), (StageName::Answers, day(0)));
    // Not for a dossier that was deposited before vigie wrote.
    assert_eq!(about_surveys(enough - 1, 1), []);
}

/// Nobody was invited: the survey is not valid, whatever the number of answers.
#[test]
fn a_survey_with_enough_answers_lacks_none() {
    let counts = [(Key::AgentsConcernes, 40), (Key::AgentsSollicites, 0), (Key::AgentsRecevables, 40)];
    let case = case_of(&[local(0, counts.map(|(key, count)| (key, Value::Count(count))).to_vec())]);
    let judged = review(&case, day(10), &frame());
    assert!(judged.findings.iter().any(|one| one.rule == "R-3.4.2-d" && one.level == Level::Ko));
    let known = Known::nothing("2027-01-14T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&judged, &case, &frame(), &known);
    assert!(mails.iter().all(|mail| !matches!(mail.key.code, MailCode::Survey(_))));
}

#[test]
fn a_message_that_was_put_is_not_put_again() {
    let case = case_of(&[Facts { state: PlatformState::EnConstruction, ..local(5, vec![]) }]);
    let judged = review(&case, day(10), &frame());
    let wanted: BTreeSet<_> =
        wanted_messages(&judged, &case, START).into_iter().map(|message| message.key).collect();
    assert!(wanted.len() > 1);
    let put = |messages: Option<BTreeSet<_>>| {
        let now = "2027-01-14T08:00:00Z".parse().unwrap();
        let known = Known { messages, ..Known::nothing(now, START) };
        let actions = plan(&judged, &case, &frame(), &known).into_iter();
        actions
            .filter_map(|action| match action {
                Action::Message(message) => Some(message.key),
                _ => None,
            })
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(put(Some(BTreeSet::new())), wanted);
    assert_eq!(put(Some(wanted.clone())), BTreeSet::new());
    assert_eq!(put(None), BTreeSet::new(), "no message may be sent");
}

#[test]
fn a_dossier_is_sent_back_as_incomplete_when_something_lacks_and_else_as_incorrect() {
    let correction = |pieces: Vec<(Key, Value)>| {
        let case = case_of(&[local(5, pieces)]);
        let judged = review(&case, day(10), &frame());
        wanted_messages(&judged, &case, START).iter().find_map(|message| message.correction)
    };
    let mut pieces = all_pieces();
    pieces[0].1 = Value::Files(vec![file(0)]);
    assert_eq!(correction(pieces.clone()), Some(Correction::Incorrect));
    pieces.remove(1);
    assert_eq!(correction(pieces), Some(Correction::Incomplete));
}

#[test]
fn a_deposit_is_acknowledged_while_nobody_has_taken_it_up() {
    let untouched = Facts { state: PlatformState::EnConstruction, ..local(5, vec![]) };
    let subjects = |dossier: &Facts, since: i64| {
        let case = case_of(std::slice::from_ref(dossier));
        let review = review(&case, day(10), &frame());
        wanted_messages(&review, &case, day(since))
            .iter()
            .map(|message| message.key.subject)
            .collect::<Vec<_>>()
    };
    let told = |dossier: &Facts, since: i64| subjects(dossier, since).contains(&MessageSubject::Receipt);
    assert!(told(&untouched, 5), "a dossier deposited on the first day");
    assert!(!told(&untouched, 6), "a dossier deposited before vigie wrote");
    assert!(!told(&Facts { gone: true, ..untouched.clone() }, 0), "a dossier that disappeared");
    assert!(!told(&Facts { examined: Some(day(6)), ..untouched.clone() }, 0), "a dossier taken up");
    assert!(
        !told(&Facts { state: PlatformState::EnInstruction, ..untouched.clone() }, 0),
        "one under instruction"
    );
    let decided = Facts { state: PlatformState::SansSuite, ..untouched };
    assert_eq!(subjects(&decided, 0), []);
}

#[test]
fn what_was_late_on_the_day_of_the_annotation_is_settled_and_nothing_else() {
    let late = |noted: Option<jiff::civil::Date>| {
        let mut first = sound(vec![awarded("argent")]);
        first.values.extend(noted.map(|day| (Key::ConstateLe, Value::Date(day))));
        let demande = (Key::TypeDemande, choice("suivi"));
        let visit = (Key::AuditDebut, Value::Date(day(800)));
        let before = (Key::DossierPrecedent, Value::Link(1));
        let second = Facts { number: 2, deposited: day(500), ..local(0, vec![demande, visit, before]) };
        let review = judged(&[first, second], 1000);
        let late = review.agenda.iter().filter(|due| due.status == Status::Late);
        let late: Vec<_> = late.map(|due| (due.dossier, due.deadline.extended)).collect();
        let ahead = review.findings.iter().any(|one| one.rule == "R-X-1" && one.level != Level::Ok);
        (late, ahead, review.agenda.into_iter().filter_map(|due| due.settled).collect::<Vec<_>>())
    };
    let (overdue, _, settled) = late(None);
    let [(1, last), other @ (2, _)] = overdue[..] else { panic!("{overdue:?}") };
    assert!(last < day(999) && other.1 < day(999) && settled.is_empty());

    let after = last.tomorrow().unwrap();
    assert_eq!(late(Some(after)), (vec![other], false, vec![after]), "that of the other dossier stays");
    assert_eq!(late(Some(last)), (overdue.clone(), false, vec![]), "on its last day nothing is late yet");
    assert_eq!(late(Some(day(1000))), (vec![other], false, vec![day(1000)]));
    assert_eq!(late(Some(day(1001))), (overdue, true, vec![]), "a day to come settles nothing, and is told");
}

/// Of 174 staff invited, 30 % are 53 answers, more than the minimum of 30: with 17, thirty-six are missing.
#[test]
fn the_answers_that_are_missing_are_counted_from_the_number_that_is_needed() {
    let said = |counts: &[(Key, i64)]| {
        let counts = counts.iter().map(|(key, count)| (*key, Value::Count(*count))).collect();
        let review = judged(&[local(0, counts)], 10);
        let all: Vec<String> = review.findings.iter().map(label::wording::finding).collect();
        all.into_iter().filter(|said| said.contains("il manque")).collect::<Vec<_>>().join("\n")
    };
    let staff =
        said(&[(Key::AgentsConcernes, 174), (Key::AgentsSollicites, 174), (Key::AgentsRecevables, 17)]);
    assert!(staff.contains("il en faut 53") && staff.contains("il manque 36 réponses"), "{staff}");
    assert!(!staff.contains("13 réponses"), "{staff}");
    // Of 2,000 users, 5 % are 100: with 40, sixty are missing.
    let users = said(&[(Key::UsagersSollicites, 2000), (Key::UsagersRecevables, 40)]);
    assert!(users.contains("il manque 60 réponses"), "{users}");
}

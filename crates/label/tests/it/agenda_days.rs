//! What a deadline rests on: which document, which decision and which day settle it, or set it.

use jiff::civil::{Date, date};
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::decision::may_reapply_from;
use label::judge::agenda::{Due, Obligation, Role, Status};
use label::judge::{Review, review};

use crate::cases::{START, case_of, day, frame, row};
use crate::documents::local;
use crate::life::{awarded, choice, sound};
use crate::network::labelled_local;

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

fn offset(day: Date) -> i64 {
    i64::from((day - START).get_days())
}

/// A renewal of the label of the dossier 1.
fn renewal(deposited: i64, rows: Vec<Row>) -> Facts {
    let values = vec![
        (Key::TypeDemande, choice("renouvellement")),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    Facts { number: 2, deposited: day(deposited), ..local(0, values) }
}

/// O-01: both surveys are launched.
#[test]
fn surveys_are_launched_once_both_are_closed() {
    let closed = |keys: &[Key]| {
        let values = keys.iter().map(|key| (*key, Value::Date(day(-20)))).collect();
        due(&judged(&[local(0, values)], 10), Obligation::Launch).unwrap().status == Status::Done
    };
    let (users, staff) = (Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture);
    assert_eq!(
        [closed(&[]), closed(&[users]), closed(&[staff]), closed(&[users, staff])],
        [false, false, false, true]
    );
}

/// R-3.4-a: while no audit is set, the last day on which the earlier of the two surveys is good.
#[test]
fn a_survey_is_good_for_an_audit_less_than_six_months_after_it() {
    let last = |closed: &[Date]| {
        let mut dossier = local(0, vec![]);
        dossier.values.retain(|key, _| ![Key::AuditDebut, Key::AuditFin].contains(key));
        let keys = [Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture];
        dossier.values.extend(keys.into_iter().zip(closed).map(|(key, on)| (key, Value::Date(*on))));
        due(&judged(&[dossier], 10), Obligation::SurveyFresh).map(|due| due.deadline.nominal)
    };
    assert_eq!(last(&[]), None);
    let (end, start) = (date(2026, 8, 31), date(2026, 12, 1));
    assert_eq!(last(&[end]), Some(date(2027, 2, 28)));
    assert_eq!(last(&[start, end]), Some(date(2027, 2, 28)));
    let after = last(&[start]).unwrap();
    assert!((date(2027, 5, 31)..=date(2027, 6, 1)).contains(&after), "{after}");
}

/// R-3.8.1-g
#[test]
fn only_an_application_that_was_refused_waits_for_a_day_to_be_made_again() {
    let again = |decision: &str| {
        let review = judged(&[sound(vec![row(decision, 90)])], 120);
        due(&review, Obligation::Reapply).map(|due| due.deadline.nominal)
    };
    let from = may_reapply_from(day(92), &frame().choices);
    assert_eq!([again("rejete"), again("plan_actions")], [Some(from), None]);
}

/// R-5.3.2-i, O-38
#[test]
fn an_expiry_is_notified_by_a_withdrawal_and_by_nothing_else() {
    let label = judged(&[sound(vec![awarded("argent")])], 200).label.unwrap();
    let last = offset(label.ends);
    let notified = |dossiers: &[Facts]| {
        due(&judged(dossiers, last + 20), Obligation::NotifyEnd).unwrap().status == Status::Done
    };
    assert!(!notified(&[sound(vec![awarded("argent")])]));
    assert!(notified(&[sound(vec![awarded("argent"), row("retrait", last + 5)])]));
    // The renewal is refused once the label is over.
    assert!(!notified(&[sound(vec![awarded("argent")]), renewal(last - 60, vec![row("rejete", last + 5)])]));
}

/// O-32, O-33: the invitation to renew says the last day to the service; where there is none any more, the end does.
#[test]
fn the_service_is_told_of_its_last_day_once() {
    let end = judged(&[sound(vec![awarded("argent")])], 200).label.unwrap().ends;
    // The request may be made again from a day that moves with the notification of the refusal.
    let told = |notified: i64| {
        let refused = row("rejete", notified - 2);
        let review = judged(&[sound(vec![awarded("argent")]), renewal(800, vec![refused])], notified + 5);
        let from = review.label.as_ref().unwrap().reapply_from.unwrap();
        let tells = |obligation: Obligation| {
            let due = due(&review, obligation).unwrap();
            due.stages.iter().any(|stage| (stage.role, stage.on) == (Role::Candidat, end))
        };
        (i64::from((from - end).get_days()), [tells(Obligation::Renewal), tells(Obligation::End)])
    };
    let around: Vec<_> = (990..1030).map(told).filter(|(away, _)| (-1..=1).contains(away)).collect();
    for away in -1..=1 {
        let expected = [away < 1, away == 1];
        let of: Vec<_> = around.iter().filter(|(days, _)| *days == away).collect();
        assert!(!of.is_empty(), "no refusal lets it be asked for {away} days after the end");
        assert!(of.iter().all(|(_, told)| *told == expected), "{away}: {of:?}");
    }
}

/// R-3.9.2-f: within eighteen months after the audit.
#[test]
fn the_surveys_of_an_attached_local_are_those_made_after_its_audit() {
    let done = |users: i64, staff: i64| {
        let proof = |kind: &str, on: i64| {
            Row::from([(Key::PreuveType, choice(kind)), (Key::PreuveLe, Value::Date(day(on)))])
        };
        let mut local = labelled_local();
        let rows = vec![proof("enquete_usagers", users), proof("enquete_agents", staff)];
        local.values.insert(Key::Preuves, Value::Rows(rows));
        due(&judged(&[local], 200), Obligation::AttachedSurveys).unwrap().status == Status::Done
    };
    // The last visit day is the day 51.
    assert_eq!([done(51, 51), done(52, 51), done(51, 52), done(52, 52)], [false, false, false, true]);
}

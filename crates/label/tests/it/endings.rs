//! The end of a label, by a withdrawal, by an expiry, by a renewal that is refused or not decided in time: what is still
//! owed, and who is told what on which day.

use jiff::civil::Date;
use label::case::Decision;
use label::case::facts::{Facts, PlatformState, Row, Value};
use label::case::keys::Key;
use label::judge::agenda::{Due, Obligation, Role, StageName, Status};
use label::judge::{Review, review};
use label::life::State;
use label::outgoing::{Mail, MailCode};
use label::plan::mails::wanted_mails;
use label::plan::{Known, Told};

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::{awarded, choice, sound};

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

/// The days of the dues of one obligation.
fn days(review: &Review, obligation: Obligation) -> Vec<Date> {
    let of = review.agenda.iter().filter(|due| due.obligation == obligation);
    of.map(|due| due.deadline.nominal).collect()
}

/// Awarded on the day 100 and self-assessed on the day −60: the years end on the days 305, 671 and 1036.
fn labelled(more: Vec<Row>) -> Facts {
    let mut facts = sound([vec![awarded("argent")], more].concat());
    facts.values.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    facts
}

fn withdrawn(decided: i64, effective: i64) -> Row {
    let mut row = row("retrait", decided);
    row.insert(Key::EffetLe, Value::Date(day(effective)));
    row
}

/// §5.3.2: what falls on the day of effect or later is not owed from the day on which the withdrawal is known.
#[test]
fn an_announced_withdrawal_stops_at_once_what_comes_after_it() {
    let years = |effective: i64, on: i64| {
        let review = judged(&[labelled(vec![withdrawn(320, effective)])], on);
        (days(&review, Obligation::SelfAssessment), review.label.unwrap().withdrawn)
    };
    let all = vec![day(305), day(671), day(1036)];
    // Written on the day 320, when the second and the third year are still to come.
    assert_eq!(years(400, 319), (all.clone(), None));
    assert_eq!(years(400, 320), (vec![day(305)], Some(day(400))));
    // The day of effect is no day of the label any more; the day before is its last one.
    assert_eq!(years(671, 330).0, vec![day(305)]);
    assert_eq!(years(672, 330).0, vec![day(305), day(671)]);
    // Nothing is left once it took effect, and the mark has its two months.
    let after = judged(&[labelled(vec![withdrawn(320, 400)])], 400);
    assert_eq!(days(&after, Obligation::SelfAssessment), []);
    assert_eq!(
        due(&after, Obligation::MarkStops).unwrap().deadline.nominal,
        after.label.as_ref().unwrap().mark_stops
    );
}

/// The follow-up is to be held from 16 August 2028 (day 590) to 16 December 2028 (day 712).
#[test]
fn a_window_that_closes_after_an_announced_withdrawal_is_not_opened() {
    let of = |effective: i64, on: i64| {
        let review = judged(&[labelled(vec![withdrawn(580, effective)])], on);
        (days(&review, Obligation::FollowUp).len(), review.state)
    };
    let closes = judged(&[labelled(vec![])], 600).label.unwrap().windows[0].closes;
    assert_eq!(closes, day(712));
    let closes: i64 = (closes - day(0)).get_days().into();
    assert_eq!(of(closes, 600), (0, State::Actif));
    assert_eq!(of(closes + 1, 600), (1, State::SuiviOuvert));
}

/// A renewal deposited on the day 900 and decided, where it is, on that day; the label ends on the day 1196.
fn renewal(decided: Option<(&str, i64)>) -> Facts {
    let rows = decided.map(|(decision, on)| row(decision, on)).into_iter().collect();
    let values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("renouvellement")),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    facts(2, 900, values)
}

/// The stages of one obligation for one reader that are still to be told.
fn stages(review: &Review, obligation: Obligation, role: Role) -> Vec<(StageName, Date)> {
    let open = review.agenda.iter().filter(|due| due.obligation == obligation && due.status != Status::Done);
    let stages = open.flat_map(|due| &due.stages).filter(|stage| stage.role == role);
    stages.map(|stage| (stage.name, stage.on)).collect()
}

/// R-3.8.1-g: refused and notified on the day 1132, ten weeks before the end; a new request from the first day after six
/// months, and nothing says before that none was made.
#[test]
fn a_refused_renewal_has_one_date_for_the_next_request() {
    let dossiers = [labelled(vec![]), renewal(Some(("rejete", 1130)))];
    let from = label::guide::decision::may_reapply_from(day(1132), &frame().choices);
    let ends = judged(&dossiers, 1140).label.unwrap().ends;
    assert!(from > ends);
    for on in [1132, 1140, 1166, 1196, 1197, 1200] {
        let review = judged(&dossiers, on);
        assert_eq!(days(&review, Obligation::Reapply), [from], "{on}");
        assert_eq!(stages(&review, Obligation::Renewal, Role::Candidat), [], "{on}");
        assert_eq!(stages(&review, Obligation::Renewal, Role::Organisme), [], "{on}");
        assert_ne!(review.state, State::RenouvellementADemander, "{on}");
        let last = stages(&review, Obligation::End, Role::Candidat);
        assert_eq!(last, [(StageName::Day, ends)], "{on}");
        assert_eq!(review.label.unwrap().reapply_from, Some(from), "{on}");
    }
}

/// Refused early, a renewal may be asked for again before the end: the steps from that day on remain.
#[test]
fn a_renewal_refused_early_is_asked_for_again_from_the_day_of_the_guide() {
    let dossiers = [labelled(vec![]), renewal(Some(("rejete", 930)))];
    let from = label::guide::decision::may_reapply_from(day(932), &frame().choices);
    let on = |date: Date| review(&case_of(&dossiers), date, &frame());
    let before = on(from.yesterday().unwrap());
    assert_eq!(
        (before.state, due(&before, Obligation::Renewal).unwrap().status),
        (State::Actif, Status::Done)
    );
    let then = on(from);
    assert_eq!(then.state, State::RenouvellementADemander);
    let told: Vec<StageName> =
        stages(&then, Obligation::Renewal, Role::Candidat).into_iter().map(|(name, _)| name).collect();
    assert_eq!(told, [StageName::BeforeEnd(1), StageName::End]);
    // Asked for again, it is examined.
    let again = Facts { number: 3, deposited: from, ..renewal(None) };
    let asked = review(&case_of(&[dossiers[0].clone(), dossiers[1].clone(), again]), from, &frame());
    let label = asked.label.as_ref().unwrap();
    assert!(label.renewing && label.reapply_from.is_none());
    assert_eq!(days(&asked, Obligation::Reapply), []);
    // A renewal that the service gave up was not refused.
    let given_up = Facts { state: PlatformState::SansSuite, ..renewal(None) };
    assert_eq!(judged(&[labelled(vec![]), given_up], 1140).label.unwrap().reapply_from, None);
}

/// F-22, F-23: a renewal that is still examined keeps no label in force after the last day. O-31, O-33 and O-38 run as after
/// any expiry, and the service is told on that day.
#[test]
fn a_label_ends_on_its_last_day_although_its_renewal_is_examined() {
    let dossiers = [labelled(vec![]), renewal(None)];
    let last = judged(&dossiers, 1196);
    let ends = last.label.as_ref().unwrap().ends;
    assert_eq!(ends, day(1196));
    assert_eq!(stages(&last, Obligation::End, Role::Candidat), [(StageName::Day, ends)]);
    assert_eq!(due(&last, Obligation::MarkStops), None);
    let after = judged(&dossiers, 1197);
    assert_eq!(after.standing().unwrap().status, label::life::LabelStatus::Expired);
    assert_eq!(due(&after, Obligation::End).unwrap().status, Status::Passed);
    let mark = due(&after, Obligation::MarkStops).unwrap();
    assert_eq!(mark.deadline.nominal, label::guide::calendar::add_months(ends, 2));
    assert_eq!(mark.stages.iter().filter(|stage| stage.role == Role::Candidat).count(), 3);
    let notify = due(&after, Obligation::NotifyEnd).unwrap();
    assert_eq!((notify.stages[0].on, notify.stages[0].role), (day(1197), Role::Organisme));
    assert!(notify.stages.iter().all(|stage| stage.role == Role::Organisme), "DITP is who is notified");
    // Granted late, it opens a period on the day of its decision, with a gap; the old one leaves nothing to do.
    let granted = [labelled(vec![]), renewal(Some(("labellise", 1210)))];
    let renewed = judged(&granted, 1212);
    assert_eq!(renewed.label.as_ref().unwrap().obtained, day(1210));
    let of = |obligation| due(&renewed, obligation).is_some();
    assert_eq!([Obligation::MarkStops, Obligation::NotifyEnd].map(of), [false; 2]);
    // Granted in time, it leaves no gap, and the end of the old period is nobody's business.
    let early = [labelled(vec![]), renewal(Some(("labellise", 1100)))];
    assert_eq!(due(&judged(&early, 1196), Obligation::End).unwrap().status, Status::Done);
    assert_eq!(judged(&early, 1197).label.unwrap().obtained, day(1197));
}

/// The codes of the mails to DITP about a withdrawal and the list, with the mails that it was sent before.
fn to_ditp(dossier: &Facts, on: i64, told: &[(i64, &Mail)]) -> Vec<Mail> {
    let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    for (on, mail) in told {
        known.mails.insert(mail.key);
        let (role, key, subject) = (mail.role, mail.key, mail.letter.subject.clone());
        known.told.push(Told { on: day(*on), role, subject, key, announced: None, events: Vec::new() });
    }
    let (case, review) = (case_of(std::slice::from_ref(dossier)), judged(std::slice::from_ref(dossier), on));
    let unlist = MailCode::Deadline { obligation: Obligation::Unlist, occurrence: 0 };
    let about = |code| code == unlist || code == MailCode::Decision(Decision::Retrait);
    let mut mails = wanted_mails(&review, &case, &frame(), &known);
    mails.retain(|mail| mail.role == Role::Ditp && about(mail.key.code) && !known.mails.contains(&mail.key));
    mails
}

/// Learnt on the day of its effect, a withdrawal is told to DITP once: that mail names the day of the list.
#[test]
fn a_withdrawal_learnt_late_is_one_mail_to_ditp() {
    let dossier = labelled(vec![withdrawn(320, 400)]);
    let first = to_ditp(&dossier, 400, &[]);
    let codes: Vec<MailCode> = first.iter().map(|mail| mail.key.code).collect();
    assert_eq!(codes, [MailCode::Decision(Decision::Retrait)]);
    assert!(first[0].letter.subject.contains("à ôter de la liste publique"), "{}", first[0].letter.subject);
    assert!(to_ditp(&dossier, 401, &[(400, &first[0])]).is_empty());
    // Learnt in time, it is recalled seven days before and on the day itself.
    let early = to_ditp(&dossier, 322, &[]);
    assert_eq!(early.len(), 1);
    let later: Vec<StageName> = [393, 400]
        .iter()
        .flat_map(|on| to_ditp(&dossier, *on, &[(322, &early[0])]))
        .map(|mail| mail.key.stage)
        .collect();
    assert_eq!(later, [StageName::Before(7), StageName::Day]);
    // Learnt between the two, only the day itself is recalled.
    assert_eq!(to_ditp(&dossier, 395, &[(394, &early[0])]).len(), 0);
    assert_eq!(to_ditp(&dossier, 400, &[(394, &early[0])]).len(), 1);
}

/// R-5.3.2-i: the notification that O-38 asks for, decided on the day 1202 with effect on the day after the end. It is no
/// contradiction, and every reader is told of an expiry.
#[test]
fn a_withdrawal_notified_after_an_expiry_is_told_as_its_end() {
    let dossier = labelled(vec![withdrawn(1202, 1197)]);
    let review = judged(std::slice::from_ref(&dossier), 1204);
    assert_eq!(review.state, State::Expire);
    assert_eq!(due(&review, Obligation::NotifyEnd).unwrap().status, Status::Done);
    let said: Vec<String> = review.findings.iter().map(label::wording::finding).collect();
    assert!(!said.iter().any(|said| said.contains("avant d’avoir été prise")), "{said:#?}");
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let case = case_of(std::slice::from_ref(&dossier));
    let mails = wanted_mails(&review, &case, &frame(), &known);
    let told = mails.iter().filter(|mail| mail.key.code == MailCode::Decision(Decision::Retrait));
    let told: Vec<String> =
        told.map(|mail| format!("{} {}", mail.letter.subject, mail.letter.paragraphs.join(" "))).collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    let ended = label::wording::date_full(day(1196));
    assert!(told.iter().all(|text| text.contains(&format!("arrivé à échéance le {ended}"))), "{told:#?}");
    assert!(told.iter().all(|text| !text.contains("retiré")), "{told:#?}");
    // During the label, an effect before the decision stays one.
    let early = judged(&[labelled(vec![withdrawn(402, 397)])], 410);
    let said: Vec<String> = early.findings.iter().map(label::wording::finding).collect();
    assert!(said.iter().any(|said| said.contains("avant d’avoir été prise")), "{said:#?}");
}

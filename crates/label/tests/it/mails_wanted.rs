//! Which mails are wanted: those that the ledger holds are not, and lateness does not wait for the digest.

use label::case::facts::{Facts, PlatformState, Value};
use label::case::keys::Key;
use label::case::{Case, Decision, Frame};
use label::guide::attached::CentralStanding;
use label::judge::agenda::{Obligation, Role, StageName, Status};
use label::judge::{Review, review};
use label::outgoing::{Action, Announced, Mail, MailCode, MailKey};
use label::plan::mails::wanted_mails;
use label::plan::{Known, Told, plan};

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::documents::file;

fn known() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

/// A first dossier with an audit on the days 50 and 51, and what was decided.
fn dossier(decisions: &[(&str, i64)]) -> Facts {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let mut values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("initial")),
        (Key::AuditDebut, Value::Date(day(50))),
        (Key::AuditFin, Value::Date(day(51))),
    ];
    if !decisions.is_empty() {
        let rows = decisions.iter().map(|(decision, on)| row(decision, *on)).collect();
        values.push((Key::Evenements, Value::Rows(rows)));
    }
    facts(1, 0, values)
}

fn judged(dossier: Facts, on: i64) -> (Case, Review) {
    let case = case_of(&[dossier]);
    let review = review(&case, day(on), &frame());
    (case, review)
}

fn wanted(dossier: Facts, on: i64) -> Vec<Mail> {
    let (case, review) = judged(dossier, on);
    wanted_mails(&review, &case, &frame(), &known())
}

/// The keys of the mails that are put in the outbox when the ledger holds `mails`.
fn put(dossier: Facts, on: i64, mails: impl IntoIterator<Item = MailKey>) -> Vec<MailKey> {
    let (case, review) = judged(dossier, on);
    let known = Known { mails: mails.into_iter().collect(), ..known() };
    let actions = plan(&review, &case, &frame(), &known).into_iter();
    let mails = actions.filter_map(|action| match action {
        Action::Mail(mail) => Some(mail.key),
        _ => None,
    });
    mails.collect()
}

#[test]
fn a_late_obligation_does_not_wait_for_the_digest() {
    let (case, review) = judged(dossier(&[]), 120);
    let late = |mail: &Mail| {
        review.agenda.iter().any(|due| {
            let code = MailCode::Deadline { obligation: due.obligation, occurrence: due.occurrence };
            code == mail.key.code && due.status == Status::Late
        })
    };
    let mails = wanted_mails(&review, &case, &frame(), &known());
    let is_report =
        |mail: &&Mail| matches!(mail.key.code, MailCode::Deadline { obligation: Obligation::Report, .. });
    assert!(mails.iter().find(is_report).unwrap().urgent, "the report is late");
    let others = mails.iter().filter(|mail| matches!(mail.key.code, MailCode::Deadline { .. }));
    for mail in others {
        assert_eq!(mail.urgent, late(mail), "{}", mail.key);
    }
    assert!(mails.iter().any(|mail| !mail.urgent), "the deposit waits for the digest");
}

#[test]
fn a_mail_in_the_ledger_is_not_put_again() {
    let decided = || dossier(&[("labellise", 100), ("suspension", 200)]);
    let all: Vec<MailKey> = wanted(decided(), 220).into_iter().map(|mail| mail.key).collect();
    assert!(all.len() > 1);
    assert_eq!(put(decided(), 220, []), all);
    assert_eq!(put(decided(), 220, all.clone()), []);
    for absent in &all {
        assert_eq!(put(decided(), 220, all.iter().filter(|key| *key != absent).copied()), [*absent]);
    }
}

/// Earlier versions put the day of the decision into the key. An award without its tier is told to nobody yet.
#[test]
fn an_award_told_under_another_day_is_not_told_again_and_a_suspension_is() {
    let stated = |decisions: &[(&str, i64)]| {
        let mut dossier = dossier(decisions);
        let Some(Value::Rows(rows)) = dossier.values.get_mut(&Key::Evenements) else { return dossier };
        rows[0].insert(Key::PalierDecide, Value::Choice("argent".to_owned()));
        dossier
    };
    let moved = |decisions: &[(&str, i64)], decision: Decision, readers: &[Role]| {
        let all = wanted(stated(decisions), 220).into_iter().map(|mail| mail.key);
        let of = |key: &MailKey| key.code == MailCode::Decision(decision);
        let ledger = all.filter(|key| !of(key) || readers.contains(&key.role));
        let ledger = ledger.map(|key| if of(&key) { MailKey { day: day(7), ..key } } else { key });
        put(stated(decisions), 220, ledger).into_iter().filter(of).map(|key| key.role).collect::<Vec<_>>()
    };
    let decisions = [("labellise", 100), ("suspension", 200)];
    let both = [Role::Candidat, Role::Ditp];
    assert_eq!(moved(&decisions, Decision::Labellise, &[]), both);
    assert_eq!(moved(&decisions, Decision::Labellise, &both), []);
    assert_eq!(moved(&decisions, Decision::Labellise, &[Role::Ditp]), [Role::Candidat]);
    assert_eq!(moved(&decisions, Decision::Suspension, &both), [Role::Ditp]);
}

/// DITP was told of a suspension that is no longer written.
#[test]
fn a_correction_that_has_not_left_is_the_same_mail_on_every_day_and_the_next_one_another() {
    let labelled = || dossier(&[("labellise", 100)]);
    let corrections = |known: &Known, on: i64| -> Vec<MailKey> {
        let (case, review) = judged(labelled(), on);
        let keys = wanted_mails(&review, &case, &frame(), known).into_iter().map(|mail| mail.key);
        keys.filter(|key| key.code == MailCode::Corrected(Decision::Suspension)).collect()
    };
    let told = |key: MailKey, on: i64, announced: Option<Announced>| {
        let subject = String::new();
        Told { on: day(on), role: Role::Ditp, subject, key, announced, events: Vec::new() }
    };
    let suspension = Announced::new(None, day(200));
    let code = MailCode::Decision(Decision::Suspension);
    let key = MailKey { dossier: 1, code, day: day(200), stage: StageName::Notice, role: Role::Ditp };
    let mut known = Known { told: vec![told(key, 200, Some(suspension))], ..known() };
    let put = corrections(&known, 210);
    assert_eq!(put.iter().map(|key| key.day).collect::<Vec<_>>(), [day(210)]);
    known.mails.extend(put.clone());
    assert_eq!(corrections(&known, 215), put, "it waits");
    known.told.push(told(put[0], 215, None));
    assert_eq!(corrections(&known, 216), []);
    // Told again and taken back on the day of the key that has left: another key.
    known.told.push(told(
        MailKey { day: day(210), ..key },
        215,
        Some(Announced { on: day(210), ..suspension }),
    ));
    assert_eq!(corrections(&known, 210)[0].day, day(211));
    assert_eq!(corrections(&known, 220)[0].day, day(220));
}

/// The subject of the mail about documents that do not fit an audit on the day 50.
fn unfit(values: &[(Key, i64)]) -> Vec<String> {
    let mut dossier = dossier(&[]);
    dossier.values.extend(values.iter().map(|(key, on)| (*key, Value::Date(day(*on)))));
    let stale = wanted(dossier, 5).into_iter().filter(|mail| mail.key.code == MailCode::Stale);
    let to_service = stale.filter(|mail| mail.role == Role::Candidat);
    to_service.map(|mail| [mail.letter.what, mail.letter.paragraphs.concat()].join(" — ")).collect()
}

#[test]
fn a_document_dated_after_the_audit_is_not_said_to_be_too_old() {
    let [old] = unfit(&[(Key::AutodiagnosticLe, -400)]).try_into().unwrap();
    assert!(old.starts_with("l’autodiagnostic sera trop ancien à l’audit du 23 février"), "{old}");
    let [ahead] = unfit(&[(Key::AutodiagnosticLe, 55)]).try_into().unwrap();
    assert!(
        ahead.starts_with("l’autodiagnostic a une date postérieure à l’audit du 23 février")
            && !ahead.contains("ancien"),
        "{ahead}"
    );
    let both = unfit(&[(Key::AutodiagnosticLe, 55), (Key::EnqueteUsagersCloture, -200)]);
    assert!(both[0].contains("ne conviennent pas à l’audit du 23 février"), "{both:?}");
}

/// A form without a field for the tier, so that an award without one is complete.
fn frame_without_tiers() -> Frame {
    let mut frame = frame();
    for form in frame.forms.values_mut() {
        form.usable.remove(&Key::PalierDecide);
    }
    frame
}

/// Whether the central service is told of the last decision on its local by the day `on`.
fn is_copied(decisions: &[(&str, i64)], attested: bool, on: i64) -> bool {
    let mut local = dossier(decisions);
    let attached = Value::Choice("local_rattache".to_owned());
    local.values.extend([(Key::TypeService, attached), (Key::CentralDossier, Value::Link(9))]);
    local.attestation = attested.then(|| file(1000));
    let mut case = case_of(&[local]);
    case.central = Some(CentralStanding::Labelled);
    let frame = frame_without_tiers();
    let review = review(&case, day(on), &frame);
    let code = MailCode::Decision(review.decisions().last().unwrap().decision);
    let mails = wanted_mails(&review, &case, &frame, &known());
    mails.iter().any(|mail| (mail.key.code, mail.role) == (code, Role::Central))
}

/// It is notified on the day 102: the platform has three days to make the attestation.
#[test]
fn the_copy_of_an_award_waits_three_days_for_the_attestation_and_that_of_a_suspension_does_not() {
    let award = [("labellise", 100)];
    assert_eq!([102, 105, 106].map(|on| is_copied(&award, false, on)), [false, false, true]);
    assert_eq!([101, 102].map(|on| is_copied(&award, true, on)), [false, true]);
    let suspended = [("labellise", 100), ("suspension", 200)];
    assert_eq!([201, 202].map(|on| is_copied(&suspended, false, on)), [false, true]);
}

#[test]
fn an_audit_of_before_the_first_mails_is_prepared_by_nobody() {
    let timetable = |since: i64| {
        let (case, review) = judged(dossier(&[]), 10);
        let known = Known { since: day(since), ..known() };
        let mails = wanted_mails(&review, &case, &frame(), &known);
        mails.iter().any(|mail| mail.key.code == MailCode::Timetable)
    };
    assert_eq!([50, 51].map(timetable), [true, false]);
}

/// The platform says that it is accepted before the body fills in its fields; nobody fills in those of one that disappeared.
#[test]
fn an_award_that_only_the_platform_knows_is_told_once_its_dossier_disappeared() {
    let told = |typed: bool, gone: bool| {
        let mut accepted = dossier(if typed { &[("labellise", 100)] } else { &[] });
        (accepted.state, accepted.decided, accepted.gone) = (PlatformState::Accepte, Some(day(100)), gone);
        let frame = frame_without_tiers();
        let case = case_of(&[accepted]);
        let review = review(&case, day(110), &frame);
        let mails = wanted_mails(&review, &case, &frame, &known());
        mails.iter().any(|mail| mail.key.code == MailCode::Decision(Decision::Labellise))
    };
    assert!(!told(false, false) && told(false, true) && told(true, false) && told(true, true));
}

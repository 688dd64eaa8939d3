//! What is told again of a decision: to whom, under which key, with which days, and what earlier versions left unsaid.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Decision};
use label::judge::agenda::{Obligation, Role, StageName};
use label::judge::{Review, review};
use label::outgoing::{Action, Announced, Instead, LastTold, Mail, MailCode, MailKey};
use label::plan::corrections::{Heard, rectifications};
use label::plan::mails::wanted_mails;
use label::plan::{GivenUp, Known, Told, plan};

use crate::cases::{START, case_of, day, frame, row};
use crate::life::{awarded, choice, sound};

fn judged(rows: Vec<Row>, on: i64) -> (Case, Review) {
    let case = case_of(&[sound(rows)]);
    let review = review(&case, day(on), &frame());
    (case, review)
}

fn nothing() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

fn wanted(rows: Vec<Row>, on: i64, known: &Known) -> Vec<Mail> {
    let (case, review) = judged(rows, on);
    wanted_mails(&review, &case, &frame(), known)
}

/// A ledger that grows as the daemon's does.
struct Ledger(Known);

impl Ledger {
    /// Who is told of a correction when what is wanted is sent.
    fn send(&mut self, dossiers: &[Facts], on: i64) -> Vec<Mail> {
        let case = case_of(dossiers);
        let review = review(&case, day(on), &frame());
        self.0.now = format!("{}T08:00:00Z", day(on)).parse().unwrap();
        let mut sent = Vec::new();
        for action in plan(&review, &case, &frame(), &self.0) {
            let Action::Mail(mail) = action else { continue };
            self.0.mails.insert(mail.key);
            self.0.told.push(Told {
                on: day(on),
                role: mail.role,
                subject: mail.letter.subject.clone(),
                key: mail.key,
                announced: mail.letter.announced,
                events: mail.letter.events.clone(),
            });
            sent.push(mail);
        }
        sent
    }
}

fn corrected(mails: &[Mail], decision: Decision) -> Vec<Role> {
    let of = mails.iter().filter(|mail| mail.key.code == MailCode::Corrected(decision));
    of.map(|mail| mail.role).collect()
}

/// A tier is compared where it was told and is stated.
#[test]
fn a_tier_that_was_not_told_or_is_not_stated_contradicts_nothing() {
    use label::guide::tiers::Tier;
    let corrected = |said: Option<Tier>, now: Option<&str>| {
        let award = now.map_or_else(|| row("labellise", 100), awarded);
        let (_, review) = judged(vec![award], 110);
        let announced = Some(Announced::new(said, day(100)));
        let (decision, told) = (Decision::Labellise, day(103));
        let told = [LastTold { dossier: 1, decision, told, announced, before: None }];
        rectifications(Heard { told: &told, ..Heard::nothing() }, &review).len()
    };
    let (argent, or) = (Some(Tier::Argent), Some(Tier::Or));
    for (said, now, expected) in [
        (argent, Some("argent"), 0),
        (or, Some("argent"), 1),
        (None, Some("argent"), 0),
        (argent, None, 0),
        (None, None, 0),
    ] {
        assert_eq!(corrected(said, now), expected, "{said:?} {now:?}");
    }
}

/// DITP was told of a suspension of the day 200, which is written no more.
#[test]
fn a_correction_takes_the_key_of_the_one_that_says_the_same() {
    let key = |code, on: i64| MailKey {
        dossier: 1,
        code,
        day: day(on),
        stage: StageName::Notice,
        role: Role::Ditp,
    };
    let suspension = Announced::new(None, day(200));
    let first = Told {
        on: day(200),
        role: Role::Ditp,
        subject: String::new(),
        key: key(MailCode::Decision(Decision::Suspension), 200),
        announced: Some(suspension),
        events: Vec::new(),
    };
    let code = MailCode::Corrected(Decision::Suspension);
    let [early, late] = [210, 215].map(|on| key(code, on));
    let void = Some(Announced { instead: Instead::Void, ..suspension });
    let chosen = |given_up: &[(MailKey, Option<Announced>)]| {
        let given_up = given_up.iter().map(|(key, announced)| GivenUp {
            key: *key,
            announced: *announced,
            reachable: false,
        });
        let known = Known {
            mails: [early, late].into(),
            told: vec![first.clone()],
            given_up: given_up.collect(),
            ..nothing()
        };
        let mails = wanted(vec![awarded("argent")], 220, &known);
        mails.iter().find(|mail| mail.key.code == code).map(|mail| mail.key.day)
    };
    let other = Some(Announced { on: day(205), instead: Instead::Of(day(200)), ..suspension });
    assert_eq!(chosen(&[(early, other), (late, void)]), Some(day(215)), "that says the same");
    assert_eq!(chosen(&[(early, void), (late, other)]), Some(day(210)));
    assert_eq!(chosen(&[(early, other)]), Some(day(215)), "else one that waits");
    assert_eq!(chosen(&[(late, other)]), Some(day(210)));
    assert_eq!(chosen(&[(early, other), (late, other)]), Some(day(210)), "else the first");
}

/// The announcement of a day is sent once, to each of those who are told of a suspension.
#[test]
fn a_suspension_that_moves_back_is_corrected_for_the_service_and_for_ditp() {
    let at = |on: i64| [sound(vec![awarded("argent"), row("suspension", on)])];
    let mut ledger = Ledger(nothing());
    ledger.send(&at(300), 303);
    let moved = ledger.send(&at(310), 315);
    assert_eq!(corrected(&moved, Decision::Suspension), []);
    let told: Vec<Role> =
        moved.iter().filter(|mail| mail.letter.announced.is_some()).map(|mail| mail.role).collect();
    assert_eq!(told, [Role::Candidat, Role::Ditp], "of the new day");
    assert_eq!(corrected(&ledger.send(&at(300), 320), Decision::Suspension), [Role::Candidat, Role::Ditp]);
    assert_eq!(corrected(&ledger.send(&at(300), 321), Decision::Suspension), []);
}

/// A confirmation is announced to the service under its day, and to DITP never.
#[test]
fn a_confirmation_that_moves_back_is_corrected_for_the_service() {
    let at = |on: i64| [sound(vec![awarded("argent"), row("confirme", on)])];
    let mut ledger = Ledger(nothing());
    ledger.send(&at(600), 603);
    assert_eq!(corrected(&ledger.send(&at(605), 610), Decision::Confirme), []);
    assert_eq!(corrected(&ledger.send(&at(600), 620), Decision::Confirme), [Role::Candidat]);
}

/// The limit of the first one, twelve months later, lies inside the second one.
#[test]
fn a_second_suspension_within_a_year_is_told_to_the_service() {
    let rows = |second: bool| {
        let first = [awarded("argent"), row("suspension", 200), row("levee", 260)];
        let rows = first.into_iter().chain(second.then(|| row("suspension", 400)));
        [sound(rows.collect())]
    };
    let told = |mails: &[Mail]| {
        let to_service = mails.iter().filter(|mail| mail.role == Role::Candidat);
        let of = |mail: &&Mail| {
            matches!(mail.key.code, MailCode::Deadline { obligation: Obligation::Suspension, .. })
        };
        to_service.filter(of).map(|mail| mail.letter.announced.map(|one| one.on)).collect::<Vec<_>>()
    };
    for said in [true, false] {
        let mut ledger = Ledger(nothing());
        assert_eq!(
            told(&ledger.send(&[sound(vec![awarded("argent"), row("suspension", 200)])], 203)),
            [Some(day(202))]
        );
        // Earlier versions did not say what a mail announces.
        ledger.0.told.iter_mut().filter(|_| !said).for_each(|told| told.announced = None);
        assert_eq!(told(&ledger.send(&rows(false), 263)), []);
        assert_eq!(told(&ledger.send(&rows(true), 403)), [Some(day(402))], "{said}");
        assert_eq!(told(&ledger.send(&rows(true), 404)), []);
    }
}

/// Mails of earlier versions do not say what they announced.
#[test]
fn what_an_earlier_version_announced_without_saying_it_is_not_corrected() {
    let told = |code, about: i64, on: i64, announced| {
        let key =
            MailKey { dossier: 1, code, day: day(about), stage: StageName::Notice, role: Role::Candidat };
        Told { on: day(on), role: Role::Candidat, subject: String::new(), key, announced, events: Vec::new() }
    };
    let any = |rows: Vec<Row>, on: i64, told: Vec<Told>| {
        let mails = wanted(rows, on, &Known { told, ..nothing() });
        mails.iter().filter(|mail| matches!(mail.key.code, MailCode::Corrected(_))).count()
    };
    // The key of an award holds the day of the deposit, and no day of the award.
    let award = MailCode::Decision(Decision::Labellise);
    assert_eq!(any(vec![awarded("argent")], 110, vec![told(award, 0, 103, None)]), 0);
    let said = Some(Announced::new(None, day(90)));
    assert_eq!(any(vec![awarded("argent")], 110, vec![told(award, 0, 103, said)]), 1);
    // A reminder of the limit of a suspension that says nothing of it takes nothing back.
    let limit = MailCode::Deadline { obligation: Obligation::Suspension, occurrence: 0 };
    let since = Some(Announced { instead: Instead::Nothing, ..Announced::new(None, day(302)) });
    let sent = |announced| vec![told(limit, 668, 303, since), told(limit, 668, 578, announced)];
    let suspended = || vec![awarded("argent"), row("suspension", 300)];
    assert_eq!([any(suspended(), 580, sent(None)), any(suspended(), 580, sent(since))], [0, 0]);
    assert_eq!(any(vec![awarded("argent")], 580, sent(None)), 1, "it was taken back");
}

/// The dossier in which a decision is written is no part of what is announced again.
#[test]
fn a_suspension_written_in_another_dossier_is_taken_back_in_that_dossier() {
    let other = |rows: Vec<Row>| {
        let mut facts = sound(rows);
        facts.number = 2;
        facts.deposited = day(250);
        facts.values.extend([(Key::TypeDemande, choice("suivi")), (Key::DossierPrecedent, Value::Link(1))]);
        [sound(vec![awarded("argent")]), facts]
    };
    let mut ledger = Ledger(nothing());
    let sent = ledger.send(&other(vec![row("suspension", 300)]), 303);
    let limit = |mail: &&Mail| {
        mail.role == Role::Candidat && mail.letter.announced.is_some_and(|one| one.on == day(302))
    };
    let announced = sent.iter().find(limit).unwrap().letter.announced.unwrap();
    assert_eq!(announced.written_in, Some(2));
    let sent = ledger.send(&other(vec![]), 305);
    let void = sent.iter().filter(|mail| mail.key.code == MailCode::Corrected(Decision::Suspension));
    let void: Vec<_> =
        void.map(|mail| (mail.role, mail.key.dossier, mail.letter.announced.unwrap())).collect();
    let expected = Announced { instead: Instead::Void, ..Announced::new(None, day(302)) };
    assert_eq!(void, [(Role::Candidat, 2, expected), (Role::Ditp, 2, expected)]);
}

/// An award that the service was never told of gives it the days of the guide that are ahead; another correction gives
/// those that its calendar lacks, which it was sent.
#[test]
fn a_corrected_award_gives_the_days_of_the_guide_and_no_other_correction_does() {
    let days = |told_of: Decision, announced: Announced, role: Role| {
        let code = MailCode::Decision(told_of);
        let key = MailKey { dossier: 1, code, day: day(0), stage: StageName::Notice, role };
        let told = Told {
            on: day(103),
            role,
            subject: String::new(),
            key,
            announced: Some(announced),
            events: vec![],
        };
        let (case, review) = judged(vec![awarded("argent")], 105);
        let mails = wanted_mails(&review, &case, &frame(), &Known { told: vec![told], ..nothing() });
        let mail =
            mails.iter().find(|mail| mail.key.code == MailCode::Corrected(told_of) && mail.role == role);
        let given = mail.unwrap().letter.events.iter().map(|event| event.uid.clone()).collect::<Vec<_>>();
        let due = review.agenda.iter().filter(|due| {
            due.is_open() && due.obligation.is_of_the_guide() && due.deadline.nominal > review.today
        });
        let mut due: Vec<String> = due.map(label::outgoing::deadline_uid).collect();
        let mut sorted = given;
        due.sort();
        sorted.sort();
        let mut advice =
            review.agenda.iter().filter(|due| due.is_open() && !due.obligation.is_of_the_guide());
        assert!(due.len() > 3 && advice.any(|due| due.deadline.nominal > review.today));
        (sorted == due, sorted.len())
    };
    let refused = Announced::new(None, day(90));
    assert!(days(Decision::Labellise, refused, Role::Candidat).0);
    assert_eq!(days(Decision::Labellise, refused, Role::Ditp), (false, 0));
    assert_eq!(days(Decision::Rejete, refused, Role::Candidat), (false, 0));
}

/// A day of before the removal, under which the timetable was sent already: the calendar is given that day.
#[test]
fn an_audit_that_is_there_again_on_another_day_is_given_on_that_day() {
    let audited = |on: Option<i64>| {
        let mut facts = crate::documents::local(0, vec![]);
        facts.values.retain(|key, _| ![Key::AuditDebut, Key::AuditFin].contains(key));
        facts.values.extend(on.map(|on| (Key::AuditDebut, Value::Date(day(on)))));
        [facts]
    };
    let mut ledger = Ledger(nothing());
    for (audit, on) in [(Some(90), 1), (Some(80), 2), (None, 3)] {
        ledger.send(&audited(audit), on);
    }
    let back = ledger.send(&audited(Some(90)), 4);
    let back =
        back.iter().find(|mail| mail.key.code == MailCode::DateBack && mail.role == Role::Candidat).unwrap();
    let given: Vec<_> = back.letter.events.iter().filter(|event| event.uid == "1-audit").collect();
    assert_eq!(
        given.iter().map(|event| (event.day, event.cancelled)).collect::<Vec<_>>(),
        [(day(90), false)]
    );
}

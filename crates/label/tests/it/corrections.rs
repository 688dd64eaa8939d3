//! Corrective mails: who was told of a decision that is taken back is told once, each decision of a dossier for itself.

use label::case::facts::{Facts, Row};
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::{Action, Mail, MailCode};
use label::plan::{GivenUp, Known, Told, plan};

use crate::cases::{START, case_of, day, frame, row};
use crate::life::{choice, sound};

/// Labelled Bronze on the day 100.
fn awarded() -> Row {
    tier(row("labellise", 100), "bronze")
}

fn tier(mut row: Row, tier: &str) -> Row {
    row.insert(Key::PalierDecide, choice(tier));
    row
}

fn raised(on: i64, to: &str) -> Row {
    tier(row("palier_superieur", on), to)
}

/// A ledger that grows as the daemon's does.
struct Ledger(Known);

impl Ledger {
    fn new() -> Ledger {
        Ledger(Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START))
    }

    /// Sends what is wanted on a day; what DITP reads of raised tiers.
    fn send(&mut self, rows: &[Row], on: i64) -> Vec<String> {
        let facts: Facts = sound(rows.to_vec());
        let case = case_of(&[facts]);
        let review = review(&case, day(on), &frame());
        let mut told = Vec::new();
        for action in plan(&review, &case, &frame(), &self.0) {
            let Action::Mail(mail) = action else { continue };
            if mail.role == Role::Ditp {
                told.extend(about(&mail));
            }
            let Mail { key, role, letter, .. } = mail;
            self.0.mails.insert(key);
            self.0.given_up.retain(|lost| lost.key != key);
            let announced = letter.announced;
            self.0.told.push(Told {
                on: day(on),
                role,
                subject: letter.subject,
                key,
                announced,
                events: letter.events,
            });
        }
        told
    }
}

impl Ledger {
    /// The last mail to that reader did not leave after all.
    fn give_up_last(&mut self, role: Role) {
        let last = self.0.told.iter().rposition(|told| told.role == role).unwrap();
        let Told { key, announced, .. } = self.0.told.remove(last);
        self.0.given_up.push(GivenUp { key, announced, reachable: false });
    }
}

/// What a mail says of a raised tier.
fn about(mail: &Mail) -> Option<String> {
    use label::case::Decision::PalierSuperieur;
    let text = mail.letter.paragraphs.join(" ");
    match mail.key.code {
        MailCode::Decision(PalierSuperieur) => Some("annonce".to_owned()),
        MailCode::Corrected(PalierSuperieur) if text.contains("elle ne tient plus") => {
            let (_, said) = text.split_once(", palier ").unwrap();
            Some(format!("retirée : {}", said.split_once('.').unwrap().0))
        }
        MailCode::Corrected(PalierSuperieur) => {
            let (_, now) = text.split_once("désormais : ").unwrap();
            Some(format!("rectifiée : {}", now.split_once('.').unwrap().0))
        }
        _ => None,
    }
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn one_of_two_decisions_of_a_kind_is_corrected_when_it_is_removed() {
    let both = [awarded(), raised(400, "argent"), raised(700, "or")];
    let mut ledger = Ledger::new();
    assert_eq!(ledger.send(&both[..2], 402), ["annonce"]);
    assert_eq!(ledger.send(&both, 702), ["annonce"]);
    assert_eq!(ledger.send(&both, 703), none());
    // The first one never existed; the second still holds.
    let second = [both[0].clone(), both[2].clone()];
    assert_eq!(ledger.send(&second, 710), ["retirée : Argent, le mardi 8 février 2028"]);
    assert_eq!(ledger.send(&second, 711), none(), "once");
    assert_eq!(
        ledger.send(&both, 720),
        ["rectifiée : passage au palier supérieur, palier Argent, le mardi 8 février 2028"]
    );
    assert_eq!(ledger.send(&both, 721), none());
    // Then the second.
    assert_eq!(ledger.send(&both[..2], 730), ["retirée : Or, le lundi 4 décembre 2028"]);
    assert_eq!(ledger.send(&both[..2], 731), none());
}

#[test]
fn both_removed_at_once_are_told_one_after_the_other() {
    let both = [awarded(), raised(400, "argent"), raised(700, "or")];
    let mut ledger = Ledger::new();
    assert_eq!(ledger.send(&both, 702).len(), 2);
    let mut told: Vec<String> = [710, 711].into_iter().flat_map(|on| ledger.send(&both[..1], on)).collect();
    told.sort();
    assert_eq!(told, ["retirée : Argent, le mardi 8 février 2028", "retirée : Or, le lundi 4 décembre 2028"]);
    assert_eq!(ledger.send(&both[..1], 712), none());
}

/// A day that moves is announced anew, and the announcement takes the place of the right one.
#[test]
fn a_day_that_moves_is_no_decision_taken_back() {
    let both = [awarded(), raised(400, "argent"), raised(700, "or")];
    let mut ledger = Ledger::new();
    assert_eq!(ledger.send(&both, 702).len(), 2);
    let moved = [awarded(), raised(405, "argent"), raised(700, "or")];
    assert_eq!(ledger.send(&moved, 710), ["annonce"]);
    assert_eq!([711, 760].map(|on| ledger.send(&moved, on)), [none(), none()]);
    // The moved one is taken back, and the other stays.
    let second = [moved[0].clone(), moved[2].clone()];
    assert_eq!(ledger.send(&second, 770), ["retirée : Argent, le dimanche 13 février 2028"]);
    assert_eq!(ledger.send(&second, 771), none());
    // A tier that changes on its day is told once.
    let lower = [awarded(), raised(700, "argent")];
    assert_eq!(
        ledger.send(&lower, 780),
        ["rectifiée : passage au palier supérieur, palier Argent, le lundi 4 décembre 2028"]
    );
    assert_eq!(ledger.send(&lower, 781), none());
}

/// The announcement of a day is sent once: a decision that is on that day again is told as a correction.
#[test]
fn a_day_that_moves_back_is_a_correction() {
    let at = |on| [awarded(), raised(on, "argent")];
    let mut ledger = Ledger::new();
    assert_eq!([(400, 402), (405, 410)].map(|(day, on)| ledger.send(&at(day), on).len()), [1, 1]);
    assert_eq!(
        ledger.send(&at(400), 420),
        ["rectifiée : passage au palier supérieur, palier Argent, le mardi 8 février 2028"]
    );
    assert_eq!([421, 460].map(|on| ledger.send(&at(400), on)), [none(), none()]);
    assert_eq!(ledger.send(&at(409), 470), ["annonce"]);
    assert_eq!(
        ledger.send(&at(405), 480),
        ["rectifiée : passage au palier supérieur, palier Argent, le dimanche 13 février 2028"]
    );
    assert_eq!(ledger.send(&at(405), 481), none());
}

/// What one process could not deliver is known as given up: the same thing is not put again, another one is.
#[test]
fn a_correction_given_up_waits_for_its_reader_and_a_new_one_does_not() {
    let at = |on, to| [awarded(), raised(on, to)];
    let mut ledger = Ledger::new();
    assert_eq!(ledger.send(&at(400, "or"), 402), ["annonce"]);
    assert_eq!(ledger.send(&at(400, "argent"), 410).len(), 1);
    ledger.give_up_last(Role::Ditp);
    assert_eq!([411, 470].map(|on| ledger.send(&at(400, "argent"), on)), [none(), none()]);
    // Something else is to be told: the reader still believes what was announced first.
    assert_eq!(ledger.send(&[awarded()], 480), ["retirée : Or, le mardi 8 février 2028"]);
    ledger.give_up_last(Role::Ditp);
    assert_eq!(ledger.send(&[awarded()], 481), none());
    ledger.0.given_up.iter_mut().for_each(|lost| lost.reachable = true);
    assert_eq!(ledger.send(&[awarded()], 482), ["retirée : Or, le mardi 8 février 2028"]);
    assert_eq!([483, 520].map(|on| ledger.send(&[awarded()], on)), [none(), none()]);
}

/// The announcement of the new day was given up, and is never sent again.
#[test]
fn a_moved_day_whose_announcement_was_given_up_is_a_correction() {
    let at = |on| [awarded(), raised(on, "argent")];
    let mut ledger = Ledger::new();
    assert_eq!([(400, 402), (405, 410)].map(|(day, on)| ledger.send(&at(day), on).len()), [1, 1]);
    ledger.give_up_last(Role::Ditp);
    assert_eq!(
        ledger.send(&at(405), 411),
        ["rectifiée : passage au palier supérieur, palier Argent, le dimanche 13 février 2028"]
    );
    assert_eq!([412, 470].map(|on| ledger.send(&at(405), on)), [none(), none()]);
}

/// What happened before the first day that is told is announced to nobody: it takes no announcement's place.
#[test]
fn a_decision_that_goes_or_moves_to_a_day_too_old_is_taken_back() {
    let early = raised(400, "argent");
    let mut ledger = Ledger::new();
    ledger.0.since = day(500);
    let both = [awarded(), early.clone(), raised(700, "or")];
    assert_eq!(ledger.send(&both, 702), ["annonce"]);
    // The one that was told is removed; the early one was there all the time.
    assert_eq!(ledger.send(&both[..2], 710), ["retirée : Or, le lundi 4 décembre 2028"]);
    assert_eq!([711, 760].map(|on| ledger.send(&both[..2], on)), [none(), none()]);
    let mut ledger = Ledger::new();
    ledger.0.since = day(500);
    assert_eq!(ledger.send(&[awarded(), raised(700, "argent")], 702), ["annonce"]);
    assert_eq!(ledger.send(&[awarded(), early.clone()], 710), ["retirée : Argent, le lundi 4 décembre 2028"]);
    assert_eq!([711, 760].map(|on| ledger.send(&[awarded(), early.clone()], on)), [none(), none()]);
}

/// The ledger of an earlier version says nothing of several decisions: the last one stands for all.
#[test]
fn what_an_earlier_version_told_is_not_taken_back() {
    let both = [awarded(), raised(400, "argent"), raised(700, "or")];
    let mut ledger = Ledger::new();
    assert_eq!(ledger.send(&both, 702).len(), 2);
    for told in &mut ledger.0.told {
        told.announced = told.announced.map(|one| label::outgoing::Announced::new(one.tier, one.on));
    }
    let second = [both[0].clone(), both[2].clone()];
    assert_eq!(ledger.send(&second, 710), none());
    assert_eq!(ledger.send(&both[..1], 711), ["retirée : Or, le lundi 4 décembre 2028"]);
}

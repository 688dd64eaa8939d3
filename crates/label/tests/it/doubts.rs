//! A decision in doubt: the certification body is told of each doubt once, when it appears.

use std::collections::{BTreeMap, BTreeSet};

use label::case::Case;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::{Review, review};
use label::outgoing::{Action, Mail, MailCode, MailKey};
use label::plan::mails::wanted_mails;
use label::plan::{Known, plan};
use label::wording::digest;
use label::wording::found::Found;

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::choice;

/// Labelled on the day 100, and confirmed on the day 500; `tier` is written with the confirmation.
fn dossier(tier: Option<&str>) -> Facts {
    let mut confirmed: Row = row("confirme", 500);
    confirmed.extend(tier.map(|tier| (Key::PalierDecide, choice(tier))));
    let mut awarded = row("labellise", 100);
    awarded.insert(Key::PalierDecide, choice("bronze"));
    let values = vec![
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice("local_independant")),
        (Key::Evenements, Value::Rows(vec![awarded, confirmed])),
    ];
    facts(1, 0, values)
}

fn judged(dossier: Facts) -> (Case, Review) {
    let case = case_of(&[dossier]);
    let review = review(&case, day(520), &frame());
    (case, review)
}

/// What the store knows once `dossier` was judged, of mails sent since the day `since`.
fn known(dossier: Option<Facts>, since: i64) -> Known {
    let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), day(since));
    if let Some(dossier) = dossier {
        let found = Found::of(&judged(dossier).1, 1);
        let doubts = found.iter().filter(|one| one.doubts_decision).filter_map(Found::number);
        known.doubted = BTreeMap::from([(1, doubts.collect())]);
    }
    known
}

fn doubts(dossier: Facts, known: &Known) -> Vec<Mail> {
    let (case, review) = judged(dossier);
    let mails = wanted_mails(&review, &case, &frame(), known).into_iter();
    mails.filter(|mail| mail.key.code.doubt().is_some()).collect()
}

/// That the confirmation writes another tier than the one held, beside what was in doubt before.
fn other_tier() -> Mail {
    let mut told = doubts(dossier(Some("or")), &known(Some(dossier(None)), 0));
    assert_eq!(told.len(), 1, "{told:#?}");
    told.remove(0)
}

#[test]
fn a_doubt_that_appears_after_the_first_reading_is_told_to_the_body() {
    let mail = other_tier();
    assert_eq!((mail.role, mail.key.role, mail.urgent), (Role::Organisme, Role::Organisme, false));
    assert_eq!(
        mail.letter.what,
        "décision à vérifier — Décision « confirmation du label » du 18/05/2028 : palier Or écrit, le palier détenu est Bronze : une \
        confirmation ne le change pas ; vérifiez le palier ou la décision"
    );
    let text = mail.letter.paragraphs.join("\n");
    assert!(
        text.contains("Corrigez sur la plateforme, dans le dossier n° 1, ce qui ne convient pas"),
        "{text}"
    );
    assert!(mail.letter.source.ends_with("(règle R-3.9.1-g)"), "{}", mail.letter.source);
    // As the body reads it: in the digest of the day, with what to do.
    let digest = digest::daily(&[mail], &[], day(520), None);
    let lines: Vec<&str> =
        digest.sections.iter().flat_map(|part| &part.lines).map(|line| line.text.as_str()).collect();
    assert!(
        lines[0].contains("Guichet de Valdorée : décision à vérifier — Décision « confirmation du label »"),
        "{lines:?}"
    );
    assert!(lines[0].contains("vérifiez le palier ou la décision"), "{lines:?}");
}

#[test]
fn it_is_told_once_and_holds_until_it_leaves() {
    let sent = other_tier().key;
    // The judgement that found it is the last one now; the mail waits for the digest.
    let after = Known { mails: BTreeSet::from([sent]), ..known(Some(dossier(Some("or"))), 0) };
    let standing: Vec<MailKey> =
        doubts(dossier(Some("or")), &after).into_iter().map(|mail| mail.key).collect();
    assert_eq!(standing, [sent], "what was put is still wanted");
    let (case, review) = judged(dossier(Some("or")));
    let again = plan(&review, &case, &frame(), &after).into_iter().filter(|action| match action {
        Action::Mail(mail) => mail.key.code.doubt().is_some(),
        _ => false,
    });
    assert_eq!(again.count(), 0, "and not put again");
    assert!(
        doubts(dossier(None), &after).iter().all(|mail| mail.key != sent),
        "it leaves with what it tells"
    );
}

#[test]
fn what_stood_when_an_old_decision_was_first_read_is_told_by_the_pages_alone() {
    let known_before = known(Some(dossier(Some("or"))), 0);
    assert!(doubts(dossier(Some("or")), &known_before).is_empty(), "it stood at the last judgement");
    assert!(doubts(dossier(Some("or")), &known(None, 510)).is_empty(), "decided before what is mailed");
    assert!(!doubts(dossier(Some("or")), &known(None, 400)).is_empty(), "decided since");
}

#[test]
fn the_announcement_of_a_deposit_leaves_them_to_their_own_mail() {
    let (case, review) = judged(dossier(Some("or")));
    let mails = wanted_mails(&review, &case, &frame(), &known(None, 0));
    let deposit = mails.iter().find(|mail| mail.key.code == MailCode::Deposit).unwrap();
    let twice: Vec<&String> =
        deposit.letter.points.iter().filter(|point| point.contains("confirmation")).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert_eq!(START, deposit.key.day);
}

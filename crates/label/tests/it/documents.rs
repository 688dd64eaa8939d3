//! The findings about a dossier's documents and counts: rule, level and values, on each side of each limit.

use label::case::facts::{Attachment, Facts, Scan, SiretDoubt, UnreadableValue, Value};
use label::case::keys::Key;
use label::judge::coherence::incoherence::Incoherence;
use label::judge::finding::{Level, What};
use label::judge::review;

use crate::cases::{case_of, day, facts, frame};

fn word(text: &str) -> Value {
    Value::Choice(text.to_owned())
}

pub fn file(bytes: u64) -> Attachment {
    let (checksum, media_type) = (String::new(), "application/pdf".to_owned());
    Attachment { name: "piece.pdf".to_owned(), bytes, checksum, media_type, scan: Scan::Safe }
}

/// A first dossier of an independent local, deposited on the day `deposited`, with an audit on the days 50 and 51.
pub fn local(deposited: i64, more: Vec<(Key, Value)>) -> Facts {
    let mut values = vec![
        (Key::TypeService, word("local_independant")),
        (Key::TypeDemande, word("initial")),
        (Key::AuditDebut, Value::Date(day(50))),
        (Key::AuditFin, Value::Date(day(51))),
    ];
    values.extend(more);
    facts(1, deposited, values)
}

/// The findings of a rule about the dossier 1.
fn found(dossier: &Facts, rule: &str) -> Vec<(Level, What)> {
    let review = review(&case_of(std::slice::from_ref(dossier)), day(40), &frame());
    let of_rule = review.findings.into_iter().filter(|finding| finding.rule == rule);
    of_rule.map(|finding| (finding.level, finding.what)).collect()
}

#[test]
fn a_deposit_is_in_time_up_to_the_day_one_month_before_the_audit() {
    // The audit is on 23 February 2027.
    let limit = day(19);
    for (deposited, level) in [(18, Level::Ok), (19, Level::Ok), (20, Level::ToCheck)] {
        let what = What::Deposit { on: day(deposited), limit };
        assert_eq!(found(&local(deposited, vec![]), "R-3.5.1-k"), [(level, what)]);
    }
}

#[test]
fn a_visit_that_ends_before_it_begins_is_to_check() {
    let last = |on: i64| found(&local(0, vec![(Key::AuditFin, Value::Date(day(on)))]), "R-3.7.1-f");
    let reversed = What::VisitReversed { first: day(50), last: day(49) };
    assert_eq!(last(49), [(Level::ToCheck, reversed)]);
    assert_eq!(last(50), []);
}

#[test]
fn each_employee_is_invited() {
    let invited = |invited: i64| {
        let counts =
            [(Key::AgentsConcernes, 40), (Key::AgentsSollicites, invited), (Key::AgentsRecevables, 30)];
        let counts = counts.map(|(key, count)| (key, Value::Count(count)));
        found(&local(0, counts.to_vec()), "R-3.4.2-a")
    };
    let missing = What::StaffNotAllInvited { concerned: 40, invited: 39 };
    assert_eq!(invited(39), [(Level::ToCheck, missing)]);
    assert_eq!(invited(40), []);
    let more = What::Coherence(Incoherence::MoreInvitedThanConcerned { concerned: 40, invited: 41 });
    assert_eq!(invited(41), [(Level::ToCheck, more)]);
}

#[test]
fn an_empty_file_is_refused_once_and_leaves_its_document_absent() {
    let plan = |files: Vec<Attachment>| {
        found(&local(0, vec![(Key::PlanFormation, Value::Files(files))]), "R-3.5.1-c")
    };
    let empty = || What::EmptyFile { key: Key::PlanFormation, name: "piece.pdf".to_owned() };
    assert_eq!(plan(vec![file(0)]), [(Level::Ko, empty())]);
    assert_eq!(plan(vec![file(1)]), []);
    assert_eq!(plan(vec![]), [(Level::Missing, What::Piece(Key::PlanFormation))]);
}

/// Every document that a local deposits, each in order.
pub fn all_pieces() -> Vec<(Key, Value)> {
    let files = [
        Key::Organigramme,
        Key::PlanFormation,
        Key::MethodeEchantillon,
        Key::AutodiagnosticRapport,
        Key::EnqueteUsagersRapport,
        Key::EnqueteAgentsRapport,
        Key::PlanActions,
        Key::Indicateurs,
    ];
    let dates = [Key::AutodiagnosticLe, Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture];
    let files = files.map(|key| (key, Value::Files(vec![file(9)])));
    let dates = dates.map(|key| (key, Value::Date(day(-20))));
    let name = (Key::NomStructure, Value::Text("Guichet".to_owned()));
    files.into_iter().chain(dates).chain([name]).collect()
}

#[test]
fn documents_are_complete_when_none_lacks_and_none_is_refused() {
    let complete = |pieces: Vec<(Key, Value)>| {
        let found = found(&local(0, pieces), "R-3.5.1-a");
        found.into_iter().find(|(_, what)| matches!(what, What::PiecesComplete { .. }))
    };
    assert_eq!(complete(all_pieces()), Some((Level::Ok, What::PiecesComplete { count: 12 })));
    for absent in 0..all_pieces().len() {
        let mut pieces = all_pieces();
        let (key, _) = pieces.remove(absent);
        assert_eq!(complete(pieces), None, "{key}");
    }
}

#[test]
fn annotations_without_anybody_to_write_them_are_to_check() {
    let outside = |author: Option<&str>, gone: bool| {
        let dossier = Facts { author: author.map(str::to_owned), gone, ..local(0, vec![]) };
        found(&dossier, "DN").contains(&(Level::ToCheck, What::NotInGroup))
    };
    assert!(outside(None, false));
    assert!(!outside(Some("robot"), false));
    assert!(!outside(None, true));
}

#[test]
fn only_an_attached_local_has_a_central() {
    let central = |service: &str| {
        let values = vec![(Key::TypeService, word(service)), (Key::CentralDossier, Value::Link(9))];
        case_of(&[local(0, values)]).central_named()
    };
    assert_eq!(central("local_rattache"), Some(9));
    assert_eq!(central("local_independant"), None);
}

#[test]
fn a_word_that_is_no_option_is_shown() {
    let mut dossier = local(0, vec![]);
    dossier.unreadable.insert(Key::TypeService, UnreadableValue::UnknownOption);
    dossier.unmatched.insert(Key::TypeService, "Guichet".to_owned());
    dossier.unmatched.insert(Key::PreuveType, "Audit blanc".to_owned());
    let (key, why, word) = (Key::TypeService, UnreadableValue::UnknownOption, Some("Guichet".to_owned()));
    let other = What::UnknownChoice { key: Key::PreuveType, word: "Audit blanc".to_owned() };
    let told = found(&dossier, "DN");
    assert!(told.contains(&(Level::ToCheck, What::Cannot { key, why, word })), "{told:?}");
    assert!(told.contains(&(Level::ToCheck, other)), "{told:?}");
}

#[test]
fn what_is_no_siret_is_shown() {
    let doubt = SiretDoubt { written: "9,99E+13".to_owned(), in_field: true, applicant: None };
    let dossier = Facts { siret_doubt: Some(doubt.clone()), ..local(0, vec![]) };
    assert!(found(&dossier, "DN").contains(&(Level::ToCheck, What::Siret(doubt))));
}

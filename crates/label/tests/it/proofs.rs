//! The yearly proofs of a label: where they are read, which year each proves, and the finding about one that cannot be
//! used.

use label::case::facts::{Attachment, Facts, Row, Scan, Value};
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;
use label::case::lost_pieces::{LostPiece, lost_pieces};
use label::judge::agenda::{Obligation, Status};
use label::judge::finding::Level;
use label::judge::{Review, review};
use label::wording;

use crate::cases::{case_of, day, facts, frame, row};
use crate::life::{choice, sound};

/// An independent local awarded on the day 100, self-assessed on the day −60: the years end on the days 305, 671 and 1036.
fn labelled(values: &[(Key, Value)]) -> Facts {
    let mut award = row("labellise", 100);
    award.insert(Key::PalierDecide, choice("argent"));
    let mut facts = sound(vec![award]);
    facts.values.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    facts.values.extend(values.iter().cloned());
    facts
}

/// A row of proofs; an empty word, or no day, leaves its cell empty.
fn proof(kind: &str, on: Option<i64>, year: Option<i64>) -> Row {
    let kind = (!kind.is_empty()).then(|| (Key::PreuveType, choice(kind)));
    let on = on.map(|on| (Key::PreuveLe, Value::Date(day(on))));
    let year = year.map(|year| (Key::PreuveAnnee, Value::Count(year)));
    kind.into_iter().chain(on).chain(year).collect()
}

fn proofs(rows: Vec<Row>) -> (Key, Value) {
    (Key::Preuves, Value::Rows(rows))
}

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

fn done(review: &Review, obligation: Obligation) -> Vec<bool> {
    let dues = review.agenda.iter().filter(|due| due.obligation == obligation);
    dues.map(|due| due.status == Status::Done).collect()
}

fn years(dossiers: &[Facts], on: i64) -> Vec<bool> {
    done(&judged(dossiers, on), Obligation::SelfAssessment)
}

fn says(review: &Review, words: &str) -> bool {
    review.findings.iter().map(wording::finding).any(|sentence| sentence.contains(words))
}

/// R-3.9.1-c
#[test]
fn one_report_proves_one_year_wherever_it_is_typed() {
    assert_eq!(years(&[labelled(&[])], 1000), [false; 3]);
    let second = || proof("autodiagnostic", Some(650), None);
    assert_eq!(years(&[labelled(&[proofs(vec![second()])])], 1000), [false, true, false]);
    let both = || proofs(vec![proof("autodiagnostic", Some(300), None), second()]);
    assert_eq!(years(&[labelled(&[both()])], 1000), [true, true, false]);
    // In another dossier, beside its own fields.
    let service = (Key::TypeService, choice("local_independant"));
    let other = facts(
        2,
        560,
        vec![service, (Key::TypeDemande, choice("suivi")), (Key::DossierPrecedent, Value::Link(1)), both()],
    );
    assert_eq!(years(&[labelled(&[]), other], 1000), [true, true, false]);
    let surveys = proofs(vec![proof("enquete_usagers", Some(300), None)]);
    assert_eq!(years(&[labelled(&[surveys])], 1000), [false; 3]);
    assert_eq!(years(&[labelled(&[both()])], 640), [true, false, false], "not done before its day");
}

/// The body's verified day of the second year, over the candidate's day of the application.
#[test]
fn a_verified_later_day_neither_erases_the_deadline_nor_spoils_the_application() {
    let mut facts = labelled(&[(Key::AutodiagnosticLe, Value::Date(day(290)))]);
    facts.declared.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    let review = judged(&[facts], 400);
    assert_eq!(done(&review, Obligation::SelfAssessment), [true, false, false]);
    let levels = |rule: &str| -> Vec<Level> {
        review.findings.iter().filter(|f| f.rule == rule).map(|f| f.level).collect()
    };
    assert!(!levels("R-3.5.1-e").contains(&Level::Ko), "{:?}", levels("R-3.5.1-e"));
    assert!(levels("R-3.5.1-e").contains(&Level::Ok));
}

/// A form with one field: the first day is lost.
#[test]
fn a_day_typed_over_the_first_one_is_a_proof_and_is_told() {
    let typed = labelled(&[
        (Key::AutodiagnosticLe, Value::Date(day(290))),
        (Key::EnqueteUsagersCloture, Value::Date(day(295))),
    ]);
    let review = judged(&[typed], 400);
    // The years are counted from the audit, on the day 50.
    assert_eq!(done(&review, Obligation::SelfAssessment), [true, false, false]);
    let due = review.agenda.iter().find(|due| due.obligation == Obligation::SelfAssessment).unwrap();
    assert_eq!(due.deadline.nominal, day(50).checked_add(jiff::ToSpan::years(1)).unwrap());
    assert!(says(&review, "les années sont comptées depuis l’audit en attendant"));
    assert!(says(&review, "Date de clôture de l’enquête usagers : le 26/10/2027, après la décision"));
    let dated = review.findings.iter().filter(|f| ["R-3.5.1-e", "R-3.4-a"].contains(&f.rule));
    assert!(dated.clone().all(|finding| finding.level != Level::Ko), "{:?}", dated.collect::<Vec<_>>());
    // Before the decision, the same day is only that of a self-assessment made too late for the audit.
    let early = judged(&[labelled(&[(Key::AutodiagnosticLe, Value::Date(day(52)))])], 90);
    assert!(early.findings.iter().any(|f| f.rule == "R-3.5.1-e" && f.level == Level::Ko));
}

#[test]
fn a_row_that_cannot_be_used_says_what_to_do() {
    let rows = vec![
        proof("", Some(300), None),
        proof("autodiagnostic", None, Some(2027)),
        proof("autodiagnostic", Some(300), Some(2031)),
        proof("autodiagnostic", Some(300), Some(2027))
            .into_iter()
            .chain([(Key::PreuvePiece, Value::Files(vec![report("bilan.pdf", 9)]))])
            .collect(),
    ];
    let review = judged(&[labelled(&[proofs(rows)])], 400);
    for words in [
        "Ligne 1 des preuves annuelles sans nature lisible : elle ne compte pas",
        "Ligne 2 des preuves annuelles sans date lisible : elle ne compte pas, saisissez la date",
        "Ligne 3 des preuves annuelles : année 2031 pour un 31/10/2027",
    ] {
        assert!(says(&review, words), "« {words} »");
    }
    assert!(!says(&review, "Ligne 4"));
    let ahead = judged(&[labelled(&[proofs(vec![proof("autodiagnostic", Some(600), None)])])], 400);
    assert!(says(&ahead, "Ligne 1 des preuves annuelles : le 26/08/2028 n’est pas encore venu"));
}

fn report(name: &str, bytes: u64) -> Attachment {
    let (checksum, media_type) = (format!("sum of {name}"), "application/pdf".to_owned());
    Attachment { name: name.to_owned(), bytes, checksum, media_type, scan: Scan::Safe }
}

/// R-3.9.1-c
#[test]
fn the_file_of_a_row_is_looked_at_as_any_other_attachment() {
    let with = |files: Option<Vec<Attachment>>, fault: Option<FileFault>| {
        let mut row = proof("autodiagnostic", Some(300), None);
        row.extend(files.map(|files| (Key::PreuvePiece, Value::Files(files))));
        let mut case = case_of(&[labelled(&[proofs(vec![row])])]);
        let inspections = fault.map(|fault| ("sum of bilan.pdf".to_owned(), Inspection::faulty(fault)));
        case.inspections.0.extend(inspections);
        let review = review(&case, day(400), &frame());
        assert_eq!(done(&review, Obligation::SelfAssessment), [true, false, false], "the day is retained");
        let about = review.findings.iter().filter(|f| f.rule == "R-3.9.1-c");
        about.map(|finding| (finding.level, wording::findings::what(&finding.what))).collect::<Vec<_>>()
    };
    assert_eq!(with(Some(vec![report("bilan.pdf", 9)]), None), []);
    let (level, missing) = with(None, None).remove(0);
    assert!(
        level == Level::ToCheck && missing.contains("Ligne 1 des preuves annuelles sans pièce"),
        "{missing}"
    );
    let (level, locked) = with(Some(vec![report("bilan.pdf", 9)]), Some(FileFault::Encrypted)).remove(0);
    assert!(
        level == Level::ToCheck && locked.contains("pièce de la preuve annuelle : « bilan.pdf »"),
        "{locked}"
    );
    let (_, empty) = with(Some(vec![report("vide.pdf", 0)]), None).remove(0);
    assert!(empty.contains("Fichier vide : « vide.pdf »"), "{empty}");
    // A form without that column asks for no file.
    let mut bare = frame();
    bare.forms.values_mut().for_each(|form| form.usable.retain(|key| *key != Key::PreuvePiece));
    let row = proof("autodiagnostic", Some(300), None);
    let review = review(&case_of(&[labelled(&[proofs(vec![row])])]), day(400), &bare);
    assert!(!says(&review, "sans pièce"));
}

/// R-3.9.1-c: each row for itself; the candidate's own change explains what left.
#[test]
fn the_file_that_left_a_row_is_that_rows_and_no_others() {
    let row = |on: i64, file: Option<&str>| {
        let mut row = proof("autodiagnostic", Some(on), None);
        row.extend(file.map(|name| (Key::PreuvePiece, Value::Files(vec![report(name, 9)]))));
        row
    };
    let with = |rows: Vec<Row>| labelled(&[proofs(rows)]);
    let old = with(vec![row(300, Some("un.pdf")), row(600, Some("deux\ntrois.pdf")), row(650, None)]);
    let new = with(vec![row(300, None), row(600, None), row(650, None)]);
    let lost = lost_pieces(&[], &old, &new);
    let text = LostPiece::text(&lost);
    assert_eq!(lost.iter().map(|one| one.on).collect::<Vec<_>>(), [day(300), day(600)]);
    assert_eq!(LostPiece::list(&text).len(), 2, "a name is one line: {text}");
    // Kept while the row has no file, and no longer.
    let half = with(vec![row(300, Some("un.pdf")), row(600, None)]);
    assert_eq!(lost_pieces(&lost, &new, &new), lost);
    assert_eq!(lost_pieces(&lost, &new, &half), lost[1..]);
    assert_eq!(lost_pieces(&lost, &new, &with(vec![row(300, None)])), lost[..1], "a row that was removed");
    let mut touched = new.clone();
    touched.submitted = Some("2028-09-01T08:00:00Z".parse().unwrap());
    assert_eq!(lost_pieces(&lost, &old, &touched), []);
    let mut case = case_of(&[new]);
    case.vanished.insert(case.id, [(Key::PreuvePiece, text)].into());
    let review = review(&case, day(700), &frame());
    assert!(says(&review, "pièce de la preuve annuelle : « un.pdf » était déposé et n’est plus visible"));
    assert!(!says(&review, "Ligne 1 ") && !says(&review, "Ligne 2 ") && says(&review, "Ligne 3 "));
}

/// The body's day of a row replaces the candidate's for the same kind and year, and no other.
#[test]
fn the_verified_day_of_a_row_is_the_one_that_is_used() {
    let with = |verified: Row| {
        let mut facts = labelled(&[proofs(vec![verified])]);
        let candidate = vec![proof("autodiagnostic", Some(600), Some(2028))];
        facts.declared.insert(Key::Preuves, Value::Rows(candidate));
        years(&[facts], 1000)
    };
    // The candidate's day is in the second year; the verified ones are in the first, or prove it late.
    assert_eq!(with(proof("autodiagnostic", Some(290), Some(2028))), [true, false, false]);
    assert_eq!(with(proof("autodiagnostic", Some(390), None)), [true, false, false], "the day says 2028");
    assert_eq!(with(proof("autodiagnostic", Some(290), None)), [true, true, false], "another year");
    assert_eq!(with(proof("enquete_usagers", Some(290), Some(2028))), [false, true, false], "another kind");
}

/// R-3.9.2-f
#[test]
fn rows_prove_the_surveys_of_an_attached_local() {
    let with = |rows: Vec<Row>| {
        let facts = labelled(&[
            (Key::TypeService, choice("local_rattache")),
            (Key::EnqueteUsagersCloture, Value::Date(day(-20))),
            (Key::EnqueteAgentsCloture, Value::Date(day(-20))),
            proofs(rows),
        ]);
        done(&judged(&[facts], 500), Obligation::AttachedSurveys)
    };
    let users = || proof("enquete_usagers", Some(400), None);
    assert_eq!(with(vec![users()]), [false]);
    assert_eq!(with(vec![users(), proof("enquete_agents", Some(410), None)]), [true]);
    assert_eq!(with(vec![users(), proof("enquete_agents", Some(40), None)]), [false]);
}

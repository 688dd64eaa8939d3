//! Dossiers and histories that contradict themselves, one a line: what is written, and the exact list of the rules of
//! the findings that are expected. The sentences are in the snapshots.

mod central;
mod dates;
mod edges;
mod history;
mod marks;
mod written;

use std::collections::BTreeSet;

use label::judge::finding::Level;
use label::judge::{Review, review};
use label::wording;

use crate::cases::frame;

/// A name, what is written beside a sound dossier, and the rules of the findings.
type Line = (&'static str, &'static str, &'static [&'static str]);

fn judged(written: &str) -> Review {
    let (case, today) = written::case(written);
    review(&case, today, &frame())
}

/// The rules of the findings that a person must look at.
fn rules(review: &Review) -> BTreeSet<&'static str> {
    review.faults(None).map(|finding| finding.rule).collect()
}

/// Checks each line of a table; returns its sentences.
fn checked(lines: &[Line]) -> String {
    let (mut wrong, mut text) = (Vec::new(), String::new());
    for (name, written, expected) in lines {
        let review = judged(written);
        let (found, expected) = (rules(&review), expected.iter().copied().collect());
        text.push_str(&format!("{name}\n"));
        for finding in review.faults(None) {
            text.push_str(&format!("  {}\n", wording::finding(finding)));
        }
        if found != expected {
            let said: Vec<String> = review.faults(None).map(wording::finding).collect();
            wrong.push(format!(
                "{name} ({written}):\n  expected {expected:?}\n  found {found:?}\n  {said:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    text
}

#[test]
fn a_sound_dossier_has_no_finding() {
    for sound in [
        "",
        "evenements = -",
        "evenements = labellise j100 argent, suspension j104 motif=usage_marque, levee j110",
        "evenements = labellise j100 argent, plan_actions j104, suspension j110 motif=plan_non_produit",
        "evenements = labellise j100 argent, retrait j110 effet=j140",
        "evenements = rejete j100 ; note_usagers = 60",
        "rapport : score_e1 = 70 ; score_or = 60",
        "decision = labellise ; decision_le = j100",
        "decision = labellise",
        "aujourdhui = j700 | type_demande = extension ; evenements = labellise j690 argent",
        "type_service = central",
        "type_service = central ; evenements = labellise j100 argent, suspension j110 motif=seuil_75",
    ] {
        let said: Vec<String> = judged(sound).faults(None).map(wording::finding).collect();
        assert_eq!(said, [""; 0], "{sound}");
    }
}

#[test]
fn each_line_is_written_once_and_there_are_enough() {
    let all: Vec<Line> =
        [marks::LINES, dates::LINES, history::LINES, central::LINES].into_iter().flatten().copied().collect();
    assert!(all.len() >= 100, "{}", all.len());
    let names: BTreeSet<_> = all.iter().map(|(name, ..)| name).collect();
    let texts: BTreeSet<_> = all.iter().map(|(_, written, _)| written).collect();
    assert_eq!((names.len(), texts.len()), (all.len(), all.len()));
}

#[test]
fn marks_and_surveys() {
    insta::assert_snapshot!(checked(marks::LINES));
}

#[test]
fn dates_of_the_dossier_and_of_the_decision() {
    insta::assert_snapshot!(checked(dates::LINES));
}

#[test]
fn decisions_that_do_not_follow_one_another() {
    insta::assert_snapshot!(checked(history::LINES));
}

#[test]
fn central_services() {
    insta::assert_snapshot!(checked(central::LINES));
}

/// Each finding of these tables is to check, or is something that the dossier lacks: none takes a decision.
#[test]
fn a_contradiction_is_to_check() {
    let lines = [marks::LINES, dates::LINES, history::LINES, central::LINES].into_iter().flatten();
    for (name, written, _) in lines {
        for finding in judged(written).faults(None) {
            if matches!(finding.what, label::judge::finding::What::Coherence(_)) {
                assert_eq!(finding.level, Level::ToCheck, "{name}");
                assert!(!finding.asks_candidate(), "{name}");
            }
        }
    }
}

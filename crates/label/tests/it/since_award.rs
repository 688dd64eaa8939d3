//! Whose label it is, after the award: what a dossier says later of its service is a finding, and what it said at the award
//! is kept.

use label::case::awarded::{Award, KEPT, keep, shown};
use label::case::facts::{Facts, PlatformState, SiretDoubt, UnreadableValue, Value};
use label::case::keys::Key;
use label::case::{Case, Remembered, Service, assemble};
use label::judge::finding::{Finding, Level, What};
use label::judge::review;
use label::wording;

use crate::cases::{day, facts, frame, row};

const SIRET: &str = "13002526500013";

fn awarded() -> Facts {
    let mut dossier = facts(
        7,
        0,
        vec![
            (Key::TypeService, Value::Choice("local_rattache".to_owned())),
            (Key::CentralDossier, Value::Link(3)),
            (Key::Evenements, Value::Rows(vec![row("labellise", 100)])),
        ],
    );
    dossier.siret = Some(SIRET.to_owned());
    dossier
}

/// The dossier as it is judged once it says something else.
fn case(mut now: Facts) -> Case {
    let since = keep(&mut now, &shown(&awarded()));
    let remembered = Remembered { said_since: [(7, since)].into(), ..Remembered::default() };
    let mut cases = assemble(vec![now], &remembered);
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn changes(case: &Case) -> Vec<(Level, bool, String)> {
    let review = review(case, day(120), &frame());
    let since = |finding: &&Finding| match &finding.what {
        What::Coherence(what) => format!("{what:?}").starts_with("ChangedSinceAward"),
        _ => false,
    };
    let told = review.findings.iter().filter(since).map(|finding| {
        let What::Coherence(what) = &finding.what else { return (finding.level, false, String::new()) };
        (finding.level, what.doubts_decision(), wording::findings::sentence(finding))
    });
    told.collect()
}

fn told(case: &Case) -> Vec<String> {
    changes(case).into_iter().map(|(.., text)| text).collect()
}

#[test]
fn another_siret_is_told_and_the_one_of_the_award_is_kept() {
    let mut now = awarded();
    now.siret = Some("13002526500021".to_owned());
    let case = case(now);
    assert_eq!(case.siret(), Some(SIRET));
    let text = "SIRET changé depuis l’attribution du label : 13002526500013 à l’attribution, 13002526500021 maintenant ; \
        la valeur de l’attribution reste retenue, au registre aussi : remettez-la dans le dossier, ou retenez la nouvelle \
        sur la page du cas";
    assert_eq!(changes(&case), [(Level::ToCheck, true, text.to_owned())]);
}

#[test]
fn another_kind_and_another_central_are_told_and_those_of_the_award_are_kept() {
    let mut now = awarded();
    now.values.insert(Key::TypeService, Value::Choice("central".to_owned()));
    now.values.insert(Key::CentralDossier, Value::Link(4));
    let case = case(now);
    assert_eq!((case.service, case.central_named()), (Service::LocalRattache, Some(3)));
    let told = told(&case);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|text| text
            .contains("« service local rattaché » à l’attribution, « service central » maintenant")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|text| text.starts_with("Dossier du service central changé")
            && text.contains(" 3 à l’attribution, 4 maintenant")),
        "{told:?}"
    );
}

#[test]
fn a_value_that_was_emptied_is_told_and_one_that_cannot_be_read_is_told_elsewhere() {
    let mut emptied = awarded();
    emptied.values.remove(&Key::CentralDossier);
    let emptied = case(emptied);
    assert_eq!(emptied.central_named(), Some(3));
    assert!(
        told(&emptied)[0].contains("3 à l’attribution, aucune valeur maintenant"),
        "{:?}",
        told(&emptied)
    );
    let mut unreadable = awarded();
    unreadable.values.remove(&Key::CentralDossier);
    unreadable.unreadable.insert(Key::CentralDossier, UnreadableValue::OtherType);
    unreadable.siret = None;
    unreadable.siret_doubt = Some(SiretDoubt { written: "?".to_owned(), in_field: true, applicant: None });
    let unreadable = case(unreadable);
    assert_eq!((unreadable.siret(), told(&unreadable)), (Some(SIRET), Vec::new()));
}

#[test]
fn the_value_of_the_award_put_back_is_no_finding() {
    assert_eq!(told(&case(awarded())), [""; 0]);
}

#[test]
fn what_was_left_empty_at_the_award_may_be_filled() {
    let mut before = awarded();
    before.values.remove(&Key::CentralDossier);
    assert_eq!(shown(&before).len(), KEPT.len() - 1);
    let mut now = awarded();
    assert!(keep(&mut now, &shown(&before)).is_empty());
    assert_eq!(now, awarded());
}

#[test]
fn a_dossier_says_whether_an_award_stands() {
    let with = |words: &[&str]| {
        let rows = words.iter().map(|word| row(word, 100)).collect();
        let mut dossier = facts(7, 0, vec![(Key::Evenements, Value::Rows(rows))]);
        if words.is_empty() {
            dossier.values.clear();
        }
        dossier
    };
    for (words, emptied, award) in [
        (&["labellise"][..], false, Award::Stands),
        (&["labellise", "retrait"], false, Award::Stands),
        (&["suspension"], false, Award::Stands),
        (&["rejete"], false, Award::None),
        (&["labellise", "annulee"], false, Award::None),
        (&["annulee"], false, Award::None),
        (&["plan_actions"], false, Award::Untold),
        (&[], false, Award::Untold),
        (&[], true, Award::None),
    ] {
        assert_eq!(Award::of(&with(words), emptied), award, "{words:?} {emptied}");
    }
    let mut accepted = with(&[]);
    accepted.state = PlatformState::Accepte;
    assert_eq!(Award::of(&accepted, false), Award::Stands, "accepted on the platform");
}

//! A central service and its attached locals: what each is to do by what is true of the other.

use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::judge::Review;
use label::judge::agenda::{Due, Obligation};
use label::judge::review;

use crate::cases::{case_of, day, facts, frame, row};
use crate::life::choice;

/// A dossier with a visit that ends on the day 51 of its deposit, and these decisions.
fn dossier(number: i64, deposited: i64, kind: (&str, &str), decisions: &[(&str, i64)]) -> Facts {
    let rows = decisions.iter().map(|(decision, on)| row(decision, *on)).collect();
    let values = vec![
        (Key::TypeService, choice(kind.0)),
        (Key::TypeDemande, choice(kind.1)),
        (Key::AuditDebut, Value::Date(day(deposited + 50))),
        (Key::AuditFin, Value::Date(day(deposited + 51))),
        (Key::Evenements, Value::Rows(rows)),
    ];
    facts(number, deposited, values)
}

/// An attached local, labelled on the day 100.
fn labelled_local() -> Facts {
    dossier(1, 0, ("local_rattache", "initial"), &[("labellise", 100)])
}

fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

/// R-3.9.2-f, F-07: the eighteen months run from the last visit day, which is the first one when no other is written.
#[test]
fn a_visit_of_one_day_starts_the_eighteen_months_of_the_surveys() {
    let on = |facts: Facts| {
        let review = review(&case_of(&[facts]), day(120), &frame());
        due(&review, Obligation::AttachedSurveys).map(|due| due.deadline.nominal)
    };
    let mut one_day = labelled_local();
    one_day.values.remove(&Key::AuditFin);
    let months = |from: i64| Some(label::guide::calendar::add_months(day(from), 18));
    assert_eq!((on(labelled_local()), on(one_day)), (months(51), months(50)));
}

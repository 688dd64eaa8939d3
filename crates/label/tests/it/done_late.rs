//! What was done, and too late: lists and pages say both.

use label::case::facts::Value;
use label::case::keys::Key;
use label::judge::agenda::Obligation;
use label::judge::review;
use label::wording::boards;

use crate::cases::{case_of, day, facts, frame};

/// A plan or a report that came after its last day is done, and was late all the same.
#[test]
fn what_was_done_after_its_last_day_says_so() {
    let said = |plan: i64, report: i64| {
        let date = |on: i64| Value::Date(day(on));
        let values = vec![
            (Key::TypeService, Value::Choice("local_independant".to_owned())),
            (Key::TypeDemande, Value::Choice("initial".to_owned())),
            (Key::AuditDebut, date(60)),
            (Key::PlanTransmisLe, date(plan)),
            (Key::RapportTransmisLe, date(report)),
        ];
        let review = review(&case_of(&[facts(1, 0, values)]), day(300), &frame());
        [Obligation::Plan, Obligation::Report].map(|obligation| {
            let due = review.agenda.iter().find(|due| due.obligation == obligation).unwrap();
            (boards::due_status(due, review.today), due.is_done_late())
        })
    };
    let late = |on: i64| (format!("Fait en retard, le {}", label::wording::date_short(day(on))), true);
    assert_eq!(said(10, 62), [("Fait".to_owned(), false), ("Fait".to_owned(), false)]);
    assert_eq!(said(59, 250), [late(59), late(250)]);
}

//! Deadlines that nothing can be done for any more.

use jiff::civil::date;
use label::judge::agenda::{Due, Obligation, Status};
use label::wording::findings::due_line;

/// Nobody reads of a day to come that it has passed.
#[test]
fn what_cannot_be_done_any_more_is_passed_once_its_day_is_over() {
    let day = date(2027, 6, 21);
    let due = Due {
        obligation: Obligation::Plan,
        dossier: 1,
        deadline: label::guide::calendar::Deadline::fixed(day),
        window: None,
        zone: None,
        occurrence: 0,
        horizon: day,
        status: Status::Passed,
        settled: None,
        done_on: None,
        stages: Vec::new(),
    };
    let said = |today| (due_line(&due, today), label::wording::boards::due_status(&due, today));
    let (line, state) = said(day);
    assert!(line.contains(" — sans objet — ") && !line.contains("passé"), "{line}");
    assert_eq!(state, "Sans objet");
    let (line, state) = said(date(2027, 6, 22));
    assert!(line.contains(" — passé — "), "{line}");
    assert_eq!(state, "Passé");
    let stored = label::wording::lists::status;
    assert_eq!((stored("passed", true), stored("passed", false)), ("sans objet", "passée"));
}

//! What is shown of a judgement: the next deadline, the open ones on the line, the readings that would move one, the names
//! of sites.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::choices::Choices;
use label::judge::agenda::{Obligation, Status};
use label::judge::finding::What;
use label::judge::of_perimeter::OfPerimeter;
use label::judge::readings::{Change, open_readings};
use label::judge::time_line::{Lane, Moment, time_line};
use label::judge::{Review, review};

use crate::cases::{case_of, day, frame, row};
use crate::documents::local;
use crate::follow_ups::next;
use crate::life::{awarded, sound};

fn judged(dossiers: &[Facts], on: i64) -> Review {
    review(&case_of(dossiers), day(on), &frame())
}

#[test]
fn the_next_deadline_is_the_first_open_one_of_the_guide_and_else_the_first_that_is_open() {
    let review = judged(&[sound(vec![awarded("argent")]), next(2, "suivi", 700, vec![], &[])], 650);
    let of = |own: &dyn Fn(i64) -> bool| review.next_due_of(own).map(|due| (due.dossier, due.obligation));
    let first = |guide: bool, own: &dyn Fn(i64) -> bool| {
        let open = review
            .agenda
            .iter()
            .filter(|due| [Status::Upcoming, Status::Late].contains(&due.status) && own(due.dossier));
        let mut open = open.filter(|due| !guide || due.obligation.is_of_the_guide());
        open.next().map(|due| (due.dossier, due.obligation))
    };
    for number in [1, 2] {
        let own = |dossier: i64| dossier == number;
        let expected = first(true, &own).or(first(false, &own));
        assert!(expected.is_some_and(|(dossier, _)| dossier == number), "{number}");
        assert_eq!(of(&own), expected);
    }
    assert_eq!(of(&|_| false), None);
    assert_eq!(review.next_due().map(|due| (due.dossier, due.obligation)), first(true, &|_| true));
    // A deposit that nobody has acknowledged: the guide asks for nothing yet (F-20).
    let mut deposited = local(0, vec![]);
    deposited.values.retain(|key, _| ![Key::AuditDebut, Key::AuditFin].contains(key));
    deposited.state = label::case::facts::PlatformState::EnConstruction;
    let review = judged(&[deposited], 5);
    assert_eq!(review.next_of_the_guide(), None);
    assert_eq!(review.next_due().map(|due| due.obligation), Some(Obligation::Acknowledge));
}

/// Advice is left out, and so is what is done.
#[test]
fn the_line_shows_the_open_deadlines_of_the_guide() {
    let case = case_of(&[local(0, vec![])]);
    let review = review(&case, day(10), &frame());
    let line = time_line(&case, &review, &Choices::default()).unwrap();
    let shown: Vec<Obligation> = line
        .stretches
        .iter()
        .filter(|one| one.lane == Lane::Deadline)
        .filter_map(|one| match one.what {
            Moment::Due(obligation, _) => Some(obligation),
            _ => None,
        })
        .collect();
    assert!(shown.contains(&Obligation::Plan) && shown.contains(&Obligation::Report), "{shown:?}");
    let agenda = |obligation| review.agenda.iter().find(|due| due.obligation == obligation).unwrap();
    assert_eq!(agenda(Obligation::Deposit).status, Status::Done);
    assert_eq!(agenda(Obligation::Launch).status, Status::Passed);
    for absent in [Obligation::Deposit, Obligation::Launch] {
        assert!(!shown.contains(&absent), "{absent:?}: {shown:?}");
    }
    let advice = review.agenda.iter().filter(|due| due.is_open() && !due.obligation.is_of_the_guide());
    for due in advice {
        assert!(!shown.contains(&due.obligation), "{:?}", due.obligation);
    }
}

/// F-10: bounds counted from the theoretical date, or from the notification.
#[test]
fn a_reading_that_moves_one_end_of_a_window_is_told() {
    let moved = |notified: i64| {
        let dossier = sound(vec![row("labellise", notified - 2)]);
        let case = case_of(&[dossier]);
        let now = review(&case, day(300), &frame());
        let readings = open_readings(&case, &now, &frame());
        let mut bounds = readings.into_iter().filter(|reading| reading.question == "F-10");
        let changes = bounds.next().map(|reading| reading.changes).unwrap_or_default();
        let mut windows = changes.into_iter().filter_map(|change| match change {
            Change::Due { now: Some(now), other: Some(other) } if now.obligation == Obligation::FollowUp => {
                assert_eq!(now.status, other.status);
                let (now, other) = (now.window.unwrap(), other.window.unwrap());
                Some([now.opens != other.opens, now.theory != other.theory, now.closes != other.closes])
            }
            _ => None,
        });
        windows.next()
    };
    // Notified on 31 March 2027: from 30 or from 31 July to 30 November 2028.
    assert_eq!(moved(86), Some([true, false, false]));
    // Notified on 31 August 2027: the last day moves as well.
    assert_eq!(moved(239), Some([true, false, true]));
    // Notified on 1 September.
    assert_eq!(moved(240), None);
}

/// R-1.4-b
#[test]
fn a_site_without_a_name_is_not_listed_among_those_not_visited() {
    let site = |name: &str| Row::from([(Key::SiteNom, Value::Text(name.to_owned()))]);
    let left = |names: &[&str]| {
        let sites = (Key::Sites, Value::Rows(names.iter().map(|name| site(name)).collect()));
        let visited = (Key::SitesVisites, Value::Text("Mairie".to_owned()));
        let found = judged(&[local(0, vec![sites, visited])], 10).findings.into_iter();
        let mut left = found.filter_map(|one| match one.what {
            What::Perimeter(OfPerimeter::SitesVisited { left, .. }) => Some(left),
            _ => None,
        });
        left.next().unwrap()
    };
    assert_eq!(left(&["Mairie", " Annexe "]), ["Annexe"]);
    assert_eq!(left(&["Mairie", "", "  "]), [""; 0]);
}

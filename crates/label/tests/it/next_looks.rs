//! Property: between two days on which a case is looked at, nothing would have been judged otherwise, or done.

use std::collections::BTreeSet;

use jiff::civil::Date;
use label::Tier;
use label::case::keys::Key;
use label::case::{Case, Frame, Local};
use label::judge::agenda::Status;
use label::judge::review;
use label::outgoing::Action;
use label::plan::{Known, days_in, next_look, plan};
use label::wording::statement::Statement;
use proptest::prelude::*;

use crate::cases::{START, case_of, day, frame, local};
use crate::judgement::service;
use crate::life_properties::any_history;
use crate::network::network;

/// What is said and done of a case on a day, mails by their keys, and the next day on which it is looked at.
fn look(case: &Case, on: Date, frame: &Frame) -> (String, BTreeSet<String>, Date) {
    let mut review = review(case, on, frame);
    let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    known.messages = Some(BTreeSet::new());
    let (mut said, mut put) = (Vec::new(), BTreeSet::new());
    for action in plan(&review, case, frame, &known) {
        match action {
            Action::Mail(mail) => drop(put.insert(mail.key.to_string())),
            Action::Message(message) => drop(put.insert(message.key.to_string())),
            Action::Annotate(annotation) => {
                said.push(format!(
                    "{:?}",
                    annotation.changes.iter().filter(|(key, _)| *key != Key::AutoMaj).collect::<Vec<_>>()
                ));
            }
            other => panic!("{other:?}"),
        }
    }
    said.push(format!("{:?}", Statement::of(case, &review)));
    let json = [serde_json::to_vec(&case.dossiers).unwrap(), serde_json::to_vec(case).unwrap()].concat();
    let next = next_look(&review, days_in(&json));
    // Nobody is reminded of what is done.
    review.agenda.iter_mut().filter(|due| due.status == Status::Done).for_each(|due| due.stages.clear());
    said.push(format!("{:?}", review.findings));
    said.push(format!("{:?} {:?} {:?}", review.agenda, review.standings, review.label));
    assert!(next > on);
    (said.join("\n"), put, next)
}

/// Looks on each day that the look before named, and on the eve of each, where nothing may be otherwise than at that look:
/// what depends on the day changes once.
fn the_same_whether_or_not_it_is_looked_at(case: &Case, days: i64) {
    let (frame, end) = (frame(), day(days));
    let (mut on, mut put) = (day(0), BTreeSet::new());
    while on < end {
        let (said, wanted, next) = look(case, on, &frame);
        put.extend(wanted);
        let eve = next.yesterday().unwrap();
        if eve > on {
            let (unseen, wanted, _) = look(case, eve, &frame);
            let new: Vec<&String> = wanted.difference(&put).collect();
            assert!(new.is_empty(), "{on}, {eve}: {new:?} would have been put");
            let other = said.lines().zip(unseen.lines()).find(|(one, other)| one != other);
            assert!(said == unseen, "{on}, {eve}: {}", difference(other));
        }
        on = next;
    }
}

/// Where two lines begin to differ.
fn difference(lines: Option<(&str, &str)>) -> String {
    let Some((one, other)) = lines else { return "a line more or less".to_owned() };
    let at = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(at.saturating_sub(300)).take(500).collect::<String>();
    format!("{}\n{}", around(one), around(other))
}

proptest! {
    #![proptest_config(crate::cases_tried(5))]

    #[test]
    fn a_service_that_is_not_looked_at_would_be_judged_alike(dossiers in service()) {
        the_same_whether_or_not_it_is_looked_at(&case_of(&dossiers), 1300);
    }

    #[test]
    fn any_history_that_is_not_looked_at_would_be_judged_alike(dossiers in any_history()) {
        the_same_whether_or_not_it_is_looked_at(&case_of(&dossiers), 2500);
    }

    /// A central whose locals are decided and visited on any day.
    #[test]
    fn a_central_that_is_not_looked_at_would_be_judged_alike(
        awarded in 60_i64..200,
        results in prop::collection::vec((0_i64..1300, prop::sample::select(vec![None, Some(Tier::Bronze), Some(Tier::Or)])), 0..9),
        visits in prop::collection::vec(0_i64..1300, 0..3),
        suspended in prop::option::of(300_i64..900),
    ) {
        let decisions = [Some(("labellise", awarded)), suspended.map(|on| ("suspension", on))];
        let decisions: Vec<(&str, i64)> = decisions.into_iter().flatten().collect();
        let mut locals: Vec<Local> = (20..).zip(results).map(|(number, (on, tier))| local(number, on, tier)).collect();
        let visited = |(number, on)| Local { case: number, awaited: vec![(day(on), day(on + 1))], ..Local::default() };
        locals.extend((40..).zip(visits).map(visited));
        the_same_whether_or_not_it_is_looked_at(&network(&decisions, locals), 1300);
    }
}

//! Properties of the state machine of a label, on histories made at random.

use jiff::civil::Date;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::choices::Choices;
use label::judge::review;
use label::life::Life;
use label::life::entry::Outcome;
use label::life::period::Period;
use proptest::prelude::*;

use crate::cases::{case_of, day, facts, frame};
use crate::life::{choice, sound};

const WORDS: [&str; 8] =
    ["labellise", "rejete", "confirme", "palier_superieur", "plan_actions", "suspension", "levee", "retrait"];

prop_compose! {
    fn written()(
        word in prop::sample::select(WORDS.to_vec()),
        tier in prop::option::of(prop::sample::select(vec!["bronze", "argent", "or"])),
        decided in prop::option::of(0_i64..1400),
        notified in prop::option::of(0_i64..1400),
        effective in prop::option::of(0_i64..1400),
    ) -> Row {
        let mut row = Row::from([(Key::Decision, choice(word))]);
        row.extend(tier.map(|tier| (Key::PalierDecide, choice(tier))));
        row.extend(decided.map(|on| (Key::DecisionLe, Value::Date(day(on)))));
        row.extend(notified.map(|on| (Key::NotificationLe, Value::Date(day(on)))));
        row.extend(effective.map(|on| (Key::EffetLe, Value::Date(day(on)))));
        row
    }
}

prop_compose! {
    /// One service with a first dossier and perhaps a follow-up and a renewal, whatever was decided about them.
    pub fn any_history()(
        first in prop::collection::vec(written(), 0..6),
        follow_up in prop::collection::vec(written(), 0..3),
        renewal in prop::collection::vec(written(), 0..3),
    ) -> Vec<Facts> {
        let other = |number: i64, demande: &str, rows: Vec<Row>| {
            facts(number, number * 300, vec![
                (Key::TypeService, choice("local_independant")),
                (Key::TypeDemande, choice(demande)),
                (Key::DossierPrecedent, Value::Link(1)),
                (Key::Evenements, Value::Rows(rows)),
            ])
        };
        vec![sound(first), other(2, "suivi", follow_up), other(3, "renouvellement", renewal)]
    }
}

fn written_in(dossiers: &[Facts]) -> usize {
    dossiers.iter().map(|facts| facts.rows(Key::Evenements).len()).sum()
}

fn in_force(periods: &[Period], on: Date) -> usize {
    periods.iter().filter(|period| period.starts <= on && period.over_on(on).is_none()).count()
}

proptest! {
    #![proptest_config(crate::cases_tried(400))]

    /// What is read = what is accepted + what is doubted + what is refused, and each of the last two has its finding.
    #[test]
    fn no_decision_vanishes(dossiers in any_history(), today in 0_i64..2500) {
        let case = case_of(&dossiers);
        let life = Life::of(&case, day(today), &Choices::default());
        prop_assert_eq!(life.entries.len(), written_in(&dossiers));
        let told = life.entries.iter().filter(|entry| entry.outcome != Outcome::Accepted).count();
        let review = review(&case, day(today), &frame());
        let found = review.findings.iter().filter(|f| {
            let what = format!("{:?}", f.what);
            what.starts_with("Coherence(Entry")
        });
        prop_assert_eq!(found.count(), told);
    }

    #[test]
    fn the_order_of_reading_changes_nothing(dossiers in any_history(), today in 0_i64..2500) {
        let life = |dossiers: &[Facts]| Life::of(&case_of(dossiers), day(today), &Choices::default());
        let mut turned = dossiers.clone();
        turned.reverse();
        for facts in &mut turned {
            if let Some(Value::Rows(rows)) = facts.values.get_mut(&Key::Evenements) {
                rows.reverse();
            }
        }
        let (one, other) = (life(&dossiers), life(&turned));
        prop_assert_eq!(one.periods, other.periods);
        prop_assert_eq!(one.refusals, other.refusals);
    }

    /// On each day one period at most, suspensions inside it, and a label is over only after it was given.
    #[test]
    fn periods_never_overlap(dossiers in any_history(), today in 0_i64..2500) {
        let life = Life::of(&case_of(&dossiers), day(today), &Choices::default());
        for on in (0..2500).step_by(17).map(day) {
            prop_assert!(in_force(&life.periods, on) <= 1, "{:?}", life.periods);
        }
        for period in &life.periods {
            prop_assert!(period.starts <= period.ends);
            for (from, _) in &period.tiers {
                prop_assert!(*from >= period.starts && *from <= period.ends);
            }
        }
    }

    /// A decision that is refused leaves everything as if it had not been written.
    #[test]
    fn a_refused_decision_moves_nothing(dossiers in any_history(), today in 0_i64..2500) {
        let case = case_of(&dossiers);
        let life = Life::of(&case, day(today), &Choices::default());
        let replaced = |entry: &label::life::entry::Entry| {
            entry.outcome.reason().is_some_and(|reason| format!("{reason:?}").starts_with("Corrected"))
        };
        let Some(refused) = life.entries.iter().find(|entry| !entry.outcome.counts() && !replaced(entry)) else {
            return Ok(());
        };
        let mut without = case.clone();
        let place = without.events.iter().position(|event| *event == refused.event).unwrap();
        without.events.remove(place);
        let again = Life::of(&without, day(today), &Choices::default());
        prop_assert_eq!(again.periods, life.periods);
    }
}

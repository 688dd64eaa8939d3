//! A form whose fields hold one decision at a time: what comes back in them, with a field that was emptied.

use label::case::facts::Value;
use label::case::keys::Key;
use label::case::{present_event, remember};

use crate::cases::{day, facts};

/// The body takes a suspension back, and empties the tier or the day of the award on the way.
#[test]
fn a_decision_that_comes_back_with_an_empty_field_is_not_a_second_one() {
    let typed = |decision: &str, on: Option<i64>, tier: Option<&str>| {
        let mut facts = facts(0, 0, Vec::new());
        facts.values.insert(Key::Decision, Value::Choice(decision.to_owned()));
        facts.values.extend(on.map(|on| (Key::DecisionLe, Value::Date(day(on)))));
        facts.values.extend(tier.map(|tier| (Key::PalierDecide, Value::Choice(tier.to_owned()))));
        present_event(&facts).unwrap()
    };
    let (award, suspension) =
        (typed("labellise", Some(100), Some("bronze")), typed("suspension", Some(140), None));
    for left in [
        typed("labellise", Some(100), None),
        typed("labellise", None, Some("bronze")),
        typed("labellise", None, None),
    ] {
        let mut history = Vec::new();
        for decision in [&award, &suspension, &left] {
            assert!(remember(&mut history, decision.clone()));
        }
        assert_eq!(history, std::slice::from_ref(&left));
        assert!(
            remember(&mut history, award.clone()) && history == std::slice::from_ref(&award),
            "filled again"
        );
    }
    // Another tier or another day is said: it is the body that must tell which one is right.
    for other in [typed("labellise", Some(100), Some("argent")), typed("labellise", Some(150), None)] {
        let mut history = vec![award.clone(), suspension.clone()];
        assert!(remember(&mut history, other) && history.len() == 3, "{history:?}");
    }
    // A second suspension, whose day is not typed yet, takes nothing back.
    let (lifted, undated) = (typed("levee", Some(160), None), typed("suspension", None, None));
    let mut history = vec![award, suspension, lifted];
    assert!(remember(&mut history, undated) && history.len() == 4, "{history:?}");
}

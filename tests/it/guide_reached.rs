//! Each rule that the table of contents calls computed is reached from the judgement of a case, or listed here with why
//! not: a judgement names it, and calls the function that carries it (`guide_reached/calls.rs`).
//!
//! A rule is *named* by a judgement in one of three ways (`guide_reached/names.rs`): a finding, a deadline, a mail or a
//! message carries its id; a value stands for it (a tier, a majority, an expired label); or it is the arithmetic of a rule
//! that is named. Worked examples do not count: they call the rules' functions directly. The cases are those of the
//! simulator's scenarios, judged day by day as they are read from it, and others made by hand (`guide_reached/corpus.rs`).

mod calls;
mod corpus;
mod names;

use std::collections::BTreeSet;

use label::guide::{RULES, Rule, RuleKind};

/// The computed rules that no judgement reaches yet. The first group is to be implemented in the state machine of a
/// label; a rule that becomes reached must leave this list.
const NOT_REACHED: &[(&str, &str)] = &[
    ("R-1.2-a", "no form says when a body was habilitated: O-36 is never made"),
    // Named, and worked out by other code than the function that carries them.
    ("R-3.4.2-a", "the finding compares the two head-counts by itself"),
    ("R-3.4.2-c", "a table's reader asks R-3.4.1-f, with eleven questions"),
    ("R-3.7.1-g", "O-09 works out the ten days under the reading of F-09"),
    ("R-3.7.2-c", "a grid's reader counts the points met and not met"),
    ("R-3.9.1-e", "O-17 takes the limit of an initial deposit, R-3.5.1-k"),
    ("R-3.9.2-d", "the windows are made under the reading of F-10, twelve and twenty-four months on"),
    ("R-3.9.2-l", "as R-3.9.2-d"),
    ("R-5.3.2-h", "O-30 is the effective day itself"),
    // The deadlines of a central have the ids of a local's.
    ("R-3.7.2-b", "O-07 names R-3.7.1-b for a central too"),
    ("R-3.7.2-d", "O-08 names R-3.7.1-f for a central too"),
    ("R-3.7.2-e", "O-09 names R-3.7.1-g for a central too"),
    ("R-3.8.2-c", "O-13 names R-3.8.1-g for a central too"),
    // Not a matter of a judgement.
    ("R-3.3-a", "drawn on demand, by `vigie draw` and on the central's page"),
    ("R-X-10", "a deadline compares its extended day with today by itself"),
];

#[tokio::test]
async fn each_computed_rule_is_reached_from_the_judgement_of_a_case_or_listed() {
    let mut named = BTreeSet::new();
    for (case, days, frame) in corpus::all().await {
        for day in days {
            named.extend(names::of(&case, day, &frame));
        }
    }
    let unknown: Vec<_> = named.iter().filter(|id| Rule::find(id).is_none() && *id != "DN").collect();
    assert!(unknown.is_empty(), "named, and not in the table: {unknown:?}");
    names::add_arithmetic(&mut named);
    let computed: BTreeSet<&str> =
        RULES.iter().filter(|rule| rule.kind == RuleKind::Computed).map(|rule| rule.id).collect();
    let called = calls::from_outside();
    let carried = |id: &str| Rule::find(id).and_then(|rule| rule.carried_by.rsplit("::").next()).unwrap();
    let is_reached = |id: &&str| named.contains(*id) && called.contains(carried(id));
    let reached: BTreeSet<&str> = computed.iter().copied().filter(is_reached).collect();
    let listed: BTreeSet<&str> = NOT_REACHED.iter().map(|(id, _)| *id).collect();
    assert_eq!(listed.len(), NOT_REACHED.len(), "a rule is listed twice");
    let missing: Vec<_> = computed.difference(&reached).filter(|id| !listed.contains(**id)).collect();
    let stale: Vec<_> =
        listed.iter().filter(|id| reached.contains(**id) || !computed.contains(**id)).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "computed, and reached by no judgement: {missing:?}\nlisted as not reached, and reached or not computed: {stale:?}"
    );
}

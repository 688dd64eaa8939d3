//! The state machine of a label, on the day and the pair of decisions where two outcomes meet.

use label::case::facts::{Facts, PlatformState, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Histories, Remembered, assemble, present_event};
use label::guide::choices::Choices;
use label::life::entry::{EntryDoubt, Outcome, RefusalReason};
use label::life::{LabelStatus, Life};

use crate::cases::{case_of, day, row};
use crate::documents::local;
use crate::life::{awarded, choice, sound};

fn life(dossiers: &[Facts], on: i64) -> Life {
    Life::of(&case_of(dossiers), day(on), &Choices::default())
}

/// The outcome of the last decision, in order of effect.
fn last(dossiers: &[Facts], on: i64) -> Outcome {
    life(dossiers, on).entries.last().unwrap().outcome
}

fn with(mut row: Row, key: Key, value: Value) -> Row {
    row.insert(key, value);
    row
}

fn effect(row: Row, on: i64) -> Row {
    with(row, Key::EffetLe, Value::Date(day(on)))
}

fn tier(row: Row, tier: &str) -> Row {
    with(row, Key::PalierDecide, choice(tier))
}

/// A later dossier of the service.
fn later(number: i64, demande: &str, deposited: i64, rows: Vec<Row>) -> Facts {
    let values = vec![
        (Key::TypeDemande, choice(demande)),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    Facts { number, deposited: day(deposited), ..local(0, values) }
}

fn first(more: Vec<Row>) -> Facts {
    sound([awarded("argent")].into_iter().chain(more).collect())
}

/// §5.3.2: a withdrawal that takes effect earlier overtakes the one that was known.
#[test]
fn a_withdrawal_is_known_until_another_one_takes_effect_before_it() {
    let rows = |second: &str| vec![effect(row("retrait", 300), 500), effect(row(second, 400), 450)];
    let withdrawn =
        |second: &str, on: i64| life(&[first(rows(second))], 460).standing(day(on)).unwrap().withdrawn;
    let both = [299, 300, 399, 400].map(|on| withdrawn("retrait", on));
    assert_eq!(both, [None, Some(day(500)), Some(day(500)), Some(day(450))]);
    // Another decision after the withdrawal withdraws nothing.
    let after = vec![effect(row("retrait", 300), 450), row("suspension", 470)];
    let known = life(&[first(after)], 500);
    assert_eq!(
        [299, 300, 480].map(|on| known.standing(day(on)).unwrap().withdrawn),
        [None, Some(day(450)), Some(day(450))]
    );
    assert_eq!(known.periods[0].overtaken, []);
}

/// R-5.2-c
#[test]
fn an_end_printed_on_an_extension_counts_when_it_comes_after_it() {
    let alone = life(&[first(vec![])], 700).periods[0].ends;
    let ends = |printed: i64| {
        let mut extension = later(2, "extension", 600, vec![row("labellise", 650)]);
        extension.values.insert(Key::FinValiditeOc, Value::Date(day(printed)));
        life(&[first(vec![]), extension], 700).periods[0].ends
    };
    assert_eq!([649, 650, 651].map(ends), [alone, alone, day(651)]);
}

/// F-42
#[test]
fn a_label_is_renewed_once_and_its_follow_up_is_still_decided() {
    let renewal =
        |number, on: i64| later(number, "renouvellement", on - 50, vec![tier(row("labellise", on), "or")]);
    let one = life(&[first(vec![]), renewal(2, 1000)], 1100);
    assert_eq!(one.periods.len(), 2);
    let twice = life(&[first(vec![]), renewal(2, 1000), renewal(3, 1050)], 1100);
    assert_eq!(twice.periods.len(), 2);
    let ended = twice.periods[0].ends;
    assert_eq!(twice.entries[2].outcome, Outcome::Refused(RefusalReason::AwardedTwice { awarded: ended }));
    let follow_up = later(3, "suivi", 1000, vec![row("labellise", 1050)]);
    assert_eq!(last(&[first(vec![]), renewal(2, 1000), follow_up], 1100), Outcome::Accepted);
}

/// R-5.3.1-i
#[test]
fn a_lifting_that_takes_effect_later_lifts_nothing_until_then() {
    let rows = || vec![row("suspension", 300), effect(row("levee", 399), 450)];
    let on = |on: i64| {
        let life = life(&[first(rows())], on);
        let standing = life.standing(day(on)).unwrap();
        (life.periods[0].suspensions[0].lifted, standing.status)
    };
    let lifted = Some(day(450));
    assert_eq!([410, 449].map(on), [(None, LabelStatus::Suspended); 2]);
    assert_eq!([450, 460].map(on), [(lifted, LabelStatus::Active); 2]);
}

/// An award that counts from that day on does not come after it.
#[test]
fn a_decision_precedes_an_award_of_a_later_day() {
    let withdrawn = |effective: i64| {
        let rows = vec![tier(row("labellise", 130), "argent"), effect(row("retrait", 110), effective)];
        let life = life(&[sound(rows)], 120);
        life.entries.iter().find_map(|entry| entry.outcome.reason())
    };
    assert_eq!(withdrawn(129), Some(RefusalReason::BeforeAward { awarded: day(130) }));
    assert_eq!(withdrawn(130), Some(RefusalReason::NoLabel));
}

/// The table of the first application still holds the award of the period before.
#[test]
fn a_first_award_written_during_the_period_of_a_renewal_is_a_second_one() {
    let again = |on: i64| {
        let renewal = later(2, "renouvellement", 950, vec![tier(row("labellise", 1000), "argent")]);
        let life = life(&[first(vec![tier(row("labellise", on), "or")]), renewal], 1400);
        let starts = life.periods[1].starts;
        (life.entries.iter().rfind(|entry| entry.event.dossier == 1).unwrap().outcome, starts)
    };
    let (rewritten, _) = again(300);
    assert!(matches!(rewritten, Outcome::Doubtful(EntryDoubt::AwardRewritten { .. })), "{rewritten:?}");
    let (twice, awarded) = again(1300);
    assert_eq!(twice, Outcome::Refused(RefusalReason::AwardedTwice { awarded }));
}

/// In single fields the refusal takes the place of the award of its dossier, and of nothing else.
#[test]
fn an_award_that_was_a_mistake_takes_no_other_decision_with_it() {
    let typed = |decision: &str, on: i64| {
        let mut facts = sound(vec![]);
        facts.values.remove(&Key::Evenements);
        facts.values.extend([
            (Key::Decision, choice(decision)),
            (Key::PalierDecide, choice("argent")),
            (Key::DecisionLe, Value::Date(day(on))),
        ]);
        facts
    };
    let history = vec![present_event(&typed("labellise", 100)).unwrap()];
    let other = later(2, "suivi", 50, vec![row("plan_actions", 90)]);
    let remembered = Remembered { histories: Histories::from([(1, history)]), ..Remembered::default() };
    let case: Case = assemble(vec![typed("rejete", 110), other], &remembered).remove(0);
    let life = Life::of(&case, day(120), &Choices::default());
    let outcomes: Vec<Outcome> = life.entries.iter().map(|entry| entry.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Doubtful(EntryDoubt::PlanBeforeLabel),
            Outcome::Refused(RefusalReason::Corrected { refused: day(110) }),
            Outcome::Accepted,
        ]
    );
}

/// R-3.8.1-g
#[test]
fn a_renewal_may_be_refused_once_the_label_is_over() {
    let life = life(&[first(vec![]), later(2, "renouvellement", 1150, vec![row("rejete", 1300)])], 1400);
    assert_eq!(life.entries[1].outcome, Outcome::Accepted);
    assert_eq!(life.refusals, [day(1300)]);
    // Nothing else is decided of a label that is over.
    let ended = life.periods[0].ends;
    let suspended = last(&[first(vec![row("suspension", 1300)])], 1400);
    assert_eq!(suspended, Outcome::Refused(RefusalReason::Over { ended }));
}

#[test]
fn the_suspension_of_a_day_is_the_one_that_had_begun() {
    let rows = vec![row("suspension", 200), row("levee", 300), row("suspension", 400)];
    let period = life(&[first(rows)], 500).periods.remove(0);
    let since = |on: i64| period.suspension_on(day(on)).map(|one| one.since);
    assert_eq!([202, 250, 301, 402, 450].map(since), [202, 202, 202, 402, 402].map(|on| Some(day(on))));
    // Between the two, the one that is ahead.
    assert_eq!(since(350), Some(day(402)));
}

/// R-3.9.1-g
#[test]
fn a_follow_up_that_names_the_tier_held_or_none_confirms_it() {
    let outcome = |decision: &str, named: Option<&str>| {
        let decided = row(decision, 600);
        let decided = named.map_or(decided.clone(), |named| tier(decided.clone(), named));
        last(&[first(vec![]), later(2, "suivi", 500, vec![decided])], 700)
    };
    for decision in ["confirme", "labellise"] {
        assert_eq!(
            [None, Some("argent")].map(|named| outcome(decision, named)),
            [Outcome::Accepted; 2],
            "{decision}"
        );
    }
    let doubted = |decision| matches!(outcome(decision, Some("bronze")), Outcome::Doubtful(_));
    assert!(doubted("confirme") && doubted("labellise"));
    assert_eq!(outcome("labellise", Some("or")), Outcome::Accepted);
}

#[test]
fn a_label_is_in_force_while_it_runs_even_suspended() {
    let in_force = LabelStatus::ALL.map(|(status, _)| (status, status.in_force()));
    let expected = [
        (LabelStatus::Active, true),
        (LabelStatus::Suspended, true),
        (LabelStatus::Withdrawn, false),
        (LabelStatus::Expired, false),
    ];
    assert_eq!(in_force, expected);
}

/// R-3.8-a: what the platform alone says was decided is told of the dossier that it is about.
#[test]
fn a_decision_that_only_the_platform_knows_is_told_of_its_dossier() {
    use label::case::facts::UnreadableValue;
    use label::judge::finding::What;
    use label::judge::review;
    let told = |change: &dyn Fn(&mut Facts)| {
        let mut accepted = later(2, "suivi", 500, vec![]);
        (accepted.state, accepted.decided) = (PlatformState::Accepte, Some(day(600)));
        change(&mut accepted);
        let found = review(&case_of(&[first(vec![]), accepted]), day(650), &crate::cases::frame()).findings;
        let told = found.into_iter().filter(|one| one.what == What::DecidedOnPlatform);
        told.map(|one| one.dossier).collect::<Vec<_>>()
    };
    let put = |key, value: Value| move |facts: &mut Facts| drop(facts.values.insert(key, value.clone()));
    assert_eq!(told(&|_| {}), [2]);
    assert_eq!(told(&put(Key::TypeDemande, choice("extension"))), [0; 0], "the platform says nothing of it");
    assert_eq!(told(&put(Key::Decision, choice("confirme"))), [0; 0]);
    assert_eq!(told(&put(Key::Evenements, Value::Rows(vec![row("confirme", 590)]))), [0; 0]);
    assert_eq!(told(&|facts| facts.state = PlatformState::EnInstruction), [0; 0]);
    let unread = |facts: &mut Facts| {
        facts.unreadable.insert(Key::Decision, UnreadableValue::NotExported);
    };
    assert_eq!(told(&unread), [0; 0], "no export has told it");
}

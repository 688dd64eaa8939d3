//! Properties of the judgement, on cases made at random: it depends on its input only, what does not concern a case
//! changes nothing in it, and no reminder is skipped or sent twice, whichever days the program runs on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Frame, Histories, Remembered, assemble};
use label::judge::Review;
use label::judge::agenda::{Due, Role, Status};
use label::judge::review;
use label::plan::Known;
use label::plan::mails::wanted_mails;
use proptest::prelude::*;

use crate::cases::{START, case_of, day, facts, frame, row};

fn nothing() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

prop_compose! {
    /// One service: an application, its audit, perhaps a label, a suspension, a follow-up dossier.
    pub fn service()(
        kind in prop::sample::select(vec!["local_independant", "local_rattache", "central"]),
        audit in 30_i64..120,
        closing in -120_i64..60,
        report in prop::option::of(0_i64..30),
        decisions in prop::sample::subsequence(vec!["labellise", "suspension", "levee", "plan_actions", "retrait"], 0..=5),
        follow_up in prop::option::of(400_i64..700),
    ) -> Vec<Facts> {
        let choice = |word: &str| Value::Choice(word.to_owned());
        let mut values = vec![
            (Key::TypeService, choice(kind)),
            (Key::TypeDemande, choice("initial")),
            (Key::AuditDebut, Value::Date(day(audit))),
            (Key::AuditFin, Value::Date(day(audit + 1))),
            (Key::EnqueteUsagersCloture, Value::Date(day(closing))),
            (Key::EnqueteAgentsCloture, Value::Date(day(closing + 3))),
            (Key::AutodiagnosticLe, Value::Date(day(closing - 40))),
        ];
        values.extend(report.map(|wait| (Key::RapportTransmisLe, Value::Date(day(audit + wait)))));
        let rows: Vec<Row> =
            decisions.iter().zip(0..).map(|(decision, rank)| row(decision, audit + 40 + rank * 150)).collect();
        if !rows.is_empty() {
            values.push((Key::Evenements, Value::Rows(rows)));
        }
        let mut dossiers = vec![facts(1, 0, values)];
        dossiers.extend(follow_up.map(|visit| {
            facts(2, visit - 40, vec![
                (Key::TypeService, choice(kind)),
                (Key::TypeDemande, choice("suivi")),
                (Key::DossierPrecedent, Value::Link(1)),
                (Key::AuditDebut, Value::Date(day(visit))),
            ])
        }));
        dossiers
    }
}

/// The mails sent when the program runs on these days, with a ledger that holds keys only. The ledger hides a mail that
/// is wanted twice on one day: that is refused here.
fn run(dossiers: &[Facts], days: impl Iterator<Item = i64>) -> Vec<String> {
    let (case, frame) = (case_of(dossiers), frame());
    let mut ledger = BTreeSet::new();
    let mut sent = Vec::new();
    for offset in days {
        let review = review(&case, day(offset), &frame);
        let mut of_the_day = BTreeSet::new();
        for mail in wanted_mails(&review, &case, &frame, &nothing()) {
            let key = mail.key.to_string();
            assert!(of_the_day.insert(key.clone()), "{key} is wanted twice on day {offset}");
            if ledger.insert(key.clone()) {
                sent.push(key);
            }
        }
    }
    sent
}

/// Dossier, obligation, date, role: the latest stage sent of each.
fn last_told(sent: &[String]) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    for key in sent {
        let parts: Vec<&str> = key.split('/').collect();
        told.insert([parts[0], parts[1], parts[2], parts[4]].join("/"), parts[3].to_owned());
    }
    told
}

fn deadlines(review: &Review) -> BTreeSet<(String, Date)> {
    review
        .agenda
        .iter()
        .map(|due: &Due| (format!("{}/{}", due.dossier, due.obligation.code()), due.deadline.nominal))
        .collect()
}

proptest! {
    #![proptest_config(crate::cases_tried(96))]

    #[test]
    fn judging_is_a_function_whatever_the_order_of_the_dossiers(dossiers in service(), today in 0_i64..1300) {
        let mut reversed = dossiers.clone();
        reversed.reverse();
        let judge = |dossiers: &[Facts]| review(&case_of(dossiers), day(today), &frame());
        prop_assert_eq!(judge(&dossiers), judge(&dossiers));
        prop_assert_eq!(judge(&dossiers), judge(&reversed));
    }

    #[test]
    fn deadlines_do_not_move_when_unrelated_facts_change(dossiers in service(), today in 0_i64..1300) {
        let mut renamed = dossiers.clone();
        for facts in &mut renamed {
            facts.values.insert(Key::NomStructure, Value::Text("Autre nom".to_owned()));
            facts.values.insert(Key::ContactNom, Value::Text("Quelqu'un".to_owned()));
            facts.values.insert(Key::UsagersSollicites, Value::Count(12));
            facts.account = "autre@y.example".to_owned();
        }
        let judge = |dossiers: &[Facts]| deadlines(&review(&case_of(dossiers), day(today), &frame()));
        prop_assert_eq!(judge(&dossiers), judge(&renamed));
    }

    #[test]
    fn no_stage_is_doubled_and_an_outage_loses_only_what_is_overtaken(
        dossiers in service(),
        jumps in prop::collection::vec(1_i64..45, 1..60),
    ) {
        let end = 1200;
        let mut offsets = vec![0];
        offsets.extend(jumps.iter().scan(0, |at, jump| { *at += jump; Some(*at) }).take_while(|at| *at < end));
        let last = *offsets.last().unwrap();
        let jumped = run(&dossiers, offsets.into_iter());
        let until = run(&dossiers, 0..=last);
        for key in &jumped {
            prop_assert!(until.contains(key) || key.contains("/R+"), "{} was never due when running daily", key);
        }
        // By its last day the interrupted run has sent the same last stage of each deadline whose reminders are still
        // of use.
        let (case, frame) = (case_of(&dossiers), frame());
        let review = review(&case, day(last), &frame);
        let (a, b) = (last_told(&until), last_told(&jumped));
        for due in &review.agenda {
            for role in [Role::Candidat, Role::Organisme, Role::Ditp] {
                let id = format!("{}/{}/{}/{}", due.dossier, due.obligation.code(), due.deadline.nominal, role.key());
                // Computed in another way than in the code under test.
                let came = due.stages.iter().any(|stage| stage.role == role && stage.on <= review.today);
                let fades = due.obligation.fades() && review.today > due.horizon;
                if came && due.status != Status::Done && !fades && due.horizon >= START {
                    prop_assert_eq!(a.get(&id), b.get(&id), "{}", id);
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_not_written_again(dossiers in service(), today in 0_i64..1300) {
        use label::plan::plan;
        use label::outgoing::Action;
        let mut dossiers = dossiers;
        let known = nothing();
        let act = |dossiers: &[Facts]| -> Vec<Action> {
            let case = case_of(dossiers);
            let review = review(&case, day(today), &frame());
            plan(&review, &case, &frame(), &known).into_iter().filter(|a| matches!(a, Action::Annotate(_))).collect()
        };
        for action in act(&dossiers) {
            let Action::Annotate(annotation) = action else { continue };
            let facts = dossiers.iter_mut().find(|facts| facts.number == annotation.dossier).unwrap();
            facts.values.extend(annotation.changes);
        }
        prop_assert_eq!(act(&dossiers), Vec::new());
    }
}

/// One dossier, in instruction, of an independent local.
fn application(number: i64, demande: &str, rows: Vec<Row>) -> Facts {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let mut values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice(demande)),
        (Key::AuditDebut, Value::Date(day(60 + number * 300))),
        (Key::RapportTransmisLe, Value::Date(day(62 + number * 300))),
    ];
    if !rows.is_empty() {
        values.push((Key::Evenements, Value::Rows(rows)));
    }
    facts(number, number * 300, values)
}

#[test]
fn only_an_award_and_a_renewal_move_the_end_of_a_label() {
    let first = application(0, "initial", vec![row("labellise", 100)]);
    let end_on = |others: Vec<Facts>, on: i64| {
        let mut dossiers = vec![first.clone()];
        dossiers.extend(others);
        review(&case_of(&dossiers), day(on), &frame()).label.unwrap().ends
    };
    let end = |others: Vec<Facts>| end_on(others, 900);
    let alone = end(vec![]);
    assert_eq!(alone, label::guide::decision::last_valid_day(day(100)));
    assert_eq!(end(vec![application(1, "extension", vec![row("labellise", 420)])]), alone);
    assert_eq!(end(vec![application(1, "suivi", vec![row("labellise", 420)])]), alone);
    assert_eq!(end(vec![application(1, "suivi", vec![row("confirme", 420)])]), alone);
    // F-42: a renewal decided early does not change the running period before its own first day.
    let renewed = || vec![application(3, "renouvellement", vec![row("labellise", 1000)])];
    assert_eq!(end_on(renewed(), 999), alone);
    assert_eq!(end_on(renewed(), 1100), alone);
    assert_eq!(end_on(renewed(), 1200), label::guide::decision::last_valid_day(alone.tomorrow().unwrap()));
}

#[test]
fn a_decision_typed_by_mistake_and_taken_back_leaves_no_trace() {
    use label::case::{present_event, remember};
    let typed = |decision: &str| {
        let mut facts = application(0, "initial", vec![]);
        facts.values.insert(Key::Decision, Value::Choice(decision.to_owned()));
        facts.values.insert(Key::DecisionLe, Value::Date(day(100)));
        present_event(&facts).unwrap()
    };
    let mut history = Vec::new();
    for decision in ["labellise", "suspension", "labellise"] {
        assert!(remember(&mut history, typed(decision)));
    }
    assert_eq!(history, [typed("labellise")]);
    assert!(!remember(&mut history, typed("labellise")));
}

/// A withdrawal corrected in single fields, whose day of effect was left: the label stands, and the day is in doubt.
#[test]
fn a_day_of_effect_left_by_a_withdrawal_does_not_withdraw_the_label() {
    use label::case::{present_event, remember};
    let typed = |decision: &str, on: i64, effect: Option<i64>| {
        let mut facts = application(0, "initial", vec![]);
        facts.values.insert(Key::Decision, Value::Choice(decision.to_owned()));
        facts.values.insert(Key::DecisionLe, Value::Date(day(on)));
        facts.values.extend(effect.map(|on| (Key::EffetLe, Value::Date(day(on)))));
        facts
    };
    let mut history = Vec::new();
    let left = typed("labellise", 100, Some(140));
    for facts in [&typed("labellise", 100, None), &typed("retrait", 120, Some(140)), &left] {
        assert!(remember(&mut history, present_event(facts).unwrap()));
    }
    assert_eq!(history, [present_event(&left).unwrap()]);
    assert!(!remember(&mut history, present_event(&left).unwrap()), "once");
    let review = review(&case_of(&[left]), day(150), &frame());
    assert_eq!(review.label.as_ref().and_then(|label| label.withdrawn), None);
    let said: Vec<String> = review.faults(None).map(label::wording::finding).collect();
    assert!(
        said.iter().any(|text| text.contains("Date d’effet du") && text.contains("labellisation")),
        "{said:?}"
    );
}

#[test]
fn a_renewal_refused_lets_the_label_end() {
    use label::life::State;
    let renewal = application(3, "renouvellement", vec![row("rejete", 1000)]);
    let dossiers = [application(0, "initial", vec![row("labellise", 100)]), renewal];
    let review = review(&case_of(&dossiers), day(1300), &frame());
    assert_eq!(review.state, State::Expire);
    assert!(review.agenda.iter().any(|due| due.obligation.code() == "O-31"), "the mark is to stop");
}

#[test]
fn a_plan_answered_by_a_confirmation_is_asked_no_more() {
    use label::life::State;
    let mut follow_up = application(1, "suivi", vec![row("confirme", 420)]);
    follow_up.values.insert(Key::PlanActionsDemandeLe, Value::Date(day(400)));
    let dossiers = [application(0, "initial", vec![row("labellise", 100)]), follow_up];
    let review = review(&case_of(&dossiers), day(480), &frame());
    assert_ne!(review.state, State::PlanActionsAttendu);
    assert!(!review.is_late());
}

#[test]
fn what_the_form_cannot_tell_is_nobodys_delay() {
    let mut dossier = application(0, "initial", vec![]);
    dossier.values.remove(&Key::RapportTransmisLe);
    let late = |frame: &Frame| {
        let case = case_of(std::slice::from_ref(&dossier));
        let review = review(&case, day(200), frame);
        (
            review.is_late(),
            wanted_mails(&review, &case, frame, &nothing())
                .iter()
                .filter(|m| m.key.to_string().contains("/O-08/"))
                .count(),
        )
    };
    let whole = frame();
    assert_eq!(late(&whole), (true, 1));
    let mut poor = frame();
    for key in [Key::RapportTransmisLe, Key::RapportRecuLe] {
        poor.forms.get_mut(&0).unwrap().usable.remove(&key);
    }
    assert_eq!(late(&poor), (false, 0));
}

#[test]
fn a_decision_that_was_erased_is_kept_and_said() {
    use label::case::{Doubt, present_event};
    let mut typed = application(0, "initial", vec![]);
    typed.values.insert(Key::Decision, Value::Choice("rejete".to_owned()));
    typed.values.insert(Key::DecisionLe, Value::Date(day(100)));
    let histories = Histories::from([(0, vec![present_event(&typed).unwrap()])]);
    let erased = application(0, "initial", vec![]);
    let case = assemble(vec![erased], &Remembered { histories: histories.clone(), ..Remembered::default() })
        .remove(0);
    assert_eq!(case.doubts, [Doubt::DecisionErased { dossier: 0 }]);
    assert_eq!(case.events.len(), 1);
    assert!(
        assemble(vec![typed], &Remembered { histories: histories.clone(), ..Remembered::default() })
            .remove(0)
            .doubts
            .is_empty()
    );
}

/// R-3.4-f: « en vue d'un audit initial ».
#[test]
fn a_new_campaign_is_offered_before_an_initial_audit_and_not_at_a_follow_up() {
    let offered = |demande: &str| {
        let mut dossier = application(1, demande, vec![]);
        dossier.values.insert(Key::NoteUsagers, Value::Mark("69.99".parse().unwrap()));
        dossier.values.insert(Key::EnqueteUsagersCloture, Value::Date(day(300)));
        let review = review(
            &case_of(&[application(0, "initial", vec![row("labellise", 100)]), dossier]),
            day(380),
            &frame(),
        );
        review.agenda.iter().filter(|due| due.obligation.code() == "O-14").count()
    };
    assert_eq!(["renouvellement", "suivi", "extension"].map(offered), [1, 0, 0]);
}

/// What the store saw to be emptied is not there, even when the form cannot tell any more, or the dossier is gone.
#[test]
fn a_decision_seen_to_be_emptied_does_not_come_back() {
    use label::case::{Doubt, is_emptied, present_event};
    let typed = application(0, "initial", vec![]);
    let mut typed = Facts { number: 0, ..typed };
    typed.values.remove(&Key::Evenements);
    let empty = typed.clone();
    typed.values.insert(Key::Decision, Value::Choice("labellise".to_owned()));
    typed.values.insert(Key::DecisionLe, Value::Date(day(100)));
    assert_eq!(
        [is_emptied(&empty, true), is_emptied(&empty, false), is_emptied(&typed, true)],
        [true, false, false]
    );
    let mut void = typed.clone();
    void.values.insert(Key::Decision, Value::Choice("annulee".to_owned()));
    assert!(is_emptied(&void, false));
    let histories = Histories::from([(0, vec![present_event(&typed).unwrap()])]);
    let with = |facts: &Facts, emptied: bool| {
        let emptied = emptied.then_some(0).into_iter().collect();
        let remembered = Remembered { histories: histories.clone(), emptied, ..Remembered::default() };
        let case = assemble(vec![facts.clone()], &remembered).remove(0);
        let withdrawn = case.doubts.iter().any(|doubt| matches!(doubt, Doubt::DecisionWithdrawn { .. }));
        (case.events.len(), withdrawn)
    };
    assert_eq!((with(&empty, false), with(&empty, true)), ((1, false), (0, true)));
    let gone = Facts { gone: true, ..empty };
    assert_eq!((with(&gone, false), with(&gone, true)), ((1, false), (0, true)));
}

//! Both sides of what makes a contradiction: the day, the count or the pair of decisions from which on there is one.

use std::collections::BTreeSet;

use label::case::facts::Facts;
use label::case::keys::Key;
use label::case::{Case, Decision, Event, Frame, Histories, Remembered, assemble};
use label::judge::coherence::incoherence::{Incoherence, NetworkIncoherence};
use label::judge::finding::What;
use label::judge::review;

use super::written;
use crate::cases::{case_of, day, frame};

fn of((case, today): (Case, jiff::civil::Date), frame: &Frame) -> Vec<Incoherence> {
    let found = review(&case, today, frame).findings.into_iter();
    found
        .filter_map(|finding| match finding.what {
            What::Coherence(one) => Some(one),
            _ => None,
        })
        .collect()
}

/// The contradictions of a sound dossier with what is written.
fn found(written: &str) -> Vec<Incoherence> {
    of(written::case(written), &frame())
}

fn without(key: Key) -> Frame {
    let mut frame = frame();
    for form in frame.forms.values_mut() {
        form.usable.remove(&key);
    }
    frame
}

/// The name of each contradiction, once.
fn names(found: &[Incoherence]) -> BTreeSet<String> {
    let name = |one: &Incoherence| {
        let text = format!("{one:?}");
        text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
    };
    found.iter().map(name).collect()
}

#[test]
fn a_decision_takes_effect_on_its_day_or_later_and_an_award_on_no_other_day() {
    let award = |effect: i64| found(&format!("evenements = labellise j100 argent effet=j{effect}"));
    let later = Incoherence::EffectIgnored { decision: Decision::Labellise, effective: day(103) };
    assert_eq!([102, 103].map(award), [vec![], vec![later]], "it is notified on the day 102");
    let suspension = |effect: i64| {
        found(&format!(
            "evenements = labellise j100 argent, suspension j110 effet=j{effect} motif=usage_marque"
        ))
    };
    let (decided, effective) = (day(110), day(109));
    let before = Incoherence::EffectiveBeforeDecided { decision: Decision::Suspension, decided, effective };
    assert_eq!([109, 110].map(suspension), [vec![before], vec![]]);
}

/// R-5.3.2-i: a withdrawal that is notified after an expiry takes effect from it.
#[test]
fn a_withdrawal_of_the_last_valid_day_does_not_follow_an_expiry() {
    let (case, today) = written::case("aujourdhui = j1300");
    let ends = review(&case, today, &frame()).label.unwrap().ends;
    let last = i64::from((ends - day(0)).get_days());
    let withdrawn = |effect: i64| {
        let found = found(&format!(
            "aujourdhui = j1300 ; evenements = labellise j100 argent, retrait j1250 effet=j{effect}"
        ));
        names(&found).contains("EffectiveBeforeDecided")
    };
    assert_eq!([last - 1, last, last + 1].map(withdrawn), [true, true, false]);
}

/// The plan that the table of an application asks for follows the audit of a follow-up, and not its own.
#[test]
fn only_the_dossier_of_a_follow_up_asks_for_a_plan_after_its_own_visit() {
    let asked = |demande: &str| {
        let found =
            found(&format!("aujourdhui = j700 | type_demande = {demande} ; evenements = plan_actions j640"));
        names(&found).contains("DecidedBefore")
    };
    assert_eq!(["suivi", "renouvellement"].map(asked), [true, false]);
}

/// §3.9.1: without a tier nothing is given that the marks do not reach.
#[test]
fn a_confirmation_without_a_tier_is_above_no_mark() {
    let confirmed = |tier: &str| {
        let found = found(&format!(
            "aujourdhui = j700 | type_demande = suivi ; evenements = confirme j690 {tier} ; note_usagers = 60"
        ));
        names(&found).contains("AboveMarks")
    };
    assert_eq!(["", "argent"].map(confirmed), [false, true]);
    let awarded = found("evenements = labellise j100 ; note_usagers = 60");
    assert!(names(&awarded).contains("AboveMarks"));
}

/// A central of nine locals, so that three are audited in a year: two refusals more than may be, or a tier above.
fn followed(decision: &str, locals: &str) -> Vec<NetworkIncoherence> {
    let written = format!(
        "aujourdhui = j700 ; type_service = central | type_service = central ; type_demande = suivi ; \
         locaux = 4 argent j40, {locals} ; evenements = {decision}"
    );
    let network = found(&written).into_iter().filter_map(|one| match one {
        Incoherence::Network(NetworkIncoherence::AuditedBeforeLocals { .. }) => None,
        Incoherence::Network(one) => Some(one),
        _ => None,
    });
    network.collect()
}

/// R-3.9.2-g, R-3.9.2-i
#[test]
fn a_follow_up_of_a_central_has_its_sample_its_three_quarters_and_the_tier_of_the_majority() {
    use label::guide::central::CentralFault::{LabelledLocals, Sample};
    let (decision, required) = (Decision::Confirme, 3);
    let fault = |fault| NetworkIncoherence::Condition { decision, fault };
    assert_eq!(followed("confirme j690", "3 argent j620"), []);
    let [short] = followed("confirme j690", "2 argent j620").try_into().unwrap();
    assert_eq!(short, fault(Sample { audited: 2, required }));
    // Nobody was audited: the sample says it, and no share of nobody.
    assert_eq!(followed("confirme j690", "1 argent j695"), [fault(Sample { audited: 0, required })]);
    // Three of four are three quarters.
    assert_eq!(followed("confirme j690", "3 argent j620, 1 rejete j620"), []);
    let few = followed("confirme j690", "2 argent j620, 1 rejete j620");
    assert_eq!(few, [fault(LabelledLocals { labelled: 2, required: 3 })]);
    let raised = |tier: &str| followed(&format!("palier_superieur j690 {tier}"), "3 or j620");
    assert_eq!(raised("or"), [], "the tier that the majority gives");
    let above = followed("palier_superieur j690 or", "3 argent j620");
    assert!(matches!(above[..], [NetworkIncoherence::Tier { .. }]), "{above:?}");
}

/// R-3.8-a
#[test]
fn what_stands_beside_no_table_is_no_contradiction() {
    use label::case::facts::Value;
    let choice = |word: &str| Value::Choice(word.to_owned());
    // Single fields that held a label, then a suspension, then say that the last of them never existed.
    let (case, today) = written::case("evenements = - ; decision = annulee");
    let event = |decision, on: i64| Event {
        dossier: 1,
        decision,
        tier: None,
        decided: Some(day(on)),
        notified: None,
        effective: None,
        cause: None,
    };
    let history = vec![event(Decision::Labellise, 100), event(Decision::Suspension, 110)];
    let remembered = Remembered { histories: Histories::from([(1, history)]), ..Remembered::default() };
    let dossiers: Vec<Facts> = case.dossiers.clone();
    let case = assemble(dossiers, &remembered).remove(0);
    assert_eq!(case.events.len(), 1, "the label is left");
    assert!(!names(&of((case, today), &frame())).contains("BesideTheTable"));
    // The same word beside a table is one.
    let (mut case, today) = written::case("");
    case.dossiers[0].values.insert(Key::Decision, choice("annulee"));
    let case = case_of(&case.dossiers);
    assert!(names(&of((case, today), &frame())).contains("BesideTheTable"));
}

/// A table whose only decision was annulled is a table: what the single field says beside it is not lost in silence.
#[test]
fn what_stands_beside_a_table_that_was_annulled_is_told() {
    let beside = |typed: &str| {
        let found = found(&format!("evenements = labellise j100 argent, annulee j100 ; {typed}"));
        names(&found).contains("BesideTheTable")
    };
    assert!(beside("decision = labellise ; decision_le = j100"));
    assert!(!beside("decision = annulee"), "it says the same");
    assert!(!beside("observations_le = j65"));
    let unread = names(&found("evenements = ? j103 ; decision = labellise ; decision_le = j100"));
    assert!(!unread.contains("BesideTheTable"), "without a decision that can be read there is no table");
}

/// R-3.8.1-f: for an application whose report was sent, and that nobody closed.
#[test]
fn a_refusal_is_proposed_from_the_report_on_until_the_dossier_is_closed() {
    let proposed = |more: &str| {
        let found = found(&format!("evenements = - ; note_usagers = 60 ; {more}"));
        names(&found).contains("RefusalProposed")
    };
    assert!(proposed("rapport_transmis_le = j120 ; observations_le = -"));
    for not_yet in ["rapport_transmis_le = j121", "rapport_transmis_le = -"] {
        assert!(!proposed(&format!("{not_yet} ; observations_le = -")), "{not_yet}");
    }
    for closed in ["accepte", "refuse", "sans_suite"] {
        assert!(!proposed(&format!("etat = {closed}")), "{closed}");
    }
}

/// R-5.3.1-a…e
#[test]
fn the_cause_of_a_suspension_is_asked_for_where_the_form_has_its_fields() {
    let with = |cause: &str, key: Key| {
        let written =
            format!("evenements = labellise j100 argent, suspension j110 {cause}").trim().to_owned();
        [frame(), without(key)].map(|frame| names(&of(written::case(&written), &frame)))
    };
    let [asked, not_asked] = with("", Key::MotifSuspension);
    assert_eq!((asked.contains("SuspensionWithoutCause"), not_asked.len()), (true, 0));
    let [asked, not_asked] = with("motif=plan_non_produit", Key::PlanActionsDemandeLe);
    assert_eq!((asked.contains("PlanNeverAsked"), not_asked.len()), (true, 0));
}

/// R-5.3.1-d
#[test]
fn a_plan_that_was_not_produced_was_not_received_between_its_request_and_the_suspension() {
    let received = |on: i64| {
        let found = found(&format!(
            "evenements = labellise j100 argent, plan_actions j104 notif=j104, \
             suspension j110 motif=plan_non_produit ; plan_actions_recu_le = j{on}"
        ));
        names(&found).contains("PlanReceived")
    };
    assert_eq!([103, 104, 110, 111].map(received), [false, true, true, false]);
}

#[test]
fn a_withdrawal_of_the_same_day_is_not_a_second_one() {
    let again = |on: i64| {
        let found = found(&format!(
            "evenements = labellise j100 argent, retrait j104 notif=j106, retrait j105 notif=j{on}"
        ));
        names(&found).contains("WithdrawnAgain")
    };
    assert_eq!([106, 107].map(again), [false, true]);
}

/// R-5.3.1-h: the field may still hold the delay of an earlier suspension.
#[test]
fn a_delay_is_compared_with_the_last_suspension_that_had_begun() {
    let outside = |delay: i64| {
        let found = found(&format!(
            "aujourdhui = j500 ; delai_levee = j{delay} ; evenements = labellise j100 argent, \
             suspension j200 notif=j200 motif=usage_marque, levee j260, suspension j400 notif=j400 motif=usage_marque"
        ));
        names(&found).contains("DelayOutsideSuspension")
    };
    assert_eq!(
        [199, 200, 230, 399, 400, 765, 767].map(outside),
        [true, false, false, false, false, false, true]
    );
}

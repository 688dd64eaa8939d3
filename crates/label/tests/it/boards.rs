//! What the boards of a case's page show, computed without a page: marks, the line of a life, open readings, a network.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use label::Choices;
use label::Tier;
use label::case::facts::{Facts, FormView, PlatformState, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Frame, Local, Remembered, Service, assemble};
use label::judge::marks;
use label::judge::network;
use label::judge::readings::{Change, open_readings};
use label::judge::review;
use label::judge::time_line::{Lane, Moment, time_line};

use crate::cases::local;

fn frame() -> Frame {
    let usable = Key::ALL.iter().copied().collect();
    let form = FormView { usable, ..FormView::default() };
    Frame { forms: [(0, form)].into(), ..Frame::default() }
}

fn facts(number: i64, kind: &str, values: Vec<(Key, Value)>) -> Facts {
    let word = |text: &str| Value::Choice(text.to_owned());
    let mut all: BTreeMap<Key, Value> = values.into_iter().collect();
    all.insert(Key::TypeService, word(kind));
    all.entry(Key::TypeDemande).or_insert(word("initial"));
    Facts {
        number,
        demarche: 0,
        id: String::new(),
        state: PlatformState::EnInstruction,
        deposited: date(2027, 1, 11),
        examined: None,
        decided: None,
        expires: None,
        correction: None,
        submitted: None,
        annotated: None,
        attestation: None,
        degraded: false,
        siret: Some("99900629900013".to_owned()),
        legal_name: None,
        account: "x@y.example".to_owned(),
        group: 1,
        author: Some("a".to_owned()),
        values: all,
        declared: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        unknown_words: BTreeMap::new(),
        contact_doubt: None,
        unmatched: BTreeMap::new(),
        siret_doubt: None,
        gone: false,
    }
}

fn case(dossiers: Vec<Facts>) -> Case {
    assemble(dossiers, &Remembered::default()).remove(0)
}

fn decided(what: &str, tier: Option<&str>, on: Date) -> Row {
    let mut row = Row::from([
        (Key::Decision, Value::Choice(what.to_owned())),
        (Key::DecisionLe, Value::Date(on)),
        (Key::NotificationLe, Value::Date(on)),
        (Key::EffetLe, Value::Date(on)),
    ]);
    row.extend(tier.map(|tier| (Key::PalierDecide, Value::Choice(tier.to_owned()))));
    row
}

#[test]
fn a_board_says_what_holds_the_next_tier_back() {
    let engagements = Key::ALL.iter().filter(|key| key.name().starts_with("score_e")).map(|key| (*key, "70"));
    let marks = engagements.chain([(Key::NoteAgents, "64.5"), (Key::NoteUsagers, "85")]);
    let values = marks.map(|(key, mark)| (key, Value::Mark(mark.parse().unwrap()))).collect();
    let facts = facts(1, "local_independant", values);
    let board = marks::board(Service::LocalIndependant, &facts).unwrap();
    assert_eq!((board.result.tier, board.next), (Some(Tier::Bronze), Some(Tier::Argent)));
    let held: Vec<String> =
        board.bars.iter().filter_map(|bar| Some(bar.gap.as_ref()?.truncated(2))).collect();
    assert_eq!(held, ["0.50"], "the staff alone holds it back, by half a point");
    assert_eq!(board.bars[8].thresholds, [None, None, Some(80)]);
    assert_eq!((board.bars.len(), board.bars[10].allows), (11, Some(Tier::Argent)));
    assert_eq!(marks::board(Service::Central, &facts), None);
}

#[test]
fn the_line_holds_each_tier_each_suspension_and_each_window() {
    let rows = vec![
        decided("labellise", Some("bronze"), date(2027, 6, 1)),
        decided("suspension", None, date(2028, 3, 8)),
        decided("levee", None, date(2028, 8, 22)),
        decided("palier_superieur", Some("argent"), date(2029, 1, 15)),
    ];
    let case = case(vec![facts(1, "local_independant", vec![(Key::Evenements, Value::Rows(rows))])]);
    let review = review(&case, date(2029, 2, 1), &frame());
    let line = time_line(&case, &review, &Choices::default()).unwrap();
    let of = |lane: Lane| -> Vec<(Date, Date)> {
        line.stretches.iter().filter(|s| s.lane == lane).map(|s| (s.from, s.to)).collect()
    };
    assert_eq!(
        of(Lane::Validity),
        [(date(2027, 6, 1), date(2029, 1, 14)), (date(2029, 1, 15), date(2030, 6, 1))]
    );
    assert_eq!(of(Lane::Suspension), [(date(2028, 3, 8), date(2028, 8, 22))]);
    assert_eq!(of(Lane::FollowUp), [(date(2028, 10, 1), date(2029, 2, 1))]);
    let settled = |s: &label::judge::time_line::Stretch| s.what == Moment::Window { index: 0, settled: true };
    assert!(line.stretches.iter().any(settled));
    assert!(line.from < date(2027, 1, 11) && line.to > date(2030, 6, 1));
}

#[test]
fn a_survey_closed_six_months_to_the_day_hangs_on_the_reading() {
    let audit = date(2027, 8, 10);
    let closed = audit.saturating_sub(6.months());
    let of = |closing: Date| {
        let values = vec![
            (Key::AuditDebut, Value::Date(audit)),
            (Key::EnqueteUsagersCloture, Value::Date(closing)),
            (Key::EnqueteAgentsCloture, Value::Date(audit.saturating_sub(2.months()))),
        ];
        let case = case(vec![facts(1, "local_independant", values)]);
        let now = review(&case, date(2027, 2, 20), &frame());
        open_readings(&case, &now, &frame())
    };
    let readings = of(closed);
    let freshness = readings.iter().find(|reading| reading.question == "F-06").unwrap();
    assert_eq!((freshness.in_force, freshness.other), ("strict", "inclusive"));
    assert!(freshness.changes.iter().any(|change| matches!(change, Change::Finding { .. })));
    assert!(of(closed.saturating_add(1.day())).iter().all(|reading| reading.question != "F-06"));
}

#[test]
fn one_more_local_may_lift_or_hold_back_a_network() {
    let values = vec![
        (Key::NLocaux, Value::Count(4)),
        (Key::AutodiagnosticsFournis, Value::Count(4)),
        (Key::PointsValides, Value::Count(30)),
        (Key::PointsTotal, Value::Count(40)),
    ];
    let mut case = case(vec![facts(1, "central", values)]);
    case.locals = vec![local(11, 28, Some(Tier::Bronze)), local(12, 28, Some(Tier::Argent))];
    let view = review(&case, date(2027, 3, 1), &frame()).network.unwrap();
    assert_eq!((view.locals, view.audited, view.pools.sample, view.labelled_required), (4, 2, 2, 2));
    assert_eq!(view.tier(), Some(Tier::Bronze));
    assert_eq!(view.one_more, [Some(Tier::Bronze), Some(Tier::Argent), Some(Tier::Argent)]);
    assert_eq!((view.counted.as_slice(), network::points_required(40)), (&[11, 12][..], 30));
    case.locals.push(Local { case: 13, ..Local::default() });
    let left: Vec<i64> = network::not_audited(&case, view.cycle).iter().map(|local| local.case).collect();
    assert_eq!(left, [13]);
}

#[test]
fn what_was_not_counted_to_its_end_says_so() {
    use label::wording::boards::count;
    assert_eq!([0, 1000, 1001].map(|n| count(n, 1000)), ["0", "1000", "plus de 1000"]);
}

//! Cases made by hand for the tests of this package, and of the root package, which includes this file by its path.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use label::Tier;
use label::case::facts::{Facts, FormView, PlatformState, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Frame, Held, Local, LocalResult, Remembered, assemble};

/// The day 0 of these tests, a Monday.
pub const START: Date = date(2027, 1, 4);

/// A form that has every key, and everything that vigie writes.
pub fn frame() -> Frame {
    let usable = Key::ALL.iter().copied().collect();
    let writable = Key::ALL.iter().copied().filter(|key| key.is_written()).collect();
    let form = FormView { usable, writable, ..FormView::default() };
    Frame { forms: [(0, form)].into(), ..Frame::default() }
}

/// `offset` days after [`START`].
pub fn day(offset: i64) -> Date {
    START.checked_add(jiff::ToSpan::days(offset)).unwrap()
}

/// A dossier under instruction, deposited on the day `deposited`, with these values.
pub fn facts(number: i64, deposited: i64, values: Vec<(Key, Value)>) -> Facts {
    Facts {
        number,
        demarche: 0,
        id: format!("id-{number}"),
        state: PlatformState::EnInstruction,
        deposited: day(deposited),
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
        values: values.into_iter().collect(),
        declared: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        unknown_words: BTreeMap::new(),
        contact_doubt: None,
        unmatched: BTreeMap::new(),
        siret_doubt: None,
        gone: false,
    }
}

/// A decision taken on the day `on` and notified two days later.
pub fn row(decision: &str, on: i64) -> Row {
    Row::from([
        (Key::Decision, Value::Choice(decision.to_owned())),
        (Key::DecisionLe, Value::Date(day(on))),
        (Key::NotificationLe, Value::Date(day(on + 2))),
    ])
}

/// A local of a network, labelled on the day `on` for three years, or refused.
pub fn local(case: i64, on: i64, tier: Option<Tier>) -> Local {
    let from = day(on);
    let to = label::guide::calendar::add_months(from, 36);
    Local {
        case,
        name: format!("local {case}"),
        results: vec![LocalResult { on: from, labelled: tier.is_some() }],
        held: tier.map(|tier| Held { from, to, tiers: vec![(from, Some(tier))] }).into_iter().collect(),
        ..Local::default()
    }
}

/// The one case that these dossiers make.
pub fn case_of(dossiers: &[Facts]) -> Case {
    let mut cases = assemble(dossiers.to_vec(), &Remembered::default());
    assert_eq!(cases.len(), 1, "one service is one case");
    cases.remove(0)
}

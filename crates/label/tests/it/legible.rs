//! When the decisions of a dossier can be read: only then is one that is absent a decision that was taken back.

use label::case::facts::{Facts, UnreadableValue, Value};
use label::case::keys::Key;
use label::case::{Frame, Remembered, assemble};
use label::plan::corrections::is_legible;

use crate::cases::{frame, row};
use crate::life::{awarded, sound};

fn legible(facts: Facts, frame: &Frame) -> bool {
    let cases = assemble(vec![facts], &Remembered::default());
    is_legible(1, &cases[0], frame)
}

/// The form, changed.
fn form(change: impl Fn(&mut label::case::facts::FormView)) -> Frame {
    let mut frame = frame();
    frame.forms.values_mut().for_each(change);
    frame
}

#[test]
fn a_decision_that_cannot_be_read_is_not_one_that_was_taken_back() {
    let labelled = || sound(vec![awarded("argent")]);
    assert!(legible(labelled(), &frame()));
    for key in [Key::Decision, Key::Evenements] {
        let without = form(|form| {
            form.usable.remove(&key);
        });
        assert!(legible(labelled(), &without), "the other field is enough");
        let broken = form(|form| {
            form.broken.insert(key);
        });
        assert!(!legible(labelled(), &broken), "{key:?} changed its kind");
        let mut unread = labelled();
        unread.unreadable.insert(key, UnreadableValue::NotADate);
        assert!(!legible(unread, &frame()), "{key:?} is not read");
    }
    let neither = form(|form| form.usable.retain(|key| ![Key::Decision, Key::Evenements].contains(key)));
    assert!(!legible(labelled(), &neither));
    assert!(!legible(Facts { degraded: true, ..labelled() }, &frame()));
    let mut untold = row("labellise", 100);
    untold.insert(Key::Decision, Value::Choice("autre".to_owned()));
    assert!(!legible(sound(vec![untold]), &frame()), "a row without a decision that is known");
}

#[test]
fn a_dossier_of_another_case_is_not_legible() {
    let cases = assemble(vec![sound(vec![])], &Remembered::default());
    assert!(!is_legible(2, &cases[0], &frame()));
}

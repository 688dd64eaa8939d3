//! What tells a finding from the others of its dossier, from one judgement to the next.

use serde_json::Value;

use super::finding::Finding;

/// The values that say what a finding is about. Counts and computed days are left out: they change while it stays the same
/// finding.
const NAMING: [&str; 9] = ["key", "name", "fault", "row", "decision", "on", "first", "then", "component"];

impl Finding {
    /// Its rule, what it is and what it is about. Two findings of a dossier may have the same.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut identity = self.rule.to_owned();
        if let Ok(what) = serde_json::to_value(&self.what) {
            describe(&what, &mut identity);
        }
        identity
    }
}

/// Adds the names of variants, and the values that name what they are about.
fn describe(value: &Value, identity: &mut String) {
    match value {
        Value::String(text) => push(text, identity),
        Value::Number(number) => push(&number.to_string(), identity),
        Value::Object(fields) => {
            for (name, value) in fields {
                if name.starts_with(|first: char| first.is_ascii_uppercase()) {
                    push(name, identity);
                    describe(value, identity);
                } else if NAMING.contains(&name.as_str()) {
                    describe(value, identity);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => {}
    }
}

fn push(text: &str, identity: &mut String) {
    identity.push('/');
    identity.push_str(text);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::case::keys::Key;
    use crate::judge::agenda::Role;
    use crate::judge::coherence::incoherence::{Incoherence, Milestone};
    use crate::judge::finding::{Level, What};

    fn finding(what: What) -> Finding {
        Finding { dossier: 7, rule: "R-x", section: "1", level: Level::Ko, owner: Role::Organisme, what }
    }

    #[test]
    fn a_finding_stays_the_same_while_its_counts_change() {
        let survey = |admissible| finding(What::UserSurvey { invited: 9, admissible, faults: Vec::new() });
        assert_eq!(survey(4).identity(), survey(5).identity());
        let decided = |day| {
            let (milestone, day) = (Milestone::Report, date(2027, 5, day));
            What::Coherence(Incoherence::DecidedBefore { milestone, decided: day, day })
        };
        assert_eq!(finding(decided(1)).identity(), finding(decided(2)).identity());
    }

    #[test]
    fn another_field_is_another_finding() {
        let piece = |key| finding(What::Piece(key)).identity();
        assert_ne!(piece(Key::ContratDate), piece(Key::AuditDebut));
        let ahead =
            |on| finding(What::Coherence(Incoherence::DoneAhead { key: Key::ContratDate, on })).identity();
        assert_ne!(ahead(date(2027, 5, 1)), ahead(date(2027, 5, 2)), "a day that was typed");
        assert_ne!(finding(What::Contract).identity(), finding(What::LowerMajority).identity());
    }
}

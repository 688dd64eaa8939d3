//! What a list is narrowed to by the deadlines of a case: who must act, which obligation, due when.

use jiff::civil::Date;

use super::of_body::BODY;
use label::judge::agenda::{Obligation, Role};

/// Nothing given narrows nothing. Its values are known words and days: they can stand in a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinesOf {
    pub who: Option<Role>,
    pub obligation: Option<Obligation>,
    /// The first and the last day on which it is due.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl LinesOf {
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self == LinesOf::default()
    }

    /// The condition on the columns of `table`: `d`, which are deadlines, or one that has cases. With a body, what is due in
    /// another body's dossier finds nothing.
    pub(super) fn condition(&self, table: &str, body: bool) -> Option<String> {
        if self.is_any() {
            return None;
        }
        if table == "d" {
            return Some(self.of_lines("d").join(" and "));
        }
        let open = "(open.status = 'late' or open.status = 'upcoming')".to_owned();
        let own = body.then(|| format!("open.organisme = {BODY}"));
        let each: Vec<String> = self.of_lines("open").into_iter().chain([open]).chain(own).collect();
        Some(format!(
            "{table}.case_id in (select open.case_id from deadlines open where {})",
            each.join(" and ")
        ))
    }

    fn of_lines(&self, table: &str) -> Vec<String> {
        let own = |one: &&Obligation| {
            self.who.is_none_or(|who| one.owner() == who)
                && self.obligation.is_none_or(|obligation| **one == obligation)
        };
        let mut conditions = Vec::new();
        if self.who.is_some() || self.obligation.is_some() {
            let codes: Vec<String> =
                Obligation::ALL.iter().filter(own).map(|one| format!("'{}'", one.code())).collect();
            // No obligation of that kind is for that reader.
            conditions.push(match codes.is_empty() {
                true => "1 = 0".to_owned(),
                false => format!("{table}.code in ({})", codes.join(", ")),
            });
        }
        conditions.extend(self.from.map(|day| format!("{table}.due >= '{day}'")));
        conditions.extend(self.to.map(|day| format!("{table}.due <= '{day}'")));
        conditions
    }
}

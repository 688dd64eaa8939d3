//! The pure part of judging many cases, on a thread of its own: pages and timers do not wait for it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::daemon::error::Error;
use crate::daemon::lines;
use crate::record::judged::Drafted;
use crate::record::rules::Rules;
use crate::store::cases::Summary;
use crate::store::deadlines::DeadlineRow;
use crate::store::found::FoundRow;
use crate::store::judgement::{Judgement, Recording};
use crate::store::register::ApplicationRow;
use label::case::{Case, Frame};
use label::judge::{Review, review};
use label::outgoing::Action;
use label::plan::{Known, days_in, next_look, next_look_once_over, plan};

/// A case with its judgement and what follows from it.
pub(super) struct Examined {
    pub case: Case,
    pub review: Review,
    pub actions: Vec<Action>,
    pub lines: Lines,
    /// The next day on which it may be judged otherwise, if nothing is read meanwhile.
    pub next_look: Date,
    /// Absent when nothing is to be saved.
    pub drafted: Option<Drafted>,
}

/// The rows of a case for lists, the register and the statistics.
pub(super) struct Lines {
    pub summary: Summary,
    pub deadlines: Vec<DeadlineRow>,
    pub applications: Vec<ApplicationRow>,
    /// Of each dossier.
    pub found: Vec<FoundRow>,
}

/// What is saved of one case.
pub(super) struct ToSave {
    /// Its dossiers, each with the revision that was judged.
    pub dossiers: Vec<(i64, i64)>,
    pub lines: Lines,
    pub recorded: Option<Recording>,
    pub next_look: Date,
}

impl ToSave {
    pub(super) fn judgement(&self, today: Date, now: Timestamp) -> Judgement<'_> {
        Judgement {
            summary: &self.lines.summary,
            dossiers: &self.dossiers,
            deadlines: &self.lines.deadlines,
            applications: &self.lines.applications,
            found: &self.lines.found,
            recorded: self.recorded.as_ref(),
            next_look: self.next_look,
            today,
            now,
        }
    }
}

/// Judges these cases, each beside what is known of it. `Err` holds the number of a case at which the rules panicked: it
/// costs that case only.
///
/// # Errors
/// When a value has no JSON.
pub(super) async fn examined_of(
    cases: Vec<(Case, Known)>,
    today: Date,
    (frame, rules): (&Arc<Frame>, &Arc<Rules>),
    saving: bool,
) -> Result<Vec<Result<Examined, i64>>, Error> {
    let (frame, rules) = (Arc::clone(frame), Arc::clone(rules));
    let examine = move || {
        let one = |(case, known): (Case, Known)| {
            let id = case.id;
            match unless_it_panics(|| examined(case, &known, today, (&frame, &rules), saving)) {
                Some(examined) => examined.map(Ok),
                None => Ok(Err(id)),
            }
        };
        cases.into_iter().map(one).collect()
    };
    match tokio::task::spawn_blocking(examine).await {
        Ok(examined) => examined,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is ending: so is the pass.
        Err(_) => Ok(Vec::new()),
    }
}

/// `None` after a panic, which the hook of the process has logged. Nothing that is shared can be left half changed.
fn unless_it_panics<T>(run: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
}

fn examined(
    case: Case,
    known: &Known,
    today: Date,
    (frame, rules): (&Frame, &Rules),
    saving: bool,
) -> Result<Examined, Error> {
    let review = review(&case, today, frame);
    let actions = plan(&review, &case, frame, known);
    let summary = lines::summary(&case, &review, frame);
    let lines = Lines {
        deadlines: lines::deadlines(&case, &review, &summary, frame),
        applications: lines::applications(&case, &review, &summary, frame),
        found: lines::found(&case, &review),
        summary,
    };
    let drafted = if saving { Some(Drafted::of(&case, &review, rules)?) } else { None };
    let next_look = match lines.summary.living {
        true => next_look(&review, drafted.iter().flat_map(Drafted::json).flat_map(days_in)),
        false => next_look_once_over(&review),
    };
    Ok(Examined { case, review, actions, lines, next_look, drafted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_costs_one_case() {
        let each = [1, 0, 2].map(|number: i64| unless_it_panics(|| 2 / number));
        assert_eq!(each, [Some(2), None, Some(1)]);
    }
}

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
use crate::store::judgement::{Judgement, Recording};
use crate::store::register::ApplicationRow;
use label::case::{Case, Frame};
use label::judge::{Review, review};
use label::outgoing::Action;
use label::plan::{Known, days_in, next_look, plan};

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
            recorded: self.recorded.as_ref(),
            next_look: self.next_look,
            today,
            now,
        }
    }
}

/// Judges these cases, each beside what is known of it.
///
/// # Errors
/// When a value has no JSON. A panic of the rules is the caller's.
pub(super) async fn examined_of(
    cases: Vec<(Case, Known)>,
    today: Date,
    (frame, rules): (&Arc<Frame>, &Arc<Rules>),
    saving: bool,
) -> Result<Vec<Examined>, Error> {
    let (frame, rules) = (Arc::clone(frame), Arc::clone(rules));
    let examine = move || {
        let each = cases.into_iter();
        each.map(|(case, known)| examined(case, &known, today, (&frame, &rules), saving)).collect()
    };
    match tokio::task::spawn_blocking(examine).await {
        Ok(examined) => examined,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is ending: so is the pass.
        Err(_) => Ok(Vec::new()),
    }
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
    let summary = lines::summary(&case, &review);
    let lines = Lines {
        deadlines: lines::deadlines(&review, &summary),
        applications: lines::applications(&case, &review, &summary),
        summary,
    };
    let drafted = if saving { Some(Drafted::of(&case, &review, rules)?) } else { None };
    let days = drafted.iter().flat_map(Drafted::json).flat_map(days_in);
    let next_look = next_look(&review, days);
    Ok(Examined { case, review, actions, lines, next_look, drafted })
}

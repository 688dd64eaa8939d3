//! O-27, O-29 — the two limits of a suspension, each with its own reminders, and its publication.

use super::draft::{ALL, BOTH, CANDIDAT};
use super::due::Due;
use super::label::Labelled;
use super::obligation::Obligation;
use super::stage_name::StageName;
use crate::life::Suspension;

/// Rank of the delay set by the certification body among the deadlines of a suspension; the maximum has rank 0.
pub(crate) const DELAY: usize = 1;

impl Labelled<'_> {
    /// §5.3.1 — the body sets a delay to become compliant, and the guide a maximum. Each has its own reminders: those
    /// of the maximum go on once the delay has passed.
    pub(super) fn suspension(&self, agenda: &mut Vec<Due>, suspension: &Suspension) {
        let stop = self.draft(Obligation::Suspension, suspension.limit);
        let stop = stop.stage(StageName::Start, suspension.since, CANDIDAT);
        let mut stop = stop.before(&[90, 60, 30, 7], BOTH).before(&[0], ALL).due;
        // One that begins less than ninety days before its limit is not recalled before it begins.
        stop.stages.retain(|stage| stage.on >= suspension.since);
        agenda.push(stop);
        if let Some(delay) = suspension.delay() {
            let lift = self.draft(Obligation::Suspension, delay).occurrence(DELAY);
            // Told at once where it was typed after the suspension was announced.
            let lift = lift.stage(StageName::Start, suspension.since, CANDIDAT);
            agenda.push(lift.before(&[0], ALL).before(&[-7, -28], BOTH).due);
        }
        // The mail that announces the suspension to DITP goes out with the decision itself.
        agenda.push(self.draft(Obligation::Publish, suspension.since).until(suspension.limit).due);
    }
}

//! Transitions without any agent: declarative démarches, and those where the lack of an answer is a decision (SVA and
//! SVR, §3.2).

use super::dates;
use super::dossier::{Dossier, State};
use super::jobs::Job;
use super::world::World;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A démarche where the silence of the administration accepts (SVA) or refuses (SVR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    pub days: i32,
    /// Silence accepts; otherwise it refuses.
    pub accepts: bool,
}

impl World {
    /// What follows a submission at once.
    pub(super) fn admit_by_itself(&mut self, number: u32) {
        match self.declarative {
            Some(State::Accepte) => self.transition(number, State::Accepte, None, None, true),
            Some(_) => self.transition(number, State::EnInstruction, None, None, true),
            None => self.resume_silence(number),
        }
    }

    /// The file goes to instruction by itself and its delay starts, at the deposit or once corrected.
    pub(super) fn resume_silence(&mut self, number: u32) {
        let Some(silence) = self.silence else { return };
        let waiting = |dossier: &Dossier| dossier.state == State::EnConstruction;
        if !self.dossiers.get(&number).is_some_and(waiting) {
            return;
        }
        self.transition(number, State::EnInstruction, None, None, true);
        let due = self.today().saturating_add(silence.days.days());
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.silence_due = Some(due);
        }
        self.later(dates::paris_time(due, 0, 0), Job::Silence { dossier: number, due });
    }

    /// Nobody decided in time. A delay that was started again has another date, and a job of its own.
    pub(super) fn decide_by_silence(&mut self, number: u32, due: Date) {
        let Some(silence) = self.silence else { return };
        let waiting =
            |dossier: &Dossier| dossier.state == State::EnInstruction && dossier.silence_due == Some(due);
        if !self.dossiers.get(&number).is_some_and(waiting) {
            return;
        }
        let to = if silence.accepts { State::Accepte } else { State::Refuse };
        self.transition(number, to, None, None, true);
        let at = self.dossiers.get(&number).and_then(|dossier| dossier.processed_at);
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.silence_at = at;
        }
    }
}

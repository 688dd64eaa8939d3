//! The state machine of a label (part B of the catalogue and its corrections): each decision that was written, in order
//! of effect, is accepted, accepted with a doubt, or refused with a reason. None is left out.
//!
//! | state on the day | labellisé | rejeté | confirmé | palier supérieur | plan d'actions | suspension | levée | retrait |
//! |---|---|---|---|---|---|---|---|---|
//! | no label | opens a period | refusal | refused | refused | doubted | refused | refused | refused |
//! | in force | renewal: next period; follow-up: as a higher tier; extension: nothing moves; first application: the same award written again | the first application's: corrects the award (single fields) or refused (rows); any other: refusal of that dossier | follow-up | higher: accepted, else doubted and the tier stays | opens a plan | suspends | refused | ends from its effective day |
//! | suspended | as above; any but a renewal is doubted | as above | doubted | doubted | accepted | doubted | lifts | ends |
//! | over | late renewal: doubted | refusal | refused | refused | refused | refused | refused | the proof of the end |
//!
//! A decision whose day is in the future counts from that day.

use jiff::civil::Date;

use super::entry::{Entry, EntryDoubt, Outcome, RefusalReason};
use super::period::{Period, Suspended, Withdrawal};
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event};
use crate::guide::choices::Choices;
use crate::guide::extension::extended_end;
use crate::guide::{renewal, sanctions};

/// The state machine, with the periods and entries made so far.
pub(super) struct Machine<'a> {
    pub case: &'a Case,
    pub choices: &'a Choices,
    pub today: Date,
    pub periods: Vec<Period>,
    pub refusals: Vec<Date>,
    pub entries: Vec<Entry>,
}

/// One decision, with the values that the machine needs.
struct Step<'a> {
    event: &'a Event,
    on: Date,
    demande: Demande,
    /// Last valid day printed on the attestation of its dossier.
    printed: Option<Date>,
    /// True when the dossier has a table of decisions: a row then never replaces another one.
    in_rows: bool,
}

impl Step<'_> {
    /// The day on which it was decided or notified; the day of its effect when neither is written.
    fn written(&self) -> Date {
        self.event.decided.or(self.event.notified).unwrap_or(self.on)
    }

    fn extends(&self) -> bool {
        let granted = matches!(
            self.event.decision,
            Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur
        );
        granted && self.demande == Demande::Extension
    }

    /// An extension that is granted or raised is no follow-up (§5.2).
    fn settles_follow_up(&self) -> bool {
        match self.event.decision {
            Decision::Confirme | Decision::PalierSuperieur => self.demande != Demande::Extension,
            Decision::Labellise => self.demande == Demande::Suivi,
            _ => false,
        }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn new(case: &'a Case, choices: &'a Choices, today: Date) -> Machine<'a> {
        Machine { case, choices, today, periods: Vec::new(), refusals: Vec::new(), entries: Vec::new() }
    }

    /// Applies every decision, sorted by day of effect, then in the order of the table above.
    pub(super) fn run(mut self) -> Machine<'a> {
        let facts_of = |event: &Event| self.case.dossiers.iter().find(|facts| facts.number == event.dossier);
        let day_of = |event: &Event| event.on().or(facts_of(event).and_then(|facts| facts.decided));
        let mut steps: Vec<(Option<Date>, &'a Event)> =
            self.case.events.iter().map(|event| (day_of(event), event)).collect();
        // Twice the same decision of the same day is still in one order, whichever row was read first.
        let said = |event: &'a Event| {
            (event.tier, event.decided, event.notified, event.effective, event.cause.as_deref())
        };
        let place =
            |(on, event): &(Option<Date>, &'a Event)| (*on, event.decision, event.dossier, said(event));
        steps.sort_by(|one, other| place(one).cmp(&place(other)));
        for (on, event) in steps {
            let outcome = match on {
                None => Outcome::Refused(RefusalReason::Undated),
                Some(on) => {
                    let step = self.step(event, on);
                    self.outcome(&step)
                }
            };
            self.entries.push(Entry { event: event.clone(), outcome });
        }
        self
    }

    fn step(&self, event: &'a Event, on: Date) -> Step<'a> {
        let facts = self.case.dossiers.iter().find(|facts| facts.number == event.dossier);
        Step {
            event,
            on,
            demande: facts.map_or(Demande::Initial, Demande::of),
            printed: facts.and_then(|facts| facts.date(Key::FinValiditeOc)),
            in_rows: facts.is_some_and(|facts: &Facts| !facts.rows(Key::Evenements).is_empty()),
        }
    }

    fn outcome(&mut self, step: &Step<'_>) -> Outcome {
        // A decision that takes effect later counts as soon as it is decided or notified. If that day is in the future
        // too, it does not count yet.
        let written = step.written();
        let effect_first =
            matches!(step.event.decision, Decision::Suspension | Decision::Levee | Decision::Retrait);
        if written > self.today || (step.on > self.today && !effect_first) {
            return Outcome::Doubtful(EntryDoubt::Future { on: written.max(step.on) });
        }
        let outcome = self.apply(step);
        match outcome {
            Outcome::Accepted if step.event.on().is_none() => {
                Outcome::Doubtful(EntryDoubt::Undated { used: step.on })
            }
            other => other,
        }
    }

    fn apply(&mut self, step: &Step<'_>) -> Outcome {
        // A renewal granted early has already made the next period; decisions before its start are about the current one.
        let running = self.periods.iter().rposition(|period| period.starts <= step.on);
        let Some(index) = running.or(self.periods.len().checked_sub(1)) else {
            return self.without_label(step);
        };
        let next = self.periods.len() > index + 1;
        let period = &mut self.periods[index];
        if let Some(ended) = period.over_on(step.on) {
            if step.event.decision == Decision::Retrait && period.withdrawal.is_some() {
                period.overtaken.push(Withdrawal { from: step.on, written: step.written() });
            }
            return self.once_over(step, ended);
        }
        if step.extends() && !next {
            // §5.2: a printed end other than the running one is that of a new cycle, which the body may agree.
            period.ends = extended_end(period.ends, step.printed.filter(|end| *end > step.on));
        }
        if step.settles_follow_up() {
            period.followed_up(step.event, step.on);
        }
        match step.event.decision {
            Decision::Labellise if next && step.demande == Demande::Renouvellement => {
                Outcome::Refused(RefusalReason::AwardedTwice { awarded: period.ends })
            }
            Decision::Labellise => self.labelled_again(step, index),
            Decision::Rejete => self.refused(step),
            Decision::Confirme => period.confirmed(step.event, step.on),
            Decision::PalierSuperieur => period.raised(step.event, step.on),
            Decision::PlanActions => {
                period.plan_asked = Some(step.on);
                Outcome::Accepted
            }
            Decision::Suspension => suspended(period, step, self.choices),
            Decision::Levee => match period.suspension_on(step.on) {
                Some(_) if step.on > self.today => Outcome::Accepted,
                Some(_) => {
                    period.lift(step.on);
                    Outcome::Accepted
                }
                None => Outcome::Refused(RefusalReason::NothingToLift),
            },
            Decision::Retrait => {
                let new = Withdrawal { from: step.on, written: step.written() };
                for period in &mut self.periods[index..] {
                    period.withdrawal =
                        period.withdrawal.filter(|known| known.from <= new.from).or(Some(new));
                }
                Outcome::Accepted
            }
        }
    }

    fn without_label(&mut self, step: &Step<'_>) -> Outcome {
        match (step.event.decision, step.demande) {
            (Decision::Labellise, demande) => {
                self.refusal_corrected(step);
                self.periods.push(Period::granted(step.event, step.on, step.printed, self.choices));
                match demande {
                    Demande::Initial => Outcome::Accepted,
                    _ => Outcome::Doubtful(EntryDoubt::FirstUnknown),
                }
            }
            (Decision::Rejete, _) => {
                self.refusals.push(step.on);
                Outcome::Accepted
            }
            (Decision::PlanActions, _) => Outcome::Doubtful(EntryDoubt::PlanBeforeLabel),
            _ => Outcome::Refused(self.award_after(step.on)),
        }
    }

    /// Single fields hold one decision, and a refused dossier cannot be granted a label: the refusal that they held before
    /// was a mistake.
    fn refusal_corrected(&mut self, step: &Step<'_>) {
        if step.in_rows {
            return;
        }
        let own = |entry: &&mut Entry| {
            entry.event.dossier == step.event.dossier && entry.event.decision == Decision::Rejete
        };
        for entry in self.entries.iter_mut().filter(own) {
            let on = entry.event.on();
            self.refusals.retain(|refused| Some(*refused) != on);
            entry.outcome = Outcome::Refused(RefusalReason::RefusalCorrected { awarded: step.on });
        }
    }

    /// The reason to refuse a decision of day `on` when no period has begun: no award at all, or a later one.
    fn award_after(&self, on: Date) -> RefusalReason {
        let awards = self.case.events.iter().filter(|event| event.decision == Decision::Labellise);
        let later = awards.filter_map(Event::on).filter(|day| *day > on).min();
        later.map_or(RefusalReason::NoLabel, |awarded| RefusalReason::BeforeAward { awarded })
    }

    fn labelled_again(&mut self, step: &Step<'_>, index: usize) -> Outcome {
        let period = &mut self.periods[index];
        match step.demande {
            Demande::Renouvellement => {
                let starts = renewal::renewed_from(period.ends, step.on, self.choices);
                let held = period.tier_on(step.on);
                self.periods.push(Period::renewed(
                    step.event,
                    (starts, step.on),
                    held,
                    step.printed,
                    self.choices,
                ));
                Outcome::Accepted
            }
            Demande::Suivi => period.followed(step.event, step.on),
            // Sites are added; the end of validity stays, unless another one is printed (R-5.2-c).
            Demande::Extension => Outcome::Accepted,
            Demande::Initial if step.event.dossier == period.award.dossier => {
                period.rewritten(step.event, step.on)
            }
            Demande::Initial => Outcome::Refused(RefusalReason::AwardedTwice { awarded: period.starts }),
        }
    }

    /// A refusal while a label is in force.
    fn refused(&mut self, step: &Step<'_>) -> Outcome {
        let Some(award) = self.periods.last().map(|period| (period.award.clone(), period.starts)) else {
            return Outcome::Accepted;
        };
        if step.event.dossier != award.0.dossier {
            self.refusals.push(step.on);
            return Outcome::Accepted;
        }
        if step.in_rows {
            return Outcome::Refused(RefusalReason::LabelledAlready { awarded: award.1 });
        }
        // Single fields hold one decision: the award that they held before was a mistake.
        self.periods.pop();
        self.refusals.push(step.on);
        let of_the_award = |entry: &&mut Entry| {
            entry.event.dossier == award.0.dossier && entry.event.decision != Decision::Rejete
        };
        for entry in self.entries.iter_mut().filter(of_the_award) {
            entry.outcome = Outcome::Refused(RefusalReason::Corrected { refused: step.on });
        }
        Outcome::Accepted
    }

    fn once_over(&mut self, step: &Step<'_>, ended: Date) -> Outcome {
        match (step.event.decision, step.demande) {
            (Decision::Labellise, Demande::Renouvellement) => {
                let held = self.periods.last().and_then(|period| period.tier_on(ended));
                let starts = (step.on, step.on);
                self.periods.push(Period::renewed(step.event, starts, held, step.printed, self.choices));
                Outcome::Doubtful(EntryDoubt::LateRenewal { ended })
            }
            (Decision::Rejete, _) => {
                self.refusals.push(step.on);
                Outcome::Accepted
            }
            // R-5.3.2-i: after the end of validity the body still issues the withdrawal notification.
            (Decision::Retrait, _) => Outcome::Accepted,
            _ => Outcome::Refused(RefusalReason::Over { ended }),
        }
    }
}

fn suspended(period: &mut Period, step: &Step<'_>, choices: &Choices) -> Outcome {
    if let Some(running) = period.suspension_on(step.on) {
        let since = running.since;
        return Outcome::Doubtful(EntryDoubt::SuspendedAgain { since });
    }
    let told = step.event.notified.or(step.event.decided).unwrap_or(step.on);
    let since = sanctions::suspension_starts(step.event.effective, told, choices);
    let cause = step.event.cause.clone();
    period.suspensions.push(Suspended { since, written: step.written(), cause, lift_by: None, lifted: None });
    Outcome::Accepted
}

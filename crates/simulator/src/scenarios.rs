//! Scenarios: an initial state, then dated steps, each with a sentence for the person who watches.
//!
//! `trois-ans` (`independents`, `network`) is three years of sixteen services, step by step; `petit` and `lot` (`samples`)
//! have no steps and are meant for tests.

mod independents;
mod network;
mod round;
mod samples;
mod services;

use super::dates;
use super::dossier::{State, Value};
use super::edits::Deposit;
use super::form;
use super::world::World;
use jiff::Timestamp;
use jiff::civil::Date;
use round::Round;

/// A step that was done, and the French sentence that says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    pub at: Timestamp,
    pub dossier: u32,
    pub act: Act,
    pub text: String,
}

/// What kind of step it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Deposit,
    Renewal,
    Correction,
    Report,
    Granted,
    FollowedUp,
    Suspended,
    Lifted,
    Other,
}

/// A world and what happens in it, step by step.
///
/// | name | first day | what it holds |
/// |---|---|---|
/// | `petit` | 1 June 2027 | three dossiers: 4242 deposited, 4243 in instruction with its visit on 5 and 6 July, 4244 accepted |
/// | `lot` | 1 June 2027 | as many dossiers as asked, made from the seed: all states, some incomplete or with damaged fields |
/// | `trois-ans` | 4 January 2027 | three years in dated steps: six independent services, one network of a central and nine locals; corrections, refusals, suspensions, renewals |
pub struct Scenario {
    name: &'static str,
    seed: u64,
    dossiers: u32,
    start: Timestamp,
    steps: Vec<Step>,
    next: usize,
}

struct Step {
    at: Timestamp,
    dossier: u32,
    caption: String,
    edits: Vec<Edit>,
}

/// What a candidate or the certification body does on the web site.
enum Edit {
    Deposit(Deposit),
    Resubmit(Vec<(&'static str, Value)>),
    Correction(&'static str),
    Annotate(Vec<(&'static str, Value)>),
    Decide(Vec<(&'static str, Value)>),
    State(State, &'static str),
    Say(&'static str),
}

const NAMES: [&str; 3] = ["trois-ans", "petit", "lot"];
const ABOUT: [&str; 3] = [
    "three years of sixteen services from 4 January 2027, in dated steps",
    "three dossiers on 1 June 2027: 4242 deposited, 4243 in instruction, 4244 accepted",
    "as many dossiers as --dossiers says on 1 June 2027, made from --seed",
];

impl Scenario {
    /// The scenario of that name, one of [`Scenario::names`]; `seed` and `dossiers` only matter to `lot`.
    pub fn named(name: &str, seed: u64, dossiers: u32) -> Option<Scenario> {
        let name = NAMES.into_iter().find(|known| *known == name)?;
        let mut story = Story::default();
        if name == "trois-ans" {
            independents::tell(&mut story);
            network::tell(&mut story);
        }
        story.steps.sort_by_key(|step| step.at);
        let first_day =
            if name == "trois-ans" { jiff::civil::date(2027, 1, 4) } else { jiff::civil::date(2027, 6, 1) };
        Some(Scenario {
            name,
            seed,
            dossiers,
            start: dates::paris_time(first_day, 8, 0),
            steps: story.steps,
            next: 0,
        })
    }

    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// One line on the scenario of that name.
    pub fn about(name: &str) -> Option<&'static str> {
        NAMES.into_iter().position(|known| known == name).map(|place| ABOUT[place])
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The instant at which the world of this scenario begins.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The instant of its last step.
    pub fn end(&self) -> Timestamp {
        self.steps.last().map_or(self.start, |step| step.at)
    }

    pub fn world(&self) -> World {
        match self.name {
            "petit" => samples::small(self.start),
            "lot" => samples::many(self.start, self.seed, self.dossiers),
            _ => World::new(self.start),
        }
    }

    /// The instant of the next step, for a caller that wants to move the clock there; `None` after the last.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.steps.get(self.next).map(|step| step.at)
    }

    /// Does each step due by `now` (included) at its own instant, then leaves the clock of the world at `now`. Returns the
    /// steps that were done, in order.
    pub fn advance_to(&mut self, world: &mut World, now: Timestamp) -> Vec<Caption> {
        let mut told = Vec::new();
        while let Some(step) = self.steps.get(self.next).filter(|step| step.at <= now) {
            world.set_now(step.at);
            for edit in &step.edits {
                edit.make(world, step.dossier);
            }
            let act = step.edits.iter().map(Edit::act).find(|act| *act != Act::Other).unwrap_or(Act::Other);
            told.push(Caption { at: step.at, dossier: step.dossier, act, text: step.caption.clone() });
            self.next += 1;
        }
        world.set_now(now);
        told
    }
}

impl Edit {
    fn act(&self) -> Act {
        let named =
            |cells: &[(&'static str, Value)], label: &str| cells.iter().any(|(name, _)| *name == label);
        let says = |cells: &[(&'static str, Value)], label: &str, word: &str| {
            cells.iter().any(|(name, value)| *name == label && *value == Value::from(word))
        };
        match self {
            Edit::Deposit(deposit) if says(&deposit.champs, "Type de demande", form::RENEWAL) => Act::Renewal,
            Edit::Deposit(_) => Act::Deposit,
            Edit::Resubmit(_) => Act::Correction,
            Edit::Annotate(cells) if named(cells, "Rapport d'audit transmis le") => Act::Report,
            Edit::Decide(cells) => {
                let decided = |word| says(cells, "Décision", word);
                if decided("Labellisé") {
                    Act::Granted
                } else if decided("Confirmé") || decided("Palier supérieur") {
                    Act::FollowedUp
                } else if decided("Suspension") {
                    Act::Suspended
                } else if decided("Levée de suspension") {
                    Act::Lifted
                } else {
                    Act::Other
                }
            }
            _ => Act::Other,
        }
    }

    fn make(&self, world: &mut World, number: u32) {
        match self {
            Edit::Deposit(deposit) => {
                world.deposit(Deposit { number: Some(number), ..deposit.clone() });
            }
            Edit::Resubmit(champs) => world.resubmit(number, champs.clone()),
            Edit::Correction(body) => world.ask_correction(number, body, "incomplete"),
            Edit::Annotate(annotations) => {
                for (label, value) in annotations {
                    world.annotate(number, label, value.clone());
                }
            }
            Edit::Decide(cells) => world.add_row(number, "Historique des décisions", cells.clone()),
            Edit::State(state, motivation) => {
                world.set_state(number, *state, Some(motivation).filter(|text| !text.is_empty()).copied())
            }
            Edit::Say(body) => {
                if let Some((_, email)) = world.agent(number) {
                    world.say(number, &email, body);
                }
            }
        }
    }
}

/// The steps of all the services, in the order in which the code adds them; sorted once at the end.
#[derive(Default)]
struct Story {
    steps: Vec<Step>,
}

impl Story {
    /// At ten in the morning, plus a minute that depends on the dossier, so that two dossiers rarely change at one instant.
    fn on(&mut self, date: Date, dossier: u32, caption: impl Into<String>, edits: Vec<Edit>) {
        let minute = i8::try_from(dossier % 50).unwrap_or(0);
        self.steps.push(Step {
            at: dates::paris_time(date, 10, minute),
            dossier,
            caption: caption.into(),
            edits,
        });
    }

    fn play(&mut self, round: &Round) {
        round.deposit(self);
        round.admit(self);
        round.send_plan(self);
        round.report(self);
        round.decide(self);
    }
}

/// One line of « Historique des décisions ».
fn decision(
    what: &'static str,
    tier: Option<&'static str>,
    decided: Date,
    notified: Date,
    effective: Date,
) -> Vec<(&'static str, Value)> {
    let mut cells = vec![
        ("Décision", what.into()),
        ("Date de la décision", decided.into()),
        ("Date de notification", notified.into()),
        ("Date d'effet", effective.into()),
    ];
    cells.extend(tier.map(|tier| ("Palier décidé", Value::from(tier))));
    cells
}

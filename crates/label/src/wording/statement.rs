//! What is said of a case on a day: the whole judgement in words and keys, without a clock. `vigie explain` shows it, and
//! the record keeps it, so that it is shown again as it was said even when the rules or the words have changed since.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::case::facts::Facts;
use crate::judge::Review;
use crate::judge::agenda::{Due, Status};
use crate::judge::finding::{Finding, Level};
use crate::life::entry::Entry;

use super::findings::{due_line, finding};
use super::names::{self, date_full};
use super::{network_text, outcome, standing, tier_text};

/// What is said of a case. Stored: a field is added with a default, none is renamed or changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The service's name, as its dossiers give it.
    pub name: String,
    /// The French name of its type of service.
    pub service: String,
    /// The word of [`State`](crate::life::State), and its French name.
    pub state_key: String,
    /// The French name of the state of the case.
    pub state: String,
    /// The label as it stands on the day; `None` before the first award.
    pub label: Option<StatedLabel>,
    /// Every change of the label's standing known that day, past and to come.
    pub standings: Vec<StatedStanding>,
    /// Each dossier of the case, in the order of the case.
    pub dossiers: Vec<StatedDossier>,
    /// A central service's network, line by line.
    pub network: Vec<String>,
    /// Each decision that was read, in order of effect, taken into account or not.
    pub decisions: Vec<StatedDecision>,
    /// The whole agenda, with what is done or past.
    pub deadlines: Vec<StatedDeadline>,
}

/// The label on the day of the judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedLabel {
    /// « bronze », « argent », « or »; `None`: not stated.
    pub tier: Option<String>,
    /// First valid day of the period.
    pub starts: Date,
    /// Sentences: tier and day of award, validity, suspension.
    pub text: Vec<String>,
}

/// What is true of the label from one day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedStanding {
    /// First day on which it is true.
    pub from: Date,
    /// « active », « suspended », « withdrawn », « expired ».
    pub status: String,
    /// « bronze », « argent », « or »; `None`: not stated.
    pub tier: Option<String>,
    /// The last day of the period.
    pub ends: Date,
}

/// One dossier of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedDossier {
    /// Its number on the platform.
    pub number: i64,
    /// The day of its deposit, in Paris (R-X-1).
    pub deposited: Date,
    /// Its state on the platform, in French.
    pub state: String,
    /// What the rules find in it; empty when they find nothing.
    pub findings: Vec<StatedFinding>,
    /// The marks under §2.2.1 and what is missing for the next tier, line by line.
    pub tier: Vec<String>,
}

/// What a rule finds in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedFinding {
    /// The rule's id, or « DN » when it follows from no rule of the guide.
    pub rule: String,
    /// Of the guide.
    pub section: String,
    /// How serious it is.
    pub level: Level,
    /// The sentence, with its level and its section.
    pub text: String,
}

/// A decision that a dossier holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedDecision {
    /// The number of the dossier that holds it.
    pub dossier: i64,
    /// The key of `Decision`, not its French name.
    pub decision: String,
    /// The day of the decision; `None` when the dossier does not give it.
    pub on: Option<Date>,
    /// The sentence: day, decision, tier, dossier, and what became of it.
    pub text: String,
}

/// A deadline of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedDeadline {
    /// The number of the dossier that it is about.
    pub dossier: i64,
    /// « O-18 », « O-18-2 » for the third of its kind.
    pub code: String,
    /// The French title of what is to be done.
    pub title: String,
    /// The id of the rule that sets it.
    pub rule: String,
    /// The échéance that is shown, inclusive, not moved to a working day (R-X-6).
    pub due: Date,
    /// Upcoming, late, past or done, on the day of the judgement.
    pub status: Status,
    /// The line of the agenda, as the pages and `vigie explain` show it.
    pub text: String,
}

impl Statement {
    /// What is said of `case` by `review`, on the day of the review.
    #[must_use]
    pub fn of(case: &Case, review: &Review) -> Statement {
        let standings = review.standings.iter().map(|(from, label)| StatedStanding {
            from: *from,
            status: label.status.key().to_owned(),
            tier: label.tier.map(|tier| tier.key().to_owned()),
            ends: label.last_day(),
        });
        let network = review.network.as_ref().map(network_text).unwrap_or_default();
        Statement {
            name: review.name.clone(),
            service: names::service(review.service).to_owned(),
            state_key: review.state.key().to_owned(),
            state: names::state(review.state).to_owned(),
            label: label(review),
            standings: standings.collect(),
            dossiers: case.dossiers.iter().map(|facts| dossier(facts, review)).collect(),
            network: network.lines().map(str::to_owned).collect(),
            decisions: review.entries.iter().map(decision).collect(),
            deadlines: review.agenda.iter().map(|due| deadline(due, review.today)).collect(),
        }
    }

    /// The tier on the day, as its word.
    #[must_use]
    pub fn tier(&self) -> Option<&str> {
        self.label.as_ref().and_then(|label| label.tier.as_deref())
    }

    /// What this statement says of the label on `day`.
    #[must_use]
    pub fn standing_on(&self, day: Date) -> Option<&StatedStanding> {
        self.standings.iter().rev().find(|standing| standing.from <= day)
    }

    /// How many findings a person should look at.
    #[must_use]
    pub fn faults(&self) -> usize {
        let findings = self.dossiers.iter().flat_map(|dossier| &dossier.findings);
        findings.filter(|finding| finding.level >= Level::ToCheck).count()
    }

    /// Whether a deadline is late on the day of the judgement.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.deadlines.iter().any(|deadline| deadline.status == Status::Late)
    }

    /// The statement in lines, each with its depth from 0; an empty one separates two parts.
    #[must_use]
    pub fn lines(&self, day: Date) -> Vec<(usize, String)> {
        let mut lines = vec![(0, format!("{} — {}", self.name, self.service))];
        lines.push((0, format!("Jugé au {}. État : {}.", date_full(day), self.state)));
        lines.extend(self.label.iter().flat_map(|label| &label.text).map(|text| (0, text.clone())));
        for dossier in &self.dossiers {
            let (number, state) = (dossier.number, &dossier.state);
            lines.push((0, String::new()));
            lines
                .push((0, format!("DOSSIER {number} — déposé le {}, {state}", date_full(dossier.deposited))));
            lines.extend(dossier.findings.iter().map(|finding| (1, finding.text.clone())));
            lines.extend(dossier.tier.iter().map(|line| (1, line.clone())));
        }
        let mut part = |title: &str, texts: Vec<&String>| {
            if !texts.is_empty() {
                lines.push((0, String::new()));
                lines.push((0, title.to_owned()));
                lines.extend(texts.into_iter().map(|text| (1, text.clone())));
            }
        };
        part("RÉSEAU", self.network.iter().collect());
        part("DÉCISIONS", self.decisions.iter().map(|decision| &decision.text).collect());
        let none = NO_DEADLINE.to_owned();
        let deadlines: Vec<_> = self.deadlines.iter().map(|deadline| &deadline.text).collect();
        part("ÉCHÉANCES", if deadlines.is_empty() { vec![&none] } else { deadlines });
        lines
    }
}

const NO_DEADLINE: &str = "Aucune : la date d’audit n’est pas fixée.";

fn label(review: &Review) -> Option<StatedLabel> {
    let label = review.standing()?;
    let tier = label.tier.map_or("palier non précisé", names::tier);
    let validity = standing::validity(label);
    let mut text = vec![format!("Label {tier} obtenu le {}. {validity}", date_full(label.starts))];
    text.extend(standing::suspension(label, review.today));
    Some(StatedLabel { tier: label.tier.map(|tier| tier.key().to_owned()), starts: label.starts, text })
}

fn dossier(facts: &Facts, review: &Review) -> StatedDossier {
    let number = facts.number;
    let findings = review.findings.iter().filter(|finding| finding.dossier == number);
    let tiers = review.tiers.iter().filter(|tier| tier.dossier == number);
    StatedDossier {
        number,
        deposited: facts.deposited,
        state: names::platform_state(facts.state).to_owned(),
        findings: findings.map(stated).collect(),
        tier: tiers.flat_map(|tier| tier_text(tier).lines().map(str::to_owned).collect::<Vec<_>>()).collect(),
    }
}

fn stated(of: &Finding) -> StatedFinding {
    let (rule, section) = (of.rule.to_owned(), of.section.to_owned());
    StatedFinding { rule, section, level: of.level, text: finding(of) }
}

fn decision(entry: &Entry) -> StatedDecision {
    let event = &entry.event;
    let on = event.on().map_or_else(|| "sans date".to_owned(), date_full);
    let tier = event.tier.map(|tier| format!(" ({})", names::tier(tier))).unwrap_or_default();
    let decided = names::decision(event.decision);
    StatedDecision {
        dossier: event.dossier,
        decision: event.decision.key().to_owned(),
        on: event.on(),
        text: format!("{on} : {decided}{tier}, dossier {}, {}", event.dossier, outcome(entry)),
    }
}

fn deadline(due: &Due, today: Date) -> StatedDeadline {
    let (_, rule, _) = due.obligation.reference();
    StatedDeadline {
        dossier: due.dossier,
        code: due.code(),
        title: names::due(due).to_owned(),
        rule: rule.to_owned(),
        due: due.deadline.nominal,
        status: due.status,
        text: due_line(due, today),
    }
}

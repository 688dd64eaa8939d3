//! The review of one case on one day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Demande, Event, Frame, Service, body_name, decision_is_untold};
use crate::guide::tiers::{Component, TierResult, local_tier};
use crate::judge::agenda::{self, Due, Status};
use crate::judge::coherence;
use crate::judge::documents;
use crate::judge::files;
use crate::judge::finding::{Finding, Level, What};
use crate::judge::follow_up;
use crate::judge::marks;
use crate::judge::network::{self, CentralView};
use crate::judge::perimeter;
use crate::life::entry::Entry;
use crate::life::period::Period;
use crate::life::{self, Label, Life, Standing, State};

/// The marks of one dossier under §2.2.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DossierTier {
    /// Number of the dossier that holds the marks.
    pub dossier: i64,
    /// The tier that the marks give, and what keeps from the next (R-2.2.1-d).
    pub result: TierResult,
    /// Surveys without enough answers: the tier is then shown with this reserve, never as computed (F-36).
    pub reserve: Vec<Component>,
}

/// The result of judging a case on a given day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Id of the case: the number of the dossier that opened it.
    pub case: i64,
    /// The name of the service, as shown to people.
    pub name: String,
    /// The kind of service.
    pub service: Service,
    /// The day of the review, in Paris.
    pub today: Date,
    /// Where the case is, from the deposit to the end of the label.
    pub state: State,
    /// The label, in force or ended; `None` before its first valid day.
    pub label: Option<Label>,
    /// Every change of the label's standing, past and to come, each with its first day.
    #[serde(skip)]
    pub standings: Vec<(Date, Standing)>,
    /// The periods of validity, in order; a renewal decided early makes one that lies ahead.
    #[serde(skip)]
    pub periods: Vec<Period>,
    /// What became of each decision that was read, in order of effect.
    pub entries: Vec<Entry>,
    /// One per dossier of a local service that holds at least one mark.
    pub tiers: Vec<DossierTier>,
    /// For a central service: its network this year.
    pub network: Option<CentralView>,
    /// What was found, about every dossier of the case; rules that are met are told too (`Ok`).
    pub findings: Vec<Finding>,
    /// The deadlines, by nominal day; those that are done are among them.
    pub agenda: Vec<Due>,
    /// The certification body of each dossier that has one, by its number: the name that every outlet shows.
    #[serde(skip)]
    pub bodies: BTreeMap<i64, String>,
}

impl Review {
    /// The label as it stands today.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        self.standing_on(self.today)
    }

    /// The label as it stands on `day`, from what is known today.
    #[must_use]
    pub fn standing_on(&self, day: Date) -> Option<&Standing> {
        self.standings.iter().rev().find(|(from, _)| *from <= day).map(|(_, standing)| standing)
    }

    /// The next deadline, everywhere where one is shown: the first of the guide that is still open, late ones included;
    /// when the guide asks for nothing, the first other date that is open.
    #[must_use]
    pub fn next_due(&self) -> Option<&Due> {
        self.next_due_of(&|_| true)
    }

    /// The same among some dossiers of the case.
    #[must_use]
    pub fn next_due_of(&self, own: &dyn Fn(i64) -> bool) -> Option<&Due> {
        let open = || self.agenda.iter().filter(|due| due.is_open() && own(due.dossier));
        open().find(|due| due.obligation.is_of_the_guide()).or_else(|| open().next())
    }

    /// The first deadline of the guide still open.
    #[must_use]
    pub fn next_of_the_guide(&self) -> Option<&Due> {
        self.agenda.iter().find(|due| due.is_open() && due.obligation.is_of_the_guide())
    }

    /// True when a deadline is past its extended day, and still to do.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.agenda.iter().any(|due| due.status == Status::Late)
    }

    /// The certification body of a dossier, as every outlet names it.
    #[must_use]
    pub fn body_of(&self, dossier: i64) -> Option<&str> {
        self.bodies.get(&dossier).map(String::as_str)
    }

    /// The decisions that count today, in order of effect: the only ones that may be told or shown as taken.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.entries.iter().filter(|entry| entry.outcome.counts()).map(|entry| &entry.event)
    }

    /// The findings that a person should look at, for one dossier or for all.
    pub fn faults(&self, dossier: Option<i64>) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| dossier.is_none_or(|number| number == finding.dossier))
            .filter(|finding| finding.level >= Level::ToCheck)
    }
}

/// Judges `case` as of `today` (a day in Paris).
///
/// The same case, day and frame always give the same review. A value missing in one dossier only affects its own rules.
#[must_use]
pub fn review(case: &Case, today: Date, frame: &Frame) -> Review {
    let mut findings: Vec<Finding> =
        case.dossiers.iter().flat_map(|facts| documents::examine(case, facts, frame)).collect();
    findings.extend(case_findings(case));
    findings.extend(case.dossiers.iter().flat_map(|facts| files::yearly_proofs(case, facts, today, frame)));
    let life = Life::of(case, today, &frame.choices);
    let contradictions = coherence::findings(case, &life, today, frame, &findings);
    findings.extend(contradictions);
    let label = life::label_of(&life, case, today, &frame.choices);
    if let Some(label) = label.as_ref().filter(|label| label.ends != label.computed_end) {
        let what = What::EndDiffers { printed: label.ends, computed: label.computed_end };
        let dossier = case.id;
        findings.push(Finding::for_the_body(dossier, "R-2.3-a", "2.3", Level::ToCheck, what));
    }
    let followed =
        label.as_ref().map(|label| follow_up::findings(case, &life, label, today, frame, &findings));
    findings.extend(followed.into_iter().flatten());
    findings.extend(perimeter::findings(case, &life, label.as_ref(), frame));
    let network = network::central_view(case, &life, label.as_ref(), today, frame);
    findings.extend(network::findings(case, network.as_ref(), label.as_ref()));
    let complete =
        |number: i64| !findings.iter().any(|finding| finding.dossier == number && finding.asks_candidate());
    let current_complete = case.current().is_none_or(|facts| complete(facts.number));
    let state = life::state(case, &life, label.as_ref(), current_complete, today, frame);
    let decisions: Vec<Event> = life.decisions().cloned().collect();
    let agenda = agenda::agenda(case, &decisions, label.as_ref(), network.as_ref(), &complete, today, frame);
    let tiers =
        case.dossiers.iter().filter_map(|facts| dossier_tier(case.service, facts, &findings)).collect();
    let (name, service) = (case.name(), case.service);
    let named = |facts: &Facts| (facts.number, body_name(facts, frame).to_owned());
    let bodies = case.dossiers.iter().map(named).filter(|(_, body)| !body.is_empty()).collect();
    let standings = life.standings();
    let Life { periods, entries, .. } = life;
    Review {
        case: case.id,
        name,
        service,
        today,
        state,
        label,
        standings,
        periods,
        entries,
        tiers,
        network,
        findings,
        agenda,
        bodies,
    }
}

fn case_findings(case: &Case) -> Vec<Finding> {
    let finding = |rule, section, what| Finding::for_the_body(case.id, rule, section, Level::ToCheck, what);
    let doubts = case.doubts.iter().map(|doubt| finding("DN", "3.5.1", What::Doubt(*doubt)));
    let on_platform = case.dossiers.iter().filter(|facts| {
        let stated = facts.choice(Key::Decision).is_some() || !facts.rows(Key::Evenements).is_empty();
        let reads = |facts: &Facts| Demande::of(facts) != Demande::Extension;
        facts.state == PlatformState::Accepte && !stated && !decision_is_untold(facts) && reads(facts)
    });
    let on_platform = on_platform
        .map(|facts| Finding { dossier: facts.number, ..finding("R-3.8-a", "3.8", What::DecidedOnPlatform) });
    doubts.chain(on_platform).collect()
}

/// R-2.2.1-d for one dossier. `None` for a central service, whose tier depends on its locals and not on its marks.
fn dossier_tier(service: Service, facts: &Facts, findings: &[Finding]) -> Option<DossierTier> {
    let marks = marks::local_marks(facts);
    let local = service != Service::Central && !marks.is_empty();
    let reserve = coherence::invalid_surveys(findings, facts.number);
    local.then(|| DossierTier { dossier: facts.number, result: local_tier(&marks), reserve })
}

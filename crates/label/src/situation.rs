//! What a service may expect that is not a candidate yet: the situation that somebody describes is made a dossier, and judged
//! by the functions that judge dossiers. Nothing is worked out here.
//!
//! Three dossiers are judged: as it stands today; once the audit's report is sent, on the last day that the guide gives for
//! it; and labelled, on the day that follows from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::case::facts::{Facts, FormView, PlatformState, Row, Value};
use crate::case::keys::Key;
use crate::case::{Case, DayOff, Frame, Held, Local, LocalResult, Remembered, Service, assemble};
use crate::guide::calendar::{add_days, add_months};
use crate::guide::choices::Choices;
use crate::guide::tiers::Tier;
use crate::judge::agenda::{Due, Obligation};
use crate::judge::finding::{Finding, What};
use crate::judge::marks::{Board, board};
use crate::judge::readings::{Reading, open_readings};
use crate::judge::{Review, review};

/// The number of the dossier that stands for the situation.
const NUMBER: i64 = 1;
/// Locals that one situation may have: each is a value in memory.
pub const MOST_LOCALS: u64 = 5_000;

/// What somebody says of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The values of the form that were given, `type_service`, `departement`, counts, marks and dates among them.
    pub values: BTreeMap<Key, Value>,
    /// Of a central service: its locals audited this year, labelled in each tier or refused.
    pub labelled: [u64; 3],
    /// Those that were refused.
    pub refused: u64,
}

/// What the guide makes of a situation.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The situation as a case.
    pub case: Case,
    /// That case judged on the day asked for.
    pub review: Review,
    /// The marks beside the thresholds, for a local service.
    pub board: Option<Board>,
    /// Where the guide leaves two readings that differ here.
    pub readings: Vec<Reading>,
    /// From the preparation of the audit to the end of a label that would be granted, by day. None without an audit day.
    pub calendar: Vec<Milestone>,
    /// The tier that the calendar supposes where the situation gives none.
    pub supposed: Option<Tier>,
}

/// One date of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Of which of the three dossiers.
    pub phase: Phase,
    /// What is due.
    pub due: Due,
}

/// Which of the three dossiers a date is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Up to the audit.
    Audit,
    /// From the report to the decision, if each takes all the time that it may.
    Decision,
    /// The label, if it is granted on the last day of that time.
    Label,
}

/// Judges a situation as of `today`.
#[must_use]
pub fn outlook(
    situation: &Situation,
    today: Date,
    choices: &Choices,
    days_off: &[DayOff],
) -> Option<Outlook> {
    let mut usable: BTreeSet<Key> = situation.values.keys().copied().collect();
    let frame = |usable| {
        let form = FormView { usable, ..FormView::default() };
        Frame {
            choices: *choices,
            forms: [(0, form)].into(),
            extra_holidays: days_off.to_vec(),
            ..Frame::default()
        }
    };
    let facts = facts(situation, today);
    let now = case_of(situation, facts.clone(), today)?;
    let first = frame(usable.clone());
    let reviewed = review(&now, today, &first);
    let (board, readings) = (board(now.service, &facts), open_readings(&now, &reviewed, &first));
    let mut calendar = milestones(Phase::Audit, &reviewed);
    let granted = tier(&reviewed);
    let mut supposed = None;
    if let Some(report) = day_of(&reviewed, Obligation::Report) {
        usable.extend([Key::RapportTransmisLe, Key::Evenements]);
        let mut sent = facts.clone();
        sent.values.insert(Key::RapportTransmisLe, Value::Date(report));
        let sent_case = case_of(situation, sent.clone(), today)?;
        let after_report = review(&sent_case, report.max(today), &frame(usable.clone()));
        calendar.extend(milestones(Phase::Decision, &after_report));
        if let Some(decided) = day_of(&after_report, Obligation::Decide) {
            supposed = granted.is_none().then_some(Tier::Bronze);
            let row = award(decided, granted.unwrap_or(Tier::Bronze));
            sent.values.insert(Key::Evenements, Value::Rows(vec![row]));
            let labelled = case_of(situation, sent, decided)?;
            calendar.extend(milestones(Phase::Label, &review(&labelled, decided, &frame(usable))));
        }
    }
    calendar.sort_by_key(|one| (one.due.deadline.nominal, one.phase, one.due.obligation.code()));
    Some(Outlook { case: now, review: reviewed, board, readings, calendar, supposed })
}

impl Outlook {
    /// The tier that the marks, or the network, give today.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        tier(&self.review)
    }

    /// What the rules find in what was told; not that the rest of a dossier is missing.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.review.findings.iter().filter(|finding| is_about_the_situation(&finding.what))
    }
}

/// A situation has no pieces, no contact and no platform.
fn is_about_the_situation(what: &What) -> bool {
    matches!(
        what,
        What::UserSurvey { .. }
            | What::StaffSurvey { .. }
            | What::StaffNotAllInvited { .. }
            | What::MoreAnswersThanInvited { .. }
            | What::Survey { .. }
            | What::SelfAssessment { .. }
            | What::SelfAssessments { .. }
            | What::Indicators { .. }
            | What::Points { .. }
            | What::Deposit { .. }
            | What::VisitReversed { .. }
            | What::UnknownDepartement { .. }
            | What::MoreLocalsKnown { .. }
            | What::Network(_)
            | What::ThreeQuartersAtRisk(_)
            | What::Supplements(_)
            | What::LowerMajority
            | What::PoolExhausted { .. }
            | What::Cannot { .. }
    )
}

fn tier(review: &Review) -> Option<Tier> {
    let local = review.tiers.first().and_then(|tier| tier.result.tier);
    local.or(review.network.as_ref().and_then(crate::judge::network::CentralView::tier))
}

fn day_of(review: &Review, obligation: Obligation) -> Option<Date> {
    let due = review.agenda.iter().find(|due| due.obligation == obligation)?;
    Some(due.deadline.extended)
}

/// The dates of a phase: those of the guide about the service and its body, each in the phase that knows it first.
fn milestones(phase: Phase, review: &Review) -> Vec<Milestone> {
    let of_phase = |due: &&Due| match phase {
        Phase::Audit => matches!(
            due.obligation,
            Obligation::Launch
                | Obligation::SurveyFresh
                | Obligation::SelfAssessmentFresh
                | Obligation::NewCampaign
                | Obligation::Deposit
                | Obligation::Plan
                | Obligation::Report
        ),
        Phase::Decision => matches!(due.obligation, Obligation::Observations | Obligation::Decide),
        Phase::Label => matches!(
            due.obligation,
            Obligation::Notify
                | Obligation::Prepare
                | Obligation::FollowUp
                | Obligation::SelfAssessment
                | Obligation::AttachedSurveys
                | Obligation::YearlySurveys
                | Obligation::PrepareCentral
                | Obligation::Sample
                | Obligation::FollowUpCentral
                | Obligation::AttachedFollowUp
                | Obligation::Renewal
                | Obligation::End
        ),
    };
    review.agenda.iter().filter(of_phase).map(|due| Milestone { phase, due: due.clone() }).collect()
}

fn facts(situation: &Situation, today: Date) -> Facts {
    let mut values = situation.values.clone();
    values.insert(Key::TypeDemande, Value::Choice("initial".to_owned()));
    Facts {
        number: NUMBER,
        demarche: 0,
        id: NUMBER.to_string(),
        state: PlatformState::EnInstruction,
        deposited: today,
        examined: None,
        decided: None,
        expires: None,
        correction: None,
        submitted: None,
        annotated: None,
        attestation: None,
        degraded: false,
        siret: None,
        legal_name: None,
        account: String::new(),
        group: 0,
        author: None,
        values,
        declared: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        unknown_words: BTreeMap::new(),
        contact_doubt: None,
        unmatched: BTreeMap::new(),
        siret_doubt: None,
        gone: false,
    }
}

fn award(on: Date, tier: Tier) -> Row {
    Row::from([
        (Key::Decision, Value::Choice("labellise".to_owned())),
        (Key::PalierDecide, Value::Choice(tier.key().to_owned())),
        (Key::DecisionLe, Value::Date(on)),
        (Key::NotificationLe, Value::Date(on)),
    ])
}

fn case_of(situation: &Situation, facts: Facts, on: Date) -> Option<Case> {
    let mut case = assemble(vec![facts], &Remembered::default()).pop()?;
    if case.service == Service::Central {
        let tiers =
            Tier::ALL.into_iter().map(Some).zip(situation.labelled).chain([(None, situation.refused)]);
        let each = tiers.flat_map(|(tier, count)| (0..count).map(move |_| tier));
        let each = each.take(usize::try_from(MOST_LOCALS).unwrap_or(usize::MAX));
        case.locals = each.zip(2..).map(|(tier, number)| local(number, tier, on)).collect();
    }
    Some(case)
}

/// A local decided the day before, so that the decision counts on the day itself.
fn local(case: i64, tier: Option<Tier>, on: Date) -> Local {
    let from = on.saturating_sub(1.day());
    let to = add_days(add_months(from, 36), -1);
    let held = tier.map(|tier| Held { from, to, tiers: vec![(from, Some(tier))] });
    Local {
        case,
        name: case.to_string(),
        results: vec![LocalResult { on: from, labelled: tier.is_some() }],
        held: held.into_iter().collect(),
        ..Local::default()
    }
}

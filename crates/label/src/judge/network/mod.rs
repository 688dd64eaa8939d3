//! A central service and its attached locals (§2.2.2, 3.8.2, 3.9.2): what the judgement of one needs of the other, and the
//! central's tier.
//!
//! [`central_of`] says what is true of a local's central, [`as_local`] what a central needs of a local; look next at
//! [`CentralView`].

mod findings;
mod lists;
mod local;
mod order;
mod standing;
mod surveys;
mod years;

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Event, Frame, Service};
use crate::guide::central::{
    CentralFile, CentralResult, Majority, TierCounts, central_label, labelled_required, majority,
};
use crate::guide::choices::Choices;
use crate::guide::follow_up::central::{CentralFollowUp, CentralOutcome, central_outcome};
use crate::guide::sample::{CYCLE_YEARS, SamplePools, pools, sample_size};
use crate::guide::score::ceil_share;
use crate::guide::supplements::{Supplements, may_be_refused, supplements};
use crate::guide::tiers::Tier;
use crate::life::{Label, Life};
use years::Years;

pub(super) use findings::findings;
pub use lists::{AnnexLine, annex, not_audited};
pub use local::{as_local, each_once};
pub(super) use order::audited_before_locals;
pub use standing::{CentralFound, central_of, standing_of};
pub use surveys::YearlySurveys;

/// The results of §2.2.2 and 3.9.2 for a central service this year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentralView {
    /// All its locals: as its dossier says, else those that are known here.
    pub locals: u64,
    /// Locals with a result in the year, in favour or not.
    pub audited: u64,
    /// Those of them that are labelled, by tier: Bronze, Argent, Or.
    pub labelled: [u64; 3],
    /// Labelled in a tier that is not stated.
    pub untold: u64,
    /// How many of `audited` must be labelled: three quarters, rounded up (R-2.2.2-b).
    pub labelled_required: u64,
    /// Both readings of the majority, even when other conditions are not met.
    pub majority: Option<Majority>,
    /// The majority of the locals labelled in year N, once the central is labelled (F-38).
    pub first_year: Option<Majority>,
    /// Control points validated, and checked.
    pub points: Option<(u64, u64)>,
    /// Self-assessments that the year's dossier says were provided (R-2.2.2-c); `None` while it does not say.
    pub self_assessments: Option<u64>,
    /// How many locals are left to draw in each year of the cycle (R-3.9.2-c).
    pub pools: SamplePools,
    /// Whether three quarters of the sample can still be labelled.
    pub three_quarters: ThreeQuarters,
    /// The day after the central's last favourable decision: the cycle's year begins there (F-32).
    pub since: Option<Date>,
    /// The cases of the locals that count this year.
    pub counted: Vec<i64>,
    /// The first day of the cycle of three years; `None` in the first one.
    pub cycle: Option<Date>,
    /// Those of the locals labelled already, at the year's follow-up.
    pub surveys: Option<YearlySurveys>,
    /// Before the label: whether it may be granted, and which tier.
    pub award: Option<CentralResult>,
    /// Once labelled: what the year's follow-up gives; absent while its points are not known.
    pub follow_up: Option<CentralOutcome>,
    /// If one more local were audited and labelled Bronze, Argent, Or: the central's tier; `None`: not reached.
    pub one_more: [Option<Tier>; 3],
}

/// How the year's sample stands before its three quarters of labelled locals (R-2.2.2-b, R-3.9.2-g).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ThreeQuarters {
    /// The locals that the year's sample counts: those audited, or those still to be.
    pub sample: u64,
    /// Locals whose last result in the year is a refusal.
    pub refused: u64,
    /// How many of them may be refused.
    pub may_be_refused: u64,
    /// The day of the refusal from which on three quarters could not be reached any more.
    pub lost: Option<Date>,
    /// What must be presented beside the sample, if all that is still to be audited in it is labelled.
    pub supplements: Supplements,
}

impl CentralView {
    /// The tier that the network gives, when its conditions are met.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        let award = self.award.as_ref().and_then(|award| award.majority).map(|majority| majority.tier);
        award.or(self.follow_up.as_ref().map(|outcome| outcome.tier))
    }

    /// The locals labelled this year, in whatever tier.
    #[must_use]
    pub fn labelled_in_all(&self) -> u64 {
        self.labelled.iter().fold(self.untold, |sum, count| sum.saturating_add(*count))
    }
}

/// The figures of one year of a network.
#[derive(Clone, Copy)]
struct Figures {
    file: CentralFile,
    /// The tier held, once labelled: it then stays until a follow-up changes it. `Some(None)`: not stated.
    held: Option<Option<Tier>>,
    first_year: Option<Tier>,
}

impl Figures {
    fn award(&self, choices: &Choices) -> Option<CentralResult> {
        self.held.is_none().then(|| central_label(&self.file, choices))
    }

    fn follow_up(&self, choices: &Choices) -> Option<CentralOutcome> {
        let CentralFile { audited, labelled, points, .. } = self.file;
        let (held, (points_validated, points_checked)) = self.held.flatten().zip(points)?;
        let first_year = self.first_year;
        let file = CentralFollowUp { held, first_year, audited, labelled, points_validated, points_checked };
        (audited > 0).then(|| central_outcome(&file, choices))
    }

    /// The central's tier if one more local were audited and labelled in `tier`.
    fn with_one_more(mut self, tier: Tier, choices: &Choices) -> Option<Tier> {
        self.file.audited = self.file.audited.saturating_add(1);
        let labelled = &mut self.file.labelled;
        let count = match tier {
            Tier::Bronze => &mut labelled.bronze,
            Tier::Argent => &mut labelled.argent,
            Tier::Or => &mut labelled.or,
        };
        *count = count.saturating_add(1);
        let award = self.award(choices).and_then(|award| award.majority).map(|majority| majority.tier);
        award.or_else(|| self.follow_up(choices).map(|outcome| outcome.tier))
    }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn count(facts: &Facts, key: Key) -> Option<u64> {
    facts.count(key).and_then(|count| u64::try_from(count).ok())
}

pub(super) fn points_of(facts: &Facts) -> Option<(u64, u64)> {
    count(facts, Key::PointsValides).zip(count(facts, Key::PointsTotal))
}

/// F-40 — all the attached locals, on the day of the draw: the dossier of that year says it, else the one before it. Where
/// none does, those that are known here, which are some of them.
fn locals_of(case: &Case, facts: &Facts) -> u64 {
    let until = (facts.deposited, facts.number);
    let told = case.dossiers.iter().rev().filter(|earlier| (earlier.deposited, earlier.number) <= until);
    let told = told.filter_map(|earlier| count(earlier, Key::NLocaux)).next();
    told.unwrap_or(size(case.locals.len()))
}

/// The year's locals under §2.2.2; `None` for a local service.
#[must_use]
pub(super) fn central_view(
    case: &Case,
    life: &Life,
    label: Option<&Label>,
    today: Date,
    frame: &Frame,
) -> Option<CentralView> {
    if case.service != Service::Central {
        return None;
    }
    let choices = &frame.choices;
    let facts = case.current()?;
    let years = Years::of(case, life);
    let since = label.and_then(|_| years.begins(today));
    let year = local::year(&case.locals, since, today, choices);
    let first_year = label.and_then(|_| years.first(life, today)).and_then(|(begins, award)| {
        majority(&local::year(&case.locals, begins, award, choices).labelled, choices)
    });
    // The points and reports of a dossier that closed an earlier year are not this year's.
    let own = Some(facts).filter(|facts| !years.is_closed_by(facts.number));
    let file = CentralFile {
        locals: locals_of(case, facts),
        audited: year.audited,
        labelled: year.labelled,
        points: own.and_then(points_of),
        self_assessments: own.and_then(|facts| count(facts, Key::AutodiagnosticsFournis)),
    };
    let figures = Figures {
        file,
        held: label.map(|label| label.tier),
        first_year: first_year.map(|majority| majority.tier),
    };
    let TierCounts { bronze, argent, or, untold } = file.labelled;
    Some(CentralView {
        locals: file.locals,
        audited: file.audited,
        labelled: [bronze, argent, or],
        untold,
        labelled_required: labelled_required(file.audited),
        majority: majority(&file.labelled, choices),
        first_year,
        points: file.points,
        self_assessments: file.self_assessments,
        pools: pools(file.locals, CYCLE_YEARS, choices),
        three_quarters: three_quarters(&file, &year.refusals, choices),
        since,
        counted: year.counted,
        cycle: years.cycle(life, label, today),
        surveys: own.zip(since).and_then(|(facts, since)| surveys::at_the_follow_up(case, facts, since)),
        award: figures.award(choices),
        follow_up: figures.follow_up(choices),
        one_more: Tier::ALL.map(|tier| figures.with_one_more(tier, choices)),
    })
}

/// Independent of the central's points. Certain once more locals are refused than the quarter of the sample.
fn three_quarters(file: &CentralFile, refusals: &[Date], choices: &Choices) -> ThreeQuarters {
    let sample = sample_size(file.locals).max(file.audited);
    let allowed = may_be_refused(sample);
    let still_to_come = sample.saturating_sub(file.audited);
    let at_best = file.labelled.total().saturating_add(still_to_come);
    ThreeQuarters {
        sample,
        refused: size(refusals.len()),
        may_be_refused: allowed,
        lost: usize::try_from(allowed).ok().and_then(|allowed| refusals.get(allowed)).copied(),
        supplements: supplements(sample, at_best, choices),
    }
}

/// What the conditions of a central's decision gave on its day.
pub(super) enum OnTheDay {
    /// R-3.1-c — an award.
    Award(CentralResult),
    /// R-3.9.2-g…k — a follow-up: the size of its sample, how many locals were audited, and the outcome; none while its
    /// points or the tier held are not known, or nobody was audited.
    FollowUp { required: u64, audited: u64, supplements: Supplements, outcome: Option<CentralOutcome> },
}

/// The conditions of the decision `event`, from the points and reports of its dossier `facts` and the year's locals decided
/// by then.
pub(super) fn on_the_day(
    case: &Case,
    life: &Life,
    facts: &Facts,
    event: &Event,
    frame: &Frame,
) -> Option<OnTheDay> {
    let choices = &frame.choices;
    let on = event.on()?;
    let years = Years::of(case, life);
    let year = local::year(&case.locals, years.before(on), on, choices);
    let file = CentralFile {
        locals: locals_of(case, facts),
        audited: year.audited,
        labelled: year.labelled,
        points: points_of(facts),
        self_assessments: count(facts, Key::AutodiagnosticsFournis),
    };
    if life.periods.iter().any(|period| period.award == *event) {
        return Some(OnTheDay::Award(central_label(&file, choices)));
    }
    let first_year = years.first(life, on).and_then(|(begins, award)| {
        majority(&local::year(&case.locals, begins, award, choices).labelled, choices)
    });
    let before = on.yesterday().ok()?;
    let held = life.standing(before).map(|standing| standing.tier);
    let figures = Figures { file, held, first_year: first_year.map(|majority| majority.tier) };
    Some(OnTheDay::FollowUp {
        required: sample_size(file.locals),
        audited: file.audited,
        supplements: supplements(file.audited, file.labelled.total(), choices),
        outcome: figures.follow_up(choices),
    })
}

/// R-2.2.2-d — how many control points make three quarters of those checked.
#[must_use]
pub fn points_required(checked: u64) -> u64 {
    ceil_share(3, 4, checked)
}

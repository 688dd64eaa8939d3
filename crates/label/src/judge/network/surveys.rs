//! R-2.2.2-e — the yearly surveys of the locals that are labelled already, which a central proves at each follow-up.

use jiff::civil::Date;
use serde::Serialize;

use super::size;
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Demande, Local};
use crate::guide::calendar::add_months;
use crate::guide::central::survey_proofs_missing;

/// The surveys of the locals that were labelled before the year of a follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct YearlySurveys {
    /// First day of the central's visit.
    pub audit: Date,
    /// Locals labelled before the year began, whose label holds on the first day of the visit; at least 1.
    pub labelled: u64,
    /// Those without both surveys in the twelve months before the visit.
    pub missing: u64,
}

/// The surveys to be proved at the follow-up of `facts`, in the year that began on `since`.
pub(super) fn at_the_follow_up(case: &Case, facts: &Facts, since: Date) -> Option<YearlySurveys> {
    let audit = facts.date(Key::AuditDebut).filter(|_| Demande::of(facts) == Demande::Suivi)?;
    let already = |local: &&Local| local.held_on(audit).is_some_and(|held| held.from < since);
    let already: Vec<&Local> = case.locals.iter().filter(already).collect();
    let year = |day: Option<Date>| day.is_some_and(|day| add_months(audit, -12) < day && day <= audit);
    let proved = already.iter().filter(|local| year(local.users_survey) && year(local.staff_survey)).count();
    let labelled = size(already.len());
    let missing = survey_proofs_missing(labelled, size(proved));
    (labelled > 0).then_some(YearlySurveys { audit, labelled, missing })
}

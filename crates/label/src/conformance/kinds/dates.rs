//! Cases of §3.4 to 3.7: the days of an application and of an audit.

use crate::conformance::input::{Fault, Field};
use crate::conformance::result::Found;
use crate::guide::application::{
    Age, deposit_advised, deposit_limit, self_assessment_age, self_assessment_bound,
};
use crate::guide::audit::{observations_due_under, plan_limit_strict, plan_limit_under, report_due_under};
use crate::guide::calendar::{Calendar, Deadline, Zone};
use crate::guide::choices::Choices;
use crate::guide::surveys::campaign::{freshness_bound, survey_freshness};

fn calendar(input: &Field<'_>, choices: &Choices) -> Result<Calendar, Fault> {
    Ok(Calendar::of(Zone::in_force(input.at("zone").zone()?, choices)))
}

pub fn plan(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (first, calendar) = (input.at("premier_jour_audit").date()?, calendar(input, choices)?);
    Ok(Found::fields([
        ("date_limite", Found::day(plan_limit_under(first, &calendar, choices))),
        ("variante_franche", Found::day(plan_limit_strict(first, &calendar))),
    ]))
}

pub fn report(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (last, calendar) = (input.at("dernier_jour_visite").date()?, calendar(input, choices)?);
    let due = report_due_under(last, &calendar, choices);
    let Deadline { nominal, extended } = due;
    Ok(Found::fields([("echeance", Found::day(nominal)), ("echeance_prorogee", Found::day(extended))]))
}

pub fn observations(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (received, calendar) = (input.at("reception").day_in_paris()?, calendar(input, choices)?);
    let Deadline { nominal, extended } = observations_due_under(received, &calendar, choices);
    Ok(Found::fields([
        ("reception_paris", Found::day(received)),
        ("echeance", Found::day(nominal)),
        ("echeance_prorogee", Found::day(extended)),
    ]))
}

pub fn deposit(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (first, calendar) = (input.at("premier_jour_audit").date()?, calendar(input, choices)?);
    Ok(Found::fields([
        ("date_limite", Found::day(deposit_limit(first))),
        ("jour_ouvre_conseille", Found::day(deposit_advised(first, &calendar))),
    ]))
}

pub fn pieces(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let first = input.at("premier_jour_audit").date()?;
    let survey = |key: &str| -> Result<Found, Fault> {
        let freshness = survey_freshness(input.at(key).date()?, first, choices);
        Ok(Found::Flag(freshness.is_good()))
    };
    let assessed = self_assessment_age(input.at("autodiagnostic").date()?, first);
    Ok(Found::fields([
        ("borne_6_mois", Found::day(freshness_bound(first))),
        ("borne_12_mois", Found::day(self_assessment_bound(first))),
        ("enquete_usagers", survey("cloture_enquete_usagers")?),
        ("enquete_agents", survey("cloture_enquete_agents")?),
        ("autodiagnostic", Found::Flag(assessed == Age::Good)),
    ]))
}

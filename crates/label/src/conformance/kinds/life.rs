//! Cases of §2.3, 3.8 to 3.10 and 5.3: the life of a label and its end.

use crate::conformance::input::{Fault, Field};
use crate::conformance::result::Found;
use crate::guide::attached::labelled_less_than_two_years;
use crate::guide::choices::Choices;
use crate::guide::decision::{last_valid_day_under, may_reapply_from};
use crate::guide::follow_up::{Window, central_preparations, local_preparation};
use crate::guide::renewal::invitation;
use crate::guide::sanctions::{mark_stops, suspension_limit, suspension_maximum};
use crate::guide::surveys::new_campaign_from;

/// Largest number of months that a case may ask for.
const MOST_MONTHS: u32 = 1200;

pub fn window(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (notified, months) = (input.at("notification").date()?, input.at("mois").count_up_to(MOST_MONTHS)?);
    let window = Window::after_under(notified, i32::try_from(months).unwrap_or(0), choices);
    Ok(Found::fields([
        ("date_theorique", Found::day(window.theory)),
        ("debut", Found::day(window.opens)),
        ("fin", Found::day(window.closes)),
    ]))
}

pub fn validity(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let obtained = input.at("obtention").date()?;
    let last = last_valid_day_under(obtained, None, choices);
    let [central, _] = central_preparations(obtained);
    Ok(Found::fields([
        ("dernier_jour_valide", Found::day(last)),
        ("invitation_renouvellement", Found::day(invitation(last))),
        ("preparation_suivi_local", Found::day(local_preparation(obtained))),
        ("preparation_suivi_central", Found::day(central)),
    ]))
}

pub fn six_months(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let (refused, closed) = (input.at("refus_emission").date()?, input.at("cloture_enquete").date()?);
    Ok(Found::fields([
        ("recandidature_a_partir_du", Found::day(may_reapply_from(refused, choices))),
        ("nouvelle_enquete_a_partir_du", Found::day(new_campaign_from(closed))),
    ]))
}

pub fn end(input: &Field<'_>, _: &Choices) -> Result<Found, Fault> {
    let last_valid_day = input.at("fin_validite").date()?;
    let suspended = input.at("suspension_debut").date()?;
    let withdrawn = input.at("retrait_effectif").date()?;
    let central_withdrawn = input.at("retrait_central_effectif").date()?;
    let mut followed = Vec::new();
    for local in input.at("locaux").list()? {
        let (id, obtained) = (local.at("id").words()?, local.at("obtention").date()?);
        if labelled_less_than_two_years(obtained, central_withdrawn) {
            followed.push(Found::Words(id.to_owned()));
        }
    }
    Ok(Found::fields([
        ("suspension_fin_max", Found::day(suspension_maximum(suspended))),
        ("suspension_fin_max_effective", Found::day(suspension_limit(suspended, last_valid_day))),
        ("cessation_marque_au_plus_tard", Found::day(mark_stops(withdrawn))),
        ("locaux_soumis_a_suivi", Found::Set(followed)),
    ]))
}

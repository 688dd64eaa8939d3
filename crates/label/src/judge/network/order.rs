//! R-3.7.2-a — a central is audited after its locals, once the result of each is known.

use jiff::civil::Date;

use super::local::year;
use super::years::Years;
use super::{locals_of, size};
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Demande, Frame, Local, Service};
use crate::guide::central::may_be_audited;
use crate::guide::sample::sample_size;
use crate::judge::coherence::incoherence::{Incoherence, NetworkIncoherence};
use crate::life::Life;

/// What is wrong with the day of a central's audit, when its year's locals were not all audited with a known result.
pub(in crate::judge) fn audited_before_locals(
    case: &Case,
    life: &Life,
    facts: &Facts,
    today: Date,
    frame: &Frame,
) -> Option<Incoherence> {
    let audited = facts.date(Key::AuditDebut)?;
    if case.service != Service::Central || Demande::of(facts) == Demande::Extension {
        return None;
    }
    let known = year(&case.locals, Years::of(case, life).before(audited), audited, &frame.choices).audited;
    let required = sample_size(locals_of(case, facts));
    let missing = required.saturating_sub(known);
    let results = [vec![true; fits(known)], vec![false; fits(missing)]].concat();
    if may_be_audited(&results) {
        return None;
    }
    // Before the day itself, only visits that are planned after it show that the order is wrong.
    let later = |local: &&Local| local.awaited.iter().any(|(first, _)| *first >= audited);
    let later = size(case.locals.iter().filter(later).count());
    let early = NetworkIncoherence::AuditedBeforeLocals { audited, known, required, later };
    (audited <= today || later > 0).then_some(Incoherence::Network(early))
}

/// A network has thousands of locals at most; a larger number is a typing error.
fn fits(count: u64) -> usize {
    usize::try_from(count.min(100_000)).unwrap_or(0)
}

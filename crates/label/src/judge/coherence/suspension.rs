//! The delay to lift a suspension, compared with the suspensions of the label.

use jiff::civil::Date;

use super::incoherence::Incoherence;
use crate::case::Case;
use crate::case::keys::Key;
use crate::guide::sanctions::suspension_limit;
use crate::judge::finding::Finding;
use crate::life::Life;

/// R-5.3.1-h, R-5.3.1-i — the delay lies inside the last suspension that had begun by that day. One of an earlier
/// suspension may still stand in the field.
pub(super) fn findings(case: &Case, life: &Life) -> Vec<Finding> {
    let spans = life.periods.iter().flat_map(|period| {
        period.suspensions.iter().map(|one| (one.since, suspension_limit(one.since, period.ends)))
    });
    let spans: Vec<(Date, Date)> = spans.collect();
    let delays = case.dossiers.iter().filter_map(|facts| Some((facts.number, facts.date(Key::DelaiLevee)?)));
    let wrong = delays.filter_map(|(dossier, delay)| {
        let begun = spans.iter().rev().find(|(since, _)| *since <= delay);
        let (since, limit) = *begun.or(spans.first())?;
        let fits = (since..=limit).contains(&delay);
        let incoherence = Incoherence::DelayOutsideSuspension { delay, since, limit };
        (!fits).then(|| Finding::contradiction(dossier, incoherence))
    });
    wrong.collect()
}

//! What two judgements of a case have alike, so that only what differs is written, said, or judged again.

use crate::store::cases::Summary;
use crate::store::found::FoundRow;
use label::case::Service;

/// Whether the store holds what was found in a dossier.
pub(super) fn is_stored(stored: Option<&FoundRow>, row: &FoundRow) -> bool {
    stored.is_some_and(|stored| FoundRow { changes: row.changes, ..stored.clone() } == *row)
}

/// Whether lists show the same of two judgements: otherwise the journal says so.
pub(super) fn is_shown_alike(one: &Summary, other: &Summary) -> bool {
    one.state == other.state && one.tier == other.tier && one.late == other.late && one.faults == other.faults
}

/// Whether a judgement that is not the last one may change those of the case's neighbours. A central's has all that is
/// judged of its locals; theirs has its label, with all its days, and who it is, or what became of its application.
pub(super) fn is_seen_otherwise(service: Service, before: Option<&Summary>, now: &Summary) -> bool {
    let Some(before) = before else { return true };
    let same = before.state == now.state
        && before.tier == now.tier
        && before.standings == now.standings
        && before.siret == now.siret
        && before.type_key == now.type_key
        && before.central == now.central
        && !now.standings.is_empty();
    service == Service::LocalRattache || !same
}

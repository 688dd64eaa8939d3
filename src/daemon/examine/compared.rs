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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use label::life::{LabelStatus, Standing};

    fn labelled() -> Summary {
        let since = date(2027, 6, 1);
        let standing = Standing {
            status: LabelStatus::Active,
            since,
            tier: None,
            decided: Some(since),
            notified: None,
            starts: since,
            ends: date(2030, 5, 31),
            suspension: None,
            withdrawn: None,
            renewed_from: None,
        };
        Summary {
            state: "actif".to_owned(),
            tier: Some("or".to_owned()),
            siret: Some("99900703200017".to_owned()),
            type_key: "central".to_owned(),
            standings: vec![(since, standing)],
            ..Summary::default()
        }
    }

    type Change = fn(&mut Summary);

    fn changed(change: Change) -> Summary {
        let mut summary = labelled();
        change(&mut summary);
        summary
    }

    #[test]
    fn neighbours_are_judged_again_for_what_their_judgement_takes_and_for_nothing_else() {
        let (central, before) = (Service::Central, labelled());
        let seen = |change: Change| is_seen_otherwise(central, Some(&before), &changed(change));
        let taken: [Change; 7] = [
            |summary| summary.state = "suspendu".to_owned(),
            |summary| summary.tier = None,
            |summary| summary.standings[0].1.ends = date(2028, 5, 31),
            |summary| summary.siret = None,
            |summary| summary.type_key = "local_independant".to_owned(),
            |summary| summary.central = Some(7),
            // Without a label, what became of the application is in no column.
            |summary| summary.standings.clear(),
        ];
        for (rank, change) in taken.into_iter().enumerate() {
            assert!(seen(change), "{rank}");
        }
        assert!(!seen(|summary| summary.faults = 3));
        assert!(!seen(|summary| summary.name = "Un autre nom".to_owned()));
        let none = changed(|summary| summary.standings.clear());
        assert!(is_seen_otherwise(central, Some(&none), &none));
        assert!(is_seen_otherwise(central, None, &before), "the first judgement");
        assert!(is_seen_otherwise(Service::LocalRattache, Some(&before), &before), "a central has all of it");
    }

    #[test]
    fn the_journal_says_what_lists_show_and_nothing_else() {
        let alike = |change: Change| is_shown_alike(&labelled(), &changed(change));
        let shown: [Change; 4] = [
            |summary| summary.state = "suspendu".to_owned(),
            |summary| summary.tier = None,
            |summary| summary.late = true,
            |summary| summary.faults = 1,
        ];
        for (rank, change) in shown.into_iter().enumerate() {
            assert!(!alike(change), "{rank}");
        }
        assert!(alike(|summary| summary.next_due = Some(date(2027, 7, 1))));
    }

    #[test]
    fn what_was_found_is_stored_when_all_but_the_count_of_its_changes_is() {
        let row = |organisme: &str, changes| FoundRow {
            dossier: 1,
            case_id: 1,
            organisme: organisme.to_owned(),
            changes,
            found: Vec::new(),
        };
        assert!(is_stored(Some(&row("Boréal", 4)), &row("Boréal", 0)));
        assert!(!is_stored(Some(&row("Boréal", 4)), &row("Cap", 0)));
        assert!(!is_stored(None, &row("Boréal", 0)));
    }
}

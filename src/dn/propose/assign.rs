//! One field for one key: which pairs are the best on both sides, and by how much.

use std::collections::{BTreeMap, BTreeSet};

use label::case::keys::Key;

/// What separates the best from the next, in thousandths: nearer ones are a doubt.
const MARGIN: u32 = 40;

/// Pairs, and for the other keys the fields between which nothing decides.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    pub pairs: BTreeMap<Key, (usize, u32)>,
    pub doubts: BTreeMap<Key, Vec<usize>>,
}

/// `scores`: each key with the rank of a field and how sure it is.
pub(super) fn assign(scores: &[(Key, usize, u32)], enough: u32) -> Assigned {
    let mut assigned = Assigned::default();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    loop {
        let free: Vec<&(Key, usize, u32)> = scores
            .iter()
            .filter(|(key, field, _)| !assigned.pairs.contains_key(key) && !taken.contains(field))
            .collect();
        let clear = |pair: &&&(Key, usize, u32)| {
            let (key, field, score) = **pair;
            *score >= enough
                && free.iter().all(|(other, at, rival)| {
                    let same_key = other == key && at != field;
                    let same_field = at == field && other != key;
                    !(same_key || same_field) || rival + MARGIN <= *score
                })
        };
        let mut best: Vec<_> = free.iter().filter(clear).copied().copied().collect();
        best.sort_by_key(|(_, _, score)| std::cmp::Reverse(*score));
        if best.is_empty() {
            break;
        }
        for (key, field, score) in best {
            assigned.pairs.insert(key, (field, score));
            taken.insert(field);
        }
    }
    for (key, field, score) in scores {
        if !assigned.pairs.contains_key(key) && !taken.contains(field) {
            let best = scores.iter().filter(|(other, at, _)| other == key && !taken.contains(at));
            let best = best.map(|(_, _, score)| *score).max().unwrap_or_default();
            if score + MARGIN > best {
                assigned.doubts.entry(*key).or_default().push(*field);
            }
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_goes_to_one_key_and_a_tie_to_none() {
        let scores = [
            (Key::AuditDebut, 0, 1000),
            (Key::AuditFin, 0, 900),
            (Key::AuditFin, 1, 800),
            (Key::DecisionLe, 2, 800),
            (Key::DecisionLe, 3, 790),
        ];
        let assigned = assign(&scores, 660);
        assert_eq!(assigned.pairs, [(Key::AuditDebut, (0, 1000)), (Key::AuditFin, (1, 800))].into());
        assert_eq!(assigned.doubts, [(Key::DecisionLe, vec![2, 3])].into());
    }
}

//! Decisions that are in doubt: the certification body is told of each doubt once, when it appears.

use crate::case::Case;
use crate::case::facts::Facts;
use crate::judge::Review;
use crate::judge::finding::What;
use crate::outgoing::Letter;
use crate::plan::known::Known;
use crate::wording::found::Found;
use crate::wording::notices;

/// A doubt to tell: the dossier, the number that tells the doubt from the others, and the letter.
pub(super) struct Doubted<'a> {
    pub facts: &'a Facts,
    pub id: u64,
    pub letter: Letter,
}

/// The doubts that were not there when the case was last judged, and those whose mail was put since. What stood in a dossier
/// at its first judgement is told if its decision, or the dossier itself, is not older than what is told.
pub(super) fn doubts<'a>(review: &Review, case: &'a Case, known: &Known) -> Vec<Doubted<'a>> {
    let doubted = |number: i64| {
        let mut of_it = review.findings.iter().filter(|finding| finding.dossier == number);
        of_it.any(|finding| matches!(&finding.what, What::Coherence(one) if one.doubts_decision()))
    };
    // The identity of a finding costs a hash: it is worked out for the few dossiers that need it.
    let dossiers = case.dossiers.iter().filter(|facts| doubted(facts.number));
    let told = dossiers.flat_map(|facts| {
        let found = Found::of(review, facts.number).into_iter();
        let doubts = found.filter(|one| one.doubts_decision && one.is_fault());
        let put = |id: u64| {
            known.mails.iter().any(|key| (key.dossier, key.code.doubt()) == (facts.number, Some(id)))
        };
        let new = move |id: u64| match known.doubted.get(&facts.number) {
            Some(before) => !before.contains(&id),
            None => is_recent(review, facts, known),
        };
        doubts.filter_map(move |one| {
            let id = one.number()?;
            (put(id) || new(id)).then(|| Doubted { facts, id, letter: notices::doubted(facts, &one) })
        })
    });
    told.collect()
}

fn is_recent(review: &Review, facts: &Facts, known: &Known) -> bool {
    let of_it = review.entries.iter().filter(|entry| entry.event.dossier == facts.number);
    let days = of_it.filter_map(|entry| entry.event.notified.max(entry.event.on()));
    days.chain([facts.deposited]).any(|day| day >= known.since)
}

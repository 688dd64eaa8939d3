//! The notices of a label to other programs: its decisions, as for the mails to DITP, and its expiry.
//!
//! A notice holds no personal data: the service, its label, the decision and its days, under the register's names.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame};
use crate::guide::calendar::add_days;
use crate::judge::Review;
use crate::life::State;
use crate::outgoing::{
    CorrectedDecision, Data, Instead, LastTold, Notice, NoticeData, NoticeKey, NoticeKind, Rectification,
};
use crate::plan::corrections::{Heard, announced_beside, is_legible, rectifications};
use crate::plan::occasion::occasion;

/// Every notice that one receiver should have been sent by today about events since `since`, including those that were.
#[must_use]
pub fn wanted_notices(
    review: &Review,
    case: &Case,
    frame: &Frame,
    since: Date,
    heard: Heard<'_>,
) -> Vec<Notice> {
    let decided = review.decisions().filter_map(|event| {
        let kind = kind(event.decision)?;
        let day = occasion(event, review, case, frame, since)?;
        let data = data(event.dossier, Some(event), review, case);
        let remplace = announced_beside(event, review, heard)?.instead;
        Some(notice(kind, day, Data { remplace, ..data }))
    });
    decided.chain(expiry(review, case, since)).collect()
}

fn kind(decision: Decision) -> Option<NoticeKind> {
    Some(match decision {
        Decision::Labellise => NoticeKind::Awarded,
        Decision::PalierSuperieur => NoticeKind::Raised,
        Decision::Suspension => NoticeKind::Suspended,
        Decision::Levee => NoticeKind::Lifted,
        Decision::Retrait => NoticeKind::Withdrawn,
        Decision::Rejete | Decision::Confirme | Decision::PlanActions => return None,
    })
}

fn expiry(review: &Review, case: &Case, since: Date) -> Option<Notice> {
    let ends = review.label.as_ref().filter(|_| !case.label_is_doubtful())?.ends;
    let over = review.state == State::Expire && ends < review.today && ends >= since;
    over.then(|| notice(NoticeKind::Expired, ends, data(case.id, None, review, case)))
}

/// What one receiver is to be told again: of each dossier, the decisions that no longer are as they were told.
#[must_use]
pub fn to_correct(
    review: &Review,
    case: &Case,
    frame: &Frame,
    heard: Heard<'_>,
) -> BTreeMap<i64, Vec<CorrectedDecision>> {
    let mut by_dossier: BTreeMap<i64, Vec<CorrectedDecision>> = BTreeMap::new();
    if case.label_is_doubtful() {
        return by_dossier;
    }
    let rectifications = rectifications(heard, review).into_iter();
    for Rectification { last, now } in rectifications.filter(|one| is_legible(one.last.dossier, case, frame))
    {
        by_dossier.entry(last.dossier).or_default().push(CorrectedDecision {
            decision: last.decision,
            annulee: now.is_none(),
            palier: now.and_then(|now| now.tier),
            date_effet: now.map(|now| now.on),
            date_annoncee: last.day(),
        });
    }
    by_dossier
}

/// A corrective notice that was put for a receiver and not told: it waits, or was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// Number of the dossier that it is about.
    pub dossier: i64,
    /// The day of its key.
    pub day: Date,
    /// The decisions that it corrects, with the values that it says.
    pub corrige: Vec<CorrectedDecision>,
    /// True once its sending was given up; false while it waits.
    pub given_up: bool,
    /// It was given up, and its receiver was reached since: it is tried again.
    pub reachable: bool,
}

impl Untold {
    /// Whether all that it says is still to be told: a part of it is not told alone.
    #[must_use]
    pub fn holds(&self, to_correct: &BTreeMap<i64, Vec<CorrectedDecision>>) -> bool {
        let owed = to_correct.get(&self.dossier).map_or(&[][..], Vec::as_slice);
        !self.corrige.is_empty() && self.corrige.iter().all(|one| owed.contains(one))
    }
}

/// One corrective notice for each dossier of which a receiver was told something that no longer holds, save what is in a
/// notice that was put for it already, on whichever day. `taken`: whether a notice of that dossier and day was put.
#[must_use]
pub fn corrective_notices(
    review: &Review,
    case: &Case,
    frame: &Frame,
    heard: Heard<'_>,
    untold: &[Untold],
    taken: impl Fn(&NoticeKey) -> bool,
) -> Vec<Notice> {
    let mut owed = to_correct(review, case, frame, heard);
    // What a receiver did not take after days is not tried again until something reaches it, unless it was told of the
    // decision since.
    let since = |one: &CorrectedDecision, put: &Untold| {
        let day = |last: &LastTold| one.date_annoncee.is_none_or(|day| last.day() == Some(day));
        let of = |last: &&LastTold| (last.dossier, last.decision) == (put.dossier, one.decision) && day(last);
        heard.told.iter().filter(of).all(|last| put.day >= last.told)
    };
    let standing: Vec<&Untold> = untold.iter().filter(|put| put.given_up || put.holds(&owed)).collect();
    for put in standing {
        let covers = |one: &CorrectedDecision| {
            put.corrige.contains(one) && (!put.given_up || (!put.reachable && since(one, put)))
        };
        owed.entry(put.dossier).or_default().retain(|one| !covers(one));
    }
    owed.retain(|_, corrige| !corrige.is_empty());
    let notice = |(dossier, corrige): (i64, Vec<CorrectedDecision>)| {
        let key = |day| NoticeKey::Label { dossier, kind: NoticeKind::Corrected, day };
        // The same thing is told under the same key: the receiver may have it, and its answer have been lost.
        let again = |put: &&Untold| put.reachable && put.dossier == dossier && put.corrige == corrige;
        let mut day = review.today;
        if let Some(put) = untold.iter().rfind(again) {
            day = put.day;
        } else {
            while taken(&key(day)) && day < Date::MAX {
                day = add_days(day, 1);
            }
        }
        notice(NoticeKind::Corrected, day, Data { corrige, ..data(dossier, None, review, case) })
    };
    owed.into_iter().map(notice).collect()
}

/// The decision that a notice of this kind announces.
#[must_use]
pub fn announces(kind: NoticeKind) -> Option<Decision> {
    match kind {
        NoticeKind::Awarded => Some(Decision::Labellise),
        NoticeKind::Raised => Some(Decision::PalierSuperieur),
        NoticeKind::Suspended => Some(Decision::Suspension),
        NoticeKind::Lifted => Some(Decision::Levee),
        NoticeKind::Withdrawn => Some(Decision::Retrait),
        _ => None,
    }
}

fn notice(kind: NoticeKind, day: Date, data: Data) -> Notice {
    let dossier = data.dossier;
    let key = NoticeKey::Label { dossier, kind, day };
    Notice { key, kind, dossier, data: NoticeData::Label(Box::new(data)) }
}

fn data(dossier: i64, event: Option<&Event>, review: &Review, case: &Case) -> Data {
    let facts = case.dossiers.iter().find(|facts| facts.number == dossier).or(case.current());
    let text = |key| facts.and_then(|facts| facts.text(key)).map(str::to_owned);
    let standing = review.standing();
    // What is told of a decision is about the period that it opened or changed, not about the one of the day.
    let decided = event.and_then(|event| review.decided(event, case));
    let tier = match &decided {
        Some(decided) => decided.tier,
        None => standing.and_then(|label| label.tier),
    };
    let period = decided.as_ref().map(|decided| (decided.period.starts, decided.period.last_day()));
    let period = period.or(standing.map(|label| (label.starts, label.last_day())));
    Data {
        case: review.case,
        dossier,
        nom: review.name.clone(),
        siret: facts.and_then(|facts| facts.siret.clone()),
        departement: text(Key::Departement),
        organisme: facts.and_then(|facts| review.body_of(facts.number)).map(str::to_owned),
        palier: tier.map(|tier| tier.key()),
        statut: review.state.key(),
        decision: event.map(|event| event.decision.key()),
        date_decision: event.and_then(|event| event.decided),
        date_notification: event.and_then(|event| event.notified),
        date_effet: event.and_then(|event| event.effective),
        nature: decided.map(|decided| decided.change.key()),
        debut_periode: period.map(|(starts, _)| starts),
        date_fin: period.map(|(_, ends)| ends),
        remplace: Instead::All,
        corrige: Vec::new(),
    }
}

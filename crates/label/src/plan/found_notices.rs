//! The notices of what goes on in a dossier: its findings that are new, its decisions that are doubtful, its deadlines.

use jiff::civil::Date;

use crate::case::{Case, Frame, body_name};
use crate::judge::Review;
use crate::judge::agenda::{Due, Status};
use crate::outgoing::{DeadlineData, FoundData, Notice, NoticeData, NoticeKey, NoticeKind, ToldFinding};
use crate::wording::findings::due_title;
use crate::wording::found::Found;

/// The findings of a dossier by its last two judgements.
#[derive(Clone, Copy, Debug)]
pub struct FoundChange<'a> {
    /// Number of the dossier on the platform.
    pub dossier: i64,
    /// `None`: it was never judged.
    pub before: Option<&'a [Found]>,
    /// How often they had changed before.
    pub after: i64,
    /// What the last judgement found.
    pub now: &'a [Found],
}

/// A notice about findings that was put for a receiver, and not cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutFound {
    /// Its key; a notice whose key is no [`NoticeKey::Found`] is left out of account.
    pub key: NoticeKey,
    /// The findings that it names.
    pub ids: Vec<String>,
    /// It reached its receiver.
    pub told: bool,
}

impl PutFound {
    fn is(&self, dossier: i64, of: NoticeKind) -> bool {
        matches!(self.key, NoticeKey::Found { dossier: number, kind, .. } if (number, kind) == (dossier, of))
    }

    fn is_after(&self, changes: i64) -> bool {
        matches!(self.key, NoticeKey::Found { after, .. } if after == changes)
    }
}

/// The notices about the findings of one dossier that a receiver is owed and that were not put: what was not found before,
/// all together. `from`: a dossier that was never judged is told about if it was deposited since; `put`: what was put for
/// that receiver.
#[must_use]
pub fn found_notices(
    review: &Review,
    case: &Case,
    change: FoundChange<'_>,
    put: &[PutFound],
    from: impl Fn(NoticeKind) -> Option<Date>,
) -> Vec<Notice> {
    let dossier = change.dossier;
    let Some(facts) = case.dossier(dossier) else { return Vec::new() };
    let faults = |of: &'_ [Found]| of.iter().filter(|one| one.is_fault()).cloned().collect::<Vec<Found>>();
    let (before, now) = (change.before.map(faults), faults(change.now));
    let lacks = |of: &[Found], one: &Found| !of.iter().any(|other| other.id == one.id);
    let kinds = [NoticeKind::Findings, NoticeKind::Doubtful, NoticeKind::NoLongerDoubtful];
    let notice = |kind: NoticeKind| {
        let from = from(kind)?;
        let before: &[Found] = match &before {
            Some(before) => before,
            None if facts.deposited >= from => &[],
            None => return None,
        };
        let again: Vec<&PutFound> =
            put.iter().filter(|one| one.is(dossier, kind) && one.is_after(change.after)).collect();
        let said = |one: &&Found| again.iter().any(|put| put.ids.contains(&one.id));
        let was_doubtful = |one: &&Found| {
            put.iter().any(|put| put.is(dossier, NoticeKind::Doubtful) && put.ids.contains(&one.id))
        };
        let told: Vec<&Found> = match kind {
            NoticeKind::NoLongerDoubtful => {
                let gone = before.iter().filter(|one| one.doubts_decision && lacks(&now, one));
                gone.filter(was_doubtful).collect()
            }
            kind => {
                let doubts = kind == NoticeKind::Doubtful;
                now.iter().filter(|one| one.doubts_decision == doubts && lacks(before, one)).collect()
            }
        };
        let told: Vec<ToldFinding> = told.into_iter().filter(|one| !said(one)).map(told_finding).collect();
        if told.is_empty() {
            return None;
        }
        let part = u8::try_from(again.len()).unwrap_or(u8::MAX).saturating_add(1);
        let key = NoticeKey::Found { dossier, kind, day: review.today, after: change.after, part };
        let data = FoundData {
            case: review.case,
            dossier,
            nom: review.name.clone(),
            siret: facts.siret.clone(),
            organisme: review.body_of(dossier).map(str::to_owned),
            constats: told,
            ouverts: now.len(),
        };
        Some(Notice { key, kind, dossier, data: NoticeData::Found(data) })
    };
    kinds.into_iter().filter_map(notice).collect()
}

fn told_finding(found: &Found) -> ToldFinding {
    let of_the_guide = |text: &String| (found.rule != "DN").then(|| text.clone());
    ToldFinding {
        id: found.id.clone(),
        regle: of_the_guide(&found.rule),
        section: of_the_guide(&found.section),
        niveau: found.level,
        qui: found.owner.clone(),
        champ: found.field,
    }
}

/// Whether a notice about findings is still true: one of those that it names stands, or none when it says that they went.
#[must_use]
pub fn still_found(kind: NoticeKind, ids: &[String], now: &[Found]) -> bool {
    let stands = |id: &String| now.iter().any(|one| one.is_fault() && one.id == *id);
    match kind {
        NoticeKind::NoLongerDoubtful => !ids.iter().any(stands),
        _ => ids.iter().any(stands),
    }
}

/// Every notice that a receiver should have been sent by today about deadlines of the guide with which somebody can be late:
/// the last working day came since `from`, and nothing shows that what was due is done.
#[must_use]
pub fn deadline_notices(review: &Review, case: &Case, frame: &Frame, from: Date) -> Vec<Notice> {
    if !review.state.is_living() && review.next_of_the_guide().is_none() {
        return Vec::new();
    }
    let reached = |due: &&Due| {
        let day = due.deadline.extended;
        let counts = due.obligation.is_of_the_guide() && !due.obligation.is_soft() && !due.only_opens();
        counts && due.is_open() && day <= review.today && day >= from
    };
    let notice = |due: &Due| {
        let facts = case.dossier(due.dossier)?;
        let (code, rule, section) = due.obligation.reference();
        let (obligation, occurrence, day) = (due.obligation, due.occurrence, due.deadline.extended);
        let body = body_name(facts, frame);
        let data = DeadlineData {
            case: review.case,
            dossier: due.dossier,
            nom: review.name.clone(),
            siret: facts.siret.clone(),
            organisme: (!body.is_empty()).then(|| body.to_owned()),
            code: code.to_owned(),
            occurrence,
            titre: due_title(due),
            regle: rule.to_owned(),
            section: section.to_owned(),
            qui: obligation.owner().key(),
            date_echeance: due.deadline.nominal,
            jour_ouvre: day,
            en_retard: due.status == Status::Late,
        };
        let key = NoticeKey::Deadline { dossier: due.dossier, day, obligation, occurrence };
        let (kind, dossier) = (NoticeKind::Deadline, due.dossier);
        Some(Notice { key, kind, dossier, data: NoticeData::Deadline(data) })
    };
    review.agenda.iter().filter(reached).filter_map(notice).collect()
}

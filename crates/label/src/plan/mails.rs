//! Every mail that a case calls for: the stages of its deadlines, its decisions, deposits, and preparations of an audit.
//! The list does not depend on what was sent; the caller removes the mails that are in the ledger.

use jiff::civil::Date;

use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame};
use crate::guide::calendar::add_days;
use crate::guide::surveys::SurveyKind;
use crate::guide::surveys::validity::user_answers_required;
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Role, Stage, StageName, Status};
use crate::judge::finding::{Finding, Level, What};
use crate::outgoing::{CalendarEvent, Letter, Mail, MailCode, MailKey, deadline_uid, is_single};
use crate::plan::corrections::{
    Heard, announced, announced_beside, corrections, over, suspension_announced, told_last,
};
use crate::plan::dates_gone::{dates_back, dates_gone};
use crate::plan::doubts::{Doubted, doubts};
use crate::plan::known::{Known, Told, Unreachable};
use crate::plan::occasion::{is_decided, is_too_old, occasion};
use crate::wording::{addressed, again, decided, letters, notices};

/// A date told more than this many days ago is not replaced: the next mail of its kind is about another event.
const REPLACED_DAYS: i32 = 31;

/// Every mail that should have been sent by today, including those that were.
#[must_use]
pub fn wanted_mails(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Mail> {
    wanted_without(review, case, frame, known, |_| false)
}

/// The same without the reminders that `put` names: nobody writes the letter of one that was put long ago.
pub(super) fn wanted_without(
    review: &Review,
    case: &Case,
    frame: &Frame,
    known: &Known,
    put: impl Fn(&MailKey) -> bool,
) -> Vec<Mail> {
    let since = known.since;
    let mut mails = Vec::new();
    reminders(&mut mails, review, case, known, put);
    for event in told_of(review) {
        decisions(&mut mails, event, review, case, frame, known);
    }
    without_list_told(&mut mails, known, review.today);
    mails.extend(corrections(review, case, frame, known));
    for facts in &case.dossiers {
        arrivals(&mut mails, review, facts, since);
        if !is_decided(review, facts) {
            preparations(&mut mails, review, facts, frame, since);
        }
    }
    let doubts = doubts(review, case, known).into_iter();
    mails.extend(doubts.map(|Doubted { facts, id, letter }| {
        mail(facts.number, MailCode::Doubted(id), facts.deposited, Role::Organisme, letter)
    }));
    let mut days = dates_gone(review, case, known);
    days.extend(dates_back(review, case, known, &mails));
    mails.extend(days.into_iter().map(|one| mail(one.dossier, one.code, one.day, one.role, one.letter)));
    if let Some(Unreachable { since, reached }) = known.unreachable {
        let letter = notices::unreachable(review, case, since, reached);
        let told = mail(case.id, MailCode::Address, since, Role::Organisme, letter);
        mails.push(Mail { urgent: true, ..told });
    }
    for mail in &mut mails {
        addressed::address(mail, review, case);
        mail.replaces = replaced(mail, &known.told, review.today);
        if let Some(before) = mail.replaces {
            mail.letter.paragraphs.insert(1.min(mail.letter.paragraphs.len()), notices::replaces(before));
        }
    }
    mails
}

/// DITP is told once of a withdrawal: the mail that announces it names the day on which the label leaves the list. O-30 only
/// recalls it later.
fn without_list_told(mails: &mut Vec<Mail>, known: &Known, today: Date) {
    let announces =
        |key: &MailKey| key.code == MailCode::Decision(Decision::Retrait) && key.role == Role::Ditp;
    let sent = known.told.iter().rfind(|told| announces(&told.key)).map(|told| told.on);
    let leaves = mails.iter().any(|mail| announces(&mail.key) && !is_put(mail, known));
    let Some(told) = sent.or(leaves.then_some(today)) else { return };
    let unlist = MailCode::Deadline { obligation: Obligation::Unlist, occurrence: 0 };
    mails.retain(|mail| mail.key.code != unlist || mail.role != Role::Ditp || mail.from > told);
}

fn mail(dossier: i64, code: MailCode, day: Date, role: Role, letter: Letter) -> Mail {
    let key = MailKey { dossier, code, day, stage: StageName::Notice, role };
    let rule = letter.rule.clone();
    let (from, last_day, urgent, zone, replaces) = (day, None, false, None, None);
    Mail { key, dossier, role, rule, letter, day, from, last_day, urgent, zone, replaces }
}

/// Whether the ledger holds this mail, under its key or under the key of an earlier version.
pub(super) fn is_put(mail: &Mail, known: &Known) -> bool {
    let (wanted, keys) = (mail.key, &known.mails);
    let otherwise = match wanted.code {
        // A dossier is awarded or refused once. Earlier versions put the day of the decision into the key, now it is the day
        // of the deposit.
        MailCode::Decision(Decision::Labellise | Decision::Rejete) => {
            keys.iter().any(|key| MailKey { day: wanted.day, ..*key } == wanted)
        }
        // Earlier versions had one deadline for the two limits of a suspension, at the nearer one.
        MailCode::Deadline { obligation: Obligation::Suspension, occurrence } => {
            let code = MailCode::Deadline { obligation: Obligation::Suspension, occurrence: 0 };
            let began = wanted.stage == StageName::Start;
            let told = |key: &MailKey| {
                let same = MailKey { day: wanted.day, ..*key } == MailKey { code, ..wanted };
                let nearer =
                    || (mail.from..=mail.day).contains(&key.day) && !began_otherwise(mail, key, known);
                same && if began { nearer() } else { key.day == wanted.day }
            };
            (began || occurrence > 0) && keys.iter().any(told)
        }
        MailCode::Stale => {
            let code = MailCode::Deadline { obligation: Obligation::SurveyFresh, occurrence: 0 };
            keys.contains(&MailKey { code, stage: StageName::Stale, ..wanted })
        }
        _ => false,
    };
    otherwise || keys.contains(&wanted)
}

/// Whether the mail of that key told of the beginning of another suspension than `mail` does, or of that day before it moved:
/// its limit may well lie inside this one.
fn began_otherwise(mail: &Mail, key: &MailKey, known: &Known) -> bool {
    let since = mail.letter.announced.map(|announced| announced.on);
    known.told.iter().rfind(|told| told.key == *key).is_some_and(|told| match told.announced {
        Some(announced) => Some(announced.on) != since,
        // Earlier versions did not say it.
        None => told.on < mail.from,
    })
}

/// The date that this reader was last told for the same obligation or event, when it is another date.
fn replaced(mail: &Mail, told: &[Told], today: Date) -> Option<Date> {
    let MailKey { dossier, code, role, .. } = mail.key;
    if !code.is_movable() {
        return None;
    }
    let same = |told: &&Told| (told.key.dossier, told.key.code, told.key.role) == (dossier, code, role);
    let before = told.iter().rfind(same)?.key.day;
    (before != mail.day && before >= add_days(today, -REPLACED_DAYS)).then_some(before)
}

/// At most one mail per deadline and reader, for the latest stage reached.
fn reminders(
    mails: &mut Vec<Mail>,
    review: &Review,
    case: &Case,
    known: &Known,
    put: impl Fn(&MailKey) -> bool,
) {
    for due in &review.agenda {
        if due.ends() < known.since || (due.obligation.fades() && review.today > due.horizon) {
            continue;
        }
        let central = case.central_is_known();
        // Whose label it is must be known before anybody but the body is reminded of what follows from it.
        let only_body = case.label_is_doubtful() && due.obligation.follows_a_decision();
        let told = |role: &Role| match role {
            Role::Organisme => true,
            Role::Central => central && !only_body,
            Role::Candidat | Role::Ditp => !only_body,
        };
        for role in Role::ALL.into_iter().filter(told) {
            let Some(stage) = due.stage(role, review.today) else { continue };
            let Due { obligation, occurrence, dossier, .. } = *due;
            let code = MailCode::Deadline { obligation, occurrence };
            let key = MailKey { dossier, code, day: due.deadline.nominal, stage: stage.name, role };
            if put(&key) || is_delay_told(&key, due, review, known) {
                continue;
            }
            let mut letter = letters::reminder(due, stage, role, review, case);
            say_again(&mut letter, &key, due, known, review);
            if due.obligation == Obligation::Suspension && role == Role::Candidat {
                letter.announced = suspension_announced(review, known);
                // It tells both limits of the suspension.
                let other = |one: &&Due| {
                    let ahead = one.deadline.nominal >= review.today && one.occurrence != due.occurrence;
                    one.obligation == Obligation::Suspension && ahead
                };
                let limits = review.agenda.iter().filter(other);
                letter.events.extend(limits.map(|one| letters::event(one, &review.name)));
            }
            let told = mail(dossier, code, key.day, role, letter);
            let (urgent, from, zone) = (is_urgent(due, stage), stage.on, due.zone);
            mails.push(Mail { key, urgent, from, zone, last_day: due.last_day(), ..told });
        }
    }
}

/// Whether this is the mail about a delay to lift a suspension that was told already: with the suspension, or since then. One
/// that was typed later, or changed, is told at once, whichever its days (part C).
fn is_delay_told(key: &MailKey, due: &Due, review: &Review, known: &Known) -> bool {
    if due.obligation != Obligation::Suspension || due.occurrence == 0 || key.stage != StageName::Start {
        return false;
    }
    let limit = review.label.as_ref().and_then(|label| label.suspension.as_ref()).map(|one| one.limit);
    let code = MailCode::Deadline { obligation: Obligation::Suspension, occurrence: 0 };
    let of_it = |told: &Told| {
        (told.key.dossier, told.key.code, told.role) == (key.dossier, code, key.role)
            && Some(told.key.day) == limit
    };
    let (uid, day) = (deadline_uid(due), due.deadline.nominal);
    let gives = |event: &CalendarEvent| event.uid == uid && event.day == day && !event.cancelled;
    let others = known.told.iter().filter(|told| told.role == key.role && told.key != *key);
    // The mail that announces the suspension tells both.
    !known.told.iter().any(of_it) || others.flat_map(|told| &told.events).any(gives)
}

/// A repeated reminder says which one it is and what changed: no reader gets the same text twice.
fn say_again(letter: &mut Letter, key: &MailKey, due: &Due, known: &Known, review: &Review) {
    let suspension = review.label.as_ref().and_then(|label| label.suspension.as_ref());
    let since = suspension.filter(|_| due.obligation == Obligation::Suspension).map(|running| running.since);
    let same = |told: &&Told| {
        let other = told.key != *key;
        match (since, told.key.code) {
            // Each reminder of a suspension tells both of its limits.
            (Some(since), MailCode::Deadline { obligation: Obligation::Suspension, .. }) => {
                let of = (told.key.dossier, told.key.role) == (key.dossier, key.role);
                other && of && told.on >= since
            }
            _ => other && MailKey { stage: key.stage, ..told.key } == *key,
        }
    };
    let before: Vec<Date> = known.told.iter().filter(same).map(|told| told.on).collect();
    let Some(last) = before.last() else { return };
    let rank = before.len() + 1;
    let day = if due.obligation == Obligation::Renewal { due.horizon } else { due.deadline.nominal };
    letter.what = again::subject(&letter.what, rank);
    let said = again::sentence(rank, *last, (!due.only_opens()).then_some(day), review.today);
    letter.paragraphs.insert(1.min(letter.paragraphs.len()), said);
}

/// True for a reminder that is not delayed until the daily digest: lateness, a suspension, the end of a window.
fn is_urgent(due: &Due, stage: &Stage) -> bool {
    due.status == Status::Late
        || due.obligation == Obligation::Suspension
        || (due.window.is_some() && stage.name.is_closing())
}

/// The platform makes an attestation some time after the decision, or never. The copy of the decision for the central
/// service waits a few days for it.
fn has_attestation(event: &Event, review: &Review, case: &Case) -> bool {
    const DAYS: i32 = 3;
    let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier);
    let made = facts.is_some_and(|facts| facts.attestation.is_some());
    let awarded = matches!(event.decision, Decision::Labellise | Decision::PalierSuperieur);
    let told = event.notified.or(event.decided).or(event.on());
    made || !awarded || told.is_some_and(|told| review.today > add_days(told, DAYS))
}

/// The decisions to tell. Of the awards of one dossier, or its refusals, which are told once, the last one written.
fn told_of(review: &Review) -> impl Iterator<Item = &Event> {
    let rewritten = |event: &Event| {
        let mut after = review.decisions().rev().take_while(move |later| *later != event);
        let same = |later: &Event| (later.dossier, later.decision) == (event.dossier, event.decision);
        is_single(event.decision) && after.any(same)
    };
    review.decisions().filter(move |event| !rewritten(event))
}

fn decisions(
    mails: &mut Vec<Mail>,
    event: &Event,
    review: &Review,
    case: &Case,
    frame: &Frame,
    known: &Known,
) {
    let Some(key_day) = occasion(event, review, case, frame, known.since) else { return };
    let code = MailCode::Decision(event.decision);
    let central = case.central_is_known().then_some(Role::Central);
    let central = central.filter(|_| has_attestation(event, review, case));
    // Told to the service by no earlier version.
    let new = matches!(event.decision, Decision::Confirme | Decision::PalierSuperieur | Decision::Levee);
    let service = (!new || !is_too_old(event, known.good_news)).then_some(Role::Candidat);
    for role in service.into_iter().chain([Role::Ditp]).chain(central) {
        if let Some(letter) = decided::decided(event, role, review, case) {
            let (told, over) = (told_last(&known.told, role), over(known, review, role));
            let announced =
                announced_beside(event, review, Heard { told: &told, over: &over, since: known.since });
            mails.push(mail(event.dossier, code, key_day, role, Letter { announced, ..letter }));
        }
    }
    if event.decision == Decision::Rejete
        && let Some(letter) = notices::refused(event, review, case, frame)
    {
        let letter = Letter { announced: announced(event), ..letter };
        mails.push(mail(event.dossier, code, key_day, Role::Candidat, letter));
    }
}

/// Tells the certification body that a dossier was deposited, with its findings; each doubt about a decision has its own mail.
fn arrivals(mails: &mut Vec<Mail>, review: &Review, facts: &Facts, since: Date) {
    if facts.deposited >= since {
        let doubt = |what: &What| matches!(what, What::Coherence(one) if one.doubts_decision());
        let faults = review.faults(Some(facts.number)).filter(|finding| !doubt(&finding.what));
        let faults: Vec<&Finding> = faults.collect();
        let letter = notices::deposited(facts, &faults);
        mails.push(mail(facts.number, MailCode::Deposit, facts.deposited, Role::Organisme, letter));
    }
}

/// Before the audit: its timetable, what will be too old, which answers are missing.
fn preparations(mails: &mut Vec<Mail>, review: &Review, facts: &Facts, frame: &Frame, since: Date) {
    let audit = facts.date(Key::AuditDebut);
    if audit.is_some_and(|audit| audit <= review.today || audit < since) {
        return;
    }
    let number = facts.number;
    let own = |finding: &&Finding| finding.dossier == number && finding.level == Level::Ko;
    if let Some(audit) = audit {
        if Demande::of(facts) != Demande::Extension {
            let letter = notices::retroplanning(facts, audit, frame, review.today);
            let told = mail(number, MailCode::Timetable, audit, Role::Candidat, letter);
            mails.push(Mail { from: facts.deposited, ..told });
        }
        let dated =
            |finding: &&Finding| matches!(finding.what, What::Survey { .. } | What::SelfAssessment { .. });
        let stale: Vec<&Finding> = review.findings.iter().filter(own).filter(dated).collect();
        for role in [Role::Candidat, Role::Organisme].into_iter().filter(|_| !stale.is_empty()) {
            let letter = notices::stale(facts, &stale, audit, role, review.today);
            let told = mail(number, MailCode::Stale, audit, role, letter);
            mails.push(Mail { urgent: true, from: facts.deposited, ..told });
        }
    }
    for finding in review.findings.iter().filter(own) {
        let Some((survey, missing)) = answers_missing(&finding.what) else { continue };
        let closing = match survey {
            SurveyKind::Staff => Key::EnqueteAgentsCloture,
            SurveyKind::Users => Key::EnqueteUsagersCloture,
        };
        let on = facts.date(closing).unwrap_or(facts.deposited);
        let letter = notices::answers_missing(finding, survey, missing);
        if facts.deposited >= since {
            let told = mail(number, MailCode::Survey(survey), on, Role::Candidat, letter);
            let key = MailKey { stage: StageName::Answers, ..told.key };
            mails.push(Mail { key, from: facts.deposited, ..told });
        }
    }
}

fn answers_missing(what: &What) -> Option<(SurveyKind, i64)> {
    match what {
        What::StaffSurvey { admissible, required, .. } if admissible < required => {
            Some((SurveyKind::Staff, required - admissible))
        }
        What::UserSurvey { invited, admissible, .. } => {
            let required = user_answers_required(*invited);
            (*admissible < required).then(|| (SurveyKind::Users, required - admissible))
        }
        _ => None,
    }
}

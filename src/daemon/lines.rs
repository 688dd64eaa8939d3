//! The rows that are saved with each judgement for lists, the register and the statistics, so that no page judges
//! again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::store::cases::Summary;
use crate::store::deadlines::{DeadlineRow, DeadlineStatus};
use crate::store::found::FoundRow;
use crate::store::measures::{MeasureKind, MeasureRow};
use crate::store::narrowed::AUDITOR;
use crate::store::register::ApplicationRow;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Decision, Demande, Event, Frame, Service, body_name};
use label::judge::Review;
use label::judge::agenda::{Due, Obligation, Status};
use label::judge::measures::{ApplicationStep, Measure, Measured, criterion_word, measures};
use label::life::{Standing, last_visit_day};
use label::plain;
use label::wording::found::Found;
use label::wording::{findings, names};

/// The line of a case in lists.
pub(super) fn summary(case: &Case, review: &Review, frame: &Frame) -> Summary {
    let organisme = case.body_name(frame);
    // Where several bodies share the installation, the line is that of the latest dossier's body, with what is its own.
    let own = |dossier: i64| {
        let body = |facts| body_name(facts, frame) == organisme;
        frame.bodies.is_empty() || case.dossier(dossier).is_some_and(body)
    };
    let next = review.next_due_of(&own);
    let tier = review.label.as_ref().and_then(|label| label.tier);
    let current = case.current();
    let found: BTreeSet<String> =
        review.faults(None).filter(|found| own(found.dossier)).map(|found| found.rule.to_owned()).collect();
    let auditor = latest(case, |facts| facts.text(Key::Auditeur).filter(|_| own(facts.number)));
    let text = |key| latest(case, |facts| facts.text(key)).unwrap_or_default().to_owned();
    Summary {
        case_id: review.case,
        name: review.name.clone(),
        service: names::service(review.service).to_owned(),
        type_key: type_key(review.service).to_owned(),
        state: review.state.key().to_owned(),
        tier: tier.map(|tier| tier.key().to_owned()),
        living: is_living(review),
        late: review.agenda.iter().any(|due| due.status == Status::Late && own(due.dossier)),
        faults: i64::try_from(review.faults(None).filter(|found| own(found.dossier)).count())
            .unwrap_or(i64::MAX),
        next_due: next.map(|due| due.deadline.nominal),
        next_what: next.map(findings::due_title),
        siret: latest(case, |facts| facts.siret.as_deref()).map(str::to_owned),
        departement: text(Key::Departement),
        organisme: organisme.to_owned(),
        contact_domain: current.map(contact_domain).unwrap_or_default(),
        auditor: auditor.map(auditor_name).unwrap_or_default(),
        central: case.central_named().filter(|_| case.central_is_known()),
        demarche: current.map_or(0, |facts| facts.demarche),
        dossier: current.map_or(review.case, |facts| facts.number),
        audit: current.and_then(|facts| facts.date(Key::AuditDebut)),
        sites: sites(case, review),
        loss: review.standing().map(Standing::last_day_if_nothing_is_done),
        found: found.into_iter().collect(),
        standings: review.standings.clone(),
        changed_on: None,
    }
}

/// On one line, and cut: the column has an index, which PostgreSQL keeps no longer text in.
fn auditor_name(typed: &str) -> String {
    plain::line(typed).chars().take(AUDITOR).collect::<String>().trim().to_owned()
}

fn contact_domain(facts: &Facts) -> String {
    let contact = facts.contact();
    let first = contact.written.first().or(contact.account.as_ref());
    first.map(|address| address.domain().to_owned()).unwrap_or_default()
}

/// The value of the latest dossier that has one.
fn latest<'a, T>(case: &'a Case, read: impl Fn(&'a Facts) -> Option<T>) -> Option<T> {
    case.dossiers.iter().rev().find_map(read)
}

fn is_living(review: &Review) -> bool {
    review.state.is_living() || review.next_of_the_guide().is_some()
}

/// The form's own word.
fn type_key(service: Service) -> &'static str {
    match service {
        Service::LocalIndependant => "local_independant",
        Service::LocalRattache => "local_rattache",
        Service::Central => "central",
        Service::Unknown => "",
    }
}

/// The sites that the label covers (R-3.8.1-c): those of what was granted, an extension adds its own; before any
/// decision, those that are asked for.
fn sites(case: &Case, review: &Review) -> Vec<String> {
    let granted = |facts: &&Facts| {
        let favourable = |decision| {
            matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur)
        };
        review.decisions().any(|event| event.dossier == facts.number && favourable(event.decision))
    };
    let mut covered: Vec<String> = Vec::new();
    for facts in case.dossiers.iter().filter(granted) {
        let own = sites_of(facts);
        if own.is_empty() {
            continue;
        }
        if Demande::of(facts) != Demande::Extension {
            covered.clear();
        }
        for site in own {
            if !covered.contains(&site) {
                covered.push(site);
            }
        }
    }
    if covered.is_empty() { case.current().map(sites_of).unwrap_or_default() } else { covered }
}

fn sites_of(facts: &Facts) -> Vec<String> {
    let words = |row: &Row, key: Key| match row.get(&key) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    let site = |row: &Row| match (words(row, Key::SiteNom), words(row, Key::SiteCommune)) {
        (Some(name), Some(town)) => Some(format!("{name} ({town})")),
        (name, town) => name.or(town),
    };
    match facts.text(Key::Sites) {
        Some(lines) => {
            lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        None => facts.rows(Key::Sites).iter().filter_map(site).collect(),
    }
}

/// Every obligation of a case, over or not: the page of a case shows the same.
pub(super) fn deadlines(case: &Case, review: &Review, summary: &Summary, frame: &Frame) -> Vec<DeadlineRow> {
    // Where several bodies share the installation, each has the deadlines of its own dossiers.
    let body = |dossier: i64| match frame.bodies.is_empty() {
        true => summary.organisme.as_str(),
        false => case.dossier(dossier).map(|facts| body_name(facts, frame)).unwrap_or_default(),
    };
    let line = |due: &Due| {
        let (code, rule, section) = due.obligation.reference();
        DeadlineRow {
            case_id: review.case,
            dossier: due.dossier,
            code: code.to_owned(),
            occurrence: i64::from(due.occurrence),
            title: findings::due_title(due),
            rule: rule.to_owned(),
            section: section.to_owned(),
            due: due.deadline.nominal,
            extended: due.deadline.extended,
            opens: due.window.map(|window| window.opens),
            status: DeadlineStatus::of(due),
            name: summary.name.clone(),
            organisme: body(due.dossier).to_owned(),
            moves: 0,
            moved_at: 0,
        }
    };
    review.agenda.iter().map(line).collect()
}

/// What was found in each dossier.
pub(super) fn found(case: &Case, review: &Review) -> Vec<FoundRow> {
    let row = |facts: &Facts| FoundRow {
        dossier: facts.number,
        case_id: review.case,
        organisme: review.body_of(facts.number).unwrap_or_default().to_owned(),
        changes: 0,
        found: Found::of(review, facts.number),
    };
    case.dossiers.iter().map(row).collect()
}

/// What the statistics need of each dossier, by number.
pub(super) fn applications(
    case: &Case,
    review: &Review,
    summary: &Summary,
    frame: &Frame,
) -> Vec<ApplicationRow> {
    let body = |facts: &Facts| match (frame.bodies.is_empty(), body_name(facts, frame)) {
        (true, "") => summary.organisme.clone(),
        (_, name) => name.to_owned(),
    };
    let line = |facts: &Facts| {
        let sent = facts.date(Key::RapportTransmisLe).or(facts.date(Key::RapportRecuLe));
        let first = |event: &&Event| event.dossier == facts.number && event.decision != Decision::PlanActions;
        let event = review.decisions().find(first);
        let decided = event.and_then(Event::on);
        ApplicationRow {
            dossier: facts.number,
            case_id: review.case,
            demande: demande(Demande::of(facts)).to_owned(),
            type_key: summary.type_key.clone(),
            organisme: body(facts),
            deposited: facts.deposited,
            audited: last_visit_day(facts),
            plan_met: met(review, facts, Obligation::Plan, facts.date(Key::PlanTransmisLe)),
            report_met: met(review, facts, Obligation::Report, sent),
            outcome: event.map(|event| event.decision.key().to_owned()),
            tier: event.and_then(|event| event.tier).map(|tier| tier.key().to_owned()),
            decided,
            days: decided.map(|day| days_between(facts.deposited, day)),
            measures: measured(review, facts),
        }
    };
    let mut lines: Vec<ApplicationRow> = case.dossiers.iter().map(line).collect();
    lines.sort_by_key(|line| line.dossier);
    lines
}

/// Each figure once: of two alike, the first.
fn measured(review: &Review, facts: &Facts) -> Vec<MeasureRow> {
    let row = |measure: Measure| {
        let (kind, word, number) = match measure.what {
            Measured::Step(step, days) => {
                let word =
                    ApplicationStep::ALL.iter().find(|(one, _)| *one == step).map_or("", |(_, word)| word);
                (MeasureKind::Step, word.to_owned(), days)
            }
            Measured::Delay(code, kept) => (MeasureKind::Delay, code, i64::from(kept)),
            Measured::Limit(criterion) => (MeasureKind::Limit, criterion_word(criterion), 0),
            Measured::Survey(survey, ten) => (MeasureKind::Survey, criterion_word(survey), ten),
        };
        MeasureRow { kind: kind.word().to_owned(), word, day: measure.on, number }
    };
    let mut rows: Vec<MeasureRow> = measures(review, facts).into_iter().map(row).collect();
    rows.sort();
    rows.dedup_by(|one, before| (&one.kind, &one.word) == (&before.kind, &before.word));
    rows
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Whether it was sent by its extended day; none while it is neither sent nor late, or when the form has no such field.
fn met(review: &Review, facts: &Facts, obligation: Obligation, sent: Option<Date>) -> Option<bool> {
    let due = review.agenda.iter().find(|due| due.obligation == obligation && due.dossier == facts.number)?;
    match sent {
        Some(sent) => Some(sent <= due.deadline.extended),
        None => match due.settled {
            Some(on) => Some(on <= due.deadline.extended),
            None => (due.status == Status::Late).then_some(false),
        },
    }
}

fn demande(demande: Demande) -> &'static str {
    match demande {
        Demande::Initial => "initial",
        Demande::Suivi => "suivi",
        Demande::Extension => "extension",
        Demande::Renouvellement => "renouvellement",
    }
}

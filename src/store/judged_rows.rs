//! The rows that a judgement writes of a case: its own, the standings of its label, its deadlines and its applications.

use jiff::civil::Date;

use label::life::Standing;

/// Writes the rows that changed of some judgements, within a transaction. Each comes with its columns that are texts and with
/// what differs from the stored rows. The number of statements grows with the pages of rows, and not with the cases.
macro_rules! save_rows {
    ($tx:expr, $written:expr) => {
        use $crate::store::{judged_rows as rows, many_rows as many};
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let written: Vec<_> = $written;
        many::insert_rows!($tx, written, rows::SAVE_CASE, |line, row| {
            let (judgement, (columns, print), _) = row;
            let (summary, today) = (judgement.summary, judgement.today.to_string());
            line.push_bind(summary.case_id)
                .push_bind(&summary.name)
                .push_bind(&summary.service)
                .push_bind(&summary.state)
                .push_bind(&summary.tier)
                .push_bind(summary.living)
                .push_bind(summary.late)
                .push_bind(summary.faults)
                .push_bind(day(summary.next_due))
                .push_bind(&summary.next_what)
                .push_bind(today.clone())
                .push_bind(label::folding::folded(&summary.name))
                .push_bind(&summary.siret)
                .push_bind(&summary.type_key)
                .push_bind(&summary.departement)
                .push_bind(&summary.organisme)
                .push_bind(summary.central)
                .push_bind(summary.demarche)
                .push_bind(summary.dossier)
                .push_bind(day(summary.audit))
                .push_bind(&columns.sites)
                .push_bind(&columns.standings)
                .push_bind(today)
                .push_bind(day(summary.loss))
                .push_bind(judgement.next_look.to_string())
                .push_bind(&summary.contact_domain)
                .push_bind(&columns.found)
                .push_bind(&summary.auditor)
                .push_bind(label::folding::folded(&summary.auditor))
                .push_bind(*print);
        });
        let changed: Vec<_> = written.iter().filter(|(_, _, changes)| changes.summary).collect();
        let cases = rows::cases_of!(changed);
        many::delete_rows!($tx, cases, "delete from case_findings where case_id in (");
        let found = changed.iter().flat_map(|(judgement, ..)| {
            judgement.summary.found.iter().map(|rule| (rule, judgement.summary.case_id))
        });
        let found: Vec<(&String, i64)> = found.collect();
        many::insert_rows!($tx, found, rows::SAVE_FINDING, |line, row| {
            line.push_bind(row.0).push_bind(row.1);
        });
        many::delete_rows!($tx, cases, "delete from standings where case_id in (");
        let standings = changed.iter().flat_map(|(judgement, ..)| {
            rows::spans(&judgement.summary.standings).map(|span| (judgement.summary.case_id, span))
        });
        let standings: Vec<_> = standings.collect();
        many::insert_rows!($tx, standings, rows::SAVE_STANDING, |line, row| {
            let (case, (since, until, standing)) = row;
            line.push_bind(*case)
                .push_bind(since.to_string())
                .push_bind(until.to_string())
                .push_bind(standing.status.key())
                .push_bind(standing.tier.map(label::Tier::key));
        });
        // The lines repeat the columns that filters use, so they are written again with the case.
        let changed: Vec<_> =
            written.iter().filter(|(_, _, changes)| changes.deadlines || changes.summary).collect();
        let cases = rows::cases_of!(changed);
        many::delete_rows!($tx, cases, "delete from deadlines where case_id in (");
        let deadlines: Vec<_> = many::last_of_each(
            changed.iter().flat_map(|(judgement, _, changes)| {
                changes.moved.iter().map(|line| (judgement.summary, line))
            }),
            |(_, line)| (line.dossier, line.code.as_str(), line.occurrence),
        );
        many::insert_rows!($tx, deadlines, rows::SAVE_DEADLINE, |line, row| {
            let (summary, deadline) = row;
            line.push_bind(deadline.case_id)
                .push_bind(deadline.dossier)
                .push_bind(&deadline.code)
                .push_bind(deadline.occurrence)
                .push_bind(&deadline.title)
                .push_bind(&deadline.rule)
                .push_bind(&deadline.section)
                .push_bind(deadline.due.to_string())
                .push_bind(deadline.extended.to_string())
                .push_bind(day(deadline.opens))
                .push_bind(deadline.status.word())
                .push_bind(&deadline.name)
                .push_bind(&deadline.organisme)
                .push_bind(deadline.moves)
                .push_bind(deadline.moved_at)
                .push_bind(label::folding::folded(&summary.name))
                .push_bind(&summary.state)
                .push_bind(&summary.type_key)
                .push_bind(&summary.tier);
        });
        let changed: Vec<_> = written.iter().filter(|(_, _, changes)| changes.applications).collect();
        let cases = rows::cases_of!(changed);
        many::delete_rows!($tx, cases, "delete from applications where case_id in (");
        many::delete_rows!($tx, cases, "delete from dossier_measures where case_id in (");
        let applications: Vec<_> = many::last_of_each(
            changed.iter().flat_map(|(judgement, (columns, _), _)| {
                judgement.applications.iter().zip(&columns.measures)
            }),
            |(line, _)| line.dossier,
        );
        many::insert_rows!($tx, applications, rows::SAVE_APPLICATION, |line, row| {
            let (application, measures) = row;
            line.push_bind(application.dossier)
                .push_bind(application.case_id)
                .push_bind(&application.demande)
                .push_bind(&application.type_key)
                .push_bind(&application.organisme)
                .push_bind(application.deposited.to_string())
                .push_bind(day(application.audited))
                .push_bind(application.plan_met)
                .push_bind(application.report_met)
                .push_bind(&application.outcome)
                .push_bind(&application.tier)
                .push_bind(day(application.decided))
                .push_bind(application.days)
                .push_bind(*measures);
        });
        let measures: Vec<_> = many::last_of_each(
            applications
                .iter()
                .flat_map(|(application, _)| application.measures.iter().map(|one| (*application, one))),
            |(application, one)| (one.kind.as_str(), one.word.as_str(), application.dossier),
        );
        many::insert_rows!($tx, measures, rows::SAVE_MEASURE, |line, row| {
            let (application, measure) = row;
            line.push_bind(&measure.kind)
                .push_bind(&measure.word)
                .push_bind(application.dossier)
                .push_bind(application.case_id)
                .push_bind(measure.day.to_string())
                .push_bind(measure.number);
        });
    };
}
pub(super) use save_rows;

/// The cases of some judgements.
macro_rules! cases_of {
    ($changed:expr) => {
        $changed.iter().map(|(judgement, ..)| judgement.summary.case_id).collect::<Vec<i64>>()
    };
}
pub(super) use cases_of;

/// Each standing with its first day and the first day of the next one.
pub(super) fn spans(standings: &[(Date, Standing)]) -> impl Iterator<Item = (Date, Date, &Standing)> {
    let next = standings.iter().skip(1).map(|(since, _)| *since).chain([Date::MAX]);
    standings.iter().zip(next).map(|((since, standing), until)| (*since, until, standing))
}

pub(super) const SAVE_CASE: (&str, &str) = (
    "insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on,
        folded, siret, type_key, departement, organisme, central, demarche, dossier, audit, sites, standings, changed_on,
        loss, next_look, contact_domain, found, auditor, auditor_folded, rows_print) ",
    " on conflict (case_id) do update set
        changed_on = case when cases.state = excluded.state and cases.tier is not distinct from excluded.tier
            and cases.late = excluded.late and cases.faults = excluded.faults
            and cases.next_due is not distinct from excluded.next_due
            and cases.next_what is not distinct from excluded.next_what and cases.changed_on <> ''
            then cases.changed_on else excluded.changed_on end,
        name = excluded.name, service = excluded.service, state = excluded.state,
        tier = excluded.tier, living = excluded.living, late = excluded.late, faults = excluded.faults,
        next_due = excluded.next_due, next_what = excluded.next_what, judged_on = excluded.judged_on,
        folded = excluded.folded, siret = excluded.siret, type_key = excluded.type_key,
        departement = excluded.departement, organisme = excluded.organisme, central = excluded.central,
        demarche = excluded.demarche, dossier = excluded.dossier, audit = excluded.audit, sites = excluded.sites,
        standings = excluded.standings, loss = excluded.loss, next_look = excluded.next_look,
        contact_domain = excluded.contact_domain, found = excluded.found, auditor = excluded.auditor,
        auditor_folded = excluded.auditor_folded, rows_print = excluded.rows_print",
);

pub(super) const SAVE_STANDING: (&str, &str) =
    ("insert into standings (case_id, since, until, status, tier) ", "");

pub(super) const SAVE_DEADLINE: (&str, &str) = (
    "insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name,
        organisme, moves, moved_at, folded, state, type_key, tier) ",
    " on conflict (dossier, code, occurrence) do update set case_id = excluded.case_id, title = excluded.title,
        rule = excluded.rule, section = excluded.section, due = excluded.due, extended = excluded.extended,
        opens = excluded.opens, status = excluded.status, name = excluded.name, organisme = excluded.organisme,
        moves = deadlines.moves + 1, moved_at = excluded.moved_at, folded = excluded.folded, state = excluded.state,
        type_key = excluded.type_key, tier = excluded.tier",
);

pub(super) const SAVE_APPLICATION: (&str, &str) = (
    "insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met,
        outcome, tier, decided, days, measures) ",
    " on conflict (dossier) do update set case_id = excluded.case_id, demande = excluded.demande,
        type_key = excluded.type_key, organisme = excluded.organisme, deposited = excluded.deposited,
        audited = excluded.audited, plan_met = excluded.plan_met, report_met = excluded.report_met,
        outcome = excluded.outcome, tier = excluded.tier, decided = excluded.decided, days = excluded.days,
        measures = excluded.measures",
);

pub(super) const SAVE_MEASURE: (&str, &str) = (
    "insert into dossier_measures (kind, word, dossier, case_id, day, number) ",
    " on conflict (kind, word, dossier) do update set case_id = excluded.case_id, day = excluded.day,
        number = excluded.number",
);

pub(super) const SAVE_FINDING: (&str, &str) = ("insert into case_findings (rule, case_id) ", "");

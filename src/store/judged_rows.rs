//! The rows that a judgement writes of one case: its own, the standings of its label, its deadlines and its applications.

use jiff::civil::Date;

use label::life::Standing;

/// Writes the rows of one case that changed, within a transaction.
macro_rules! save_rows {
    ($tx:expr, $judgement:expr, $columns:expr, $changes:expr) => {
        let (judgement, changes) = ($judgement, $changes);
        let summary = judgement.summary;
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        if !changes.none() {
            $crate::store::sql::query($crate::store::judged_rows::SAVE_CASE)
                .bind(summary.case_id)
                .bind(&summary.name)
                .bind(&summary.service)
                .bind(&summary.state)
                .bind(&summary.tier)
                .bind(summary.living)
                .bind(summary.late)
                .bind(summary.faults)
                .bind(day(summary.next_due))
                .bind(&summary.next_what)
                .bind(judgement.today.to_string())
                .bind(label::folding::folded(&summary.name))
                .bind(&summary.siret)
                .bind(&summary.type_key)
                .bind(&summary.departement)
                .bind(&summary.organisme)
                .bind(summary.central)
                .bind(summary.demarche)
                .bind(summary.dossier)
                .bind(day(summary.audit))
                .bind(&$columns.sites)
                .bind(&$columns.standings)
                .bind(day(summary.loss))
                .bind(judgement.next_look.to_string())
                .bind(&summary.contact_domain)
                .bind(&$columns.found)
                .bind(&summary.auditor)
                .bind(label::folding::folded(&summary.auditor))
                .execute(&mut *$tx)
                .await?;
        }
        if changes.summary {
            $crate::store::sql::query("delete from case_findings where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for rule in &summary.found {
                $crate::store::sql::query("insert into case_findings (rule, case_id) values ($1, $2)")
                    .bind(rule)
                    .bind(summary.case_id)
                    .execute(&mut *$tx)
                    .await?;
            }
            $crate::store::sql::query("delete from standings where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for (since, until, standing) in $crate::store::judged_rows::spans(&summary.standings) {
                $crate::store::sql::query($crate::store::judged_rows::SAVE_STANDING)
                    .bind(summary.case_id)
                    .bind(since.to_string())
                    .bind(until.to_string())
                    .bind(standing.status.key())
                    .bind(standing.tier.map(label::Tier::key))
                    .execute(&mut *$tx)
                    .await?;
            }
        }
        // The lines repeat the columns that filters use, so they are written again with the case.
        if changes.deadlines || changes.summary {
            $crate::store::sql::query("delete from deadlines where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for line in &changes.moved {
                $crate::store::sql::query($crate::store::judged_rows::SAVE_DEADLINE)
                    .bind(line.case_id)
                    .bind(line.dossier)
                    .bind(&line.code)
                    .bind(line.occurrence)
                    .bind(&line.title)
                    .bind(&line.rule)
                    .bind(&line.section)
                    .bind(line.due.to_string())
                    .bind(line.extended.to_string())
                    .bind(day(line.opens))
                    .bind(line.status.word())
                    .bind(&line.name)
                    .bind(&line.organisme)
                    .bind(line.moves)
                    .bind(line.moved_at)
                    .bind(label::folding::folded(&summary.name))
                    .bind(&summary.state)
                    .bind(&summary.type_key)
                    .bind(&summary.tier)
                    .execute(&mut *$tx)
                    .await?;
            }
        }
        if changes.applications {
            $crate::store::sql::query("delete from applications where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            $crate::store::sql::query("delete from dossier_measures where case_id = $1")
                .bind(summary.case_id)
                .execute(&mut *$tx)
                .await?;
            for (line, measures) in judgement.applications.iter().zip(&$columns.measures) {
                $crate::store::sql::query($crate::store::judged_rows::SAVE_APPLICATION)
                    .bind(line.dossier)
                    .bind(line.case_id)
                    .bind(&line.demande)
                    .bind(&line.type_key)
                    .bind(&line.organisme)
                    .bind(line.deposited.to_string())
                    .bind(day(line.audited))
                    .bind(line.plan_met)
                    .bind(line.report_met)
                    .bind(&line.outcome)
                    .bind(&line.tier)
                    .bind(day(line.decided))
                    .bind(line.days)
                    .bind(measures)
                    .execute(&mut *$tx)
                    .await?;
                for measure in &line.measures {
                    $crate::store::sql::query($crate::store::judged_rows::SAVE_MEASURE)
                        .bind(&measure.kind)
                        .bind(&measure.word)
                        .bind(line.dossier)
                        .bind(line.case_id)
                        .bind(measure.day.to_string())
                        .bind(measure.number)
                        .execute(&mut *$tx)
                        .await?;
                }
            }
        }
    };
}
pub(super) use save_rows;

/// Each standing with its first day and the first day of the next one.
pub(super) fn spans(standings: &[(Date, Standing)]) -> impl Iterator<Item = (Date, Date, &Standing)> {
    let next = standings.iter().skip(1).map(|(since, _)| *since).chain([Date::MAX]);
    standings.iter().zip(next).map(|((since, standing), until)| (*since, until, standing))
}

pub(super) const SAVE_CASE: &str = "
    insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on,
        folded, siret, type_key, departement, organisme, central, demarche, dossier, audit, sites, standings, changed_on,
        loss, next_look, contact_domain, found, auditor, auditor_folded)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $11,
        $23, $24, $25, $26, $27, $28)
    on conflict (case_id) do update set
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
        auditor_folded = excluded.auditor_folded";

pub(super) const SAVE_STANDING: &str = "
    insert into standings (case_id, since, until, status, tier) values ($1, $2, $3, $4, $5)";

pub(super) const SAVE_DEADLINE: &str = "
    insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name,
        organisme, moves, moved_at, folded, state, type_key, tier)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    on conflict (dossier, code, occurrence) do update set case_id = excluded.case_id, title = excluded.title,
        rule = excluded.rule, section = excluded.section, due = excluded.due, extended = excluded.extended,
        opens = excluded.opens, status = excluded.status, name = excluded.name, organisme = excluded.organisme,
        moves = deadlines.moves + 1, moved_at = excluded.moved_at, folded = excluded.folded, state = excluded.state,
        type_key = excluded.type_key, tier = excluded.tier";

pub(super) const SAVE_APPLICATION: &str = "
    insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met,
        outcome, tier, decided, days, measures)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    on conflict (dossier) do update set case_id = excluded.case_id, demande = excluded.demande,
        type_key = excluded.type_key, organisme = excluded.organisme, deposited = excluded.deposited,
        audited = excluded.audited, plan_met = excluded.plan_met, report_met = excluded.report_met,
        outcome = excluded.outcome, tier = excluded.tier, decided = excluded.decided, days = excluded.days,
        measures = excluded.measures";

pub(super) const SAVE_MEASURE: &str = "
    insert into dossier_measures (kind, word, dossier, case_id, day, number) values ($1, $2, $3, $4, $5, $6)
    on conflict (kind, word, dossier) do update set case_id = excluded.case_id, day = excluded.day,
        number = excluded.number";

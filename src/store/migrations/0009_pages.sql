-- What the pages count and order, so that none reads the whole of a table.

-- The day on which the label is lost if nothing is done; null without one.
alter table cases add column loss text;
update cases set loss = coalesce(withdrawn, suspended_limit, ends) where granted is not null;

-- Each deadline holds what lists are narrowed by, as its case does: following the days, no other table is read.
alter table deadlines add column folded text not null default '';
alter table deadlines add column state text not null default '';
alter table deadlines add column type_key text not null default '';
alter table deadlines add column tier text;
update deadlines set
    folded = (select cases.folded from cases where cases.case_id = deadlines.case_id),
    state = (select cases.state from cases where cases.case_id = deadlines.case_id),
    type_key = (select cases.type_key from cases where cases.case_id = deadlines.case_id),
    tier = (select cases.tier from cases where cases.case_id = deadlines.case_id)
where case_id in (select case_id from cases);

-- These hold every word of a filter: a line that it leaves out costs no look-up.
drop index deadlines_by_status;
create index deadlines_by_status
    on deadlines (status, due, dossier, code, occurrence, organisme, type_key, state, tier, folded);
create index cases_by_loss on cases (loss, case_id, organisme, type_key, state, tier, folded) where loss is not null;
create index cases_narrowed on cases (state, organisme, type_key, tier, folded, case_id);
drop index cases_by_state;
drop index cases_by_type;
drop index cases_by_departement;
drop index cases_by_organisme;
create index cases_organismes on cases (organisme);

create index cases_changed on cases (changed_on, case_id);
create index cases_late on cases (case_id) where late;
drop index cases_by_due;
create index cases_by_due on cases (coalesce(next_due, '9999-12-31'), case_id);
drop index deadlines_by_case;
create index deadlines_by_case on deadlines (case_id, status, due, dossier, code, occurrence);
create index dossiers_gone on dossiers (gone_at) where gone_at is not null;

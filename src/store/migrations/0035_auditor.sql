-- Who audits each service, as its dossier writes it, and without accents and capitals, for a list to be narrowed to one.
alter table cases add column auditor text not null default '';
alter table cases add column auditor_folded text not null default '';
create index cases_by_auditor on cases (auditor_folded, organisme, case_id);
-- Each case is judged once more, which fills them.
update cases set next_look = '';

-- A hash of the rows that a judgement writes; empty: they are compared one by one. And the lines of a day in the order in which
-- a month shows them.
alter table cases add column rows_print text not null default '';
drop index deadlines_by_day;
create index deadlines_by_day on deadlines (due, status, folded, dossier, code, occurrence);

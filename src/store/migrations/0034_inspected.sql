-- By which version of the code a file was inspected: what an older one found is looked at again, some dossiers a pass.
alter table inspections add column version bigint not null default 0;

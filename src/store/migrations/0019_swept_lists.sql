-- The nightly reading compares numbers and positions, and no longer writes in each dossier that it met it. Up to which
-- date of modification it has come, and when the last one began that read whole dossiers.
alter table cursors add column sweep_low bigint not null default 0;
alter table cursors add column swept_whole_at bigint not null default 0;
alter table dossiers drop column swept;

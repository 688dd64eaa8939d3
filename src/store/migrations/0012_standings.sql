-- The label of each case over time: what was true from one day to the next, so that the register and the statistics can
-- be asked for any day.
create table standings (
    case_id bigint not null,
    -- first day
    since text not null,
    -- first day on which it no longer holds; 9999-12-31 for the last one
    until text not null,
    -- active, suspended, withdrawn, expired
    status text not null,
    tier text,
    primary key (case_id, since)
);
create index standings_by_day on standings (until, since);

-- The same, whole, for pages of one case: a JSON list of [first day, standing].
alter table cases add column standings text not null default '[]';
drop index cases_labelled;
alter table cases drop column granted;
alter table cases drop column notified;
alter table cases drop column ends;
alter table cases drop column withdrawn;
alter table cases drop column suspended_since;
alter table cases drop column suspended_limit;
-- Each case is judged again, finished ones too: that fills both.
update dossiers set dirty = true, revision = revision + 1 where case_id is not null;

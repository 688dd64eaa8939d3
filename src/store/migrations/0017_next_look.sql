-- The next day on which the judgement of a living case may be another one, if nothing is read meanwhile: until then it
-- is not judged again. Empty: on the next new day.
alter table cases add column next_look text not null default '';
drop index cases_living;
create index cases_to_look_at on cases (next_look) where living;

-- What was done so far, counted from now on as it is done.
insert into settings (name, value)
select 'done/' || kind, cast(count(*) as text) from outbox where state = 'done' group by kind;

-- What a pass asks although nothing changed costs what is alive, and not what there ever was.
create index cases_living on cases (judged_on) where living;
-- `loss` is the last day on which the label holds, also of one that is withdrawn: each is judged again, finished ones too.
create index cases_held on cases (loss, case_id, organisme, type_key, state, tier, folded) where living and loss is not null;
update dossiers set dirty = true, revision = revision + 1
    where case_id in (select case_id from cases where loss is not null);

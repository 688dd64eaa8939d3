-- What a pass asks although nothing changed costs what is alive, and not what there ever was.
create index cases_living on cases (judged_on) where living;

-- Figures of each dossier beside its dates, as they were judged: steps of its application, delays kept, what it lacked,
-- its surveys. `day` is when it counts; `number` is days, a yes or a no, or a mark's ten, by kind.
create table dossier_measures (
    kind text not null,
    word text not null,
    dossier bigint not null,
    case_id bigint not null,
    day text not null,
    number bigint not null,
    primary key (kind, word, dossier)
);
create index dossier_measures_by_case on dossier_measures (case_id);
create index dossier_measures_by_dossier on dossier_measures (dossier, kind);
alter table applications add column measures text not null default '[]';
-- The year of a body: its windows and the ends of its labels.
create index deadlines_opening on deadlines (opens, due);
create index standings_until on standings (until, status, case_id);
-- Each case is judged once more, which fills them.
update cases set next_look = '';

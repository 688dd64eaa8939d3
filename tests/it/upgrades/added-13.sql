insert into reported_marks (dossier, report, key, value)
values (501, '2026-12-10', 'note_usagers', '{"mark":"85"}');

insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash)
values (1, 1799398800000000, '2027-01-08', 'judgement', 501, null, '{"later":"another shape"}', '0000000000000000000000000000000000000000000000000000000000000000', 'f00d');
update record_head set seq = 1, hash = 'f00d' where id = 1;

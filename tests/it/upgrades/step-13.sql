-- Rows as a store at step 10 held them: one labelled service (501), one dossier under examination (502).

insert into settings (name, value)
values ('since', '2026-09-15');
insert into settings (name, value)
values ('form_view/12345', '{"usable":["nom_structure","decision","palier_decide","type_service","type_demande","audit_debut"],"broken":[],"writable":["auto_etat","auto_journal"]}');
insert into cursors (scope, since, dossiers, pending, deleted, filled, swept_at)
values ('demarche/12345', 1577836800000000, 'c-dossiers', null, null, true, 1803780000000000);
insert into dossiers (number, scope, siret, previous, central, case_id, hash, facts, dirty, seen_at, gone_at, erased, print, place, modified, swept)
values (501, 'demarche/12345', '99900629900013', null, null, 501, 'empreinte-501', '{"number":501,"demarche":12345,"id":"RG9zc2llci0501","state":"accepte","deposited":"2026-09-01","examined":"2026-09-01","decided":"2027-01-05","expires":null,"correction":null,"submitted":null,"attestation":null,"degraded":false,"siret":"99900629900013","legal_name":null,"account":"contact@service.example","group":1,"author":"SW5zdHJ1Y3RldXItMQ==","values":{"nom_structure":{"text":"Guichet de Valdorée"},"organisme":{"text":"Organisme Boréal"},"type_demande":{"choice":"initial"},"type_service":{"choice":"local_independant"},"zone_feries":{"choice":"metropole"},"decision":{"choice":"labellise"},"palier_decide":{"choice":"argent"},"decision_le":{"date":"2027-01-05"},"notification_le":{"date":"2027-01-08"},"note_usagers":{"mark":"159/2"},"usagers_recevables":{"count":212},"audit_debut":{"date":"2026-12-01"},"audit_fin":{"date":"2026-12-02"}},"declared":{},"unreadable":{}}', false, 1803805200000000, null, false, 'texte-501', 'place-501', 1803114000000000, 1803780000000000);
insert into dossiers (number, scope, siret, previous, central, case_id, hash, facts, dirty, seen_at, gone_at, erased, print, place, modified, swept)
values (502, 'demarche/12345', '99900629900021', null, null, 502, 'empreinte-502', '{"number":502,"demarche":12345,"id":"RG9zc2llci0502","state":"en_instruction","deposited":"2027-02-10","examined":"2027-02-10","decided":null,"expires":null,"correction":null,"submitted":null,"attestation":null,"degraded":false,"siret":"99900629900021","legal_name":null,"account":"contact@service.example","group":1,"author":"SW5zdHJ1Y3RldXItMQ==","values":{"nom_structure":{"text":"Accueil des Trois-Rivières"},"type_demande":{"choice":"initial"},"type_service":{"choice":"local_independant"},"zone_feries":{"choice":"metropole"}},"declared":{},"unreadable":{}}', false, 1803805200000000, null, false, 'texte-502', 'place-502', 1803114000000000, 1803780000000000);
insert into decisions (dossier, position, event)
values (501, 1, '{"dossier":501,"decision":"labellise","tier":"argent","decided":"2027-01-05","notified":"2027-01-08","effective":null,"cause":null}');
insert into audit_days (dossier, position, day)
values (501, 0, '2026-11-20');
insert into audit_days (dossier, position, day)
values (501, 1, '2026-12-01');
insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on, folded, siret, type_key, organisme, demarche, dossier, audit, sites, changed_on, loss)
values (501, 'Guichet de Valdorée', 'local indépendant', 'actif', 'argent', true, false, 3, '2027-12-05', 'Enquêtes', '2027-02-28', 'guichet de valdoree', '99900629900013', 'local_independant', 'Organisme Boréal', 12345, 501, '2026-12-01', '[]', '2027-01-08', '2030-01-05');
insert into standings (case_id, since, until, status, tier)
values (501, '2027-01-08', '2030-01-06', 'active', 'argent'), (501, '2030-01-06', '9999-12-31', 'expired', 'argent');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, recipient, answer)
values ('501/N-labellise/2026-09-01/avis/candidat', 'mail', 501, 'candidat', 'R-3.8.1-e', '{"subject":"Votre service est labellisé, palier Argent","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'done', 1799398800000000, 0, 1, null, 1799398800000000, 1799402400000000, 'now', '0123456789abcdef01234567', '250 2.0.0 Ok');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, recipient, answer)
values ('501/N-labellise/2026-09-01/avis/ditp', 'mail', 501, 'ditp', 'R-3.8.1-e', '{"subject":"[SP+ DITP] Guichet de Valdorée — label attribué, palier Argent","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'done', 1799398800000000, 0, 1, null, 1799398800000000, 1799402400000000, 'now', '0123456789abcdef01234567', '250 2.0.0 Ok');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, recipient, answer)
values ('502/N-depot/2027-02-10/avis/organisme', 'mail', 502, 'organisme', 'R-3.8.1-e', '{"subject":"[SP+] Accueil des Trois-Rivières — nouveau dossier","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'pending', 1799398800000000, 0, 0, null, 1799398800000000, null, 'digest', null, null);
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at)
values ('annotation/501', 'annotation', 501, null, null, '', 'done', 1799398800000000, 0, 1, null, 1799398800000000, 1799406000000000);
insert into written (dossier, key, value, times)
values (501, 'auto_etat', 'actif', 1);
insert into journal (id, at, kind, dossier, detail, role, rule, key, answer)
values ('00001799402400000000-00000001-00000fa0', 1799402400000000, 'courriel', 501, 'Au service candidat : Votre service est labellisé, palier Argent', 'candidat', 'R-3.8.1-e', '501/N-labellise/2026-09-01/avis/candidat', '250 2.0.0 Ok');
insert into evidence (dossier, key, checksum, name, bytes, media_type, seen_at, kept)
values (501, 'certificats', 'rL0Y20zC+Fzt72VPzMSk2A==', 'certificats.pdf', 2048, 'application/pdf', 1788339600000000, null);
insert into inspections (checksum, purpose, state, inspection, why, attempts, due_at, at)
values ('rL0Y20zC+Fzt72VPzMSk2A==', 'piece', 'done', '{"media":"pdf","pages":2,"fault":null}', null, 0, 0, 1788339600000000);
insert into asks (number, why, scope, due_at, attempts)
values (502, 'scan', 'demarche/12345', 1803805200000000, 2);
insert into vanished (dossier, key, name, at)
values (501, 'indicateurs', 'indicateurs.ods', 1800435600000000);
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-12', 0, 'Enquêtes', 'R-2.3-a', '2.3', '2027-12-05', '2027-12-06', null, 'upcoming', 'Guichet de Valdorée', 'Organisme Boréal', 1, 1799398800000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met, outcome, tier, decided, days)
values (501, 501, 'initial', 'local_independant', 'Organisme Boréal', '2026-09-01', '2026-12-02', true, null, 'labellise', 'argent', '2027-01-05', 126);
insert into calendars (print, role, created_at, used_at)
values ('5f2c', 'organisme', 1799571600000000, null);
insert into reported_marks (dossier, report, key, value)
values (501, '2026-12-10', 'note_usagers', '{"mark":"85"}');

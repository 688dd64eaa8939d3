-- Rows as a store at step 35 held them: those of step 18, judged by that version.

delete from applications;
insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met, outcome, tier, decided, days, measures)
values (501, 501, 'initial', 'local_independant', 'Organisme Boréal', '2026-09-01', '2026-12-02', null, null, 'labellise', 'argent', '2027-01-05', 126, '[{"kind":"delai","word":"O-11","day":"2027-01-10","number":1},{"kind":"enquete","word":"usagers","day":"2026-09-01","number":70},{"kind":"etape","word":"audit","day":"2026-12-02","number":92}]');
insert into applications (dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met, outcome, tier, decided, days, measures)
values (502, 502, 'initial', 'local_independant', '', '2027-02-10', NULL, null, null, NULL, NULL, NULL, NULL, '[]');
delete from asks;
insert into asks (number, why, scope, due_at, attempts)
values (502, 'scan', 'demarche/12345', 1803805200000000, 2);
delete from audit_days;
insert into audit_days (dossier, position, day)
values (501, 0, '2026-11-20');
insert into audit_days (dossier, position, day)
values (501, 1, '2026-12-01');
delete from calendars;
insert into calendars (print, role, created_at, used_at)
values ('5f2c', 'organisme', 1799571600000000, NULL);
delete from cases;
insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on, folded, siret, type_key, departement, organisme, central, demarche, dossier, audit, sites, changed_on, loss, standings, next_look, contact_domain, found, auditor, auditor_folded)
values (501, 'Guichet de Valdorée', 'service local indépendant', 'actif', 'argent', true, false, 0, '2028-01-05', 'Audit de suivi à préparer', '2027-03-01', 'guichet de valdoree', '99900629900013', 'local_independant', '', 'Organisme Boréal', NULL, 12345, 501, '2026-12-01', '[]', '2027-03-01', '2030-01-05', '[["2027-01-05",{"status":"active","since":"2027-01-05","tier":"argent","decided":"2027-01-05","notified":"2027-01-08","starts":"2027-01-05","ends":"2030-01-05","suspension":null,"withdrawn":null,"renewed_from":null}],["2030-01-06",{"status":"expired","since":"2030-01-06","tier":"argent","decided":"2027-01-05","notified":"2027-01-08","starts":"2027-01-05","ends":"2030-01-05","suspension":null,"withdrawn":null,"renewed_from":null}]]', '2027-03-15', 'service.example', '[]', '', '');
insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on, folded, siret, type_key, departement, organisme, central, demarche, dossier, audit, sites, changed_on, loss, standings, next_look, contact_domain, found, auditor, auditor_folded)
values (502, 'Accueil des Trois-Rivières', 'service local indépendant', 'complet', NULL, true, false, 0, NULL, NULL, '2027-03-01', 'accueil des trois rivieres', '99900629900021', 'local_independant', '', '', NULL, 12345, 502, NULL, '[]', '2027-03-01', NULL, '[]', '2027-03-02', 'service.example', '[]', '', '');
delete from cursors;
insert into cursors (scope, since, dossiers, pending, deleted, filled, recents, recents_began, recents_before, sweep, sweep_began, swept_at, sweep_low, swept_whole_at)
values ('demarche/12345', 1577836800000000, 'c-dossiers', NULL, NULL, true, NULL, 0, 0, NULL, 0, 1803780000000000, 0, 0);
delete from deadlines;
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-04', 0, 'Dossier complet à déposer', 'R-3.5.1-k', '3.5.1', '2026-11-01', '2026-11-01', NULL, 'done', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-07', 0, 'Plan d’audit à transmettre (jours ouvrés : métropole)', 'R-3.7.1-b', '3.7.1', '2026-11-17', '2026-11-17', NULL, 'passed', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-08', 0, 'Rapport d’audit à transmettre (jours ouvrés : métropole)', 'R-3.7.1-f', '3.7.1', '2026-12-23', '2026-12-23', NULL, 'done', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-11', 0, 'Décision, rapport définitif et attestation à notifier (délai indicatif)', 'R-3.8.1-b', '3.8.1', '2027-01-10', '2027-01-10', NULL, 'done', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-12', 0, 'Liste publique à actualiser (délai indicatif) (jours ouvrés : métropole)', 'R-3.8.1-e', '3.8.1', '2027-01-15', '2027-01-15', NULL, 'passed', 'Guichet de Valdorée', 'Organisme Boréal', 2, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-15', 0, 'Audit de suivi à préparer', 'R-3.9.1-a', '3.9.1', '2028-01-05', '2028-01-05', NULL, 'upcoming', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-16', 0, 'Audit de suivi, fenêtre du 08/05/2028 au 08/09/2028', 'R-3.9.1-b', '3.9.1', '2028-09-08', '2028-09-08', '2028-05-08', 'upcoming', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-32', 0, 'Renouvellement à demander', 'R-3.10-a', '3.10', '2029-04-05', '2029-04-05', NULL, 'upcoming', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (501, 501, 'O-33', 0, 'Fin de validité du label', 'R-2.3-a', '2.3', '2030-01-05', '2030-01-05', NULL, 'upcoming', 'Guichet de Valdorée', 'Organisme Boréal', 0, 1803891600000000, 'guichet de valdoree', 'actif', 'local_independant', 'argent');
insert into deadlines (case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name, organisme, moves, moved_at, folded, state, type_key, tier)
values (502, 502, 'O-05', 0, 'Réception du dossier à accuser (délai indicatif) (jours ouvrés : métropole)', 'R-3.5.2-c', '3.5.2', '2027-02-24', '2027-02-24', NULL, 'done', 'Accueil des Trois-Rivières', '', 0, 1803891600000000, 'accueil des trois rivieres', 'complet', 'local_independant', NULL);
delete from decisions;
insert into decisions (dossier, position, event)
values (501, 1, '{"dossier":501,"decision":"labellise","tier":"argent","decided":"2027-01-05","notified":"2027-01-08","effective":null,"cause":null}');
delete from dossier_measures;
insert into dossier_measures (kind, word, dossier, case_id, day, number)
values ('delai', 'O-11', 501, 501, '2027-01-10', 1);
insert into dossier_measures (kind, word, dossier, case_id, day, number)
values ('enquete', 'usagers', 501, 501, '2026-09-01', 70);
insert into dossier_measures (kind, word, dossier, case_id, day, number)
values ('etape', 'audit', 501, 501, '2026-12-02', 92);
delete from dossiers;
insert into dossiers (number, scope, siret, previous, central, case_id, hash, facts, dirty, seen_at, gone_at, erased, print, place, modified, revision, written_at)
values (501, 'demarche/12345', '99900629900013', NULL, NULL, 501, 'empreinte-501', '{"number":501,"demarche":12345,"id":"RG9zc2llci0501","state":"accepte","deposited":"2026-09-01","examined":"2026-09-01","decided":"2027-01-05","expires":null,"correction":null,"submitted":null,"attestation":null,"degraded":false,"siret":"99900629900013","legal_name":null,"account":"contact@service.example","group":1,"author":"SW5zdHJ1Y3RldXItMQ==","values":{"nom_structure":{"text":"Guichet de Valdorée"},"organisme":{"text":"Organisme Boréal"},"type_demande":{"choice":"initial"},"type_service":{"choice":"local_independant"},"zone_feries":{"choice":"metropole"},"decision":{"choice":"labellise"},"palier_decide":{"choice":"argent"},"decision_le":{"date":"2027-01-05"},"notification_le":{"date":"2027-01-08"},"note_usagers":{"mark":"159/2"},"usagers_recevables":{"count":212},"audit_debut":{"date":"2026-12-01"},"audit_fin":{"date":"2026-12-02"}},"declared":{},"unreadable":{}}', false, 1803805200000000, NULL, false, 'texte-501', 'place-501', 1803114000000000, 3, 0);
insert into dossiers (number, scope, siret, previous, central, case_id, hash, facts, dirty, seen_at, gone_at, erased, print, place, modified, revision, written_at)
values (502, 'demarche/12345', '99900629900021', NULL, NULL, 502, 'empreinte-502', '{"number":502,"demarche":12345,"id":"RG9zc2llci0502","state":"en_instruction","deposited":"2027-02-10","examined":"2027-02-10","decided":null,"expires":null,"correction":null,"submitted":null,"attestation":null,"degraded":false,"siret":"99900629900021","legal_name":null,"account":"contact@service.example","group":1,"author":"SW5zdHJ1Y3RldXItMQ==","values":{"nom_structure":{"text":"Accueil des Trois-Rivières"},"type_demande":{"choice":"initial"},"type_service":{"choice":"local_independant"},"zone_feries":{"choice":"metropole"}},"declared":{},"unreadable":{}}', false, 1803805200000000, NULL, false, 'texte-502', 'place-502', 1803114000000000, 1, 0);
delete from evidence;
insert into evidence (dossier, key, checksum, name, bytes, media_type, seen_at, kept)
values (501, 'certificats', 'rL0Y20zC+Fzt72VPzMSk2A==', 'certificats.pdf', 2048, 'application/pdf', 1788339600000000, NULL);
delete from found;
insert into found (dossier, case_id, organisme, changes, found)
values (501, 501, 'Organisme Boréal', 1, '[{"id":"837054ff307a4d2d","rule":"R-3.5.1-a","section":"3.5.1","level":"ok","owner":"organisme","field":null,"doubts_decision":false,"text":"Pièces et informations attendues présentes (1)"},{"id":"faa5116e6c9500ad","rule":"R-3.5.1-k","section":"3.5.1","level":"ok","owner":"organisme","field":null,"doubts_decision":false,"text":"Dossier déposé le 01/09/2026, au plus tard le 01/11/2026"}]');
insert into found (dossier, case_id, organisme, changes, found)
values (502, 502, '', 1, '[{"id":"1b44fcc0cc34a72d","rule":"R-3.5.1-a","section":"3.5.1","level":"ok","owner":"organisme","field":null,"doubts_decision":false,"text":"Pièces et informations attendues présentes (1)"}]');
delete from inspections;
insert into inspections (checksum, purpose, state, inspection, why, attempts, due_at, at, version)
values ('rL0Y20zC+Fzt72VPzMSk2A==', 'piece', 'done', '{"media":"pdf","pages":2,"fault":null}', NULL, 0, 0, 1788339600000000, 0);
delete from journal;
insert into journal (id, at, kind, dossier, detail, role, rule, key, answer, erased)
values ('00001799402400000000-00000001-00000fa0', 1799402400000000, 'courriel', 501, 'Au service candidat : Votre service est labellisé, palier Argent', 'candidat', 'R-3.8.1-e', '501/N-labellise/2026-09-01/avis/candidat', '250 2.0.0 Ok', false);
insert into journal (id, at, kind, dossier, detail, role, rule, key, answer, erased)
values ('00001803891600000000-00000000-000051b3', 1803891600000000, 'jugé', 501, 'Premier jugement : Label actif, palier Argent, aucun point à voir', NULL, NULL, NULL, NULL, false);
insert into journal (id, at, kind, dossier, detail, role, rule, key, answer, erased)
values ('00001803891600000000-00000001-000051b3', 1803891600000000, 'jugé', 502, 'Premier jugement : Complet, aucun point à voir', NULL, NULL, NULL, NULL, false);
delete from leases;
insert into leases (name, holder, fence, until)
values ('observer', '', 0, 0);
insert into leases (name, holder, fence, until)
values ('quota', '', 0, 0);
delete from outbox;
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, bundle, recipient, reached, answer, refusal, refused_at, claimed_by)
values ('501/N-labellise/2026-09-01/avis/candidat', 'mail', 501, 'candidat', 'R-3.8.1-e', '{"subject":"Votre service est labellisé, palier Argent","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'done', 1799398800000000, 0, 1, NULL, 1799398800000000, 1799402400000000, 'now', NULL, '0123456789abcdef01234567', '', '250 2.0.0 Ok', NULL, NULL, '');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, bundle, recipient, reached, answer, refusal, refused_at, claimed_by)
values ('501/N-labellise/2026-09-01/avis/ditp', 'mail', 501, 'ditp', 'R-3.8.1-e', '{"subject":"[SP+ DITP] Guichet de Valdorée — label attribué, palier Argent","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'done', 1799398800000000, 0, 1, NULL, 1799398800000000, 1799402400000000, 'now', NULL, '0123456789abcdef01234567', '', '250 2.0.0 Ok', NULL, NULL, '');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, bundle, recipient, reached, answer, refusal, refused_at, claimed_by)
values ('502/N-depot/2027-02-10/avis/organisme', 'mail', 502, 'organisme', 'R-3.8.1-e', '{"subject":"[SP+] Accueil des Trois-Rivières — nouveau dossier","paragraphs":["Bonjour,"],"points":[],"sections":[],"source":"§ 3.8.1 du guide du label « Services Publics + » (règle R-3.8.1-e)","rule":"R-3.8.1-e","events":[]}', 'pending', 1799398800000000, 0, 0, NULL, 1799398800000000, NULL, 'digest', NULL, NULL, '', NULL, NULL, NULL, '');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, bundle, recipient, reached, answer, refusal, refused_at, claimed_by)
values ('annotation/501', 'annotation', 501, NULL, NULL, '', 'pending', 1803891600000000, 0, 0, NULL, 1799398800000000, 1799406000000000, 'now', NULL, NULL, '', NULL, NULL, NULL, '');
insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, last_error, created_at, done_at, lane, bundle, recipient, reached, answer, refusal, refused_at, claimed_by)
values ('annotation/502', 'annotation', 502, NULL, NULL, '', 'pending', 1803891600000000, 0, 0, NULL, 1803891600000000, NULL, 'now', NULL, NULL, '', NULL, NULL, NULL, '');
delete from record;
insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash)
values (1, 1799398800000000, '2027-01-08', 'judgement', 501, NULL, '{"later":"another shape"}', '0000000000000000000000000000000000000000000000000000000000000000', 'f00d');
insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash)
values (2, 1803891600000000, '2027-03-01', 'rules', NULL, NULL, '{"version":"0.1.0","edition":"Guide du label SP+ (postérieur au 05/12/2025), lecture 2","frame":"2d3ed7a8b6822572d40ce0b93b39a91d1f5dd4e32432721fa596603e42084630","readings":{"F-01":"all-sites","F-02":"by-question","F-03":"scored","F-04":"mailed","F-05":"concerned","F-06":"strict","F-07":"whole-audit","F-08":"tenth","F-09":"calendar","F-10":"around-theory","F-11":"same-day","F-12":"next-day","F-13":"cumulative","F-14":"all-audited","F-15":"all-left","F-16":"action-plan","F-17":"keep","F-18":"rolling","F-19":"18-months","F-21":"effective","F-22":"two-months","F-23":"after-old-end","F-25":"own-date","F-26":"runs","F-28":"since-initial","F-29":"audited-site","F-32":"cycle","F-34":"notification","F-35":"deposit"},"changed":[]}', 'f00d', '9723c233acf9ce92360e45d77f8db684623871d3a5c31e029da325adc8c681e2');
insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash)
values (3, 1803891600000000, '2027-03-01', 'judgement', 501, NULL, '{"dossiers":{"501":"63f0cac10d15b7dc4ce123b797bd5c1cf328952e28857a4431697d685cd87883"},"gone":[],"case":"4f01d6d2d3d0efb1bc3929134b5eb94be27abbcb4ca3a6f6df8fde575a1b8711","frame":"2d3ed7a8b6822572d40ce0b93b39a91d1f5dd4e32432721fa596603e42084630","statement":"a49bd4397213f96d35a3f9dcae2b42558035e9f89f60a030ad1fe8d872c8355f","version":"0.1.0","edition":"Guide du label SP+ (postérieur au 05/12/2025), lecture 2","state":"actif","tier":"argent","causes":[{"cause":"first"}]}', '9723c233acf9ce92360e45d77f8db684623871d3a5c31e029da325adc8c681e2', '4f46f3cc5e56cbc85618ddb7a2a584973f10ac014f0434f231a063058c81e363');
insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash)
values (4, 1803891600000000, '2027-03-01', 'judgement', 502, NULL, '{"dossiers":{"502":"c03998fc7c2b2ab60677c1ecf609d1e6883bdad90f655aa31b0bf2eca3553e5e"},"gone":[],"case":"0279a9d6a3491b293f28702cc5abad25342dcfcc7914da15e1cbc63487f232a3","frame":"2d3ed7a8b6822572d40ce0b93b39a91d1f5dd4e32432721fa596603e42084630","statement":"9341b3af162e0967a92d6bd6546e1d8a2019422b9a3ac80d14b225bb9860cdc6","version":"0.1.0","edition":"Guide du label SP+ (postérieur au 05/12/2025), lecture 2","state":"complet","tier":null,"causes":[{"cause":"first"}]}', '4f46f3cc5e56cbc85618ddb7a2a584973f10ac014f0434f231a063058c81e363', 'c2b6221e99b6562b05e94df0272d47f501c4b08a550213d30351d6665ef5b684');
delete from record_contents;
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('0279a9d6a3491b293f28702cc5abad25342dcfcc7914da15e1cbc63487f232a3', 'case', 502, (bytes'789C358ECD0A83301084DF65CE3988E025AF528AACC99686AE9B90AC5EC4772FD6F4363F1FC31C48117E1A4687C6754F81E1213990CC492317D6486A70E09DD51AFCE3E910F3B6FC75E5D7D648BA2BB959C9CAEB0D1F9886117E382FAEE46A1CE795EAE7AA4E87A4AD70B094B507468B709FDA49537B73BC9BC06A95045E3711773FFC81E71717FF42B9'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('2d3ed7a8b6822572d40ce0b93b39a91d1f5dd4e32432721fa596603e42084630', 'frame', NULL, (bytes'789C55925B8EDB300C45F7C2EF0818E7D14EB5806E22080C46A26B7664C995A8648C41F65ED07252F44FF7C0140F297F811B133B2A60BFE0A779EBC00286600A0B15D829DA8385EB62FE542AC2293678000BC5A54CBEE523589890C3339FC0824BD1518E4FF44D4B24B39396BF8385FB980219AC9E37F80E1684A28C2DFED06B3050F49857D2BDA9604E357A2323A5BC34ACDE0527321E37A2DA913EE51F516757A71A50F8468D1DB7795785CDB43B6D30D0D0B43A7547A7E39B3960DB41A7037C10CD2DA9794E2170FCD580BA77EF664A51C6B6CABD5AD230907B09EC5553EEE9BFCF541407A16C52F08662D3DAAB56BA47E351B662D5CA356E656A50383A321C591843C3EAB18DB73E2B283D685FB7B8B045DD434CC2033B7CBDF2413B7A9A536181C70E8694A7F547E9F687E3490FB5E03510D833C434F545727552B3DE29CB4CBDA709A37FC542F9C64EE3EAD37BBA565DB027C7A5359D3130E55E8927B8ECE09AD30745B0E7CB0EEE99E5D90FABA49E04B57E3DFF4E35470C5A3367BEE98EECF9F278EC803E25633FA6C01E97B2D2BF0D2DE55D'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('4f01d6d2d3d0efb1bc3929134b5eb94be27abbcb4ca3a6f6df8fde575a1b8711', 'case', 501, (bytes'789C5550CB6AC4300CFC97397B4BB2B0B4F857CAB23896D28A7AE56039B904FF7B49EA427B9CD1BCD00E21F8DB303A18974D22C323E518D243947861A5A0150EBCB156837FDF41D94CB8741B711493AC872F4C9C9218C3A19E0A84F2C1A79F380A31C1E33A5C5F2FC378196E70D05C6596FFFCDB5137CF1CAB6C0CAF6B4A0E31ACD641BB3B505EA773CEDDA1F0BC5A481D2DD9EA92959F3F7B77DC86117E6C876EC9A5323D9EA17C1DA7E6206ACB5194B513354C897BD41654ECF318D753768892C450792D06FF17BD6432B4E610596B09E977F7F9CB33AF7D03294C7896'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('63f0cac10d15b7dc4ce123b797bd5c1cf328952e28857a4431697d685cd87883', 'facts', 501, (bytes'789C7592DD8ED33010855F6535D7AE4852B290487BC3CD0212422C123F57D1D49EA6231C3B1ADBD5D2AA0FC473F062C8CEB61401379172FCE5F84CCE1CC1A56943027D5BD50A0C4D287A47D0D7CDFA79AB800DF4F070DF1D7463ADE6AAAD6A50102246821E506B9A2341FE70F6812365BCA99ADB55D5AD0A4A8F38B1FB5B37A4D99CE517ABAA5E556DC167160AD0BB64AD02ED454847F6EEAC84B49938968B160163A49CE78A31340A16F32DDA400A020B45E8A1EBBAAABA6DF2B3AAD7A0C0D288767038D1C54E6B9F5C8641C1283ECDD0D70A30C59D17E8E1E3E7F6605EBFADBFAE1FACF9F226BEFB7077070AF668538E7D04E7A72144493A26A12C447ACC76F789F58EE28DA19B4F688D979F3F084E0ABC8CE8384CD7ECFBB376F32A73683318BFCF34E4829C29ACDE79D6B905761CF98A0924FB7272C558AFD10EEC0CCDE40CBA98E98377346C4978497E81278AE2676F4B3E4C86E36068936286CCD27CE9B26E72971766CBEE5F449389147024098390A63D6EECD38DCBAF6EEAE6A4C0F948C313970F27946FD043DD76CF8A45DE98505ABE9E0B37642D87127546CB24C3B25A7F6028232D339F5D065B88DF61CF3BB824E12DEBB253FFE15EC26931B32879D18E79462784260F97DF4FBF009F0217AC'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('9341b3af162e0967a92d6bd6546e1d8a2019422b9a3ac80d14b225bb9860cdc6', 'statement', 502, (bytes'789C9D914D8E13311085AF52AA552275CF74CC4448DE21962C068DD88D22E4B12BA3226EBBE59F008A46E2101C801D936BD037E124A83A9D306CD9B9CAAF5CEF7D3E60303DA1C637D656620F8E327C4891737BC77B1E9F13656C3053DAB315DD7C021FADF1C0C18DC7818233A188AC98421F77F41535DAD80F9E2E5DD4F8F6D2F1E6813CEA50BD9FAE83E3F09851DF6F1A743167A624D50143ED1F28A15E77AA414743CC5CC8A146D5A9D76DA7DA55F7620105E0904BAAB6700CD8E0962F2F1F30552FA2BBF6D5D5FA6AD59A29D649A971EA8933DA8B338C3B6CB0D097821A6FDFC1EF6FDFE13D8FCF963250010EDB987A23B3194C29145CA50C431A8F9942A10C8BD5721AFAF513A6A7C15578ACEC081617034B7CDA34585802DE6FE41CA87C8E69378320CB59369C4BE33C073A859929CD646C7412EDB6EDD6629BCB29E978B4348849D93E4FC0F8038CB5355382851B8FDEB0FC225B5378BBC4E65F4CAAB5D8A0ABD23923573733F29A51A38B81FEA25237D79DBA16E594FE3F1CC0E253AC2943AC7BA1091AFAF158521CA2A713D2ADE1F292AD3A2355AD15A44F7F00B793F463'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('a49bd4397213f96d35a3f9dcae2b42558035e9f89f60a030ad1fe8d872c8355f', 'statement', 501, (bytes'789CAD574B6EE34610BD4AA1571640C9A4645932770304C922838CE145368611B4D925A5ED6637DD1F6502C3C01C229BD97937D11C6378139F24A8A66891B22DDB4076EA6FBDF7EA55B175CB342F91E5EC97208B3FD18340F89D2B616CBD4696308776250BDAB0F905CA145C81D4A25E57A805D79EB679EEF18F6BFC9BE58C175E2EDA3996B38FFC1215B4B38A462CBF655EA2A5DD7689ED15D63B96B3713A9E0DD36C984E59C23C7EF62C3FDF5CF2216E0673E95107500825B742C214AEB85E49B4406747D06C5E71C52F15C2557037E1E1CB571EC0F11277F64F5290BA50C18DD8C55D44A185D44BC7F2F35BB6B0A6DC4544B402E124462BD26897096AD1F098A49B537749E7AECDEC71F72EFC5C498BE26D975D244C18E724DA06A50EE5251D9AA659C20456C6498FA2C17D3C4C4F8669D649072F0AAC7CBD66095BC80E571B142D9F0D27A3E9281BF298FCC24BA359CEE21C650F57943D66AE1F73C33EFD0A0F5FFE815359FF5BA003F420F5C2D892D35907DC7BD422A083CAD66B87DAA383836C100FFDF806F16A100196410A848347008328DB0EACEBF7C2FAA9510AC8AEC6D56B724D9A1DA62787A44E023C40A58203CFADD8AC65595C7B0DE0F520A6A249D8393BE58AE2145C1541D56BC8A1BEA7A81E6D29355A96B0DF0C71D74683E3D249749003EA255F6249B6CE92EE68DC1B4D7AA3A3DE68DA1B1DF746B3DE684EA39B507FF7089C0CE658C27E7C83F168BC4331CE0CC5808A895814D249A3815715B75ED25DF53DA8872F5F8D5D722D5D89D4390AB45E2E6411534F057591308DFE2F63AF597E4EBEC5E6A2C6721B173F3AB7596379D3249474545D71E2999EC09EAB7DC8A13D1B31C041D33206096C8201C5028BD441B0A925E442498DCF612A8C20F77D1AA647B1367D3463EBA9C29495C2284563AF98E5671C2B02B6E59865DB728CA52F8CC62DA91DFBED8914D7175CFABE4F7BF64C5EE633EBF039555C83882D52C818C45BAE5D89DE5BEC339A8DB2E1E51346D9ACCBA8E2CE35BDACE194CD7A9CF64683832B13AC031356D42D2087B25E7B6B2AA3B06919747BBDDE929EB5A423B4FDA4E71DD267BCAA8CF5EFE0BDD8E13D1E8E272F67723C39CCC65BD6AF857B9D783FD73DDA8BBDB4B3ACEBDDB69613B02DA47ABD905A7AB9A0E64DFD9A2851F5D4F7A00D55345A3810F55A71495FFE58E08B415FA1F9AE3362C166E9CB0A65E9611A7D316BBCFEFF217B46AF79AB57C4B95FAF7147AF8FD279842A5C2A791390E2F2C2074ECDE96D9AE0534DA67BAB65DA53E59DF1DF5F3F3D6170BF30D38E301FA28905820B722509187DDF2B6E779BE0C9E635F128C2FCE95B2A548529A55E761A612BC33C42DD136D4BE5A4A51243EEA772FC2295A7E87BB69EC717D5FC15F4F3CD0BE339F4092C50D7DFA9E84500DA3A6DB6F266D439F894D67EEB4EBAD63D436DC20A956A3EFEF4EDC0926BB19BA02CEDE7E764981EBD293F4704F4A4696F2FC6DAF2C8D28606C5DBCF82DA6ACBE267A949B9155752485FAF49B3E64F4487C47834E971787C2CBFC9639334827C31524B613C9A346FA349247071F71F1E044E25'), 1803891600000000, NULL);
insert into record_contents (hash, kind, subject, packed, at, erased_at)
values ('c03998fc7c2b2ab60677c1ecf609d1e6883bdad90f655aa31b0bf2eca3553e5e', 'facts', 502, (bytes'789C6590DD4A033110855FA5CC750AD9D455BAD00BAFFC012FAC827AB5A4C9B41DC826CB2429B565DFC7F7F0C5245B2D056F0239F9E6CCC93982CFDD0A199A5A2A01163BCD668BD0546A76550B200B0D2CEFE607A39C33246BA940404C3A213480BE251F136793287828F37D8894B04C29A96EA6524D2B090270AF3BF2FF758B866C917D76AE603D31C6BFAB09CC78F2FE55625E7594C6052741A78425CE056371C37A345D6B17514024C6040DCCE77329AF5539A5AA4080C38D76ADD71D9EED8C09D91718046C38E41E9A4A80CE691B181A7879AB0FF6FEB1FA982D9D7D7F484FCF8B0508D869974BEC23F8D0B5A74632631112EE8BDDAD3119C94D2CC6C92B078AD325EDE8FBABFC7610903E7B6C4BFBDE8E53661BC8948AC95322EDCE4C44DE8D2F178C0B46BB96BCC51EBDD53E15FA103CB66B643AE53AC31D260E7D7008C330F6EF3497AE8E8380EC19B5D52B57FC87E107FC4AB479'), 1803891600000000, NULL);
delete from record_head;
insert into record_head (id, seq, hash)
values (1, 4, 'c2b6221e99b6562b05e94df0272d47f501c4b08a550213d30351d6665ef5b684');
delete from reported_marks;
insert into reported_marks (dossier, report, key, value)
values (501, '2026-12-10', 'note_usagers', '{"mark":"85"}');
delete from settings;
insert into settings (name, value)
values ('acts', '38f64d4c959b2f34f80b94d10904d484ac890cf3a20280ebce8b0e506986ddad');
insert into settings (name, value)
values ('done/annotation', '1');
insert into settings (name, value)
values ('done/mail', '2');
insert into settings (name, value)
values ('edition', '1');
insert into settings (name, value)
values ('form_view/12345', '{"usable":["nom_structure","decision","palier_decide","type_service","type_demande","audit_debut"],"broken":[],"writable":["auto_etat","auto_journal"]}');
insert into settings (name, value)
values ('good_news', '2027-03-01');
insert into settings (name, value)
values ('since', '2026-09-15');
delete from standings;
insert into standings (case_id, since, until, status, tier)
values (501, '2027-01-05', '2030-01-06', 'active', 'argent');
insert into standings (case_id, since, until, status, tier)
values (501, '2030-01-06', '9999-12-31', 'expired', 'argent');
delete from vanished;
insert into vanished (dossier, key, name, at)
values (501, 'indicateurs', 'indicateurs.ods', 1800435600000000);
delete from written;
insert into written (dossier, key, value, times, hand)
values (501, 'auto_etat', 'actif', 1, NULL);

-- What a mail server refuses for good is believed on another day only. An address of before was believed at once.
alter table refused_addresses add column last_at bigint not null default 0;
alter table refused_addresses add column tries bigint not null default 1;
alter table refused_addresses add column blame text not null default 'dead';
-- Of a mail that waits: what is refused (« us », « address », « message »), and since when the message is.
alter table outbox add column refusal text;
alter table outbox add column refused_at bigint;

-- When a person had last changed an annotation of the dossier, as it was known when the value was written, in microseconds: a
-- value that is found changed although nobody touched one since was not kept by the platform.
alter table written add column hand bigint;

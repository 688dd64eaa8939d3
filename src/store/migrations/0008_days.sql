-- A month is counted without reading its deadlines one by one.
create index deadlines_by_day on deadlines (due, status);

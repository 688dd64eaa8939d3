-- The deadlines of cases that are over are listed too: each such case is judged once more, which writes them.
update cases set next_look = '' where not living;

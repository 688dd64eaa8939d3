-- The labels of one certification body, by their last day.
create index cases_of_body_by_loss on cases (organisme, loss, case_id) where living and loss is not null;

//! One integration binary: stories over the simulator, both stores, the command line, the pages, the fences.

mod architecture;
mod bench;
mod cli;
mod faults;
mod graphql;
mod journeys;
mod other_form;
mod smtp;
mod store;
mod web;

//! vigie watches over the dossiers of the label « Services Publics + ».
pub mod casebook;
pub mod clock;
pub mod commands;
pub mod config;
pub mod daemon;
pub mod dn;
pub mod guide;
pub mod mail;
pub mod review;
pub mod simulator;
pub mod store;
pub mod web;

//! Trying a rule: the alerts of the last days are ingested again into two throw-away databases,
//! one with the present rules and one with the proposed rule, and the two results are compared.
//! The real database is only read.
//!
//! What people did is left out: a trial has no moves, merges or resolutions by hand.

pub mod compare;
pub mod progress;
mod rebuild;
pub mod report;
pub mod trial;

pub use crate::ingest::rule_trial::trial::{DAYS, run};

//! Trying a rule: the alerts received in the last days are ingested again into two throw-away databases,
//! one with the present rules and one with the proposed rule, and the two results are compared.
//! The real database is only read.
//!
//! A resolved incident takes no new alerts (R4). The trial of a rule that resolves therefore opens an incident anew for
//! each alert after the first. That is no regrouping, and is not reported as one: see [`act`].
//!
//! What people did is left out: a trial has no moves, merges or resolutions by hand.

mod act;
pub mod compare;
pub mod progress;
mod rebuild;
pub mod report;
pub mod trial;

pub use crate::ingest::rule_trial::trial::{DAYS, run};

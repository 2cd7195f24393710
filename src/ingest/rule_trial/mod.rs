//! Trying a rule on the past: the alerts of the last days go once more through ingest, into two
//! throw-away databases, under the rules as they are and with the rule as proposed; then the two
//! outcomes are compared. Nothing that is stored is touched.
//!
//! What people did is left out: nobody moves, merges or resolves anything in a trial.

pub mod compare;
mod rebuild;
pub mod report;
pub mod trial;

pub use crate::ingest::rule_trial::trial::{DAYS, run};

//! rules

pub mod condition;
pub mod describe;
pub mod draft;
pub mod rule;
pub mod rule_set;
pub mod store;
pub mod wording;

//! House rules: where a team knows better than correlation.
//!
//! Ingest asks them; they import neither ingest nor correlation, and place no alert themselves.
//!
//! Reading order: `condition` (which alerts), `rule` (what becomes of them), `decision` (about one
//! alert), `rule_set` (all rules around a batch), `draft` (a form), `store`, `describe`, `wording`.

pub mod condition;
pub mod decision;
pub mod describe;
pub mod draft;
pub mod rule;
pub mod rule_set;
pub mod store;
pub mod wording;

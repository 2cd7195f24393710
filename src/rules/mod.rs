//! House rules: a team's own rules, which override correlation.
//!
//! Ingest applies them; this folder imports neither ingest nor correlation, and places no alert itself.
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

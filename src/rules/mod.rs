//! House rules: a team's own rules, which override correlation.
//!
//! Ingest applies them; this folder imports neither ingest nor correlation, and places no alert itself.
//!
//! Reading order: `condition` (which alerts), `rule` (what becomes of them), `decision` (about one
//! alert), `rule_set` (all rules around a batch), `marks` (what is done to stored alerts), `hidden` (what was ignored),
//! `draft` (a form), `tuned` (a draft for an alert), `store`, `acts` (of a stored rule), `proposals`, `trial_figures`,
//! `describe`, `wording`.

pub mod acts;
pub mod condition;
pub mod decision;
pub mod describe;
pub mod draft;
pub mod hand_over;
pub mod hidden;
pub mod marks;
pub mod proposals;
pub mod rule;
pub mod rule_set;
pub mod store;
pub mod trial_figures;
pub mod tuned;
pub mod wording;

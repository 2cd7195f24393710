//! GET and POST /settings/...: sources, mappings, rules, items that were refused.

mod mappings;
mod refused;
pub mod rules;
mod sources;

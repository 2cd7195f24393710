//! GET and POST /settings/...: sources, mappings, rules, items that were refused, tokens, the
//! first steps.

mod mappings;
mod refused;
pub mod rules;
mod sources;
mod start;
mod tokens;

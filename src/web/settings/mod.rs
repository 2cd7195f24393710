//! /settings: sources, mappings, rejected items, rules, tokens, the audit log and the first steps. Everybody may read them
//! except for rejected items, tokens, the audit log and first steps; only administrators may change anything but rules, on which leads decide
//! as well.

pub mod audit;
mod change_view;
pub mod lookups;
pub mod mappings;
pub mod rejected;
pub mod rules;
mod source_views;
pub mod sources;
pub mod start;
pub mod tokens;
mod trend;

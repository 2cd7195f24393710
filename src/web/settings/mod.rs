//! /settings: sources, mappings, rejected items, rules, look-ups, people, groups, sign-in, tokens, storage, the audit log and
//! the first steps. Everybody may read sources, mappings, rules and look-ups; only administrators may change anything but
//! rules, on which leads decide
//! as well.

pub mod audit;
mod change_view;
pub mod groups;
pub mod lookups;
pub mod mappings;
pub mod people;
pub mod rejected;
pub mod rules;
pub mod sign_in;
mod source_views;
pub mod sources;
pub mod start;
pub mod storage;
pub mod tokens;
mod trend;

//! /settings: sources, mappings, rejected items, rules, tokens, storage and the first steps. Everybody may read them except
//! for rejected items, tokens, storage and first steps; only administrators may change anything but rules, on which leads decide
//! as well.

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

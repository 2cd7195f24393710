//! /settings: sources, mappings, rejected items and rules. Everybody may read them except for rejected
//! items; only administrators may change anything but rules, on which leads decide as well.

mod change_view;
pub mod mappings;
pub mod rejected;
pub mod rules;
pub mod sources;
mod trend;

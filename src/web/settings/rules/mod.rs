//! /settings/rules: the rules by which a team changes how new alerts are correlated, hides, resolves or marks them.

mod changes;
mod form;
pub mod hidden;
pub mod list;
mod outcome;
pub mod page;
mod stored_view;
pub mod trial;
mod tune;
mod way_back;

//! /settings/rules: the rules by which administrators change how new alerts are correlated, or ignore them.

mod changes;
mod form;
pub mod list;
mod outcome;
pub mod page;

//! /settings/rules: the house rules, which hide, group and keep apart alerts as they come in.

mod changes;
mod form;
pub mod list;
mod outcome;
pub mod page;

//! /settings/groups: groups of people. Only for administrators.

pub mod group;
pub mod list;
